//! The second step of a sign-in: a code, after a password that was right.
//!
//! Between the two nothing is stored. What the first step found out is sealed, bound to the browser it was found out for,
//! and good for a few minutes; it ends with the password it stands for.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;

use super::lockout;
use super::queries::SignInRow;
use super::sign_in::{SignIn, SignedIn};
use crate::access::Ceiling;
use crate::db::schema::{second_factors, users};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, shown};
use crate::ids::UserId;
use crate::principal::{Credential, Origin, Principal};
use crate::second_factor::{self, Factor};
use crate::time::Timestamp;
use crate::vault::{Vault, digest_of};

/// Time to fetch a device and type.
const PENDING_FOR: Duration = Duration::from_secs(300);
/// Ours have some 100 characters.
const MAX_PROOF: usize = 512;

/// A sign-in whose password was right, waiting for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    user: UserId,
    /// What the password stood for: gone once it changes.
    credentials_at: Timestamp,
    until: Timestamp,
}

/// What a code leads to.
#[derive(Debug, Clone)]
pub enum SecondStep {
    /// It was right.
    Done(SignedIn, Factor),
    /// It was wrong, or used before. Another may be tried.
    WrongCode,
    /// It took too long, or the account changed meanwhile: the password is asked for again.
    Ended,
}

impl Pending {
    pub(super) fn of(row: &SignInRow, now: Timestamp) -> Pending {
        let until = now.plus(PENDING_FOR);
        Pending { user: UserId(row.id), credentials_at: Timestamp(row.credentials_at), until }
    }

    /// As text for this browser to bring back, known by its cookie.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal(&self, vault: &Vault, browser: &str) -> Result<String> {
        let text = format!("{} {} {}", self.user.0, self.credentials_at.0, self.until.0);
        Ok(URL_SAFE_NO_PAD.encode(vault.seal(&sealed_for(browser), &text)?))
    }

    /// What was sealed for this browser; nothing if it was not.
    pub fn open(vault: &Vault, browser: &str, sealed: &str) -> Option<Pending> {
        if sealed.len() > MAX_PROOF {
            return None;
        }
        let text = vault.open(&sealed_for(browser), &URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
        let mut numbers = text.split(' ').map(str::parse::<i64>);
        let mut next = || numbers.next()?.ok();
        Some(Pending { user: UserId(next()?), credentials_at: Timestamp(next()?), until: Timestamp(next()?) })
    }
}

impl SignIn {
    /// The second step, with a code of the user's app or a recovery code. Wrong ones count as wrong passwords do.
    ///
    /// # Errors
    /// `Paused` while the account is locked; as the database's.
    pub async fn with_code(self: &Arc<Self>, pending: &Pending, code: &str, origin: &Origin) -> Result<SecondStep> {
        let (pending, code, origin, this) = (*pending, code.to_string(), origin.clone(), self.clone());
        let now = self.clock.now();
        if pending.until <= now {
            return Ok(SecondStep::Ended);
        }
        // Committed also when the code is wrong, since the failure counts.
        self.db.write(move |tx| step(tx, &this, &pending, &code, (origin.clone(), now))).await
    }
}

fn step(
    tx: &mut Tx<'_>,
    sign_in: &SignIn,
    pending: &Pending,
    code: &str,
    (origin, now): (Origin, Timestamp),
) -> Result<SecondStep> {
    let Some(name) = waiting_user(tx, pending)? else { return Ok(SecondStep::Ended) };
    let id = pending.user;
    let failures = match lockout::attempt(tx, id, now, sign_in.tolerated_failures)? {
        lockout::Attempt::Counted(failures) => failures,
        lockout::Attempt::Locked(until) => {
            return Err(Error::Paused { who: shown(&name), retry_after: until.since(now) });
        }
    };
    if let Some(factor) = second_factor::spend(tx, &sign_in.vault, now, id, code)? {
        lockout::forgive(tx, id)?;
        let principal = Principal::User { id, name: name.into() };
        let signed_in = SignedIn { principal, ceiling: Ceiling::None, credential: Credential::Password };
        return Ok(SecondStep::Done(signed_in, factor));
    }
    let ip = origin.ip.map(|ip| ip.to_string());
    tracing::warn!(username = name, failures, ip, "wrong second factor");
    lockout::record(tx, (id, &name), origin, now, ("Invalid second factor.", failures))?;
    Ok(SecondStep::WrongCode)
}

/// The name of the user who waits for their second step, if nothing changed. Index: the primary keys.
fn waiting_user(conn: &mut Conn, pending: &Pending) -> Result<Option<String>> {
    Ok(users::table
        .find(pending.user.0)
        .inner_join(second_factors::table.on(second_factors::user_id.eq(users::id)))
        .filter(users::enabled.eq(true))
        .filter(users::credentials_at.eq(pending.credentials_at.0))
        .filter(second_factors::confirmed_at.is_not_null())
        .select(users::name)
        .first(conn)
        .optional()?)
}

fn sealed_for(browser: &str) -> String {
    format!("sign-in waiting for a code {}", URL_SAFE_NO_PAD.encode(digest_of(browser)))
}
