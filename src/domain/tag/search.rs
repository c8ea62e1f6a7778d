//! Finding the tags of a page.
//!
//! A filter cannot use an index, so it is tried along the order of the list first, which fills a page at once where many
//! tags match. If that finds little, all [names](super::names) are looked at, and what matches is then looked up in its
//! order.

use super::names::{Matching, TagNames};
use super::page::{TagQuery, TagSort};
use super::pattern::{Kind, Search, Wanted};
use crate::db::schema::{manifests, tags};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key};
use crate::repository::Repository;
use crate::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Tags tried along the order of the list before all names are read.
const TRIED_FIRST: usize = 300;
/// More that match than this are so many that the order of the list leads to a page's worth soon.
const MANY: usize = 2_000;
/// Tags tried at a time, and at most, where many match.
const TRIED_AT_ONCE: usize = 1_000;
const TRIED: usize = 10_000;

/// Tags of a page in the direction of its walk.
#[derive(Default)]
pub(super) struct Found {
    pub ids: Vec<i64>,
    /// Where the walk goes on, if it does.
    pub end: Option<Cursor>,
    /// How many match in all, if that is known.
    pub matching: Option<usize>,
}

#[derive(Clone, QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

pub(super) fn keys(
    conn: &mut Conn,
    names: &TagNames,
    repository: &Repository,
    now: Timestamp,
    query: &TagQuery,
) -> Result<Found> {
    let keys = Keys { repository, now, query };
    match query.filter.as_ref().map(|pattern| &pattern.0) {
        None => {
            let rows = keys.behind(conn, &keys.start(), None, query.limit + 1)?;
            Ok(keys.cut(rows))
        }
        Some(Kind::Digest(beginning)) => {
            let names = keys.pointing(conn, beginning)?;
            let whole = names.len() <= MANY;
            keys.named(conn, &Matching { names, whole })
        }
        Some(Kind::Name(wanted)) => keys.matching(conn, names, wanted),
    }
}

struct Keys<'q> {
    repository: &'q Repository,
    now: Timestamp,
    query: &'q TagQuery,
}

impl Keys<'_> {
    /// Tags behind `from` in the direction of the walk; only those of `names`, if there are some.
    fn behind(&self, conn: &mut Conn, from: &Cursor, names: Option<&[String]>, limit: usize) -> Result<Vec<KeyRow>> {
        let (walk, column) = (self.query.walk(), self.query.sort.column());
        let (behind, direction) = (walk.behind(), walk.direction());
        let number = if self.query.sort == TagSort::Name { "id" } else { column };
        // Names that are known are looked up and sorted, not met along the order: the plus takes its index away.
        let plus = if names.is_some() && self.query.sort != TagSort::Name { "+" } else { "" };
        let among = if names.is_some() { "AND t.name IN ($6) " } else { "" };
        let signatures = match self.query.with_signatures {
            true => "",
            false => concat!("AND NOT ", names_signature!(), " "),
        };
        let question = format!(
            "SELECT t.id AS id, t.name AS name, t.{number} AS number FROM tags t WHERE t.repository_id = $1 \
             AND ({plus}t.{column}, t.id) {behind} ($2, $3) AND (t.expires_at IS NULL OR t.expires_at > $4) \
             {signatures}{among}ORDER BY {plus}t.{column} {direction}, t.id {direction} LIMIT $5"
        );
        let question = prepared(question).bind::<BigInt, _>(self.repository.id.0);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let question = match from.key.clone() {
            Key::Number(number) => question.bind::<BigInt, _>(number),
            Key::Text(text) => question.bind::<Text, _>(text),
        };
        let question = question
            .bind::<BigInt, _>(from.id)
            .bind::<BigInt, _>(self.now.0)
            .bind::<BigInt, _>(limit)
            .texts(names.unwrap_or_default());
        Ok(on_backend!(conn, c => question.load(c))?)
    }

    fn start(&self) -> Cursor {
        self.query.walk().from(self.query.place.start())
    }

    fn cursor(&self, row: &KeyRow) -> Cursor {
        if self.query.sort == TagSort::Name {
            Cursor::text(&row.name, row.id)
        } else {
            Cursor::number(row.number, row.id)
        }
    }

    /// The first rows of a page, and where it goes on if there are more.
    fn cut(&self, mut rows: Vec<KeyRow>) -> Found {
        let more = rows.len() > self.query.limit;
        rows.truncate(self.query.limit);
        let end = rows.last().filter(|_| more).map(|row| self.cursor(row));
        Found { ids: rows.iter().map(|row| row.id).collect(), end, matching: None }
    }

    /// A page of the tags of these names.
    fn named(&self, conn: &mut Conn, all: &Matching) -> Result<Found> {
        let matching = all.whole.then_some(all.names.len());
        if all.names.is_empty() {
            return Ok(Found { matching, ..Found::default() });
        }
        let rows = self.behind(conn, &self.start(), Some(&all.names), self.query.limit + 1)?;
        Ok(Found { matching, ..self.cut(rows) })
    }

    fn matching(&self, conn: &mut Conn, names: &TagNames, wanted: &Wanted) -> Result<Found> {
        let mut tried = Tried { search: wanted.search(), limit: self.query.limit + 1, hits: Vec::new(), seen: 0 };
        let first = self.behind(conn, &self.start(), None, TRIED_FIRST)?;
        let all = first.len() < TRIED_FIRST;
        let mut last = tried.take(first)?.map(|row| self.cursor(&row));
        if all || tried.is_enough() {
            return Ok(self.cut(tried.hits));
        }
        let names = names.of(conn, self.repository)?.matching(&tried.search, MANY)?;
        if names.names.len() <= MANY {
            return self.named(conn, &names);
        }
        while let Some(from) = last.take() {
            if tried.seen >= TRIED {
                let ids = tried.hits.iter().map(|row| row.id).collect();
                return Ok(Found { ids, end: Some(from), matching: None });
            }
            let some = self.behind(conn, &from, None, TRIED_AT_ONCE)?;
            let more = some.len() == TRIED_AT_ONCE;
            last = tried.take(some)?.filter(|_| more).map(|row| self.cursor(&row));
            if tried.is_enough() {
                break;
            }
        }
        Ok(self.cut(tried.hits))
    }

    /// Names of tags that point at a manifest whose digest begins so, up to one more than [`MANY`]. Indexes:
    /// `manifests.digest`, `tags_by_manifest`.
    fn pointing(&self, conn: &mut Conn, beginning: &str) -> Result<Vec<String>> {
        Ok(tags::table
            .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
            .filter(manifests::digest.ge(beginning.to_string()))
            .filter(manifests::digest.lt(format!("{beginning}g")))
            .filter(tags::repository_id.eq(self.repository.id.0))
            .select(tags::name)
            .limit(i64::try_from(MANY).unwrap_or(0) + 1)
            .load(conn)?)
    }
}

/// Tags tried one after the other.
struct Tried<'w> {
    search: Search<'w>,
    limit: usize,
    hits: Vec<KeyRow>,
    seen: usize,
}

impl Tried<'_> {
    /// Tries these; returns the last one.
    fn take(&mut self, rows: Vec<KeyRow>) -> Result<Option<KeyRow>> {
        let mut last = None;
        for row in rows {
            self.seen += 1;
            if self.hits.len() < self.limit && self.search.finds(&row.name)? {
                self.hits.push(row.clone());
            }
            last = Some(row);
        }
        Ok(last)
    }

    fn is_enough(&self) -> bool {
        self.hits.len() >= self.limit
    }
}
