//! Pulling and deleting blobs.
//!
//! Source: OCI distribution specification, "Pulling blobs", "Deleting Blobs"; RFC 9110, 14 (ranges).

use actix_web::http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, HttpResponseBuilder};
use domain::access::{Authorized, Read, Write};
use domain::blob::{self, BlobContent, Found};
use domain::oci::{ByteRange, Digest, parse_range};
use domain::repository::Repository;
use domain::{Error, Result};

use super::blob_body::{BlobBody, HeadBody};
use super::dispatch::Asked;
use super::error;

/// `GET` or `HEAD /v2/<name>/blobs/<digest>`
pub async fn get(asked: &Asked, repository: &Authorized<Repository, Read>, digest: &str) -> Result<HttpResponse> {
    let digest: Digest = digest.parse()?;
    let services = &asked.services;
    let found = services.blobs.find(repository, &digest).await?;
    if asked.request.method() == Method::HEAD {
        return Ok(describe(&digest, &mut HttpResponse::Ok()).body(HeadBody(found.size)));
    }
    let lost = || Error::internal("reading a blob", format!("{digest} is in the database but not in the store"));
    let content = services.store.open(&digest).await?.ok_or_else(lost)?;
    if content.size != found.size {
        let (there, known) = (content.size, found.size);
        return Err(Error::internal("reading a blob", format!("{digest} has {there} bytes and should have {known}")));
    }
    Ok(send(asked, &digest, content))
}

/// As [`get`], from memory and open files or not at all.
pub fn get_at_once(asked: &Asked, repository: &Authorized<Repository, Read>, digest: &str) -> Option<HttpResponse> {
    let digest: Digest = digest.parse().ok()?;
    let Found { size, .. } = asked.services.blobs.find_at_once(repository, &digest)?;
    if asked.request.method() == Method::HEAD {
        return Some(describe(&digest, &mut HttpResponse::Ok()).body(HeadBody(size)));
    }
    let content = asked.services.store.open_at_once(&digest).filter(|content| content.size == size)?;
    Some(send(asked, &digest, content))
}

/// `DELETE /v2/<name>/blobs/<digest>`
pub async fn delete(asked: &Asked, repository: Authorized<Repository, Write>, digest: &str) -> Result<HttpResponse> {
    let digest: Digest = digest.parse()?;
    let now = asked.services.clock.now();
    asked.services.db.write(move |tx| blob::remove(tx, &repository, now, &digest)).await?;
    Ok(HttpResponse::Accepted().finish())
}

fn send(asked: &Asked, digest: &Digest, content: BlobContent) -> HttpResponse {
    let size = content.size;
    let range = asked.header(RANGE).map_or(ByteRange::Whole, |header| parse_range(header, size));
    let (first, length) = match range {
        ByteRange::Whole => (0, size),
        ByteRange::Part { first, last } => (first, last - first + 1),
        ByteRange::Unsatisfiable => return unsatisfiable(size),
    };
    let mut response = HttpResponse::Ok();
    if let ByteRange::Part { first, last } = range {
        response
            .status(StatusCode::PARTIAL_CONTENT)
            .insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{size}")));
    }
    asked.services.metrics.blob_bytes_sent.inc_by(length);
    describe(digest, &mut response).body(BlobBody::new(content.file, first, length))
}

/// Under one digest there is only ever one content, so it may be kept for ever; private caches only, since the right to
/// see it is the caller's.
fn describe<'r>(digest: &Digest, response: &'r mut HttpResponseBuilder) -> &'r mut HttpResponseBuilder {
    response
        .insert_header(("Docker-Content-Digest", digest.as_str()))
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CACHE_CONTROL, "private, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{digest}\"")))
}

fn unsatisfiable(size: u64) -> HttpResponse {
    let message = format!("the range lies outside of the blob's {size} bytes");
    let mut response = error::plain(StatusCode::RANGE_NOT_SATISFIABLE, "SIZE_INVALID", &message);
    if let Ok(value) = format!("bytes */{size}").parse() {
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    response
}
