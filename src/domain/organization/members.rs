//! Who belongs to an organization: members through its teams, collaborators through grants alone.

use diesel::prelude::*;
use serde_json::json;

use super::Namespace;
use super::belongings::{Asked, Holders, Several};
use crate::access::{Admin, Authorized, Inspect};
use crate::account;
use crate::db::schema::{
    namespace_grantees, organization_members, repositories, repository_permissions, team_invitations, team_members,
    teams, users,
};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::page::Limit;
use crate::team::{self, Leaving};
use crate::time::Timestamp;

/// Teams, and repositories, that are named of each user where all are wanted.
const NAMED: i64 = 1_000;

/// A user of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name.
    pub name: String,
    /// The teams they are in.
    pub teams: Several,
    /// The repositories granted to them directly, by their names within the organization.
    pub repositories: Several,
}

/// Users in any team, in the order of their names, after `after`, at most `limit`. Each with at most a thousand teams and a
/// thousand repositories.
///
/// Indexes: the primary keys of `organization_members` and `users`.
///
/// # Errors
/// As the database's.
pub fn members(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    after: &str,
    limit: impl Into<Limit>,
) -> Result<Vec<Person>> {
    let in_teams = organization_members::table
        .filter(organization_members::organization_id.eq(organization.id.0))
        .select(organization_members::user_id);
    let among = users::table.filter(users::id.eq_any(in_teams)).into_boxed();
    page(conn, organization, among, after, &limit.into())
}

/// Those of the users, in the order of their names, after `after`.
fn page(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    among: users::BoxedQuery<'_, <Conn as Connection>::Backend>,
    after: &str,
    limit: &Limit,
) -> Result<Vec<Person>> {
    let mut question = among.filter(users::name.gt(after.to_string()));
    if let Some(has) = limit.has("users.name") {
        question = question.filter(has);
    }
    let question = question.select((users::id, users::name)).order(users::name).limit(limit.rows);
    let found: Vec<(i64, String)> = question.load(conn)?;
    described(conn, organization, found, NAMED)
}

/// The member of this name.
///
/// # Errors
/// `NotFound` if nobody has the name or they are in no team.
pub fn member(conn: &mut Conn, organization: &Authorized<Namespace, Inspect>, name: &str) -> Result<Person> {
    let user = account::by_name(conn, name)?;
    let found = described(conn, organization, vec![(user.id.0, user.name)], NAMED)?;
    let found = found.into_iter().find(|person| person.teams.count > 0);
    found.ok_or_else(|| Error::NotFound(Thing::User(name.to_string())))
}

/// Users in no team that some repository is granted to directly, in the order of their names, after `after`, at most
/// `limit`. Each with at most a thousand repositories.
///
/// Indexes: the primary keys of `namespace_grantees`, `organization_members` and `users`.
///
/// # Errors
/// As the database's.
pub fn collaborators(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    after: &str,
    limit: impl Into<Limit>,
) -> Result<Vec<Person>> {
    let granted = namespace_grantees::table
        .filter(namespace_grantees::namespace_id.eq(organization.id.0))
        .select(namespace_grantees::user_id);
    let in_teams = organization_members::table
        .filter(organization_members::organization_id.eq(organization.id.0))
        .select(organization_members::user_id);
    let among = users::table.filter(users::id.eq_any(granted)).filter(users::id.ne_all(in_teams)).into_boxed();
    page(conn, organization, among, after, &limit.into())
}

/// Takes a user out of every team of the organization, with the grants they hold directly and their invitations. Fine if
/// there is nothing to take away.
///
/// # Errors
/// `NotFound` if nobody has the name; `Invalid` for the last one who administers the organization.
pub fn remove_member(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    name: &str,
) -> Result<()> {
    let user = account::by_name(tx, name)?;
    team::require_an_admin_without(tx, organization, Leaving::User(user.id))?;
    let left: Vec<(i64, String)> = teams::table
        .inner_join(team_members::table.on(team_members::team_id.eq(teams::id)))
        .filter(teams::organization_id.eq(organization.id.0))
        .filter(team_members::user_id.eq(user.id.0))
        .select((team_members::id, teams::name))
        .load(&mut **tx)?;
    let (rows, names): (Vec<i64>, Vec<String>) = left.into_iter().unzip();
    diesel::delete(team_members::table.filter(team_members::id.eq_any(rows))).execute(&mut **tx)?;
    let its_repositories =
        repositories::table.filter(repositories::namespace_id.eq(organization.id.0)).select(repositories::id);
    let grants = diesel::delete(
        repository_permissions::table
            .filter(repository_permissions::user_id.eq(user.id.0))
            .filter(repository_permissions::repository_id.eq_any(its_repositories)),
    )
    .execute(&mut **tx)?;
    let its_teams = teams::table.filter(teams::organization_id.eq(organization.id.0)).select(teams::id);
    diesel::delete(
        team_invitations::table
            .filter(team_invitations::user_id.eq(user.id.0))
            .filter(team_invitations::team_id.eq_any(its_teams)),
    )
    .execute(&mut **tx)?;
    if names.is_empty() && grants == 0 {
        return Ok(());
    }
    tx.touch_access();
    for team in &names {
        record(tx, organization, now, EventKind::OrgRemoveTeamMember, json!({ "member": name, "team": team }))?;
    }
    if grants > 0 {
        record(tx, organization, now, EventKind::DeleteRepoPermission, json!({ "username": name, "times": grants }))?;
    }
    Ok(())
}

/// The users with the first `each` of their teams and of their grants: one statement for all teams, one for all grants.
pub(super) fn described(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    found: Vec<(i64, String)>,
    each: i64,
) -> Result<Vec<Person>> {
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let asked = Asked { namespace: organization, holders: Holders::Users, ids: &ids, each };
    let (mut teams, mut repositories) = (asked.teams(conn)?, asked.repositories(conn)?);
    let person = |(id, name): (i64, String)| Person {
        name,
        teams: teams.remove(&id).unwrap_or_default(),
        repositories: repositories.remove(&id).unwrap_or_default(),
    };
    Ok(found.into_iter().map(person).collect())
}

fn record(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    kind: EventKind,
    details: serde_json::Value,
) -> Result<()> {
    let event = Event::new(kind).namespace(organization.id, &organization.name).details(details);
    event::record(tx, organization.caller(), now, event)
}
