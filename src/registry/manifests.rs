//! Pulling, pushing and deleting manifests.
//!
//! Source: OCI distribution specification, "Pulling manifests", "Pushing Manifests", "Deleting Manifests and Tags".

use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use actix_web::{HttpResponse, web};
use bytes::{Bytes, BytesMut};
use domain::access::{Authorized, Read, Write};
use domain::db::blocking;
use domain::manifest::{self, PushedManifest, SparseIndexes, StoredManifest};
use domain::oci::{MAX_MANIFEST_SIZE, Reference, TagName, Violation};
use domain::repository::Repository;
use domain::{Error, Result};
use futures_util::StreamExt;

use super::blob_body::HeadBody;
use super::dispatch::Asked;

/// How many `tag` parameters one PUT may carry.
const MAX_TAGS: usize = 10;

/// `GET` or `HEAD /v2/<name>/manifests/<reference>`
pub async fn get(asked: &Asked, repository: &Authorized<Repository, Read>, reference: &str) -> Result<HttpResponse> {
    let reference: Reference = reference.parse()?;
    let manifest = asked.services.manifests.find(repository, &reference).await?;
    Ok(send(asked, repository, &reference, &manifest))
}

/// As [`get`], from memory or not at all.
pub fn get_at_once(asked: &Asked, repository: &Authorized<Repository, Read>, reference: &str) -> Option<HttpResponse> {
    let reference: Reference = reference.parse().ok()?;
    let manifest = asked.services.manifests.find_at_once(repository, &reference)?;
    Some(send(asked, repository, &reference, &manifest))
}

fn send(
    asked: &Asked,
    repository: &Authorized<Repository, Read>,
    reference: &Reference,
    manifest: &Arc<StoredManifest>,
) -> HttpResponse {
    let tag = format!("\"{}\"", manifest.digest);
    let known = asked.header(IF_NONE_MATCH).is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header(("Docker-Content-Digest", manifest.digest.as_str()))
        .insert_header((CONTENT_TYPE, manifest.media_type.as_str()))
        .insert_header((ETAG, tag));
    if known {
        return response.finish();
    }
    if asked.request.method() == Method::HEAD {
        return response.body(HeadBody(manifest.bytes.len() as u64));
    }
    asked.services.pulls.note(repository, reference, manifest);
    asked.services.metrics.pulls.inc();
    response.body(manifest.bytes.clone())
}

/// `PUT /v2/<name>/manifests/<reference>`, with any number of `?tag=`
pub async fn put(
    asked: &Asked,
    repository: Authorized<Repository, Write>,
    reference: &str,
    body: web::Payload,
) -> Result<HttpResponse> {
    let reference: Reference = reference.parse()?;
    let tags = more_tags(asked)?;
    let content_type = asked.header(CONTENT_TYPE).map(str::to_string);
    let bytes = read_whole(asked, body).await?;
    let pushed = blocking(move || PushedManifest::read(content_type.as_deref(), bytes, &reference, tags)).await?;
    let services = &asked.services;
    let pushed = manifest::with_labels(&*services.store, &*services.entropy, pushed).await?;
    let sparse =
        if services.settings.registry.allow_sparse_indexes { SparseIndexes::Allowed } else { SparseIndexes::Refused };
    let (now, target) = (services.clock.now(), repository.clone());
    let stored = services.db.write(move |tx| manifest::push(tx, &target, now, &pushed, sparse)).await?;
    services.metrics.pushes.inc();
    let mut response = HttpResponse::Created();
    response
        .insert_header((LOCATION, format!("/v2/{}/manifests/{}", repository.name, stored.digest)))
        .insert_header(("Docker-Content-Digest", stored.digest.as_str()));
    if let Some(subject) = &stored.subject {
        response.insert_header(("OCI-Subject", subject.as_str()));
    }
    if asked.query("tag").is_some() {
        for tag in &stored.tags {
            response.append_header(("OCI-Tag", tag.as_str()));
        }
    }
    Ok(response.finish())
}

/// `DELETE /v2/<name>/manifests/<reference>`
pub async fn delete(asked: &Asked, repository: Authorized<Repository, Write>, reference: &str) -> Result<HttpResponse> {
    let reference: Reference = reference.parse()?;
    let now = asked.services.clock.now();
    asked
        .services
        .db
        .write(move |tx| match &reference {
            Reference::Tag(tag) => manifest::delete_tag(tx, &repository, now, tag),
            Reference::Digest(digest) => manifest::delete_manifest(tx, &repository, now, digest),
        })
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

fn more_tags(asked: &Asked) -> Result<Vec<TagName>> {
    let given = asked.queries("tag");
    if given.len() > MAX_TAGS {
        return Err(Error::invalid(
            "tag",
            format!("At most {MAX_TAGS} tags can be pushed at once; got {}", given.len()),
        ));
    }
    given.iter().map(|tag| Ok(tag.parse()?)).collect()
}

/// The whole body: at most 4 MiB.
async fn read_whole(asked: &Asked, mut body: web::Payload) -> Result<Bytes> {
    let too_large = || Error::Content(Violation::ManifestTooLarge { limit: MAX_MANIFEST_SIZE });
    let announced = asked.header(actix_web::http::header::CONTENT_LENGTH).and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_MANIFEST_SIZE) {
        return Err(too_large());
    }
    let idle = asked.services.settings.server.idle_timeout;
    let broken = |why: String| Error::Content(Violation::ManifestInvalid(format!("the body ended early: {why}")));
    let mut bytes = BytesMut::with_capacity(announced.unwrap_or(4096));
    loop {
        match tokio::time::timeout(idle, body.next()).await {
            Ok(None) => return Ok(bytes.freeze()),
            Ok(Some(Ok(chunk))) if bytes.len() + chunk.len() > MAX_MANIFEST_SIZE => return Err(too_large()),
            Ok(Some(Ok(chunk))) => bytes.extend_from_slice(&chunk),
            Ok(Some(Err(error))) => return Err(broken(error.to_string())),
            Err(_) => return Err(broken("the client was silent for too long".into())),
        }
    }
}
