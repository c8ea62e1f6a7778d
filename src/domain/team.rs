//! Teams: groups of users and robot accounts in an organization, with a role in it and grants on its repositories.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, TeamRole};
use crate::account;
use crate::db::schema::{namespaces, team_members, teams};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RobotId, TeamId, UserId};
use crate::oci::{RobotName, TeamName};
use crate::on_backend;
use crate::organization::Namespace;
use crate::robot;
use crate::time::Timestamp;

const MAX_DESCRIPTION: usize = 1_000;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Row.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Its members' role in the organization.
    pub role: TeamRole,
    /// Markdown.
    pub description: String,
    /// Whether it was made just now.
    pub new: bool,
}

/// Who belongs to a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// A user.
    User(UserId),
    /// A robot account of the organization.
    Robot(RobotId),
}

/// What came of adding a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addition {
    /// A member now.
    Added(Member),
    /// A member before.
    AlreadyMember(Member),
}

/// Creates a team or changes the one of this name. Without a description the old one stays.
///
/// # Errors
/// `Invalid` in a user's namespace; `Refused` if no admin team would be left.
pub fn put(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    name: &TeamName,
    role: TeamRole,
    description: Option<&str>,
) -> Result<Team> {
    require_organization(tx, organization)?;
    if description.is_some_and(|text| text.len() > MAX_DESCRIPTION) {
        return Err(Error::invalid("description", format!("Descriptions have at most {MAX_DESCRIPTION} bytes")));
    }
    let known = find(tx, organization.id, name.as_str())?;
    if let Some(team) = &known
        && team.role == TeamRole::Admin
        && role < TeamRole::Admin
    {
        require_another_admin_team(tx, organization, team.id)?;
    }
    let kept = known.as_ref().map_or("", |team| team.description.as_str());
    let description = description.unwrap_or(kept).to_string();
    let row = (
        teams::organization_id.eq(organization.id.0),
        teams::name.eq(name.as_str()),
        teams::role.eq(role),
        teams::description.eq(&description),
        teams::created_at.eq(now.0),
    );
    let id: i64 = on_backend!(&mut *tx, c => diesel::insert_into(teams::table)
        .values(row)
        .on_conflict((teams::organization_id, teams::name))
        .do_update()
        .set((teams::role.eq(role), teams::description.eq(&description)))
        .returning(teams::id)
        .get_result(c))?;
    tx.touch_access();
    note_put(tx, organization, now, name.as_str(), known.as_ref(), (role, &description))?;
    Ok(Team { id: TeamId(id), name: name.as_str().to_string(), role, description, new: known.is_none() })
}

/// What is new about a team, each with an event of its own.
fn note_put(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    team: &str,
    known: Option<&Team>,
    (role, description): (TeamRole, &str),
) -> Result<()> {
    let Some(known) = known else {
        let details = json!({ "team": team, "role": role.as_str(), "description": description });
        return record(tx, organization, now, EventKind::OrgCreateTeam, details);
    };
    if known.role != role {
        let details = json!({ "team": team, "role": role.as_str(), "original_role": known.role.as_str() });
        record(tx, organization, now, EventKind::OrgSetTeamRole, details)?;
    }
    if known.description != description {
        let details = json!({ "team": team, "description": description });
        record(tx, organization, now, EventKind::OrgSetTeamDescription, details)?;
    }
    Ok(())
}

/// Adds a user, or a robot account of the organization by its whole name.
///
/// # Errors
/// `NotFound` for the team or the member.
pub fn add_member(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    team: &str,
    member: &str,
) -> Result<Addition> {
    let team_id = by_name(tx, organization.id, team)?;
    let who = member_named(tx, organization, member)?;
    let (user, robot) = columns(who);
    let row = (
        team_members::team_id.eq(team_id.0),
        team_members::user_id.eq(user),
        team_members::robot_id.eq(robot),
        team_members::created_at.eq(now.0),
    );
    let added = on_backend!(&mut *tx, c => diesel::insert_into(team_members::table)
        .values(row).on_conflict_do_nothing().execute(c))?;
    if added == 0 {
        return Ok(Addition::AlreadyMember(who));
    }
    tx.touch_access();
    record(tx, organization, now, EventKind::OrgAddTeamMember, json!({ "team": team, "member": member }))?;
    Ok(Addition::Added(who))
}

/// Takes a member out of a team. Fine if they are not in it.
///
/// # Errors
/// `NotFound` for the team or the member; `Refused` for the last user who administers the organization.
pub fn remove_member(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    team: &str,
    member: &str,
) -> Result<()> {
    let team_id = by_name(tx, organization.id, team)?;
    let who = member_named(tx, organization, member)?;
    if let Member::User(user) = who {
        require_another_admin(tx, organization, team_id, user)?;
    }
    let (user, robot) = columns(who);
    let gone = diesel::delete(
        team_members::table
            .filter(team_members::team_id.eq(team_id.0))
            .filter(team_members::user_id.eq(user.unwrap_or(-1)).or(team_members::robot_id.eq(robot.unwrap_or(-1)))),
    )
    .execute(&mut **tx)?;
    if gone == 0 {
        return Ok(());
    }
    tx.touch_access();
    record(tx, organization, now, EventKind::OrgRemoveTeamMember, json!({ "team": team, "member": member }))
}

/// The team of this name. Index: `teams (organization_id, name)`.
///
/// # Errors
/// `NotFound`.
pub fn by_name(conn: &mut Conn, organization: NamespaceId, name: &str) -> Result<TeamId> {
    find(conn, organization, name)?.map(|team| team.id).ok_or_else(|| Error::NotFound(Thing::Team(name.to_string())))
}

fn find(conn: &mut Conn, organization: NamespaceId, name: &str) -> Result<Option<Team>> {
    let row: Option<(i64, String, TeamRole, String)> = teams::table
        .filter(teams::organization_id.eq(organization.0))
        .filter(teams::name.eq(name))
        .select((teams::id, teams::name, teams::role, teams::description))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, name, role, description)| Team { id: TeamId(id), name, role, description, new: false }))
}

fn member_named(conn: &mut Conn, organization: &Authorized<Namespace, Admin>, name: &str) -> Result<Member> {
    if !name.contains('+') {
        return account::by_name(conn, name).map(|user| Member::User(user.id));
    }
    let unknown = || Error::NotFound(Thing::Robot(name.to_string()));
    let robot: RobotName = name.parse().map_err(|_| unknown())?;
    if robot.namespace().as_str() != organization.name {
        return Err(unknown());
    }
    robot::by_name(conn, &robot).map(Member::Robot)
}

fn columns(member: Member) -> (Option<i64>, Option<i64>) {
    match member {
        Member::User(id) => (Some(id.0), None),
        Member::Robot(id) => (None, Some(id.0)),
    }
}

fn require_organization(conn: &mut Conn, namespace: &Authorized<Namespace, Admin>) -> Result<()> {
    let kind: String = namespaces::table.find(namespace.id.0).select(namespaces::kind).first(conn)?;
    if kind == "organization" {
        return Ok(());
    }
    Err(Error::invalid("organization", format!("{} is a user; only organizations have teams", namespace.name)))
}

/// Somebody must be left who can hand out rights.
fn require_another_admin_team(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Admin>,
    except: TeamId,
) -> Result<()> {
    let other: Option<i64> = teams::table
        .filter(teams::organization_id.eq(organization.id.0))
        .filter(teams::role.eq(TeamRole::Admin))
        .filter(teams::id.ne(except.0))
        .select(teams::id)
        .first(conn)
        .optional()?;
    match other {
        Some(_) => Ok(()),
        None => {
            Err(Error::Refused(format!("{} needs at least one admin team; make another one first", organization.name)))
        }
    }
}

fn require_another_admin(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Admin>,
    team: TeamId,
    leaving: UserId,
) -> Result<()> {
    let admins: Vec<(i64, Option<i64>)> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(teams::organization_id.eq(organization.id.0))
        .filter(teams::role.eq(TeamRole::Admin))
        .filter(team_members::user_id.is_not_null())
        .select((team_members::team_id, team_members::user_id))
        .order(team_members::id)
        .limit(1_000)
        .load(conn)?;
    let leaves = |(of, user): &(i64, Option<i64>)| *of == team.0 && *user == Some(leaving.0);
    if admins.iter().any(leaves) && admins.iter().all(leaves) {
        return Err(Error::Refused(format!(
            "{} would be left without an admin; add another one first",
            organization.name
        )));
    }
    Ok(())
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
