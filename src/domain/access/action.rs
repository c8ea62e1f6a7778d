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

/// See how it is administered, but no secrets: admins and read-only superusers.
pub struct Inspect;

/// Something one can do to a repository.
pub trait RepositoryAction: 'static {
    /// The least role that may.
    const ROLE: RepositoryRole;
    /// The actions a registry token needs for it, as a challenge names them.
    const TOKEN_ACTIONS: &'static str;
    /// Whether a read-only superuser may too.
    const AUDITED: bool = false;
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

impl RepositoryAction for Inspect {
    const ROLE: RepositoryRole = RepositoryRole::Admin;
    const TOKEN_ACTIONS: &'static str = "*";
    const AUDITED: bool = true;
}

/// Something one can do in a namespace.
pub trait NamespaceAction: 'static {
    /// The least team role that may.
    const ROLE: TeamRole;
    /// Whether a read-only superuser may too.
    const AUDITED: bool = false;
}

impl NamespaceAction for Create {
    const ROLE: TeamRole = TeamRole::Creator;
}

impl NamespaceAction for Admin {
    const ROLE: TeamRole = TeamRole::Admin;
}

impl NamespaceAction for Read {
    const ROLE: TeamRole = TeamRole::Member;
    const AUDITED: bool = true;
}

impl NamespaceAction for Inspect {
    const ROLE: TeamRole = TeamRole::Admin;
    const AUDITED: bool = true;
}

/// Something one can do to the registry as a whole.
pub trait InstanceAction: 'static {
    /// Whether a read-only superuser may too.
    const AUDITED: bool;
}

/// Run the registry: superusers.
impl InstanceAction for Admin {
    const AUDITED: bool = false;
}

/// See how it is run: superusers and read-only superusers.
impl InstanceAction for Inspect {
    const AUDITED: bool = true;
}
