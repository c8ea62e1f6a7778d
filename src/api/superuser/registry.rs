//! The registry itself: how large it is, how it is set up, what changed in it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::instance::{self, CountedSize};
use serde_json::{Map, Value, json};

use super::super::error::ApiError;
use super::super::{asked, shapes};
use super::{inspector, superuser};
use crate::settings::{Effective, Entry};
use crate::web::services::Services;

const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/superuser/registrysize"))
                .route(web::get().to(size))
                .route(web::post().to(count)),
        )
        .service(web::resource(asked::either("/superuser/registrystatus")).route(web::get().to(status)))
        .service(web::resource(asked::either("/superuser/changelog")).route(web::get().to(changelog)))
        .service(web::resource(asked::either("/superuser/config")).route(web::get().to(config_in_force)))
        .service(web::resource(asked::either("/superuser/mirror/health")).route(web::get().to(mirror_health)))
        .service(
            web::resource(
                ["build", "status", "logs", "logs/archive"].map(|part| format!("/superuser/{{build}}/{part}")).to_vec(),
            )
            .route(web::get().to(build)),
        );
}

/// `GET /api/v1/superuser/registrysize/`: as it was counted last.
async fn size(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    let counted = services.db.read(instance::counted_size).await?;
    Ok(HttpResponse::Ok().json(json!({
        "size_bytes": counted.map_or(0, |size| size.bytes),
        "last_ran": counted.map(|size| size.at.0),
        "queued": false,
        "running": false,
    })))
}

/// `POST /api/v1/superuser/registrysize/`: counts. One statement, so it is done and not queued.
async fn count(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    superuser(&request, &services).await?;
    let at = services.clock.now();
    let bytes = services.db.read(domain::blob::total_size).await?;
    services.db.write(move |tx| instance::keep_size(tx, CountedSize { bytes, at })).await?;
    Ok(HttpResponse::Created().json(""))
}

/// `GET /api/v1/superuser/registrystatus`
async fn status(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "provider_id": "file", "status": "ready" })))
}

/// `GET /api/v1/superuser/changelog/`
async fn changelog(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "log": CHANGELOG })))
}

/// `GET /api/v1/superuser/config`: the settings in force, without secrets, and what each means.
async fn config_in_force(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    let report = services.settings.report.entries();
    let by_key = |value: fn(&Entry) -> Value| -> Map<String, Value> {
        report.iter().map(|entry| (entry.key.to_string(), value(entry))).collect()
    };
    let config = by_key(|entry| match &entry.value {
        Effective::Unset => Value::Null,
        Effective::Text(text) => json!(text),
        Effective::Items(items) => json!(items),
    });
    let schema = by_key(
        |entry| json!({ "description": entry.doc, "default": entry.default, "variable": entry.variable, "x-source": entry.source.to_string() }),
    );
    Ok(HttpResponse::Ok().json(json!({ "config": config, "warning": {}, "env": {}, "schema": schema })))
}

/// `GET /api/v1/superuser/mirror/health`: nothing is mirrored yet.
async fn mirror_health(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({
        "healthy": true,
        "workers": { "active": 0, "configured": 0, "status": "healthy" },
        "repositories": { "total": 0, "syncing": 0, "completed": 0, "failed": 0, "never_run": 0 },
        "tags_pending": 0,
        "last_check": shapes::moment(services.clock.now()),
        "issues": [],
    })))
}

/// `GET /api/v1/superuser/<build>/{build,status,logs}`: nothing is built here.
async fn build(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    let wanted = asked::excerpt(&asked::segment(&request, "build"));
    let message = format!("Unable to locate a build by id: {wanted}");
    Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_response", message))
}
