//! What a registry is and does: no HTTP, no HTML, no vendors.
//!
//! | module | what it is |
//! |---|---|
//! | [`oci`] | the specification's words: digests, names, references, media types, manifests |
//! | [`principal`], [`access`] | who is asking; what they may do; permission as a value |
//! | [`account`], [`robot`], [`organization`], [`team`], [`token`] | users, robot accounts, namespaces, teams, long random secrets |
//! | [`repository`] | repositories, grants, the catalog |
//! | [`upload`], [`blob`] | bytes on their way in; content kept once |
//! | [`manifest`], [`tag`], [`pull`] | manifests, referrers, tags and their history, counting pulls |
//! | [`session`], [`idempotency`] | signing in with a browser; requests sent twice |
//! | [`event`], [`audit`] | what happened, written with its cause; asking for it, counting it, how long it is kept |
//! | [`db`] | the only two ways to the database |
//! | [`vault`], [`entropy`], [`time`], [`instance`] | secrets, randomness and time, injected; which key belongs to the database |
//!
//! Data enters already parsed ([`oci::TagName`], not `String`). Ports are traits declared by the noun that needs them:
//! [`blob::BlobStore`], [`time::Clock`], [`entropy::Entropy`].

#![warn(missing_docs)]

pub mod access;
pub mod account;
pub mod audit;
pub mod blob;
pub mod db;
pub mod entropy;
pub mod error;
pub mod event;
pub mod idempotency;
pub mod ids;
pub mod instance;
pub mod manifest;
pub mod oci;
pub mod organization;
pub mod principal;
pub mod pull;
pub mod repository;
pub mod robot;
pub mod session;
pub mod tag;
pub mod team;
pub mod time;
pub mod token;
pub mod upload;
pub mod vault;

pub use error::{Error, Result, Thing};
