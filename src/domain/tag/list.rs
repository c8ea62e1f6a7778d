//! Tags with what people want to see of them: where they point, since when, until when, how large that is.

use std::collections::{BTreeMap, HashMap};

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::db::like_pattern;
use crate::db::schema::{manifest_references, manifests, repository_manifests, tag_events, tags};
use crate::error::{Error, Result, Thing};
use crate::oci::{Digest, MediaType, TagName};
use crate::repository::Repository;
use crate::time::Timestamp;

/// How many tags or moves, newest first, a search by a part of the name looks through.
const SEARCHED: i64 = 50_000;
/// How many manifests of indexes are looked at for one page.
const MAX_CHILDREN: i64 = 20_000;

/// Which tags are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameFilter {
    /// The one of this name.
    Is(String),
    /// Those whose name contains this, in either case.
    Contains(String),
}

/// Which part of the list is meant.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Only tags that are there; otherwise every one that ever was.
    pub active: bool,
    /// Only these.
    pub name: Option<NameFilter>,
    /// Go on after this entry.
    pub after: Option<(i64, i64)>,
    /// Leave out so many.
    pub skip: i64,
    /// At most so many.
    pub limit: i64,
}

/// A tag as it is, or as it was for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Lists go on after it.
    pub key: (i64, i64),
    /// Name.
    pub name: String,
    /// The manifest.
    pub digest: String,
    /// Since when it points there.
    pub started: Timestamp,
    /// When that ended or will end.
    pub ended: Option<Timestamp>,
    /// Whether it was brought back from the history.
    pub reversion: bool,
    /// Bytes of configuration and layers; of an index, of all that it lists and the repository has.
    pub size: i64,
    /// What an index lists; none for an image.
    pub children: Option<Children>,
}

/// What an index lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Children {
    /// Digests, and whether the repository has them.
    pub presence: BTreeMap<String, bool>,
    size: i64,
}

/// Entries, and the one the list goes on after, if it does.
pub type Page = (Vec<Entry>, Option<(i64, i64)>);

/// A move of a tag before anything is known of the manifest.
struct Row {
    key: (i64, i64),
    name: String,
    manifest: ManifestKey,
    started: i64,
    ended: Option<i64>,
    reversion: bool,
}

enum ManifestKey {
    Id(i64),
    Digest(String),
}

struct Facts {
    digest: String,
    media_type: String,
    size: i64,
}

/// Tags of the repository, newest first, and where the list goes on. What is in the history and not in the repository any
/// more is left out, so a page may be shorter than asked for.
///
/// Four statements at most. Indexes: `tags_by_time` or `tags (repository_id, name)`; `tag_events_by_time` or
/// `tag_events_by_tag`; `manifests.digest`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    filter: &ListFilter,
) -> Result<Page> {
    let limit = usize::try_from(filter.limit).unwrap_or(0);
    let mut rows =
        if filter.active { active(conn, repository, now, filter)? } else { moves(conn, repository, filter)? };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.key);
    let facts = facts(conn, repository, &rows)?;
    let indexes = facts.iter().filter(|(_, facts)| is_index(&facts.media_type)).map(|(id, _)| *id).collect();
    let children = children(conn, repository, indexes)?;
    let by_digest: HashMap<&str, i64> = facts.iter().map(|(id, facts)| (facts.digest.as_str(), *id)).collect();
    let entry = |row: Row| {
        let id = match &row.manifest {
            ManifestKey::Id(id) => *id,
            ManifestKey::Digest(digest) => *by_digest.get(digest.as_str())?,
        };
        let known = facts.get(&id)?;
        let children = is_index(&known.media_type).then(|| children.get(&id).cloned().unwrap_or_default());
        Some(Entry {
            key: row.key,
            name: row.name,
            digest: known.digest.clone(),
            started: Timestamp(row.started),
            ended: row.ended.map(Timestamp),
            reversion: row.reversion,
            size: children.as_ref().map_or(known.size, |children| children.size),
            children,
        })
    };
    Ok((rows.into_iter().filter_map(entry).collect(), next))
}

fn is_index(media_type: &str) -> bool {
    media_type.parse::<MediaType>().is_ok_and(|media_type| media_type.is_index())
}

fn active(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    filter: &ListFilter,
) -> Result<Vec<Row>> {
    let of_repository = tags::repository_id.eq(repository.id.0);
    let mut question = tags::table
        .filter(of_repository)
        .filter(tags::expires_at.is_null().or(tags::expires_at.gt(now.0)))
        .select((tags::id, tags::name, tags::updated_at, tags::expires_at, tags::manifest_id))
        .order((tags::updated_at.desc(), tags::id.desc()))
        .limit(filter.limit + 1)
        .offset(filter.skip)
        .into_boxed();
    if let Some((at, id)) = filter.after {
        // Said twice: the first part is what an index can do.
        question = question.filter(tags::updated_at.le(at)).filter(tags::updated_at.lt(at).or(tags::id.lt(id)));
    }
    match &filter.name {
        None => {}
        Some(NameFilter::Is(name)) => question = question.filter(tags::name.eq(name)),
        Some(NameFilter::Contains(part)) => {
            let newest = tags::table.filter(of_repository).order((tags::updated_at.desc(), tags::id.desc()));
            let floor: Option<i64> =
                newest.select(tags::updated_at).offset(SEARCHED).limit(1).first(conn).optional()?;
            question = question.filter(tags::updated_at.ge(floor.unwrap_or(i64::MIN)));
            question = question
                .filter(sql::<Bool>("LOWER(tags.name) LIKE ").bind::<Text, _>(like_pattern(part)).sql(" ESCAPE '\\'"));
        }
    }
    let rows: Vec<(i64, String, i64, Option<i64>, i64)> = question.load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let reversions: HashMap<i64, Option<bool>> = tags::table
        .filter(tags::id.eq_any(ids))
        .select((tags::id, sql::<Nullable<Bool>>(LAST_WAS_REVERSION)))
        .load::<(i64, Option<bool>)>(conn)?
        .into_iter()
        .collect();
    let row = |(id, name, started, ended, manifest): (i64, String, i64, Option<i64>, i64)| Row {
        key: (started, id),
        name,
        manifest: ManifestKey::Id(manifest),
        started,
        ended,
        reversion: reversions.get(&id).copied().flatten().unwrap_or(false),
    };
    Ok(rows.into_iter().map(row).collect())
}

const LAST_WAS_REVERSION: &str = "(SELECT e.reversion FROM tag_events e WHERE e.repository_id = tags.repository_id \
     AND e.tag = tags.name ORDER BY e.id DESC LIMIT 1)";
/// When the tag moved next, or else when it is to end.
const NEXT_MOVE: &str = "COALESCE((SELECT n.at FROM tag_events n WHERE n.repository_id = tag_events.repository_id \
     AND n.tag = tag_events.tag AND n.id > tag_events.id ORDER BY n.id LIMIT 1), \
     (SELECT t.expires_at FROM tags t WHERE t.repository_id = tag_events.repository_id AND t.name = tag_events.tag))";

fn moves(conn: &mut Conn, repository: &Authorized<Repository, Read>, filter: &ListFilter) -> Result<Vec<Row>> {
    let of_repository = tag_events::repository_id.eq(repository.id.0);
    let mut question = tag_events::table
        .filter(of_repository)
        .filter(tag_events::to_digest.is_not_null())
        .select(tag_events::id)
        .order(tag_events::id.desc())
        .limit(filter.limit + 1)
        .offset(filter.skip)
        .into_boxed();
    if let Some((_, id)) = filter.after {
        question = question.filter(tag_events::id.lt(id));
    }
    match &filter.name {
        None => {}
        Some(NameFilter::Is(name)) => question = question.filter(tag_events::tag.eq(name)),
        Some(NameFilter::Contains(part)) => {
            let newest = tag_events::table.filter(of_repository).order(tag_events::id.desc());
            let floor: Option<i64> = newest.select(tag_events::id).offset(SEARCHED).limit(1).first(conn).optional()?;
            question = question.filter(tag_events::id.ge(floor.unwrap_or(0)));
            question = question.filter(
                sql::<Bool>("LOWER(tag_events.tag) LIKE ").bind::<Text, _>(like_pattern(part)).sql(" ESCAPE '\\'"),
            );
        }
    }
    let page: Vec<i64> = question.load(conn)?;
    type Found = (i64, String, Option<String>, i64, bool, Option<i64>);
    // What is skipped is not asked about.
    let rows: Vec<Found> = tag_events::table
        .filter(tag_events::id.eq_any(page))
        .select((
            tag_events::id,
            tag_events::tag,
            tag_events::to_digest,
            tag_events::at,
            tag_events::reversion,
            sql::<Nullable<diesel::sql_types::BigInt>>(NEXT_MOVE),
        ))
        .order(tag_events::id.desc())
        .load(conn)?;
    let row = |(id, name, digest, started, reversion, ended): Found| {
        Some(Row { key: (0, id), name, manifest: ManifestKey::Digest(digest?), started, ended, reversion })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// What is known of the rows' manifests, those that the repository has.
fn facts(conn: &mut Conn, repository: &Repository, rows: &[Row]) -> Result<HashMap<i64, Facts>> {
    let mut question = manifests::table
        .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
        .filter(repository_manifests::repository_id.eq(repository.id.0))
        .select((manifests::id, manifests::digest, repository_manifests::media_type, manifests::content_size))
        .into_boxed();
    let mut ids: Vec<i64> = Vec::new();
    let mut digests: Vec<String> = Vec::new();
    for row in rows {
        match &row.manifest {
            ManifestKey::Id(id) => ids.push(*id),
            ManifestKey::Digest(digest) => digests.push(digest.clone()),
        }
    }
    question = if digests.is_empty() {
        question.filter(manifests::id.eq_any(ids))
    } else {
        question.filter(manifests::digest.eq_any(digests))
    };
    let found: Vec<(i64, String, String, i64)> = question.load(conn)?;
    Ok(found.into_iter().map(|(id, digest, media_type, size)| (id, Facts { digest, media_type, size })).collect())
}

/// What these indexes list. Index: `manifest_references` primary key, `manifests.digest`.
fn children(conn: &mut Conn, repository: &Repository, indexes: Vec<i64>) -> Result<HashMap<i64, Children>> {
    let mut all: HashMap<i64, Children> = HashMap::new();
    if indexes.is_empty() {
        return Ok(all);
    }
    let of_repository = repository_manifests::repository_id.eq(repository.id.0);
    let link = repository_manifests::manifest_id.nullable().eq(manifests::id.nullable()).and(of_repository);
    let rows: Vec<(i64, String, Option<i64>, Option<i64>)> = manifest_references::table
        .left_join(manifests::table.on(manifests::digest.eq(manifest_references::digest)))
        .left_join(repository_manifests::table.on(link))
        .filter(manifest_references::manifest_id.eq_any(indexes))
        .filter(manifest_references::kind.eq("child"))
        .select((
            manifest_references::manifest_id,
            manifest_references::digest,
            repository_manifests::manifest_id.nullable(),
            manifests::content_size.nullable(),
        ))
        .order((manifest_references::manifest_id, manifest_references::position))
        .limit(MAX_CHILDREN)
        .load(conn)?;
    for (index, digest, here, size) in rows {
        let children = all.entry(index).or_default();
        let new = children.presence.insert(digest, here.is_some()).is_none();
        if new && here.is_some() {
            children.size = children.size.saturating_add(size.unwrap_or(0));
        }
    }
    Ok(all)
}

/// How often something was pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulls {
    /// Times.
    pub times: i64,
    /// The last time.
    pub last: Option<Timestamp>,
}

/// Pulls of a tag, the digest it points at, and pulls of that manifest by whatever name.
///
/// # Errors
/// `NotFound`.
pub fn pulls(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    tag: &TagName,
) -> Result<(Pulls, String, Pulls)> {
    type Counts = (i64, Option<i64>);
    let row: Option<(Counts, Option<i64>, String, Counts)> = tags::table
        .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .inner_join(
            repository_manifests::table.on(repository_manifests::manifest_id
                .eq(tags::manifest_id)
                .and(repository_manifests::repository_id.eq(tags::repository_id))),
        )
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::name.eq(tag.as_str()))
        .select((
            (tags::pulls, tags::last_pulled_at),
            tags::expires_at,
            manifests::digest,
            (repository_manifests::pulls, repository_manifests::last_pulled_at),
        ))
        .first(conn)
        .optional()?;
    let counted = |(times, last): Counts| Pulls { times, last: last.map(Timestamp) };
    row.filter(|(_, end, ..)| end.is_none_or(|end| end > now.0))
        .map(|(tag, _, digest, manifest)| (counted(tag), digest, counted(manifest)))
        .ok_or_else(|| Error::NotFound(Thing::Tag(tag.to_string())))
}

/// Pulls of a manifest by whatever name.
///
/// # Errors
/// `NotFound`.
pub fn manifest_pulls(conn: &mut Conn, repository: &Authorized<Repository, Read>, digest: &Digest) -> Result<Pulls> {
    let row: Option<(i64, Option<i64>)> = manifests::table
        .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
        .filter(repository_manifests::repository_id.eq(repository.id.0))
        .filter(manifests::digest.eq(digest.as_str()))
        .select((repository_manifests::pulls, repository_manifests::last_pulled_at))
        .first(conn)
        .optional()?;
    row.map(|(times, last)| Pulls { times, last: last.map(Timestamp) })
        .ok_or_else(|| Error::NotFound(Thing::Manifest(digest.to_string())))
}
