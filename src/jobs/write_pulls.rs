//! Writes down the pulls of the last second, and what was refused, where that is wanted.

use std::sync::Arc;

use domain::Result;

use crate::web::services::Services;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    services.refusals.flush().await?;
    let outcome = services.pulls.flush().await;
    if outcome.is_err() {
        services.metrics.pulls_lost.inc();
    }
    outcome
}
