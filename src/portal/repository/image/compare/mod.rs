//! Two tags or manifests of a repository side by side.
//!
//! Of two indexes one platform that both have is compared; of an index and an image, the platform of the image.

mod diff;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use domain::access::{Authorized, Read};
use domain::db::blocking;
use domain::image::{self, Comparison, Difference, Image, PlatformPair, Turn};
use domain::oci::{Digest, Reference};
use domain::repository::Repository;
use domain::tag;
use serde::Deserialize;

use self::diff::Section;
use super::pairs::MOST;
use super::subject::{find, open_all};
use crate::portal::faults::Faults;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::repository::head::Head;
use crate::portal::show::{Moment, Reader, short_digest};
use crate::portal::text::Text;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// Tags offered while somebody types.
const OFFERED: i64 = 200;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    from: String,
    to: String,
    platform: String,
}

#[derive(Template)]
#[template(path = "repository/compare.html")]
struct ComparePage {
    frame: Frame,
    head: Head,
    shown: Shown,
    faults: Faults,
    tags: Vec<String>,
    swap: String,
    from: Option<Side>,
    to: Option<Side>,
    /// Nothing as long as one side is missing.
    result: Option<Compared>,
}

/// One of the two.
struct Side {
    digest: String,
    url: String,
    pushed: Moment,
}

/// What became of the left on the way to the right.
struct Compared {
    is_identical: bool,
    /// Platforms that both have, to choose from.
    choices: Vec<String>,
    platform: Option<String>,
    platforms: Vec<PlatformRow>,
    stats: Vec<Stat>,
    sections: Vec<Section>,
}

/// A figure on top.
struct Stat {
    label: String,
    figure: String,
    note: String,
}

/// A platform of two indexes.
struct PlatformRow {
    name: String,
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    from: Option<String>,
    to: Option<String>,
    url: Option<String>,
}

/// Two images that were opened.
type Two = (Image, Image);

/// `GET /repository/<name>/-/compare?from=…&to=…[&platform=…]`
///
/// # Errors
/// Not found for whoever may not read the repository.
pub async fn show(visit: Visit, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let mut shown: Shown = visit.query();
    (shown.from, shown.to) = (shown.from.trim().to_string(), shown.to.trim().to_string());
    let (repository, head) = Head::load(&visit, &name, None).await?;
    let mut faults = Faults::none();
    let turn = image::turn(&repository).await?;
    let (left, right) = sides(&visit, (&repository, &turn), &shown, &mut faults).await?;
    let (asked, now) = (repository.clone(), visit.services.clock.now());
    let tags = visit.services.db.read(move |conn| tag::names(conn, &asked, now, "", OFFERED)).await?;
    let swapped = [("from", shown.to.as_str()), ("to", &shown.from), ("platform", &shown.platform)];
    let status = if faults.any() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let page = ComparePage {
        frame: visit.frame(Here::Namespace(head.namespace.clone())).await?,
        swap: urls::with_query(&urls::compare(&head.name), &swapped),
        from: left.as_ref().map(|image| Side::new(&head, image)),
        to: right.as_ref().map(|image| Side::new(&head, image)),
        result: match (left, right) {
            (Some(left), Some(right)) => Some(compared(&visit, (&repository, &turn), &shown, (left, right)).await?),
            _ => None,
        },
        head,
        shown,
        faults,
        tags,
    };
    Ok(visit.page_with(status, &page))
}

/// The images that the fields name; nothing for an empty field and for one that names none, which is a fault.
async fn sides(
    visit: &Visit,
    (repository, turn): (&Authorized<Repository, Read>, &Turn),
    shown: &Shown,
    faults: &mut Faults,
) -> Result<(Option<Image>, Option<Image>), PageError> {
    let named = [named(visit, repository, &shown.from).await?, named(visit, repository, &shown.to).await?];
    let wanted: Vec<Digest> = named.iter().flatten().cloned().collect();
    let mut opened = open_all(visit, repository, turn, &wanted).await?.into_iter();
    let [from, to] = named.map(|digest| digest.and_then(|_| opened.next().flatten()));
    for (field, given, image) in [("from", &shown.from, &from), ("to", &shown.to, &to)] {
        if !given.is_empty() && image.is_none() {
            faults.add(field, visit.text().with("compare-unknown", "given", given));
        }
    }
    Ok((from, to))
}

async fn named(
    visit: &Visit,
    repository: &Authorized<Repository, Read>,
    given: &str,
) -> Result<Option<Digest>, PageError> {
    match given.parse::<Reference>() {
        Ok(reference) => find(visit, repository, &reference).await,
        Err(_) => Ok(None),
    }
}

async fn compared(
    visit: &Visit,
    (repository, turn): (&Authorized<Repository, Read>, &Turn),
    shown: &Shown,
    (left, right): Two,
) -> Result<Compared, PageError> {
    let pairs = match (left.details.is_index(), right.details.is_index()) {
        (true, true) => image::platform_pairs(&left.details.children, &right.details.children),
        _ => Vec::new(),
    };
    let choices: Vec<String> =
        pairs.iter().filter(|pair| both(pair).is_some()).map(|pair| pair.platform.clone()).collect();
    let chosen = choose(&pairs, &shown.platform);
    let digests = match chosen {
        Some(pair) => both(pair),
        None => across(&left, &right),
    };
    let inner = match digests {
        Some((from, to)) => two(open_all(visit, repository, turn, &[from, to]).await?),
        None => None,
    };
    let is_identical = left.details.digest == right.details.digest;
    let of_image = inner.as_ref().and_then(|(from, _)| from.platforms().pop());
    let (text, reader) = (visit.text(), visit.reader());
    // Images say as much as whoever pushed them liked.
    let (stats, sections) = blocking(move || Ok(differences(text, &reader, &(left, right), inner.as_ref()))).await?;
    Ok(Compared {
        is_identical,
        stats,
        sections,
        platform: chosen.map(|pair| pair.platform.clone()).or(of_image),
        platforms: pairs.iter().take(MOST).map(|pair| PlatformRow::new(repository.name.as_str(), pair)).collect(),
        choices,
    })
}

/// What is not the same: of the images of a platform where the two are indexes.
fn differences(text: Text, reader: &Reader, (left, right): &Two, inner: Option<&Two>) -> (Vec<Stat>, Vec<Section>) {
    let outer = image::compare(left, right);
    let inner = inner.map(|(from, to)| image::compare(from, to));
    let comparison = inner.as_ref().unwrap_or(&outer);
    let mut sections = diff::sections(text, reader, comparison);
    if inner.is_some() {
        // Of an index there are its own annotations besides.
        sections.extend(diff::annotations(text, "compare-index-annotations", &outer));
    }
    (stats(text, reader, comparison), sections)
}

fn two(images: Vec<Option<Image>>) -> Option<Two> {
    let mut images = images.into_iter().flatten();
    Some((images.next()?, images.next()?))
}

/// The manifests of a platform that both sides have and the repository too.
fn both(pair: &PlatformPair) -> Option<(Digest, Digest)> {
    let (from, to) = match &pair.manifest {
        Difference::Same(child) => (child, child),
        Difference::Changed { from, to } => (from, to),
        Difference::Added(_) | Difference::Removed(_) => return None,
    };
    (from.is_here() && to.is_here()).then(|| (from.digest.clone(), to.digest.clone()))
}

/// The platform asked for; otherwise the first that is not the same, or the first.
fn choose<'p>(pairs: &'p [PlatformPair], wanted: &str) -> Option<&'p PlatformPair> {
    let mut there = pairs.iter().filter(|pair| both(pair).is_some());
    let named = there.clone().find(|pair| pair.platform == wanted);
    named.or_else(|| there.clone().find(|pair| pair.manifest.is_any())).or_else(|| there.next())
}

/// Of an index and an image: the manifest of the index for the image's platform, beside the image.
fn across(left: &Image, right: &Image) -> Option<(Digest, Digest)> {
    let within = |index: &Image, single: &Image| {
        let platform = single.platforms().into_iter().next()?;
        let child = index.details.children.iter().find(|child| child.runs_on().as_ref() == Some(&platform))?;
        child.is_here().then(|| child.digest.clone())
    };
    match (left.details.is_index(), right.details.is_index()) {
        (true, false) => Some((within(left, right)?, right.details.digest.clone())),
        (false, true) => Some((left.details.digest.clone(), within(right, left)?)),
        _ => None,
    }
}

fn stats(text: Text, reader: &Reader, comparison: &Comparison) -> Vec<Stat> {
    let delta = comparison.size_delta();
    let sign = match delta {
        0 => "±",
        _ if delta > 0 => "+",
        _ => "−",
    };
    let (from, to) = comparison.total_size;
    let stat = |label: &str, figure: String, note: String| Stat { label: text.say(label), figure, note };
    let mut stats = vec![stat(
        "compare-size",
        format!("{sign}{}", reader.size(delta.unsigned_abs())),
        text.with2("compare-sizes", "from", reader.size(from), "to", reader.size(to)),
    )];
    let layers = &comparison.layers;
    let (common, added, removed) = (layers.common.len(), layers.only_right.len(), layers.only_left.len());
    if common + added + removed > 0 {
        let note = text.with2("compare-layers-note", "added", added, "removed", removed);
        stats.push(stat("compare-layers", text.with("compare-layers-common", "count", common), note));
    }
    if let Some(settings) = &comparison.settings {
        let changed = reader.number(settings.changed_variables() as u64);
        stats.push(stat("compare-environment", changed, text.say("compare-variables-changed")));
    }
    stats
}

impl Compared {
    fn is_chosen(&self, platform: &str) -> bool {
        self.platform.as_deref() == Some(platform)
    }
}

impl Side {
    fn new(head: &Head, image: &Image) -> Side {
        let digest = image.details.digest.to_string();
        Side { url: urls::manifest(&head.name, &digest), pushed: head.reader.moment(image.details.pushed_at), digest }
    }
}

impl PlatformRow {
    fn new(repository: &str, pair: &PlatformPair) -> PlatformRow {
        let (class, sign, word, from, to) = match &pair.manifest {
            Difference::Same(child) => ("", "", "image-unchanged", Some(child), Some(child)),
            Difference::Changed { from, to } => ("mark mark-mod", "~", "image-changed", Some(from), Some(to)),
            Difference::Added(child) => ("mark mark-add", "+", "image-added", None, Some(child)),
            Difference::Removed(child) => ("mark mark-del", "−", "image-removed", Some(child), None),
        };
        let short = |child: &image::Child| short_digest(child.digest.as_str()).to_string();
        let url = both(pair).filter(|_| pair.manifest.is_any()).map(|(from, to)| {
            urls::with_query(&urls::compare(repository), &[("from", from.as_str()), ("to", to.as_str())])
        });
        PlatformRow { name: pair.platform.clone(), class, sign, word, from: from.map(short), to: to.map(short), url }
    }
}
