//! OAuth applications of organizations, and what people let them do.
//!
//! An application gets a token in three ways: a user consents and the token goes to its address at once ([`grant_token`],
//! the implicit flow) or by way of a code ([`grant_code`], [`exchange`]); or an admin of its organization makes one
//! ([`mint`]). Whatever the way, the token stands for the user who consented or made it and is a row of
//! [`tokens`](crate::token): it allows no more than that user may do.
//!
//! Invariant: an address is sent a token or code only if [`redirect::matches`] says so for the registered one.

mod application;
mod code;
mod grant;
mod minted;
pub mod redirect;

use std::time::Duration;

pub use application::{Application, Details, Public, change, create, delete, find, list, public, reset_secret};
pub use code::{Consent, Exchange, ExchangeError, exchange, grant_code, sweep_codes};
pub use grant::{Grant, find_grant, grant_token, grants, revoke_grant};
pub use minted::{MOST_MINTED, mint, minted, revoke_minted};

/// How long a token is good unless less is asked for: Quay's ten years.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(315_576_000);

/// A token just made.
pub struct Issued {
    /// The only time it is seen.
    pub secret: String,
    /// How long it is good.
    pub lifetime: Duration,
    /// What it may be used for.
    pub scopes: Vec<crate::access::ApiScope>,
}
