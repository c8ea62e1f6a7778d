//! What users do about their second factor, and superusers for those who lost it.

use diesel::prelude::*;
use serde_json::json;

use super::app::{self, Secret};
use super::queries::waiting_secret;
use crate::access::{Admin, Authorized, Instance, Me};
use crate::account;
use crate::db::Tx;
use crate::db::schema::{recovery_codes, second_factors};
use crate::entropy::Entropy;
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::UserId;
use crate::on_backend;
use crate::principal::Credential;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::vault::{Vault, digest_of};

/// How many recovery codes there are at first.
const RECOVERY_CODES: usize = 10;

/// Makes a secret for the caller's app, in place of one that still waits for its first code. Nothing is asked for until
/// [`confirm`]. `registry` is what this registry is called in the app.
///
/// # Errors
/// `Refused` to anybody but a signed-in browser, and while a factor is on.
pub fn begin(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    registry: &str,
) -> Result<Secret> {
    require_browser(me)?;
    let (vault, entropy) = tools;
    let text = app::new_secret(entropy);
    let waiting = second_factors::table.find(me.id.0).filter(second_factors::confirmed_at.is_null());
    diesel::delete(waiting).execute(&mut **tx)?;
    let row = (
        second_factors::user_id.eq(me.id.0),
        second_factors::secret_sealed.eq(vault.seal(&app::sealed_as(me.id), &text)?),
        second_factors::begun_at.eq(now.0),
    );
    let made = on_backend!(&mut *tx, c => diesel::insert_into(second_factors::table)
        .values(row).on_conflict_do_nothing().execute(c))?;
    if made == 0 {
        let message = sentence!(
            "said-factor-there",
            "{name} has a second factor; switch it off to begin with another",
            name = me.name
        );
        return Err(Error::refused(message));
    }
    Secret::of(text, &me.name, registry)
}

/// Switches the factor on that waits for its first code, which this is; returns the recovery codes: the only time they
/// are seen. What the password alone opened ends: other sessions, what Docker stored.
///
/// # Errors
/// `Invalid` if it is no code of now, or no factor waits; `Refused` to anybody but a signed-in browser.
pub fn confirm(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    code: &str,
) -> Result<Vec<String>> {
    require_browser(me)?;
    let (vault, entropy) = tools;
    let secret = waiting_secret(tx, me.id, vault)?;
    let secret = secret.ok_or_else(none_waits)?;
    let step = app::step_of(&secret, code, now)?;
    let step = step.ok_or_else(|| {
        Error::invalid(
            "code",
            sentence!(
                "said-factor-code",
                "This is not the code that the app shows now; check that the device's clock is right"
            ),
        )
    })?;
    let waiting = second_factors::table.find(me.id.0).filter(second_factors::confirmed_at.is_null());
    let active = (second_factors::confirmed_at.eq(now.0), second_factors::last_step.eq(step));
    if diesel::update(waiting).set(active).execute(&mut **tx)? == 0 {
        return Err(none_waits());
    }
    let codes = replace_recovery_codes(tx, me.id, entropy)?;
    account::credentials_changed(tx, me, now)?;
    record(tx, me, now, EventKind::AccountEnableSecondFactor)?;
    Ok(codes)
}

/// Makes new recovery codes in place of all there are; returns them: the only time they are seen.
///
/// # Errors
/// `Refused` to anybody but a signed-in browser; `NotFound` while no factor is on.
pub fn regenerate_recovery_codes(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<Vec<String>> {
    require_browser(me)?;
    // An update, so that a factor that is being switched off is either gone or waits for us.
    let active = second_factors::table.find(me.id.0).filter(second_factors::confirmed_at.is_not_null());
    let kept = second_factors::last_step.eq(second_factors::last_step);
    if diesel::update(active).set(kept).execute(&mut **tx)? == 0 {
        return Err(none_is_on(&me.name));
    }
    let codes = replace_recovery_codes(tx, me.id, entropy)?;
    record(tx, me, now, EventKind::AccountRegenerateRecoveryCodes)?;
    Ok(codes)
}

/// Switches the caller's factor off, or drops one that waits for its first code. Whoever calls has just confirmed who
/// they are.
///
/// # Errors
/// `Refused` to anybody but a signed-in browser; `NotFound` if there is none.
pub fn switch_off(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp) -> Result<()> {
    require_browser(me)?;
    match remove(tx, me.id)? {
        None => Err(none_is_on(&me.name)),
        Some(was_on) if was_on => record(tx, me, now, EventKind::AccountDisableSecondFactor),
        Some(_) => Ok(()),
    }
}

/// Switches a user's factor off for them. Index: `users.name`.
///
/// # Errors
/// `NotFound` without such a user, and if they have none.
pub fn reset(tx: &mut Tx<'_>, instance: &Authorized<Instance, Admin>, now: Timestamp, name: &str) -> Result<()> {
    let user = account::by_name(tx, name)?;
    if remove(tx, user.id)? != Some(true) {
        return Err(none_is_on(name));
    }
    let details = json!({ "username": user.name, "superuser": instance.caller().principal.name() });
    let event = Event::new(EventKind::UserResetSecondFactor).namespace(user.namespace, &user.name).details(details);
    event::record(tx, instance.caller(), now, event)
}

/// Whether there was one, and whether it was on.
fn remove(tx: &mut Tx<'_>, user: UserId) -> Result<Option<bool>> {
    let confirmed_at: Option<Option<i64>> = diesel::delete(second_factors::table.find(user.0))
        .returning(second_factors::confirmed_at)
        .get_result(&mut **tx)
        .optional()?;
    Ok(confirmed_at.map(|at| at.is_some()))
}

fn replace_recovery_codes(tx: &mut Tx<'_>, user: UserId, entropy: &dyn Entropy) -> Result<Vec<String>> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user.0))).execute(&mut **tx)?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| app::new_recovery_code(entropy)).collect();
    let row =
        |code: &String| (recovery_codes::user_id.eq(user.0), recovery_codes::digest.eq(digest_of(&app::plain(code))));
    let rows: Vec<_> = codes.iter().map(row).collect();
    on_backend!(&mut *tx, c => diesel::insert_into(recovery_codes::table).values(&rows).execute(c))?;
    Ok(codes)
}

/// Tokens stand for people without their second factor; none of them may take it away.
fn require_browser(me: &Authorized<Me, Admin>) -> Result<()> {
    match me.caller().credential {
        Credential::Session { .. } => Ok(()),
        _ => {
            Err(Error::refused(sentence!("said-factor-browser", "sign in with a browser to change your second factor")))
        }
    }
}

fn none_waits() -> Error {
    Error::invalid("code", sentence!("said-factor-none", "No second factor waits for its first code; begin one"))
}

fn none_is_on(name: &str) -> Error {
    Error::NotFound(Thing::SecondFactor(name.to_string()))
}

fn record(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, kind: EventKind) -> Result<()> {
    let user = account::by_id(tx, me.id)?;
    event::record(tx, me.caller(), now, Event::new(kind).namespace(user.namespace, &user.name))
}
