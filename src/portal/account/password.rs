//! Another password. It ends the other sessions, and what the old one opened.

use actix_web::HttpResponse;
use domain::Error;
use domain::account::{self, ProfileChanges, password};
use serde::Deserialize;

use super::head::{Head, Tab};
use super::security::{self, Dialog};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// The form as sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewPassword {
    password: String,
    repeat: String,
}

/// `POST /account/password`
///
/// # Errors
/// As [`account::change_profile`], but for what the form can mend; to the page that asks for the old password.
pub async fn change(visit: Visit, form: VerifiedForm<NewPassword>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let typed = form.into_inner();
    if let Some(faults) = faults(&visit, &typed) {
        return Ok(visit.refused(&security::page(&visit, Some(Dialog::Password(faults))).await?));
    }
    let services = &visit.services;
    let hash = services.sign_in.hash_new(&typed.password, services.entropy.clone(), &me.caller().origin).await?;
    let changes = ProfileChanges { password_hash: Some(hash), ..ProfileChanges::default() };
    let now = services.clock.now();
    services.db.write(move |tx| account::change_profile(tx, &me, now, &changes)).await?;
    let flash = Flash::done(visit.text().say("account-password-changed"));
    Ok(visit.go_saying(&Head::at(Tab::Security).here(), flash))
}

fn faults(visit: &Visit, typed: &NewPassword) -> Option<Faults> {
    if let Err(Error::Invalid { message, .. }) = password::check_rule(&typed.password) {
        return Some(Faults::one("password", visit.text().sentence(&message)));
    }
    let differ = typed.password != typed.repeat;
    differ.then(|| Faults::one("repeat", visit.text().say("signin-not-repeated")))
}
