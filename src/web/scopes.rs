//! What a token may be used for, in words for people: the API and the consent page say the same.

use domain::access::ApiScope;

/// A scope in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeWords {
    /// The scope.
    pub scope: ApiScope,
    /// A heading.
    pub title: &'static str,
    /// What whoever holds the token can do.
    pub description: &'static str,
    /// A picture, by the name Quay's pages know.
    pub icon: &'static str,
    /// Whether harm can be done with it that is hard to undo.
    pub dangerous: bool,
}

/// The words for a scope.
pub fn words(scope: ApiScope) -> ScopeWords {
    let (title, description, icon, dangerous) = match scope {
        ApiScope::RepositoryRead => (
            "View all visible repositories",
            "This application will be able to view and pull all repositories visible to the granting user",
            "fa-hdd-o",
            false,
        ),
        ApiScope::RepositoryWrite => (
            "Read/Write to any accessible repositories",
            "This application will be able to view, push and pull to all repositories to which the granting user has \
             write access",
            "fa-hdd-o",
            false,
        ),
        ApiScope::RepositoryAdmin => (
            "Administer Repositories",
            "This application will be able to administer all repositories of which the granting user is an admin, \
             deletion included",
            "fa-hdd-o",
            false,
        ),
        ApiScope::RepositoryCreate => (
            "Create Repositories",
            "This application will be able to create repositories in all namespaces that the granting user is allowed \
             to create repositories",
            "fa-plus",
            false,
        ),
        ApiScope::UserRead => (
            "Read User Information",
            "This application will be able to read the granting user's name and e-mail address",
            "fa-user",
            false,
        ),
        ApiScope::UserAdmin => (
            "Administer User",
            "This application will be able to change the granting user's account and create organizations and robot \
             accounts for it",
            "fa-gear",
            true,
        ),
        ApiScope::OrganizationAdmin => (
            "Administer Organization",
            "This application will be able to administer the granting user's organizations: robot accounts with their \
             tokens, teams and their members, deletion included",
            "fa-gear",
            true,
        ),
        ApiScope::Superuser => (
            "Super User Access",
            "This application will be able to run the whole registry as the granting user does, all users and their \
             repositories included",
            "fa-street-view",
            true,
        ),
    };
    ScopeWords { scope, title, description, icon, dangerous }
}
