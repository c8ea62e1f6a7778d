//! The API door: `/api/v1` in Quay's shapes.
//!
//! Paths, field names, literal answers and status codes are Quay's, because programs match them. A trailing slash is
//! optional everywhere. Repository names may be sent as one encoded segment (`acme%2Fweb`).
//!
//! Quirks kept: creating answers the string `"Created"`; a robot account that exists or does not is a 400; the message of
//! an error is repeated under every name that some client reads.

mod asked;
mod error;
mod idempotency;
mod initialize;
mod limits;
mod log_exports;
mod log_scope;
mod log_shapes;
mod log_stream;
mod logs;
mod organizations;
mod page;
mod permissions;
mod repositories;
mod robots;
mod session;
mod shapes;
mod teams;
mod users;

use actix_web::middleware::from_fn;
use actix_web::web;

/// JSON bodies are small.
const MAX_BODY: usize = 256 * 1024;

/// Everything under `/api/v1`.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/csrf_token", web::get().to(session::csrf_token));
    config.service(web::resource(asked::either("/exportedlogs/{export}")).route(web::get().to(log_exports::fetch)));
    config.service(
        web::scope("/api/v1")
            .app_data(web::PayloadConfig::new(MAX_BODY))
            // The last one is the outermost.
            .wrap(from_fn(idempotency::once))
            .wrap(from_fn(limits::limit))
            .configure(initialize::routes)
            .configure(session::routes)
            .configure(users::routes)
            .configure(organizations::routes)
            .configure(teams::routes)
            .configure(robots::routes)
            // Before the repositories: their names swallow what follows.
            .configure(log_exports::routes)
            .configure(logs::routes)
            .configure(permissions::routes)
            .configure(repositories::routes)
            .default_service(web::to(error::no_such_operation)),
    );
}
