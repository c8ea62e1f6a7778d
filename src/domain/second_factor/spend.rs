//! Using a code up.

use diesel::prelude::*;

use super::app;
use crate::db::Tx;
use crate::db::schema::{recovery_codes, second_factors};
use crate::error::Result;
use crate::ids::UserId;
use crate::time::Timestamp;
use crate::vault::{Vault, digest_of};

/// What somebody proved themselves with, beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// A code of their app.
    Code,
    /// A recovery code: there is one less now.
    RecoveryCode,
}

impl Factor {
    /// Its name in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Factor::Code => "code",
            Factor::RecoveryCode => "recovery_code",
        }
    }
}

/// Uses a code of a user with an active factor up; nothing if it is none, or was used before. Whoever asks counts the
/// attempt. Index: the primary keys.
pub(crate) fn spend(
    tx: &mut Tx<'_>,
    vault: &Vault,
    now: Timestamp,
    user: UserId,
    given: &str,
) -> Result<Option<Factor>> {
    let sealed: Option<Vec<u8>> = second_factors::table
        .find(user.0)
        .filter(second_factors::confirmed_at.is_not_null())
        .select(second_factors::secret_sealed)
        .first(&mut **tx)
        .optional()?;
    let Some(sealed) = sealed else { return Ok(None) };
    let secret = vault.open(&app::sealed_as(user), &sealed)?;
    if let Some(step) = app::step_of(&secret, given, now)? {
        // The row decides, not what was read of it: the same code may be on its way twice.
        let unused = second_factors::table.find(user.0).filter(second_factors::last_step.lt(step));
        let taken = diesel::update(unused).set(second_factors::last_step.eq(step)).execute(&mut **tx)?;
        return Ok((taken == 1).then_some(Factor::Code));
    }
    let code = recovery_codes::table.find((user.0, digest_of(&app::plain(given))));
    Ok((diesel::delete(code).execute(&mut **tx)? == 1).then_some(Factor::RecoveryCode))
}
