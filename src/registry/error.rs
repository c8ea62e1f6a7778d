//! Refusals in the specification's words.
//!
//! Source: OCI distribution specification, "Error Codes"; distribution "Token Authentication Specification".

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use domain::error::{Causes, NeededScopes};
use domain::oci::Violation;
use domain::{Error, Thing};
use serde_json::{Value, json};

use crate::web::origin;
use crate::web::request_id::RequestId;
use crate::web::services::Services;

/// What a client would need a token for, to be named in the challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// Being somebody is enough.
    Identity,
    /// The list of repositories.
    Catalog,
    /// These actions on these repositories.
    Repositories(NeededScopes),
}

/// Status, code and message of an error. The only place where the domain's refusals become the specification's.
fn rendered(error: &Error) -> (StatusCode, &'static str, String) {
    let (status, code) = match error {
        Error::NotFound(thing) => (StatusCode::NOT_FOUND, unknown_code(thing)),
        Error::AlreadyExists(_) => (StatusCode::CONFLICT, "DENIED"),
        Error::Invalid { field, .. } => (StatusCode::BAD_REQUEST, invalid_code(field)),
        Error::Content(violation) => violation_code(violation),
        Error::Unauthenticated(_) | Error::TokenTooNarrow(_) => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
        Error::Forbidden { .. } | Error::Refused(_) => (StatusCode::FORBIDDEN, "DENIED"),
        Error::Busy { .. } | Error::Paused { .. } => (StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS"),
        Error::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        Error::Internal { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"),
    };
    let message = match error {
        // What the layers below say may name paths and hosts: it goes to the log, not to the client.
        Error::Unavailable { context, .. } => format!("the registry cannot do this right now ({context}); try again"),
        Error::Internal { .. } => "something went wrong in the registry".to_string(),
        said => said.to_string(),
    };
    (status, code, message)
}

/// Distribution's and Quay's codes for what the specification has none for.
fn invalid_code(field: &str) -> &'static str {
    match field {
        "n" => "PAGINATION_NUMBER_INVALID",
        "upload" => "BLOB_UPLOAD_INVALID",
        "tag" => "TAG_INVALID",
        _ => "INVALID_REQUEST",
    }
}

fn unknown_code(thing: &Thing) -> &'static str {
    match thing {
        Thing::Manifest(_) | Thing::Tag(_) => "MANIFEST_UNKNOWN",
        Thing::Blob(_) => "BLOB_UNKNOWN",
        Thing::Upload(_) => "BLOB_UPLOAD_UNKNOWN",
        Thing::Namespace(_)
        | Thing::Organization(_)
        | Thing::User(_)
        | Thing::Team(_)
        | Thing::Robot(_)
        | Thing::Repository(_)
        | Thing::Session
        | Thing::Recovery
        | Thing::SecondFactor(_)
        | Thing::Token(_)
        | Thing::Application(_)
        | Thing::DefaultPermission(_)
        | Thing::Label(_)
        | Thing::Message(_)
        | Thing::Invitation
        | Thing::Export
        | Thing::Registry => "NAME_UNKNOWN",
    }
}

fn violation_code(violation: &Violation) -> (StatusCode, &'static str) {
    match violation {
        Violation::InvalidName { .. } => (StatusCode::BAD_REQUEST, "NAME_INVALID"),
        Violation::InvalidTag { .. } => (StatusCode::BAD_REQUEST, "TAG_INVALID"),
        Violation::InvalidDigest { .. } | Violation::UnsupportedAlgorithm { .. } | Violation::DigestMismatch { .. } => {
            (StatusCode::BAD_REQUEST, "DIGEST_INVALID")
        }
        Violation::SizeMismatch { .. } => (StatusCode::BAD_REQUEST, "SIZE_INVALID"),
        Violation::InvalidRange(_) => (StatusCode::RANGE_NOT_SATISFIABLE, "BLOB_UPLOAD_INVALID"),
        Violation::InvalidMediaType { .. } | Violation::ManifestInvalid(_) | Violation::SchemaOne => {
            (StatusCode::BAD_REQUEST, "MANIFEST_INVALID")
        }
        Violation::UnsupportedMediaType { .. } => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "MANIFEST_INVALID"),
        Violation::ManifestTooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "MANIFEST_INVALID"),
        Violation::BlobMissing(_) => (StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN"),
        Violation::ManifestMissing(_) => (StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN"),
    }
}

/// The answer for an error. `needs` is what the request would have needed a token for.
pub fn response(request: &HttpRequest, services: &Services, error: &Error, needs: &Needs) -> HttpResponse {
    let (status, code, message) = rendered(error);
    if status.is_server_error() {
        let id = request.extensions().get::<RequestId>().map(|id| id.0.to_string()).unwrap_or_default();
        tracing::error!(request = id, path = request.path(), error = %Causes(error), "failed");
    }
    let mut answer = HttpResponse::build(status);
    match error {
        Error::Unauthenticated(_) => {
            answer.insert_header((WWW_AUTHENTICATE, challenge(request, services, &scope_of(needs), None)));
        }
        Error::TokenTooNarrow(scopes) => {
            let scope = match needs {
                // A mount needs both repositories, whichever was found missing first.
                Needs::Repositories(NeededScopes(all)) if all.len() > scopes.0.len() => scope_of(needs),
                _ => Some(scope_text(scopes)),
            };
            answer.insert_header((WWW_AUTHENTICATE, challenge(request, services, &scope, Some("insufficient_scope"))));
        }
        Error::Busy { retry_after } | Error::Paused { retry_after, .. } => {
            answer.insert_header((RETRY_AFTER, whole_seconds(*retry_after).to_string()));
        }
        _ => {}
    }
    answer.json(body(code, &message, &detail(error)))
}

/// An answer in the specification's form that has no domain error behind it.
pub fn plain(status: StatusCode, code: &str, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(body(code, message, &Value::Null))
}

fn body(code: &str, message: &str, detail: &Value) -> Value {
    json!({ "errors": [{ "code": code, "message": message, "detail": detail }] })
}

fn detail(error: &Error) -> Value {
    match error {
        Error::Content(Violation::BlobMissing(digest) | Violation::ManifestMissing(digest)) => {
            json!({ "digest": digest.as_str() })
        }
        _ => Value::Null,
    }
}

fn scope_of(needs: &Needs) -> Option<String> {
    match needs {
        Needs::Identity => None,
        Needs::Catalog => Some("registry:catalog:*".into()),
        Needs::Repositories(scopes) => Some(scope_text(scopes)),
    }
}

/// Several scopes in one parameter, which clients pass on to the token service as it is.
fn scope_text(NeededScopes(scopes): &NeededScopes) -> String {
    let texts: Vec<String> = scopes.iter().map(|(name, actions)| format!("repository:{name}:{actions}")).collect();
    texts.join(" ")
}

/// Everything quoted: some clients read it with a pattern that expects that.
fn challenge(request: &HttpRequest, services: &Services, scope: &Option<String>, error: Option<&str>) -> String {
    let realm = format!("{}/v2/auth", origin::base_url(request, services));
    let mut text = format!("Bearer realm=\"{realm}\",service=\"{}\"", services.tokens.audience());
    if let Some(scope) = scope {
        text.push_str(&format!(",scope=\"{scope}\""));
    }
    if let Some(error) = error {
        text.push_str(&format!(",error=\"{error}\""));
    }
    text
}

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
