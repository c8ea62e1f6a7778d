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
    /// Whether there is more of some kind than the page shows.
    is_cut: bool,
    more: Vec<More>,
}

/// A list that has the rest of a kind.
struct More {
    label: &'static str,
    url: String,
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
    let (q, mut found) = find(&visit, ON_THE_PAGE + 1).await?;
    let repositories = cut(&mut found.repositories);
    let organizations = cut(&mut found.organizations);
    let others = [cut(&mut found.users), cut(&mut found.tags), cut(&mut found.manifests)];
    let mut more = Vec::new();
    if repositories {
        more.push(More { label: "search-more-repositories", url: urls::repositories_with(&q) });
    }
    // Only one's own have a list.
    if organizations && visit.user().is_ok() {
        more.push(More { label: "search-more-organizations", url: urls::organizations_with(&q) });
    }
    let is_cut = repositories || organizations || others.contains(&true);
    let frame = visit.frame(Here::Elsewhere).await?;
    Ok(visit.page(&SearchPage { frame, hits: hits(found), is_cut, more, q }))
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
    let (reader, text) = (visit.catalog_reader(), q.clone());
    let found = visit.services.db.read(move |conn| explore::find(conn, &reader, &text, limit)).await?;
    Ok((q, found))
}

/// Takes off what the page does not show; answers whether there was any.
fn cut<T>(found: &mut Vec<T>) -> bool {
    let is_more = found.len() > ON_THE_PAGE;
    found.truncate(ON_THE_PAGE);
    is_more
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
