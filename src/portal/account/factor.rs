//! The second factor: switching it on with an app, recovery codes, switching it off.

use actix_web::HttpResponse;
use domain::second_factor::{self, Secret};
use serde::Deserialize;

use super::head::{Head, Tab};
use super::security::{self, Dialog};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};
use crate::web::qr::Qr;
use crate::web::sign_in::name_in_apps;

/// A secret that waits for its first code.
pub(super) struct Begun {
    pub secret: Secret,
    pub qr: Qr,
    pub faults: Faults,
}

/// The first code.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct FirstCode {
    code: String,
}

impl Begun {
    /// The caller's, if one waits.
    pub async fn find(visit: &Visit, faults: Faults) -> Result<Option<Begun>, PageError> {
        let me = visit.myself().await?;
        let (vault, registry) = (visit.services.vault.clone(), name_in_apps(&visit.services));
        let found = visit.services.db.read(move |conn| second_factor::begun(conn, &me, &vault, &registry)).await?;
        let Some(secret) = found else { return Ok(None) };
        let qr = Qr::of(&secret.url)?;
        Ok(Some(Begun { secret, qr, faults }))
    }

    /// The secret in groups of four, to be typed.
    pub fn grouped(&self) -> String {
        let letters: Vec<char> = self.secret.text.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// `POST /account/second-factor`
///
/// # Errors
/// As [`second_factor::begin`]; to the page that asks for the password.
pub async fn begin(visit: Visit, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let (registry, now) = (name_in_apps(&visit.services), visit.services.clock.now());
    visit.services.db.write(move |tx| second_factor::begin(tx, &me, (&vault, &*entropy), now, &registry)).await?;
    Ok(visit.go(&Head::at(Tab::Security).dialog("second-factor")))
}

/// `POST /account/second-factor/confirmation`: the answer shows the recovery codes, which nothing shows again.
///
/// # Errors
/// As [`second_factor::confirm`], but for a wrong code; to the page that asks for the password.
pub async fn confirm(visit: Visit, form: VerifiedForm<FirstCode>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let (code, now) = (form.into_inner().code, visit.services.clock.now());
    let confirmed =
        visit.services.db.write(move |tx| second_factor::confirm(tx, &me, (&vault, &*entropy), now, &code)).await;
    match confirmed {
        Ok(codes) => codes_shown(&visit, codes).await,
        Err(domain::Error::Invalid { .. }) => {
            let faults = Faults::one("code", visit.text().say("account-factor-wrong-code"));
            let begun = Begun::find(&visit, faults).await?.ok_or(PageError::NotFound)?;
            Ok(visit.refused(&security::page(&visit, Some(Dialog::Begun(begun))).await?))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/second-factor/codes`
///
/// # Errors
/// As [`second_factor::regenerate_recovery_codes`]; to the page that asks for the password.
pub async fn regenerate(visit: Visit, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let (entropy, now) = (visit.services.entropy.clone(), visit.services.clock.now());
    let made =
        visit.services.db.write(move |tx| second_factor::regenerate_recovery_codes(tx, &me, &*entropy, now)).await?;
    codes_shown(&visit, made).await
}

/// `POST /account/second-factor/removal`
///
/// # Errors
/// As [`second_factor::switch_off`]; to the page that asks for the password.
pub async fn switch_off(visit: Visit, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| second_factor::switch_off(tx, &me, now)).await?;
    let flash = Flash::done(visit.text().say("account-factor-switched-off"));
    Ok(visit.go_saying(&Head::at(Tab::Security).here(), flash))
}

async fn codes_shown(visit: &Visit, codes: Vec<String>) -> Result<HttpResponse, PageError> {
    let page = security::page(visit, Some(Dialog::Codes(codes))).await?;
    Ok(visit.shown_once(&page, &Head::at(Tab::Security).here()))
}
