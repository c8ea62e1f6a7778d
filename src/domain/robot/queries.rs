//! What can be asked about robot accounts.

use std::collections::HashMap;

use diesel::prelude::*;

use super::SEALED_AS;
use crate::access::{Admin, Authorized, Inspect, Read};
use crate::db::Conn;
use crate::db::schema::robots;
use crate::error::{Error, Result, Thing};
use crate::ids::RobotId;
use crate::oci::RobotShortName;
use crate::organization::belongings::{Asked, Holders};
use crate::organization::{Namespace, Several};
use crate::page::Limit;
use crate::repository::{GrantedRepository, Grantee, granted_in};
use crate::time::Timestamp;
use crate::vault::Vault;

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
    /// How many teams it is in.
    pub teams: i64,
    /// How many repositories are granted to it directly.
    pub repositories: i64,
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
    limit: impl Into<Limit>,
) -> Result<Vec<RobotRow>> {
    type Row = (i64, String, String, (i64, Option<i64>), (i64, i64));
    let pattern = format!("{}%", escaped(&prefix.to_lowercase()));
    let limit = limit.into();
    let mut question = robots::table
        .filter(robots::namespace_id.eq(namespace.id.0))
        .filter(robots::short_name.gt(after))
        .filter(robots::short_name.like(pattern).escape('\\'))
        .select((
            robots::id,
            robots::short_name,
            robots::description,
            (robots::created_at, robots::last_used_at),
            (robots::teams, robots::repositories),
        ))
        .order(robots::short_name)
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("robots.short_name") {
        question = question.filter(has);
    }
    let rows: Vec<Row> = question.load(conn)?;
    let row = |(id, short_name, description, (created_at, last_used_at), (teams, repositories)): Row| RobotRow {
        id,
        short_name,
        description,
        created_at: Timestamp(created_at),
        last_used_at: last_used_at.map(Timestamp),
        teams,
        repositories,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// In how many teams a robot account is, and how many repositories are granted to it directly. Index: the primary key.
///
/// # Errors
/// As the database's.
pub fn counts(conn: &mut Conn, _: &Authorized<Namespace, Inspect>, robot: RobotId) -> Result<(i64, i64)> {
    let found = robots::table.find(robot.0).select((robots::teams, robots::repositories)).first(conn).optional()?;
    Ok(found.unwrap_or_default())
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

/// The first `each` teams that each of these robot accounts is in, by row. One statement. Index: `team_members_by_robot`.
///
/// # Errors
/// As the database's.
pub fn teams(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Inspect>,
    of: &[RobotRow],
    each: i64,
) -> Result<Belongings> {
    let ids: Vec<i64> = of.iter().filter(|robot| robot.teams > 0).map(|robot| robot.id).collect();
    Asked { namespace, holders: Holders::Robots, ids: &ids, each }.teams(conn)
}

/// The first `each` of the repositories granted to each of these robot accounts, by their names within the namespace, by
/// row. One statement. Index: `repository_permissions_by_robot`.
///
/// # Errors
/// As the database's.
pub fn repositories(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Inspect>,
    of: &[RobotRow],
    each: i64,
) -> Result<Belongings> {
    let ids: Vec<i64> = of.iter().filter(|robot| robot.repositories > 0).map(|robot| robot.id).collect();
    Asked { namespace, holders: Holders::Robots, ids: &ids, each }.repositories(conn)
}

/// What belongs to each, by its row.
pub type Belongings = HashMap<i64, Several>;

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
    limit: impl Into<Limit>,
) -> Result<Vec<GrantedRepository>> {
    let robot = RobotId(row_of(conn, namespace, short)?);
    granted_in(conn, namespace, Grantee::Robot(robot), after, &limit.into())
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
