//! A new password for one that was forgotten, by a link that an administrator made.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use domain::account::{Recovery, password};
use domain::{Error, Thing};
use serde::Deserialize;

use super::{Refused, count};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::outside::Outside;
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::recovery;

/// What the link carries.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Link {
    code: String,
}

/// The form as sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewPassword {
    code: String,
    password: String,
    repeat: String,
}

#[derive(Template)]
#[template(path = "signin/recovery.html")]
struct RecoveryPage {
    frame: Outside,
    state: State,
}

/// What the page is about.
enum State {
    /// What somebody without a link does.
    Explained,
    /// The link is wrong, used or too old.
    Over,
    /// A password can be set.
    Good(Good),
}

struct Good {
    code: String,
    user: String,
    until: Moment,
    faults: Faults,
}

/// `GET /recovery?code=…`
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let Link { code } = visit.query();
    if code.is_empty() {
        return Ok(visit.page(&RecoveryPage { frame: visit.outside(), state: State::Explained }));
    }
    match recovery::find(&visit.services, &code).await? {
        Some(found) => Ok(visit.page(&good(&visit, code, found, Faults::none()))),
        None => Ok(over(&visit)),
    }
}

/// `POST /recovery`
///
/// # Errors
/// As [`recovery::redeem`], but for what the form can mend.
pub async fn submit(visit: Visit, form: VerifiedForm<NewPassword>) -> Result<HttpResponse, PageError> {
    let typed = form.into_inner();
    let Some(found) = recovery::find(&visit.services, &typed.code).await? else { return Ok(over(&visit)) };
    let redeemed = match checked(&visit, &typed) {
        Ok(()) => {
            let from = visit.caller().origin.clone();
            recovery::redeem(&visit.services, from, &typed.code, &typed.password).await
        }
        Err(faults) => return Ok(visit.refused(&good(&visit, typed.code, found, faults))),
    };
    match redeemed {
        Ok(_) => Ok(visit.go_saying(urls::signin(), Flash::done(visit.text().say("signin-recovered")))),
        Err(Error::NotFound(Thing::Recovery)) => Ok(over(&visit)),
        Err(error @ (Error::Busy { .. } | Error::Paused { .. })) => {
            let refused = Refused::of(&visit, error)?;
            let faults = Faults::one("", refused.fault.clone());
            Ok(refused.answer(&visit, &good(&visit, typed.code, found, faults)))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            Ok(visit.refused(&good(&visit, typed.code, found, faults)))
        }
    }
}

fn checked(visit: &Visit, typed: &NewPassword) -> Result<(), Faults> {
    if let Err(Error::Invalid { message, .. }) = password::check_rule(&typed.password) {
        return Err(Faults::one("password", visit.text().sentence(&message)));
    }
    if typed.password != typed.repeat {
        return Err(Faults::one("repeat", visit.text().say("signin-not-repeated")));
    }
    if let Err(error) = count(visit) {
        let refused = Refused::of(visit, error).map_or_else(|_| String::new(), |refused| refused.fault);
        return Err(Faults::one("", refused));
    }
    Ok(())
}

fn good(visit: &Visit, code: String, found: Recovery, faults: Faults) -> RecoveryPage {
    let until = visit.reader().moment(found.expires_at);
    RecoveryPage { frame: visit.outside(), state: State::Good(Good { code, user: found.user_name, until, faults }) }
}

fn over(visit: &Visit) -> HttpResponse {
    visit.page_with(StatusCode::NOT_FOUND, &RecoveryPage { frame: visit.outside(), state: State::Over })
}
