//! Reading a request body: in batches, hashed as it comes, within limits.

use std::pin::Pin;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::progress::UploadLimits;
use crate::error::{BoxError, Error, Result};
use crate::oci::{Digest, Hasher};

/// Bytes are handed to the store in batches of about this size: large enough that the trip off the async thread costs
/// nothing beside hashing and writing, small enough that a hundred uploads fit into memory.
const BATCH: usize = 512 * 1024;

/// A client that sends byte by byte must not make us keep a buffer for each.
const MOST_CHUNKS: usize = 256;

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

/// What a whole body came to.
pub(super) struct Received {
    /// The hash over everything so far.
    pub hasher: Hasher,
    /// Bytes so far, earlier requests included.
    pub total: u64,
    /// Whether the body ended where it was announced to.
    pub complete: bool,
}

/// Some of a body.
pub(super) struct Batch {
    pub chunks: Vec<Bytes>,
    pub size: u64,
    /// Whether there may be more.
    pub more: bool,
    /// If there is no more: whether it ended where it was announced to.
    pub complete: bool,
}

impl Batch {
    pub(super) fn is_last_and_complete(&self) -> bool {
        !self.more && self.complete
    }
}

/// A body, gathered into batches without copying and hashed on the way.
///
/// Hashing is done right here and not beside the writing: a chunk is in this core's cache when it arrives, and at some
/// 30 KB takes about 20 µs, less than passing it to another thread and back would add.
pub(super) struct Batches {
    body: Body,
    announced: Option<u64>,
    seen: u64,
    hasher: Hasher,
    limits: UploadLimits,
}

impl Batches {
    pub(super) fn new(append: Append, hasher: Hasher, limits: UploadLimits) -> Batches {
        Batches { body: append.body, announced: append.length, seen: 0, hasher, limits }
    }

    /// The next batch, of a blob that has `already` bytes.
    ///
    /// # Errors
    /// `Refused` if the blob grows too large.
    pub(super) async fn next(&mut self, already: u64) -> Result<Batch> {
        let mut batch = Batch { chunks: Vec::new(), size: 0, more: true, complete: false };
        while batch.more && batch.size < BATCH as u64 && batch.chunks.len() < MOST_CHUNKS {
            match tokio::time::timeout(self.limits.idle_timeout, self.body.next()).await {
                Ok(Some(Ok(chunk))) => {
                    self.hasher.update(&chunk);
                    batch.size += chunk.len() as u64;
                    batch.chunks.push(chunk);
                }
                Ok(None) => {
                    batch.more = false;
                    batch.complete = self.announced.is_none_or(|length| length == self.seen + batch.size);
                }
                Ok(Some(Err(error))) => {
                    tracing::debug!(%error, "the client stopped in the middle of a body");
                    batch.more = false;
                }
                Err(_) => batch.more = false,
            }
            self.require_size(already + batch.size)?;
        }
        self.seen += batch.size;
        Ok(batch)
    }

    /// The digest of what came so far.
    pub(super) fn digest(&self) -> Digest {
        self.hasher.clone().finish()
    }

    pub(super) fn into_hasher(self) -> Hasher {
        self.hasher
    }

    fn require_size(&self, size: u64) -> Result<()> {
        match self.limits.max_size {
            Some(limit) if size > limit => {
                Err(Error::refused(format!("blobs may have at most {limit} bytes here; this one has more")))
            }
            _ => Ok(()),
        }
    }
}
