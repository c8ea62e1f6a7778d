//! Counting what was wrong, passwords and codes alike: after a few failures in a row an account is locked, longer each time.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::json;

use crate::db::Tx;
use crate::db::schema::users;
use crate::error::Result;
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, UserId};
use crate::principal::{Caller, Origin};
use crate::time::Timestamp;

/// The longest lock.
const MAX_LOCK: Duration = Duration::from_secs(300);

/// Whether somebody may try.
pub(super) enum Attempt {
    /// They may; it is counted already, as so many failures in a row.
    Counted(i32),
    /// Not before this moment.
    Locked(Timestamp),
}

/// How long an account is locked after so many failures in a row.
pub(super) fn lock_after(failures: u32, tolerated: u32) -> Option<Duration> {
    let over = failures.checked_sub(tolerated).filter(|over| *over > 0)?;
    Some(Duration::from_secs(1u64 << (over - 1).min(20)).min(MAX_LOCK))
}

/// Counts a failure and locks the account if it is one too many; returns how many there were in a row.
pub(super) fn count(tx: &mut Tx<'_>, id: UserId, now: Timestamp, tolerated: u32) -> Result<i32> {
    // Counted in the database and not from the row read before: guesses arrive in parallel.
    let failures: i32 = diesel::update(users::table.find(id.0))
        .set(users::failed_sign_ins.eq(users::failed_sign_ins + 1))
        .returning(users::failed_sign_ins)
        .get_result(&mut **tx)?;
    lock(tx, id, now, failures, tolerated)?;
    Ok(failures)
}

/// Counts an attempt as a failure before it is looked at, unless the account is locked: of guesses that arrive in parallel
/// no more are looked at than are tolerated. [`forgive`] takes it back.
pub(super) fn attempt(tx: &mut Tx<'_>, id: UserId, now: Timestamp, tolerated: u32) -> Result<Attempt> {
    let open = users::locked_until.is_null().or(users::locked_until.le(now.0));
    let failures: Option<i32> = diesel::update(users::table.find(id.0).filter(open))
        .set(users::failed_sign_ins.eq(users::failed_sign_ins + 1))
        .returning(users::failed_sign_ins)
        .get_result(&mut **tx)
        .optional()?;
    let Some(failures) = failures else {
        let until: Option<i64> = users::table.find(id.0).select(users::locked_until).first(&mut **tx)?;
        return Ok(Attempt::Locked(Timestamp(until.unwrap_or(now.0))));
    };
    lock(tx, id, now, failures, tolerated)?;
    Ok(Attempt::Counted(failures))
}

/// Forgets failures.
pub(super) fn forgive(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let forgiven = (users::failed_sign_ins.eq(0), users::locked_until.eq(None::<i64>));
    diesel::update(users::table.find(id.0)).set(forgiven).execute(&mut **tx)?;
    Ok(())
}

/// Writes down that a sign-in as this user failed: Quay's words for why, and how many did in a row.
pub(super) fn record(
    tx: &mut Tx<'_>,
    (id, name): (UserId, &str),
    origin: Origin,
    now: Timestamp,
    (message, failures): (&str, i32),
) -> Result<()> {
    let namespace: i64 = users::table.find(id.0).select(users::namespace_id).first(&mut **tx)?;
    let details =
        json!({ "type": "quayauth", "kind": "user", "username": name, "message": message, "failures": failures });
    let event = Event::new(EventKind::LoginFailure).namespace(NamespaceId(namespace), name).details(details);
    event::record(tx, &Caller::anonymous(origin), now, event)
}

fn lock(tx: &mut Tx<'_>, id: UserId, now: Timestamp, failures: i32, tolerated: u32) -> Result<()> {
    let locked = lock_after(u32::try_from(failures).unwrap_or(0), tolerated).map(|time| now.plus(time).0);
    diesel::update(users::table.find(id.0)).set(users::locked_until.eq(locked)).execute(&mut **tx)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_starts_after_the_tolerated_failures_and_doubles_up_to_five_minutes() {
        assert_eq!(lock_after(5, 5), None);
        assert_eq!(lock_after(6, 5), Some(Duration::from_secs(1)));
        assert_eq!(lock_after(9, 5), Some(Duration::from_secs(8)));
        assert_eq!(lock_after(4_000_000_000, 5), Some(MAX_LOCK));
    }
}
