//! Default permissions: which roles a repository grants from the start, to whom.
//!
//! A rule of an organization says: when this user or robot account (or anybody) creates a repository, that user, robot
//! account or team gets a role on it. Rules are applied in the transaction that creates the repository, whichever way that
//! is; [`apply_to_existing`] brings older repositories up to them. Of rules for the same grantee the one for this creator
//! wins over the one for anybody, and the creator's own admin role is never lowered.

mod actions;
mod apply;
mod queries;

pub use actions::{Change, Target, create, grantee, remove, set_role, team};
pub(crate) use apply::apply_to_new;
pub use apply::{Applied, apply_to_existing};
pub use queries::{Holder, Rule, find, list, rows};
