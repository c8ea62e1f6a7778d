//! One blob push in progress.
//!
//! A client begins an upload, appends chunks in order and finishes it by naming the digest. Bytes go to the
//! [`BlobStore`](crate::blob::BlobStore), hashed as they pass; this module keeps the offset and the state of the hash, so
//! that any process can go on after a restart. An upload belongs to the repository and the principal it was begun for. One
//! that nobody finishes is swept after `limits.upload_lifetime`.
//!
//! What the client was told is stored is synced first: after a power failure an upload goes on from there or not at all.

mod progress;
mod receive;
mod rows;

use std::fmt;
use std::str::FromStr;

pub use progress::{Appended, UploadLimits, Uploads};
pub use receive::{Append, Body};
pub use rows::{Progress, sweep};

use crate::error::{Error, Thing, shown};

/// Names an upload: a random UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UploadId(pub uuid::Uuid);

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for UploadId {
    type Err = Error;
    fn from_str(given: &str) -> Result<UploadId, Error> {
        let unknown = || Error::NotFound(Thing::Upload(shown(given)));
        given.parse().map(UploadId).map_err(|_| unknown())
    }
}
