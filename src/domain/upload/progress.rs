//! Receiving bytes: begin, append, finish, cancel.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::UploadId;
use super::receive::{Append, Batch, Batches, Received};
use super::rows::{self, Progress};
use crate::access::{Authorized, Write};
use crate::blob::{self, BlobStore, UploadWriter};
use crate::db::Db;
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::ids::RepositoryId;
use crate::oci::{Algorithm, Digest, Hasher, Violation};
use crate::repository::Repository;
use crate::time::{Clock, Timestamp};

/// How many uploads just begun are remembered, so that the request that follows need not ask the database.
const REMEMBERED: u64 = 10_000;
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// Everything uploads need.
pub struct Uploads {
    db: Db,
    store: Arc<dyn BlobStore>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    limits: UploadLimits,
    /// Begun here and not touched since, by whom and where.
    begun: moka::sync::Cache<UploadId, (RepositoryId, String)>,
}

/// How much is taken and how long is waited for it.
#[derive(Debug, Clone, Copy)]
pub struct UploadLimits {
    /// Larger blobs are refused, if set. Bytes.
    pub max_size: Option<u64>,
    /// A body that pauses longer is given up; what came is kept.
    pub idle_timeout: Duration,
}

/// What came of an append.
#[derive(Debug, PartialEq, Eq)]
pub enum Appended {
    /// All was stored; so many bytes in all.
    Stored(u64),
    /// The chunk does not start where the upload ends; so many bytes are stored.
    OutOfOrder(u64),
    /// The client stopped in the middle; what came is kept: so many bytes in all.
    Interrupted(u64),
}

impl Uploads {
    /// Uploads into this store, with their rows in this database.
    pub fn new(
        db: Db,
        store: Arc<dyn BlobStore>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        limits: UploadLimits,
    ) -> Uploads {
        let begun = moka::sync::Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build();
        Uploads { db, store, clock, entropy, limits, begun }
    }

    /// Begins an upload whose digest will be of this algorithm.
    ///
    /// # Errors
    /// As the database's.
    pub async fn begin(&self, repository: &Authorized<Repository, Write>, algorithm: Algorithm) -> Result<UploadId> {
        let id = UploadId(entropy::uuid(&*self.entropy));
        let (target, now) = (repository.clone(), self.clock.now());
        // SHA-256 is what everybody uses; another algorithm is remembered by the state of its empty hash.
        let state = (algorithm != Algorithm::Sha256).then(|| Hasher::new(algorithm).save());
        if state.is_none() {
            self.begun.insert(id, (repository.id, repository.caller().principal.handle()));
        }
        self.db.write_relaxed(move |tx| rows::insert(tx, &target, now, id, state.as_deref())).await?;
        Ok(id)
    }

    /// How far an upload is.
    ///
    /// # Errors
    /// `NotFound`, also for other people's uploads.
    pub async fn progress(&self, repository: &Authorized<Repository, Write>, id: UploadId) -> Result<Progress> {
        let repository = repository.clone();
        self.db.read(move |conn| rows::find(conn, &repository, id)).await
    }

    /// Appends a body to an upload.
    ///
    /// # Errors
    /// `NotFound`; `Busy` while another request writes to it; `Refused` for a blob that grows too large.
    pub async fn append(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
        append: Append,
    ) -> Result<Appended> {
        self.begun.invalidate(&id);
        let (mut writer, before) = self.take(repository, id).await?;
        if append.start.is_some_and(|start| start != before.received) {
            return Ok(Appended::OutOfOrder(before.received));
        }
        writer.resume_at(before.received).await?;
        let body = Batches::new(append, hasher_of(&before)?, self.limits);
        let received = self.receive(&mut *writer, before.received, body).await?;
        writer.sync().await?;
        self.keep(before, &received).await?;
        // Let go of only now: whoever takes it next must find the row and the bytes in step.
        drop(writer);
        Ok(if received.complete { Appended::Stored(received.total) } else { Appended::Interrupted(received.total) })
    }

    /// Appends the last body (perhaps empty) and makes the whole a blob of the repository.
    ///
    /// # Errors
    /// `Content` if the digest differs: the upload is then gone, since nothing can make it right. As [`Uploads::append`]
    /// otherwise.
    pub async fn finish(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
        append: Append,
        digest: &Digest,
    ) -> Result<Appended> {
        let fresh = self.is_fresh(repository, id) && append.length != Some(0) && append.start.unwrap_or(0) == 0;
        if !fresh {
            return self.finish_taken(repository, id, append, digest).await;
        }
        let mut body = Batches::new(append, Hasher::new(digest.algorithm()), self.limits);
        let first = body.next(0).await?;
        if first.is_last_and_complete() && first.size > 0 && body.digest() == *digest {
            return self.store_small(repository, Some(id), first.chunks, body.into_hasher(), digest).await;
        }
        // Anything else is judged by what the row says: another replica may have moved the upload on meanwhile.
        let (writer, before) = self.take(repository, id).await?;
        if before.received > 0 {
            return Ok(Appended::OutOfOrder(before.received));
        }
        self.finish_after(repository, (writer, before), first, body, digest).await
    }

    async fn finish_taken(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
        append: Append,
        digest: &Digest,
    ) -> Result<Appended> {
        let (writer, before) = self.take(repository, id).await?;
        if append.start.is_some_and(|start| start != before.received) {
            return Ok(Appended::OutOfOrder(before.received));
        }
        if before.received > 0 && append.length == Some(0) {
            // All of it came before and is synced: nothing to write.
            let received = Received { hasher: hasher_of(&before)?, total: before.received, complete: true };
            return self.settle(repository, (writer, Some(id), id), received, digest).await;
        }
        let hasher = match before.received {
            // Nothing was hashed yet: hash with what the digest needs.
            0 => Hasher::new(digest.algorithm()),
            _ => hasher_of(&before)?,
        };
        let mut body = Batches::new(append, hasher, self.limits);
        let first = body.next(before.received).await?;
        self.finish_after(repository, (writer, before), first, body, digest).await
    }

    async fn finish_after(
        &self,
        repository: &Authorized<Repository, Write>,
        (mut writer, before): (Box<dyn UploadWriter>, Progress),
        first: Batch,
        body: Batches,
        digest: &Digest,
    ) -> Result<Appended> {
        let id = before.id;
        writer.resume_at(before.received).await?;
        let received = self.receive_after(&mut *writer, first, before.received, body).await?;
        writer.sync().await?;
        if !received.complete {
            self.keep(before, &received).await?;
            return Ok(Appended::Interrupted(received.total));
        }
        self.settle(repository, (writer, Some(id), id), received, digest).await
    }

    /// Receives a blob in one go, without an upload that could be resumed.
    ///
    /// # Errors
    /// As [`Uploads::finish`].
    pub async fn receive_whole(
        &self,
        repository: &Authorized<Repository, Write>,
        append: Append,
        digest: &Digest,
    ) -> Result<Appended> {
        let mut body = Batches::new(append, Hasher::new(digest.algorithm()), self.limits);
        let first = body.next(0).await?;
        if first.is_last_and_complete() {
            return self.store_small(repository, None, first.chunks, body.into_hasher(), digest).await;
        }
        let id = UploadId(entropy::uuid(&*self.entropy));
        let mut writer = self.store.lock(id).await?;
        let received = self.receive_after(&mut *writer, first, 0, body).await;
        let synced = writer.sync().await;
        match (received, synced) {
            (Ok(received), Ok(())) if received.complete => {
                self.settle(repository, (writer, None, id), received, digest).await
            }
            (outcome, synced) => {
                self.store.abort(id).await?;
                let total = outcome?.total;
                synced?;
                Ok(Appended::Interrupted(total))
            }
        }
    }

    /// Gives an upload up.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cancel(&self, repository: &Authorized<Repository, Write>, id: UploadId) -> Result<()> {
        self.begun.invalidate(&id);
        let (writer, _) = self.take(repository, id).await?;
        self.db.write_relaxed(move |tx| rows::forget(tx, id)).await?;
        let gone = self.store.abort(id).await;
        drop(writer);
        gone
    }

    /// Removes what nobody will go on with: rows that did not move for `lifetime`, and bytes without a row.
    ///
    /// # Errors
    /// As the database's and the store's.
    pub async fn sweep(&self, lifetime: Duration, limit: i64) -> Result<usize> {
        let before = self.clock.now().minus(lifetime);
        let stale = self.db.write_relaxed(move |tx| rows::sweep(tx, before, limit)).await?;
        let mut swept = stale.len();
        for id in stale {
            self.store.abort(id).await?;
        }
        let old = self.store.stale_uploads(lifetime).await?;
        for some in old.chunks(500) {
            let asked = some.to_vec();
            let known = self.db.read(move |conn| rows::known(conn, &asked)).await?;
            for id in some.iter().filter(|id| !known.contains(id)) {
                self.store.abort(*id).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Takes an upload for writing and reads how far it is, in this order: nobody can move it on in between. Its existence
    /// is checked first, so that no file is made for ids that clients invent.
    async fn take(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
    ) -> Result<(Box<dyn UploadWriter>, Progress)> {
        self.progress(repository, id).await?;
        let writer = self.store.lock(id).await?;
        match self.progress(repository, id).await {
            Ok(before) => Ok((writer, before)),
            Err(error) => {
                // Finished or cancelled since: the file, if this made it, is nobody's.
                self.store.abort(id).await?;
                Err(error)
            }
        }
    }

    /// Whether the upload was begun here, by this caller, and nobody asked for it since.
    fn is_fresh(&self, repository: &Authorized<Repository, Write>, id: UploadId) -> bool {
        self.begun
            .remove(&id)
            .is_some_and(|(place, holder)| place == repository.id && holder == repository.caller().principal.handle())
    }

    /// Stores a body that came in one piece: one trip to the disk and one transaction.
    async fn store_small(
        &self,
        repository: &Authorized<Repository, Write>,
        id: Option<UploadId>,
        chunks: Vec<Bytes>,
        hasher: Hasher,
        digest: &Digest,
    ) -> Result<Appended> {
        let actual = hasher.finish();
        if actual != *digest {
            if let Some(id) = id {
                self.db.write_relaxed(move |tx| rows::forget(tx, id)).await?;
            }
            return Err(mismatch(digest, actual));
        }
        let total = chunks.iter().map(|chunk| chunk.len() as u64).sum();
        self.store.put(chunks, digest).await?;
        self.link(repository, digest, total, id).await?;
        Ok(Appended::Stored(total))
    }

    /// Compares the digest and makes the bytes a blob, or throws them away. `row` is the upload that is to be forgotten.
    async fn settle(
        &self,
        repository: &Authorized<Repository, Write>,
        (mut writer, row, id): (Box<dyn UploadWriter>, Option<UploadId>, UploadId),
        received: Received,
        digest: &Digest,
    ) -> Result<Appended> {
        let hasher = if received.hasher.algorithm() == digest.algorithm() {
            received.hasher
        } else {
            writer.rehash(Hasher::new(digest.algorithm())).await?
        };
        let actual = hasher.finish();
        if actual != *digest {
            if let Some(row) = row {
                self.db.write_relaxed(move |tx| rows::forget(tx, row)).await?;
            }
            self.store.abort(id).await?;
            return Err(mismatch(digest, actual));
        }
        match writer.resume_at(received.total).await {
            Ok(()) => writer.commit(received.total, digest).await?,
            // The process died between giving the bytes their digest and writing that down: they are where they belong.
            Err(Error::NotFound(_)) if self.is_stored(digest, received.total).await? => self.store.abort(id).await?,
            Err(error) => {
                self.store.abort(id).await?;
                return Err(error);
            }
        }
        self.link(repository, digest, received.total, row).await?;
        Ok(Appended::Stored(received.total))
    }

    async fn is_stored(&self, digest: &Digest, size: u64) -> Result<bool> {
        Ok(self.store.open(digest).await?.is_some_and(|content| content.size == size))
    }

    async fn link(
        &self,
        repository: &Authorized<Repository, Write>,
        digest: &Digest,
        size: u64,
        upload: Option<UploadId>,
    ) -> Result<()> {
        let (repository, digest, now): (_, _, Timestamp) = (repository.clone(), digest.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                blob::link_stored(tx, &repository, now, &digest, size)?;
                upload.map_or(Ok(()), |id| rows::forget(tx, id))
            })
            .await
    }

    async fn keep(&self, before: Progress, received: &Received) -> Result<()> {
        let (now, state, total) = (self.clock.now(), received.hasher.save(), received.total);
        self.db.write_relaxed(move |tx| rows::advance(tx, now, &before, total, &state)).await
    }

    async fn receive(&self, writer: &mut dyn UploadWriter, already: u64, mut body: Batches) -> Result<Received> {
        let first = body.next(already).await?;
        self.receive_after(writer, first, already, body).await
    }

    /// Writes one batch while the next one comes in.
    async fn receive_after(
        &self,
        writer: &mut dyn UploadWriter,
        first: Batch,
        already: u64,
        mut body: Batches,
    ) -> Result<Received> {
        let mut batch = first;
        let mut total = already + batch.size;
        while batch.more {
            let (written, next) = tokio::join!(writer.write(batch.chunks), body.next(total));
            written?;
            batch = next?;
            total += batch.size;
        }
        if !batch.chunks.is_empty() {
            writer.write(batch.chunks).await?;
        }
        Ok(Received { hasher: body.into_hasher(), total, complete: batch.complete })
    }
}

fn mismatch(expected: &Digest, actual: Digest) -> Error {
    Violation::DigestMismatch { expected: expected.clone(), actual }.into()
}

fn hasher_of(progress: &Progress) -> Result<Hasher> {
    match &progress.hash_state {
        None => Ok(Hasher::new(Algorithm::Sha256)),
        Some(state) => Hasher::restore(state).map_err(|error| Error::internal("resuming an upload", error.to_string())),
    }
}
