//! What a registry is and does: no HTTP, no HTML, no vendors.
//!
//! | module | what it is |
//! |---|---|
//! | [`oci`] | the specification's words: digests, names, references, media types, manifests |
//! | [`principal`], [`access`] | who is asking; what they may do; permission as a value |
//! | [`account`], [`robot`], [`organization`], [`team`], [`token`] | users, robot accounts, namespaces, teams, long random secrets |
//! | [`repository`], [`default_permission`] | repositories, grants, the catalog; which grants a repository starts with |
//! | [`upload`], [`blob`] | bytes on their way in; content kept once |
//! | [`manifest`], [`tag`], [`pull`] | manifests, referrers, tags and their history, counting pulls |
//! | [`image`] | what pages show of a manifest: details, configuration, layers, differences |
//! | [`layer_files`] | the files inside layers: listing folders, reading a file |
//! | [`deletion`], [`naming`], [`ownership`] | taking away with a way back, renaming, taking over |
//! | [`directory`], [`message`] | finding names by their beginning; messages to everybody |
//! | [`label`] | words people and images attach to manifests |
//! | [`configuration`] | all of who may do what, as a document: read it, compare it |
//! | [`session`], [`oauth`] | signing in with a browser; applications people let act for them |
//! | [`second_factor`] | codes of an authenticator app, beside the password |
//! | [`preferences`] | how users want to see pages |
//! | [`idempotency`] | requests sent twice |
//! | [`page`] | pages of long lists, walked by key |
//! | [`explore`], [`home`] | one box to find everything; what needs somebody's attention |
//! | [`administration`], [`sweep`] | what administrators look over; how the sweeps do |
//! | [`star`] | repositories people want to find again |
//! | [`event`], [`audit`] | what happened, written with its cause; asking for it, counting it, how long it is kept |
//! | [`db`] | the only two ways to the database |
//! | [`vault`], [`entropy`], [`time`], [`instance`] | secrets, randomness and time, injected; which key belongs to the database |
//!
//! Data enters already parsed ([`oci::TagName`], not `String`). Ports are traits declared by the noun that needs them:
//! [`blob::BlobStore`], [`time::Clock`], [`entropy::Entropy`].

#![warn(missing_docs)]

pub mod access;
pub mod account;
pub mod administration;
pub mod audit;
pub mod blob;
pub mod configuration;
pub mod db;
pub mod default_permission;
pub mod deletion;
pub mod directory;
pub mod entropy;
pub mod error;
pub mod event;
pub mod explore;
pub mod home;
pub mod idempotency;
pub mod ids;
pub mod image;
pub mod instance;
pub mod label;
pub mod layer_files;
pub mod manifest;
pub mod message;
pub mod naming;
pub mod oauth;
pub mod oci;
pub mod organization;
pub mod ownership;
pub mod page;
pub mod preferences;
pub mod principal;
pub mod pull;
pub mod repository;
pub mod robot;
pub mod seats;
pub mod second_factor;
pub mod sentence;
pub mod session;
pub mod star;
pub mod sweep;
pub mod tag;
pub mod team;
pub mod time;
pub mod token;
pub mod upload;
pub mod vault;
mod words;

pub use error::{Error, Result, Thing};
