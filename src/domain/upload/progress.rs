//! Receiving bytes: begin, append, finish, cancel.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::UploadId;
use super::rows::{self, Progress};
use crate::access::{Authorized, Write};
use crate::blob::{self, BlobStore, UploadWriter};
use crate::db::Db;
use crate::entropy::{self, Entropy};
use crate::error::{BoxError, Error, Result};
use crate::oci::{Algorithm, Digest, Hasher, Violation};
use crate::repository::Repository;
use crate::time::Clock;

/// Bytes are handed to the store in batches of about this size: large enough that the trip off the async thread costs
/// nothing beside hashing and writing, small enough that a hundred uploads fit into memory.
const BATCH: usize = 512 * 1024;

/// Everything uploads need.
pub struct Uploads {
    /// Rows.
    pub db: Db,
    /// Bytes.
    pub store: Arc<dyn BlobStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub entropy: Arc<dyn Entropy>,
    /// Larger blobs are refused, if set.
    pub max_size: Option<u64>,
    /// A body that pauses longer is given up; what came is kept.
    pub idle_timeout: Duration,
}

/// A request body: bytes or the reason why there are no more.
pub type Body = Pin<Box<dyn Stream<Item = std::result::Result<Bytes, BoxError>>>>;

/// Bytes to append.
pub struct Append {
    /// The bytes.
    pub body: Body,
    /// Where the client believes they start, if it said.
    pub start: Option<u64>,
    /// How many it announced, if it said.
    pub length: Option<u64>,
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
    /// Begins an upload whose digest will be of this algorithm.
    ///
    /// # Errors
    /// As the database's.
    pub async fn begin(&self, repository: &Authorized<Repository, Write>, algorithm: Algorithm) -> Result<UploadId> {
        let id = self.new_id();
        let (repository, now) = (repository.clone(), self.clock.now());
        // SHA-256 is what everybody uses; another algorithm is remembered by the state of its empty hash.
        let state = (algorithm != Algorithm::Sha256).then(|| Hasher::new(algorithm).save());
        self.db.write_relaxed(move |tx| rows::insert(tx, &repository, now, id, state.as_deref())).await?;
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
    /// `NotFound`; `Busy` while another request writes to it; `Content` for a blob that grows too large.
    pub async fn append(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
        append: Append,
    ) -> Result<Appended> {
        let before = self.progress(repository, id).await?;
        if append.start.is_some_and(|start| start != before.received) {
            return Ok(Appended::OutOfOrder(before.received));
        }
        let hasher = hasher_of(&before)?;
        let mut writer = self.store.append(id, before.received).await?;
        let received = self.receive(&mut *writer, before.received, hasher, append).await?;
        writer.sync().await?;
        drop(writer);
        let (now, state, total) = (self.clock.now(), received.hasher.save(), received.total);
        self.db.write_relaxed(move |tx| rows::advance(tx, now, &before, total, &state)).await?;
        Ok(if received.complete { Appended::Stored(total) } else { Appended::Interrupted(total) })
    }

    /// Appends the last body (perhaps empty) and makes the whole a blob of the repository.
    ///
    /// # Errors
    /// `Content` if digest or size differ: the upload is then gone, since nothing can make it right. As
    /// [`Uploads::append`] otherwise.
    pub async fn finish(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
        append: Append,
        digest: &Digest,
    ) -> Result<Appended> {
        let before = self.progress(repository, id).await?;
        if append.start.is_some_and(|start| start != before.received) {
            return Ok(Appended::OutOfOrder(before.received));
        }
        let hasher = match hasher_of(&before)? {
            // Nothing was hashed yet: hash with what the digest needs.
            _ if before.received == 0 => Hasher::new(digest.algorithm()),
            hasher => hasher,
        };
        let received = if before.received > 0 && append.length == Some(0) {
            // All of it came before and is synced: nothing to write.
            Received { hasher, total: before.received, complete: true }
        } else {
            let mut writer = self.store.append(id, before.received).await?;
            let received = self.receive(&mut *writer, before.received, hasher, append).await?;
            writer.sync().await?;
            received
        };
        if !received.complete {
            let (now, state, total) = (self.clock.now(), received.hasher.save(), received.total);
            self.db.write_relaxed(move |tx| rows::advance(tx, now, &before, total, &state)).await?;
            return Ok(Appended::Interrupted(received.total));
        }
        self.settle(repository, id, received, digest, true).await
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
        let id = self.new_id();
        let hasher = Hasher::new(digest.algorithm());
        let mut writer = self.store.append(id, 0).await?;
        let received = self.receive(&mut *writer, 0, hasher, append).await;
        let synced = writer.sync().await;
        drop(writer);
        match (received, synced) {
            (Ok(received), Ok(())) if received.complete => self.settle(repository, id, received, digest, false).await,
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
        self.progress(repository, id).await?;
        self.db.write_relaxed(move |tx| rows::forget(tx, id)).await?;
        self.store.abort(id).await
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

    fn new_id(&self) -> UploadId {
        UploadId(entropy::uuid(&*self.entropy))
    }

    /// Compares the digest and makes the bytes a blob, or throws them away.
    async fn settle(
        &self,
        repository: &Authorized<Repository, Write>,
        id: UploadId,
        received: Received,
        digest: &Digest,
        has_row: bool,
    ) -> Result<Appended> {
        let hasher = if received.hasher.algorithm() == digest.algorithm() {
            received.hasher
        } else {
            self.store.rehash(id, Hasher::new(digest.algorithm())).await?
        };
        let actual = hasher.finish();
        if actual != *digest {
            if has_row {
                self.db.write_relaxed(move |tx| rows::forget(tx, id)).await?;
            }
            self.store.abort(id).await?;
            return Err(Violation::DigestMismatch { expected: digest.clone(), actual }.into());
        }
        self.store.commit(id, received.total, digest).await?;
        let (repository, digest, now, total) = (repository.clone(), digest.clone(), self.clock.now(), received.total);
        self.db
            .write(move |tx| {
                blob::link_stored(tx, &repository, now, &digest, total)?;
                if has_row { rows::forget(tx, id) } else { Ok(()) }
            })
            .await?;
        Ok(Appended::Stored(total))
    }

    async fn receive(
        &self,
        writer: &mut dyn UploadWriter,
        already: u64,
        mut hasher: Hasher,
        append: Append,
    ) -> Result<Received> {
        let mut total = already;
        let mut body = Batches { body: append.body, idle_timeout: self.idle_timeout };
        loop {
            let (batch, more) = body.next().await;
            total += batch.iter().map(|chunk| chunk.len() as u64).sum::<u64>();
            if let Some(limit) = self.max_size.filter(|limit| total > *limit) {
                return Err(Error::Refused(format!("blobs may have at most {limit} bytes here; this one has more")));
            }
            if !batch.is_empty() {
                hasher = writer.write(batch, hasher).await?;
            }
            match more {
                More::Yes => {}
                More::End => {
                    let complete = append.length.is_none_or(|length| already + length == total);
                    return Ok(Received { hasher, total, complete });
                }
                More::Broken => return Ok(Received { hasher, total, complete: false }),
            }
        }
    }
}

struct Received {
    hasher: Hasher,
    total: u64,
    complete: bool,
}

enum More {
    Yes,
    End,
    Broken,
}

/// Gathers chunks into batches without copying them.
struct Batches {
    body: Body,
    idle_timeout: Duration,
}

impl Batches {
    async fn next(&mut self) -> (Vec<Bytes>, More) {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < BATCH {
            match tokio::time::timeout(self.idle_timeout, self.body.next()).await {
                Ok(Some(Ok(chunk))) => {
                    size += chunk.len();
                    batch.push(chunk);
                }
                Ok(None) => return (batch, More::End),
                Ok(Some(Err(error))) => {
                    tracing::debug!(%error, "the client stopped in the middle of a body");
                    return (batch, More::Broken);
                }
                Err(_) => return (batch, More::Broken),
            }
        }
        (batch, More::Yes)
    }
}

fn hasher_of(progress: &Progress) -> Result<Hasher> {
    match &progress.hash_state {
        None => Ok(Hasher::new(Algorithm::Sha256)),
        Some(state) => Hasher::restore(state).map_err(|error| Error::internal("resuming an upload", error.to_string())),
    }
}
