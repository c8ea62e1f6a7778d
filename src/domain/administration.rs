//! What the registry's administrators look over: who there is, what is stored, how the sweeps do.
//!
//! Every list is one walk along one index that stops after a page; what is counted is kept. A part of a name or address
//! cannot use an index: then a bounded number of entries behind the place is looked through, and the list says that there
//! may be more.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::access::{Authorized, Inspect, Instance, Standing};
use crate::db::schema::{storage_counts, uploads};
use crate::db::{Conn, like_pattern, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key, Page, Place, Walk};
use crate::time::Timestamp;

/// Entries a search by a part looks through for one page.
const SEARCHED: i64 = 10_000;
/// Uploads in progress that are counted.
const UPLOADS: i64 = 10_000;

/// What a list of users can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserSort {
    /// Name.
    #[default]
    Name,
    /// When they last signed in with a browser; never comes first.
    SignedIn,
}

/// Which users are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserState {
    /// All.
    #[default]
    Any,
    /// Those whose credentials count.
    Enabled,
    /// Those whose credentials do not.
    Disabled,
    /// Superusers and read-only ones, by the database; settings may name more.
    Superusers,
}

/// Which page of the list of users.
#[derive(Debug, Clone, Default)]
pub struct UserQuery {
    /// Only those whose name or address contains this, in either case.
    pub containing: Option<String>,
    /// Only these.
    pub state: UserState,
    /// Sorted by.
    pub sort: UserSort,
    /// From the last to the first.
    pub descending: bool,
    /// Which page.
    pub place: Place,
    /// How many users a page has.
    pub limit: usize,
}

/// A user in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Given and family name, as far as they are known.
    pub full_name: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// By the database; settings may raise it.
    pub standing: Standing,
    /// Whether their credentials count.
    pub enabled: bool,
    /// When they were created.
    pub created_at: Timestamp,
    /// When they last signed in with a browser.
    pub signed_in_at: Option<Timestamp>,
    /// Repositories of their own.
    pub repositories: i64,
}

#[derive(QueryableByName)]
struct User {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    given_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    family_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<String>,
    #[diesel(sql_type = Text)]
    standing: Standing,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    last_sign_in: i64,
    #[diesel(sql_type = BigInt)]
    repositories: i64,
}

/// A page of users. One statement. Indexes: `users.name`, `users_by_enabled` and `users_raised` by name, `users_by_sign_in`,
/// `users_disabled_by_sign_in` and `users_raised_by_sign_in` by that.
///
/// # Errors
/// As the database's.
pub fn users(conn: &mut Conn, _: &Authorized<Instance, Inspect>, query: &UserQuery) -> Result<Page<UserRow>> {
    let by_name = query.sort == UserSort::Name;
    let column = if by_name { "name" } else { "last_sign_in" };
    let walk = Walk::new(query.descending, by_name, &query.place);
    let from = walk.from(query.place.start());
    let (behind, direction) = (walk.behind(), walk.direction());
    // Compared, it is a reason to take `users_by_enabled`, which is in the order of the names; alone it is none, and what
    // `users_disabled_by_sign_in` is of.
    let (enabled, disabled) = match (by_name, &*conn) {
        (true, Conn::Sqlite(_)) => ("AND enabled = 1", "AND enabled = 0"),
        (true, Conn::Postgres(_)) => ("AND enabled = TRUE", "AND enabled = FALSE"),
        (false, _) => ("AND enabled", "AND NOT enabled"),
    };
    let state = match query.state {
        UserState::Any => "",
        UserState::Enabled => enabled,
        UserState::Disabled => disabled,
        UserState::Superusers => "AND standing <> 'plain'",
    };
    // Without a part to look for, the walk itself stops after a page.
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX - 1) + 1;
    let walked = if query.containing.is_some() { SEARCHED } else { limit };
    let question = prepared(format!(
        "SELECT u.id AS id, u.name AS name, u.given_name AS given_name, u.family_name AS family_name, u.email AS email, \
          u.standing AS standing, u.enabled AS enabled, u.created_at AS created_at, u.last_sign_in AS last_sign_in, \
          n.repositories AS repositories \
         FROM (SELECT * FROM users WHERE ({column}, id) {behind} ($key, $row) AND name < '~' {state} \
           ORDER BY {column} {direction}, id {direction} LIMIT $walked) u JOIN namespaces n ON n.id = u.namespace_id \
         WHERE (LOWER(u.name) LIKE $pattern ESCAPE '\\' OR LOWER(COALESCE(u.email, '')) LIKE $pattern ESCAPE '\\') \
         ORDER BY u.{column} {direction}, u.id {direction} LIMIT $limit"
    ));
    let pattern = query.containing.as_deref().map_or_else(|| "%".to_string(), like_pattern);
    let question = question.with("pattern", pattern).with("row", from.id).with("walked", walked).with("limit", limit);
    let question = match from.key {
        Key::Text(name) => question.with("key", name),
        Key::Number(number) => question.with("key", number),
    };
    let rows: Vec<User> = on_backend!(conn, c => question.load(c))?;
    let cursor = |row: &User| {
        if by_name { Cursor::text(&row.name, row.id) } else { Cursor::number(row.last_sign_in, row.id) }
    };
    let page = Page::of(rows, &query.place, query.limit, cursor);
    Ok(page.map(|row| {
        let names: Vec<String> = [row.given_name, row.family_name].into_iter().flatten().collect();
        UserRow {
            id: row.id,
            name: row.name,
            full_name: Some(names.join(" ")).filter(|name| !name.trim().is_empty()),
            email: row.email,
            standing: row.standing,
            enabled: row.enabled,
            created_at: Timestamp(row.created_at),
            signed_in_at: Some(Timestamp(row.last_sign_in)).filter(|at| at.0 > 0),
            repositories: row.repositories,
        }
    }))
}

/// An organization in the list of all.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct OrganizationRow {
    /// Row.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Where its admins are reached.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    /// Repositories.
    #[diesel(sql_type = BigInt)]
    pub repositories: i64,
    /// Teams.
    #[diesel(sql_type = BigInt)]
    pub teams: i64,
    /// Users in any team.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
    /// Robot accounts.
    #[diesel(sql_type = BigInt)]
    pub robots: i64,
}

/// A page of all organizations, by name. One statement. Index: `namespaces_by_kind`.
///
/// # Errors
/// As the database's.
pub fn organizations(
    conn: &mut Conn,
    _: &Authorized<Instance, Inspect>,
    query: &crate::organization::NameQuery,
) -> Result<Page<OrganizationRow>> {
    let sql = query.sql();
    let question = prepared(format!(
        "SELECT n.id AS id, n.name AS name, n.email AS email, n.repositories AS repositories, n.teams AS teams, \
          n.members AS members, n.robots AS robots \
         FROM (SELECT * FROM namespaces WHERE kind = 'organization' AND name < '~' AND (name, id) {} ($1, $2) \
           ORDER BY name {}, id {} LIMIT $walked) n \
         WHERE n.name LIKE $3 ESCAPE '\\' ORDER BY n.name {}, n.id {} LIMIT $4",
        sql.behind, sql.direction, sql.direction, sql.direction, sql.direction
    ))
    .bind::<Text, _>(sql.name)
    .bind::<BigInt, _>(sql.id)
    .bind::<Text, _>(sql.pattern)
    .bind::<BigInt, _>(sql.limit)
    .with("walked", if query.containing.is_some() { SEARCHED } else { sql.limit });
    let rows: Vec<OrganizationRow> = on_backend!(conn, c => question.load(c))?;
    Ok(query.page(rows, |row| Cursor::text(&row.name, row.id)))
}

/// What is stored. The largest repositories are [`crate::repository::rows`] by size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Storage {
    /// Blobs, each once however many repositories have it.
    pub blobs: i64,
    /// Their bytes.
    pub bytes: i64,
    /// Uploads in progress; ten thousand is as far as they are counted.
    pub uploads: i64,
    /// Bytes they have received.
    pub received: i64,
}

/// What is stored. Two statements over a bounded number of rows. Index: the primary key of `storage_counts`.
///
/// # Errors
/// As the database's.
pub fn storage(conn: &mut Conn, _: &Authorized<Instance, Inspect>) -> Result<Storage> {
    let shards: Vec<(i64, i64)> =
        storage_counts::table.select((storage_counts::blobs, storage_counts::bytes)).load(conn)?;
    let received: Vec<i64> = uploads::table.select(uploads::received).limit(UPLOADS).load(conn)?;
    Ok(Storage {
        blobs: shards.iter().map(|(blobs, _)| blobs).sum(),
        bytes: shards.iter().map(|(_, bytes)| bytes).sum(),
        uploads: i64::try_from(received.len()).unwrap_or(i64::MAX),
        received: received.iter().sum(),
    })
}
