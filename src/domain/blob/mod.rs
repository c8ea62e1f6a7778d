//! Blobs: content kept once for the whole registry under its digest.
//!
//! A row in `repository_blobs` is a repository's right to a blob; knowing a digest gives none. Bytes are in a
//! [`BlobStore`]. Invariant: a blob row exists only after its bytes are durably in the store.

mod actions;
mod queries;
mod read;
mod store;

pub use actions::{MountOutcome, link_stored, mount, remove};
pub use queries::{Blobs, Found, any, total_size};
pub(crate) use read::read_small;
pub use store::{BlobContent, BlobStore, UploadWriter};
