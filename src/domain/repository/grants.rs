//! Who has which role on a repository.

use diesel::prelude::*;
use serde_json::json;

use super::Repository;
use super::members::{nothing_granted, require_not_owner};
use crate::access::{Admin, Authorized, RepositoryRole};
use crate::account;
use crate::db::schema::{repositories, repository_permissions};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{RepositoryId, RobotId, TeamId, UserId};
use crate::oci::RobotName;
use crate::on_backend;
use crate::principal::Principal;
use crate::robot;
use crate::time::Timestamp;

/// Who a grant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

    /// Its row as user, robot account or team; two of them are always empty.
    pub(crate) fn columns(self) -> (Option<i64>, Option<i64>, Option<i64>) {
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
pub fn grantee<A>(conn: &mut Conn, repository: &Authorized<Repository, A>, name: &str) -> Result<Grantee> {
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
pub fn team<A>(conn: &mut Conn, repository: &Authorized<Repository, A>, name: &str) -> Result<Grantee> {
    crate::team::by_name(conn, repository.namespace, name).map(Grantee::Team)
}

/// Gives `who`, called `name`, a role on the repository, in place of the one they had.
///
/// # Errors
/// `NotFound` if the repository went away meanwhile; `Invalid` for the owner of a user's namespace.
pub fn grant(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    now: Timestamp,
    (who, name): (Grantee, &str),
    role: RepositoryRole,
) -> Result<()> {
    require_not_owner(repository, who, name)?;
    let still_there: Option<i64> = repositories::table
        .find(repository.id.0)
        .filter(repositories::deleted_at.is_null())
        .select(repositories::id)
        .first(&mut **tx)
        .optional()?;
    if still_there.is_none() {
        return Err(Error::NotFound(Thing::Repository(repository.name.as_str().to_string())));
    }
    let before = found(tx, repository.id, who)?;
    set(tx, repository.id, &who, role, now)?;
    tx.touch_access();
    // The first grant is a change too, as it is in Quay; what it changed tells them apart.
    let original = before.map_or("none", |(_, role)| role.as_str());
    record(tx, repository, now, EventKind::ChangeRepoPermission, (who, name, role), Some(original))
}

/// Takes the role of `who`, called `name`, on the repository away and says which it was. What they have by a team or as
/// admins of the namespace stays.
///
/// # Errors
/// `Invalid` if they were granted nothing, and for the owner of a user's namespace.
pub fn revoke(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    now: Timestamp,
    (who, name): (Grantee, &str),
) -> Result<RepositoryRole> {
    require_not_owner(repository, who, name)?;
    let (id, role) = found(tx, repository.id, who)?.ok_or_else(|| nothing_granted(who))?;
    diesel::delete(repository_permissions::table.find(id)).execute(&mut **tx)?;
    tx.touch_access();
    record(tx, repository, now, EventKind::DeleteRepoPermission, (who, name, role), None)?;
    Ok(role)
}

/// Row and role of a grant. Index: `repository_permissions_by_repository` or a better one.
fn found(conn: &mut Conn, repository: RepositoryId, who: Grantee) -> Result<Option<(i64, RepositoryRole)>> {
    use repository_permissions as p;
    let (user, robot, team) = who.columns();
    let of_repository = p::table.filter(p::repository_id.eq(repository.0)).select((p::id, p::role)).into_boxed();
    let grant = match (user, robot, team) {
        (Some(user), ..) => of_repository.filter(p::user_id.eq(user)),
        (_, Some(robot), _) => of_repository.filter(p::robot_id.eq(robot)),
        (_, _, team) => of_repository.filter(p::team_id.eq(team)),
    };
    Ok(grant.first(conn).optional()?)
}

fn record(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    now: Timestamp,
    kind: EventKind,
    (who, name, role): (Grantee, &str, RepositoryRole),
    original: Option<&str>,
) -> Result<()> {
    let whom = if let Grantee::Team(_) = who { "team" } else { "username" };
    let mut details = json!({ whom: name, "role": role.as_str() });
    if let Some(original) = original {
        details["original_role"] = json!(original);
    }
    event::record(tx, repository.caller(), now, Event::new(kind).repository(repository).details(details))
}

/// Writes a grant in place of the one the grantee had.
pub(crate) fn set(
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
