//! Looking around: repositories of all namespaces, one box that finds everything, the start page.

mod home;
mod repositories;
mod search;

use actix_web::{HttpResponse, web};

use super::problem::PageError;
use super::visit::Visit;
use super::{error, landing, urls};

/// Every page of this kind.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(urls::LANDING).route(super::read().to(start)).default_service(web::to(error::no_method)))
        .route(urls::REPOSITORIES, super::read().to(repositories::show))
        .route(urls::SEARCH, super::read().to(search::show))
        .route(urls::SEARCH_INSTANT, super::read().to(search::instant));
}

/// `GET /`: what needs attention, for whoever is signed in; what this is, for everybody else.
async fn start(visit: Visit) -> Result<HttpResponse, PageError> {
    if visit.user().is_ok() { home::show(visit).await } else { landing::show(visit).await }
}
