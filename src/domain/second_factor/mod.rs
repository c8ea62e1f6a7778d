//! The second factor: codes of an authenticator app, asked for beside the password.
//!
//! Invariant: a factor counts only once its user has shown, by a code, that their app has its secret. The secret is sealed
//! with the instance key, since codes are made from it; of the recovery codes only digests are kept. No code counts twice:
//! the time step of the last one is remembered, and a recovery code goes with its use.
//!
//! `actions` is what users and superusers do about it, `spend` what a sign-in asks, `app` what the app and we agree on.
//! Who must give a code when is decided in [`crate::account::sign_in`].

mod actions;
mod app;
mod queries;
mod spend;

pub use actions::{begin, confirm, regenerate_recovery_codes, reset, switch_off};
pub use app::Secret;
pub use queries::{State, begun, state};
pub use spend::Factor;
pub(crate) use spend::spend;
