//! What browsers are told that run programs from other sites: with a token of its own such a program may call the API, as
//! applications do that got one by the implicit flow.
//!
//! Only answers to requests that carry credentials of their own may be read elsewhere. Cookies do not count, since browsers
//! take `*` for none; and what everybody inside a network sees is not for every page that somebody in there looks at.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, AUTHORIZATION, HeaderValue,
};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

const HEADERS: &str = "Authorization, Content-Type, Idempotency-Key";
const SHOWN: HeaderValue = HeaderValue::from_static(
    "Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id",
);
/// Six hours, as Quay.
const MAX_AGE: &str = "21600";
const ANYBODY: HeaderValue = HeaderValue::from_static("*");

/// The middleware.
///
/// # Errors
/// Whatever the request's own handling fails with.
pub async fn cors<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let asks_for_methods = *request.method() == Method::OPTIONS;
    let has_credentials = request.headers().contains_key(AUTHORIZATION);
    let mut response = next.call(request).await?;
    if asks_for_methods && let Some(methods) = methods(&response) {
        let answer = HttpResponse::Ok()
            .insert_header((ALLOW, methods.clone()))
            .insert_header((ACCESS_CONTROL_ALLOW_METHODS, methods))
            .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, HEADERS))
            .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY))
            .insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE))
            .finish();
        return Ok(response.into_response(answer).map_into_right_body());
    }
    if has_credentials {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY);
        response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
    }
    Ok(response.map_into_left_body())
}

/// What a path takes, from the refusal of `OPTIONS` that it has no handler for.
fn methods<B>(response: &ServiceResponse<B>) -> Option<String> {
    let refused = response.status() == StatusCode::METHOD_NOT_ALLOWED;
    let taken = response.headers().get(ALLOW).and_then(|allow| allow.to_str().ok()).filter(|taken| !taken.is_empty());
    taken.filter(|_| refused).map(|taken| format!("{taken}, OPTIONS"))
}
