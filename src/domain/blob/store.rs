//! Where bytes are: the port that stores implement.
//!
//! Made for a local folder, with an object store in mind: bytes are appended to an upload in large batches, an upload is
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

    /// Takes an upload for writing, beginning it if there is none. Nobody else, in this process or another, can write to
    /// it or commit it until the writer is dropped: what is known about the upload is to be read after this returns.
    ///
    /// # Errors
    /// `Busy` if somebody else has it; `Unavailable` if the store does not work.
    fn lock(&self, upload: UploadId) -> BoxFuture<'_, Result<Box<dyn UploadWriter>>>;

    /// Throws an upload away. Fine if there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    fn abort(&self, upload: UploadId) -> BoxFuture<'_, Result<()>>;

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
    /// Goes on after the first `received` bytes; what lies behind them, which nobody was told of, is cut off.
    ///
    /// # Errors
    /// `NotFound` if those bytes are not there any more; `Unavailable`.
    fn resume_at(&mut self, received: u64) -> BoxFuture<'_, Result<()>>;

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

    /// Reads all bytes again, through `hasher`: for a digest of another algorithm than the one hashed with.
    ///
    /// # Errors
    /// `Unavailable`.
    fn rehash(&mut self, hasher: Hasher) -> BoxFuture<'_, Result<Hasher>>;

    /// Makes the bytes, which are synced and so many, the blob of this digest, in place of one that may be there. Durable
    /// when it returns; the upload is gone.
    ///
    /// # Errors
    /// `Unavailable`; the upload is then as it was.
    fn commit<'a>(self: Box<Self>, size: u64, digest: &'a Digest) -> BoxFuture<'a, Result<()>>
    where
        Self: 'a;
}

/// The content of a blob, to be read in any order.
#[derive(Clone)]
pub struct BlobContent {
    /// How many bytes it has.
    pub size: u64,
    /// The file with exactly these bytes.
    pub file: std::sync::Arc<std::fs::File>,
}
