//! Around every request: its name, its log line, its place in the metrics.

use std::time::{Duration, Instant};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::encoding;
use super::metrics::Door;
use super::origin;
use super::request_id::{RequestId, RequestIds};
use super::services::Services;
use crate::settings::LoggedRequests;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The middleware.
///
/// # Errors
/// Whatever the request's own handling fails with.
pub async fn observe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let (Some(services), Some(ids)) =
        (request.app_data::<web::Data<Services>>().cloned(), request.app_data::<web::Data<RequestIds>>())
    else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let id = ids.next();
    request.extensions_mut().insert(id.clone());
    let watch = Watch::start(&services, door_of(request.path()));
    // Blobs and manifests have their own idle timeout; everything else is small and has no reason to take long.
    let patience = (watch.door != Door::Registry).then_some(services.settings.server.idle_timeout);
    let response = match patience {
        None => next.call(request).await?,
        Some(patience) => match tokio::time::timeout(patience, next.call(request)).await {
            Ok(response) => response?,
            Err(_) => return Err(actix_web::error::ErrorRequestTimeout("the request did not arrive in time")),
        },
    };
    let mut response = match watch.door {
        Door::Portal | Door::Api => encoding::page(response),
        Door::Registry | Door::Token | Door::Operations => response.map_into_left_body(),
    };
    let took = watch.finish(response.status().as_u16());
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    if services.settings.server.timing
        && let Ok(value) = HeaderValue::from_str(&format!("total;dur={:.3}", took.as_secs_f64() * 1000.0))
    {
        response.headers_mut().insert(SERVER_TIMING, value);
    }
    log(&response, &services, &id, took);
    Ok(response)
}

/// The cause of an error answer, left on it by a door that does not know the request's name.
pub struct Failure(pub String);

/// Counts a request, also one whose client goes away before it is answered.
struct Watch<'s> {
    services: &'s Services,
    door: Door,
    started: Instant,
    answered: bool,
}

/// What proxies write down for a client that did not wait.
const CLIENT_CLOSED: u16 = 499;

impl<'s> Watch<'s> {
    fn start(services: &'s Services, door: Door) -> Watch<'s> {
        services.metrics.in_flight.inc();
        Watch { services, door, started: Instant::now(), answered: false }
    }

    fn finish(mut self, status: u16) -> Duration {
        self.answered = true;
        let took = self.started.elapsed();
        self.services.metrics.answered(self.door, status, took);
        took
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.services.metrics.in_flight.dec();
        if !self.answered {
            self.services.metrics.answered(self.door, CLIENT_CLOSED, self.started.elapsed());
        }
    }
}

fn log<B>(response: &ServiceResponse<B>, services: &Services, id: &RequestId, took: Duration) {
    let status = response.status().as_u16();
    let request = response.request();
    if let Some(Failure(why)) = response.response().extensions().get::<Failure>() {
        tracing::error!(request = %id.0, path = %request.path(), error = %why, "failed");
    }
    // A refusal of somebody who came with credentials says more than the challenge that every client starts with.
    let refused = matches!(status, 401 | 403 | 429) && request.headers().contains_key(header::AUTHORIZATION);
    let wanted = match services.settings.log.requests {
        LoggedRequests::None => false,
        LoggedRequests::Changes => !request.method().is_safe() || refused || status >= 500,
        LoggedRequests::All => true,
    };
    if !wanted {
        return;
    }
    // The path and never the query: queries carry set-up and confirmation words.
    tracing::info!(
        request = %id.0,
        method = %request.method(),
        path = %request.path(),
        status,
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        ip = origin::client_ip(request, &services.settings.server.trusted_proxies).map(tracing::field::display),
        user_agent = origin::of(request, services).user_agent.as_deref(),
        "answered"
    );
}

fn door_of(path: &str) -> Door {
    match path {
        "/v2/auth" => Door::Token,
        path if path == "/v2" || path.starts_with("/v2/") || path.starts_with("/v1/") => Door::Registry,
        path if path.starts_with("/api/") => Door::Api,
        path if path.starts_with("/health") || path == "/metrics" => Door::Operations,
        _ => Door::Portal,
    }
}
