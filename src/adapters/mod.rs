//! What implements the domain's ports: disk, clock, randomness, other services.

pub mod blob_store;
pub mod egress;
pub mod http_client;
pub mod system;
