//! Listing repositories: those the caller may pull, and no others.
//!
//! Source: distribution "HTTP API V2", "Catalog".

use std::sync::Arc;

use actix_web::HttpResponse;
use domain::principal::{Caller, Principal};
use domain::repository::{self, CatalogReader};
use domain::{Error, Result};
use serde_json::json;

use super::dispatch::Asked;
use super::paging::PageRequest;
use crate::web::authenticate::{Presented, presented};

/// `GET /v2/_catalog`
pub async fn list(asked: &Asked, caller: &Arc<Caller>) -> Result<HttpResponse> {
    // A token for one repository must not tell what others there are.
    let nothing = matches!(caller.principal, Principal::Anonymous) && presented(&asked.request)? == Presented::Nothing;
    if nothing || !caller.ceiling.catalog() {
        return Err(Error::Unauthenticated("a token for registry:catalog:* is needed to list repositories".into()));
    }
    let page = PageRequest::read(asked)?;
    let standing = asked.services.access.standing(caller).await?;
    let reader = CatalogReader { principal: caller.principal.clone(), standing };
    let (after, limit) = (page.last.clone(), page.limit());
    let mut names = asked.services.db.read(move |conn| repository::catalog(conn, &reader, &after, limit)).await?;
    let next = page.cut(&mut names, String::clone);
    let mut response = HttpResponse::Ok();
    if let Some(link) = next.and_then(|last| page.link("/v2/_catalog", &last, "")) {
        response.insert_header(link);
    }
    Ok(response.json(json!({ "repositories": names })))
}
