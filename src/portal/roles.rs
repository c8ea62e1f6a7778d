//! Roles in forms and lists: what they are called, and which is chosen.

use std::borrow::Borrow;

use domain::access::{RepositoryRole, TeamRole};

/// What a role is called, as a key of the texts.
pub fn role_key(role: TeamRole) -> &'static str {
    match role {
        TeamRole::Member => "role-member",
        TeamRole::Creator => "role-creator",
        TeamRole::Admin => "role-admin",
    }
}

/// What a permission on a repository is called, as a key of the texts.
pub fn permission_key(role: RepositoryRole) -> &'static str {
    match role {
        RepositoryRole::Read => "permission-read",
        RepositoryRole::Write => "permission-write",
        RepositoryRole::Admin => "permission-admin",
    }
}

/// What somebody has or needs, in the domain's word for it, as a key of the texts.
pub fn word_key(word: &str) -> &'static str {
    match word.to_ascii_lowercase().as_str() {
        "read" => permission_key(RepositoryRole::Read),
        "write" => permission_key(RepositoryRole::Write),
        "admin" => permission_key(RepositoryRole::Admin),
        "member" => role_key(TeamRole::Member),
        "creator" => role_key(TeamRole::Creator),
        "superuser" => "admin-superuser",
        "read_only_superuser" => "admin-read-only-superuser",
        _ => "permission-none",
    }
}

/// One of a few that a form offers.
pub struct Choice {
    /// What is sent.
    pub value: &'static str,
    /// What it is called, as a key of the texts.
    pub label: &'static str,
    /// Whether it is what there is now.
    pub chosen: bool,
}

/// The roles a team can have.
pub fn team_roles(now: impl Borrow<TeamRole>) -> Vec<Choice> {
    let choice = |role: TeamRole| Choice { value: role.as_str(), label: role_key(role), chosen: role == *now.borrow() };
    TeamRole::ALL.iter().copied().map(choice).collect()
}

/// The roles one can have on a repository.
pub fn permissions(now: impl Borrow<RepositoryRole>) -> Vec<Choice> {
    let choice = |role: RepositoryRole| Choice {
        value: role.as_str(),
        label: permission_key(role),
        chosen: role == *now.borrow(),
    };
    RepositoryRole::ALL.iter().copied().map(choice).collect()
}
