//! Manifests: kept byte for byte as pushed, once for the whole registry, with what pages and queries need in columns.
//!
//! A row in `repository_manifests` is a repository's right to one. The bytes are in the database: they are small, and so
//! a push is one transaction. A digest that was looked up is answered from memory afterwards; bytes under a digest never
//! change, the right to see them is what is asked about again.

mod cache;
mod config;
mod delete;
mod layers;
mod push;
mod referrers;
mod store;

pub use cache::{Manifests, StoredManifest};
pub use config::with_labels;
pub use delete::{delete_manifest, delete_tag};
pub use layers::{Contents, Layer, contents};
pub use push::{Pushed, PushedManifest, SparseIndexes, push};
pub use referrers::{Referrer, referrers};
pub(crate) use store::hold_here;
