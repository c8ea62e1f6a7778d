//! What happened in a repository.

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
#[template(path = "repository/logs.html")]
struct LogsPage {
    frame: Frame,
    head: Head,
    log: Log,
}

/// `GET /repository/<name>?tab=logs`
///
/// # Errors
/// Not found or forbidden for whoever is no admin.
pub async fn show(visit: Visit, name: &str) -> Result<HttpResponse, PageError> {
    let read = Scope::repository(&visit.repository::<Inspect>(name).await?);
    let (_, head) = Head::load(&visit, name, Some(Tab::Logs)).await?;
    let admin = match head.can_admin() {
        true => Some(Scope::repository(&visit.repository::<Admin>(name).await?)),
        false => None,
    };
    let frame = visit.frame(Here::Namespace(head.namespace.clone())).await?;
    let log = logs::open(&visit, &frame, &Place::Repository(head.name.clone()), read, admin).await?;
    if visit.wants("logs") {
        return Ok(visit.block(&log));
    }
    Ok(visit.page(&LogsPage { frame, head, log }))
}
