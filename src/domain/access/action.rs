//! What a request wants to do, as types: the second parameter of [`Authorized`](super::Authorized).

use super::role::{RepositoryRole, TeamRole};

/// Pull and look.
pub struct Read;
/// Push, tag, delete content.
pub struct Write;
/// Grant, change settings.
pub struct Admin;
/// Create repositories.
pub struct Create;

/// Something one can do to a repository.
pub trait RepositoryAction: 'static {
    /// The least role that may.
    const ROLE: RepositoryRole;
    /// The actions a registry token needs for it, as a challenge names them.
    const TOKEN_ACTIONS: &'static str;
}

impl RepositoryAction for Read {
    const ROLE: RepositoryRole = RepositoryRole::Read;
    const TOKEN_ACTIONS: &'static str = "pull";
}

impl RepositoryAction for Write {
    const ROLE: RepositoryRole = RepositoryRole::Write;
    const TOKEN_ACTIONS: &'static str = "pull,push";
}

impl RepositoryAction for Admin {
    const ROLE: RepositoryRole = RepositoryRole::Admin;
    const TOKEN_ACTIONS: &'static str = "*";
}

/// Something one can do in a namespace.
pub trait NamespaceAction: 'static {
    /// The least team role that may.
    const ROLE: TeamRole;
}

impl NamespaceAction for Create {
    const ROLE: TeamRole = TeamRole::Creator;
}

impl NamespaceAction for Admin {
    const ROLE: TeamRole = TeamRole::Admin;
}
