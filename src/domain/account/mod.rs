//! Users: who can sign in, with what, and how wrong passwords are slowed down.
//!
//! A user owns the namespace of the same name. Passwords are kept as argon2id hashes ([`password`]); credentials that
//! programs use are long random secrets ([`crate::token`]). [`sign_in`] turns a user name and a secret into a principal.

mod actions;
mod attempt;
mod convert;
mod first;
mod lockout;
mod manage;
pub mod password;
mod profile;
mod queries;
mod queue;
mod recovery;
mod refresh;
mod replaceable;
mod second_step;
pub mod sign_in;

pub use crate::deletion::{own_account as delete_own, user as delete_user};
pub use actions::{NewUser, create, raise_standing, register, set_enabled, set_password};
pub use convert::convert_to_organization;
pub use first::{FirstUser, create_first};
pub use manage::{
    ListedToken, change_email, generated_password, list_application_tokens, list_for_superusers, require_email_free,
};
pub(crate) use profile::credentials_changed;
pub use profile::{
    Membership, Profile, ProfileChanges, TAG_EXPIRATIONS, change_profile, first_memberships, memberships, profile,
    require_unused_email,
};
pub use queries::{User, any, by_id, by_name, list};
pub use recovery::{
    Recovery, make_recovery, make_recovery_on_command_line, recovery, redeem_recovery, sweep_recoveries,
};
pub(crate) use replaceable::require_replaceable;
