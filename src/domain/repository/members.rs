//! The grants on a repository, with the names people know the grantees by.

use std::collections::HashSet;

use diesel::prelude::*;

use super::Repository;
use super::grants::Grantee;
use crate::access::{Authorized, Inspect, RepositoryRole, TeamRole};
use crate::account;
use crate::db::Conn;
use crate::db::schema::{namespaces, repository_permissions as permissions, robots, team_members, teams, users};
use crate::error::{Error, Result};
use crate::ids::{NamespaceId, RobotId, TeamId, UserId};
use crate::page::Limit;
use crate::sentence::sentence;

/// A grant to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Row; lists go on after it.
    pub id: i64,
    /// To whom.
    pub grantee: Grantee,
    /// What they are called.
    pub name: String,
    /// The role.
    pub role: RepositoryRole,
    /// Whether they belong to the organization: users in one of its teams and its robot accounts. `None` where there is no
    /// organization.
    pub in_organization: Option<bool>,
}

/// Which kind of grantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GranteeKind {
    /// Users and robot accounts.
    Somebody,
    /// Teams.
    Team,
}

type Row =
    (i64, RepositoryRole, (Option<i64>, Option<i64>, Option<i64>), (Option<String>, Option<String>, Option<String>));

/// Grants on the repository in the order they were first given, after `after`, at most `limit`.
///
/// Three statements. Indexes: `repository_permissions_by_repository`, `team_members_by_user`.
///
/// # Errors
/// As the database's.
pub fn granted(
    conn: &mut Conn,
    repository: &Authorized<Repository, Inspect>,
    kind: GranteeKind,
    after: i64,
    limit: impl Into<Limit>,
) -> Result<Vec<Granted>> {
    let limit = limit.into();
    let of_repository = permissions::repository_id.eq(repository.id.0);
    let mut question = permissions::table
        .left_join(users::table.on(permissions::user_id.eq(users::id.nullable())))
        .left_join(robots::table.on(permissions::robot_id.eq(robots::id.nullable())))
        .left_join(teams::table.on(permissions::team_id.eq(teams::id.nullable())))
        .filter(of_repository)
        .filter(permissions::id.gt(after))
        .select((
            permissions::id,
            permissions::role,
            (permissions::user_id, permissions::robot_id, permissions::team_id),
            (users::name.nullable(), robots::short_name.nullable(), teams::name.nullable()),
        ))
        .order(permissions::id)
        .limit(limit.rows)
        .into_boxed();
    question = match kind {
        GranteeKind::Somebody => question.filter(permissions::team_id.is_null()),
        GranteeKind::Team => question.filter(permissions::team_id.is_not_null()),
    };
    // No namespace has a letter that would have to be quoted; only robot accounts of this one are granted anything.
    let whole = format!("COALESCE(users.name, '{}+' || robots.short_name, teams.name)", repository.name.namespace());
    if let Some(has) = limit.has(&whole) {
        question = question.filter(has);
    }
    let rows: Vec<Row> = question.load(conn)?;
    named(conn, repository, rows)
}

/// The grant to this user, robot account or team, if there is one.
///
/// # Errors
/// As the database's.
pub fn granted_to(
    conn: &mut Conn,
    repository: &Authorized<Repository, Inspect>,
    who: Grantee,
) -> Result<Option<Granted>> {
    let (user, robot, team) = who.columns();
    let rows: Vec<Row> = permissions::table
        .left_join(users::table.on(permissions::user_id.eq(users::id.nullable())))
        .left_join(robots::table.on(permissions::robot_id.eq(robots::id.nullable())))
        .left_join(teams::table.on(permissions::team_id.eq(teams::id.nullable())))
        .filter(permissions::repository_id.eq(repository.id.0))
        .filter(
            permissions::user_id
                .eq(user.unwrap_or(-1))
                .or(permissions::robot_id.eq(robot.unwrap_or(-1)))
                .or(permissions::team_id.eq(team.unwrap_or(-1))),
        )
        .select((
            permissions::id,
            permissions::role,
            (permissions::user_id, permissions::robot_id, permissions::team_id),
            (users::name.nullable(), robots::short_name.nullable(), teams::name.nullable()),
        ))
        .limit(1)
        .load(conn)?;
    Ok(named(conn, repository, rows)?.pop())
}

fn named(conn: &mut Conn, repository: &Repository, rows: Vec<Row>) -> Result<Vec<Granted>> {
    let kind: String = namespaces::table.find(repository.namespace.0).select(namespaces::kind).first(conn)?;
    let is_organization = kind == "organization";
    let asked: Vec<i64> = rows.iter().filter_map(|row| row.2.0).collect();
    let members = if is_organization { members_among(conn, repository.namespace, asked)? } else { HashSet::new() };
    let one = |(id, role, ids, names): Row| {
        let (grantee, name, inside) = match (ids, names) {
            ((Some(user), ..), (Some(name), ..)) => (Grantee::User(UserId(user)), name, members.contains(&user)),
            // Only robots of the repository's own namespace are granted anything.
            ((_, Some(robot), _), (_, Some(short), _)) => {
                (Grantee::Robot(RobotId(robot)), format!("{}+{short}", repository.name.namespace()), true)
            }
            ((.., Some(team)), (.., Some(name))) => (Grantee::Team(TeamId(team)), name, true),
            _ => return None,
        };
        Some(Granted { id, grantee, name, role, in_organization: is_organization.then_some(inside) })
    };
    Ok(rows.into_iter().filter_map(one).collect())
}

/// Which of these users are in a team of the organization.
fn members_among(conn: &mut Conn, organization: NamespaceId, asked: Vec<i64>) -> Result<HashSet<i64>> {
    let found: Vec<Option<i64>> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(teams::organization_id.eq(organization.0))
        .filter(team_members::user_id.eq_any(asked))
        .select(team_members::user_id)
        .distinct()
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// The roles a user has on the repository, each once, highest first: granted to them, to a team of theirs, or that comes
/// with administering the namespace.
///
/// # Errors
/// `NotFound` for the user.
pub fn roles_of_user(
    conn: &mut Conn,
    repository: &Authorized<Repository, Inspect>,
    name: &str,
) -> Result<Vec<RepositoryRole>> {
    let user = account::by_name(conn, name)?;
    let own_teams =
        team_members::table.filter(team_members::user_id.eq(user.id.0)).select(team_members::team_id.nullable());
    let mut roles: Vec<RepositoryRole> = permissions::table
        .filter(permissions::repository_id.eq(repository.id.0))
        .filter(permissions::user_id.eq(user.id.0).or(permissions::team_id.eq_any(own_teams)))
        .select(permissions::role)
        .distinct()
        .load(conn)?;
    let admin_team: Option<i64> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(team_members::user_id.eq(user.id.0))
        .filter(teams::organization_id.eq(repository.namespace.0))
        .filter(teams::role.eq(TeamRole::Admin))
        .select(teams::id)
        .first(conn)
        .optional()?;
    if admin_team.is_some() || user.namespace == repository.namespace {
        roles.push(RepositoryRole::Admin);
    }
    roles.sort_by(|a, b| b.cmp(a));
    roles.dedup();
    Ok(roles)
}

/// The refusal where somebody has no grant.
pub(super) fn nothing_granted(who: Grantee) -> Error {
    Error::invalid(
        "grantee",
        match who {
            Grantee::Team(_) => sentence!("said-team-none", "Team does not have permission for repo."),
            Grantee::User(_) | Grantee::Robot(_) => {
                sentence!("said-user-none", "User does not have permission for repo.")
            }
        },
    )
}

/// The owner of a user's namespace is its admin, whatever is granted.
pub(super) fn require_not_owner(repository: &Repository, who: Grantee, name: &str) -> Result<()> {
    match who {
        Grantee::User(_) if name == repository.name.namespace() => {
            Err(Error::invalid("grantee", sentence!("said-owner-admin", "Namespace owner must always be admin.")))
        }
        _ => Ok(()),
    }
}
