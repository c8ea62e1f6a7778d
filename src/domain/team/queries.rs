//! What can be asked about teams.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::find;
use crate::access::{Authorized, Inspect, Read, TeamRole};
use crate::db::Conn;
use crate::db::schema::{namespaces, repository_permissions, robots, team_members, teams, users};
use crate::error::{Error, Result, Thing};
use crate::ids::{NamespaceId, TeamId, UserId};
use crate::organization::Namespace;
use crate::page::Limit;
use crate::principal::Principal;
use crate::repository::{GrantedRepository, Grantee, granted_in};

/// A team as the list of teams shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// Row.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Its members' role in the organization.
    pub role: TeamRole,
    /// Markdown.
    pub description: String,
    /// How many users and robot accounts are in it.
    pub members: i64,
    /// How many repositories are granted to it.
    pub repositories: i64,
}

/// A member of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMember {
    /// Row, by which the list goes on.
    pub row: i64,
    /// The user's name, or the robot account's whole name.
    pub name: String,
    /// Whether it is a robot account.
    pub is_robot: bool,
}

/// The organization's teams in the order of their names, after `after`, at most `limit`; members and grants are counted in
/// one statement each. Index: `teams (organization_id, name)`, `repository_permissions_by_team`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Read>,
    after: &str,
    limit: impl Into<Limit>,
) -> Result<Vec<TeamRow>> {
    let limit = limit.into();
    let mut question = teams::table
        .filter(teams::organization_id.eq(organization.id.0))
        .filter(teams::name.gt(after))
        .select((teams::id, teams::name, teams::role, teams::description))
        .order(teams::name)
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("teams.name") {
        question = question.filter(has);
    }
    let rows: Vec<(i64, String, TeamRole, String)> = question.load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|(id, ..)| *id).collect();
    let members = members_of(conn, &ids)?;
    let repositories: Vec<(Option<i64>, i64)> = repository_permissions::table
        .filter(repository_permissions::team_id.eq_any(&ids))
        .group_by(repository_permissions::team_id)
        .select((repository_permissions::team_id, count_star()))
        .load(conn)?;
    let repositories: HashMap<Option<i64>, i64> = repositories.into_iter().collect();
    let row = |(id, name, role, description): (i64, String, TeamRole, String)| TeamRow {
        id: TeamId(id),
        name,
        role,
        description,
        members: members.get(&id).copied().unwrap_or(0),
        repositories: repositories.get(&Some(id)).copied().unwrap_or(0),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// How many members each of these teams has; teams without any are left out.
///
/// # Errors
/// As the database's.
pub fn count_members(conn: &mut Conn, teams: &[TeamId]) -> Result<HashMap<TeamId, i64>> {
    let ids: Vec<i64> = teams.iter().map(|team| team.0).collect();
    Ok(members_of(conn, &ids)?.into_iter().map(|(id, count)| (TeamId(id), count)).collect())
}

fn members_of(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let counted: Vec<(i64, i64)> = team_members::table
        .filter(team_members::team_id.eq_any(ids))
        .group_by(team_members::team_id)
        .select((team_members::team_id, count_star()))
        .load(conn)?;
    Ok(counted.into_iter().collect())
}

/// The teams of the organization that a user or robot account is in. Indexes: `team_members_by_user`,
/// `team_members_by_robot`.
///
/// # Errors
/// As the database's.
pub fn of_principal(conn: &mut Conn, organization: NamespaceId, who: &Principal) -> Result<Vec<TeamId>> {
    let (user, robot) = match who {
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => return Ok(Vec::new()),
    };
    let ids: Vec<i64> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(teams::organization_id.eq(organization.0))
        .filter(team_members::user_id.eq(user).or(team_members::robot_id.eq(robot)))
        .select(teams::id)
        .limit(10_000)
        .load(conn)?;
    Ok(ids.into_iter().map(TeamId).collect())
}

/// The team of this name, for somebody who may look into it: its members, admins (`sees_all`) and read-only superusers.
///
/// # Errors
/// `Forbidden` for other members of the organization, whether there is such a team or not; else `NotFound`.
pub fn require_member_or_admin(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Read>,
    name: &str,
    sees_all: bool,
) -> Result<TeamId> {
    let who = &organization.caller().principal;
    let team = find(conn, organization.id, name)?;
    let is_member = match &team {
        Some(team) if !sees_all => of_principal(conn, organization.id, who)?.contains(&team.id),
        _ => false,
    };
    if !sees_all && !is_member {
        return Err(Error::Forbidden {
            needed: "Admin",
            on: Thing::Team(crate::error::shown(name)),
            who: who.name().to_string(),
            has: "none",
        });
    }
    team.map(|team| team.id).ok_or_else(|| Error::NotFound(Thing::Team(crate::error::shown(name))))
}

/// Members of a team in the order in which they came, after the row `after`, at most `limit`. Index: the primary key of
/// `team_members` along `team_members (team_id, user_id)`.
///
/// # Errors
/// As the database's.
pub fn members(conn: &mut Conn, team: TeamId, after: i64, limit: impl Into<Limit>) -> Result<Vec<TeamMember>> {
    type Row = (i64, Option<String>, Option<String>, Option<String>);
    let limit = limit.into();
    let mut question = team_members::table
        .left_join(users::table.on(users::id.nullable().eq(team_members::user_id)))
        .left_join(robots::table.on(robots::id.nullable().eq(team_members::robot_id)))
        .left_join(namespaces::table.on(namespaces::id.nullable().eq(robots::namespace_id.nullable())))
        .filter(team_members::team_id.eq(team.0))
        .filter(team_members::id.gt(after))
        .select((team_members::id, users::name.nullable(), namespaces::name.nullable(), robots::short_name.nullable()))
        .order(team_members::id)
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("COALESCE(users.name, namespaces.name || '+' || robots.short_name)") {
        question = question.filter(has);
    }
    let rows: Vec<Row> = question.load(conn)?;
    let member = |(row, user, namespace, short): Row| match user {
        Some(name) => TeamMember { row, name, is_robot: false },
        None => {
            let name = format!("{}+{}", namespace.unwrap_or_default(), short.unwrap_or_default());
            TeamMember { row, name, is_robot: true }
        }
    };
    Ok(rows.into_iter().map(member).collect())
}

/// The repositories granted to a team, in the order of their names, after `after`, at most `limit`. Index:
/// `repository_permissions_by_team`.
///
/// # Errors
/// `NotFound` for the team.
pub fn permissions(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    team: &str,
    after: &str,
    limit: impl Into<Limit>,
) -> Result<Vec<GrantedRepository>> {
    let team = super::by_name(conn, organization.id, team)?;
    granted_in(conn, organization, Grantee::Team(team), after, &limit.into())
}

/// Whether a user is in any team of the organization. Index: `team_members_by_user`.
pub(super) fn is_in_organization(conn: &mut Conn, organization: NamespaceId, user: UserId) -> Result<bool> {
    let found: Option<i64> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(teams::organization_id.eq(organization.0))
        .filter(team_members::user_id.eq(user.0))
        .select(team_members::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
