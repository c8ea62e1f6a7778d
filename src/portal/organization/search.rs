//! What a field offers while somebody types the name of a repository.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use askama::Template;
use domain::access::Admin;
use domain::repository::{self, CatalogReader, ListQuery};
use serde::Deserialize;

use crate::portal::problem::PageError;
use crate::portal::text::Text;
use crate::portal::visit::Visit;

/// At most so many.
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
    found: Vec<String>,
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
    let found = rows.into_iter().map(|row| row.name.path().to_string()).collect();
    Ok(visit.block(&Candidates { text: visit.text(), found }))
}
