//! Teams: groups of users and robot accounts in an organization, with a role in it and grants on its repositories.
//!
//! Members are users and robot accounts of the organization. Where the settings ask for it, a user who is not yet in the
//! organization is invited ([`invitation`]) and becomes a member by accepting. Some user always administers an
//! organization: whatever would take its last admin away is refused ([`admins`]).

mod admins;
pub mod invitation;
mod one;
mod queries;
mod remove;
mod rows;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, TeamRole};
use crate::account;
use crate::db::schema::{team_members, teams};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RobotId, TeamId, UserId};
use crate::oci::{RobotName, TeamName};
use crate::on_backend;
use crate::organization::Namespace;
use crate::robot;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::words::{long_description, require_text};

pub(crate) use admins::{Leaving, require_an_admin_without};
pub use one::one;
pub use queries::{
    TeamMember, TeamRow, count_members, list, members, of_principal, permissions, require_member_or_admin,
};
pub use remove::delete;
pub use rows::{TeamListRow, rows};

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
    /// Invited: a member as soon as they accept.
    Invited(UserId),
}

/// How users who are not yet in the organization come in.
#[derive(Clone, Copy)]
pub enum Entrance<'v> {
    /// At once.
    Open,
    /// By accepting an invitation, whose code these tools make.
    ByInvitation(&'v invitation::Codes),
}

/// Creates a team.
///
/// # Errors
/// `AlreadyExists`; `Invalid` in a user's namespace and for a description that is too long or no text.
pub fn create(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    (name, role, description): (&TeamName, TeamRole, &str),
) -> Result<Team> {
    check(organization, description)?;
    let row = row(organization, now, (name, role, description));
    // One statement: of two at the same time the second must not change what the first made.
    let id: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(teams::table)
        .values(row)
        .on_conflict_do_nothing()
        .returning(teams::id)
        .get_result(c)
        .optional())?;
    let id = id.ok_or_else(|| Error::AlreadyExists(Thing::Team(name.as_str().to_string())))?;
    let team =
        Team { id: TeamId(id), name: name.as_str().to_string(), role, description: description.to_string(), new: true };
    tx.touch_access();
    record_put(tx, organization, now, None, &team)?;
    Ok(team)
}

/// Creates a team or changes the one of this name. Without a description the old one stays.
///
/// # Errors
/// `Invalid` in a user's namespace, for a description that is too long or no text, and if nobody would administer the
/// organization.
pub fn put(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    name: &TeamName,
    role: TeamRole,
    description: Option<&str>,
) -> Result<Team> {
    check(organization, description.unwrap_or_default())?;
    let known = find(tx, organization.id, name.as_str())?;
    if let Some(team) = &known
        && team.role == TeamRole::Admin
        && role < TeamRole::Admin
    {
        require_an_admin_without(tx, organization, Leaving::Team(team.id))?;
    }
    let kept = known.as_ref().map_or("", |team| team.description.as_str());
    let description = description.unwrap_or(kept).to_string();
    let row = row(organization, now, (name, role, &description));
    let id: i64 = on_backend!(&mut *tx, c => diesel::insert_into(teams::table)
        .values(row)
        .on_conflict((teams::organization_id, teams::name))
        .do_update()
        .set((teams::role.eq(role), teams::description.eq(&description)))
        .returning(teams::id)
        .get_result(c))?;
    tx.touch_access();
    let team = Team { id: TeamId(id), name: name.as_str().to_string(), role, description, new: known.is_none() };
    record_put(tx, organization, now, known.as_ref(), &team)?;
    Ok(team)
}

fn check(organization: &Namespace, description: &str) -> Result<()> {
    require_organization(organization)?;
    if description.len() > MAX_DESCRIPTION {
        return Err(long_description(MAX_DESCRIPTION));
    }
    require_text("description", description)
}

#[derive(Insertable)]
#[diesel(table_name = teams)]
struct NewRow<'a> {
    organization_id: i64,
    name: &'a str,
    role: TeamRole,
    description: &'a str,
    created_at: i64,
}

fn row<'a>(
    organization: &Namespace,
    now: Timestamp,
    (name, role, description): (&'a TeamName, TeamRole, &'a str),
) -> NewRow<'a> {
    NewRow { organization_id: organization.id.0, name: name.as_str(), role, description, created_at: now.0 }
}

fn record_put(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    old: Option<&Team>,
    new: &Team,
) -> Result<()> {
    let details = json!({ "team": new.name, "role": new.role.as_str(), "description": new.description });
    let Some(old) = old else { return record(tx, organization, now, EventKind::OrgCreateTeam, details) };
    if old.description != new.description {
        record(tx, organization, now, EventKind::OrgSetTeamDescription, details.clone())?;
    }
    if old.role != new.role {
        let details = json!({ "team": new.name, "role": new.role.as_str(), "original_role": old.role.as_str() });
        record(tx, organization, now, EventKind::OrgSetTeamRole, details)?;
    }
    Ok(())
}

/// Adds a user, or a robot account of the organization by its whole name; or invites the user, if that is how users come
/// in.
///
/// # Errors
/// `NotFound` for the team or the member.
pub fn add_member(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    (team, member): (&str, &str),
    entrance: Entrance<'_>,
) -> Result<Addition> {
    let team_id = by_name(tx, organization.id, team)?;
    let who = member_named(tx, organization, member)?;
    if let (Entrance::ByInvitation(codes), Member::User(user)) = (entrance, who)
        && !queries::is_in_organization(tx, organization.id, user)?
    {
        invitation::invite(tx, organization, now, (team_id, team), (user, member), codes)?;
        return Ok(Addition::Invited(user));
    }
    if !insert_member(tx, team_id, who, now)? {
        return Ok(Addition::AlreadyMember(who));
    }
    record(tx, organization, now, EventKind::OrgAddTeamMember, json!({ "team": team, "member": member }))?;
    Ok(Addition::Added(who))
}

/// Makes somebody a member; `false` if they are one.
fn insert_member(tx: &mut Tx<'_>, team: TeamId, who: Member, now: Timestamp) -> Result<bool> {
    let (user, robot) = columns(who);
    let row = (
        team_members::team_id.eq(team.0),
        team_members::user_id.eq(user),
        team_members::robot_id.eq(robot),
        team_members::created_at.eq(now.0),
    );
    let added = on_backend!(&mut *tx, c => diesel::insert_into(team_members::table)
        .values(row).on_conflict_do_nothing().execute(c))?;
    tx.touch_access();
    Ok(added > 0)
}

/// Takes a member out of a team, or an invitation to it back.
///
/// # Errors
/// `NotFound` for the team or the member; `Invalid` if they are not in the team, and for the last user who administers
/// the organization.
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
        if invitation::take_back(tx, organization, now, (team_id, team), (user, member))? {
            return Ok(());
        }
        require_an_admin_without(tx, organization, Leaving::UserFromTeam(team_id, user))?;
    }
    let (user, robot) = columns(who);
    let gone = diesel::delete(
        team_members::table
            .filter(team_members::team_id.eq(team_id.0))
            .filter(team_members::user_id.eq(user.unwrap_or(-1)).or(team_members::robot_id.eq(robot.unwrap_or(-1)))),
    )
    .execute(&mut **tx)?;
    if gone == 0 {
        let message =
            sentence!("said-no-member", "User {member} does not belong to team {team}", member = member, team = team);
        return Err(Error::invalid("member", message));
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

fn require_organization(namespace: &Namespace) -> Result<()> {
    if namespace.is_organization {
        return Ok(());
    }
    let message =
        sentence!("said-teams-of-user", "{name} is a user; only organizations have teams", name = namespace.name);
    Err(Error::invalid("organization", message))
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
