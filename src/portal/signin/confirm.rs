//! Who somebody is, once more, before something dangerous.

use actix_web::HttpResponse;
use askama::Template;
use domain::{Error, second_factor};
use serde::Deserialize;

use super::{Refused, Then, count, local};
use crate::portal::outside::Outside;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::sign_in::{self, Confirmed};

/// The form as sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ConfirmForm {
    password: String,
    code: String,
    next: String,
}

#[derive(Template)]
#[template(path = "signin/confirm.html")]
struct ConfirmPage {
    frame: Outside,
    user: String,
    next: String,
    needs_code: bool,
    fault: Option<String>,
}

/// `GET /signin/confirm?next=…`
///
/// # Errors
/// To the sign-in page for whoever is not signed in.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let then: Then = visit.query();
    Ok(visit.page(&blank(&visit, &then.next).await?))
}

/// `POST /signin/confirm`
///
/// # Errors
/// As [`show`].
pub async fn submit(visit: Visit, form: VerifiedForm<ConfirmForm>) -> Result<HttpResponse, PageError> {
    let form = form.into_inner();
    let again = blank(&visit, &form.next).await?;
    let code = Some(form.code.trim()).filter(|code| !code.is_empty());
    let confirmed = match count(&visit) {
        Ok(()) => sign_in::confirm(&visit.services, visit.caller(), &form.password, code).await,
        Err(busy) => Err(busy),
    };
    let fault = match confirmed {
        Ok(Confirmed::Done) => return Ok(visit.go(&again.next)),
        Ok(Confirmed::CodeNeeded) => visit.text().say("signin-code-missing"),
        Ok(Confirmed::WrongCode) => visit.text().say("signin-wrong-code"),
        // The name is right: it is the session's.
        Err(Error::Unauthenticated(_)) => visit.text().say("signin-wrong-password"),
        Err(error) => {
            let refused = Refused::of(&visit, error)?;
            let fault = Some(refused.fault.clone());
            return Ok(refused.answer(&visit, &ConfirmPage { fault, ..again }));
        }
    };
    Ok(visit.refused(&ConfirmPage { fault: Some(fault), ..again }))
}

async fn blank(visit: &Visit, next: &str) -> Result<ConfirmPage, PageError> {
    let me = visit.myself().await?;
    let user = me.name.to_string();
    let factor = visit.services.db.read(move |conn| second_factor::state(conn, &me)).await?;
    Ok(ConfirmPage {
        frame: visit.outside(),
        user,
        next: local(next),
        needs_code: factor.active_since.is_some(),
        fault: None,
    })
}
