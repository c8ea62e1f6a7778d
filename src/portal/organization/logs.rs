//! The tab "Logs" of a namespace.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{Admin, Inspect};
use domain::audit::Scope;

use super::head::{Head, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::logs::{self, Log, Place};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "organization/logs.html")]
struct LogsPage {
    frame: Frame,
    head: Head,
    log: Log,
}

/// `?tab=logs` of a namespace.
///
/// # Errors
/// As [`logs::open`].
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let read = Scope::namespace(&visit.namespace::<Inspect>(head.name()).await?);
    let admin = match head.may.administer {
        true => Some(Scope::namespace(&visit.namespace::<Admin>(head.name()).await?)),
        false => None,
    };
    let place = match head.is_user() {
        true => Place::User(head.name().to_string()),
        false => Place::Organization(head.name().to_string()),
    };
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    let log = logs::open(&visit, &frame, &place, read, admin).await?;
    if visit.wants("logs") {
        return Ok(visit.block(&log));
    }
    Ok(visit.page(&LogsPage { frame, head, log }))
}

/// The tab again, with a form for an export that is to be mended.
///
/// # Errors
/// As the database's.
pub async fn refused(
    visit: &Visit,
    frame: Frame,
    (name, is_user): (&str, bool),
    log: Log,
) -> Result<HttpResponse, PageError> {
    let head = Head::load(visit, name, is_user, Tab::Logs).await?;
    Ok(visit.refused(&LogsPage { frame, head, log }))
}
