//! Refusals in Quay's words: a problem object whose message stands under every name that some client looks for.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use domain::error::Causes;
use domain::{Error, Thing};
use serde_json::json;

use crate::web::observe::Failure;

/// An error on its way to an API client.
#[derive(Debug)]
pub struct ApiError(pub Error);

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        ApiError(error)
    }
}

impl From<domain::oci::Violation> for ApiError {
    fn from(violation: domain::oci::Violation) -> ApiError {
        ApiError(violation.into())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        parts(&self.0).0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, kind, message) = parts(&self.0);
        let mut response = HttpResponse::build(status);
        if let Error::Busy { retry_after } | Error::Paused { retry_after, .. } = &self.0 {
            response.insert_header((RETRY_AFTER, retry_after.as_secs().max(1).to_string()));
        }
        let mut response = response.json(problem(status, kind, &message));
        if status.is_server_error() {
            response.extensions_mut().insert(Failure(Causes(&self.0).to_string()));
        }
        response
    }
}

/// What answers where there is no operation.
pub async fn no_such_operation(request: HttpRequest) -> HttpResponse {
    let path: String = request.path().chars().filter(|c| !c.is_control()).take(200).collect();
    let message = format!("There is no {} {path} in this API", request.method());
    HttpResponse::NotFound().json(problem(StatusCode::NOT_FOUND, "not_found", &message))
}

fn problem(status: StatusCode, kind: &str, message: &str) -> serde_json::Value {
    json!({
        "status": status.as_u16(),
        "title": kind,
        "error_type": kind,
        "type": format!("/api/v1/error/{kind}"),
        "detail": message,
        "error_message": message,
        "message": message,
    })
}

fn parts(error: &Error) -> (StatusCode, &'static str, String) {
    let (status, kind) = match error {
        // Quay's own clients look for 400 here.
        Error::NotFound(Thing::Robot(_)) => (StatusCode::BAD_REQUEST, "invalid_request"),
        Error::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
        Error::AlreadyExists(_) | Error::Invalid { .. } | Error::Content(_) => {
            (StatusCode::BAD_REQUEST, "invalid_request")
        }
        Error::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, "invalid_token"),
        Error::Forbidden { .. } | Error::TokenTooNarrow(_) => (StatusCode::FORBIDDEN, "insufficient_scope"),
        Error::Refused(_) => (StatusCode::FORBIDDEN, "forbidden"),
        Error::Busy { .. } | Error::Paused { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        Error::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Error::Internal { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
    };
    let message = match error {
        Error::NotFound(Thing::Robot(name)) => format!("Could not find robot with specified username: {name}"),
        Error::AlreadyExists(Thing::Robot(name)) => format!("Existing robot with name: {name}"),
        Error::AlreadyExists(Thing::Repository(_)) => "Repository already exists".to_string(),
        Error::AlreadyExists(Thing::Organization(name)) => {
            format!("A user or organization with the name {name} already exists")
        }
        Error::Unavailable { context, .. } => format!("The registry cannot do this right now ({context}); try again"),
        Error::Internal { .. } => {
            "Something went wrong in the registry; its log has the reason under this answer's X-Request-Id".to_string()
        }
        said => said.to_string(),
    };
    (status, kind, message)
}
