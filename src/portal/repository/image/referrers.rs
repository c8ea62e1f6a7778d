//! Signatures, inventories and statements that are attached to a manifest.

use actix_web::HttpResponse;
use askama::Template;
use domain::ids::ManifestId;
use domain::image::{self, Attached, AttachedKind, Listed};
use serde::Deserialize;

use super::subject::{Opened, Subject, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

const ON_A_PAGE: usize = 50;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    after: Option<i64>,
}

#[derive(Template)]
#[template(path = "repository/image/referrers.html")]
struct ReferrersPage {
    frame: Frame,
    subject: Subject,
    rows: Vec<Row>,
    /// Back to the first page, from a later one.
    first: Option<String>,
    next: Option<String>,
}

/// Something attached.
struct Row {
    icon: &'static str,
    kind: &'static str,
    what: String,
    /// The tag it was found by.
    tag: Option<String>,
    digest: String,
    url: String,
    size: String,
}

/// The tab "Referrers".
pub(super) async fn show(visit: &Visit, opened: Opened) -> Result<HttpResponse, PageError> {
    let Opened { repository, subject, image, .. } = opened;
    let shown: Shown = visit.query();
    let after = ManifestId(shown.after.unwrap_or(0).max(0));
    let (digest, now) = (image.details.digest.clone(), visit.services.clock.now());
    let limit = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut all =
        visit.services.db.read(move |conn| image::attached(conn, &repository, (&digest, now), after, limit)).await?;
    // Those found by a tag come on top of the page and do not count.
    let more = all.iter().filter(|one| one.after.is_some()).count() > ON_A_PAGE;
    if more {
        all.pop();
    }
    let last = all.iter().rev().find_map(|one| one.after).filter(|_| more);
    let tab = subject.tab_url(Tab::Referrers);
    let page = ReferrersPage {
        frame: visit.frame(Here::Namespace(subject.head.namespace.clone())).await?,
        rows: all.into_iter().map(|one| Row::new(&subject, one)).collect(),
        first: (after.0 > 0).then(|| tab.clone()),
        next: last.map(|last| urls::and_query(&tab, &[("after", &last.0.to_string())])),
        subject,
    };
    Ok(visit.page(&page))
}

impl Row {
    fn new(subject: &Subject, one: Attached) -> Row {
        let (icon, kind) = match one.kind {
            AttachedKind::Signature => ("key-round", "image-signature"),
            AttachedKind::Sbom => ("list-checks", "image-sbom"),
            AttachedKind::Attestation => ("scroll-text", "image-attestation"),
            AttachedKind::Other => ("link", "image-other"),
        };
        Row {
            icon,
            kind,
            what: one.artifact_type.unwrap_or(one.media_type),
            tag: match one.listed {
                Listed::Tag(tag) => Some(tag),
                Listed::Subject => None,
            },
            url: subject.manifest_url(&one.digest),
            digest: one.digest,
            size: subject.head.reader.size(one.size.unsigned_abs()),
        }
    }
}
