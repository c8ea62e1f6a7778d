//! The pages people see.
//!
//! A page is a handler in the file of its noun, an askama template under `templates/`, and a URL in [`urls`]. Handlers
//! take a [`visit::Visit`], which knows who asks in which language, and answer with `visit.page(…)`, with one named block
//! of the page where htmx asks for it, or with a [`problem::PageError`]. What stands around a page is its
//! [`frame::Frame`]; its words are in `templates/text`. Pages work without script.
//!
//! Invariant: no page carries inline script or style, no text from outside is marked safe, and what a form says is only
//! read after its proof was checked.

mod account;
mod address;
mod administration;
mod credentials;
mod entities;
mod error;
mod explore;
pub mod faults;
pub mod flash;
pub mod frame;
mod invitation;
mod landing;
pub mod logs;
mod oauth;
mod once;
mod organization;
mod outside;
mod page;
mod preferences;
pub mod problem;
mod repository;
mod retention;
mod roles;
mod scopes;
mod setup;
mod short;
pub mod show;
mod signin;
pub mod text;
mod thing;
pub mod urls;
pub mod visit;

use actix_web::middleware::from_fn;
use actix_web::{guard, web};

pub use error::not_found;

/// Every page.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(oauth::routes)
        // Last, because it stands at every address.
        .service(web::scope("").wrap(from_fn(once::once)).wrap(from_fn(problem::explain)).configure(framed));
}

/// The pages that have the frame.
fn framed(config: &mut web::ServiceConfig) {
    config
        // First, because patterns are tried in their order and most of what is asked for is here.
        .configure(repository::routes)
        .configure(organization::routes)
        .route(urls::PREFERENCES, web::post().to(preferences::choose))
        .configure(setup::routes)
        .configure(signin::routes)
        .configure(account::routes)
        .configure(administration::routes)
        .configure(explore::routes)
        .configure(logs::routes)
        .route("/entities", read().to(entities::matching))
        .configure(invitation::routes)
        .default_service(web::to(problem::nothing_here));
}

/// A route for GET and HEAD.
fn read() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
