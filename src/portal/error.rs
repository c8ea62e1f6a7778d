//! From a refusal to a page, or to a message at a field.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use domain::oci::Violation;
use domain::{Error, Thing};
use serde_json::json;

use super::page::{self, SoloFrame};
use super::roles::word_key;
use super::text::Text;
use super::visit::Visitor;
use super::{thing, urls};
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

/// What a page says instead of what was asked for, in the reader's language.
pub struct Explanation {
    /// Of the answer.
    pub status: StatusCode,
    /// What happened, without full stop.
    pub title: String,
    /// The same in a sentence or two.
    pub text: String,
    /// What to do, a paragraph each.
    pub advice: Vec<String>,
    /// When to come back.
    pub retry_after: Option<Duration>,
}

impl Explanation {
    /// With nothing to advise.
    pub fn new(status: StatusCode, title: String, text: String) -> Explanation {
        Explanation { status, title, text, advice: Vec::new(), retry_after: None }
    }

    /// For a form that was not accepted.
    pub fn of_form(words: Text, rejection: FormRejection) -> Explanation {
        let text = words.say(form_key(rejection));
        Explanation::new(rejection.status_code(), words.say("problem-form"), text)
            .advising(words.say("problem-form-advice"))
    }

    /// With one more thing to do.
    pub fn advising(mut self, advice: String) -> Explanation {
        self.advice.push(advice);
        self
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

/// The words for whoever reads the answer to this request.
pub fn words(request: &HttpRequest) -> Text {
    Visitor::look(request).0
}

/// Why a form was not accepted, as a key of the texts.
pub fn form_key(rejection: FormRejection) -> &'static str {
    match rejection {
        FormRejection::FromElsewhere => "problem-form-elsewhere",
        FormRejection::Unproven => "problem-form-unproven",
        FormRejection::TooLarge => "problem-form-large",
        FormRejection::NotAForm | FormRejection::Unreadable => "problem-form-unreadable",
    }
}

/// A page for an error that has no form to return to.
pub fn answer(request: &HttpRequest, error: &Error) -> HttpResponse {
    match refusal(request, error) {
        Refusal::Page(explanation) => explanation.answer(request),
        Refusal::AtField { message, .. } => {
            let title = words(request).say("problem-value");
            Explanation::new(StatusCode::UNPROCESSABLE_ENTITY, title, message).answer(request)
        }
    }
}

/// A page for an address at which there is nothing, or nothing for this reader.
pub fn nothing(words: Text) -> Explanation {
    let text = words.say("problem-not-found-text");
    Explanation::new(StatusCode::NOT_FOUND, words.say("problem-not-found"), text)
}

/// What to show for an error. What went wrong inside goes to the log and nowhere else.
pub fn refusal(request: &HttpRequest, error: &Error) -> Refusal {
    let words = words(request);
    let page = |status, title, text: &str| Explanation::new(status, words.say(title), sentence(text));
    let explanation = match error {
        Error::NotFound(thing) => {
            let text = words.with("problem-thing-not-found", "thing", thing::named(words, thing));
            page(StatusCode::NOT_FOUND, "problem-not-found", &text)
        }
        Error::AlreadyExists(thing) => {
            let message = words.with("problem-taken", "thing", thing::named(words, thing));
            return Refusal::AtField { field: "name", message: sentence(&message) };
        }
        Error::Invalid { field, message } => {
            return Refusal::AtField { field, message: sentence(&words.sentence(message)) };
        }
        Error::Content(violation) => {
            return Refusal::AtField { field: "name", message: sentence(&not_a_name(words, violation)) };
        }
        Error::Unauthenticated(why) => page(StatusCode::UNAUTHORIZED, "problem-sign-in", why),
        Error::Forbidden { needed, on, who, has } => {
            let text = forbidden(words, (needed, has), on, who);
            page(StatusCode::FORBIDDEN, "problem-forbidden", &text).advising(words.say("problem-forbidden-advice"))
        }
        narrow @ Error::TokenTooNarrow(_) => page(StatusCode::FORBIDDEN, "problem-token", &narrow.to_string()),
        Error::Refused(why) => page(StatusCode::CONFLICT, "problem-refused", &words.sentence(why)),
        Error::Busy { retry_after } | Error::Paused { retry_after, .. } => {
            let busy = page(StatusCode::TOO_MANY_REQUESTS, "problem-busy", &words.say("problem-busy-text"));
            Explanation { retry_after: Some(*retry_after), ..busy }
        }
        Error::Unavailable { context, source } => {
            log(request, context, &**source);
            let text = words.say("problem-unavailable-text");
            page(StatusCode::SERVICE_UNAVAILABLE, "problem-unavailable", &text)
        }
        Error::Internal { context, source } => {
            log(request, context, &**source);
            page(StatusCode::INTERNAL_SERVER_ERROR, "problem-internal", &words.say("problem-internal-text"))
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
    let frame = SoloFrame::of(&request);
    let page = ErrorPage { error: nothing(frame.text), frame, unknown_path: Some(path) };
    page::answer(StatusCode::NOT_FOUND, &page)
}

/// For pages asked in a way they do not understand.
pub async fn no_method(request: HttpRequest) -> HttpResponse {
    let words = words(&request);
    let text = words.with("problem-method-text", "method", request.method().as_str());
    let allowed = match request.path() {
        urls::SETUP | urls::SIGNIN | urls::SIGNIN_CODE | urls::CONFIRM | urls::CREATE_ACCOUNT | urls::RECOVERY => {
            "GET, HEAD, POST"
        }
        urls::SIGNOUT | urls::OAUTH_AUTHORIZE_APP | urls::OAUTH_DENY_APP | urls::OAUTH_ACCESS_TOKEN => "POST",
        _ => "GET, HEAD",
    };
    let explanation = Explanation::new(StatusCode::METHOD_NOT_ALLOWED, words.say("problem-method"), text);
    let mut response = explanation.answer(&request);
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allowed));
    response
}

/// Which role somebody would need on what, and which one they have.
pub(super) fn forbidden(words: Text, (needed, has): (&str, &str), on: &Thing, who: &str) -> String {
    let (on, needed, has) = (thing::named(words, on), words.say(word_key(needed)), words.say(word_key(has)));
    words.with_all("problem-forbidden-text", &[("needed", &needed), ("on", &on), ("who", &who), ("has", &has)])
}

/// Why a name is none. What breaks other rules of the specification are programs, which read English.
pub(super) fn not_a_name(words: Text, violation: &Violation) -> String {
    match violation.of_name() {
        Some((rule, given)) => words.with2("said-instead", "rule", words.say(rule.key()), "given", given),
        None => violation.to_string(),
    }
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
