//! Labels of manifests.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Read, Write};
use domain::label::{self, Label, NewLabel};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::manifests::digest;
use crate::web::services::Services;

#[derive(Deserialize)]
struct Given {
    key: String,
    value: String,
    media_type: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    filter: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::in_repository("/manifest/{digest}/labels/{label}"))
                .route(web::get().to(show))
                .route(web::delete().to(delete)),
        )
        .service(
            web::resource(asked::in_repository("/manifest/{digest}/labels"))
                .route(web::get().to(list))
                .route(web::post().to(add)),
        );
}

/// `GET …/manifest/<digest>/labels`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let (digest, given) = (digest(&request)?, asked::query::<Asked>(&request)?);
    let labels = services.db.read(move |conn| label::list(conn, &repository, &digest, given.filter.as_deref())).await?;
    Ok(HttpResponse::Ok().json(json!({ "labels": labels.iter().map(shape).collect::<Vec<_>>() })))
}

/// `POST …/manifest/<digest>/labels`
async fn add(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Write>(&request, &services).await?;
    let digest = digest(&request)?;
    let given: Given = asked::json(&body)?;
    let new = NewLabel::checked(&*services.entropy, &given.key, &given.value, given.media_type.as_deref())?;
    let base = format!("/api/v1/repository/{}/manifest/{digest}/labels", repository.name);
    let now = services.clock.now();
    let added = services.db.write(move |tx| label::add(tx, &repository, now, &digest, &new)).await?;
    let location = (LOCATION, format!("{base}/{}", added.uuid));
    Ok(HttpResponse::Created().insert_header(location).json(json!({ "label": shape(&added) })))
}

/// `GET …/manifest/<digest>/labels/<label>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let (digest, uuid) = (digest(&request)?, asked::segment(&request, "label"));
    let label = services.db.read(move |conn| label::find(conn, &repository, &digest, &uuid)).await?;
    Ok(HttpResponse::Ok().json(shape(&label)))
}

/// `DELETE …/manifest/<digest>/labels/<label>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Write>(&request, &services).await?;
    let (digest, uuid) = (digest(&request)?, asked::segment(&request, "label"));
    let now = services.clock.now();
    services.db.write(move |tx| label::delete(tx, &repository, now, &digest, &uuid)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn shape(label: &Label) -> Value {
    json!({
        "id": label.uuid,
        "key": label.key,
        "value": label.value,
        "source_type": label.source.as_str(),
        "media_type": label.media_type,
    })
}
