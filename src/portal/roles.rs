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
