//! The registry door: the OCI distribution specification, Docker's token service and `docker search`.
//!
//! Repository names contain slashes, so paths are read by [`route`] and not by a router's patterns: once, decoded, before
//! anybody is authorized. [`dispatch`] then finds out who is asking, asks for permission with the type that the operation
//! needs, and calls the file named after the part of the specification. [`error`] turns refusals into the
//! specification's codes.
//!
//! A pull whose answers are all in memory runs through without waiting for anything (`dispatch::at_once`).

mod base;
mod blob_body;
mod blobs;
mod catalog;
mod dispatch;
mod error;
mod manifests;
mod paging;
mod referrers;
mod refused;
pub mod route;
mod search;
mod tags;
mod token;
mod uploads;

use actix_web::web;

/// Everything under `/v2` and what remains of `/v1`.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v2").to(dispatch::dispatch))
        .service(web::resource("/v2/{rest:.*}").to(dispatch::dispatch))
        .route("/v1/_ping", web::get().to(search::ping))
        .route("/v1/search", web::get().to(search::search))
        .route("/v1/{rest:.*}", web::to(search::retired));
}
