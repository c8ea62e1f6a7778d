//! How far the index of a layer is, as rows tell.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;

use super::index::LayerState;
use crate::db::schema::{blobs, layer_indexes, repository_blobs};
use crate::db::{Conn, Tx, text_enum};
use crate::error::Result;
use crate::oci::Digest;
use crate::on_backend;
use crate::repository::Repository;
use crate::time::Timestamp;

/// A process that gave no sign for this long does not work on it any more.
pub(super) const LEASE: Duration = Duration::from_secs(60);
/// A layer that could not be read is not read again before.
const TRIED_AGAIN_AFTER: Duration = Duration::from_secs(15 * 60);

text_enum! {
    /// How far an index is, in the database.
    IndexState {
        /// Somebody makes it, or did until they were interrupted.
        Indexing = "indexing",
        /// It is complete.
        Ready = "ready",
        /// The layer cannot be read.
        Failed = "failed",
        /// The layer is larger than is read.
        TooLarge = "too_large",
    }
}

/// Row, state, reason, entries, skipped, read, total, updated.
pub(super) type Row = (i64, String, IndexState, Option<String>, i64, i64, i64, i64, i64);

/// The rows of those layers that the repository has; `None` for what has no index.
pub(super) fn rows(conn: &mut Conn, repository: i64, layers: &[Digest]) -> Result<HashMap<String, Option<Row>>> {
    use layer_indexes as i;
    type Joined = (String, Option<Row>);
    let mut found = HashMap::new();
    for some in layers.chunks(500) {
        let joined: Vec<Joined> = blobs::table
            .inner_join(repository_blobs::table.on(repository_blobs::blob_id.eq(blobs::id)))
            .left_join(i::table.on(i::digest.eq(blobs::digest)))
            .filter(repository_blobs::repository_id.eq(repository))
            .filter(blobs::digest.eq_any(some.iter().map(Digest::as_str)))
            .select((
                blobs::digest,
                (
                    i::id,
                    i::digest,
                    i::state,
                    i::reason,
                    i::entries,
                    i::skipped,
                    i::read_bytes,
                    i::total_bytes,
                    i::updated_at,
                )
                    .nullable(),
            ))
            .load(conn)?;
        found.extend(joined);
    }
    Ok(found)
}

/// Ids of the indexes that are ready, by digest, of those layers that the repository has.
pub(super) fn ready(conn: &mut Conn, repository: &Repository, layers: &[Digest]) -> Result<HashMap<String, i64>> {
    let rows = rows(conn, repository.id.0, layers)?;
    let is_ready = |row: &Row| row.2 == IndexState::Ready;
    Ok(rows.into_iter().filter_map(|(digest, row)| Some((digest, row.filter(is_ready)?.0))).collect())
}

pub(super) fn state_of(row: &Row, now: Timestamp) -> LayerState {
    let (_, _, state, reason, entries, skipped, read, total, updated_at) = row;
    let number = |number: &i64| u64::try_from(*number).unwrap_or(0);
    let reason = || reason.clone().unwrap_or_default();
    match state {
        IndexState::Ready => LayerState::Ready { entries: number(entries), skipped: number(skipped) },
        IndexState::Failed => LayerState::Failed(reason()),
        IndexState::TooLarge => LayerState::TooLarge(reason()),
        IndexState::Indexing if now.since(Timestamp(*updated_at)) > LEASE => LayerState::NotIndexed,
        IndexState::Indexing => LayerState::Indexing { read: number(read), total: number(total) },
    }
}

/// Whether asking for it has it read: whoever made it fail can make it fail again, and that costs minutes.
pub(super) fn may_be_asked(row: &Row, now: Timestamp) -> bool {
    let since = now.since(Timestamp(row.8));
    match row.2 {
        IndexState::Ready => false,
        IndexState::Indexing => since > LEASE,
        IndexState::Failed | IndexState::TooLarge => since > TRIED_AGAIN_AFTER,
    }
}

/// Takes the index for making; `None` if it is ready or another process makes it.
pub(super) fn claim(tx: &mut Tx<'_>, digest: &Digest, size: u64, now: Timestamp) -> Result<Option<i64>> {
    use layer_indexes as i;
    let total = i64::try_from(size).unwrap_or(i64::MAX);
    let row = (
        i::digest.eq(digest.as_str()),
        i::state.eq(IndexState::Indexing),
        i::total_bytes.eq(total),
        i::updated_at.eq(now.0),
    );
    let new: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(i::table)
        .values(row).on_conflict(i::digest).do_nothing().returning(i::id).get_result(c).optional())?;
    if new.is_some() {
        return Ok(new);
    }
    // One statement, so that of two processes one gets it.
    let free =
        i::state.ne(IndexState::Ready).and(i::state.ne(IndexState::Indexing).or(i::updated_at.lt(now.minus(LEASE).0)));
    let taken = diesel::update(i::table.filter(i::digest.eq(digest.as_str())).filter(free))
        .set((
            i::state.eq(IndexState::Indexing),
            i::reason.eq(None::<String>),
            i::read_bytes.eq(0_i64),
            i::total_bytes.eq(total),
            i::updated_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    if taken == 0 {
        return Ok(None);
    }
    Ok(i::table.filter(i::digest.eq(digest.as_str())).select(i::id).first(&mut **tx).optional()?)
}

pub(super) fn note_progress(tx: &mut Tx<'_>, id: i64, read: i64, now: Timestamp) -> Result<()> {
    let values = (layer_indexes::read_bytes.eq(read), layer_indexes::updated_at.eq(now.0));
    diesel::update(layer_indexes::table.find(id)).set(values).execute(&mut **tx)?;
    Ok(())
}

/// Nobody makes it any more.
pub(super) fn let_go(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    diesel::update(layer_indexes::table.find(id)).set(layer_indexes::updated_at.eq(0_i64)).execute(&mut **tx)?;
    Ok(())
}
