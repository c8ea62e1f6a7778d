//! The rules. The only place they are written: pure functions from facts to a role.
//!
//! In order of strength:
//! 1. A disabled user, and a robot whose owner is a disabled user, may do nothing that needs credentials.
//! 2. A superuser is admin of everything. A read-only superuser reads everything and changes no repository and no
//!    namespace, not even their own. Their account stays theirs to look after: password, address, names, sessions, tokens,
//!    consents, stars ([`Access::myself`](super::Access::myself)); what they make of it allows no more than they may do.
//! 3. The owner of a user namespace, and members of an organization's admin teams, are admins of all that is in it.
//! 4. Everybody else has the highest role granted to them or to a team of theirs.
//! 5. Anybody may read a public repository.
//!
//! Robots hold grants and team memberships like users do; owning nothing, they are never admin by rule 3 unless their
//! team is.

use super::role::{RepositoryRole, Standing, TeamRole, Visibility};

/// A role or none.
pub type Role = Option<RepositoryRole>;

/// What the policy needs to know about one caller and one namespace or repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Whether credentials of this caller still count.
    pub active: bool,
    /// How the caller stands to the registry.
    pub standing: Standing,
    /// Whether the namespace is the caller's own.
    pub owns_namespace: bool,
    /// The caller's highest role in the organization's teams.
    pub team_role: Option<TeamRole>,
    /// The highest role granted to the caller, or to a team of theirs, on the repository.
    pub granted: Role,
    /// Who may pull the repository without a grant.
    pub visibility: Visibility,
}

impl Facts {
    /// What is known of somebody without credentials.
    pub fn anonymous(visibility: Visibility) -> Facts {
        Facts {
            active: true,
            standing: Standing::Plain,
            owns_namespace: false,
            team_role: None,
            granted: None,
            visibility,
        }
    }
}

/// The caller's role on a repository, or none if they may not know of it.
pub fn repository_role(facts: &Facts) -> Role {
    if !facts.active {
        return None;
    }
    let public = (facts.visibility == Visibility::Public).then_some(RepositoryRole::Read);
    match facts.standing {
        Standing::Superuser => Some(RepositoryRole::Admin),
        Standing::ReadOnlySuperuser => Some(RepositoryRole::Read),
        Standing::Plain if namespace_role(facts) == Some(TeamRole::Admin) => Some(RepositoryRole::Admin),
        Standing::Plain => facts.granted.max(public),
    }
}

/// The caller's role in a namespace; the owner of a user namespace counts as its admin.
pub fn namespace_role(facts: &Facts) -> Option<TeamRole> {
    match facts.standing {
        _ if !facts.active => None,
        Standing::Superuser => Some(TeamRole::Admin),
        Standing::ReadOnlySuperuser => None,
        Standing::Plain if facts.owns_namespace => Some(TeamRole::Admin),
        Standing::Plain => facts.team_role,
    }
}

/// The facts as they count for a token that does not carry a superuser's rights. A read-only superuser still changes
/// nothing.
#[must_use]
pub fn without_standing(facts: &Facts) -> Facts {
    match facts.standing {
        Standing::Plain | Standing::Superuser => Facts { standing: Standing::Plain, ..*facts },
        Standing::ReadOnlySuperuser => {
            let plain = Facts { standing: Standing::Plain, ..*facts };
            let granted = repository_role(&plain).map(|role| role.min(RepositoryRole::Read));
            Facts { granted, team_role: None, owns_namespace: false, ..plain }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Facts {
        Facts::anonymous(Visibility::Private)
    }

    #[test]
    fn a_stranger_reads_public_repositories_only() {
        assert_eq!(repository_role(&plain()), None);
        assert_eq!(repository_role(&Facts::anonymous(Visibility::Public)), Some(RepositoryRole::Read));
    }

    #[test]
    fn a_grant_counts_and_a_higher_one_wins_over_public() {
        let facts = Facts { granted: Some(RepositoryRole::Write), visibility: Visibility::Public, ..plain() };
        assert_eq!(repository_role(&facts), Some(RepositoryRole::Write));
    }

    #[test]
    fn owners_and_admin_teams_administer_everything_in_the_namespace() {
        let owner = Facts { owns_namespace: true, ..plain() };
        let admin = Facts { team_role: Some(TeamRole::Admin), ..plain() };
        let creator = Facts { team_role: Some(TeamRole::Creator), ..plain() };
        assert_eq!(repository_role(&owner), Some(RepositoryRole::Admin));
        assert_eq!(repository_role(&admin), Some(RepositoryRole::Admin));
        assert_eq!(repository_role(&creator), None);
    }

    #[test]
    fn a_read_only_superuser_changes_nothing_not_even_their_own() {
        let facts = Facts {
            standing: Standing::ReadOnlySuperuser,
            owns_namespace: true,
            granted: Some(RepositoryRole::Admin),
            ..plain()
        };
        assert_eq!(repository_role(&facts), Some(RepositoryRole::Read));
        assert_eq!(namespace_role(&facts), None);
    }

    #[test]
    fn without_a_superusers_rights_only_ones_own_are_left() {
        let superuser = Facts { standing: Standing::Superuser, ..plain() };
        assert_eq!(repository_role(&without_standing(&superuser)), None);
        let auditor = Facts { standing: Standing::ReadOnlySuperuser, owns_namespace: true, ..plain() };
        assert_eq!(repository_role(&without_standing(&auditor)), Some(RepositoryRole::Read));
        assert_eq!(namespace_role(&without_standing(&auditor)), None);
    }

    #[test]
    fn the_disabled_may_do_nothing() {
        let facts = Facts { active: false, standing: Standing::Superuser, ..plain() };
        assert_eq!(repository_role(&facts), None);
        assert_eq!(namespace_role(&facts), None);
    }
}
