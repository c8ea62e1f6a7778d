//! Forms that create, sent twice: a second press of the button while the first is under way, or the page of the browser's
//! history sent once more. What was asked for is done once, and both see what became of it.
//!
//! Such a form has a hidden field that is new each time its page is made. With another content it is another form.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Error;
use domain::idempotency::Claim;
use domain::session::SECRET_PREFIX;

use super::problem::PageError;
use super::visit::Visit;
use crate::web::form::{FormRejection, MAX_BYTES, ONCE_FIELD};
use crate::web::once::{self, Turn};
use crate::web::services::Services;
use crate::web::session;

const MAX_KEY: usize = 64;
/// An answer may show a secret that is shown once.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// What says, besides where it leads, what became of a form: notices are cookies, and htmx has headers of its own.
const KEPT: [HeaderName; 5] = [
    SET_COOKIE,
    HeaderName::from_static("hx-redirect"),
    HeaderName::from_static("hx-push-url"),
    HeaderName::from_static("hx-retarget"),
    HeaderName::from_static("hx-reswap"),
];
/// How often, and how many times, it is looked whether the first one is done.
const LOOKED_EVERY: Duration = Duration::from_millis(100);
const LOOKED: usize = 100;

/// The middleware, around what answers forms and within what explains errors.
///
/// # Errors
/// As what it stands around.
pub async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let services = request.app_data::<web::Data<Services>>().cloned();
    let (true, Some(services)) = (may_have_key(request.request()), services) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let Ok(body) = request.extract::<web::Bytes>().await else {
        return Ok(request.error_response(FormRejection::TooLarge));
    };
    let claim = claim(request.request(), &services, &body);
    request.set_payload(Payload::from(body));
    let Some(claim) = claim else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    match turn(&services, &claim).await {
        Ok(Turn::Yours) => {}
        Ok(Turn::Done(answer)) if may_still_see(request.request(), &services).await => {
            return Ok(request.into_response(answer));
        }
        // Somebody who has signed out since; the same page again, after going back to it and writing something else.
        Ok(Turn::Done(_) | Turn::Another) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Ok(Turn::InProgress) => {
            let busy = Error::Busy { retry_after: Duration::from_secs(5) };
            return Ok(request.error_response(PageError::Domain(busy)));
        }
        Err(error) => return Ok(request.error_response(PageError::Domain(error))),
    }
    let answer = next.call(request).await;
    once::settle(answer, is_done, &services, claim, &KEPT).await
}

/// Whether the browser is whose it was: an answer may show a secret.
async fn may_still_see(request: &HttpRequest, services: &web::Data<Services>) -> bool {
    let had_session = session::secret(request, services).is_some_and(|secret| secret.starts_with(SECRET_PREFIX));
    !had_session || Visit::of(request.clone()).await.is_ok_and(|visit| visit.user().is_ok())
}

/// Whether it is a form that is read before its handler reads it: one of a size that handlers take.
fn may_have_key(request: &HttpRequest) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let length = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    *request.method() == Method::POST
        && header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        && header(CONTENT_ENCODING).is_none()
        && length.is_some_and(|length| length <= MAX_BYTES)
}

/// Keys belong to a browser's cookie, as proofs do.
fn claim(request: &HttpRequest, services: &web::Data<Services>, body: &[u8]) -> Option<Claim> {
    let key = url::form_urlencoded::parse(body).find(|(name, _)| name == ONCE_FIELD)?.1.into_owned();
    if key.is_empty() || key.len() > MAX_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let secret = session::secret(request, services)?;
    let holder = URL_SAFE_NO_PAD.encode(once::digest(&[secret.as_bytes()]));
    let is_part = if request.headers().contains_key("HX-Request") { b"part".as_slice() } else { b"page" };
    let digest = once::digest(&[request.path().as_bytes(), request.query_string().as_bytes(), is_part, body]);
    Some(Claim { holder: format!("browser/{holder}"), key, request: digest, kept_for: KEPT_FOR })
}

/// Waits for whoever is at it.
async fn turn(services: &web::Data<Services>, claim: &Claim) -> domain::Result<Turn> {
    for _ in 0..LOOKED {
        match once::take(services, claim).await? {
            Turn::InProgress => tokio::time::sleep(LOOKED_EVERY).await,
            turn => return Ok(turn),
        }
    }
    Ok(Turn::InProgress)
}

/// Not: refused, or led to the sign-in page.
fn is_done<B>(response: &ServiceResponse<B>) -> bool {
    let status = response.status();
    response.response().error().is_none() && (status.is_success() || status.is_redirection())
}
