//! Lists of a reader to whom much is granted.
//!
//! Looking up all that is granted and sorting it costs as much as there is of it, whatever the page shows. Along the order
//! of the list each repository can be asked whether the reader may see it; that finds a page's worth soon if they may see
//! many of them, and late or never if not. So only a stretch of each index is looked at: where it does not do, the page is
//! made from all grants.

use std::cmp::Ordering;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::parts::of_reader;
use super::rows::{KeyRow, RepositoryQuery, RepositorySort};
use crate::db::{Conn, Statement, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key, rows_of};

/// Fewer grants are looked up sooner than a stretch is walked.
pub(super) const WORTH_IT: i64 = 300;
/// Entries of an index that are looked at.
const STRETCH: i64 = 1_000;
/// Pages with more entries than this would hardly be found on a stretch.
const LARGEST_PAGE: usize = 200;

/// An index along which a list is walked.
pub(super) struct Walked {
    /// Which index, as a condition on `r`.
    pub along: String,
    /// Which of its entries are in the list, as a condition on `r`; none for all of them.
    pub which: Option<String>,
}

/// The stretches to be walked, which have no repository in common.
pub(super) struct Stretches<'p> {
    pub walked: &'p [Walked],
    /// What conditions name `$n0`, `$n1` and so on.
    pub namespaces: &'p [i64],
    pub who: (i64, i64),
}

/// Where the stretch of one of the indexes ends.
#[derive(QueryableByName)]
struct End {
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Stretches<'_> {
    /// As [`Parts::behind`](super::parts::Parts::behind), unless the page reaches beyond a stretch. Two statements, of the
    /// same indexes.
    pub fn behind(
        &self,
        conn: &mut Conn,
        query: &RepositoryQuery,
        from: &Cursor,
        limit: usize,
    ) -> Result<Option<Vec<KeyRow>>> {
        // By size or pulls so many are alike that no stretch ends short of them.
        let is_told_apart = matches!(query.sort, RepositorySort::Name | RepositorySort::Pushed);
        if self.walked.is_empty() || limit > LARGEST_PAGE || !is_told_apart {
            return Ok(None);
        }
        let ends = self.ends(conn, query, from)?;
        let rows = self.rows(conn, query, from, &ends, limit)?;
        let last = rows.last().map(|row| row.cursor(query.sort)).filter(|_| rows.len() == limit);
        let is_whole = ends.iter().all(|(_, end)| last.as_ref().is_some_and(|last| is_before(query, last, end)));
        Ok(is_whole.then_some(rows))
    }

    /// Where the stretches end that have an end, by their place.
    fn ends(&self, conn: &mut Conn, query: &RepositoryQuery, from: &Cursor) -> Result<Vec<(usize, Cursor)>> {
        let order = Order::of(query);
        let bounded = self.walked.iter().enumerate().filter(|(_, walked)| walked.which.is_some());
        let ends: Vec<String> = bounded
            .map(|(at, walked)| {
                let walk = order.along(&walked.along);
                format!(
                    "SELECT CAST({at} AS BIGINT) AS at, e.id AS id, e.name AS name, e.number AS number \
                     FROM ({walk} {} LIMIT 1 OFFSET $stretch) e",
                    order.by()
                )
            })
            .collect();
        if ends.is_empty() {
            return Ok(Vec::new());
        }
        let question = self.bound(prepared(ends.join(" UNION ALL ")).with("stretch", STRETCH), from);
        let ends: Vec<End> = on_backend!(conn, c => question.load(c))?;
        let end = |End { at, id, name, number }| {
            (usize::try_from(at).unwrap_or(0), KeyRow { id, name, number }.cursor(query.sort))
        };
        Ok(ends.into_iter().map(end).collect())
    }

    fn rows(
        &self,
        conn: &mut Conn,
        query: &RepositoryQuery,
        from: &Cursor,
        ends: &[(usize, Cursor)],
        limit: usize,
    ) -> Result<Vec<KeyRow>> {
        let order = Order::of(query);
        let walks = self.walked.iter().enumerate().map(|(at, walked)| {
            let until = match ends.iter().any(|(place, _)| *place == at) {
                true => format!("AND r.{} {} $e{at} ", order.column, order.before()),
                false => String::new(),
            };
            let which = walked.which.as_ref().map_or(String::new(), |which| format!("AND ({which}) "));
            order.walk(&walked.along, &format!("{until}{which}"))
        });
        let question = order.merged(&walks.collect::<Vec<_>>(), "UNION ALL");
        let mut question = self.bound(prepared(question), from).with("limit", rows_of(limit));
        for (at, end) in ends {
            question = with_key(question, format!("e{at}"), &end.key);
        }
        Ok(on_backend!(conn, c => question.load(c))?)
    }

    /// With the reader, the namespaces and where the walk begins.
    pub fn bound(&self, question: Statement, from: &Cursor) -> Statement {
        let question = of_reader(question, self.who).with("row", from.id);
        let question = with_key(question, "key".to_string(), &from.key);
        let namespaces = self.namespaces.iter().enumerate();
        namespaces.fold(question, |question, (at, id)| question.with(format!("n{at}"), *id))
    }
}

fn with_key(question: Statement, name: String, key: &Key) -> Statement {
    match key {
        Key::Text(text) => question.with(name, text.as_str()),
        Key::Number(number) => question.with(name, *number),
    }
}

/// Whether an entry comes before the end of a stretch. Those that are equal to it in what the list is sorted by are not
/// on the stretch: SQLite would not end the walk among them. Both databases compare names byte by byte.
fn is_before(query: &RepositoryQuery, one: &Cursor, end: &Cursor) -> bool {
    let order = match (&one.key, &end.key) {
        (Key::Text(one), Key::Text(end)) => one.cmp(end),
        (Key::Number(one), Key::Number(end)) => one.cmp(end),
        _ => Ordering::Equal,
    };
    if query.walk().direction() == "DESC" { order.is_gt() } else { order.is_lt() }
}

/// The order of a list in SQL.
pub(super) struct Order {
    column: &'static str,
    /// What rows say their place is, beside their names.
    number: &'static str,
    /// What walks are merged by.
    key: &'static str,
    behind: &'static str,
    direction: &'static str,
    visibility: String,
}

impl Order {
    pub fn of(query: &RepositoryQuery) -> Order {
        let (walk, column) = (query.walk(), query.sort.column());
        let (key, number) = if query.sort == RepositorySort::Name { ("name", "id") } else { ("number", column) };
        let visibility = query.visibility.map_or(String::new(), |one| format!("AND r.visibility || '' = '{one}' "));
        Order { column, number, key, behind: walk.behind(), direction: walk.direction(), visibility }
    }

    fn before(&self) -> &'static str {
        if self.behind == "<" { ">" } else { "<" }
    }

    /// The entries of an index behind `$key` and `$row`.
    fn along(&self, index: &str) -> String {
        let Order { column, number, behind, .. } = self;
        format!(
            "SELECT r.id AS id, r.name AS name, r.{number} AS number FROM repositories r \
             WHERE {index} AND (r.{column}, r.id) {behind} ($key, $row) AND r.deleted_at IS NULL"
        )
    }

    fn by(&self) -> String {
        let Order { column, direction, .. } = self;
        format!("ORDER BY r.{column} {direction}, r.id {direction}")
    }

    /// The first `$limit` of [`Order::along`] that the list shows; `which` is empty or `AND … `.
    pub fn walk(&self, index: &str, which: &str) -> String {
        format!("SELECT * FROM ({} {}{which}{} LIMIT $limit) part", self.along(index), self.visibility, self.by())
    }

    /// The first `$limit` of all walks.
    pub fn merged(&self, walks: &[String], union: &str) -> String {
        let Order { key, direction, .. } = self;
        format!(
            "SELECT id, name, number FROM ({}) parts ORDER BY {key} {direction}, id {direction} LIMIT $limit",
            walks.join(&format!(" {union} "))
        )
    }
}
