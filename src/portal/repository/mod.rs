//! A repository: its page with tabs, its tags and manifests.
//!
//! Names of repositories contain slashes. What follows a name is told apart by words between slashes: `/tag/`,
//! `/manifest/`, and `/-/` before everything that changes something.

mod head;

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::problem::PageError;
use super::visit::Visit;

/// A name of two parts at least, so that `/repository/a/tag/b` is a repository and not a tag of `a`.
const NAME: &str = "{repository:[^/]+/.+}";

/// Every page of repositories.
pub fn routes(config: &mut web::ServiceConfig) {
    let below = |rest: &str| format!("/repository/{NAME}{rest}");
    config.service(web::resource(below("")).route(super::read().to(show)));
}

/// What the address says of the page's state.
#[derive(Deserialize)]
struct Shown {
    tab: Option<String>,
}

/// `GET /repository/<name>[?tab=…]`
async fn show(visit: Visit, name: web::Path<String>, shown: web::Query<Shown>) -> Result<HttpResponse, PageError> {
    match shown.tab.as_deref() {
        _ => Err(PageError::NotFound),
    }
}
