//! Removing for good what was deleted long enough ago.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::schema::{namespaces, repositories};
use crate::db::{Tx, prepared};
use crate::error::Result;
use crate::ids::RepositoryId;
use crate::on_backend;
use crate::repository::grams;
use crate::time::Timestamp;

/// What hangs on a repository and can be much: table and the column that tells its rows apart within one repository.
/// Each is reached by an index that begins with `repository_id`. Manifests and blobs themselves stay: other repositories
/// may have them.
const OF_A_REPOSITORY: [(&str, &str); 8] = [
    ("tags", "id"),
    ("tag_events", "id"),
    ("manifest_labels", "id"),
    ("repository_manifests", "manifest_id"),
    ("repository_blobs", "blob_id"),
    ("repository_permissions", "id"),
    ("uploads", "id"),
    ("stars", "user_id"),
];

/// The same for a namespace: table, what says that a row is of the namespace, and its key. Tokens are gone since it was
/// deleted, grants went with the repositories.
const OF_A_NAMESPACE: [(&str, &str, &str); 6] = [
    ("default_permissions", "organization_id = $1", "id"),
    ("oauth_applications", "organization_id = $1", "id"),
    ("team_members", "team_id IN (SELECT id FROM teams WHERE organization_id = $1)", "id"),
    ("team_invitations", "team_id IN (SELECT id FROM teams WHERE organization_id = $1)", "id"),
    ("robots", "namespace_id = $1", "id"),
    ("teams", "organization_id = $1", "id"),
];

/// Removes what was deleted before `before`, some `limit` rows at most; returns how many. To be called until it returns
/// nothing. What was removed up to then stays removed when it is interrupted, and nobody notices: no look-up reaches it.
///
/// # Errors
/// As the database's.
pub fn purge(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<usize> {
    let mut left = limit;
    while left > 0 {
        let removed = match oldest_repository(tx, before)? {
            Some(id) => purge_repository(tx, id, left)?,
            None => match oldest_namespace(tx, before)? {
                Some(id) => purge_namespace(tx, id, left)?,
                None => break,
            },
        };
        left -= removed;
    }
    Ok(usize::try_from(limit - left).unwrap_or(0))
}

/// Index: `repositories_by_deletion`.
fn oldest_repository(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<i64>> {
    Ok(repositories::table
        .filter(repositories::deleted_at.lt(before.0))
        .select(repositories::id)
        .order(repositories::deleted_at)
        .first(&mut **tx)
        .optional()?)
}

/// Index: `namespaces_by_deletion`.
fn oldest_namespace(tx: &mut Tx<'_>, before: Timestamp) -> Result<Option<i64>> {
    Ok(namespaces::table
        .filter(namespaces::deleted_at.lt(before.0))
        .select(namespaces::id)
        .order(namespaces::deleted_at)
        .first(&mut **tx)
        .optional()?)
}

fn purge_repository(tx: &mut Tx<'_>, id: i64, limit: i64) -> Result<i64> {
    let mut left = limit;
    for (table, key) in OF_A_REPOSITORY {
        left -= some_rows(tx, (table, "repository_id = $1", key), id, left)?;
        if left <= 0 {
            return Ok(limit);
        }
    }
    let name: Option<String> = repositories::table.find(id).select(repositories::name).first(&mut **tx).optional()?;
    if let Some(name) = name {
        grams::remove(tx, id, &name)?;
    }
    diesel::delete(repositories::table.find(id)).execute(&mut **tx)?;
    tx.touch_content(RepositoryId(id));
    Ok(limit - left + 1)
}

fn purge_namespace(tx: &mut Tx<'_>, id: i64, limit: i64) -> Result<i64> {
    let mut left = limit;
    for table in OF_A_NAMESPACE {
        left -= some_rows(tx, table, id, left)?;
        if left <= 0 {
            return Ok(limit);
        }
    }
    diesel::delete(namespaces::table.find(id)).execute(&mut **tx)?;
    tx.touch_access();
    Ok(limit - left + 1)
}

fn some_rows(tx: &mut Tx<'_>, (table, of_it, key): (&str, &str, &str), id: i64, limit: i64) -> Result<i64> {
    let statement =
        format!("DELETE FROM {table} WHERE {of_it} AND {key} IN (SELECT {key} FROM {table} WHERE {of_it} LIMIT $2)");
    let delete = prepared(statement).bind::<BigInt, _>(id).bind::<BigInt, _>(limit);
    let gone = on_backend!(&mut *tx, c => delete.execute(c))?;
    Ok(i64::try_from(gone).unwrap_or(0))
}
