//! Finding the tags of a page.
//!
//! A filter cannot use an index, so it is tried along the order of the list first, which fills a page at once where many
//! tags match. If that finds little, all names are read in one go, as one text, which costs less than a row each, and what
//! matches is then looked up in its order.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use regex::Regex;

use super::page::{TagQuery, TagSort};
use super::pattern::Kind;
use crate::db::Conn;
use crate::db::schema::{manifests, tags};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key};
use crate::repository::Repository;
use crate::time::Timestamp;

/// Tags tried along the order of the list before all names are read.
const TRIED_FIRST: usize = 300;
/// Names read in one go.
const READ_AT_ONCE: i64 = 50_000;
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

/// Numbers as SQL; nothing but digits can be in it.
pub(crate) fn listed(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

pub(super) fn keys(conn: &mut Conn, repository: &Repository, now: Timestamp, query: &TagQuery) -> Result<Found> {
    let keys = Keys { repository, now, query };
    match query.filter.as_ref().map(|pattern| &pattern.0) {
        None => {
            let rows = keys.behind(conn, &keys.start(), None, query.limit + 1)?;
            Ok(keys.cut(rows))
        }
        Some(Kind::Digest(beginning)) => {
            let names = keys.pointing(conn, beginning)?;
            let whole = names.len() <= MANY;
            keys.named(conn, &Names { names, whole })
        }
        Some(Kind::Name(regex)) => keys.matching(conn, regex),
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
        // Letters of a name need no quoting.
        let names = names.map_or(String::new(), |names| format!("AND t.name IN ('{}') ", names.join("','")));
        // Names of signatures are those of cosign: an algorithm, a digest and a word.
        let signatures = match self.query.with_signatures {
            true => "",
            false => "AND NOT (t.name LIKE 'sha256-%' AND LENGTH(t.name) > 71) ",
        };
        let question = format!(
            "SELECT t.id AS id, t.name AS name, t.{number} AS number FROM tags t WHERE t.repository_id = $1 \
             AND ({plus}t.{column}, t.id) {behind} ($2, $3) AND (t.expires_at IS NULL OR t.expires_at > $4) \
             {signatures}{names}ORDER BY {plus}t.{column} {direction}, t.id {direction} LIMIT $5"
        );
        let question = diesel::sql_query(question).bind::<BigInt, _>(self.repository.id.0);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        match from.key.clone() {
            Key::Number(number) => {
                let question = question.bind::<BigInt, _>(number).bind::<BigInt, _>(from.id);
                let question = question.bind::<BigInt, _>(self.now.0).bind::<BigInt, _>(limit);
                Ok(on_backend!(conn, c => question.load(c))?)
            }
            Key::Text(text) => {
                let question = question.bind::<Text, _>(text).bind::<BigInt, _>(from.id);
                let question = question.bind::<BigInt, _>(self.now.0).bind::<BigInt, _>(limit);
                Ok(on_backend!(conn, c => question.load(c))?)
            }
        }
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
    fn named(&self, conn: &mut Conn, all: &Names) -> Result<Found> {
        let matching = all.whole.then_some(all.names.len());
        if all.names.is_empty() {
            return Ok(Found { matching, ..Found::default() });
        }
        let rows = self.behind(conn, &self.start(), Some(&all.names), self.query.limit + 1)?;
        Ok(Found { matching, ..self.cut(rows) })
    }

    fn matching(&self, conn: &mut Conn, regex: &Regex) -> Result<Found> {
        let mut tried = Tried { regex, limit: self.query.limit + 1, hits: Vec::new(), seen: 0 };
        let first = self.behind(conn, &self.start(), None, TRIED_FIRST)?;
        let all = first.len() < TRIED_FIRST;
        let mut last = tried.take(first).map(|row| self.cursor(&row));
        if all || tried.is_enough() {
            return Ok(self.cut(tried.hits));
        }
        let names = self.names(conn, regex)?;
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
            last = tried.take(some).filter(|_| more).map(|row| self.cursor(&row));
            if tried.is_enough() {
                break;
            }
        }
        Ok(self.cut(tried.hits))
    }

    /// Names that match, up to one more than [`MANY`], and whether all names were looked at. Index: `tags
    /// (repository_id, name)`.
    fn names(&self, conn: &mut Conn, regex: &Regex) -> Result<Names> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Nullable<Text>)]
            names: Option<String>,
        }
        let of_repository = tags::repository_id.eq(self.repository.id.0);
        let ordered = tags::table.filter(of_repository).order(tags::name).select(tags::name);
        let bound: Option<String> = ordered.offset(READ_AT_ONCE).first(conn).optional()?;
        let whole = bound.is_none();
        // No name has a letter behind this one.
        let bound = bound.unwrap_or_else(|| "\u{7f}".to_string());
        // From the index alone and not from a part of the table, which would take five times as long.
        let joined = match conn {
            Conn::Sqlite(_) => "group_concat",
            Conn::Postgres(_) => "string_agg",
        };
        let question = diesel::sql_query(format!(
            "SELECT {joined}(name, ' ') AS names FROM tags WHERE repository_id = $1 AND name < $2"
        ))
        .bind::<BigInt, _>(self.repository.id.0)
        .bind::<Text, _>(bound);
        let row: Row = on_backend!(conn, c => question.get_result(c))?;
        let all = row.names.unwrap_or_default();
        let matching = all.split(' ').filter(|name| regex.is_match(name)).take(MANY + 1);
        let names: Vec<String> = matching.map(str::to_string).collect();
        Ok(Names { whole: whole && names.len() <= MANY, names })
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

struct Names {
    names: Vec<String>,
    whole: bool,
}

/// Tags tried one after the other.
struct Tried<'r> {
    regex: &'r Regex,
    limit: usize,
    hits: Vec<KeyRow>,
    seen: usize,
}

impl Tried<'_> {
    /// Tries these; returns the last one.
    fn take(&mut self, rows: Vec<KeyRow>) -> Option<KeyRow> {
        let mut last = None;
        for row in rows {
            self.seen += 1;
            if self.hits.len() < self.limit && self.regex.is_match(&row.name) {
                self.hits.push(row.clone());
            }
            last = Some(row);
        }
        last
    }

    fn is_enough(&self) -> bool {
        self.hits.len() >= self.limit
    }
}
