//! Making, changing and removing rules.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::queries::{self, Holder, Rule};
use crate::access::{Admin, Authorized, RepositoryRole};
use crate::account;
use crate::db::schema::default_permissions;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::oci::RobotName;
use crate::organization::Namespace;
use crate::repository::Grantee;
use crate::robot;
use crate::sentence::sentence;
use crate::time::Timestamp;

/// Each is looked at whenever a repository is created.
const MOST: i64 = 500;

/// Whom a new rule is about.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Whose repositories it concerns; `None` for anybody's.
    pub creator: Option<Grantee>,
    /// Who gets the role.
    pub grantee: Grantee,
}

/// What is done to a rule, for its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Made,
    /// It gives another role than this one before.
    From(RepositoryRole),
    /// It is no more.
    Removed,
}

/// The user, or robot account of this organization, of this name.
///
/// # Errors
/// `NotFound`. A robot account of another namespace is not found: its name is that namespace's affair.
pub fn grantee(conn: &mut Conn, organization: &Authorized<Namespace, Admin>, name: &str) -> Result<Grantee> {
    if !name.contains('+') {
        return account::by_name(conn, name).map(|user| Grantee::User(user.id));
    }
    let unknown = || Error::NotFound(Thing::Robot(crate::error::shown(name)));
    let robot: RobotName = name.parse().map_err(|_| unknown())?;
    if robot.namespace().as_str() != organization.name {
        return Err(unknown());
    }
    robot::by_name(conn, &robot).map(Grantee::Robot)
}

/// The team of this name.
///
/// # Errors
/// `NotFound`.
pub fn team(conn: &mut Conn, organization: &Authorized<Namespace, Admin>, name: &str) -> Result<Grantee> {
    crate::team::by_name(conn, organization.id, name).map(Grantee::Team)
}

/// Makes a rule for repositories created from now on.
///
/// # Errors
/// `Invalid` in a user's namespace and where there are too many rules.
pub fn create(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    (id, now): (uuid::Uuid, Timestamp),
    target: Target,
    role: RepositoryRole,
) -> Result<Rule> {
    use default_permissions as d;
    if !organization.is_organization {
        let message = sentence!(
            "said-defaults-of-user",
            "{name} is a user; only organizations have default permissions",
            name = organization.name
        );
        return Err(Error::invalid("organization", message));
    }
    let count: i64 = d::table.filter(d::organization_id.eq(organization.id.0)).count().get_result(&mut **tx)?;
    if count >= MOST {
        let message = sentence!(
            "said-defaults-full",
            "{organization} has {most} default permissions already; remove some first",
            organization = organization.name,
            most = MOST
        );
        return Err(Error::invalid("organization", message));
    }
    let (creator_user, creator_robot, _) = target.creator.map_or((None, None, None), Grantee::columns);
    let (user, robot, team) = target.grantee.columns();
    let uuid = id.to_string();
    diesel::insert_into(d::table)
        .values((
            d::uuid.eq(&uuid),
            d::organization_id.eq(organization.id.0),
            d::creator_user_id.eq(creator_user),
            d::creator_robot_id.eq(creator_robot),
            d::user_id.eq(user),
            d::robot_id.eq(robot),
            d::team_id.eq(team),
            d::role.eq(role),
            d::created_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    let made = queries::of_uuid(tx, organization.id, &uuid)?;
    record(tx, organization, now, (&made, Change::Made))?;
    Ok(made)
}

/// Gives a rule another role. Repositories that exist keep what they have.
///
/// # Errors
/// `NotFound`, also for rules of other organizations.
pub fn set_role(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    uuid: &str,
    role: RepositoryRole,
) -> Result<Rule> {
    let old = queries::of_uuid(tx, organization.id, uuid)?;
    diesel::update(default_permissions::table.find(old.id))
        .set(default_permissions::role.eq(role))
        .execute(&mut **tx)?;
    let before = old.role;
    let new = Rule { role, ..old };
    if before != role {
        record(tx, organization, now, (&new, Change::From(before)))?;
    }
    Ok(new)
}

/// Removes a rule. Repositories that exist keep what they have.
///
/// # Errors
/// `NotFound`, also for rules of other organizations.
pub fn remove(tx: &mut Tx<'_>, organization: &Authorized<Namespace, Admin>, now: Timestamp, uuid: &str) -> Result<()> {
    let old = queries::of_uuid(tx, organization.id, uuid)?;
    diesel::delete(default_permissions::table.find(old.id)).execute(&mut **tx)?;
    record(tx, organization, now, (&old, Change::Removed))
}

fn record(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    (rule, change): (&Rule, Change),
) -> Result<()> {
    let (kind, original) = match change {
        Change::Made => (EventKind::CreatePrototypePermission, Value::Null),
        Change::From(role) => (EventKind::ModifyPrototypePermission, json!(role.as_str())),
        Change::Removed => (EventKind::DeletePrototypePermission, Value::Null),
    };
    let mut details = json!({ "prototypeid": rule.uuid, "role": rule.role.as_str() });
    if !original.is_null() {
        details["original_role"] = original;
    }
    details["username"] = json!(organization.caller().principal.name());
    details["activating_username"] = json!(rule.creator.as_ref().map(Holder::name));
    let delegate = if matches!(rule.grantee, Holder::Team(_)) { "delegate_team" } else { "delegate_user" };
    details[delegate] = json!(rule.grantee.name());
    let event = Event::new(kind).namespace(organization.id, &organization.name).details(details);
    event::record(tx, organization.caller(), now, event)
}
