//! Keys: the one the registry signs its tokens with, in Quay's shapes and as a key set that others can check them with.
//!
//! It follows from the instance key, so it cannot be made, changed, approved or deleted here.

use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::{Admin, Inspect};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use crate::web::origin;
use crate::web::services::Services;

/// Names of the service under which Quay's clients look for the key.
const SERVICES: [&str; 2] = ["quay", "pierhead"];

#[derive(Deserialize)]
struct NewKey {
    #[expect(dead_code, reason = "only whether it was given matters")]
    service: String,
    expiration: i64,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/superuser/keys")).route(web::get().to(list)).route(web::post().to(create)),
        )
        .service(
            web::resource(asked::either("/superuser/keys/{kid}"))
                .route(web::get().to(show))
                .route(web::put().to(refuse_change))
                .route(web::delete().to(refuse_change)),
        )
        .service(web::resource(asked::either("/superuser/approvedkeys/{kid}")).route(web::post().to(refuse_change)));
}

/// Outside `/api/v1`.
pub fn public_routes(config: &mut web::ServiceConfig) {
    config
        .route("/keys/services/{service}/keys", web::get().to(key_set))
        .route("/keys/services/{service}/keys/{kid}", web::get().to(public_key));
}

/// `GET /api/v1/superuser/keys`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspect(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "keys": [shape(&request, &services)] })))
}

/// `POST /api/v1/superuser/keys`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    administer(&request, &services).await?;
    let given: NewKey = asked::json(&body)?;
    if given.expiration <= services.clock.now().seconds() {
        return Err(ApiError::invalid("Expiration date cannot be in the past"));
    }
    Err(ApiError::invalid("This registry keeps no keys of other services; its own follows from its secret key"))
}

/// `GET /api/v1/superuser/keys/<kid>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspect(&request, &services).await?;
    require_known(&request, &services)?;
    Ok(HttpResponse::Ok().json(shape(&request, &services)))
}

/// `PUT` and `DELETE /api/v1/superuser/keys/<kid>`, `POST /api/v1/superuser/approvedkeys/<kid>`
async fn refuse_change(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    administer(&request, &services).await?;
    require_known(&request, &services)?;
    Err(ApiError::invalid("The key follows from the registry's secret key; change that to change it"))
}

/// `GET /keys/services/<service>/keys`
async fn key_set(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let keys = if is_ours(&request) { vec![jwk(&services)] } else { vec![] };
    HttpResponse::Ok().json(json!({ "keys": keys }))
}

/// `GET /keys/services/<service>/keys/<kid>`
async fn public_key(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    if !is_ours(&request) {
        return Err(ApiError::not_found());
    }
    require_known(&request, &services)?;
    Ok(HttpResponse::Ok().json(jwk(&services)))
}

async fn inspect(request: &HttpRequest, services: &Services) -> Result<(), ApiError> {
    let caller = asked::caller(request, services).await?;
    services.access.registry::<Inspect>(&caller).await?;
    Ok(())
}

async fn administer(request: &HttpRequest, services: &Services) -> Result<(), ApiError> {
    let caller = asked::caller(request, services).await?;
    services.access.registry::<Admin>(&caller).await?;
    asked::require_fresh(&caller, services)
}

fn require_known(request: &HttpRequest, services: &Services) -> Result<(), ApiError> {
    let known = asked::segment(request, "kid") == services.tokens.key_id();
    if known { Ok(()) } else { Err(ApiError::not_found()) }
}

fn is_ours(request: &HttpRequest) -> bool {
    SERVICES.contains(&asked::segment(request, "service").as_str())
}

/// RFC 8037.
fn jwk(services: &Services) -> Value {
    json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": services.tokens.key_id(),
        "x": URL_SAFE_NO_PAD.encode(services.tokens.public_key()),
    })
}

fn shape(request: &HttpRequest, services: &Services) -> Value {
    json!({
        "name": origin::base_url(request, services),
        "kid": services.tokens.key_id(),
        "service": SERVICES[0],
        "jwk": jwk(services),
        "metadata": { "created_by": "instance key" },
        "created_date": null,
        "expiration_date": null,
        "rotation_duration": null,
        "approval": {
            "approval_type": "ServiceKeyApprovalType.AUTOMATIC",
            "approved_date": null,
            "approver": null,
            "notes": "",
        },
    })
}
