//! Reading blobs that are small enough to be held in memory.

use std::os::unix::fs::FileExt;

use super::BlobStore;
use crate::db::blocking;
use crate::error::{Error, Result};
use crate::oci::Digest;

/// All bytes of a blob; `None` if the store does not have it or it has more than `limit`.
///
/// Whether the caller may read it is for the caller to have asked.
///
/// # Errors
/// `Unavailable` if the store does not work.
pub(crate) async fn read_small(store: &dyn BlobStore, digest: &Digest, limit: u64) -> Result<Option<Vec<u8>>> {
    let content = match store.open_at_once(digest) {
        Some(content) => Some(content),
        None => store.open(digest).await?,
    };
    let Some(content) = content.filter(|content| content.size <= limit) else { return Ok(None) };
    blocking(move || {
        let mut bytes = vec![0; usize::try_from(content.size).unwrap_or(0)];
        content
            .file
            .read_exact_at(&mut bytes, 0)
            .map_err(|source| Error::Unavailable { context: "reading a small blob", source: source.into() })?;
        Ok(Some(bytes))
    })
    .await
}
