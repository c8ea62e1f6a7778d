//! Robot accounts as a namespace's page lists them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::error::Result;
use crate::on_backend;
use crate::organization::{NameQuery, Namespace};
use crate::page::{Cursor, Page};
use crate::time::Timestamp;

/// A robot account in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotListRow {
    /// Row.
    pub id: i64,
    /// Name within the namespace.
    pub short_name: String,
    /// Free text.
    pub description: String,
    /// How many teams it is in.
    pub teams: i64,
    /// How many repositories are granted to it directly.
    pub repositories: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its token was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    short_name: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = BigInt)]
    teams: i64,
    #[diesel(sql_type = BigInt)]
    repositories: i64,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_used_at: Option<i64>,
}

/// The namespace's robot accounts by name. One statement. Index: `robots (namespace_id, short_name)`.
///
/// # Errors
/// As the database's.
pub fn rows(conn: &mut Conn, namespace: &Authorized<Namespace, Read>, query: &NameQuery) -> Result<Page<RobotListRow>> {
    let sql = query.sql();
    let question = diesel::sql_query(format!(
        "SELECT b.id AS id, b.short_name AS short_name, b.description AS description, b.teams AS teams, \
          b.repositories AS repositories, b.created_at AS created_at, b.last_used_at AS last_used_at \
         FROM robots b WHERE b.namespace_id = $1 AND (b.short_name, b.id) {} ($2, $3) \
         AND LOWER(b.short_name) LIKE $4 ESCAPE '\\' ORDER BY b.short_name {}, b.id {} LIMIT $5",
        sql.behind, sql.direction, sql.direction
    ))
    .bind::<BigInt, _>(namespace.id.0)
    .bind::<Text, _>(sql.name)
    .bind::<BigInt, _>(sql.id)
    .bind::<Text, _>(sql.pattern)
    .bind::<BigInt, _>(sql.limit);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let page = query.page(rows, |row| Cursor::text(&row.short_name, row.id));
    Ok(page.map(|row| RobotListRow {
        id: row.id,
        short_name: row.short_name,
        description: row.description,
        teams: row.teams,
        repositories: row.repositories,
        created_at: Timestamp(row.created_at),
        last_used_at: row.last_used_at.map(Timestamp),
    }))
}
