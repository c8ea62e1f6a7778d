//! Whether the registry can do its work, as its probes find it.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::access::Inspect;

use super::jobs;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::settings::Database;
use crate::web::health::Readiness;

#[derive(Template)]
#[template(path = "administration/health.html")]
struct HealthPage {
    frame: Frame,
    is_ready: bool,
    parts: Vec<Part>,
    failed: usize,
    database: &'static str,
    started: Moment,
    age: String,
}

/// Something that is looked at.
struct Part {
    label: &'static str,
    works: bool,
}

/// `GET /administration/health`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit, readiness: web::Data<Readiness>) -> Result<HttpResponse, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let verdict = readiness.verdict(&visit.services).await;
    let database = match visit.services.settings.database.location {
        Database::Sqlite(_) => "SQLite",
        Database::Postgres(_) => "PostgreSQL",
    };
    let (age, now, reader) = (readiness.age(), visit.services.clock.now(), visit.reader());
    let started = domain::time::Timestamp(now.0 - i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
    let page = HealthPage {
        frame: visit.frame(Here::Administration(Administration::Health)).await?,
        is_ready: verdict.ready(),
        parts: vec![
            Part { label: "admin-health-database", works: verdict.database },
            Part { label: "admin-health-storage", works: verdict.storage },
        ],
        failed: jobs::failed(&visit.services.sweeps.list(&instance)),
        database,
        started: reader.moment(started),
        age: reader.duration(age),
    };
    Ok(visit.page(&page))
}
