//! The rows of uploads.

use diesel::prelude::*;

use super::UploadId;
use crate::access::{Authorized, Write};
use crate::db::schema::uploads;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::repository::Repository;
use crate::time::Timestamp;

/// How far an upload is.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Which.
    pub id: UploadId,
    /// Bytes received and stored.
    pub received: u64,
    /// The saved state of the hash over them; `None` before the first byte.
    pub(super) hash_state: Option<Vec<u8>>,
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    id: UploadId,
    hash_state: Option<&[u8]>,
) -> Result<()> {
    diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(id.to_string()),
            uploads::repository_id.eq(repository.id.0),
            uploads::holder.eq(repository.caller().principal.handle()),
            uploads::hash_state.eq(hash_state),
            uploads::created_at.eq(now.0),
            uploads::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The upload, if it was begun in this repository by this principal. Index: primary key.
///
/// # Errors
/// `NotFound`, also for other people's uploads.
pub(super) fn find(conn: &mut Conn, repository: &Authorized<Repository, Write>, id: UploadId) -> Result<Progress> {
    let row: Option<(i64, Option<Vec<u8>>)> = uploads::table
        .find(id.to_string())
        .filter(uploads::repository_id.eq(repository.id.0))
        .filter(uploads::holder.eq(repository.caller().principal.handle()))
        .select((uploads::received, uploads::hash_state))
        .first(conn)
        .optional()?;
    let (received, hash_state) = row.ok_or_else(|| unknown(id))?;
    Ok(Progress { id, received: u64::try_from(received).unwrap_or(0), hash_state })
}

/// Notes how far an upload is, unless somebody else moved it on since.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    now: Timestamp,
    before: &Progress,
    received: u64,
    hash_state: &[u8],
) -> Result<()> {
    let moved = diesel::update(
        uploads::table.find(before.id.to_string()).filter(uploads::received.eq(offset(before.received)?)),
    )
    .set((uploads::received.eq(offset(received)?), uploads::hash_state.eq(hash_state), uploads::updated_at.eq(now.0)))
    .execute(&mut **tx)?;
    if moved == 0 { Err(unknown(before.id)) } else { Ok(()) }
}

/// Forgets an upload; `NotFound` if it is forgotten already.
pub(super) fn forget(tx: &mut Tx<'_>, id: UploadId) -> Result<()> {
    let gone = diesel::delete(uploads::table.find(id.to_string())).execute(&mut **tx)?;
    if gone == 0 { Err(unknown(id)) } else { Ok(()) }
}

/// Forgets uploads that did not move since `before`, at most `limit`, and says which. Index: `uploads_by_age`.
///
/// # Errors
/// As the database's.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<Vec<UploadId>> {
    let stale: Vec<String> = uploads::table
        .filter(uploads::updated_at.lt(before.0))
        .order(uploads::updated_at)
        .select(uploads::id)
        .limit(limit)
        .load(&mut **tx)?;
    diesel::delete(uploads::table.filter(uploads::id.eq_any(stale.clone()))).execute(&mut **tx)?;
    Ok(stale.iter().filter_map(|id| id.parse().ok()).collect())
}

/// Which of these uploads have a row.
pub(super) fn known(conn: &mut Conn, ids: &[UploadId]) -> Result<Vec<UploadId>> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let rows: Vec<String> = uploads::table.filter(uploads::id.eq_any(ids)).select(uploads::id).load(conn)?;
    Ok(rows.iter().filter_map(|id| id.parse().ok()).collect())
}

pub(super) fn unknown(id: UploadId) -> Error {
    Error::NotFound(Thing::Upload(id.to_string()))
}

fn offset(bytes: u64) -> Result<i64> {
    i64::try_from(bytes).map_err(|_| Error::internal("noting an upload's progress", "it is too large"))
}
