//! The API door: `/api/v1` in Quay's shapes.
//!
//! Paths, field names, literal answers and status codes are Quay's, because programs match them. A trailing slash is
//! optional everywhere. Repository names may be sent as one encoded segment (`acme%2Fweb`).
//!
//! Quirks kept: creating answers the string `"Created"`; a robot account that exists or does not is a 400; the message of
//! an error is repeated under every name that some client reads.

mod asked;
mod boot;
mod builds;
mod entities;
mod error;
mod find;
mod gate;
mod initialize;
mod keys;
mod messages;
pub mod operations;
mod organizations;
mod page;
mod permissions;
mod registry_facts;
mod repositories;
mod robots;
mod session;
mod shapes;
mod superuser;
mod teams;
mod users;

use actix_web::middleware::from_fn;
use actix_web::web;

/// JSON bodies are small.
const MAX_BODY: usize = 256 * 1024;

/// Everything under `/api/v1`.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/csrf_token", web::get().to(session::csrf_token))
        .configure(boot::routes)
        .configure(keys::public_routes);
    config.service(
        web::scope("/api/v1")
            .app_data(web::PayloadConfig::new(MAX_BODY))
            .wrap(from_fn(gate::gate))
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
            .configure(organizations::routes)
            .configure(teams::routes)
            .configure(robots::routes)
            // Before the repositories: their names swallow what follows.
            .configure(builds::routes)
            .configure(permissions::routes)
            .configure(repositories::routes)
            .default_service(web::to(error::no_such_operation)),
    );
}
