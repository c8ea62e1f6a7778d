//! The words of the OCI specifications, as values that cannot be wrong.
//!
//! Whatever arrives from outside (a path, a header, a manifest) is parsed here once; the rest of the domain takes
//! [`RepositoryName`], [`TagName`], [`Digest`] and [`Manifest`], never strings. A refusal is a [`Violation`]: it says
//! what was given and what would be right. [`Hasher`] computes digests and can be saved between two requests.
//!
//! Invariant: a value of these types keeps to the specification; nothing here knows a database, a clock or HTTP.
//! Where to look next: [`Manifest::parse`] for what may be pushed, [`parse_range`] for what may be pulled in part.

pub mod descriptor;
pub mod digest;
mod grammar;
pub mod hasher;
mod json;
pub mod manifest;
pub mod media_type;
pub mod names;
pub mod range;
pub mod reference;
pub mod repository_name;
pub mod tag_name;
pub mod violation;

pub use descriptor::{Descriptor, Platform};
pub use digest::{Algorithm, Digest};
pub use hasher::{Hasher, InvalidHasherState};
pub(crate) use json::List;
pub use manifest::{Kind, MAX_DESCRIPTORS, MAX_MANIFEST_SIZE, Manifest, ReferenceKind};
pub use media_type::MediaType;
pub use names::{NamespaceName, RobotName, RobotShortName, TeamName};
pub use range::{ByteRange, parse_chunk_range, parse_range};
pub use reference::Reference;
pub use repository_name::RepositoryName;
pub use tag_name::TagName;
pub use violation::{Rule, Violation};
