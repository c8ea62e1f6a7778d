//! The first step of a sign-in: name and password.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use domain::principal::Principal;
use serde::Deserialize;

use super::{Refused, Then, code, count, local, secret, welcome};
use crate::portal::outside::Outside;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{FormRejection, VerifiedForm};
use crate::web::sign_in::{self, Begun};

/// For names typed again into the page.
const MAX_USERNAME: usize = 255;

/// The form as sent.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct SignInForm {
    username: String,
    password: String,
    next: String,
}

#[derive(Template)]
#[template(path = "signin/password.html")]
pub(super) struct PasswordPage {
    frame: Outside,
    signed_in_as: Option<String>,
    next: String,
    username: String,
    fault: Option<String>,
    /// Whether people make accounts for themselves.
    registers: bool,
}

impl PasswordPage {
    /// With nothing typed.
    pub(super) fn blank(visit: &Visit, next: &str) -> PasswordPage {
        PasswordPage {
            frame: visit.outside(),
            signed_in_as: None,
            next: local(next),
            username: String::new(),
            fault: None,
            registers: visit.services.settings.accounts.registration,
        }
    }

    pub(super) fn saying(self, fault: String) -> PasswordPage {
        PasswordPage { fault: Some(fault), ..self }
    }
}

/// `GET /signin?next=…`
pub async fn show(visit: Visit) -> HttpResponse {
    let then: Then = visit.query();
    let signed_in_as = match &visit.caller().principal {
        Principal::User { name, .. } => Some(name.to_string()),
        _ => None,
    };
    visit.page(&PasswordPage { signed_in_as, ..PasswordPage::blank(&visit, &then.next) })
}

/// `POST /signin`
///
/// # Errors
/// For a form that is none of ours; as the database's.
pub async fn submit(
    visit: Visit,
    form: Result<VerifiedForm<SignInForm>, FormRejection>,
) -> Result<HttpResponse, PageError> {
    let form = match form {
        Ok(form) => form.into_inner(),
        Err(FormRejection::Unproven) => return Ok(stale(&visit)),
        Err(rejection) => return Err(rejection.into()),
    };
    let username = form.username.chars().take(MAX_USERNAME).collect();
    let again = PasswordPage { username, ..PasswordPage::blank(&visit, &form.next) };
    let (browser, from) = (secret(&visit), visit.caller().origin.clone());
    let begun = match count(&visit) {
        Ok(()) => sign_in::begin(&visit.services, from, &browser, form.username.trim(), &form.password).await,
        Err(busy) => Err(busy),
    };
    match begun {
        Ok(Begun::SignedIn(secret)) => Ok(welcome(&visit, secret, &again.next)),
        Ok(Begun::CodeNeeded(step)) => Ok(code::ask(&visit, step, &again.next)),
        Err(error) => {
            let refused = Refused::of(&visit, error)?;
            let fault = refused.fault.clone();
            Ok(refused.answer(&visit, &again.saying(fault)))
        }
    }
}

/// The page again, with a proof of its own: it was open for too long.
fn stale(visit: &Visit) -> HttpResponse {
    let from = visit.came_from();
    let next = from.strip_prefix(urls::SIGNIN).and_then(|rest| rest.strip_prefix('?'));
    let then: Then = next.and_then(|query| serde_html_form::from_str(query).ok()).unwrap_or_default();
    let page = PasswordPage::blank(visit, &then.next).saying(visit.text().say("signin-stale"));
    visit.page_with(StatusCode::FORBIDDEN, &page)
}
