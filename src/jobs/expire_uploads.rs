//! Removes uploads that nobody went on with.

use std::sync::Arc;

use domain::Result;

use crate::web::services::Services;

/// At most so many rows in one turn; the rest waits for the next.
const AT_ONCE: i64 = 1_000;

pub(super) async fn run(services: Arc<Services>) -> Result<()> {
    let lifetime = services.settings.limits.upload_lifetime;
    let swept = services.uploads.sweep(lifetime, AT_ONCE).await?;
    if swept > 0 {
        services.metrics.uploads_swept.inc_by(swept as u64);
        tracing::info!(uploads = swept, "removed abandoned uploads");
    }
    Ok(())
}
