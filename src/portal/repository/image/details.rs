//! What a manifest is, where it stands in its repository, how it is pulled.

use actix_web::HttpResponse;
use askama::Template;
use domain::image::{self, Child, Image, PartOf};
use domain::label::LabelSource;
use domain::oci::TagName;
use domain::tag;

use super::pairs::{MOST, Pairs};
use super::subject::{Opened, Subject};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, Reader, short_digest};
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "repository/image/details.html")]
struct DetailsPage {
    frame: Frame,
    subject: Subject,
    media_type: String,
    manifest_size: String,
    created: Option<Moment>,
    pushed: Moment,
    expires: Option<Moment>,
    pulls: String,
    last_pulled: Option<Moment>,
    tags: Vec<Named>,
    more_tags: bool,
    /// The manifest that this one is attached to.
    about: Option<Named>,
    /// The indexes that list it.
    part_of: Vec<Named>,
    children: Vec<ChildRow>,
    more_children: usize,
    labels: Vec<LabelRow>,
    annotations: Pairs,
}

/// Something with a page of its own.
struct Named {
    name: String,
    url: String,
}

/// A manifest that an index lists.
struct ChildRow {
    platform: Option<String>,
    artifact_type: Option<String>,
    is_attestation: bool,
    digest: String,
    url: String,
    /// Nothing if it is not here.
    size: Option<String>,
}

/// A label, and whether somebody added it.
struct LabelRow {
    key: String,
    value: String,
    is_added: bool,
}

/// The tab "Details".
pub(super) async fn show(visit: &Visit, opened: Opened) -> Result<HttpResponse, PageError> {
    let Opened { repository, subject, image } = opened;
    let asked_by = subject.tag.as_deref().and_then(|tag| tag.parse::<TagName>().ok());
    let (id, now) = (image.details.id, visit.services.clock.now());
    let digest = subject.digest.clone();
    let read = visit.services.db.read(move |conn| {
        let pointed = asked_by.map(|tag| tag::pointed(conn, &repository, now, &tag)).transpose()?.flatten();
        let tags = image::tags_at(conn, &repository, id, now)?;
        Ok((pointed.and_then(|pointed| pointed.expires_at), tags, image::part_of(conn, &repository, &digest, now)?))
    });
    let (expires_at, (tags, more_tags), part_of) = read.await?;
    let (reader, details) = (&subject.head.reader, &image.details);
    let named = |tag: &String| Named { url: urls::tag(&subject.head.name, tag), name: tag.clone() };
    let about = details.manifest.subject.as_ref().map(|about| about.digest.to_string());
    let page = DetailsPage {
        frame: visit.frame(Here::Namespace(subject.head.namespace.clone())).await?,
        media_type: details.media_type.to_string(),
        manifest_size: reader.size(details.manifest_size),
        created: image.configured.read().and_then(|read| read.created_at()).map(|at| reader.moment(at)),
        pushed: reader.moment(details.pushed_at),
        expires: expires_at.map(|at| reader.moment(at)),
        pulls: reader.number(details.pulls.unsigned_abs()),
        last_pulled: details.last_pulled_at.map(|at| reader.moment(at)),
        tags: tags.iter().map(named).collect(),
        more_tags,
        about: about.map(|digest| Named { url: subject.manifest_url(&digest), name: digest }),
        part_of: part_of.into_iter().map(|index| Named::index(&subject, index)).collect(),
        children: details.children.iter().take(MOST).map(|child| ChildRow::new(&subject, reader, child)).collect(),
        more_children: details.children.len().saturating_sub(MOST),
        labels: labels(&image),
        annotations: Pairs::of(details.annotations().iter().map(|(key, value)| (key.as_str(), value.as_str()))),
        subject,
    };
    Ok(visit.page(&page))
}

impl Named {
    fn index(subject: &Subject, index: PartOf) -> Named {
        match index.tag {
            Some(tag) => Named { url: urls::tag(&subject.head.name, &tag), name: tag },
            None => Named { url: subject.manifest_url(&index.digest), name: short_digest(&index.digest).to_string() },
        }
    }
}

impl ChildRow {
    fn new(subject: &Subject, reader: &Reader, child: &Child) -> ChildRow {
        let digest = child.digest.to_string();
        ChildRow {
            platform: child.runs_on(),
            artifact_type: child.artifact_type.clone(),
            is_attestation: child.attests().is_some(),
            url: subject.manifest_url(&digest),
            size: child.content_size.map(|size| reader.size(size)),
            digest,
        }
    }
}

/// Labels of the configuration and those that people added. Annotations are kept as labels too; they have their own list.
fn labels(image: &Image) -> Vec<LabelRow> {
    let annotations = image.details.annotations();
    let all = image.details.labels.iter();
    all.filter(|label| label.source != LabelSource::Manifest || annotations.get(&label.key) != Some(&label.value))
        .map(|label| LabelRow {
            key: label.key.clone(),
            value: label.value.clone(),
            is_added: label.source != LabelSource::Manifest,
        })
        .collect()
}
