//! What can be asked about second factors.

use diesel::prelude::*;

use super::app::{self, Secret};
use crate::access::{Admin, Authorized, Me};
use crate::db::Conn;
use crate::db::schema::{recovery_codes, second_factors};
use crate::error::Result;
use crate::ids::UserId;
use crate::time::Timestamp;
use crate::vault::Vault;

/// How it stands with somebody's second factor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Since when codes are asked for; nothing while they are not.
    pub active_since: Option<Timestamp>,
    /// Whether a secret was shown that waits for its first code.
    pub begun: bool,
    /// Recovery codes not used yet.
    pub recovery_codes: i64,
}

/// How it stands with the caller's. Indexes: the primary keys.
///
/// # Errors
/// As the database's.
pub fn state(conn: &mut Conn, me: &Authorized<Me, Admin>) -> Result<State> {
    let left = recovery_codes::table.filter(recovery_codes::user_id.eq(me.id.0)).count().single_value();
    let row: Option<(Option<i64>, Option<i64>)> =
        second_factors::table.find(me.id.0).select((second_factors::confirmed_at, left)).first(conn).optional()?;
    Ok(row.map_or_else(State::default, |(confirmed_at, left)| State {
        active_since: confirmed_at.map(Timestamp),
        begun: confirmed_at.is_none(),
        recovery_codes: left.unwrap_or(0),
    }))
}

/// The secret that waits for its first code, to be shown again after a wrong one; nothing once it counts.
/// Index: the primary key.
///
/// # Errors
/// `Internal` if it was sealed under another instance key.
pub fn begun(conn: &mut Conn, me: &Authorized<Me, Admin>, vault: &Vault, registry: &str) -> Result<Option<Secret>> {
    let Some(text) = waiting_secret(conn, me.id, vault)? else { return Ok(None) };
    Secret::of(text, &me.name, registry).map(Some)
}

/// The text of the secret that waits for its first code.
pub(super) fn waiting_secret(conn: &mut Conn, user: UserId, vault: &Vault) -> Result<Option<String>> {
    let sealed: Option<Vec<u8>> = second_factors::table
        .find(user.0)
        .filter(second_factors::confirmed_at.is_null())
        .select(second_factors::secret_sealed)
        .first(conn)
        .optional()?;
    sealed.map(|sealed| vault.open(&app::sealed_as(user), &sealed)).transpose()
}
