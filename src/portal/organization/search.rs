//! What a field offers while somebody types: accounts for a team, repositories of an organization.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use domain::access::Admin;
use domain::directory;
use domain::repository::{self, CatalogReader, ListQuery};
use serde::Deserialize;

use crate::portal::problem::PageError;
use crate::portal::text::Text;
use crate::portal::visit::Visit;

/// Of each kind.
const OFFERED: i64 = 8;

/// What was typed.
#[derive(Deserialize, Default)]
pub struct Typed {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "organization/candidates.html")]
struct Candidates {
    text: Text,
    found: Vec<Candidate>,
}

struct Candidate {
    value: String,
    icon: &'static str,
    kind: &'static str,
}

/// `GET /organization/<name>/teams/<team>/candidates?q=`: users, and robot accounts of the organization.
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn members(
    visit: Visit,
    path: Path<(String, String)>,
    typed: Query<Typed>,
) -> Result<HttpResponse, PageError> {
    let organization = visit.namespace::<Admin>(&path.0).await?;
    let typed = typed.into_inner().q.trim().to_lowercase();
    let read = visit.services.db.read(move |conn| {
        let short = typed.strip_prefix(&format!("{}+", organization.name)).unwrap_or(&typed);
        let users = directory::users(conn, &typed, OFFERED)?;
        let robots = directory::robots_of(conn, organization.id, short, OFFERED)?;
        let user = |value: String| Candidate { value, icon: "user", kind: "team-kind-user" };
        let robot = |short: String| Candidate {
            value: format!("{}+{short}", organization.name),
            icon: "bot",
            kind: "team-kind-robot",
        };
        Ok(users.into_iter().map(user).chain(robots.into_iter().map(robot)).collect())
    });
    Ok(visit.block(&Candidates { text: visit.text(), found: read.await? }))
}

/// `GET /organization/<name>/repositories/candidates?q=`
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn repositories(visit: Visit, name: Path<String>, typed: Query<Typed>) -> Result<HttpResponse, PageError> {
    let organization = visit.namespace::<Admin>(&name).await?;
    let reader = CatalogReader { principal: visit.caller().principal.clone(), standing: visit.visitor.standing };
    let query = ListQuery {
        namespace: Some(organization.name.parse().map_err(|_| PageError::NotFound)?),
        containing: Some(typed.into_inner().q.trim().to_string()).filter(|part| !part.is_empty()),
        administers: true,
        limit: OFFERED,
        ..ListQuery::default()
    };
    let (rows, _) = visit.services.db.read(move |conn| repository::list(conn, &reader, &query)).await?;
    let offered = |row: repository::Listed| Candidate {
        value: row.name.path().to_string(),
        icon: "box",
        kind: "team-kind-repository",
    };
    Ok(visit.block(&Candidates { text: visit.text(), found: rows.into_iter().map(offered).collect() }))
}
