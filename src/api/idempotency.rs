//! Around requests that create: sent twice under one `Idempotency-Key`, they are done once.
//!
//! Only what succeeded is kept, for a day; a refusal did nothing, so the key is free again. Whoever is nobody has no
//! keys.

use std::sync::Arc;

use actix_web::body::{BodySize, BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError, web};
use domain::Result;
use domain::idempotency::{self, Claim, Claimed};
use domain::principal::{Caller, Principal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::ApiError;
use crate::web::authenticate;
use crate::web::services::Services;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const MAX_KEY: usize = 255;
/// Answers of operations that create are small; a larger one is sent, but not kept.
const MAX_ANSWER: u64 = 1024 * 1024;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    content_type: Option<String>,
    location: Option<String>,
    body: String,
}

/// The middleware.
///
/// # Errors
/// Whatever the request's own handling fails with.
pub async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let creates = matches!(*request.method(), Method::POST | Method::PUT);
    let services = request.app_data::<web::Data<Services>>().cloned();
    let (true, Some(header), Some(services)) = (creates, request.headers().get(KEY).cloned(), services) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let claim = match claim(&mut request, &header, &services).await {
        Ok(Some(claim)) => claim,
        Ok(None) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Err(refusal) => return Ok(request.into_response(refusal.error_response())),
    };
    match try_claim(&services, &claim).await {
        Ok(Claimed::Yours) => {}
        Ok(Claimed::Done(status, answer)) => return Ok(request.into_response(replayed(status, &answer))),
        Ok(Claimed::InProgress) => return Ok(request.into_response(in_progress().error_response())),
        Ok(Claimed::AnotherRequest) => return Ok(request.into_response(another_request().error_response())),
        Err(error) => return Ok(request.into_response(ApiError::from(error).error_response())),
    }
    match next.call(request).await {
        Ok(response) => Ok(keep(response.map_into_boxed_body(), &services, claim).await),
        Err(error) => {
            release(&services, claim).await;
            Err(error)
        }
    }
}

/// The claim; nothing for callers who are nobody or whom the operation itself will refuse.
async fn claim(
    request: &mut ServiceRequest,
    header: &HeaderValue,
    services: &web::Data<Services>,
) -> Result<Option<Claim>, ApiError> {
    let key = header.to_str().ok().filter(|key| !key.is_empty() && key.len() <= MAX_KEY);
    let key = key.ok_or_else(|| {
        ApiError::invalid(format!("Idempotency-Key takes 1 to {MAX_KEY} visible ASCII characters, such as a UUID"))
    })?;
    let caller = match authenticate::api_caller(request.request(), services).await {
        Ok(caller) if !matches!(caller.principal, Principal::Anonymous) => caller,
        _ => return Ok(None),
    };
    let too_large = |_| ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "The body is too large");
    let body = request.extract::<web::Bytes>().await.map_err(too_large)?;
    let mut digest = Sha256::new();
    for part in [request.method().as_str(), request.path(), request.query_string()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.update(&body);
    request.set_payload(Payload::from(body));
    Ok(Some(Claim { holder: holder(&caller), key: key.to_string(), request: digest.finalize().to_vec() }))
}

/// The principal with the kind of credential, and which token: what one token was answered, another is not.
fn holder(caller: &Arc<Caller>) -> String {
    let (credential, token) = caller.credential.kind_and_token();
    format!("{}/{credential}/{}", caller.principal.handle(), token.unwrap_or_default())
}

async fn try_claim(services: &web::Data<Services>, claim: &Claim) -> Result<Claimed> {
    let (claim, vault, now) = (claim.clone(), services.vault.clone(), services.clock.now());
    services.db.write(move |tx| idempotency::claim(tx, &vault, now, &claim)).await
}

async fn release(services: &web::Data<Services>, claim: Claim) {
    if let Err(error) = services.db.write(move |tx| idempotency::release(tx, &claim)).await {
        tracing::warn!(%error, "could not free an Idempotency-Key; it frees itself after some minutes");
    }
}

/// The same response, its body kept if it says that something was done.
async fn keep(
    response: ServiceResponse<BoxBody>,
    services: &web::Data<Services>,
    claim: Claim,
) -> ServiceResponse<BoxBody> {
    let small = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0..=MAX_ANSWER));
    if !response.status().is_success() || !small {
        release(services, claim).await;
        return response;
    }
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = to_bytes(body).await.unwrap_or_default();
    let text =
        |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
    let kept = Kept {
        content_type: text(CONTENT_TYPE),
        location: text(LOCATION),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let (answer, status, vault) =
        (serde_json::to_string(&kept).unwrap_or_default(), response.status().as_u16(), services.vault.clone());
    let written = services.db.write(move |tx| idempotency::keep(tx, &vault, &claim, status, &answer)).await;
    if let Err(error) = written {
        tracing::warn!(%error, "could not keep an answer under its Idempotency-Key");
    }
    ServiceResponse::new(request, response.set_body(body).map_into_boxed_body())
}

fn replayed(status: u16, answer: &str) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kept = serde_json::from_str::<Kept>(answer);
    let mut response = HttpResponse::build(status);
    response.insert_header((REPLAYED, "true"));
    let Ok(kept) = kept else { return response.finish() };
    for (name, value) in [(CONTENT_TYPE, kept.content_type), (LOCATION, kept.location)] {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    response.body(kept.body)
}

fn in_progress() -> ApiError {
    let message = "A request with this Idempotency-Key is being answered; ask again when it is done";
    ApiError::new(StatusCode::CONFLICT, "request_in_progress", message)
}

fn another_request() -> ApiError {
    let message = "This Idempotency-Key was used for another request; use a new key for each";
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message)
}
