//! Around every request: its name, its log line, its place in the metrics.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};

use super::metrics::Door;
use super::origin;
use super::request_id::{RequestId, RequestIds};
use super::services::Services;
use crate::settings::LoggedRequests;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware.
///
/// # Errors
/// Whatever the request's own handling fails with.
pub async fn observe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let (Some(services), Some(ids)) =
        (request.app_data::<web::Data<Services>>().cloned(), request.app_data::<web::Data<RequestIds>>())
    else {
        return next.call(request).await;
    };
    let id = ids.next();
    request.extensions_mut().insert(id.clone());
    let started = Instant::now();
    services.metrics.in_flight.inc();
    let outcome = next.call(request).await;
    services.metrics.in_flight.dec();
    let mut response = outcome?;
    let took = started.elapsed();
    services.metrics.answered(door_of(response.request().path()), response.status().as_u16(), took);
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    log(&response, &services, &id, took);
    Ok(response)
}

fn log<B>(response: &ServiceResponse<B>, services: &Services, id: &RequestId, took: std::time::Duration) {
    let status = response.status().as_u16();
    let request = response.request();
    let reads = request.method().is_safe();
    let wanted = match services.settings.log.requests {
        LoggedRequests::None => false,
        LoggedRequests::Changes => !reads || status >= 500,
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
