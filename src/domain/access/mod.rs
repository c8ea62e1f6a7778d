//! Who may do what.
//!
//! Three steps in three places: a door proves *who* is asking and makes a [`Caller`](crate::principal::Caller);
//! [`lookup`] loads the resource and the facts about the caller in one query; [`policy`] decides, as a pure function. What
//! comes out is an [`Authorized`] value, which functions that change something demand in their signature. Nothing
//! outside this module can make one.
//!
//! Refusals leak nothing: what the caller may not read is "not found".

mod action;
mod authorized;
mod ceiling;
mod contents;
mod facts;
pub(crate) mod jwt;
mod lookup;
pub mod policy;
pub mod registry_token;
mod role;
mod scope;
mod standing;

pub use action::{Admin, Create, Inspect, InstanceAction, NamespaceAction, Read, RepositoryAction, Write};
pub use authorized::{Authorized, Instance, Me};
pub use ceiling::{ApiScope, Ceiling};
pub(crate) use lookup::no_namespace;
pub use lookup::{Access, PushTarget, Rules};
pub use role::{RepositoryRole, RepositoryState, Standing, TeamRole, Visibility};
pub use scope::{Action, Actions, ResourceKind, ResourceScope, ScopeError, parse_scopes};
