//! The files inside layers: a table of contents for each layer that somebody looked into, and a file's bytes.
//!
//! A layer is never unpacked. It is read once from beginning to end ([`walk`], [`unpack`]), and each entry becomes a row
//! under its folder and name ([`rows`]), so that a folder is a range of an index and a second look costs nothing. That
//! happens in the background, when somebody asks ([`LayerFiles::request`], [`LayerFiles::work`]). The image as a container
//! sees it is a question over the rows of its layers ([`browse`]): the highest layer that says something about a name
//! decides, whiteouts included. A file's content is read from the layer where its bytes begin ([`content`]).
//!
//! Invariant: layers were made by strangers. What is read of one is bounded in bytes before and after decompression,
//! entries and time ([`Limits`]), names are kept as text and never become paths of this machine.
//!
//! Source: OCI image spec, "Image layer filesystem changeset".

mod browse;
mod content;
mod forget;
mod index;
mod path;
mod queue;
mod rows;
mod stack;
mod state;
mod unpack;
mod walk;

pub use browse::{Change, FileEntry, Listing, View};
pub use content::{FileContent, MAX_PREVIEW, Preview, PreviewText};
pub use forget::forget_unused;
pub use index::{LayerFiles, LayerState, Limits};
pub use path::FilePath;
pub use queue::{Queue, Reading};
pub use rows::FileKind;
