//! A name and a password being tried.

use std::sync::Arc;

use ring::hmac;

use super::queries::SignInRow;
use super::sign_in::SignIn;
use super::{lockout, password};
use crate::error::{Result, shown};
use crate::ids::UserId;
use crate::principal::Origin;
use crate::time::Timestamp;

/// One name and password on their way through.
pub(super) struct Attempt {
    sign_in: Arc<SignIn>,
    name: String,
    pub(super) row: Option<SignInRow>,
    secret: String,
    origin: Origin,
    /// What the pair is remembered by. The stored hash is part of it, so a changed password is forgotten with it.
    key: [u8; 32],
}

impl Attempt {
    pub(super) fn new(
        sign_in: &Arc<SignIn>,
        name: &str,
        row: Option<SignInRow>,
        secret: &str,
        origin: Origin,
    ) -> Attempt {
        let hash = row.as_ref().and_then(|row| row.password_hash.as_deref()).unwrap_or("");
        let text = format!("{}\0{hash}\0{secret}", row.as_ref().map_or(0, |row| row.id));
        let mut key = [0u8; 32];
        key.copy_from_slice(hmac::sign(&sign_in.remembering_key, text.as_bytes()).as_ref());
        Attempt { sign_in: sign_in.clone(), name: shown(name), row, secret: secret.to_string(), origin, key }
    }

    pub(super) fn is_remembered(&self) -> bool {
        self.row.is_some() && self.sign_in.remembered.contains_key(&self.key)
    }

    /// Names that nobody has are locked like those of users, so that a lock does not tell which exist.
    pub(super) fn locked_until(&self) -> Option<Timestamp> {
        match &self.row {
            Some(row) => row.locked_until.map(Timestamp),
            None => self.sign_in.unknown.get(&self.name).and_then(|(_, until)| until),
        }
    }

    /// Takes a core for some 20 ms. The same pair, tried several times at once, is hashed once.
    pub(super) fn verify(&self) -> bool {
        let hash = self.row.as_ref().and_then(|row| row.password_hash.as_deref());
        let right = || password::verify(&self.secret, hash).then_some(());
        self.sign_in.remembered.optionally_get_with(self.key, right).is_some()
    }

    pub(super) async fn count_failure(&self) -> Result<()> {
        let (now, tolerated) = (self.sign_in.clock.now(), self.sign_in.tolerated_failures);
        let Some(row) = &self.row else {
            let failures = self.sign_in.unknown.get(&self.name).map_or(0, |(failures, _)| failures) + 1;
            let until = lockout::lock_after(failures, tolerated).map(|time| now.plus(time));
            self.sign_in.unknown.insert(self.name.clone(), (failures, until));
            return Ok(());
        };
        let (id, name, origin) = (UserId(row.id), row.name.clone(), self.origin.clone());
        let failures = self.sign_in.db.write_relaxed(move |tx| {
            let failures = lockout::count(tx, id, now, tolerated)?;
            lockout::record(tx, (id, &name), origin.clone(), now, ("Invalid Username or Password.", failures))?;
            Ok(failures)
        });
        let failures = failures.await?;
        let ip = self.origin.ip.map(|ip| ip.to_string());
        tracing::warn!(username = self.name, failures, ip, "wrong password");
        Ok(())
    }
}
