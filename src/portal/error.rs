//! From a refusal to a page, or to a message at a field.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use domain::{Error, Thing};
use serde_json::json;

use super::page::{self, SoloFrame};
use super::urls;
use crate::web::form::FormRejection;
use crate::web::security_headers;

/// Longest part of an unknown address that is repeated, in characters.
const PATH_CHARS: usize = 200;

/// What became of an error of the domain.
pub enum Refusal {
    /// The value of a form's field is wrong: show the form again.
    AtField {
        /// The field, in the words of the domain.
        field: &'static str,
        /// A sentence.
        message: String,
    },
    /// A page instead of the one asked for.
    Page(Explanation),
}

/// What a page says instead of what was asked for.
pub struct Explanation {
    /// Of the answer.
    pub status: StatusCode,
    /// What happened, without full stop.
    pub title: &'static str,
    /// The same in a sentence or two.
    pub text: String,
    /// What to do, a paragraph each.
    pub advice: &'static [&'static str],
    /// When to come back.
    pub retry_after: Option<Duration>,
}

impl Explanation {
    /// With nothing to advise.
    pub fn new(status: StatusCode, title: &'static str, text: impl Into<String>) -> Explanation {
        Explanation { status, title, text: text.into(), advice: &[], retry_after: None }
    }

    /// With what to do.
    pub fn advising(self, advice: &'static [&'static str]) -> Explanation {
        Explanation { advice, ..self }
    }

    /// As an answer.
    pub fn answer(self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(wait) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, wait.as_secs().max(1)));
        }
        page::answer_with(&mut response, &ErrorPage { frame: SoloFrame::of(request), unknown_path: None, error: self })
    }
}

impl From<FormRejection> for Explanation {
    fn from(rejection: FormRejection) -> Explanation {
        let text = format!("{} Nothing has been changed.", rejection.message());
        Explanation::new(rejection.status_code(), "The form was not accepted", text)
            .advising(&["Open the page of the form again and send it from there."])
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: SoloFrame,
    unknown_path: Option<String>,
    error: Explanation,
}

impl ErrorPage {
    fn icon(&self) -> &'static str {
        match self.error.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "lock",
            StatusCode::CONFLICT => "info",
            StatusCode::TOO_MANY_REQUESTS => "clock",
            status if status.is_server_error() => "triangle-alert",
            _ => "circle-alert",
        }
    }
}

/// A page for an error that has no form to return to.
pub fn answer(request: &HttpRequest, error: Error) -> HttpResponse {
    match refusal(request, &error) {
        Refusal::Page(explanation) => explanation.answer(request),
        Refusal::AtField { message, .. } => {
            Explanation::new(StatusCode::UNPROCESSABLE_ENTITY, "A value was not accepted", message).answer(request)
        }
    }
}

/// What to show for an error. What went wrong inside goes to the log and nowhere else.
pub fn refusal(request: &HttpRequest, error: &Error) -> Refusal {
    let explanation = match error {
        Error::NotFound(thing) => not_visible(thing),
        Error::AlreadyExists(thing) => {
            return Refusal::AtField { field: "name", message: sentence(&format!("{thing} already exists")) };
        }
        Error::Invalid { field, message } => return Refusal::AtField { field, message: sentence(message) },
        Error::Content(violation) => {
            return Refusal::AtField { field: "name", message: sentence(&violation.to_string()) };
        }
        Error::Unauthenticated(why) => Explanation::new(StatusCode::UNAUTHORIZED, "Sign in first", sentence(why)),
        Error::Forbidden { needed, on, who, has } => {
            let text = format!("{needed} permission on {on} is needed; {who} has {has}. Nothing has been changed.");
            Explanation::new(StatusCode::FORBIDDEN, "You are not allowed to do this", sentence(&text)).advising(&[
                "Who has admin permission there, or an administrator of this registry, can give it to you.",
            ])
        }
        narrow @ Error::TokenTooNarrow(_) => {
            Explanation::new(StatusCode::FORBIDDEN, "Your token does not allow this", sentence(&narrow.to_string()))
        }
        Error::Refused(why) => Explanation::new(StatusCode::CONFLICT, "This is not possible", sentence(why)),
        Error::Busy { retry_after } | Error::Paused { retry_after, .. } => busy(*retry_after),
        Error::Unavailable { context, source } => {
            log(request, context, &**source);
            unavailable()
        }
        Error::Internal { context, source } => {
            log(request, context, &**source);
            internal()
        }
    };
    Refusal::Page(explanation)
}

/// For addresses nobody serves. Programs below `/api/` get JSON.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    if request.path().starts_with("/api/") {
        let body = json!({ "message": "There is nothing at this address" });
        return security_headers::on_file(&mut HttpResponse::NotFound()).json(body);
    }
    let path: String = request.path().chars().take(PATH_CHARS).collect();
    let error = Explanation::new(StatusCode::NOT_FOUND, "There is nothing at this address", "");
    let page = ErrorPage { frame: SoloFrame::of(&request), unknown_path: Some(path), error };
    page::answer(StatusCode::NOT_FOUND, &page)
}

/// For pages asked in a way they do not understand.
pub async fn no_method(request: HttpRequest) -> HttpResponse {
    let text = format!("This page cannot be asked with {}. Nothing has been changed.", request.method());
    let allowed = match request.path() {
        urls::SETUP | urls::SIGNIN | urls::SIGNIN_CODE | urls::CONFIRM | urls::CREATE_ACCOUNT | urls::RECOVERY => {
            "GET, HEAD, POST"
        }
        urls::SIGNOUT | urls::OAUTH_AUTHORIZE_APP | urls::OAUTH_DENY_APP | urls::OAUTH_ACCESS_TOKEN => "POST",
        _ => "GET, HEAD",
    };
    let explanation = Explanation::new(StatusCode::METHOD_NOT_ALLOWED, "This address works differently", text);
    let mut response = explanation.answer(&request);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
    response
}

fn not_visible(thing: &Thing) -> Explanation {
    let text = format!("{thing} does not exist, was deleted, or is not visible to you. Nothing has been changed.");
    Explanation::new(StatusCode::NOT_FOUND, "There is nothing at this address", sentence(&text))
}

fn busy(retry_after: Duration) -> Explanation {
    let text = "Too many requests arrived at once, and this one was put off. Nothing has been changed.";
    let explanation = Explanation::new(StatusCode::TOO_MANY_REQUESTS, "This is too much at once", text);
    Explanation { retry_after: Some(retry_after), ..explanation }.advising(&["Wait a moment and reload the page."])
}

fn unavailable() -> Explanation {
    let text = "The database or the disk behind this registry does not answer, so nothing can be read or changed.";
    Explanation::new(StatusCode::SERVICE_UNAVAILABLE, "The registry cannot work right now", text)
        .advising(&["Reload the page in a minute. If it stays like this, tell your administrator."])
}

fn internal() -> Explanation {
    let text = "This is a fault of the registry, not of what you did. The server's log says what went wrong.";
    Explanation::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here", text)
}

/// As the domain says it, with a capital letter and a full stop.
pub(super) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if message.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

fn log(request: &HttpRequest, context: &str, source: &dyn std::error::Error) {
    let mut causes = source.to_string();
    let mut deeper = source.source();
    while let Some(cause) = deeper {
        causes = format!("{causes}: {cause}");
        deeper = cause.source();
    }
    let id = SoloFrame::of(request).request_id;
    tracing::error!(
        request = id.as_deref().unwrap_or("unnamed"),
        path = %request.path(),
        error = %causes,
        "{context}"
    );
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
