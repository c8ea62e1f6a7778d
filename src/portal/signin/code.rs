//! The second step of a sign-in: a code of the app, or a recovery code.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::password::PasswordPage;
use super::{Refused, count, local, secret, welcome};
use crate::portal::outside::Outside;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::sign_in::{self, Completed};

/// The form as sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CodeForm {
    step: String,
    code: String,
    next: String,
}

#[derive(Template)]
#[template(path = "signin/code.html")]
struct CodePage {
    frame: Outside,
    /// Proves to this server, for this browser, that the password was right.
    step: String,
    next: String,
    fault: Option<String>,
}

/// The page after a right password.
pub(super) fn ask(visit: &Visit, step: String, next: &str) -> HttpResponse {
    visit.page(&CodePage { frame: visit.outside(), step, next: local(next), fault: None })
}

/// `GET /signin/code`: a page that is loaded again begins anew.
pub async fn show(visit: Visit) -> HttpResponse {
    visit.go(urls::signin())
}

/// `POST /signin/code`
///
/// # Errors
/// As the database's.
pub async fn submit(visit: Visit, form: VerifiedForm<CodeForm>) -> Result<HttpResponse, PageError> {
    let form = form.into_inner();
    let next = local(&form.next);
    let from = visit.caller().origin.clone();
    let completed = match count(&visit) {
        Ok(()) => sign_in::complete(&visit.services, from, &secret(&visit), &form.step, &form.code).await,
        Err(busy) => Err(busy),
    };
    let again = CodePage { frame: visit.outside(), step: form.step, next, fault: None };
    match completed {
        Ok(Completed::SignedIn(secret)) => Ok(welcome(&visit, secret, &again.next)),
        Ok(Completed::WrongCode) => {
            let fault = Some(visit.text().say("signin-wrong-code"));
            Ok(visit.refused(&CodePage { fault, ..again }))
        }
        Ok(Completed::Ended) => {
            let page = PasswordPage::blank(&visit, &again.next).saying(visit.text().say("signin-ended"));
            Ok(visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => {
            let refused = Refused::of(&visit, error)?;
            let fault = Some(refused.fault.clone());
            Ok(refused.answer(&visit, &CodePage { fault, ..again }))
        }
    }
}
