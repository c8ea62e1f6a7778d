//! What can be asked about robot accounts.

use std::collections::HashMap;

use diesel::prelude::*;

use super::SEALED_AS;
use crate::access::{Admin, Authorized, Inspect, Read, RepositoryRole, Visibility};
use crate::db::Conn;
use crate::db::schema::{repositories, repository_permissions, robots, team_members, teams};
use crate::error::{Error, Result, Thing};
use crate::oci::RobotShortName;
use crate::organization::Namespace;
use crate::time::Timestamp;
use crate::vault::Vault;

/// Teams and grants shown for one page of robot accounts.
const SHOWN: i64 = 10_000;

/// A robot account in a list. Tokens are another question ([`tokens`]), for admins only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotRow {
    /// Row.
    pub id: i64,
    /// Name within the namespace.
    pub short_name: String,
    /// Free text.
    pub description: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its token was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Robot accounts of a namespace whose short names begin with `prefix`, in the order of their names, after `after`, at
/// most `limit`. Index: `robots (namespace_id, short_name)`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Read>,
    prefix: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<RobotRow>> {
    type Row = (i64, String, String, i64, Option<i64>);
    let pattern = format!("{}%", escaped(&prefix.to_lowercase()));
    let rows: Vec<Row> = robots::table
        .filter(robots::namespace_id.eq(namespace.id.0))
        .filter(robots::short_name.gt(after))
        .filter(robots::short_name.like(pattern).escape('\\'))
        .select((robots::id, robots::short_name, robots::description, robots::created_at, robots::last_used_at))
        .order(robots::short_name)
        .limit(limit)
        .load(conn)?;
    let row = |(id, short_name, description, created_at, last_used_at): Row| RobotRow {
        id,
        short_name,
        description,
        created_at: Timestamp(created_at),
        last_used_at: last_used_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The tokens of these robot accounts, by row.
///
/// # Errors
/// `Internal` if a token was sealed under another instance key.
pub fn tokens(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Admin>,
    vault: &Vault,
    of: &[RobotRow],
) -> Result<HashMap<i64, String>> {
    let ids: Vec<i64> = of.iter().map(|robot| robot.id).collect();
    let sealed: Vec<(i64, Vec<u8>)> = robots::table
        .filter(robots::namespace_id.eq(namespace.id.0))
        .filter(robots::id.eq_any(ids))
        .select((robots::id, robots::token_sealed))
        .load(conn)?;
    sealed.into_iter().map(|(id, sealed)| Ok((id, vault.open(SEALED_AS, &sealed)?))).collect()
}

/// Names of the teams each of these robot accounts is in, and of the repositories granted to it, without the namespace:
/// one statement each, by row. Indexes: `team_members_by_robot`, `repository_permissions_by_robot`.
///
/// # Errors
/// As the database's.
pub fn belongings(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Inspect>,
    of: &[RobotRow],
) -> Result<(Names, Names)> {
    let ids: Vec<i64> = of.iter().map(|robot| robot.id).collect();
    let in_teams: Vec<(Option<i64>, String)> = teams::table
        .inner_join(team_members::table.on(team_members::team_id.eq(teams::id)))
        .filter(team_members::robot_id.eq_any(&ids))
        .select((team_members::robot_id, teams::name))
        .order(teams::name)
        .limit(SHOWN)
        .load(conn)?;
    let granted: Vec<(Option<i64>, String)> = repository_permissions::table
        .inner_join(repositories::table.on(repositories::id.eq(repository_permissions::repository_id)))
        .filter(repository_permissions::robot_id.eq_any(&ids))
        .filter(repositories::deleted_at.is_null())
        .select((repository_permissions::robot_id, repositories::name))
        .order(repositories::name)
        .limit(SHOWN)
        .load(conn)?;
    let inside = format!("{}/", namespace.name);
    let short = |name: String| name.strip_prefix(&inside).map(str::to_string).unwrap_or(name);
    Ok((by_robot(in_teams, |name| name), by_robot(granted, short)))
}

/// Names by the row they belong to.
pub type Names = HashMap<i64, Vec<String>>;

fn by_robot(rows: Vec<(Option<i64>, String)>, shown: impl Fn(String) -> String) -> Names {
    let mut grouped = Names::new();
    for (robot, name) in rows {
        grouped.entry(robot.unwrap_or_default()).or_default().push(shown(name));
    }
    grouped
}

/// The repositories granted to a robot account directly, in the order of their names, after `after`, at most `limit`.
/// Index: `repository_permissions_by_robot`.
///
/// # Errors
/// `NotFound` for the robot account.
pub fn permissions(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Inspect>,
    short: &RobotShortName,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, Visibility, RepositoryRole)>> {
    let robot = row_of(conn, namespace, short)?;
    let inside = format!("{}/", namespace.name);
    let rows: Vec<(String, Visibility, RepositoryRole)> = repository_permissions::table
        .inner_join(repositories::table.on(repositories::id.eq(repository_permissions::repository_id)))
        .filter(repository_permissions::robot_id.eq(robot))
        .filter(repositories::name.gt(format!("{inside}{after}")))
        .filter(repositories::deleted_at.is_null())
        .select((repositories::name, repositories::visibility, repository_permissions::role))
        .order(repositories::name)
        .limit(limit)
        .load(conn)?;
    let short = |(name, visibility, role): (String, Visibility, RepositoryRole)| {
        (name.strip_prefix(&inside).map(str::to_string).unwrap_or(name), visibility, role)
    };
    Ok(rows.into_iter().map(short).collect())
}

/// The row of a robot account. Index: `robots (namespace_id, short_name)`.
pub(super) fn row_of<A>(conn: &mut Conn, namespace: &Authorized<Namespace, A>, short: &RobotShortName) -> Result<i64> {
    let row: Option<i64> = robots::table
        .filter(robots::namespace_id.eq(namespace.id.0))
        .filter(robots::short_name.eq(short.as_str()))
        .select(robots::id)
        .first(conn)
        .optional()?;
    row.ok_or_else(|| Error::NotFound(Thing::Robot(format!("{}+{}", namespace.name, short.as_str()))))
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
