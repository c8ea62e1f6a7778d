//! Which blobs a repository has.

use std::time::Duration;

use diesel::prelude::*;

use crate::access::{Authorized, Read};
use crate::db::schema::{blobs, repository_blobs};
use crate::db::{Conn, Db, Stamp, fixed};
use crate::error::{Error, Result, Thing};
use crate::ids::{BlobId, RepositoryId};
use crate::oci::Digest;
use crate::repository::Repository;

/// Other replicas' changes are noticed within this time; this process's own at once.
const BELIEVED_FOR: Duration = Duration::from_secs(2);
const REMEMBERED: u64 = 50_000;

/// A blob of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Row.
    pub id: BlobId,
    /// Bytes.
    pub size: u64,
}

/// Answers "does this repository have that blob", from memory where it can.
#[derive(Clone)]
pub struct Blobs {
    db: Db,
    remembered: moka::sync::Cache<(RepositoryId, Digest), (Stamp, Found)>,
}

impl Blobs {
    /// Blobs known to this database.
    pub fn new(db: Db) -> Blobs {
        let remembered = moka::sync::Cache::builder().max_capacity(REMEMBERED).time_to_live(BELIEVED_FOR).build();
        Blobs { db, remembered }
    }

    /// The blob, if it is linked to the repository.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find(&self, repository: &Authorized<Repository, Read>, digest: &Digest) -> Result<Found> {
        if let Some(found) = self.find_at_once(repository, digest) {
            return Ok(found);
        }
        let stamp = self.db.freshness().content(repository.id);
        let (id, wanted) = (repository.id, digest.clone());
        let found = self.db.read(move |conn| linked(conn, id, wanted.as_str())).await?;
        let found = found.ok_or_else(|| Error::NotFound(Thing::Blob(digest.to_string())))?;
        self.remembered.insert((repository.id, digest.clone()), (stamp, found));
        Ok(found)
    }

    /// As [`Blobs::find`], but only if the answer is in memory and positive: never waits.
    pub fn find_at_once(&self, repository: &Authorized<Repository, Read>, digest: &Digest) -> Option<Found> {
        let (stamp, found) = self.remembered.get(&(repository.id, digest.clone()))?;
        (stamp == self.db.freshness().content(repository.id)).then_some(found)
    }
}

/// Whether any blob is known.
///
/// # Errors
/// As the database's.
pub fn any(conn: &mut Conn) -> Result<bool> {
    Ok(blobs::table.select(blobs::id).limit(1).first::<i64>(conn).optional()?.is_some())
}

/// Bytes of all blobs, each counted once. Reads every row of `blobs`, some fifty bytes each: not for every request.
///
/// # Errors
/// As the database's.
pub fn total_size(conn: &mut Conn) -> Result<u64> {
    use diesel::sql_types::BigInt;
    let sum = fixed::<BigInt>("CAST(COALESCE(SUM(size), 0) AS BIGINT)");
    let total: i64 = blobs::table.select(sum).first(conn)?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Indexes: `blobs.digest`, `repository_blobs` primary key.
pub(super) fn linked(conn: &mut Conn, repository: RepositoryId, digest: &str) -> Result<Option<Found>> {
    let row: Option<(i64, i64)> = blobs::table
        .inner_join(repository_blobs::table.on(repository_blobs::blob_id.eq(blobs::id)))
        .filter(blobs::digest.eq(digest))
        .filter(repository_blobs::repository_id.eq(repository.0))
        .select((blobs::id, blobs::size))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, size)| Found { id: BlobId(id), size: u64::try_from(size).unwrap_or(0) }))
}
