//! Listing tags.
//!
//! Source: OCI distribution specification, "Listing Tags".

use actix_web::HttpResponse;
use domain::access::{Authorized, Read};
use domain::repository::Repository;
use domain::{Result, tag};
use serde_json::json;

use super::dispatch::Asked;
use super::paging::PageRequest;

/// `GET /v2/<name>/tags/list`
pub async fn list(asked: &Asked, repository: &Authorized<Repository, Read>) -> Result<HttpResponse> {
    let page = PageRequest::read(asked)?;
    let (asked_of, after, limit) = (repository.clone(), page.last.clone(), page.limit());
    let now = asked.services.clock.now();
    let mut names = asked.services.db.read(move |conn| tag::names(conn, &asked_of, now, &after, limit)).await?;
    let next = page.cut(&mut names, String::clone);
    let mut response = HttpResponse::Ok();
    let path = format!("/v2/{}/tags/list", repository.name);
    if let Some(link) = next.and_then(|last| page.link(&path, &last, "")) {
        response.insert_header(link);
    }
    Ok(response.json(json!({ "name": repository.name.as_str(), "tags": names })))
}
