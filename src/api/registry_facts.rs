//! What the registry says about itself: what it can do, what its errors mean.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::origin;
use crate::web::services::Services;

/// Types of errors and what they mean.
const ERRORS: [(&str, &str); 12] = [
    ("invalid_request", "The request is wrong: a parameter is missing, unknown or not what it must be"),
    ("invalid_response", "What was asked for could not be answered"),
    ("invalid_token", "The credentials are missing, wrong or no longer good"),
    ("expired_token", "The token has expired; get another one"),
    ("fresh_login_required", "The password was given too long ago; give it again first"),
    ("insufficient_scope", "The credentials are good, but do not allow this"),
    ("exceeds_license", "The plan does not allow this"),
    ("not_found", "There is no such thing, or you may not know of it"),
    ("tag_immutable", "The tag may not be changed"),
    ("external_service_timeout", "A service this one needs did not answer in time"),
    ("downstream_issue", "A service this one needs failed"),
    ("token_rotation_failed", "The token could not be replaced"),
];

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/registry/capabilities")).route(web::get().to(capabilities)))
        .service(web::resource(asked::either("/error/{error_type}")).route(web::get().to(explain)));
}

/// `GET /api/v1/registry/capabilities`: an index may point at manifests that were not pushed, if the settings say so.
async fn capabilities(services: web::Data<Services>) -> HttpResponse {
    let sparse = services.settings.registry.allow_sparse_indexes;
    HttpResponse::Ok().json(json!({
        "sparse_manifests": {
            "supported": sparse,
            "required_architectures": [],
            "optional_architectures_allowed": sparse,
        },
        "mirror_architectures": [],
    }))
}

/// `GET /api/v1/error/<error_type>`
async fn explain(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let wanted = asked::segment(&request, "error_type");
    let (kind, description) = ERRORS.iter().find(|(kind, _)| *kind == wanted).ok_or_else(ApiError::not_found)?;
    Ok(HttpResponse::Ok().json(json!({
        "type": format!("{}/api/v1/error/{kind}", origin::base_url(&request, &services)),
        "title": kind,
        "description": description,
    })))
}
