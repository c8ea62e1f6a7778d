//! Taking indexes away that nobody can look at any more.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::schema::layer_indexes;
use crate::db::{Tx, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::time::Timestamp;

/// Rows removed by one statement.
const AT_ONCE: i64 = 5_000;
/// Indexes looked at in one turn.
const LOOKED_AT: i64 = 500;
/// What changed within this time may be in the making.
const LEFT_ALONE: std::time::Duration = std::time::Duration::from_secs(10 * 60);

const ENTRIES: &str = "DELETE FROM layer_entries WHERE layer_id = $1 AND place IN \
    (SELECT place FROM layer_entries WHERE layer_id = $1 LIMIT $2)";

/// Indexes of layers that no repository has. Index: `blobs.digest`, `repository_blobs_by_blob`.
const UNUSED: &str = "\
SELECT i.id AS id FROM layer_indexes i WHERE i.updated_at < $1 AND NOT EXISTS ( \
  SELECT 1 FROM blobs b JOIN repository_blobs r ON r.blob_id = b.id WHERE b.digest = i.digest) \
ORDER BY i.id LIMIT $2";

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Removes some rows of the index of a layer that no repository has, and returns how many; to be called until it returns
/// nothing. The index goes after its last entry.
///
/// # Errors
/// As the database's.
pub fn forget_unused(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize> {
    let question = prepared(UNUSED).bind::<BigInt, _>(now.minus(LEFT_ALONE).0).bind::<BigInt, _>(LOOKED_AT);
    let unused: Vec<Id> = on_backend!(&mut *tx, c => question.load(c))?;
    let mut removed = 0;
    for Id { id } in unused {
        let some = some_entries(tx, id)?;
        removed += some;
        if some < usize::try_from(AT_ONCE).unwrap_or(0) {
            removed += diesel::delete(layer_indexes::table.find(id)).execute(&mut **tx)?;
        }
        if removed >= usize::try_from(AT_ONCE).unwrap_or(0) {
            break;
        }
    }
    Ok(removed)
}

/// Removes some entries of an index and returns how many.
pub(super) fn some_entries(tx: &mut Tx<'_>, id: i64) -> Result<usize> {
    let delete = prepared(ENTRIES).bind::<BigInt, _>(id).bind::<BigInt, _>(AT_ONCE);
    Ok(on_backend!(&mut *tx, c => delete.execute(c))?)
}
