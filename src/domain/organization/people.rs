//! Who is in an organization and who has permissions without, page by page, and one of them alone.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::belongings::{Asked, Holders};
use super::members::described;
use super::rows::NameQuery;
use super::{Namespace, Person, Several};
use crate::access::{Authorized, Inspect};
use crate::account;
use crate::db::{Conn, prepared};
use crate::error::{Error, Result, Thing};
use crate::on_backend;
use crate::page::{Cursor, Limit, Page};
use crate::repository::{GrantedRepository, Grantee, granted_in};

/// Teams that a list names of each user.
const IN_A_LIST: i64 = 20;
/// Teams, and repositories, that are named of one user.
const ALONE: i64 = 20;

/// A user in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Name.
    pub name: String,
    /// The teams they are in.
    pub teams: Several,
    /// How many repositories are granted to them directly.
    pub repositories: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    repositories: i64,
}

/// Users in any team, by name, with the first of their teams. Two statements. Indexes: the primary keys of
/// `organization_members` and `namespace_grantees`.
///
/// # Errors
/// As the database's.
pub fn member_rows(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    query: &NameQuery,
) -> Result<Page<PersonRow>> {
    let among = "u.id IN (SELECT o.user_id FROM organization_members o WHERE o.organization_id = $organization)";
    let page = rows(conn, organization, query, among)?;
    let ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
    let asked = Asked { namespace: organization, holders: Holders::Users, ids: &ids, each: IN_A_LIST };
    let mut teams = asked.teams(conn)?;
    Ok(page.map(|row| PersonRow {
        teams: teams.remove(&row.id).unwrap_or_default(),
        name: row.name,
        repositories: row.repositories,
    }))
}

/// Users in no team that some repository is granted to directly, by name. One statement. Indexes: the primary keys of
/// `namespace_grantees` and `organization_members`.
///
/// # Errors
/// As the database's.
pub fn collaborator_rows(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    query: &NameQuery,
) -> Result<Page<PersonRow>> {
    let condition = "\
        u.id IN (SELECT g.user_id FROM namespace_grantees g WHERE g.namespace_id = $organization) \
         AND NOT EXISTS (SELECT 1 FROM organization_members o WHERE o.organization_id = $organization \
          AND o.user_id = u.id)";
    let page = rows(conn, organization, query, condition)?;
    Ok(page.map(|row| PersonRow { name: row.name, teams: Several::default(), repositories: row.repositories }))
}

fn rows(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    query: &NameQuery,
    condition: &str,
) -> Result<Page<Row>> {
    let sql = query.sql();
    let question = prepared(format!(
        "SELECT u.id AS id, u.name AS name, COALESCE((SELECT k.repositories FROM namespace_grantees k \
          WHERE k.namespace_id = $organization AND k.user_id = u.id), 0) AS repositories FROM users u \
         WHERE {condition} AND u.name < '~' AND (u.name, u.id) {} ($1, $2) AND LOWER(u.name) LIKE $3 ESCAPE '\\' \
         ORDER BY u.name {}, u.id {} LIMIT $4",
        sql.behind, sql.direction, sql.direction
    ))
    .bind::<Text, _>(sql.name)
    .bind::<BigInt, _>(sql.id)
    .bind::<Text, _>(sql.pattern)
    .bind::<BigInt, _>(sql.limit)
    .with("organization", organization.id.0);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(query.page(rows, |row| Cursor::text(&row.name, row.id)))
}

/// Somebody who is in a team or has a permission, with the first of their teams and of the repositories granted to them.
///
/// # Errors
/// `NotFound` if nobody has the name or they have nothing to do with the organization.
pub fn person(conn: &mut Conn, organization: &Authorized<Namespace, Inspect>, name: &str) -> Result<Person> {
    let user = account::by_name(conn, name)?;
    let found = described(conn, organization, vec![(user.id.0, user.name)], ALONE)?;
    let found = found.into_iter().find(|person| person.teams.count > 0 || person.repositories.count > 0);
    found.ok_or_else(|| Error::NotFound(Thing::User(name.to_string())))
}

/// The repositories granted to a user directly, in the order of their names, after `after`, at most `limit`. Index:
/// `repository_permissions_by_user`.
///
/// # Errors
/// `NotFound` if nobody has the name.
pub fn permissions(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    name: &str,
    after: &str,
    limit: impl Into<Limit>,
) -> Result<Vec<GrantedRepository>> {
    let user = account::by_name(conn, name)?;
    granted_in(conn, organization, Grantee::User(user.id), after, &limit.into())
}
