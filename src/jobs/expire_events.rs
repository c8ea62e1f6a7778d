//! Removes what is too old: entries of the usage log, links to exports, answers kept for requests sent twice.

use std::sync::Arc;

use domain::{Result, audit, idempotency};

use super::items;
use crate::web::services::Services;

/// Rows removed in one transaction.
const AT_ONCE: i64 = 2_000;
/// Transactions in one turn; the next turn goes on.
const TURNS: usize = 200;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let now = services.clock.now();
    let exports = services.db.write_relaxed(move |tx| audit::expire(tx, now, AT_ONCE)).await?;
    let keys = services.db.write_relaxed(move |tx| idempotency::expire(tx, now, AT_ONCE)).await?;
    let Some(kept) = services.settings.retention.events else { return Ok(items(exports + keys)) };
    let mut removed = 0;
    for _ in 0..TURNS {
        let some = services.db.write_relaxed(move |tx| audit::expire_events(tx, now.minus(kept), AT_ONCE)).await?;
        removed += some;
        if some == 0 {
            break;
        }
    }
    if removed > 0 {
        tracing::info!(events = removed, "removed entries of the usage log that were too old");
    }
    Ok(items(exports + keys + removed))
}
