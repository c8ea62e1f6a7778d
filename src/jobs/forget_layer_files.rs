//! Removes what is known of the files of layers that no repository has any more.

use std::sync::Arc;

use domain::{Result, layer_files};

use crate::web::services::Services;

/// Transactions in one turn, so that a stop of the server does not wait for all of a large layer.
const TURNS: usize = 200;

/// One turn.
///
/// # Errors
/// As the database's.
pub async fn run(services: Arc<Services>) -> Result<i64> {
    let now = services.clock.now();
    let mut rows = 0;
    for _ in 0..TURNS {
        let some = services.db.write_relaxed(move |tx| layer_files::forget_unused(tx, now)).await?;
        rows += some;
        if some == 0 {
            break;
        }
    }
    if rows > 0 {
        tracing::info!(rows, "removed the lists of files of layers that are gone");
    }
    Ok(super::items(rows))
}
