//! Around requests that create: sent twice under one `Idempotency-Key`, they are done once.
//!
//! Only what succeeded is kept, for a day; a refusal did nothing, so the key is free again. Whoever is nobody has no
//! keys.

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{ResponseError, web};
use domain::idempotency::{Claim, KEPT_FOR};
use domain::principal::{Caller, Principal};

use super::error::ApiError;
use crate::web::authenticate;
use crate::web::once::{self, Turn};
use crate::web::services::Services;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const MAX_KEY: usize = 255;

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
    let refusal = match once::take(&services, &claim).await {
        Ok(Turn::Yours) => None,
        Ok(Turn::Done(mut answer)) => {
            answer.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            return Ok(request.into_response(answer));
        }
        Ok(Turn::InProgress) => Some(in_progress()),
        Ok(Turn::Another) => Some(another_request()),
        Err(error) => Some(ApiError::from(error)),
    };
    if let Some(refusal) = refusal {
        return Ok(request.into_response(refusal.error_response()));
    }
    let answer = next.call(request).await;
    once::settle(answer, |response| response.status().is_success(), &services, claim, &[]).await
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
    let parts = [request.method().as_str(), request.path(), request.query_string()].map(str::as_bytes);
    let digest = once::digest(&[parts[0], parts[1], parts[2], &body]);
    request.set_payload(Payload::from(body));
    Ok(Some(Claim { holder: holder(&caller), key: key.to_string(), request: digest, kept_for: KEPT_FOR }))
}

/// The principal with the kind of credential, and which token: what one token was answered, another is not.
fn holder(caller: &Arc<Caller>) -> String {
    let (credential, token) = caller.credential.kind_and_token();
    format!("{}/{credential}/{}", caller.principal.handle(), token.unwrap_or_default())
}

fn in_progress() -> ApiError {
    let message = "A request with this Idempotency-Key is being answered; ask again when it is done";
    ApiError::new(StatusCode::CONFLICT, "request_in_progress", message)
}

fn another_request() -> ApiError {
    let message = "This Idempotency-Key was used for another request; use a new key for each";
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", message)
}
