//! Counts the usage log by day.

use std::sync::Arc;

use domain::{Result, audit};

use crate::web::services::Services;

/// Hours counted in one turn: after an upgrade there may be years of them.
const AT_ONCE: usize = 500;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    audit::count(&services.db, services.clock.now(), AT_ONCE).await.map(|_| 0)
}
