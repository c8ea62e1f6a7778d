//! One box that finds repositories, organizations, people, tags and digests.

use actix_web::HttpResponse;
use askama::Template;
use domain::explore::{self, Found};
use serde::Deserialize;

use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{markdown, short_digest};
use crate::portal::text::Text;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// Of each kind on the page, and while somebody types.
const ON_THE_PAGE: usize = 25;
const AT_ONCE: usize = 5;
const MAX_TEXT: usize = 200;

/// What is looked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wanted {
    q: String,
}

#[derive(Template)]
#[template(path = "explore/search.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "explore/instant.html")]
struct Instant {
    text: Text,
    q: String,
    hits: Vec<Hit>,
}

/// Something that was found.
struct Hit {
    kind: &'static str,
    icon: &'static str,
    name: String,
    about: String,
    url: String,
}

/// `GET /search?q=…`
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let (q, found) = find(&visit, ON_THE_PAGE).await?;
    let page = SearchPage { frame: visit.frame(Here::Elsewhere).await?, hits: hits(found), q };
    Ok(visit.page(&page))
}

/// `GET /search/instant?q=…`: options of the search box.
///
/// # Errors
/// As the database's.
pub async fn instant(visit: Visit) -> Result<HttpResponse, PageError> {
    let (q, found) = find(&visit, AT_ONCE).await?;
    Ok(visit.block(&Instant { text: visit.text(), hits: hits(found), q }))
}

async fn find(visit: &Visit, limit: usize) -> Result<(String, Found), PageError> {
    let Wanted { q } = visit.query();
    let q: String = q.trim().chars().take(MAX_TEXT).collect();
    if q.is_empty() || q.contains('\0') {
        return Ok((String::new(), Found::default()));
    }
    let (reader, text) = (super::reader(visit), q.clone());
    let found = visit.services.db.read(move |conn| explore::find(conn, &reader, &text, limit)).await?;
    Ok((q, found))
}

fn hits(found: Found) -> Vec<Hit> {
    let repositories = found.repositories.into_iter().map(|one| Hit {
        kind: "search-repository",
        icon: "box",
        url: urls::repository(&one.name),
        about: markdown::summary(&one.description, 120),
        name: one.name,
    });
    let plain = |kind, icon, url: fn(&str) -> String| {
        move |name: String| Hit { kind, icon, url: url(&name), about: String::new(), name }
    };
    let organizations =
        found.organizations.into_iter().map(plain("search-organization", "building-2", urls::organization));
    let users = found.users.into_iter().map(plain("search-user", "user", urls::user));
    let tags = found.tags.into_iter().map(|one| Hit {
        kind: "search-tag",
        icon: "tag",
        url: urls::tag(&one.repository, &one.tag),
        name: format!("{}:{}", one.repository, one.tag),
        about: String::new(),
    });
    let manifests = found.manifests.into_iter().map(|one| Hit {
        kind: "search-manifest",
        icon: "file",
        url: urls::manifest(&one.repository, &one.digest),
        name: format!("{}@{}", one.repository, short_digest(&one.digest)),
        about: one.digest,
    });
    repositories.chain(organizations).chain(users).chain(tags).chain(manifests).collect()
}
