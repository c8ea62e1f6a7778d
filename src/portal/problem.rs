//! What a handler of a page cannot answer becomes a page of its own, a message at a field, or a way to the sign-in page.
//!
//! Handlers return [`PageError`]; [`explain`], which stands around all pages, turns it into an answer with the frame of
//! the reader.

use std::fmt;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use domain::Error;

use super::error::{self, Explanation, Refusal};
use super::frame::{Frame, Here};
use super::visit::Visit;
use super::{short, urls};
use crate::web::form::FormRejection;

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// The domain said no.
    Domain(Error),
    /// There is nothing at this address, or nothing for this reader.
    NotFound,
    /// Somebody must sign in first; they come back afterwards.
    SignIn,
    /// The password must be given again; they come back afterwards.
    Confirm,
    /// The form was not accepted.
    Form(FormRejection),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::Domain(error) => error.fmt(f),
            PageError::NotFound => f.write_str("there is nothing at this address"),
            PageError::SignIn => f.write_str("sign in first"),
            PageError::Confirm => f.write_str("give the password again first"),
            PageError::Form(rejection) => rejection.fmt(f),
        }
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> PageError {
        PageError::Domain(error)
    }
}

impl From<FormRejection> for PageError {
    fn from(rejection: FormRejection) -> PageError {
        PageError::Form(rejection)
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    /// Replaced by [`explain`], which knows who reads it.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::InternalServerError().finish()
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    problem: Problem,
}

/// What a page says instead of what was asked for, in the reader's language.
struct Problem {
    status: StatusCode,
    icon: &'static str,
    title: String,
    text: String,
    advice: Vec<String>,
}

/// Stands around all pages: turns a [`PageError`] into what the reader sees.
///
/// # Errors
/// As what it stands around.
pub async fn explain(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (request, response) = next.call(request).await?.map_into_boxed_body().into_parts();
    let Some(error) = response.error() else { return Ok(ServiceResponse::new(request, response)) };
    let explained = match (error.as_error::<PageError>(), error.as_error::<FormRejection>()) {
        (Some(error), _) => answer(&request, error).await,
        (None, Some(rejection)) => answer(&request, &PageError::Form(*rejection)).await,
        (None, None) => response,
    };
    Ok(ServiceResponse::new(request, explained))
}

/// What to show for an error.
pub async fn answer(request: &HttpRequest, error: &PageError) -> HttpResponse {
    let Ok(visit) = Visit::of(request.clone()).await else { return without_frame(request, error) };
    match error {
        PageError::SignIn | PageError::Domain(Error::Unauthenticated(_)) => lead(&visit, urls::signin_then),
        PageError::Confirm => lead(&visit, urls::confirm_then),
        other => show(&visit, other).await,
    }
}

/// To a page outside of the frame, and back here afterwards: to the page the form was on, if this was a form.
fn lead(visit: &Visit, to: fn(&str) -> String) -> HttpResponse {
    let is_form = visit.request.method() != actix_web::http::Method::GET;
    let is_part = visit.request.headers().contains_key("HX-Request");
    let back = if is_form || (is_part && !visit.request.headers().contains_key("HX-Boosted")) {
        visit.came_from()
    } else {
        visit.here()
    };
    visit.leave(&to(&back))
}

async fn show(visit: &Visit, error: &PageError) -> HttpResponse {
    let problem = Problem::of(visit, error);
    let frame = match visit.frame(Here::Elsewhere).await {
        Ok(frame) => frame,
        Err(_) => visit.bare_frame(Here::Elsewhere, None),
    };
    let status = problem.status;
    let retry_after = match error {
        PageError::Domain(Error::Busy { retry_after } | Error::Paused { retry_after, .. }) => Some(*retry_after),
        _ => None,
    };
    let mut answer = visit.page_with(status, &ProblemPage { frame, problem });
    if let Some(wait) = retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
    }
    answer
}

/// When not even the reader's session can be looked up.
fn without_frame(request: &HttpRequest, error: &PageError) -> HttpResponse {
    match error {
        PageError::Domain(error) => error::answer(request, error),
        PageError::Form(rejection) => Explanation::of_form(error::words(request), *rejection).answer(request),
        _ => error::nothing(error::words(request)).answer(request),
    }
}

impl Problem {
    fn of(visit: &Visit, error: &PageError) -> Problem {
        let text = visit.text();
        match error {
            PageError::NotFound | PageError::Domain(Error::NotFound(_)) => Problem::new(
                visit,
                StatusCode::NOT_FOUND,
                "circle-alert",
                "problem-not-found",
                &text.say("problem-not-found-text"),
            ),
            PageError::Domain(Error::Forbidden { needed, on, who, has }) => {
                let said = error::forbidden(text, (needed, has), on, who);
                Problem::new(visit, StatusCode::FORBIDDEN, "lock", "problem-forbidden", &said)
                    .advising(text.say("problem-forbidden-advice"))
            }
            PageError::Domain(Error::Busy { .. } | Error::Paused { .. }) => {
                let said = text.say("problem-busy-text");
                Problem::new(visit, StatusCode::TOO_MANY_REQUESTS, "clock", "problem-busy", &said)
            }
            PageError::Form(rejection) => {
                let said = text.say(error::form_key(*rejection));
                Problem::new(visit, rejection.status_code(), "circle-alert", "problem-form", &said)
                    .advising(text.say("problem-form-advice"))
            }
            PageError::Domain(other) => Problem::other(visit, other),
            PageError::SignIn | PageError::Confirm => {
                Problem::new(visit, StatusCode::UNAUTHORIZED, "lock", "problem-sign-in", "")
            }
        }
    }

    /// What the domain says best itself, and what is nobody's business.
    fn other(visit: &Visit, other: &Error) -> Problem {
        let text = visit.text();
        match error::refusal(&visit.request, other) {
            Refusal::Page(explanation) if explanation.status.is_server_error() => {
                let unavailable = explanation.status == StatusCode::SERVICE_UNAVAILABLE;
                let key = if unavailable { "problem-unavailable" } else { "problem-internal" };
                let said = text.say(if unavailable { "problem-unavailable-text" } else { "problem-internal-text" });
                Problem::new(visit, explanation.status, "triangle-alert", key, &said)
            }
            Refusal::Page(explanation) => {
                Problem::new(visit, explanation.status, "info", "problem-refused", &explanation.text)
            }
            Refusal::AtField { message, .. } => {
                Problem::new(visit, StatusCode::UNPROCESSABLE_ENTITY, "circle-alert", "problem-value", &message)
            }
        }
    }

    fn new(visit: &Visit, status: StatusCode, icon: &'static str, title: &str, text: &str) -> Problem {
        let title = visit.text().say(title);
        Problem { status, icon, title, text: text.to_string(), advice: Vec::new() }
    }

    fn advising(mut self, advice: String) -> Problem {
        self.advice.push(advice);
        self
    }
}

/// For addresses that nobody serves: those that are [short] lead on, and programs below `/api/` get JSON.
///
/// # Errors
/// Not found, for all others.
pub async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, PageError> {
    if request.path().starts_with("/api/") {
        return Ok(error::not_found(request).await);
    }
    let path = request.path().to_string();
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        let visit = Visit::of(request).await?;
        if let Some(url) = short::leads_to(&visit, &path).await? {
            return Ok(visit.go(&url));
        }
    }
    Err(PageError::NotFound)
}
