//! What a token allows at most, whoever holds it.

use std::sync::Arc;

use super::policy::Role;
use super::role::RepositoryRole;
use super::scope::{Action, ResourceKind, ResourceScope};
use crate::db::text_enum;
use crate::oci::RepositoryName;

text_enum! {
    /// What an API access token may be used for; Quay's words.
    ApiScope {
        /// See and pull repositories.
        RepositoryRead = "repo:read",
        /// Push to them too.
        RepositoryWrite = "repo:write",
        /// Administer them too.
        RepositoryAdmin = "repo:admin",
        /// Create repositories.
        RepositoryCreate = "repo:create",
        /// Read the user's own details.
        UserRead = "user:read",
        /// Change them, and act as the user in what concerns nobody else.
        UserAdmin = "user:admin",
        /// Administer organizations.
        OrganizationAdmin = "org:admin",
        /// Use a superuser's rights.
        Superuser = "super:user",
    }
}

/// What the credentials allow at most; effective rights are the lesser of this and the holder's own.
#[derive(Debug, Clone)]
pub enum Ceiling {
    /// The holder's rights as they are.
    None,
    /// A registry token.
    Registry {
        /// The actions it names on the repositories it names.
        scopes: Arc<Vec<ResourceScope>>,
        /// Whether a superuser's rights may be used; not if it was made from an access token without them.
        superuser: bool,
    },
    /// An API access token.
    Api(Arc<Vec<ApiScope>>),
}

impl Ceiling {
    /// The highest role a holder can have on this repository.
    pub fn repository(&self, name: &RepositoryName) -> Role {
        match self {
            Ceiling::None => Some(RepositoryRole::Admin),
            Ceiling::Registry { scopes, .. } => {
                scopes.iter().filter(|scope| scope.covers(name)).filter_map(role_of).max()
            }
            Ceiling::Api(scopes) => scopes.iter().filter_map(|scope| role_of_api(*scope)).max(),
        }
    }

    /// Whether new repositories may be created under this name.
    pub fn creates(&self, name: &RepositoryName) -> bool {
        match self {
            Ceiling::Api(scopes) => scopes.contains(&ApiScope::RepositoryCreate),
            _ => self.repository(name) >= Some(RepositoryRole::Write),
        }
    }

    /// Whether a superuser's rights may be used.
    pub fn superuser(&self) -> bool {
        match self {
            Ceiling::None => true,
            Ceiling::Registry { superuser, .. } => *superuser,
            Ceiling::Api(scopes) => scopes.contains(&ApiScope::Superuser),
        }
    }

    /// Whether the list of repositories may be read.
    pub fn catalog(&self) -> bool {
        match self {
            Ceiling::None => true,
            Ceiling::Registry { scopes, .. } => {
                let catalog = |scope: &&ResourceScope| scope.kind == ResourceKind::Registry && scope.name == "catalog";
                scopes.iter().find(catalog).is_some_and(|scope| scope.actions.contains(Action::All))
            }
            Ceiling::Api(scopes) => scopes.contains(&ApiScope::RepositoryRead),
        }
    }

    /// Whether the API scope is allowed. Registry tokens allow none.
    pub fn allows(&self, scope: ApiScope) -> bool {
        match self {
            Ceiling::None => true,
            Ceiling::Registry { .. } => false,
            Ceiling::Api(scopes) => scopes.contains(&scope),
        }
    }
}

impl ResourceScope {
    fn covers(&self, name: &RepositoryName) -> bool {
        self.kind == ResourceKind::Repository && self.name == name.as_str()
    }
}

fn role_of(scope: &ResourceScope) -> Role {
    if scope.actions.contains(Action::All) {
        Some(RepositoryRole::Admin)
    } else if scope.actions.contains(Action::Push) || scope.actions.contains(Action::Delete) {
        Some(RepositoryRole::Write)
    } else if scope.actions.contains(Action::Pull) {
        Some(RepositoryRole::Read)
    } else {
        None
    }
}

fn role_of_api(scope: ApiScope) -> Role {
    match scope {
        ApiScope::RepositoryRead => Some(RepositoryRole::Read),
        ApiScope::RepositoryWrite => Some(RepositoryRole::Write),
        ApiScope::RepositoryAdmin => Some(RepositoryRole::Admin),
        _ => None,
    }
}
