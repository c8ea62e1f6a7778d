//! Removing entries that are too old.

use diesel::prelude::*;

use super::count::counted_until;
use crate::db::Tx;
use crate::db::schema::events;
use crate::error::Result;
use crate::time::Timestamp;

/// Removes at most `at_once` entries from before `oldest_kept`; returns how many. What has not been counted stays until
/// it has. The history of tags is a table of its own and stays too. Index: `events_by_time`.
///
/// # Errors
/// As the database's.
pub fn expire_events(tx: &mut Tx<'_>, oldest_kept: Timestamp, at_once: i64) -> Result<usize> {
    let Some(counted) = counted_until(tx)? else { return Ok(0) };
    let old: Vec<i64> = events::table
        .filter(events::at.lt(oldest_kept.min(counted).0))
        .order((events::at, events::id))
        .limit(at_once)
        .select(events::id)
        .load(&mut **tx)?;
    Ok(diesel::delete(events::table.filter(events::id.eq_any(old))).execute(&mut **tx)?)
}
