//! Manifests of a repository.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::Read;
use domain::manifest::{self, Layer};
use domain::oci::{Digest, Reference};
use domain::{Error, Thing, tag};
use serde_json::{Value, json};

use super::error::ApiError;
use super::tags::last;
use super::{asked, shapes};
use crate::web::services::Services;

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::in_repository("/manifest/{digest}/pull_statistics"))
                .route(web::get().to(pull_statistics)),
        )
        .service(web::resource(asked::in_repository("/manifest/{digest}")).route(web::get().to(show)));
}

/// `GET …/manifest/<digest>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let digest = digest(&request)?;
    let stored = services.manifests.find(&repository, &Reference::Digest(digest)).await?;
    let contents = manifest::contents((&*services.store, &services.blobs), &repository, &stored).await?;
    let total = contents.layers.as_ref().map(|layers| layers.iter().map(|layer| layer.size).sum::<u64>());
    let layers = contents.layers.map(|layers| layers.iter().enumerate().map(shape).collect::<Vec<_>>());
    Ok(HttpResponse::Ok().json(json!({
        "digest": stored.digest.as_str(),
        "is_manifest_list": layers.is_none(),
        "manifest_data": String::from_utf8_lossy(&stored.bytes),
        "config_media_type": contents.config_media_type,
        "layers_compressed_size": total,
        "layers": layers,
    })))
}

fn shape((index, layer): (usize, &Layer)) -> Value {
    json!({
        "index": index,
        "compressed_size": layer.size,
        "is_remote": layer.is_remote,
        "urls": null,
        "command": layer.command.as_ref().map(|command| [command]),
        "comment": layer.comment,
        "author": layer.author,
        "blob_digest": layer.digest,
        "created_datetime": layer.created.as_deref().and_then(shapes::date_in_image),
    })
}

/// `GET …/manifest/<digest>/pull_statistics`
async fn pull_statistics(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let digest = digest(&request)?;
    let shown = digest.as_str().to_string();
    let pulls = services.db.read(move |conn| tag::manifest_pulls(conn, &repository, &digest)).await?;
    Ok(HttpResponse::Ok().json(json!({
        "manifest_digest": shown,
        "manifest_pull_count": pulls.times,
        "last_manifest_pull_date": last(pulls),
    })))
}

/// The digest in the path; what is none is not there.
///
/// # Errors
/// `NotFound`.
pub fn digest(request: &HttpRequest) -> Result<Digest, ApiError> {
    let given = asked::segment(request, "digest");
    Ok(given.parse().map_err(|_| Error::NotFound(Thing::Manifest(asked::excerpt(&given))))?)
}
