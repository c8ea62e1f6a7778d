//! The API door: `/api/v1` in Quay's shapes.
//!
//! Paths, field names, literal answers and status codes are Quay's, because programs match them. A trailing slash is
//! optional everywhere. Repository names may be sent as one encoded segment (`acme%2Fweb`).
//!
//! Quirks kept: creating answers the string `"Created"`; a robot account that exists or does not is a 400; the message of
//! an error is repeated under every name that some client reads.

mod account;
mod applications;
mod asked;
mod authorizations;
mod boot;
mod builds;
mod cors;
mod entities;
mod error;
mod federation;
mod find;
mod gate;
mod idempotency;
mod initialize;
mod invitations;
mod keys;
mod labels;
mod later;
mod limits;
mod log_exports;
mod log_scope;
mod log_shapes;
mod log_stream;
mod logs;
mod manifests;
mod members;
mod messages;
pub mod operations;
mod organizations;
mod own_tokens;
mod page;
mod permissions;
mod prototypes;
mod registry_facts;
mod repositories;
mod repository_list;
mod robots;
mod session;
mod shapes;
mod stars;
mod superuser;
mod tags;
mod teams;
mod users;

use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web;

/// JSON bodies are small.
const MAX_BODY: usize = 256 * 1024;

/// Everything under `/api/v1`.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/csrf_token", web::get().to(session::csrf_token))
        .route("/oauth2/federation/robot/token", web::get().to(federation::exchange))
        .configure(boot::routes)
        .configure(keys::public_routes)
        .service(web::resource(asked::either("/exportedlogs/{export}")).route(web::get().to(log_exports::fetch)));
    config.service(
        web::scope("/api/v1")
            .app_data(web::PayloadConfig::new(MAX_BODY))
            // The last one is the outermost.
            .wrap(from_fn(gate::gate))
            .wrap(from_fn(idempotency::once))
            .wrap(from_fn(limits::limit))
            // Any answer may hold a secret or what only its caller may know, a replayed one included.
            .wrap(DefaultHeaders::new().add((CACHE_CONTROL, "no-store")).add((X_CONTENT_TYPE_OPTIONS, "nosniff")))
            .wrap(from_fn(cors::cors))
            .configure(initialize::routes)
            .configure(session::routes)
            .configure(users::routes)
            .configure(superuser::routes)
            .configure(messages::routes)
            .configure(entities::routes)
            .configure(find::routes)
            .configure(registry_facts::routes)
            .configure(operations::routes)
            .configure(keys::routes)
            .configure(account::routes)
            .configure(own_tokens::routes)
            .configure(authorizations::routes)
            .configure(stars::routes)
            .configure(applications::routes)
            .configure(organizations::routes)
            .configure(members::routes)
            .configure(teams::routes)
            .configure(invitations::routes)
            .configure(prototypes::routes)
            .configure(robots::routes)
            .configure(federation::routes)
            // Before the repositories: their names swallow what follows.
            .configure(builds::routes)
            .configure(log_exports::routes)
            .configure(logs::routes)
            .configure(permissions::routes)
            .configure(labels::routes)
            .configure(manifests::routes)
            .configure(tags::routes)
            .configure(later::routes)
            .configure(repositories::routes)
            .default_service(web::to(error::no_such_operation)),
    );
}
