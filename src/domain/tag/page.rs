//! The list of tags as people page through it: sorted, filtered, forwards and backwards, with what each row shows.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::list::is_index;
use super::names::TagNames;
use super::pattern::TagPattern;
use super::search::{self, Found};
use crate::access::{Authorized, Read};
use crate::db::schema::{manifest_references, manifests, repository_manifests};
use crate::db::{Conn, among, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Page, Place, Walk};
use crate::repository::Repository;
use crate::time::Timestamp;

/// How many manifests of indexes are looked at for one page.
const MAX_CHILDREN: i64 = 20_000;

/// What a list of tags can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TagSort {
    /// Name, in byte order.
    Name,
    /// When it last moved.
    #[default]
    Updated,
    /// Size.
    Size,
    /// Pulls by this tag.
    Pulls,
}

impl TagSort {
    pub(super) fn column(self) -> &'static str {
        match self {
            TagSort::Name => "name",
            TagSort::Updated => "updated_at",
            TagSort::Size => "size",
            TagSort::Pulls => "pulls",
        }
    }
}

/// Which page of which list of tags.
#[derive(Debug, Clone)]
pub struct TagQuery {
    /// Sorted by.
    pub sort: TagSort,
    /// From the last to the first.
    pub descending: bool,
    /// Only these.
    pub filter: Option<TagPattern>,
    /// Whether tags are listed too that only say where signatures, attestations or SBOMs of other images are.
    pub with_signatures: bool,
    /// Which page.
    pub place: Place,
    /// How many tags a page has.
    pub limit: usize,
}

impl Default for TagQuery {
    fn default() -> TagQuery {
        let (sort, place) = (TagSort::default(), Place::First);
        TagQuery { sort, descending: true, filter: None, with_signatures: true, place, limit: 25 }
    }
}

impl TagQuery {
    pub(super) fn walk(&self) -> Walk {
        Walk::new(self.descending, self.sort == TagSort::Name, &self.place)
    }
}

/// A tag in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// Row.
    pub id: i64,
    /// Name.
    pub name: String,
    /// The manifest.
    pub digest: String,
    /// Its row.
    pub manifest: i64,
    /// Whether that is an index.
    pub is_index: bool,
    /// What it is, if it is no image and says so.
    pub artifact_type: Option<String>,
    /// Bytes of configuration and layers; of an index, of all that it lists and the repository has.
    pub size: i64,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// Who moved it then.
    pub moved_by: Option<String>,
    /// When it is to end.
    pub expires_at: Option<Timestamp>,
    /// Pulls by this tag.
    pub pulls: i64,
    /// The last one.
    pub last_pulled_at: Option<Timestamp>,
    /// How many labels the manifest has here.
    pub labels: i64,
    /// What an index lists, in its order; nothing for an image.
    pub platforms: Vec<Platform>,
}

impl TagRow {
    fn cursor(&self, sort: TagSort) -> Cursor {
        match sort {
            TagSort::Name => Cursor::text(&self.name, self.id),
            TagSort::Updated => Cursor::number(self.updated_at.0, self.id),
            TagSort::Size => Cursor::number(self.size, self.id),
            TagSort::Pulls => Cursor::number(self.pulls, self.id),
        }
    }
}

/// One manifest of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Platform {
    /// `os/architecture` or `os/architecture/variant`, if the index says it. `unknown/unknown` is what build tools write
    /// for attestations.
    pub platform: Option<String>,
    /// The manifest.
    pub digest: String,
    /// Its media type.
    pub media_type: String,
    /// Bytes of its configuration and layers; nothing if the repository does not have it.
    pub size: Option<i64>,
}

/// A page of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPage {
    /// The tags.
    pub page: Page<TagRow>,
    /// How many the filter finds, where that is known.
    pub matching: Option<usize>,
}

impl TagPage {
    /// Names of other tags on this page that point at the same manifest.
    pub fn same_image<'p>(&'p self, row: &'p TagRow) -> impl Iterator<Item = &'p str> {
        let same = self.page.rows.iter().filter(|other| other.manifest == row.manifest && other.id != row.id);
        same.map(|other| other.name.as_str())
    }
}

/// A page of the repository's tags.
///
/// Three statements: where the tags are, what they show, what their indexes list; with a filter that finds little, up to
/// four more, which read all `names` where they are not known. A filter looks through 50,000 names at most; where it
/// cannot fill a page within that the page is short and the list goes on behind it.
///
/// Indexes: `tags (repository_id, name)`, `tags_by_time`, `tags_by_size`, `tags_by_pulls`.
///
/// # Errors
/// As the database's.
pub fn page(
    conn: &mut Conn,
    names: &TagNames,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    query: &TagQuery,
) -> Result<TagPage> {
    let Found { ids, end, matching } = search::keys(conn, names, repository, now, query)?;
    let mut rows = rows(conn, repository, &ids)?;
    let mut platforms = platforms(conn, repository, &rows)?;
    for row in &mut rows {
        row.platforms = platforms.remove(&row.manifest).unwrap_or_default();
        // Another tag of this page may show the same.
        platforms.insert(row.manifest, row.platforms.clone());
    }
    let page = Page::ended(rows, &query.place, end, |row| row.cursor(query.sort));
    Ok(TagPage { page, matching })
}

/// Parameters in the order they appear, which is how SQLite counts them. The media type is that of the manifest wherever it
/// is: repositories may know it by other ones, but never as an index the one and as an image the other.
const ROWS: &str = "\
SELECT t.id AS id, t.name AS name, m.digest AS digest, t.manifest_id AS manifest_id, m.artifact_type AS artifact_type, \
 m.media_type AS media_type, t.size AS size, t.updated_at AS updated_at, \
 t.expires_at AS expires_at, t.pulls AS pulls, t.last_pulled_at AS last_pulled_at, \
 (SELECT COUNT(*) FROM manifest_labels l WHERE l.repository_id = t.repository_id AND l.manifest_id = t.manifest_id) \
   AS labels, \
 (SELECT e.actor FROM tag_events e WHERE e.repository_id = t.repository_id AND e.tag = t.name ORDER BY e.id DESC LIMIT 1) \
   AS moved_by \
FROM tags t JOIN manifests m ON m.id = t.manifest_id \
WHERE +t.repository_id = $1 AND t.id IN ($2)";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    digest: String,
    #[diesel(sql_type = BigInt)]
    manifest_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    artifact_type: Option<String>,
    #[diesel(sql_type = Text)]
    media_type: String,
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    expires_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pulls: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_pulled_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    labels: i64,
    #[diesel(sql_type = Nullable<Text>)]
    moved_by: Option<String>,
}

/// What these tags show, in the order given. Indexes: the primary keys of `tags` and `manifests`,
/// `manifest_labels_by_manifest`, `tag_events_by_tag`.
fn rows(conn: &mut Conn, repository: &Repository, ids: &[i64]) -> Result<Vec<TagRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let question = prepared(ROWS).bind::<BigInt, _>(repository.id.0).numbers(ids);
    let found: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let mut found: HashMap<i64, Row> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(shown).collect())
}

fn shown(row: Row) -> TagRow {
    TagRow {
        id: row.id,
        name: row.name,
        digest: row.digest,
        manifest: row.manifest_id,
        is_index: is_index(&row.media_type),
        artifact_type: row.artifact_type,
        size: row.size,
        updated_at: Timestamp(row.updated_at),
        moved_by: row.moved_by,
        expires_at: row.expires_at.map(Timestamp),
        pulls: row.pulls,
        last_pulled_at: row.last_pulled_at.map(Timestamp),
        labels: row.labels,
        platforms: Vec::new(),
    }
}

/// What the indexes among these tags list, by the row of the index. Indexes: the primary keys of `manifest_references` and
/// `repository_manifests`, `manifests.digest`.
fn platforms(conn: &mut Conn, repository: &Repository, rows: &[TagRow]) -> Result<HashMap<i64, Vec<Platform>>> {
    let mut all: HashMap<i64, Vec<Platform>> = HashMap::new();
    let indexes: Vec<i64> = rows.iter().filter(|row| row.is_index).map(|row| row.manifest).collect();
    if indexes.is_empty() {
        return Ok(all);
    }
    type Row = (i64, Option<String>, String, String, Option<i64>, Option<i64>);
    let of_repository = repository_manifests::repository_id.eq(repository.id.0);
    let link = repository_manifests::manifest_id.nullable().eq(manifests::id.nullable()).and(of_repository);
    let found: Vec<Row> = manifest_references::table
        .left_join(manifests::table.on(manifests::digest.eq(manifest_references::digest)))
        .left_join(repository_manifests::table.on(link))
        .filter(among(manifest_references::manifest_id, &indexes))
        .filter(manifest_references::kind.eq("child"))
        .select((
            manifest_references::manifest_id,
            manifest_references::platform,
            manifest_references::digest,
            manifest_references::media_type,
            manifests::content_size.nullable(),
            repository_manifests::manifest_id.nullable(),
        ))
        .order((manifest_references::manifest_id, manifest_references::position))
        .limit(MAX_CHILDREN)
        .load(conn)?;
    for (index, platform, digest, media_type, size, here) in found {
        let size = size.filter(|_| here.is_some());
        all.entry(index).or_default().push(Platform { platform, digest, media_type, size });
    }
    Ok(all)
}
