//! An account of one's own, where the settings allow it.

use actix_web::HttpResponse;
use askama::Template;
use domain::oci::NamespaceName;
use domain::{Error, account};
use serde::Deserialize;

use super::{Refused, count, welcome};
use crate::portal::faults::Faults;
use crate::portal::outside::Outside;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::register::{self, Newcomer};

/// The form as sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    name: String,
    email: String,
    password: String,
    repeat: String,
}

#[derive(Template)]
#[template(path = "signin/register.html")]
struct RegisterPage {
    frame: Outside,
    typed: Typed,
    faults: Faults,
}

/// `GET /createaccount`
///
/// # Errors
/// Not found where superusers make accounts.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    require_open(&visit)?;
    Ok(visit.page(&RegisterPage { frame: visit.outside(), typed: Typed::default(), faults: Faults::none() }))
}

/// `POST /createaccount`
///
/// # Errors
/// As [`show`]; as [`register::register`], but for what the form can mend.
pub async fn submit(visit: Visit, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    require_open(&visit)?;
    let typed = form.into_inner();
    let made = match checked(&visit, &typed) {
        Ok(newcomer) => register::register(&visit.services, visit.caller().origin.clone(), newcomer, true).await,
        Err(Problem::Mistyped(faults)) => {
            return Ok(visit.refused(&RegisterPage { frame: visit.outside(), typed, faults }));
        }
        Err(Problem::Refused(error)) => Err(error),
    };
    match made {
        Ok((_, secret)) => Ok(welcome(&visit, secret.unwrap_or_default(), urls::home())),
        Err(error @ (Error::Busy { .. } | Error::Paused { .. })) => {
            let refused = Refused::of(&visit, error)?;
            let faults = Faults::one("", refused.fault.clone());
            Ok(refused.answer(&visit, &RegisterPage { frame: visit.outside(), typed, faults }))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            Ok(visit.refused(&RegisterPage { frame: visit.outside(), typed, faults }))
        }
    }
}

enum Problem {
    Mistyped(Faults),
    Refused(Error),
}

/// What is asked for, if it can be had.
fn checked<'t>(visit: &Visit, typed: &'t Typed) -> Result<Newcomer<'t>, Problem> {
    let name: NamespaceName = typed.name.trim().parse().map_err(|fault| Problem::Refused(Error::Content(fault)))?;
    account::password::check_rule(&typed.password).map_err(Problem::Refused)?;
    if typed.password != typed.repeat {
        return Err(Problem::Mistyped(Faults::one("repeat", visit.text().say("signin-not-repeated"))));
    }
    count(visit).map_err(Problem::Refused)?;
    let email = Some(typed.email.trim()).filter(|email| !email.is_empty()).map(str::to_string);
    Ok(Newcomer { name, email, password: &typed.password })
}

fn require_open(visit: &Visit) -> Result<(), PageError> {
    if visit.services.settings.accounts.registration { Ok(()) } else { Err(PageError::NotFound) }
}
