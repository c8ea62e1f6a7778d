//! The pages people see.
//!
//! A page is a handler in the file of its noun, an askama template under `templates/`, and a URL in [`urls`]. Handlers
//! answer through `page`, which adds what every page has, or through `error`, which turns a refusal into a page or a
//! message at a field. Pages work without script.
//!
//! Invariant: no page carries inline script or style, and no text from outside is marked safe.

mod address;
mod error;
mod landing;
mod oauth;
mod page;
mod setup;
mod signin;
pub mod urls;

use actix_web::{guard, web};

pub use error::not_found;

/// Every page.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(urls::LANDING).route(read().to(landing::show)).default_service(web::to(error::no_method)),
        )
        .service(
            web::resource(urls::SETUP)
                .route(read().to(setup::show))
                .route(web::post().to(setup::submit))
                .default_service(web::to(error::no_method)),
        )
        .service(
            web::resource(urls::SETUP_DONE).route(read().to(setup::done)).default_service(web::to(error::no_method)),
        )
        .service(
            web::resource(urls::SIGNIN)
                .route(read().to(signin::show))
                .route(web::post().to(signin::submit))
                .default_service(web::to(error::no_method)),
        )
        .service(
            web::resource(urls::SIGNOUT)
                .route(web::post().to(signin::sign_out))
                .default_service(web::to(error::no_method)),
        )
        .configure(oauth::routes);
}

/// A route for GET and HEAD.
fn read() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
