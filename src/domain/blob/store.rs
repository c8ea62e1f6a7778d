//! Where bytes are: the port that stores implement.
//!
//! It fits a local folder as well as an object store: bytes are appended to an upload in large batches, an upload is
//! committed under its digest or thrown away, content is read in ranges. One conformance suite runs against every store.

use bytes::Bytes;
use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::oci::{Digest, Hasher};
use crate::upload::UploadId;

/// A place for blobs.
pub trait BlobStore: Send + Sync + 'static {
    /// Stores a small blob in one go, durable when it returns. Nothing is left behind when it fails.
    ///
    /// # Errors
    /// `Unavailable`.
    fn put<'a>(&'a self, chunks: Vec<Bytes>, digest: &'a Digest) -> BoxFuture<'a, Result<()>>;

    /// Goes on with an upload of which `received` bytes are stored; begins it when that is zero. Nobody else can write
    /// to the same upload until the writer is dropped.
    ///
    /// # Errors
    /// `Busy` if somebody else is writing; `NotFound` if those bytes are not there; `Unavailable` if the store is not.
    fn append(&self, upload: UploadId, received: u64) -> BoxFuture<'_, Result<Box<dyn UploadWriter>>>;

    /// Makes the bytes of an upload, which are synced and so many, the blob of this digest. Durable when it returns; the
    /// upload is gone. If the blob is there already the upload's bytes are thrown away.
    ///
    /// # Errors
    /// `Busy` if somebody else is writing to it; `Unavailable`. The upload is then as it was.
    fn commit<'a>(&'a self, upload: UploadId, size: u64, digest: &'a Digest) -> BoxFuture<'a, Result<()>>;

    /// Throws an upload away. Fine if there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    fn abort(&self, upload: UploadId) -> BoxFuture<'_, Result<()>>;

    /// Reads the bytes of an upload again, through `hasher`: for a digest of another algorithm than the one hashed with.
    ///
    /// # Errors
    /// `NotFound`, `Unavailable`.
    fn rehash(&self, upload: UploadId, hasher: Hasher) -> BoxFuture<'_, Result<Hasher>>;

    /// The content of a blob, if the store has it.
    ///
    /// # Errors
    /// `Unavailable`.
    fn open<'a>(&'a self, digest: &'a Digest) -> BoxFuture<'a, Result<Option<BlobContent>>>;

    /// As [`BlobStore::open`], but only if that needs no waiting.
    fn open_at_once(&self, digest: &Digest) -> Option<BlobContent>;

    /// Removes a blob. Fine if there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    fn delete<'a>(&'a self, digest: &'a Digest) -> BoxFuture<'a, Result<()>>;

    /// Uploads whose bytes were last touched before that long ago.
    ///
    /// # Errors
    /// `Unavailable`.
    fn stale_uploads(&self, age: std::time::Duration) -> BoxFuture<'_, Result<Vec<UploadId>>>;

    /// Whether the store works: writes, syncs and removes a few bytes.
    ///
    /// # Errors
    /// `Unavailable`, saying what does not.
    fn probe(&self) -> BoxFuture<'_, Result<()>>;
}

/// An upload being written to.
pub trait UploadWriter: Send {
    /// Appends the chunks.
    ///
    /// # Errors
    /// `Unavailable`; how much was written is then unknown.
    fn write(&mut self, chunks: Vec<Bytes>) -> BoxFuture<'_, Result<()>>;

    /// What was written is on disk when this returns.
    ///
    /// # Errors
    /// `Unavailable`.
    fn sync(&mut self) -> BoxFuture<'_, Result<()>>;
}

/// The content of a blob, to be read in any order.
#[derive(Clone)]
pub struct BlobContent {
    /// How many bytes it has.
    pub size: u64,
    /// The file with exactly these bytes.
    pub file: std::sync::Arc<std::fs::File>,
}
