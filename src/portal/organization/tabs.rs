//! `GET /organization/<name>?tab=…` and `GET /user/<name>?tab=…`: which tab answers.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::Inspect;
use serde::Deserialize;

use super::head::{Head, Tab};
use super::{applications, default_permissions, deleted_repositories, logs, repositories, robots, settings, teams};
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;

/// What the address says; each tab reads the rest itself.
#[derive(Deserialize, Default)]
struct Asked {
    tab: Option<String>,
    view: Option<String>,
}

/// `GET /organization/<name>`
///
/// # Errors
/// Not found for whoever may see nothing of it; else as the tab's.
pub async fn organization(visit: Visit, name: Path<String>) -> Result<HttpResponse, PageError> {
    show(visit, &name, false).await
}

/// `GET /user/<name>`
///
/// # Errors
/// As [`organization`].
pub async fn user(visit: Visit, name: Path<String>) -> Result<HttpResponse, PageError> {
    show(visit, &name, true).await
}

async fn show(visit: Visit, name: &str, is_user: bool) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let tab = Tab::named(asked.tab.as_deref());
    if tab != Tab::Repositories {
        // Strangers are led to the sign-in page whether there is such a name or not.
        visit.user()?;
    }
    let head = Head::load(&visit, name, is_user, tab).await?;
    if !head.has_tab() {
        return Err(refusal(&visit, &head).await);
    }
    match head.tab {
        Tab::Repositories if head.may.inspect && asked.view.as_deref() == Some("deleted") => {
            deleted_repositories::show(visit, head).await
        }
        Tab::Repositories => repositories::show(visit, head).await,
        Tab::Teams => teams::show(visit, head).await,
        Tab::Robots => robots::show(visit, head).await,
        Tab::DefaultPermissions => default_permissions::show(visit, head).await,
        Tab::Applications => applications::show(visit, head).await,
        Tab::Logs => logs::show(visit, head).await,
        Tab::Settings => settings::show(visit, head).await,
    }
}

/// Members are told what they lack; for others there is no such page.
async fn refusal(visit: &Visit, head: &Head) -> PageError {
    match visit.namespace::<Inspect>(head.name()).await {
        Err(error) if head.may.look => error,
        _ => PageError::NotFound,
    }
}
