//! Finding a manifest by tag or digest, from memory where it can.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use crate::access::{Authorized, Read};
use crate::db::schema::{manifests, repository_manifests, tags};
use crate::db::{Conn, Db, Stamp};
use crate::error::{Error, Result, Thing};
use crate::ids::{ManifestId, RepositoryId};
use crate::oci::{Digest, MediaType, Reference};
use crate::repository::Repository;
use crate::time::{Clock, Timestamp};

/// Other replicas' changes are noticed within this time; this process's own at once.
const BELIEVED_FOR: Duration = Duration::from_secs(2);
/// How many bytes of manifests are kept in memory, with the book-keeping of each counted in.
const REMEMBERED_BYTES: u64 = 16 * 1024 * 1024;
const BOOK_KEEPING: usize = 512;

/// A manifest as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredManifest {
    /// Row.
    pub id: ManifestId,
    /// Digest of the bytes.
    pub digest: Digest,
    /// Content type.
    pub media_type: MediaType,
    /// Exactly what was pushed.
    pub bytes: Bytes,
}

/// Manifests of all repositories.
#[derive(Clone)]
pub struct Manifests {
    db: Db,
    clock: Arc<dyn Clock>,
    remembered: moka::sync::Cache<(RepositoryId, Reference), Remembered>,
}

/// What was found under a tag or digest, and until when it is there.
#[derive(Clone)]
struct Remembered {
    stamp: Stamp,
    ends: Option<Timestamp>,
    manifest: Arc<StoredManifest>,
}

impl Manifests {
    /// Manifests in this database; tags end by this clock.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Manifests {
        let weight =
            |_: &_, found: &Remembered| u32::try_from(found.manifest.bytes.len() + BOOK_KEEPING).unwrap_or(u32::MAX);
        let remembered = moka::sync::Cache::builder()
            .weigher(weight)
            .max_capacity(REMEMBERED_BYTES)
            .time_to_live(BELIEVED_FOR)
            .build();
        Manifests { db, clock, remembered }
    }

    /// The manifest a tag points at or that has a digest, if the repository has it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn find(
        &self,
        repository: &Authorized<Repository, Read>,
        reference: &Reference,
    ) -> Result<Arc<StoredManifest>> {
        if let Some(manifest) = self.find_at_once(repository, reference) {
            return Ok(manifest);
        }
        let stamp = self.db.freshness().content(repository.id);
        let (id, wanted) = (repository.id, reference.clone());
        let found = self.db.read(move |conn| load(conn, id, &wanted)).await?;
        let found = found.filter(|(_, ends)| self.is_still_there(*ends));
        let (manifest, ends) = found.ok_or_else(|| Error::NotFound(Thing::Manifest(reference.to_string())))?;
        let manifest = Arc::new(manifest);
        let remembered = Remembered { stamp, ends, manifest: manifest.clone() };
        self.remembered.insert((repository.id, reference.clone()), remembered);
        Ok(manifest)
    }

    /// As [`Manifests::find`], but only if the answer is in memory and positive: never waits.
    pub fn find_at_once(
        &self,
        repository: &Authorized<Repository, Read>,
        reference: &Reference,
    ) -> Option<Arc<StoredManifest>> {
        let found = self.remembered.get(&(repository.id, reference.clone()))?;
        let fresh = found.stamp == self.db.freshness().content(repository.id);
        (fresh && self.is_still_there(found.ends)).then_some(found.manifest)
    }

    /// The clock is asked only about what ends.
    fn is_still_there(&self, ends: Option<Timestamp>) -> bool {
        ends.is_none_or(|end| end > self.clock.now())
    }
}

/// Indexes: `tags (repository_id, name)` or `manifests.digest`, `repository_manifests` primary key.
fn load(
    conn: &mut Conn,
    repository: RepositoryId,
    reference: &Reference,
) -> Result<Option<(StoredManifest, Option<Timestamp>)>> {
    type Row = ((i64, String, String, Vec<u8>), Option<i64>);
    let columns = (manifests::id, manifests::digest, repository_manifests::media_type, manifests::bytes);
    let row: Option<Row> = match reference {
        Reference::Tag(tag) => tags::table
            .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
            .inner_join(
                repository_manifests::table.on(repository_manifests::manifest_id
                    .eq(tags::manifest_id)
                    .and(repository_manifests::repository_id.eq(tags::repository_id))),
            )
            .filter(tags::repository_id.eq(repository.0))
            .filter(tags::name.eq(tag.as_str()))
            .select((columns, tags::expires_at))
            .first(conn)
            .optional()?,
        Reference::Digest(digest) => manifests::table
            .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
            .filter(manifests::digest.eq(digest.as_str()))
            .filter(repository_manifests::repository_id.eq(repository.0))
            .select((columns, None::<i64>.into_sql::<Nullable<BigInt>>()))
            .first(conn)
            .optional()?,
    };
    row.map(|((id, digest, media_type, bytes), ends)| {
        let manifest = StoredManifest {
            id: ManifestId(id),
            digest: digest.parse()?,
            media_type: media_type.parse()?,
            bytes: bytes.into(),
        };
        Ok((manifest, ends.map(Timestamp)))
    })
    .transpose()
}
