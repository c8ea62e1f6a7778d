//! Linking blobs to repositories and taking the link away.

use std::sync::Arc;

use diesel::prelude::*;

use super::queries::{Found, linked};
use crate::access::{Access, Authorized, Read, Write};
use crate::db::schema::{blobs, repository_blobs};
use crate::db::{Db, Tx};
use crate::deletion;
use crate::error::{Error, NeededScopes, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{BlobId, RepositoryId};
use crate::oci::{Digest, RepositoryName};
use crate::on_backend;
use crate::principal::Caller;
use crate::repository::{self, Repository};
use crate::time::Timestamp;

/// How many repositories are looked at for a blob that is to be mounted from anywhere.
const MOUNT_CANDIDATES: i64 = 32;

/// What came of a request to mount a blob.
#[derive(Debug, PartialEq, Eq)]
pub enum MountOutcome {
    /// The repository has the blob now.
    Mounted,
    /// It is not to be had; the client uploads it. Says nothing about whether it exists.
    NotAvailable,
}

/// Makes a blob known and links it to the repository. Its bytes are in the store already.
///
/// # Errors
/// `NotFound` if the repository was deleted meanwhile.
pub fn link_stored(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    digest: &Digest,
    size: u64,
) -> Result<()> {
    let row = (
        blobs::digest.eq(digest.as_str()),
        blobs::size.eq(i64::try_from(size).map_err(|_| Error::internal("storing a blob", "it is too large"))?),
        blobs::created_at.eq(now.0),
    );
    let new: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(blobs::table)
        .values(row).on_conflict(blobs::digest).do_nothing().returning(blobs::id).get_result(c).optional())?;
    let id = match new {
        Some(id) => id,
        None => blobs::table.filter(blobs::digest.eq(digest.as_str())).select(blobs::id).first(&mut **tx)?,
    };
    link(tx, repository.id, BlobId(id), now)?;
    deletion::require_live(tx, repository)
}

/// Takes a blob from a repository; others keep theirs. The bytes stay until garbage collection finds them unused.
///
/// # Errors
/// `NotFound` if the repository does not have it.
pub fn remove(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    digest: &Digest,
) -> Result<()> {
    let unknown = || Error::NotFound(Thing::Blob(digest.to_string()));
    let found = linked(tx, repository.id, digest.as_str())?.ok_or_else(unknown)?;
    let taken = diesel::delete(repository_blobs::table.find((repository.id.0, found.id.0))).execute(&mut **tx)?;
    if taken > 0 {
        tx.count_bytes(repository.id, -i64::try_from(found.size).unwrap_or(i64::MAX));
    }
    tx.touch_content(repository.id);
    let event = Event::new(EventKind::DeleteBlob).repository(repository).digest(digest.as_str());
    event::record(tx, repository.caller(), now, event)
}

/// Links a blob that another repository has: `from`, or, without it, any repository the caller may read.
///
/// The right to read the source is the token's, not only the account's. What the caller may not read counts as not
/// there, so that mounting is no way to learn what others have.
///
/// # Errors
/// `TokenTooNarrow`, naming both repositories, if the caller could read the source with a wider token.
pub async fn mount(
    db: &Db,
    access: &Access,
    target: &Authorized<Repository, Write>,
    digest: &Digest,
    from: Option<&RepositoryName>,
    now: Timestamp,
) -> Result<MountOutcome> {
    let caller = target.shared_caller();
    let candidates = match from {
        Some(name) => vec![name.clone()],
        None => {
            let wanted = digest.clone();
            db.read(move |conn| repository::holders_of(conn, wanted.as_str(), MOUNT_CANDIDATES)).await?
        }
    };
    let Some((source, found)) = readable_source(db, access, &caller, target, candidates, digest).await? else {
        return Ok(MountOutcome::NotAvailable);
    };
    let (target, digest) = (target.clone(), digest.clone());
    db.write(move |tx| {
        // The source may have lost it since it was looked up; then the client uploads.
        if linked(tx, source.id, digest.as_str())?.is_none_or(|still| still.id != found.id) {
            return Ok(MountOutcome::NotAvailable);
        }
        link(tx, target.id, found.id, now)?;
        deletion::require_live(tx, &target)?;
        Ok(MountOutcome::Mounted)
    })
    .await
}

async fn readable_source(
    db: &Db,
    access: &Access,
    caller: &Arc<Caller>,
    target: &Authorized<Repository, Write>,
    candidates: Vec<RepositoryName>,
    digest: &Digest,
) -> Result<Option<(Authorized<Repository, Read>, Found)>> {
    let mut wider_token = None;
    for name in candidates {
        let source = match access.repository::<Read>(caller, &name).await {
            Ok(source) => source,
            Err(Error::TokenTooNarrow(_)) => {
                wider_token.get_or_insert(name);
                continue;
            }
            Err(error @ (Error::Internal { .. } | Error::Unavailable { .. } | Error::Busy { .. })) => {
                return Err(error);
            }
            Err(_) => continue,
        };
        let (id, wanted) = (source.id, digest.clone());
        if let Some(found) = db.read(move |conn| linked(conn, id, wanted.as_str())).await? {
            return Ok(Some((source, found)));
        }
    }
    match wider_token {
        Some(name) => {
            Err(Error::TokenTooNarrow(NeededScopes(vec![(name, "pull"), (target.name.clone(), "pull,push")])))
        }
        None => Ok(None),
    }
}

fn link(tx: &mut Tx<'_>, repository: RepositoryId, blob: BlobId, now: Timestamp) -> Result<()> {
    let row = (
        repository_blobs::repository_id.eq(repository.0),
        repository_blobs::blob_id.eq(blob.0),
        repository_blobs::linked_at.eq(now.0),
    );
    let new = on_backend!(&mut *tx, c => diesel::insert_into(repository_blobs::table)
        .values(row).on_conflict_do_nothing().execute(c))?;
    if new > 0 {
        let size: i64 = blobs::table.find(blob.0).select(blobs::size).first(&mut **tx)?;
        tx.count_bytes(repository, size);
    } else {
        // Linking again renews the link's age, which is what keeps content of a push in progress from being collected.
        diesel::update(repository_blobs::table.find((repository.0, blob.0)))
            .set(repository_blobs::linked_at.eq(now.0))
            .execute(&mut **tx)?;
    }
    tx.touch_content(repository);
    Ok(())
}
