//! What every request to the API passes: bodies that are not JSON are refused, and so is a method that a path does not
//! take, in the words of the API.

use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use super::error::{self, ApiError};

/// The words clients match.
const NOT_JSON: &str = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'.";

pub async fn gate<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if has_body_of_another_type(&request) {
        let refusal = ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid_request", NOT_JSON);
        return Ok(request.into_response(refusal.error_response()).map_into_right_body());
    }
    let response = next.call(request).await?;
    let bare = response.status() == StatusCode::METHOD_NOT_ALLOWED
        && matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
    if !bare {
        return Ok(response.map_into_left_body());
    }
    let (request, bare) = response.into_parts();
    let mut refusal = error::no_such_method(request.clone()).await;
    if let Some(allow) = bare.headers().get(ALLOW) {
        refusal.headers_mut().insert(ALLOW, allow.clone());
    }
    Ok(ServiceResponse::new(request, refusal).map_into_right_body())
}

/// A body of no type at all is taken for JSON: scripts forget to say.
fn has_body_of_another_type(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let has_body = length.is_some_and(|length| length != "0") || headers.contains_key(TRANSFER_ENCODING);
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or("").to_ascii_lowercase());
    has_body && kind.is_some_and(|kind| !kind.split(';').next().is_some_and(|kind| kind.trim().ends_with("json")))
}
