//! What can be asked about repositories.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::{Standing, Visibility};
use crate::db::Conn;
use crate::db::schema::repositories;
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
    let question = diesel::sql_query(READABLE)
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(limit)
        .bind::<BigInt, _>(user)
        .bind::<BigInt, _>(robot);
    let rows: Vec<Name> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// One find of `docker search`.
#[derive(Debug, Clone, Queryable)]
pub struct SearchHit {
    /// Whole name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// Who may pull it.
    pub visibility: Visibility,
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
    let hits: Vec<String> = names.into_iter().filter(|name| name.contains(&text)).take(limit).collect();
    Ok(repositories::table
        .filter(repositories::name.eq_any(hits))
        .select((repositories::name, repositories::description, repositories::visibility))
        .order(repositories::name)
        .load(conn)?)
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
