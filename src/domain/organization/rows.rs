//! Organizations as lists and the heads of their pages show them.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::Namespace;
use crate::access::{Admin, Authorized, Me, Read, TeamRole};
use crate::db::schema::namespaces;
use crate::db::{Conn, like_pattern, prepared};
use crate::error::{Error, Result, Thing};
use crate::on_backend;
use crate::page::{Cursor, Key, Page, Place, Walk};
use crate::time::Timestamp;

/// Which page of a list that is sorted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NameQuery {
    /// Only those whose name contains this, in either case.
    pub containing: Option<String>,
    /// From the last to the first.
    pub descending: bool,
    /// Which page; places are [`Cursor::text`]s of name and row.
    pub place: Place,
    /// How many entries a page has.
    pub limit: usize,
}

impl NameQuery {
    /// As an address asks: a part of the names, blanks around it left out, and the places a page lies between.
    pub fn asked(part: &str, (after, before): (&str, &str), limit: usize) -> NameQuery {
        NameQuery {
            containing: Some(part.trim().to_string()).filter(|part| !part.is_empty()),
            descending: false,
            place: Place::named(Some(after), Some(before)),
            limit,
        }
    }
}

/// What a [`NameQuery`] is to SQL. `containing` is always in it: without one, everything contains it.
pub(crate) struct ByName {
    /// ` (name, id) > ($n, $m) AND LOWER(name) LIKE … ORDER BY … LIMIT …`, with the columns named.
    pub behind: &'static str,
    pub direction: &'static str,
    pub name: String,
    pub id: i64,
    pub pattern: String,
    pub limit: i64,
}

impl NameQuery {
    pub(crate) fn sql(&self) -> ByName {
        let walk = Walk::new(self.descending, true, &self.place);
        let from = walk.from(self.place.start());
        let name = match from.key {
            Key::Text(text) => text,
            Key::Number(_) => String::new(),
        };
        ByName {
            behind: walk.behind(),
            direction: walk.direction(),
            name,
            id: from.id,
            pattern: self.containing.as_deref().map_or_else(|| "%".to_string(), like_pattern),
            limit: i64::try_from(self.limit).unwrap_or(i64::MAX - 1) + 1,
        }
    }

    pub(crate) fn page<T>(&self, rows: Vec<T>, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        Page::of(rows, &self.place, self.limit, cursor)
    }
}

/// What is counted of an organization or a user's namespace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Repositories.
    pub repositories: i64,
    /// Teams.
    pub teams: i64,
    /// Users in any team.
    pub members: i64,
    /// Robot accounts.
    pub robots: i64,
}

/// An organization somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Their highest role.
    pub role: TeamRole,
    /// What is in it.
    pub counts: Counts,
}

#[derive(QueryableByName)]
struct MembershipRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Integer>)]
    rank: Option<i32>,
    #[diesel(sql_type = BigInt)]
    repositories: i64,
    #[diesel(sql_type = BigInt)]
    teams: i64,
    #[diesel(sql_type = BigInt)]
    members: i64,
    #[diesel(sql_type = BigInt)]
    robots: i64,
}

/// Organizations the caller belongs to. One statement. Indexes: `organization_members_by_user`, `team_members_by_user`.
///
/// # Errors
/// As the database's.
pub fn memberships(conn: &mut Conn, me: &Authorized<Me, Admin>, query: &NameQuery) -> Result<Page<Membership>> {
    let sql = query.sql();
    let question = prepared(format!(
        "SELECT n.id AS id, n.name AS name, n.repositories AS repositories, n.teams AS teams, n.members AS members, \
          n.robots AS robots, (SELECT MAX(CASE t.role WHEN 'admin' THEN 3 WHEN 'creator' THEN 2 ELSE 1 END) \
            FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = $1 AND t.organization_id = n.id) AS rank \
         FROM organization_members o JOIN namespaces n ON n.id = o.organization_id \
         WHERE o.user_id = $2 AND n.name < '~' AND (n.name, n.id) {} ($3, $4) AND LOWER(n.name) LIKE $5 ESCAPE '\\' \
         ORDER BY n.name {}, n.id {} LIMIT $6",
        sql.behind, sql.direction, sql.direction
    ))
    .bind::<BigInt, _>(me.id.0)
    .bind::<BigInt, _>(me.id.0)
    .bind::<Text, _>(sql.name)
    .bind::<BigInt, _>(sql.id)
    .bind::<Text, _>(sql.pattern)
    .bind::<BigInt, _>(sql.limit);
    let rows: Vec<MembershipRow> = on_backend!(conn, c => question.load(c))?;
    let page = query.page(rows, |row| Cursor::text(&row.name, row.id));
    Ok(page.map(|row| {
        let at = usize::try_from(row.rank.unwrap_or(1) - 1).unwrap_or(0);
        let (repositories, teams, members, robots) = (row.repositories, row.teams, row.members, row.robots);
        let role = TeamRole::ALL.get(at).copied().unwrap_or(TeamRole::Member);
        Membership { id: row.id, name: row.name, role, counts: Counts { repositories, teams, members, robots } }
    }))
}

/// What the head of each page of a namespace shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Where its admins are reached.
    pub email: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// What is in it.
    pub counts: Counts,
}

/// The head of a namespace's pages. Index: the primary key.
///
/// # Errors
/// `NotFound` if it went away meanwhile.
pub fn header(conn: &mut Conn, namespace: &Authorized<Namespace, Read>) -> Result<Header> {
    use namespaces as n;
    type Row = (Option<String>, i64, (i64, i64, i64, i64));
    let row: Option<Row> = n::table
        .find(namespace.id.0)
        .select((n::email, n::created_at, (n::repositories, n::teams, n::members, n::robots)))
        .first(conn)
        .optional()?;
    let (email, created_at, (repositories, teams, members, robots)) =
        row.ok_or_else(|| Error::NotFound(Thing::Organization(namespace.name.clone())))?;
    let counts = Counts { repositories, teams, members, robots };
    Ok(Header { email, created_at: Timestamp(created_at), counts })
}
