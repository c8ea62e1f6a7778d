//! What a field offers while somebody types the name of a repository.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::Admin;
use domain::repository::{self, Among, RepositoryQuery, RepositorySort};
use serde::Deserialize;

use crate::portal::problem::PageError;
use crate::portal::text::Text;
use crate::portal::visit::Visit;

/// At most so many.
const OFFERED: usize = 8;

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed {
    q: String,
}

#[derive(Template)]
#[template(path = "organization/candidates.html")]
struct Candidates {
    text: Text,
    found: Vec<String>,
}

/// `GET /organization/<name>/repositories/candidates?q=`: names within the namespace; users' namespaces are asked in the
/// same way.
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn repositories(visit: Visit, name: Path<String>) -> Result<HttpResponse, PageError> {
    let namespace = visit.namespace::<Admin>(&name).await?;
    let typed: Typed = visit.query();
    let reader = visit.catalog_reader();
    let query = RepositoryQuery {
        sort: RepositorySort::Name,
        descending: false,
        containing: Some(typed.q.trim().to_string()).filter(|part| !part.is_empty()),
        ..RepositoryQuery::of(Among::Namespace { id: namespace.id, administers: true }, OFFERED)
    };
    let found = visit.services.db.read(move |conn| repository::rows(conn, &reader, &query)).await?;
    let path = |name: String| name.split_once('/').map_or_else(|| name.clone(), |(_, path)| path.to_string());
    let found = found.page.rows.into_iter().map(|row| path(row.name)).collect();
    Ok(visit.block(&Candidates { text: visit.text(), found }))
}
