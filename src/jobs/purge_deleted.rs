//! Removes for good what was deleted long enough ago.

use std::sync::Arc;

use domain::{Result, deletion};

use super::items;
use crate::web::services::Services;

/// Rows removed in one transaction.
const AT_ONCE: i64 = 2_000;
/// Transactions in one turn, so that a stop of the server does not wait for all of a large organization.
const TURNS: usize = 200;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let before = services.clock.now().minus(services.settings.retention.deleted);
    let mut rows = 0;
    for _ in 0..TURNS {
        let some = services.db.write_relaxed(move |tx| deletion::purge(tx, before, AT_ONCE)).await?;
        rows += some;
        if some == 0 {
            break;
        }
    }
    if rows > 0 {
        tracing::info!(rows, "removed for good what was deleted");
    }
    Ok(items(rows))
}
