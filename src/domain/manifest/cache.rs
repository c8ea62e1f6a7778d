//! Finding a manifest by tag or digest, from memory where it can.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use diesel::prelude::*;

use crate::access::{Authorized, Read};
use crate::db::schema::{manifests, repository_manifests, tags};
use crate::db::{Conn, Db, Stamp};
use crate::error::{Error, Result, Thing};
use crate::ids::{ManifestId, RepositoryId};
use crate::oci::{Digest, MediaType, Reference};
use crate::repository::Repository;

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
    remembered: moka::sync::Cache<(RepositoryId, Reference), (Stamp, Arc<StoredManifest>)>,
}

impl Manifests {
    /// Manifests in this database.
    pub fn new(db: Db) -> Manifests {
        let weight = |_: &_, (_, manifest): &(Stamp, Arc<StoredManifest>)| {
            u32::try_from(manifest.bytes.len() + BOOK_KEEPING).unwrap_or(u32::MAX)
        };
        let remembered = moka::sync::Cache::builder()
            .weigher(weight)
            .max_capacity(REMEMBERED_BYTES)
            .time_to_live(BELIEVED_FOR)
            .build();
        Manifests { db, remembered }
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
        let found = Arc::new(found.ok_or_else(|| Error::NotFound(Thing::Manifest(reference.to_string())))?);
        self.remembered.insert((repository.id, reference.clone()), (stamp, found.clone()));
        Ok(found)
    }

    /// As [`Manifests::find`], but only if the answer is in memory and positive: never waits.
    pub fn find_at_once(
        &self,
        repository: &Authorized<Repository, Read>,
        reference: &Reference,
    ) -> Option<Arc<StoredManifest>> {
        let (stamp, manifest) = self.remembered.get(&(repository.id, reference.clone()))?;
        (stamp == self.db.freshness().content(repository.id)).then_some(manifest)
    }
}

/// Indexes: `tags (repository_id, name)` or `manifests.digest`, `repository_manifests` primary key.
fn load(conn: &mut Conn, repository: RepositoryId, reference: &Reference) -> Result<Option<StoredManifest>> {
    type Row = (i64, String, String, Vec<u8>);
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
            .select(columns)
            .first(conn)
            .optional()?,
        Reference::Digest(digest) => manifests::table
            .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
            .filter(manifests::digest.eq(digest.as_str()))
            .filter(repository_manifests::repository_id.eq(repository.0))
            .select(columns)
            .first(conn)
            .optional()?,
    };
    row.map(|(id, digest, media_type, bytes)| {
        Ok(StoredManifest {
            id: ManifestId(id),
            digest: digest.parse()?,
            media_type: media_type.parse()?,
            bytes: bytes.into(),
        })
    })
    .transpose()
}
