//! Clients that are broken, slow or malicious: each is refused or cut off, nobody else notices, nothing is damaged.

mod bodies;
mod credentials;
mod heads;
mod manifests;
mod names;
mod other_protocols;
mod slowness;
mod smuggling;
