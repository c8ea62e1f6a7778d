//! The list of repositories as people page through it: sorted, filtered, forwards and backwards.
//!
//! What somebody may see comes from several places: what everybody may read, namespaces they administer, grants. Each is
//! a walk along an index that stops after a page ([`parts`](super::parts)); the page is the first of what they found
//! together.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::grams::{self, Part};
use super::parts::{self, Parts};
use super::queries::CatalogReader;
use crate::access::{RepositoryState, Visibility};
use crate::db::schema::namespaces;
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::ids::NamespaceId;
use crate::on_backend;
use crate::page::{Cursor, Page, Place, Walk};
use crate::time::Timestamp;

/// Characters of a description that lists show.
const SHORT: usize = 200;
/// Repositories tried one after the other for a filter that too many match to look them up.
const TRIED_AT_ONCE: usize = 500;
const TRIED: usize = 10_000;

/// What a list of repositories can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RepositorySort {
    /// Name.
    Name,
    /// When a tag last moved; never comes first.
    #[default]
    Pushed,
    /// Bytes.
    Size,
    /// Pulls.
    Pulls,
}

impl RepositorySort {
    pub(super) fn column(self) -> &'static str {
        match self {
            RepositorySort::Name => "name",
            RepositorySort::Pushed => "last_push",
            RepositorySort::Size => "size",
            RepositorySort::Pulls => "pulls",
        }
    }
}

/// Which repositories a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among {
    /// Everything the reader may see.
    Readable,
    /// What the reader has a role on: their own, granted to them, in organizations they administer.
    Mine,
    /// What the reader starred and may see.
    Starred,
    /// Those of a namespace that the reader may see; `administers` if that is all of them.
    Namespace {
        /// Row.
        id: NamespaceId,
        /// Whether the reader is an admin of it.
        administers: bool,
    },
}

/// Which page of which list.
#[derive(Debug, Clone)]
pub struct RepositoryQuery {
    /// Whose.
    pub among: Among,
    /// Sorted by.
    pub sort: RepositorySort,
    /// From the last to the first.
    pub descending: bool,
    /// Only those whose name, behind the namespace, contains this, in either case.
    pub containing: Option<String>,
    /// Only these.
    pub visibility: Option<Visibility>,
    /// Which page.
    pub place: Place,
    /// How many repositories a page has.
    pub limit: usize,
}

impl RepositoryQuery {
    /// The first page of these, last push first.
    pub fn of(among: Among, limit: usize) -> RepositoryQuery {
        let (sort, place) = (RepositorySort::default(), Place::First);
        RepositoryQuery { among, sort, descending: true, containing: None, visibility: None, place, limit }
    }

    pub(super) fn walk(&self) -> Walk {
        Walk::new(self.descending, self.sort == RepositorySort::Name, &self.place)
    }
}

/// A repository in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryRow {
    /// Row.
    pub id: i64,
    /// Whole name.
    pub name: String,
    /// Who may pull it without a grant.
    pub visibility: Visibility,
    /// Whether it can be pushed to.
    pub state: RepositoryState,
    /// The beginning of what it says about itself: Markdown, cut.
    pub description: String,
    /// Bytes of its blobs.
    pub size: i64,
    /// How many tags it has.
    pub tags: i64,
    /// How often it was pulled from.
    pub pulls: i64,
    /// How many people starred it.
    pub stars: i64,
    /// When a tag last moved.
    pub pushed_at: Option<Timestamp>,
    /// Whether the reader starred it.
    pub starred: bool,
}

impl RepositoryRow {
    fn cursor(&self, sort: RepositorySort) -> Cursor {
        match sort {
            RepositorySort::Name => Cursor::text(&self.name, self.id),
            RepositorySort::Pushed => Cursor::number(self.pushed_at.map_or(0, |at| at.0), self.id),
            RepositorySort::Size => Cursor::number(self.size, self.id),
            RepositorySort::Pulls => Cursor::number(self.pulls, self.id),
        }
    }
}

/// A page of repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryPage {
    /// The repositories.
    pub page: Page<RepositoryRow>,
    /// How many there are without filters, where that is kept: of a namespace, for who may see all of it.
    pub total: Option<i64>,
}

/// A page of repositories. Eight statements at most, however many there are.
///
/// # Errors
/// As the database's.
pub fn rows(conn: &mut Conn, reader: &CatalogReader, query: &RepositoryQuery) -> Result<RepositoryPage> {
    let parts = parts::of(conn, reader, query)?;
    let start = query.walk().from(query.place.start());
    let (keys, end) = match query.containing.as_deref().map(str::to_lowercase).filter(|part| !part.is_empty()) {
        None => first(parts.behind(conn, query, &start, None, query.limit + 1)?, query.limit),
        Some(part) => match grams::having(conn, &part, Part::Any, grams::MANY)? {
            Some(none) if none.is_empty() => (Vec::new(), None),
            Some(ids) => {
                let among = Some(ids.as_slice());
                first(parts.behind(conn, query, &start, among, query.limit + 1)?, query.limit)
            }
            None => tried(conn, &parts, query, start, &part)?,
        },
    };
    let rows = described(conn, reader, &keys)?;
    let total = match query.among {
        Among::Namespace { id, .. } if parts.are_everything() => {
            namespaces::table.find(id.0).select(namespaces::repositories).first(conn).optional()?
        }
        _ => None,
    };
    let page = Page::ended(rows, &query.place, end, |row| row.cursor(query.sort));
    Ok(RepositoryPage { page, total })
}

/// A repository's place in the order of the list.
#[derive(QueryableByName, Clone)]
pub(super) struct KeyRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

impl KeyRow {
    pub fn cursor(&self, sort: RepositorySort) -> Cursor {
        match sort {
            RepositorySort::Name => Cursor::text(&self.name, self.id),
            _ => Cursor::number(self.number, self.id),
        }
    }
}

type Cut = (Vec<KeyRow>, Option<Cursor>);

fn first((mut keys, sort): (Vec<KeyRow>, RepositorySort), limit: usize) -> Cut {
    let more = keys.len() > limit;
    keys.truncate(limit);
    let end = keys.last().filter(|_| more).map(|key| key.cursor(sort));
    (keys, end)
}

/// Along the order of the list, as far as [`TRIED`].
fn tried(conn: &mut Conn, parts: &Parts, query: &RepositoryQuery, start: Cursor, part: &str) -> Result<Cut> {
    let (mut hits, mut from, mut seen) = (Vec::new(), Some(start), 0);
    while let Some(here) = from.take() {
        if seen >= TRIED {
            return Ok((hits, Some(here)));
        }
        let (some, sort) = parts.behind(conn, query, &here, None, TRIED_AT_ONCE)?;
        seen += some.len();
        from = some.last().filter(|_| some.len() == TRIED_AT_ONCE).map(|key| key.cursor(sort));
        let behind = |key: &KeyRow| key.name.split_once('/').is_some_and(|(_, path)| path.contains(part));
        hits.extend(some.into_iter().filter(behind));
        if hits.len() > query.limit {
            return Ok(first((hits, sort), query.limit));
        }
    }
    Ok((hits, None))
}

const ROWS: &str = "\
SELECT r.id AS id, r.name AS name, r.visibility AS visibility, r.state AS state, \
 SUBSTR(r.description, 1, CAST($1 AS INTEGER)) AS description, r.size AS size, r.tags AS tags, r.pulls AS pulls, \
 r.stars AS stars, r.pushed_at AS pushed_at, s.user_id IS NOT NULL AS starred \
FROM repositories r LEFT JOIN stars s ON s.repository_id = r.id AND s.user_id = $2 WHERE r.id IN ($3)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    visibility: Visibility,
    #[diesel(sql_type = Text)]
    state: RepositoryState,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = BigInt)]
    tags: i64,
    #[diesel(sql_type = BigInt)]
    pulls: i64,
    #[diesel(sql_type = BigInt)]
    stars: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pushed_at: Option<i64>,
    #[diesel(sql_type = Bool)]
    starred: bool,
}

/// What these show, in the order given. Indexes: the primary keys of `repositories` and `stars`.
fn described(conn: &mut Conn, reader: &CatalogReader, keys: &[KeyRow]) -> Result<Vec<RepositoryRow>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = keys.iter().map(|key| key.id).collect();
    let question = prepared(ROWS)
        .bind::<BigInt, _>(i64::try_from(SHORT).unwrap_or(0))
        .bind::<BigInt, _>(parts::ids(&reader.principal).0)
        .numbers(&ids);
    let found: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let mut found: HashMap<i64, Row> = found.into_iter().map(|row| (row.id, row)).collect();
    let shown = |row: Row| RepositoryRow {
        id: row.id,
        name: row.name,
        visibility: row.visibility,
        state: row.state,
        description: row.description,
        size: row.size,
        tags: row.tags,
        pulls: row.pulls,
        stars: row.stars,
        pushed_at: row.pushed_at.map(Timestamp),
        starred: row.starred,
    };
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(shown).collect())
}
