//! Stores for blobs.

mod filesystem;

pub use filesystem::Filesystem;
