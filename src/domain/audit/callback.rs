//! Telling a program that the export it asked for can be fetched.
//!
//! A callback is tried until it answers well, more and more rarely, at most [`TRIES`] times. In several processes at
//! once it may be told twice; each time it is told the same.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::export::Export;
use crate::access::{Admin, Authorized, Inspect, Instance};
use crate::db::schema::log_exports;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, shown};
use crate::time::Timestamp;
use crate::vault::Vault;

/// How often one is tried: over about four hours.
pub const TRIES: i64 = 9;
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const PURPOSE: &str = "links to exported logs";
const MAX_ERROR: usize = 300;

/// Sends messages to addresses that a user named.
pub trait Callbacks: Send + Sync {
    /// POSTs this as JSON; succeeds if the answer is a 2xx.
    ///
    /// # Errors
    /// Why it did not arrive, in words for whoever named the address.
    fn post<'a>(&'a self, url: &'a str, message: &'a Value) -> BoxFuture<'a, Result<(), String>>;
}

impl Export {
    /// What the callback is told, in Quay's words.
    ///
    /// # Errors
    /// As [`Vault::stamper`].
    pub fn message(&self, vault: &Vault) -> Result<Value> {
        let mut message = self.details();
        message["export_id"] = json!(self.uuid);
        message["exported_data_url"] = json!(self.link(vault)?);
        message["status"] = json!("success");
        Ok(message)
    }

    /// What it is of; days are written MM/DD/YYYY.
    pub fn details(&self) -> Value {
        let path = self.repository_name.as_deref().and_then(|name| name.split_once('/')).map(|(_, path)| path);
        json!({
            "start_time": day(self.from_at),
            "end_time": day(self.until_at),
            "namespace": self.namespace_name,
            "repository": path,
        })
    }

    fn link(&self, vault: &Vault) -> Result<String> {
        let key = URL_SAFE_NO_PAD.encode(vault.stamper(PURPOSE)?.stamp(&self.uuid));
        Ok(format!("{}/exportedlogs/{}?key={key}", self.base_url, self.uuid))
    }
}

/// Whether this is the key in the link to the export of that name.
///
/// # Errors
/// As [`Vault::stamper`].
pub fn is_key(vault: &Vault, uuid: &str, key: &str) -> Result<bool> {
    let key = URL_SAFE_NO_PAD.decode(key).unwrap_or_default();
    Ok(vault.stamper(PURPOSE)?.holds(uuid, &key))
}

/// Exports whose callback is to be tried now, those that wait longest first, at most `limit`. Index:
/// `log_exports_by_callback`.
///
/// # Errors
/// As the database's.
pub fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Export>> {
    use log_exports as x;
    Ok(x::table.filter(x::callback_due_at.le(now.0)).order(x::callback_due_at).limit(limit).load(conn)?)
}

/// Exports whose callback failed and did not arrive since, the newest first, before the row `before`, at most `limit`.
/// Index: `log_exports_failing`.
///
/// # Errors
/// As the database's.
pub fn failing(
    conn: &mut Conn,
    _: &Authorized<Instance, Inspect>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Export>> {
    use log_exports as x;
    Ok(x::table
        .filter(x::callback_error.is_not_null())
        .filter(x::told_at.is_null())
        .filter(x::id.lt(before.unwrap_or(i64::MAX)))
        .order(x::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// Has a callback that failed tried again at once, and as often as a new one.
///
/// # Errors
/// `Invalid` if there is no such export, or nothing of it failed.
pub fn retry(tx: &mut Tx<'_>, _: &Authorized<Instance, Admin>, now: Timestamp, uuid: &str) -> Result<()> {
    use log_exports as x;
    let failed = x::table.filter(x::uuid.eq(uuid)).filter(x::callback_error.is_not_null()).filter(x::told_at.is_null());
    let due = (x::callback_due_at.eq(now.0), x::callback_tries.eq(0));
    if diesel::update(failed).set(due).execute(&mut **tx)? == 0 {
        return Err(Error::invalid("export", format!("No callback of an export {} failed", shown(uuid))));
    }
    Ok(())
}

/// Notes how a try went.
///
/// # Errors
/// As the database's.
pub fn note(tx: &mut Tx<'_>, export: &Export, now: Timestamp, outcome: Result<(), String>) -> Result<()> {
    use log_exports as x;
    let tries = export.callback_tries + 1;
    let row = diesel::update(x::table.find(export.id));
    match outcome {
        Ok(()) => row
            .set((x::told_at.eq(now.0), x::callback_tries.eq(tries), x::callback_due_at.eq(None::<i64>)))
            .execute(&mut **tx)?,
        Err(why) => {
            let why: String = why.chars().take(MAX_ERROR).collect();
            let due = (tries < TRIES).then(|| now.plus(pause(tries)).0);
            row.set((x::callback_error.eq(why), x::callback_tries.eq(tries), x::callback_due_at.eq(due)))
                .execute(&mut **tx)?
        }
    };
    Ok(())
}

/// After that many tries: one minute, two, four …
fn pause(tries: i64) -> Duration {
    let doublings = u32::try_from(tries - 1).unwrap_or(0).min(10);
    FIRST_PAUSE * 2_u32.pow(doublings)
}

fn day(at: i64) -> String {
    let moment = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(at).unwrap_or(0));
    let text = humantime::format_rfc3339_seconds(moment).to_string();
    format!("{}/{}/{}", &text[5..7], &text[8..10], &text[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_month_first() {
        assert_eq!(day(1_795_478_400_000), "11/24/2026");
        assert_eq!(day(0), "01/01/1970");
    }

    #[test]
    fn tries_get_rare_and_end_while_the_link_is_good() {
        let pauses: Vec<u64> = (1..TRIES).map(|tries| pause(tries).as_secs() / 60).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128]);
    }
}
