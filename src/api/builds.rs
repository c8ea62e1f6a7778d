//! Builds, triggers, retired access tokens and scans: what this registry does not do, answered as clients expect it of a
//! registry where there is none.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Inspect, Read, Write};
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

pub fn routes(config: &mut web::ServiceConfig) {
    let at = |path: &str| asked::either(&format!("/repository/{{repository:.+}}/{path}"));
    config
        .service(
            web::resource([at("build/{build}/status"), at("build/{build}/logs")].concat())
                .route(web::get().to(no_such_build)),
        )
        .service(
            web::resource(at("build/{build}"))
                .route(web::get().to(no_build))
                .route(web::delete().to(no_build_to_change)),
        )
        .service(web::resource(at("build")).route(web::get().to(builds)).route(web::post().to(build)))
        .service(web::resource(at("trigger/{trigger}/builds")).route(web::get().to(builds_of_trigger)))
        .service(
            web::resource([at("trigger/{trigger}/activate"), at("trigger/{trigger}/start")].concat())
                .route(web::post().to(no_trigger_to_change)),
        )
        .service(
            web::resource(at("trigger/{trigger}"))
                .route(web::get().to(no_trigger))
                .route(web::put().to(no_trigger_to_change))
                .route(web::delete().to(no_trigger_to_change)),
        )
        .service(web::resource(at("trigger")).route(web::get().to(triggers)))
        .service(
            web::resource(at("tokens/{code}"))
                .route(web::get().to(retired_token))
                .route(web::put().to(retired_token_to_change))
                .route(web::delete().to(retired_token_to_change)),
        )
        .service(web::resource(at("tokens")).route(web::get().to(retired_token)).route(web::post().to(no_new_tokens)))
        .service(web::resource(at("manifest/{digest}/security")).route(web::get().to(security)));
}

/// `GET …/build/`
async fn builds(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Read>(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "builds": [] })))
}

/// `POST …/build/`
async fn build(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Write>(&request, &services).await?;
    let message = "This registry builds no images; build elsewhere and push";
    Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", message))
}

/// `GET …/build/<build>`
async fn no_build(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Read>(&request, &services).await?;
    Err(ApiError::not_found())
}

/// `DELETE …/build/<build>`
async fn no_build_to_change(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Admin>(&request, &services).await?;
    Err(ApiError::not_found())
}

/// `GET …/build/<build>/{status,logs}`
async fn no_such_build(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Read>(&request, &services).await?;
    let wanted = asked::excerpt(&asked::segment(&request, "build"));
    Err(ApiError::invalid(format!("Unable to locate a build by id: {wanted}")))
}

/// `GET …/trigger/`
async fn triggers(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Inspect>(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "triggers": [] })))
}

/// `GET …/trigger/<trigger>`
async fn no_trigger(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Inspect>(&request, &services).await?;
    Err(ApiError::not_found())
}

/// `PUT` and `DELETE …/trigger/<trigger>`, `POST …/trigger/<trigger>/{activate,start}`
async fn no_trigger_to_change(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Admin>(&request, &services).await?;
    Err(ApiError::not_found())
}

/// `GET …/trigger/<trigger>/builds`
async fn builds_of_trigger(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Inspect>(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "builds": [] })))
}

/// `GET …/tokens/`, `GET …/tokens/<code>`
async fn retired_token(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Inspect>(&request, &services).await?;
    Err(retired("Handling of access tokens is no longer supported"))
}

/// `PUT` and `DELETE …/tokens/<code>`
async fn retired_token_to_change(
    request: HttpRequest,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    asked::repository::<Admin>(&request, &services).await?;
    Err(retired("Handling of access tokens is no longer supported"))
}

/// `POST …/tokens/`
async fn no_new_tokens(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Admin>(&request, &services).await?;
    Err(retired("Creation of access tokens is no longer supported"))
}

/// `GET …/manifest/<digest>/security`: nothing is scanned yet.
async fn security(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Read>(&request, &services).await?;
    Err(ApiError::not_found())
}

fn retired(message: &str) -> ApiError {
    ApiError::new(StatusCode::GONE, "invalid_request", message)
}
