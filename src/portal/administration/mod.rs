//! The pages for those who run the registry. Superusers change things there; read-only superusers see the same pages
//! without the controls; for everybody else there are none.

mod users;

use actix_web::web;
use domain::access::{Admin, Authorized, Instance, Standing};

use super::problem::PageError;
use super::read;
use super::visit::Visit;

/// Every page of the administration but the log, whose addresses are the logs'.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/administration/users", read().to(users::show))
        .route("/administration/users", web::post().to(users::create))
        .route("/administration/users/{name}/{change}", read().to(users::again))
        .route("/administration/users/{name}/{change}", web::post().to(users::change));
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
