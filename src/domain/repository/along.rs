//! Lists of a reader to whom much is granted.
//!
//! Looking up all that is granted and sorting it costs as much as there is of it, whatever the page shows. Along the order
//! of the list each repository can be asked whether the reader may see it; that finds a page's worth soon if they may see
//! many of them, and late or never if not. So only a stretch of each index is looked at: up to where the page is full of
//! what needs no question, and no farther than a number of entries. Where it does not do, the page is made from all grants.

use std::cmp::Ordering;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

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

/// An entry of one of the indexes, by its place.
#[derive(QueryableByName)]
struct Entry {
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(embed)]
    row: KeyRow,
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
        if self.walked.is_empty() || !(1..=LARGEST_PAGE).contains(&limit) {
            return Ok(None);
        }
        let ends = self.ends(conn, query, from, limit)?;
        let rows = self.rows(conn, query, from, &ends, limit)?;
        let last = rows.last().map(|row| row.cursor(query.sort)).filter(|_| rows.len() == limit);
        let is_whole = ends.iter().flatten().all(|end| last.as_ref().is_some_and(|last| !is_behind(query, last, end)));
        Ok(is_whole.then_some(rows))
    }

    /// The last entry of each stretch; none where it has no end. What is in the list without a question has none.
    fn ends(
        &self,
        conn: &mut Conn,
        query: &RepositoryQuery,
        from: &Cursor,
        limit: usize,
    ) -> Result<Vec<Option<Cursor>>> {
        let order = Order::of(query);
        let entries = self.walked.iter().enumerate().map(|(at, walked)| {
            let (nth, visibility) =
                if walked.which.is_some() { ("$stretch", "") } else { ("$full", &*order.visibility) };
            let walk = order.along(&walked.along);
            format!(
                "SELECT CAST({at} AS BIGINT) AS at, e.id AS id, e.name AS name, e.number AS number \
                 FROM ({walk} {visibility}{} LIMIT 1 OFFSET {nth}) e",
                order.by()
            )
        });
        let question = prepared(entries.collect::<Vec<_>>().join(" UNION ALL "));
        let question = question.with("stretch", STRETCH - 1).with("full", rows_of(limit - 1));
        let question = self.bound(question, from);
        let entries: Vec<Entry> = on_backend!(conn, c => question.load(c))?;
        let mut found = vec![None; self.walked.len()];
        for Entry { at, row } in entries {
            if let Some(place) = usize::try_from(at).ok().and_then(|at| found.get_mut(at)) {
                *place = Some(row.cursor(query.sort));
            }
        }
        let nearer = |one: Cursor, other: Cursor| if is_behind(query, &one, &other) { other } else { one };
        let is_asked = |at: usize| self.walked[at].which.is_some();
        let full = (0..found.len()).filter(|at| !is_asked(*at)).filter_map(|at| found[at].clone()).reduce(nearer);
        let end = |(at, own): (usize, Option<Cursor>)| match is_asked(at) {
            true => own.into_iter().chain(full.clone()).reduce(nearer),
            false => None,
        };
        Ok(found.into_iter().enumerate().map(end).collect())
    }

    fn rows(
        &self,
        conn: &mut Conn,
        query: &RepositoryQuery,
        from: &Cursor,
        ends: &[Option<Cursor>],
        limit: usize,
    ) -> Result<Vec<KeyRow>> {
        let order = Order::of(query);
        let walks = self.walked.iter().zip(ends).enumerate().flat_map(|(at, (walked, end))| {
            let which = walked.which.as_ref().map_or(String::new(), |which| format!("AND ({which}) "));
            let until = end.as_ref().map_or(vec![String::new()], |end| order.until(at, &end.key));
            until.into_iter().map(|until| order.walk(&walked.along, &format!("{until}{which}"))).collect::<Vec<_>>()
        });
        let question = order.merged(&walks.collect::<Vec<_>>(), "UNION ALL");
        let mut question = self.bound(prepared(question), from).with("limit", rows_of(limit));
        for (at, end) in ends.iter().enumerate() {
            let Some(end) = end else { continue };
            question = with_key(question, format!("e{at}"), &end.key);
            if let Key::Number(_) = end.key {
                question = question.with(format!("i{at}"), end.id).with(format!("f{at}"), order.first_alike(from, end));
            }
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

/// Whether one entry comes behind another in the list. Both databases compare names byte by byte.
fn is_behind(query: &RepositoryQuery, one: &Cursor, other: &Cursor) -> bool {
    let order = match (&one.key, &other.key) {
        (Key::Text(one), Key::Text(other)) => one.cmp(other),
        (Key::Number(one), Key::Number(other)) => one.cmp(other),
        _ => Ordering::Equal,
    };
    let order = order.then(one.id.cmp(&other.id));
    if query.walk().direction() == "DESC" { order.is_lt() } else { order.is_gt() }
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

    /// Conditions, each for a walk, that together end with the entry `$e` of this walk, its row `$i`. Entries that are alike
    /// are a walk of their own: SQLite looks at no more than the first of two columns to find both ends of a walk, and would
    /// go on among them.
    fn until(&self, at: usize, end: &Key) -> Vec<String> {
        let Order { column, behind, .. } = self;
        let before = self.before();
        match end {
            Key::Text(_) => vec![format!("AND r.{column} {before}= $e{at} ")],
            Key::Number(_) => vec![
                format!("AND r.{column} {before} $e{at} "),
                format!("AND r.{column} = $e{at} AND r.id {before}= $i{at} AND r.id {behind} $f{at} "),
            ],
        }
    }

    /// The row behind which those begin that are like the end of a stretch.
    fn first_alike(&self, from: &Cursor, end: &Cursor) -> i64 {
        match self.behind {
            _ if from.key == end.key => from.id,
            "<" => i64::MAX,
            _ => i64::MIN,
        }
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
