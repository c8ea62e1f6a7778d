//! Listing referrers.
//!
//! Source: OCI distribution specification, "Listing Referrers".

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, HttpResponseBuilder};
use domain::Result;
use domain::access::{Authorized, Read};
use domain::ids::ManifestId;
use domain::manifest::{self, Referrer};
use domain::oci::{Digest, MediaType};
use domain::repository::Repository;
use serde_json::{Value, json};

use super::dispatch::Asked;
use super::paging::PageRequest;

/// Each entry carries annotations, so pages are shorter than those of names.
const MAX_PAGE: usize = 200;

/// `GET /v2/<name>/referrers/<digest>`: an index, empty if nothing refers to it or it does not exist.
pub async fn list(asked: &Asked, repository: &Authorized<Repository, Read>, digest: &str) -> Result<HttpResponse> {
    let subject: Digest = digest.parse()?;
    let page = PageRequest::read(asked)?.at_most(MAX_PAGE);
    let artifact_type = asked.query("artifactType").filter(|given| !given.is_empty());
    let after = ManifestId(page.last.parse().unwrap_or(0));
    let (asked_of, wanted, limit, of) = (repository.clone(), artifact_type.clone(), page.limit(), subject.clone());
    let now = asked.services.clock.now();
    let mut found = asked
        .services
        .db
        .read(move |conn| manifest::referrers(conn, &asked_of, (&of, now), wanted.as_deref(), after, limit))
        .await?;
    let next = page.cut(&mut found, |referrer| referrer.id.0.to_string());
    let mut response = HttpResponse::Ok();
    let path = format!("/v2/{}/referrers/{subject}", repository.name);
    let filter = artifact_type.as_deref().map(|given| {
        format!("&artifactType={}", percent_encoding::utf8_percent_encode(given, percent_encoding::NON_ALPHANUMERIC))
    });
    if let Some(link) = next.and_then(|last| page.link(&path, &last, filter.as_deref().unwrap_or(""))) {
        response.insert_header(link);
    }
    if filter.is_some() {
        response.insert_header(("OCI-Filters-Applied", "artifactType"));
    }
    Ok(index(&mut response, &found))
}

/// The answer where there is no repository the caller may know of: an index of nothing.
pub fn none(digest: &str) -> Result<HttpResponse> {
    digest.parse::<Digest>()?;
    Ok(index(&mut HttpResponse::Ok(), &[]))
}

fn index(response: &mut HttpResponseBuilder, found: &[Referrer]) -> HttpResponse {
    let index = json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OCI_INDEX.as_str(),
        "manifests": found.iter().map(descriptor).collect::<Vec<_>>(),
    });
    response.insert_header((CONTENT_TYPE, MediaType::OCI_INDEX.as_str())).body(index.to_string())
}

fn descriptor(referrer: &Referrer) -> Value {
    let mut descriptor = json!({
        "mediaType": referrer.media_type,
        "digest": referrer.digest,
        "size": referrer.size,
    });
    if let Some(artifact_type) = &referrer.artifact_type {
        descriptor["artifactType"] = json!(artifact_type);
    }
    if !referrer.annotations.is_empty() {
        descriptor["annotations"] = json!(referrer.annotations);
    }
    descriptor
}
