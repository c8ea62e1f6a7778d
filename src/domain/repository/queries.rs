//! What can be asked about repositories.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::{Standing, Visibility};
use crate::db::schema::{namespaces, repositories};
use crate::db::{Conn, prepared};
use crate::deletion::BURIED;
use crate::error::Result;
use crate::oci::RepositoryName;
use crate::on_backend;
use crate::principal::Principal;

/// Whose catalog it is.
#[derive(Debug, Clone)]
pub struct CatalogReader {
    /// Who reads it.
    pub principal: Principal,
    /// How they stand to the registry, token considered.
    pub standing: Standing,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Each branch is one walk along one index and stops after a page, so the cost does not grow with the registry: public
/// ones, those in namespaces the caller administers, those granted to the caller or to a team of theirs. Names of
/// deleted ones begin with `~`, after all others, so each walk stops before them without looking at a row.
const READABLE: &str = "\
SELECT name FROM ( \
 SELECT * FROM (SELECT r.name AS name FROM repositories r WHERE r.visibility = 'public' AND r.name > $1 AND r.name < '~' \
   ORDER BY r.name LIMIT $2) public_ones \
 UNION SELECT * FROM (SELECT r.name AS name FROM repositories r WHERE r.namespace_id IN ( \
   SELECT u.namespace_id FROM users u WHERE u.id = $3 \
   UNION SELECT t.organization_id FROM team_members m JOIN teams t ON t.id = m.team_id \
     WHERE t.role = 'admin' AND (m.user_id = $3 OR m.robot_id = $4)) \
   AND r.name > $1 AND r.name < '~' ORDER BY r.name LIMIT $2) administered \
 UNION SELECT * FROM (SELECT r.name AS name FROM repositories r WHERE r.id IN ( \
   SELECT p.repository_id FROM repository_permissions p WHERE p.user_id = $3 OR p.robot_id = $4 \
   UNION SELECT p.repository_id FROM repository_permissions p WHERE p.team_id IN ( \
     SELECT m.team_id FROM team_members m WHERE m.user_id = $3 OR m.robot_id = $4)) \
   AND r.name > $1 AND r.name < '~' ORDER BY r.name LIMIT $2) granted \
) readable ORDER BY name LIMIT $2";

/// Names of repositories the reader may pull, in byte order, after `after`, at most `limit`.
///
/// Indexes: `repositories.name`, `repositories_by_visibility`, `repositories_by_namespace`.
///
/// # Errors
/// As the database's.
pub fn catalog(conn: &mut Conn, reader: &CatalogReader, after: &str, limit: i64) -> Result<Vec<String>> {
    if reader.standing >= Standing::ReadOnlySuperuser {
        let all = repositories::table.filter(repositories::name.gt(after)).filter(repositories::name.lt(BURIED));
        let all = all.select(repositories::name);
        return Ok(all.order(repositories::name).limit(limit).load(conn)?);
    }
    let (user, robot) = match &reader.principal {
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => (-1, -1),
    };
    let question = prepared(READABLE)
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(user)
        .bind::<BigInt, _>(robot);
    let rows: Vec<Name> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// One find of `docker search`.
#[derive(Debug, Clone)]
pub struct SearchHit {
    /// Whole name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// Who may pull it.
    pub visibility: Visibility,
    /// Whether its namespace is an organization's.
    pub is_organization: bool,
}

/// How many names a search looks at before it gives up: the pattern cannot use an index.
const SEARCHED: i64 = 5_000;

/// Repositories the reader may pull whose name contains `text`, in the order of their names.
///
/// # Errors
/// As the database's.
pub fn search(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Vec<SearchHit>> {
    let text = text.to_lowercase();
    let names = catalog(conn, reader, "", SEARCHED)?;
    hits(conn, names.into_iter().filter(|name| name.contains(&text)).take(limit).collect())
}

/// As [`search`], but `text` is looked for in the part after the namespace, unless it has a slash itself; those whose
/// name it is come first.
///
/// # Errors
/// As the database's.
pub fn find(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Vec<SearchHit>> {
    let text = text.to_lowercase();
    let part = |name: &str| -> usize { if text.contains('/') { 0 } else { name.find('/').map_or(0, |at| at + 1) } };
    let mut names = catalog(conn, reader, "", SEARCHED)?;
    names.retain(|name| name[part(name)..].contains(&text));
    let distance = |name: &String| match &name[part(name)..] {
        rest if rest == text => 0,
        rest if rest.starts_with(&text) => 1,
        _ => 2,
    };
    names.sort_by_key(distance);
    names.truncate(limit);
    let mut found = hits(conn, names)?;
    found.sort_by_key(|hit| distance(&hit.name));
    Ok(found)
}

/// What a search shows of these, in the order of their names. Indexes: `repositories.name`, the primary key of
/// `namespaces`.
pub(crate) fn hits(conn: &mut Conn, names: Vec<String>) -> Result<Vec<SearchHit>> {
    type Row = (String, String, Visibility, String);
    let rows: Vec<Row> = repositories::table
        .inner_join(namespaces::table.on(namespaces::id.eq(repositories::namespace_id)))
        .filter(repositories::name.eq_any(names))
        .select((repositories::name, repositories::description, repositories::visibility, namespaces::kind))
        .order(repositories::name)
        .load(conn)?;
    let hit = |(name, description, visibility, kind): Row| {
        let is_organization = kind == "organization";
        SearchHit { name, description, visibility, is_organization }
    };
    Ok(rows.into_iter().map(hit).collect())
}

/// Names of repositories that hold a blob, newest link first, at most `limit`. Index: `repository_blobs_by_blob`.
pub(crate) fn holders_of(conn: &mut Conn, digest: &str, limit: i64) -> Result<Vec<RepositoryName>> {
    use crate::db::schema::{blobs, repository_blobs};
    let names: Vec<String> = repository_blobs::table
        .inner_join(blobs::table.on(blobs::id.eq(repository_blobs::blob_id)))
        .inner_join(repositories::table.on(repositories::id.eq(repository_blobs::repository_id)))
        .filter(blobs::digest.eq(digest))
        .filter(repositories::deleted_at.is_null())
        .select(repositories::name)
        .order(repository_blobs::repository_id.desc())
        .limit(limit)
        .load(conn)?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}
