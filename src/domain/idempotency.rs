//! Requests sent twice: the answer to the first is kept, sealed, and given again.
//!
//! A row is written before the work and completed after it. Between the two it says that somebody is at it; if they
//! never finish, the key is free again after [`ABANDONED_AFTER`]. The work itself commits on its own, so a process that
//! dies in between may do it once more: what is created by name then says that it exists.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::idempotency_keys;
use crate::error::{Error, Result};
use crate::on_backend;
use crate::time::Timestamp;
use crate::vault::Vault;

/// How long an answer is kept at most.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);
/// How long a request may take before its key is free again.
pub const ABANDONED_AFTER: Duration = Duration::from_secs(300);

const SEALED_AS: &str = "answer to a request sent twice";

/// Whose key, and what they asked under it.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The principal with the credential it came with: another token of the same user has keys of its own.
    pub holder: String,
    /// What the client sent.
    pub key: String,
    /// SHA-256 of the request.
    pub request: Vec<u8>,
    /// For how long the same is answered again: [`KEPT_FOR`] or less.
    pub kept_for: Duration,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody had it; do the work and [`keep`] or [`release`].
    Yours,
    /// It was done: status and answer.
    Done(u16, String),
    /// Somebody is at it.
    InProgress,
    /// The key was used for another request.
    AnotherRequest,
}

/// Claims a key. Index: `idempotency_keys` primary key.
///
/// # Errors
/// As the database's and as [`Vault::open`].
pub fn claim(tx: &mut Tx<'_>, vault: &Vault, now: Timestamp, claim: &Claim) -> Result<Claimed> {
    use idempotency_keys as k;
    let row = (
        k::holder.eq(&claim.holder),
        k::key.eq(&claim.key),
        k::request_digest.eq(&claim.request),
        k::created_at.eq(now.0),
    );
    // Twice, since a key may end between the two statements.
    for _ in 0..2 {
        let new = on_backend!(&mut *tx, c => diesel::insert_into(k::table)
            .values(row).on_conflict_do_nothing().execute(c))?;
        if new == 1 {
            return Ok(Claimed::Yours);
        }
        type Row = (Vec<u8>, Option<i32>, Option<String>, i64);
        let known: Option<Row> = k::table
            .find((&claim.holder, &claim.key))
            .select((k::request_digest, k::status, k::answer, k::created_at))
            .first(&mut **tx)
            .optional()?;
        let Some((request, status, answer, since)) = known else { continue };
        let lifetime = if status.is_some() { claim.kept_for } else { ABANDONED_AFTER };
        if now >= Timestamp(since).plus(lifetime) {
            let over = k::table.find((&claim.holder, &claim.key)).filter(k::created_at.eq(since));
            diesel::delete(over).execute(&mut **tx)?;
            continue;
        }
        if request != claim.request {
            return Ok(Claimed::AnotherRequest);
        }
        return match (status, answer) {
            (Some(status), Some(answer)) => done(vault, status, &answer),
            _ => Ok(Claimed::InProgress),
        };
    }
    Ok(Claimed::InProgress)
}

fn done(vault: &Vault, status: i32, answer: &str) -> Result<Claimed> {
    let damaged = || Error::internal("replaying an answer", "what was kept is damaged");
    let sealed = STANDARD.decode(answer).map_err(|_| damaged())?;
    let status = u16::try_from(status).map_err(|_| damaged())?;
    Ok(Claimed::Done(status, vault.open(SEALED_AS, &sealed)?))
}

/// Keeps the answer. It may hold secrets, so it is sealed.
///
/// # Errors
/// As the database's and as [`Vault::seal`].
pub fn keep(tx: &mut Tx<'_>, vault: &Vault, claim: &Claim, status: u16, answer: &str) -> Result<()> {
    use idempotency_keys as k;
    let sealed = STANDARD.encode(vault.seal(SEALED_AS, answer)?);
    diesel::update(k::table.find((&claim.holder, &claim.key)).filter(k::status.is_null()))
        .set((k::status.eq(i32::from(status)), k::answer.eq(sealed)))
        .execute(&mut **tx)?;
    Ok(())
}

/// Frees the key: nothing was done under it.
///
/// # Errors
/// As the database's.
pub fn release(tx: &mut Tx<'_>, claim: &Claim) -> Result<()> {
    use idempotency_keys as k;
    diesel::delete(k::table.find((&claim.holder, &claim.key)).filter(k::status.is_null())).execute(&mut **tx)?;
    Ok(())
}

/// Forgets answers that are too old, at most `at_once`; returns how many. Index: `idempotency_keys_by_age`.
///
/// # Errors
/// As the database's.
pub fn expire(tx: &mut Tx<'_>, now: Timestamp, at_once: i64) -> Result<usize> {
    use idempotency_keys as k;
    let old: Vec<(String, String)> = k::table
        .filter(k::created_at.le(now.minus(KEPT_FOR).0))
        .order(k::created_at)
        .limit(at_once)
        .select((k::holder, k::key))
        .load(&mut **tx)?;
    for row in &old {
        diesel::delete(k::table.find((&row.0, &row.1)).filter(k::created_at.le(now.minus(KEPT_FOR).0)))
            .execute(&mut **tx)?;
    }
    Ok(old.len())
}
