//! Removes uploads that nobody went on with.

use std::sync::Arc;

use domain::Result;

use super::items;
use crate::web::services::Services;

/// Rows removed in one transaction.
const AT_ONCE: i64 = 1_000;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let lifetime = services.settings.limits.upload_lifetime;
    let mut swept = 0;
    loop {
        let some = services.uploads.sweep(lifetime, AT_ONCE).await?;
        swept += some;
        if some < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            break;
        }
    }
    if swept > 0 {
        services.metrics.uploads_swept.inc_by(swept as u64);
        tracing::info!(uploads = swept, "removed abandoned uploads");
    }
    Ok(items(swept))
}
