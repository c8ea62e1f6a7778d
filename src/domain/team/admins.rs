//! Somebody must be left who can hand out rights.

use diesel::prelude::*;

use crate::access::{Admin, Authorized, TeamRole};
use crate::db::schema::{namespaces, team_members, teams};
use crate::db::{Backend, Tx};
use crate::error::{Error, Result};
use crate::ids::{TeamId, UserId};
use crate::organization::Namespace;
use crate::sentence::sentence;

/// What is about to be no more.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leaving {
    /// A team as one that administers.
    Team(TeamId),
    /// A user's membership in one team.
    UserFromTeam(TeamId, UserId),
    /// All memberships of a user.
    User(UserId),
}

/// Refuses what would leave the organization without an admin team or without a user in one. An organization that has no
/// such user anyway, since the last one's account was deleted, is no reason to refuse.
///
/// Indexes: `teams (organization_id, name)`, `team_members (team_id, user_id)`.
///
/// # Errors
/// `Invalid`, with what to do first.
pub(crate) fn require_an_admin_without(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    leaving: Leaving,
) -> Result<()> {
    // Two admins who leave at the same moment take turns.
    diesel::update(namespaces::table.find(organization.id.0))
        .set(namespaces::kind.eq(namespaces::kind))
        .execute(&mut **tx)?;
    if let Leaving::Team(team) = leaving
        && another_admin_team(tx, organization, team)?.is_none()
    {
        let message = sentence!(
            "said-last-admin-team",
            "{organization} needs at least one admin team; make another one first",
            organization = organization.name
        );
        return Err(Error::invalid("team", message));
    }
    if admin(tx, organization, Some(leaving))?.is_some() || admin(tx, organization, None)?.is_none() {
        return Ok(());
    }
    let message = sentence!(
        "said-last-admin",
        "{organization} would be left without an admin; add another one first",
        organization = organization.name
    );
    Err(Error::invalid("team", message))
}

fn another_admin_team(tx: &mut Tx<'_>, organization: &Namespace, except: TeamId) -> Result<Option<i64>> {
    Ok(teams::table
        .filter(teams::organization_id.eq(organization.id.0))
        .filter(teams::role.eq(TeamRole::Admin))
        .filter(teams::id.ne(except.0))
        .select(teams::id)
        .first(&mut **tx)
        .optional()?)
}

/// Some user in an admin team, not counting what is leaving.
fn admin(tx: &mut Tx<'_>, organization: &Namespace, without: Option<Leaving>) -> Result<Option<i64>> {
    let admins = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(teams::organization_id.eq(organization.id.0))
        .filter(teams::role.eq(TeamRole::Admin))
        .filter(team_members::user_id.is_not_null())
        .select(team_members::id)
        .into_boxed::<Backend>();
    let left = match without {
        None => admins,
        Some(Leaving::Team(team)) => admins.filter(teams::id.ne(team.0)),
        Some(Leaving::UserFromTeam(team, user)) => {
            admins.filter(team_members::team_id.nullable().ne(team.0).or(team_members::user_id.ne(user.0)))
        }
        Some(Leaving::User(user)) => admins.filter(team_members::user_id.ne(user.0)),
    };
    Ok(left.first(&mut **tx).optional()?)
}
