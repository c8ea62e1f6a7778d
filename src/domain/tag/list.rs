//! Tags with what people want to see of them: where they point, since when, until when, how large that is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::dsl::{self, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};

use crate::access::{Authorized, Read};
use crate::db::like_pattern;
use crate::db::schema::{manifest_references, manifests, repository_manifests, tag_events, tags};
use crate::db::{Conn, fixed};
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

/// A tag or a move of one, and its manifest if the repository has it.
struct Row {
    key: (i64, i64),
    name: String,
    started: i64,
    ended: Option<i64>,
    reversion: bool,
    manifest: Option<Manifest>,
}

/// Row, digest, media type, bytes.
type Manifest = (i64, String, String, i64);

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
    let manifests = rows.iter().filter_map(|row| row.manifest.as_ref());
    let indexes: BTreeSet<i64> =
        manifests.filter(|manifest| is_index(&manifest.2)).map(|manifest| manifest.0).collect();
    let children = children(conn, repository, indexes)?;
    let entry = |row: Row| {
        let (id, digest, media_type, size) = row.manifest?;
        let children = is_index(&media_type).then(|| children.get(&id).cloned().unwrap_or_default());
        Some(Entry {
            key: row.key,
            name: row.name,
            digest,
            started: Timestamp(row.started),
            ended: row.ended.map(Timestamp),
            reversion: row.reversion,
            size: children.as_ref().map_or(size, |children| children.size),
            children,
        })
    };
    Ok((rows.into_iter().filter_map(entry).collect(), next))
}

/// Whether a manifest of this type is an index.
pub(super) fn is_index(media_type: &str) -> bool {
    media_type.parse::<MediaType>().is_ok_and(|media_type| media_type.is_index())
}

fn active(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    filter: &ListFilter,
) -> Result<Vec<Row>> {
    let of_repository = tags::repository_id.eq(repository.id.0);
    let there = of_repository.and(tags::expires_at.is_null().or(tags::expires_at.gt(now.0)));
    let newest_first = (tags::updated_at.desc(), tags::id.desc());
    let mut after = filter.after;
    // What is skipped is counted in the index and not asked about.
    if filter.skip > 0 && filter.name.is_none() {
        let keys = tags::table.filter(there).order(newest_first).select((tags::updated_at, tags::id));
        after = keys.offset(filter.skip - 1).first(conn).optional()?;
        if after.is_none() {
            return Ok(Vec::new());
        }
    }
    let mut question = tags::table
        .left_join(
            repository_manifests::table.on(repository_manifests::repository_id
                .eq(tags::repository_id)
                .and(repository_manifests::manifest_id.eq(tags::manifest_id))),
        )
        .left_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .filter(there)
        .select((
            tags::id,
            tags::name,
            tags::updated_at,
            tags::expires_at,
            fixed::<Nullable<Bool>>(LAST_WAS_REVERSION),
            of_manifest(),
        ))
        .order(newest_first)
        .limit(filter.limit + 1)
        .into_boxed();
    if let Some((at, id)) = after {
        // Said twice: the first part is what an index can do.
        question = question.filter(tags::updated_at.le(at)).filter(tags::updated_at.lt(at).or(tags::id.lt(id)));
    }
    if filter.name.is_some() {
        question = question.offset(filter.skip);
    }
    match &filter.name {
        None => {}
        Some(NameFilter::Is(name)) => question = question.filter(tags::name.eq(name)),
        Some(NameFilter::Contains(part)) => {
            let newest = tags::table.filter(of_repository).order(newest_first);
            let floor: Option<i64> =
                newest.select(tags::updated_at).offset(SEARCHED).limit(1).first(conn).optional()?;
            question = question.filter(tags::updated_at.ge(floor.unwrap_or(i64::MIN)));
            question = question
                .filter(sql::<Bool>("LOWER(tags.name) LIKE ").bind::<Text, _>(like_pattern(part)).sql(" ESCAPE '\\'"));
        }
    }
    type Found = (i64, String, i64, Option<i64>, Option<bool>, OfManifest);
    let row = |(id, name, started, ended, reversion, manifest): Found| Row {
        key: (started, id),
        name,
        started,
        ended,
        reversion: reversion.unwrap_or(false),
        manifest: known(manifest),
    };
    Ok(question.load(conn)?.into_iter().map(row).collect())
}

type OfManifest = (Option<i64>, Option<String>, Option<String>, Option<i64>);

/// What is asked of a manifest that may not be there.
fn of_manifest() -> (
    dsl::Nullable<manifests::id>,
    dsl::Nullable<manifests::digest>,
    dsl::Nullable<repository_manifests::media_type>,
    dsl::Nullable<manifests::content_size>,
) {
    (
        manifests::id.nullable(),
        manifests::digest.nullable(),
        repository_manifests::media_type.nullable(),
        manifests::content_size.nullable(),
    )
}

fn known((id, digest, media_type, size): OfManifest) -> Option<Manifest> {
    Some((id?, digest?, media_type?, size?))
}

const LAST_WAS_REVERSION: &str = "(SELECT e.reversion FROM tag_events e WHERE e.repository_id = tags.repository_id \
     AND e.tag = tags.name ORDER BY e.id DESC LIMIT 1)";
/// When the tag moved next, or else when it is to end.
const NEXT_MOVE: &str = "COALESCE((SELECT n.at FROM tag_events n WHERE n.repository_id = tag_events.repository_id \
     AND n.tag = tag_events.tag AND n.id > tag_events.id ORDER BY n.id LIMIT 1), \
     (SELECT t.expires_at FROM tags t WHERE t.repository_id = tag_events.repository_id AND t.name = tag_events.tag))";

fn moves(conn: &mut Conn, repository: &Authorized<Repository, Read>, filter: &ListFilter) -> Result<Vec<Row>> {
    let of_repository = tag_events::repository_id.eq(repository.id.0);
    let pointing = of_repository.and(tag_events::to_digest.is_not_null());
    let mut after = filter.after.map(|(_, id)| id);
    // What is skipped is counted in the index and not asked about.
    if filter.skip > 0 && filter.name.is_none() {
        let keys = tag_events::table.filter(pointing).order(tag_events::id.desc()).select(tag_events::id);
        after = keys.offset(filter.skip - 1).first(conn).optional()?;
        if after.is_none() {
            return Ok(Vec::new());
        }
    }
    let mut question = tag_events::table
        .left_join(manifests::table.on(manifests::digest.nullable().eq(tag_events::to_digest)))
        .left_join(
            repository_manifests::table.on(repository_manifests::repository_id
                .eq(tag_events::repository_id)
                .and(repository_manifests::manifest_id.nullable().eq(manifests::id.nullable()))),
        )
        .filter(pointing)
        .select((
            tag_events::id,
            tag_events::tag,
            tag_events::at,
            fixed::<Nullable<diesel::sql_types::BigInt>>(NEXT_MOVE),
            tag_events::reversion,
            of_manifest(),
        ))
        .order(tag_events::id.desc())
        .limit(filter.limit + 1)
        .into_boxed();
    if let Some(id) = after {
        question = question.filter(tag_events::id.lt(id));
    }
    if filter.name.is_some() {
        question = question.offset(filter.skip);
    }
    match &filter.name {
        None => {}
        Some(NameFilter::Is(name)) => question = question.filter(tag_events::tag.eq(name)),
        Some(NameFilter::Contains(part)) => {
            let newest = tag_events::table.filter(pointing).order(tag_events::id.desc());
            let floor: Option<i64> = newest.select(tag_events::id).offset(SEARCHED).limit(1).first(conn).optional()?;
            question = question.filter(tag_events::id.ge(floor.unwrap_or(0)));
            question = question.filter(
                sql::<Bool>("LOWER(tag_events.tag) LIKE ").bind::<Text, _>(like_pattern(part)).sql(" ESCAPE '\\'"),
            );
        }
    }
    type Found = (i64, String, i64, Option<i64>, bool, OfManifest);
    let row = |(id, name, started, ended, reversion, manifest): Found| Row {
        key: (0, id),
        name,
        started,
        ended,
        reversion,
        manifest: known(manifest),
    };
    Ok(question.load(conn)?.into_iter().map(row).collect())
}

/// What these indexes list. Index: `manifest_references` primary key, `manifests.digest`.
fn children(conn: &mut Conn, repository: &Repository, indexes: BTreeSet<i64>) -> Result<HashMap<i64, Children>> {
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
