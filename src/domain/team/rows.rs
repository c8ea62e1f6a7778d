//! Teams as an organization's page lists them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::access::{Authorized, Read, TeamRole};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::ids::TeamId;
use crate::on_backend;
use crate::organization::{NameQuery, Namespace};
use crate::page::{Cursor, Page};
use crate::repository::parts::ids;

/// A team in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamListRow {
    /// Row.
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Its members' role in the organization.
    pub role: TeamRole,
    /// Markdown.
    pub description: String,
    /// How many users and robot accounts are in it.
    pub members: i64,
    /// How many repositories are granted to it.
    pub repositories: i64,
    /// Whether the caller is in it.
    pub is_mine: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    role: TeamRole,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = BigInt)]
    members: i64,
    #[diesel(sql_type = BigInt)]
    repositories: i64,
    #[diesel(sql_type = Bool)]
    is_mine: bool,
}

/// The organization's teams by name. One statement. Indexes: `teams (organization_id, name)`, `team_members_by_user`,
/// `team_members_by_robot`.
///
/// # Errors
/// As the database's.
pub fn rows(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Read>,
    query: &NameQuery,
) -> Result<Page<TeamListRow>> {
    let (sql, (user, robot)) = (query.sql(), ids(&organization.caller().principal));
    let question = prepared(format!(
        "SELECT t.id AS id, t.name AS name, t.role AS role, t.description AS description, t.members AS members, \
          t.repositories AS repositories, (EXISTS (SELECT 1 FROM team_members m WHERE m.user_id = $user \
            AND m.team_id = t.id) OR EXISTS (SELECT 1 FROM team_members m WHERE m.robot_id = $robot \
            AND m.team_id = t.id)) AS is_mine \
         FROM teams t WHERE t.organization_id = $1 AND (t.name, t.id) {} ($2, $3) AND LOWER(t.name) LIKE $4 ESCAPE '\\' \
         ORDER BY t.name {}, t.id {} LIMIT $5",
        sql.behind, sql.direction, sql.direction
    ))
    .bind::<BigInt, _>(organization.id.0)
    .bind::<Text, _>(sql.name)
    .bind::<BigInt, _>(sql.id)
    .bind::<Text, _>(sql.pattern)
    .bind::<BigInt, _>(sql.limit)
    .with("user", user)
    .with("robot", robot);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let page = query.page(rows, |row| Cursor::text(&row.name, row.id));
    Ok(page.map(|row| TeamListRow {
        id: TeamId(row.id),
        name: row.name,
        role: row.role,
        description: row.description,
        members: row.members,
        repositories: row.repositories,
        is_mine: row.is_mine,
    }))
}
