//! A repository: its page with tabs, its tags and manifests.
//!
//! Names of repositories contain slashes. What follows a name is told apart by words between slashes: `/tag/`,
//! `/manifest/`, and `/-/` before everything that changes something.

mod head;
mod history;
mod image;
mod information;
mod logs;
mod pull;
mod settings;
mod tags;

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use self::head::Tab;
use super::logs::exports;
use super::problem::PageError;
use super::urls;
use super::visit::Visit;

/// A name of two parts at least, so that `/repository/a/tag/b` is a repository and not a tag of `a`.
const NAME: &str = "{repository:[^/]+/.+}";

/// Every page of repositories.
pub fn routes(config: &mut web::ServiceConfig) {
    // Behind one prefix, so that no address of another kind is tried on each of them.
    let actions = web::scope(&format!("/repository/{NAME}/-"))
        .route("/compare", super::read().to(image::compare::show))
        .route("/manifest", super::read().to(image::download::manifest))
        .route("/layers/file", super::read().to(image::download::file))
        .route("/layers/listing", web::post().to(image::files::list))
        .route("/tags/news", super::read().to(tags::news::follow))
        .route("/tags/deletion", web::post().to(tags::actions::delete))
        .route("/tags/restoration", web::post().to(tags::actions::restore))
        .route("/tags/reversion", web::post().to(tags::actions::revert))
        .route("/tags/expiration", web::post().to(tags::actions::expire))
        .route("/tags/addition", web::post().to(tags::actions::add))
        .route("/labels/addition", web::post().to(tags::actions::add_label))
        .route("/labels/deletion", web::post().to(tags::actions::delete_label))
        .route("/description", web::post().to(information::describe))
        .route("/description/preview", web::post().to(information::preview))
        .route("/star", web::post().to(information::star))
        .route("/permissions", web::post().to(settings::grant))
        .route("/permissions/change", web::post().to(settings::change_permission))
        .route("/visibility", web::post().to(settings::change_visibility))
        .route("/state", web::post().to(settings::change_state))
        .route("/deletion", web::post().to(settings::delete))
        .route("/logs/exports", web::post().to(exports::of_repository));
    config
        .service(actions)
        .route(&format!("/repository/{NAME}/tag/{{tag:[^/]+}}"), super::read().to(image::tag))
        .route(&format!("/repository/{NAME}/manifest/{{digest:[^/]+}}"), super::read().to(image::manifest))
        // Last, because it takes every address below `/repository/`.
        .route(&format!("/repository/{NAME}"), super::read().to(show));
}

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    tab: Option<String>,
}

/// `GET /repository/<name>[?tab=…]`
async fn show(visit: Visit, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    match name.strip_suffix('/') {
        Some(name) if name.contains('/') => Ok(visit.go(&urls::repository(name))),
        _ => page(visit, &name).await,
    }
}

/// The page of a repository at the tab that the address names.
async fn page(visit: Visit, name: &str) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    match Tab::named(shown.tab.as_deref()) {
        Tab::Tags => tags::show(visit, name).await,
        Tab::History => history::show(visit, name).await,
        Tab::Information => information::show(visit, name).await,
        Tab::Settings => settings::show(visit, name).await,
        Tab::Logs => logs::show(visit, name).await,
    }
}
