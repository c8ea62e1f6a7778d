//! Who has which role on a repository.

use diesel::prelude::*;
use serde_json::json;

use super::Repository;
use crate::access::{Admin, Authorized, RepositoryRole};
use crate::account;
use crate::db::schema::{default_permissions, repositories, repository_permissions};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RepositoryId, RobotId, TeamId, UserId};
use crate::oci::RobotName;
use crate::on_backend;
use crate::organization::Namespace;
use crate::principal::Principal;
use crate::robot;
use crate::time::Timestamp;

/// Who a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grantee {
    /// A user.
    User(UserId),
    /// A robot account.
    Robot(RobotId),
    /// A team of the organization that owns the repository.
    Team(TeamId),
}

impl Grantee {
    /// The user or robot behind a principal.
    pub fn from_principal(principal: &Principal) -> Option<Grantee> {
        match principal {
            Principal::User { id, .. } => Some(Grantee::User(*id)),
            Principal::Robot { id, .. } => Some(Grantee::Robot(*id)),
            Principal::Anonymous | Principal::System(_) => None,
        }
    }

    fn columns(self) -> (Option<i64>, Option<i64>, Option<i64>) {
        match self {
            Grantee::User(id) => (Some(id.0), None, None),
            Grantee::Robot(id) => (None, Some(id.0), None),
            Grantee::Team(id) => (None, None, Some(id.0)),
        }
    }
}

/// The user or robot of this name. A robot of another namespace is "not found": its name is that namespace's affair.
///
/// # Errors
/// `NotFound`.
pub fn grantee(conn: &mut Conn, repository: &Authorized<Repository, Admin>, name: &str) -> Result<Grantee> {
    if !name.contains('+') {
        return account::by_name(conn, name).map(|user| Grantee::User(user.id));
    }
    let unknown = || Error::NotFound(Thing::Robot(name.to_string()));
    let robot: RobotName = name.parse().map_err(|_| unknown())?;
    if robot.namespace().as_str() != repository.name.namespace() {
        return Err(unknown());
    }
    robot::by_name(conn, &robot).map(Grantee::Robot)
}

/// The team of this name in the repository's organization.
///
/// # Errors
/// `NotFound`.
pub fn team(conn: &mut Conn, repository: &Authorized<Repository, Admin>, name: &str) -> Result<Grantee> {
    crate::team::by_name(conn, repository.namespace, name).map(Grantee::Team)
}

/// Gives `who`, called `name`, a role on the repository, in place of the one they had.
///
/// # Errors
/// `NotFound` if the repository went away meanwhile.
pub fn grant(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    now: Timestamp,
    (who, name): (Grantee, &str),
    role: RepositoryRole,
) -> Result<()> {
    let still_there: Option<i64> =
        repositories::table.find(repository.id.0).select(repositories::id).first(&mut **tx).optional()?;
    if still_there.is_none() {
        return Err(Error::NotFound(Thing::Repository(repository.name.as_str().to_string())));
    }
    let before = role_of(tx, repository.id, &who)?;
    set(tx, repository.id, &who, role, now)?;
    tx.touch_access();
    // The first grant is a change too, as it is in Quay; what it changed tells them apart.
    let mut details = json!({ "role": role.as_str(), "original_role": before.map(RepositoryRole::as_str) });
    details[if matches!(who, Grantee::Team(_)) { "team" } else { "username" }] = json!(name);
    let event = Event::new(EventKind::ChangeRepoPermission).repository(repository).details(details);
    event::record(tx, repository.caller(), now, event)
}

/// The role a grant gives now. Indexes: the unique ones of `repository_permissions` over repository and grantee.
fn role_of(conn: &mut Conn, repository: RepositoryId, who: &Grantee) -> Result<Option<RepositoryRole>> {
    use repository_permissions as p;
    let granted = p::table.filter(p::repository_id.eq(repository.0)).select(p::role).into_boxed();
    let granted = match *who {
        Grantee::User(id) => granted.filter(p::user_id.eq(id.0)),
        Grantee::Robot(id) => granted.filter(p::robot_id.eq(id.0)),
        Grantee::Team(id) => granted.filter(p::team_id.eq(id.0)),
    };
    Ok(granted.first(conn).optional()?)
}

pub(super) fn set(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    who: &Grantee,
    role: RepositoryRole,
    now: Timestamp,
) -> Result<()> {
    use repository_permissions as p;
    let (user, robot, team) = who.columns();
    let row = (
        p::repository_id.eq(repository.0),
        p::user_id.eq(user),
        p::robot_id.eq(robot),
        p::team_id.eq(team),
        p::role.eq(role),
        p::created_at.eq(now.0),
    );
    // One unique pair for each kind of grantee; the other two are null and never conflict.
    let new_role = p::role.eq(role);
    match who {
        Grantee::User(_) => on_backend!(&mut *tx, c => diesel::insert_into(p::table).values(row)
            .on_conflict((p::repository_id, p::user_id)).do_update().set(new_role).execute(c)),
        Grantee::Robot(_) => on_backend!(&mut *tx, c => diesel::insert_into(p::table).values(row)
            .on_conflict((p::repository_id, p::robot_id)).do_update().set(new_role).execute(c)),
        Grantee::Team(_) => on_backend!(&mut *tx, c => diesel::insert_into(p::table).values(row)
            .on_conflict((p::repository_id, p::team_id)).do_update().set(new_role).execute(c)),
    }?;
    Ok(())
}

/// Makes a rule: repositories created in the organization from now on (by `creator`, if one is given) grant `grantee` a
/// role. Returns the rule's id.
///
/// # Errors
/// As the database's.
pub fn add_default(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    (id, now): (uuid::Uuid, Timestamp),
    creator: Option<Grantee>,
    grantee: Grantee,
    role: RepositoryRole,
) -> Result<String> {
    use default_permissions as d;
    let (creator_user, creator_robot, _) = creator.map_or((None, None, None), Grantee::columns);
    let (user, robot, team) = grantee.columns();
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
    let details = json!({ "prototypeid": uuid, "role": role.as_str() });
    let event = Event::new(EventKind::CreatePrototypePermission).namespace(organization.id, &organization.name);
    event::record(tx, organization.caller(), now, event.details(details))?;
    Ok(uuid)
}

/// Applies the organization's default permissions to a repository just created. Of rules for the same grantee the one
/// for this creator wins over the one for anybody. The creator's own admin role is not lowered.
pub(super) fn apply_defaults(
    tx: &mut Tx<'_>,
    repository: &Repository,
    creator: &Principal,
    now: Timestamp,
) -> Result<()> {
    let rules = default_rules(tx, repository.namespace)?;
    let creator = Grantee::from_principal(creator);
    let mut chosen: Vec<(Grantee, RepositoryRole, bool)> = Vec::new();
    for rule in rules {
        let specific = rule.creator.is_some();
        if (specific && rule.creator != creator) || Some(rule.grantee) == creator {
            continue;
        }
        match chosen.iter_mut().find(|(grantee, ..)| *grantee == rule.grantee) {
            Some(known) if known.2 && !specific => {}
            Some(known) => *known = (rule.grantee, rule.role, specific),
            None => chosen.push((rule.grantee, rule.role, specific)),
        }
    }
    for (grantee, role, _) in chosen {
        set(tx, repository.id, &grantee, role, now)?;
    }
    Ok(())
}

struct DefaultRule {
    creator: Option<Grantee>,
    grantee: Grantee,
    role: RepositoryRole,
}

/// Index: `default_permissions_by_organization`.
fn default_rules(conn: &mut Conn, organization: NamespaceId) -> Result<Vec<DefaultRule>> {
    use default_permissions as d;
    type Row = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, RepositoryRole);
    let rows: Vec<Row> = d::table
        .filter(d::organization_id.eq(organization.0))
        .select((d::creator_user_id, d::creator_robot_id, d::user_id, d::robot_id, d::team_id, d::role))
        .order(d::id)
        .limit(10_000)
        .load(conn)?;
    let rule = |(creator_user, creator_robot, user, robot, team, role): Row| {
        let someone = |user: Option<i64>, robot: Option<i64>| {
            user.map(|id| Grantee::User(UserId(id))).or(robot.map(|id| Grantee::Robot(RobotId(id))))
        };
        let grantee = someone(user, robot).or(team.map(|id| Grantee::Team(TeamId(id))))?;
        Some(DefaultRule { creator: someone(creator_user, creator_robot), grantee, role })
    };
    Ok(rows.into_iter().filter_map(rule).collect())
}
