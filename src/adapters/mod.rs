//! What implements the domain's ports: disk, clock, randomness.

pub mod blob_store;
pub mod system;
