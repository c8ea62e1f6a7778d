//! Refusals in Quay's words: a problem object whose message stands under every name that some client looks for.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderName, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use domain::error::Causes;
use domain::{Error, Thing};
use serde_json::{Map, Value, json};

use crate::web::observe::Failure;

/// What is off takes no method at all. Source: RFC 9110, 10.2.1.
const NO_METHOD: (HeaderName, &str) = (ALLOW, "");

/// An error on its way to an API client.
#[derive(Debug)]
pub enum ApiError {
    /// What the domain said.
    Domain(Error),
    /// What this door has to say, where Quay's words or status differ from the domain's.
    Said(Box<Said>),
}

/// A refusal of this door's own.
#[derive(Debug)]
pub struct Said {
    status: StatusCode,
    kind: &'static str,
    message: String,
    more: Map<String, Value>,
}

impl ApiError {
    /// A refusal with this status; `kind` is one of Quay's error types.
    pub fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> ApiError {
        ApiError::Said(Box::new(Said { status, kind, message: message.into(), more: Map::new() }))
    }

    /// 400: the request is wrong.
    pub fn invalid(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    /// 404: there is no such thing, or the caller may not know of it.
    pub fn not_found() -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "not_found", "Not Found")
    }

    /// 401: the session is good, but the password was given too long ago.
    pub fn fresh_login_required() -> ApiError {
        let message = "Give your password again first: POST /api/v1/signin/verify";
        ApiError::new(StatusCode::UNAUTHORIZED, "fresh_login_required", message)
    }

    /// With a further field in the answer.
    #[must_use]
    pub fn and(self, name: &str, value: impl Into<Value>) -> ApiError {
        match self {
            ApiError::Said(mut said) => {
                said.more.insert(name.to_string(), value.into());
                ApiError::Said(said)
            }
            domain @ ApiError::Domain(_) => domain,
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        ApiError::Domain(error)
    }
}

impl From<domain::oci::Violation> for ApiError {
    fn from(violation: domain::oci::Violation) -> ApiError {
        ApiError::Domain(violation.into())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApiError::Domain(error) => error.fmt(f),
            ApiError::Said(said) => f.write_str(&said.message),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            ApiError::Domain(error) => parts(error).0,
            ApiError::Said(said) => said.status,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let error = match self {
            ApiError::Domain(error) => error,
            ApiError::Said(said) => {
                let mut body = problem(said.status, said.kind, &said.message);
                body.extend(said.more.clone());
                let mut response = HttpResponse::build(said.status);
                if said.status == StatusCode::METHOD_NOT_ALLOWED {
                    response.insert_header(NO_METHOD);
                }
                return response.json(body);
            }
        };
        let (status, kind, message) = parts(error);
        let mut response = HttpResponse::build(status);
        if let Error::Busy { retry_after } | Error::Paused { retry_after, .. } = error {
            response.insert_header((RETRY_AFTER, retry_after.as_secs().max(1).to_string()));
        }
        let mut body = problem(status, kind, &message);
        if status == StatusCode::UNAUTHORIZED {
            body.insert("session_required".into(), json!(false));
        }
        let mut response = response.json(body);
        if status.is_server_error() {
            response.extensions_mut().insert(Failure(Causes(error).to_string()));
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

/// What answers where there is an operation, but not with this method. The gate says which ones there are, if any.
pub async fn no_such_method(request: HttpRequest) -> HttpResponse {
    let path: String = request.path().chars().filter(|c| !c.is_control()).take(200).collect();
    let message = format!("{path} does not take {}", request.method());
    let body = problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", &message);
    HttpResponse::MethodNotAllowed().insert_header(NO_METHOD).json(body)
}

fn problem(status: StatusCode, kind: &str, message: &str) -> Map<String, Value> {
    let fields = [
        ("status", json!(status.as_u16())),
        ("title", json!(kind)),
        ("error_type", json!(kind)),
        ("type", json!(format!("/api/v1/error/{kind}"))),
        ("detail", json!(message)),
        ("error_message", json!(message)),
        ("message", json!(message)),
        ("error", json!(message)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
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
        Error::Forbidden { .. } | Error::TokenTooNarrow(_) | Error::Refused(_) => {
            (StatusCode::FORBIDDEN, "insufficient_scope")
        }
        Error::Busy { .. } | Error::Paused { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"),
        Error::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        Error::Internal { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
    };
    let message = match error {
        Error::NotFound(Thing::Robot(name)) => format!("Could not find robot with specified username: {name}"),
        Error::AlreadyExists(Thing::Robot(name)) => format!("Existing robot with name: {name}"),
        Error::AlreadyExists(Thing::Repository(_)) => "Repository already exists".to_string(),
        Error::AlreadyExists(Thing::Organization(_) | Thing::User(_)) => {
            "A user or organization with this name already exists".to_string()
        }
        Error::Unavailable { context, .. } => format!("The registry cannot do this right now ({context}); try again"),
        Error::Internal { .. } => {
            "Something went wrong in the registry; its log has the reason under this answer's X-Request-Id".to_string()
        }
        said => said.to_string(),
    };
    (status, kind, message)
}
