//! The API door: `/api/v1` in Quay's shapes.
//!
//! Paths, field names, literal answers and status codes are Quay's, because programs match them. A trailing slash is
//! optional everywhere. Repository names may be sent as one encoded segment (`acme%2Fweb`).
//!
//! Quirks kept: creating answers the string `"Created"`; a robot account that exists or does not is a 400; the message of
//! an error is repeated under every name that some client reads.

mod asked;
mod error;
mod initialize;
mod labels;
mod later;
mod manifests;
mod organizations;
mod page;
mod permissions;
mod repositories;
mod repository_list;
mod robots;
mod session;
mod shapes;
mod tags;
mod teams;
mod users;

use actix_web::web;

/// JSON bodies are small.
const MAX_BODY: usize = 256 * 1024;

/// Everything under `/api/v1`.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/csrf_token", web::get().to(session::csrf_token));
    config.service(
        web::scope("/api/v1")
            .app_data(web::PayloadConfig::new(MAX_BODY))
            .configure(initialize::routes)
            .configure(session::routes)
            .configure(users::routes)
            .configure(organizations::routes)
            .configure(teams::routes)
            .configure(robots::routes)
            // Before the repositories: their names swallow what follows.
            .configure(permissions::routes)
            .configure(labels::routes)
            .configure(manifests::routes)
            .configure(tags::routes)
            .configure(later::routes)
            .configure(repositories::routes)
            .default_service(web::to(error::no_such_operation)),
    );
}
