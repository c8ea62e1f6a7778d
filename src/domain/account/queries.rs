//! What can be asked about users.

use diesel::prelude::*;

use crate::access::Standing;
use crate::db::Conn;
use crate::db::schema::{second_factors, users};
use crate::deletion::BURIED;
use crate::error::{Error, Result, Thing};
use crate::ids::{NamespaceId, UserId};
use crate::time::Timestamp;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Row.
    pub id: UserId,
    /// The namespace of the same name.
    pub namespace: NamespaceId,
    /// Name.
    pub name: String,
    /// Address, if one was given.
    pub email: Option<String>,
    /// Whether their credentials count.
    pub enabled: bool,
    /// As the database has it; settings may raise it.
    pub standing: Standing,
    /// When it was created.
    pub created_at: Timestamp,
}

type Row = (i64, i64, String, Option<String>, bool, Standing, i64);
const COLUMNS: (
    users::id,
    users::namespace_id,
    users::name,
    users::email,
    users::enabled,
    users::standing,
    users::created_at,
) = (users::id, users::namespace_id, users::name, users::email, users::enabled, users::standing, users::created_at);

fn user((id, namespace, name, email, enabled, standing, created_at): Row) -> User {
    let (id, namespace) = (UserId(id), NamespaceId(namespace));
    User { id, namespace, name, email, enabled, standing, created_at: Timestamp(created_at) }
}

/// Users that are not deleted: names of those that are begin with what no name can.
#[diesel::dsl::auto_type]
fn live() -> _ {
    let beyond: &'static str = BURIED;
    users::table.filter(users::name.lt(beyond))
}

/// The user of this name. Index: `users.name`.
///
/// # Errors
/// `NotFound`.
pub fn by_name(conn: &mut Conn, name: &str) -> Result<User> {
    let row: Option<Row> = live().filter(users::name.eq(name)).select(COLUMNS).first(conn).optional()?;
    row.map(user).ok_or_else(|| Error::NotFound(Thing::User(name.to_string())))
}

/// Users in the order of their names, after `after`, at most `limit`.
///
/// # Errors
/// As the database's.
pub fn list(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<User>> {
    let rows: Vec<Row> =
        live().filter(users::name.gt(after)).select(COLUMNS).order(users::name).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(user).collect())
}

/// As [`list`], enabled ones only. Index: `users_by_enabled`.
pub(super) fn list_enabled(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<User>> {
    let enabled = live().filter(users::enabled.eq(true)).filter(users::name.gt(after));
    let rows: Vec<Row> = enabled.select(COLUMNS).order(users::name).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(user).collect())
}

/// The user of this row.
///
/// # Errors
/// `NotFound`.
pub fn by_id(conn: &mut Conn, id: UserId) -> Result<User> {
    let row: Option<Row> = users::table.find(id.0).select(COLUMNS).first(conn).optional()?;
    row.map(user).ok_or_else(|| Error::NotFound(Thing::User(id.0.to_string())))
}

/// Whether there is any user at all: until then the registry waits to be set up.
///
/// # Errors
/// As the database's.
pub fn any(conn: &mut Conn) -> Result<bool> {
    Ok(users::table.select(users::id).limit(1).first::<i64>(conn).optional()?.is_some())
}

/// What signing in needs to know.
#[derive(Queryable, Debug, Clone)]
pub(crate) struct SignInRow {
    pub id: i64,
    pub name: String,
    pub password_hash: Option<String>,
    pub enabled: bool,
    pub failed_sign_ins: i32,
    pub locked_until: Option<i64>,
    pub credentials_at: i64,
    pub has_second_factor: bool,
}

/// The sign-in row of a user. Indexes: `users.name`, the primary key of `second_factors`.
pub(crate) fn sign_in_row(conn: &mut Conn, name: &str) -> Result<Option<SignInRow>> {
    let active = second_factors::user_id.eq(users::id).and(second_factors::confirmed_at.is_not_null());
    let columns = (
        users::id,
        users::name,
        users::password_hash,
        users::enabled,
        users::failed_sign_ins,
        users::locked_until,
        users::credentials_at,
        diesel::dsl::exists(second_factors::table.filter(active)),
    );
    Ok(live().filter(users::name.eq(name)).select(columns).first(conn).optional()?)
}
