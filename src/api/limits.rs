//! Around every request to the API: no more of them in a minute than the settings say.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{ResponseError, web};
use domain::Error;

use super::error::ApiError;
use crate::web::services::Services;
use crate::web::throttle::{Left, Verdict};

const SIGN_INS: [&str; 2] = ["/api/v1/signin", "/api/v1/signin/verify"];

/// The middleware.
///
/// # Errors
/// Whatever the request's own handling fails with.
pub async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let Some(services) = request.app_data::<web::Data<Services>>().cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let throttle = &services.throttle;
    // As the router reads it: `/api/v1/sign%69n` is the same operation.
    let path = percent_encoding::percent_decode_str(request.path()).decode_utf8_lossy();
    let signs_in = SIGN_INS.contains(&path.trim_end_matches('/'));
    let verdict = match signs_in.then(|| throttle.sign_in(request.request(), &services)) {
        None | Some(Verdict::Unlimited) => throttle.request(request.request(), &services),
        Some(verdict) => verdict,
    };
    match verdict {
        Verdict::Unlimited => Ok(next.call(request).await?.map_into_boxed_body()),
        Verdict::Welcome(left) => {
            let mut response = next.call(request).await?.map_into_boxed_body();
            say(response.headers_mut(), left);
            Ok(response)
        }
        Verdict::TooMany(left, wait) => {
            let refusal = ApiError::from(Error::Busy { retry_after: whole_seconds(wait) });
            let mut response = request.into_response(refusal.error_response());
            say(response.headers_mut(), left);
            Ok(response)
        }
    }
}

/// After the IETF's draft "RateLimit header fields for HTTP".
fn say(headers: &mut HeaderMap, left: Left) {
    let reset = whole_seconds(left.reset).as_secs();
    let values = [
        ("ratelimit-limit", u64::from(left.limit)),
        ("ratelimit-remaining", u64::from(left.remaining)),
        ("ratelimit-reset", reset),
    ];
    for (name, value) in values {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

/// Rounded up: whoever waits less comes too early.
fn whole_seconds(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs() + u64::from(time.subsec_nanos() > 0))
}
