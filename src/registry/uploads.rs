//! Pushing blobs: in one request, in two, in chunks, as a stream, or by mounting.
//!
//! Source: OCI distribution specification, "Pushing Blobs", "Mounting a blob from another repository".

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_RANGE, LOCATION, RANGE, TRANSFER_ENCODING};
use actix_web::{HttpResponse, web};
use domain::access::{Authorized, Write};
use domain::blob::{self, MountOutcome};
use domain::oci::{Algorithm, Digest, RepositoryName, Violation, parse_chunk_range};
use domain::repository::Repository;
use domain::upload::{Append, Appended, Body, UploadId};
use domain::{Error, Result};
use futures_util::StreamExt;

use super::dispatch::Asked;
use super::error;

/// `POST /v2/<name>/blobs/uploads/`
pub async fn begin(
    asked: &Asked,
    repository: Authorized<Repository, Write>,
    body: web::Payload,
) -> Result<HttpResponse> {
    if let Some(mount) = asked.query("mount") {
        let digest: Digest = mount.parse()?;
        if try_to_mount(asked, &repository, &digest).await? == MountOutcome::Mounted {
            return Ok(created(&repository, &digest));
        }
    } else if let Some(digest) = asked.query("digest") {
        let digest: Digest = digest.parse()?;
        let append = append_of(asked, body)?;
        return match asked.services.uploads.receive_whole(&repository, append, &digest).await? {
            Appended::Stored(size) => {
                asked.services.metrics.blob_bytes_received.inc_by(size);
                Ok(created(&repository, &digest))
            }
            Appended::OutOfOrder(_) | Appended::Interrupted(_) => Err(cut_short()),
        };
    }
    let algorithm = match asked.query("digest-algorithm") {
        Some(name) => name.parse()?,
        None => Algorithm::Sha256,
    };
    let id = asked.services.uploads.begin(&repository, algorithm).await?;
    Ok(accepted(asked, &repository, id, 0))
}

/// `GET /v2/<name>/blobs/uploads/<id>`
pub async fn status(asked: &Asked, repository: &Authorized<Repository, Write>, id: &str) -> Result<HttpResponse> {
    let progress = asked.services.uploads.progress(repository, id.parse()?).await?;
    let mut response = accepted(asked, repository, progress.id, progress.received);
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// `PATCH /v2/<name>/blobs/uploads/<id>`
pub async fn append(
    asked: &Asked,
    repository: &Authorized<Repository, Write>,
    id: &str,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id: UploadId = id.parse()?;
    let append = append_of(asked, body)?;
    match asked.services.uploads.append(repository, id, append).await? {
        Appended::Stored(received) => Ok(accepted(asked, repository, id, received)),
        Appended::OutOfOrder(received) => Ok(out_of_order(asked, repository, id, received)),
        Appended::Interrupted(_) => Err(cut_short()),
    }
}

/// `PUT /v2/<name>/blobs/uploads/<id>?digest=…`
pub async fn finish(
    asked: &Asked,
    repository: &Authorized<Repository, Write>,
    id: &str,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id: UploadId = id.parse()?;
    let digest: Digest = match asked.query("digest") {
        Some(digest) => digest.parse()?,
        None => {
            return Err(
                Violation::InvalidDigest { given: String::new(), why: "the digest parameter is missing" }.into()
            );
        }
    };
    let append = append_of(asked, body)?;
    match asked.services.uploads.finish(repository, id, append, &digest).await? {
        Appended::Stored(size) => {
            asked.services.metrics.blob_bytes_received.inc_by(size);
            Ok(created(repository, &digest))
        }
        Appended::OutOfOrder(received) => Ok(out_of_order(asked, repository, id, received)),
        Appended::Interrupted(_) => Err(cut_short()),
    }
}

/// `DELETE /v2/<name>/blobs/uploads/<id>`
pub async fn cancel(asked: &Asked, repository: &Authorized<Repository, Write>, id: &str) -> Result<HttpResponse> {
    asked.services.uploads.cancel(repository, id.parse()?).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn try_to_mount(
    asked: &Asked,
    repository: &Authorized<Repository, Write>,
    digest: &Digest,
) -> Result<MountOutcome> {
    let from: Option<RepositoryName> = match asked.query("from") {
        // A name no repository can have is a repository that does not have the blob.
        Some(name) => match name.parse() {
            Ok(name) => Some(name),
            Err(_) => return Ok(MountOutcome::NotAvailable),
        },
        None => None,
    };
    let services = &asked.services;
    blob::mount(&services.db, &services.access, repository, digest, from.as_ref(), services.clock.now()).await
}

/// What the body and its headers say.
fn append_of(asked: &Asked, body: web::Payload) -> Result<Append> {
    let length = match asked.header(CONTENT_LENGTH) {
        Some(text) => {
            Some(text.parse::<u64>().map_err(|_| Error::invalid("upload", "Content-Length is not a number"))?)
        }
        // Neither a length nor chunks: there is no body.
        None if asked.header(TRANSFER_ENCODING).is_none()
            && asked.request.version() < actix_web::http::Version::HTTP_2 =>
        {
            Some(0)
        }
        None => None,
    };
    let range = asked.header(CONTENT_RANGE).map(parse_chunk_range).transpose()?;
    if let (Some(range), Some(length)) = (&range, length)
        && (range.end() - range.start()).checked_add(1) != Some(length)
    {
        let (first, last) = (range.start(), range.end());
        let said = format!("Content-Range names bytes {first}-{last}, but the body has {length} bytes");
        return Err(Error::invalid("upload", said));
    }
    let length = length.or_else(|| range.as_ref().map(|range| range.end() - range.start() + 1));
    let body: Body = Box::pin(body.map(|chunk| chunk.map_err(|error| error.to_string().into())));
    Ok(Append { body, start: range.map(|range| *range.start()), length })
}

fn created(repository: &Repository, digest: &Digest) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((LOCATION, format!("/v2/{}/blobs/{digest}", repository.name)))
        .insert_header(("Docker-Content-Digest", digest.as_str()))
        .finish()
}

fn accepted(asked: &Asked, repository: &Repository, id: UploadId, received: u64) -> HttpResponse {
    let mut response = HttpResponse::Accepted();
    response
        .insert_header((LOCATION, format!("/v2/{}/blobs/uploads/{id}", repository.name)))
        .insert_header(("Docker-Upload-UUID", id.to_string()))
        .insert_header((RANGE, format!("0-{}", received.saturating_sub(1))));
    if let Some(least) = asked.services.settings.limits.chunk_min_length {
        response.insert_header(("OCI-Chunk-Min-Length", least.bytes().to_string()));
    }
    response.finish()
}

fn out_of_order(asked: &Asked, repository: &Repository, id: UploadId, received: u64) -> HttpResponse {
    let message = format!("the next chunk starts at byte {received}");
    let mut response = error::plain(StatusCode::RANGE_NOT_SATISFIABLE, "BLOB_UPLOAD_INVALID", &message);
    for (name, value) in accepted(asked, repository, id, received).headers() {
        if *name == LOCATION || *name == RANGE || name.as_str() == "docker-upload-uuid" {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    response
}

/// The client will rarely see this: it is gone, or sent less than it announced.
fn cut_short() -> Error {
    Error::invalid("upload", "The body ended early; ask for the upload's status and go on from there")
}
