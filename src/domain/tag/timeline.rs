//! The history of a repository's tags as people read it: every move, who made it, and what is to come.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::access::{Authorized, Read};
use crate::db::schema::{manifests, repository_manifests, tag_events, tags};
use crate::db::{Conn, among, fixed, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key, Page, Place, Walk};
use crate::repository::Repository;
use crate::time::Timestamp;

/// Moves, newest first, that a search by a part of the name looks through.
const SEARCHED: i64 = 10_000;

/// Which part of the history is meant.
#[derive(Debug, Clone, Default)]
pub struct TimelineQuery {
    /// Only moves of this tag.
    pub tag: Option<String>,
    /// Only moves of tags whose name contains this, in either case.
    pub containing: Option<String>,
    /// Only moves at or after this moment.
    pub from: Option<Timestamp>,
    /// Only moves before this moment.
    pub until: Option<Timestamp>,
    /// Which page; places are [`Cursor::number`]s of the move's row.
    pub place: Place,
    /// How many moves a page has.
    pub limit: usize,
}

/// One move of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagMove {
    /// Row.
    pub id: i64,
    /// The tag.
    pub tag: String,
    /// Where it pointed; `None` if it was new.
    pub from: Option<String>,
    /// Where it points since; `None` if it was deleted or ended.
    pub to: Option<String>,
    /// Who moved it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// Whether it was brought back.
    pub reversion: bool,
    /// Whether what it pointed at before is still here, so that it can be brought back.
    pub restorable: bool,
}

/// A part of the history, newest first.
///
/// One statement, and one more with a part of a name or with dates. Indexes: `tag_events_by_row`, with a tag
/// `tag_events_by_tag`.
///
/// # Errors
/// As the database's.
pub fn timeline(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    query: &TimelineQuery,
) -> Result<Page<TagMove>> {
    let walk = Walk::new(true, false, &query.place);
    let start = walk.from(query.place.start());
    let floor = match &query.containing {
        Some(_) => floor(conn, repository)?,
        None => 0,
    };
    let Key::Number(behind) = start.key else { return Ok(Page { rows: vec![], previous: None, next: None }) };
    let mut which = String::new();
    if query.tag.is_some() {
        which.push_str("AND e.tag = $1 ");
    } else if query.containing.is_some() {
        which.push_str(match conn {
            Conn::Sqlite(_) => "AND e.tag LIKE $1 ESCAPE '\\' ",
            Conn::Postgres(_) => "AND e.tag ILIKE $1 ESCAPE '\\' ",
        });
    } else {
        which.push_str("AND $1 = '' ");
    }
    if query.from.is_some() {
        which.push_str("AND e.at >= $from ");
    }
    if query.until.is_some() {
        which.push_str("AND e.at < $until ");
    }
    let text = query.tag.clone().or_else(|| query.containing.as_deref().map(crate::db::like_pattern));
    let question = prepared(format!(
        "SELECT e.id AS id FROM tag_events e WHERE e.repository_id = $repository AND e.id {} $row AND e.id >= $floor {which}\
         ORDER BY e.id {} LIMIT $limit",
        walk.behind(),
        walk.direction()
    ))
    .bind::<Text, _>(text.unwrap_or_default())
    .with("repository", repository.id.0)
    .with("row", behind)
    .with("floor", floor)
    .with("from", query.from.map_or(0, |at| at.0))
    .with("until", query.until.map_or(0, |at| at.0))
    .with("limit", i64::try_from(query.limit).unwrap_or(i64::MAX - 1) + 1);
    let ids: Vec<Id> = on_backend!(conn, c => question.load(c))?;
    let page = Page::of(ids, &query.place, query.limit, |row| Cursor::number(row.id, row.id));
    let mut rows = described(conn, repository, page.rows.iter().map(|row| row.id).collect())?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(Page { rows, previous: page.previous, next: page.next })
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The oldest move a search looks at. Index: `tag_events_by_row`.
fn floor(conn: &mut Conn, repository: &Repository) -> Result<i64> {
    let newest = tag_events::table.filter(tag_events::repository_id.eq(repository.id.0)).order(tag_events::id.desc());
    let floor: Option<i64> = newest.select(tag_events::id).offset(SEARCHED).first(conn).optional()?;
    Ok(floor.unwrap_or(0))
}

/// Whether what a move came from was taken out of the history: the move before it does not say any more where it went.
const CAME_FROM_WHAT_IS_GONE: &str = "\
(SELECT p.to_digest IS NULL FROM tag_events p WHERE p.repository_id = tag_events.repository_id \
AND p.tag = tag_events.tag AND p.id < tag_events.id ORDER BY p.id DESC LIMIT 1)";

/// Indexes: the primary key of `tag_events`, `tag_events_by_tag`, `manifests.digest`, the primary key of `repository_manifests`.
fn described(conn: &mut Conn, repository: &Repository, ids: Vec<i64>) -> Result<Vec<TagMove>> {
    type Row = (i64, String, Option<String>, Option<String>, String, i64, bool, Option<i64>, Option<bool>);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of_repository = repository_manifests::repository_id.eq(repository.id.0);
    let link = repository_manifests::manifest_id.nullable().eq(manifests::id.nullable()).and(of_repository);
    let found: Vec<Row> = tag_events::table
        .left_join(manifests::table.on(manifests::digest.nullable().eq(tag_events::from_digest)))
        .left_join(repository_manifests::table.on(link))
        .filter(among(tag_events::id, &ids))
        .select((
            tag_events::id,
            tag_events::tag,
            tag_events::from_digest,
            tag_events::to_digest,
            tag_events::actor,
            tag_events::at,
            tag_events::reversion,
            repository_manifests::manifest_id.nullable(),
            fixed::<Nullable<Bool>>(CAME_FROM_WHAT_IS_GONE),
        ))
        .load(conn)?;
    let shown = |(id, tag, from, to, actor, at, reversion, here, gone): Row| TagMove {
        id,
        tag,
        restorable: from.is_some() && here.is_some() && gone != Some(true),
        from,
        to,
        actor,
        at: Timestamp(at),
        reversion,
    };
    Ok(found.into_iter().map(shown).collect())
}

/// A tag that is going to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The tag.
    pub tag: String,
    /// The manifest.
    pub digest: String,
    /// When.
    pub at: Timestamp,
}

/// Tags of the repository that are going to end, the soonest first, at most `limit`. Index: `tags_ending`.
///
/// # Errors
/// As the database's.
pub fn endings(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Ending>> {
    let rows: Vec<(String, String, Option<i64>)> = tags::table
        .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::expires_at.gt(now.0))
        .select((tags::name, manifests::digest, tags::expires_at))
        .order(tags::expires_at)
        .limit(limit)
        .load(conn)?;
    let ending = |(tag, digest, at): (String, String, Option<i64>)| Some(Ending { tag, digest, at: Timestamp(at?) });
    Ok(rows.into_iter().filter_map(ending).collect())
}
