//! A new password without the old one: a link that a superuser or whoever runs the registry makes and hands over.
//!
//! The link's secret is shown once, of which only a digest is kept. It is good for a day and for one password, and there
//! is one for each user: another takes its place. A second factor stays: the link stands for the password alone.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::json;

use super::actions::replace_password;
use super::queries::{self, User};
use crate::access::{Admin, Authorized, Instance};
use crate::db::schema::{password_recoveries, users};
use crate::db::{Conn, Tx};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::UserId;
use crate::principal::{Caller, Origin, Principal};
use crate::sentence::sentence;
use crate::session;
use crate::time::Timestamp;
use crate::vault::digest_of;

/// Begins every link's secret.
const PREFIX: &str = "phl_";
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// A link that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Whose password it sets.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Makes a link for a user, in place of one they may have; returns its secret, the only time it is seen, and until when
/// it is good. Index: `users.name`.
///
/// # Errors
/// `NotFound`; `Refused` for a disabled user.
pub fn make_recovery(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
    name: &str,
) -> Result<(String, Timestamp)> {
    make(tx, instance.caller(), entropy, now, name)
}

/// As [`make_recovery`], for whoever runs the program and its database.
///
/// # Errors
/// As [`make_recovery`].
pub fn make_recovery_on_command_line(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    now: Timestamp,
    name: &str,
) -> Result<(String, Timestamp)> {
    make(tx, &Caller::system("command line"), entropy, now, name)
}

/// Whose password this secret sets, if it is good; it stays so. Index: `password_recoveries.digest`.
///
/// # Errors
/// As the database's.
pub fn recovery(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Option<Recovery>> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    let row: Option<(i64, String, i64)> = password_recoveries::table
        .inner_join(users::table.on(users::id.eq(password_recoveries::user_id)))
        .filter(password_recoveries::digest.eq(digest_of(secret)))
        .filter(password_recoveries::expires_at.gt(now.0))
        .filter(users::enabled.eq(true))
        .select((users::id, users::name, password_recoveries::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, user_name, expires_at)| Recovery {
        user: UserId(id),
        user_name,
        expires_at: Timestamp(expires_at),
    }))
}

/// Sets the password of the secret's user and uses the secret up. All their sessions end, and what else the old password
/// opened. `hash` is made beforehand, see [`super::password::hash`].
///
/// # Errors
/// `NotFound` in the same words for a secret that is wrong, used or too old.
pub fn redeem_recovery(tx: &mut Tx<'_>, secret: &str, hash: &str, origin: &Origin, now: Timestamp) -> Result<Recovery> {
    let found = recovery(tx, secret, now)?.ok_or(Error::NotFound(Thing::Recovery))?;
    // Two may hold the same link; the row says who is first.
    let this = password_recoveries::table.find(found.user.0).filter(password_recoveries::digest.eq(digest_of(secret)));
    if diesel::delete(this).execute(&mut **tx)? == 0 {
        return Err(Error::NotFound(Thing::Recovery));
    }
    replace_password(tx, found.user, now, hash)?;
    session::end_all_but(tx, found.user, None)?;
    let user = queries::by_id(tx, found.user)?;
    let principal = Principal::User { id: user.id, name: user.name.as_str().into() };
    let caller = Caller { principal, ..Caller::anonymous(origin.clone()) };
    record(tx, &caller, now, (EventKind::AccountRecover, &user), json!({}))?;
    Ok(found)
}

/// Removes the links that ended before `now`, at most `limit`; returns how many. Index: `password_recoveries_by_expiry`.
///
/// # Errors
/// As the database's.
pub fn sweep_recoveries(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<usize> {
    let over: Vec<i64> = password_recoveries::table
        .filter(password_recoveries::expires_at.lt(now.0))
        .select(password_recoveries::user_id)
        .order(password_recoveries::expires_at)
        .limit(limit)
        .load(&mut **tx)?;
    let over = password_recoveries::table
        .filter(password_recoveries::user_id.eq_any(over))
        .filter(password_recoveries::expires_at.lt(now.0));
    Ok(diesel::delete(over).execute(&mut **tx)?)
}

fn make(
    tx: &mut Tx<'_>,
    caller: &Caller,
    entropy: &dyn Entropy,
    now: Timestamp,
    name: &str,
) -> Result<(String, Timestamp)> {
    let user = queries::by_name(tx, name)?;
    if !user.enabled {
        return Err(Error::refused(sentence!(
            "said-disabled",
            "{name} is disabled; enable the user first",
            name = name
        )));
    }
    let (secret, expires_at) = (entropy::secret_with_prefix(entropy, PREFIX), now.plus(LIFETIME));
    diesel::delete(password_recoveries::table.find(user.id.0)).execute(&mut **tx)?;
    diesel::insert_into(password_recoveries::table)
        .values((
            password_recoveries::user_id.eq(user.id.0),
            password_recoveries::digest.eq(digest_of(&secret)),
            password_recoveries::created_at.eq(now.0),
            password_recoveries::expires_at.eq(expires_at.0),
        ))
        .execute(&mut **tx)?;
    let details = json!({ "username": user.name, "superuser": caller.principal.name() });
    record(tx, caller, now, (EventKind::UserCreateRecovery, &user), details)?;
    Ok((secret, expires_at))
}

fn record(
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
    (kind, user): (EventKind, &User),
    details: serde_json::Value,
) -> Result<()> {
    event::record(tx, caller, now, Event::new(kind).namespace(user.namespace, &user.name).details(details))
}
