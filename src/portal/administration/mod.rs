//! The pages for those who run the registry. Superusers change things there; read-only superusers see the same pages
//! without the controls; for everybody else there are none.

mod deleted;
mod health;
mod jobs;
mod logs;
mod messages;
mod organizations;
mod sessions;
mod settings;
mod storage;
mod users;

use actix_web::web;
use domain::access::{Admin, Authorized, Instance, Standing};

use super::problem::PageError;
use super::read;
use super::visit::Visit;

pub use jobs::failed as failed_jobs;

/// Every page of the administration but the log, whose addresses are the logs'.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/administration/users", read().to(users::show))
        .route("/administration/users", web::post().to(users::create))
        .route("/administration/users/{name}/{change}", read().to(users::again))
        .route("/administration/users/{name}/{change}", web::post().to(users::change))
        .route("/administration/jobs", read().to(jobs::show))
        .route("/administration/jobs/{job}/run", web::post().to(jobs::run))
        .route("/administration/exports/{export}/retry", web::post().to(jobs::retry))
        .route("/administration/messages", read().to(messages::show))
        .route("/administration/messages", web::post().to(messages::create))
        .route("/administration/messages/{message}/deletion", web::post().to(messages::delete))
        .route("/administration/storage", read().to(storage::show))
        .route("/administration/logs", read().to(logs::show))
        .route("/administration/sessions", read().to(sessions::show))
        .route("/administration/sessions/{session}/end", web::post().to(sessions::end))
        .route("/administration/organizations", read().to(organizations::show))
        .route("/administration/organizations/{name}/{change}", read().to(organizations::again))
        .route("/administration/organizations/{name}/{change}", web::post().to(organizations::change))
        .route("/administration/deleted/{kind}/{id}/restoration", web::post().to(deleted::restore))
        .route("/administration/health", read().to(health::show))
        .route("/administration/settings", read().to(settings::show));
}

/// A superuser whose password was given a short while ago.
async fn superuser(visit: &Visit) -> Result<Authorized<Instance, Admin>, PageError> {
    let instance = visit.registry::<Admin>().await?;
    visit.require_fresh()?;
    Ok(instance)
}

/// Whether the reader gets the controls.
fn may_change(visit: &Visit) -> bool {
    visit.visitor.standing == Standing::Superuser
}
