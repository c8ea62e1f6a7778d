//! What happened in the whole registry.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{Admin, Inspect};
use domain::audit::Scope;

use super::may_change;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::logs::{self, Log, Place};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "administration/logs.html")]
struct LogsPage {
    frame: Frame,
    log: Log,
}

/// `GET /administration/logs`
///
/// # Errors
/// As [`logs::open`]; not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let read = Scope::registry(&visit.registry::<Inspect>().await?);
    let admin = match may_change(&visit) {
        true => Some(Scope::registry(&visit.registry::<Admin>().await?)),
        false => None,
    };
    let frame = visit.frame(Here::Administration(Administration::Logs)).await?;
    let log = logs::open(&visit, &frame, &Place::Registry, read, admin).await?;
    if visit.wants("logs") {
        return Ok(visit.block(&log));
    }
    Ok(visit.page(&LogsPage { frame, log }))
}
