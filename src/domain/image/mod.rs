//! What pages show of a manifest: where it stands in its repository, what it is made of, how it differs from another.
//!
//! [`details`] is one look at the database; [`open`] also reads the configuration of an image from the store and lays its
//! history beside its layers. [`compare`] is a pure function over two of these. Everything here was written by strangers:
//! what cannot be understood is said so ([`Configured::Unreadable`]) and never an error.
//!
//! Invariant: nothing of a repository the caller may not read is shown, which is why each function takes the permission;
//! [`shared_layers`] leaves out repositories they may not know of.

mod attached;
mod compare;
mod configuration;
mod details;
mod open;
mod part_of;
mod raw;
mod sharing;
mod steps;
mod written;

pub use attached::{Attached, AttachedKind, Listed, attached};
pub use compare::{
    Comparison, Difference, LayerComparison, Named, PlatformPair, SettingsComparison, compare, platform_pairs,
};
pub use configuration::{Configuration, HistoryEntry, Variable};
pub use details::{Child, Details, details, details_of, tags_at};
pub use open::{Configured, Image, MAX_CONFIGURATION, Turn, open, open_all, turn};
pub use part_of::{PartOf, part_of};
pub use raw::{MAX_SHOWN, Raw, raw};
pub use sharing::{Shared, shared_layers};
pub use steps::{History, Layer, Step, Steps, instruction, steps};
