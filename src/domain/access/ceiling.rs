//! What a token allows at most, whoever holds it.

use std::sync::Arc;

use super::policy::Role;
use super::role::RepositoryRole;
use super::scope::{Action, ResourceKind, ResourceScope};
use crate::db::text_enum;
use crate::error::{Error, Result, shown};
use crate::oci::RepositoryName;
use crate::sentence::sentence;

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

impl ApiScope {
    /// The scopes in a list such as `repo:read user:read`, separated by blanks or commas, each once.
    ///
    /// # Errors
    /// `Invalid`, naming the first word that is no scope, or saying that there is none.
    pub fn parse_list(text: &str) -> Result<Vec<ApiScope>> {
        let mut scopes = Vec::new();
        for word in text.split([' ', ',', '\t', '\n', '\r']).filter(|word| !word.is_empty()) {
            let scope = ApiScope::from_word(word)
                .ok_or_else(|| Error::invalid("scope", format!("Invalid scope: {}", shown(word))))?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        match scopes.is_empty() {
            true => {
                Err(Error::invalid("scope", sentence!("said-scopes", "Name at least one scope, such as repo:read")))
            }
            false => Ok(scopes),
        }
    }

    /// The list that [`ApiScope::parse_list`] reads.
    pub fn list(scopes: &[ApiScope]) -> String {
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        words.join(" ")
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

impl Ceiling {
    /// Whether a token with this scope would allow nothing that these credentials do not.
    pub fn covers(&self, scope: ApiScope) -> bool {
        use ApiScope::{RepositoryAdmin, RepositoryRead, RepositoryWrite, UserAdmin, UserRead};
        let stronger: &[ApiScope] = match scope {
            RepositoryRead => &[RepositoryWrite, RepositoryAdmin],
            RepositoryWrite => &[RepositoryAdmin],
            UserRead => &[UserAdmin],
            _ => &[],
        };
        self.allows(scope) || stronger.iter().any(|scope| self.allows(*scope))
    }

    /// Whether these credentials allow everything their holder may do, so that making a password of them is no gain.
    pub fn is_unlimited(&self) -> bool {
        ApiScope::ALL.iter().all(|scope| self.covers(*scope))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn token(scopes: &[ApiScope]) -> Ceiling {
        Ceiling::Api(Arc::new(scopes.to_vec()))
    }

    #[test]
    fn a_list_of_scopes_has_blanks_or_commas() {
        let read = ApiScope::parse_list("repo:read,user:read  repo:read").unwrap();

        assert_eq!(read, [ApiScope::RepositoryRead, ApiScope::UserRead]);
        assert_eq!(ApiScope::list(&read), "repo:read user:read");
        assert_eq!(
            ApiScope::parse_list("repo:read bogus:scope").unwrap_err().to_string(),
            "Invalid scope: bogus:scope"
        );
        assert!(ApiScope::parse_list(" , ").is_err());
    }

    #[test]
    fn a_token_covers_what_its_scopes_contain() {
        let admin = token(&[ApiScope::RepositoryAdmin]);

        assert!(admin.covers(ApiScope::RepositoryRead) && admin.covers(ApiScope::RepositoryWrite));
        assert!(!admin.covers(ApiScope::RepositoryCreate) && !admin.is_unlimited());
        assert!(!token(&[ApiScope::RepositoryRead]).covers(ApiScope::RepositoryWrite));
        assert!(Ceiling::None.is_unlimited() && token(ApiScope::ALL).is_unlimited());
    }
}
