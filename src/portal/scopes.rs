//! What a token may be used for, in the reader's language.

use domain::access::ApiScope;

use crate::web::scopes;

/// A scope that can be chosen in a form.
pub struct Offered {
    /// As tokens have it.
    pub word: &'static str,
    /// Its name's key.
    pub title: &'static str,
    /// The key of what it allows.
    pub description: &'static str,
    /// Whether harm can be done with it that is hard to undo.
    pub is_dangerous: bool,
    /// Whether it is ticked.
    pub is_chosen: bool,
}

/// The scopes that somebody may choose from; those in `chosen` are ticked.
pub fn offered(is_operator: bool, chosen: &[String]) -> Vec<Offered> {
    let may = ApiScope::ALL.iter().copied().filter(|scope| is_operator || *scope != ApiScope::Superuser);
    may.map(|scope| offer(scope, chosen)).collect()
}

/// The scopes that a form names, or the key of what is wrong with them.
pub fn chosen(is_operator: bool, words: &[String]) -> Result<Vec<ApiScope>, &'static str> {
    let scopes: Vec<ApiScope> = words.iter().filter_map(|word| ApiScope::from_word(word)).collect();
    if scopes.is_empty() || scopes.len() < words.len() {
        return Err("applications-no-scope");
    }
    if !is_operator && scopes.contains(&ApiScope::Superuser) {
        return Err("applications-no-superuser");
    }
    Ok(scopes)
}

/// The keys of a scope's name and of what it allows.
pub fn keys(scope: ApiScope) -> (&'static str, &'static str) {
    match scope {
        ApiScope::RepositoryRead => ("applications-scope-repo-read", "applications-scope-repo-read-text"),
        ApiScope::RepositoryWrite => ("applications-scope-repo-write", "applications-scope-repo-write-text"),
        ApiScope::RepositoryAdmin => ("applications-scope-repo-admin", "applications-scope-repo-admin-text"),
        ApiScope::RepositoryCreate => ("applications-scope-repo-create", "applications-scope-repo-create-text"),
        ApiScope::UserRead => ("applications-scope-user-read", "applications-scope-user-read-text"),
        ApiScope::UserAdmin => ("applications-scope-user-admin", "applications-scope-user-admin-text"),
        ApiScope::OrganizationAdmin => ("applications-scope-org-admin", "applications-scope-org-admin-text"),
        ApiScope::Superuser => ("applications-scope-super-user", "applications-scope-super-user-text"),
    }
}

/// A scope; one of those in `chosen` is ticked.
pub fn offer(scope: ApiScope, chosen: &[String]) -> Offered {
    let (title, description) = keys(scope);
    Offered {
        word: scope.as_str(),
        title,
        description,
        is_dangerous: scopes::words(scope).dangerous,
        is_chosen: chosen.iter().any(|chosen| chosen == scope.as_str()),
    }
}
