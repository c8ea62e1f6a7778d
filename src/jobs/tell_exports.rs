//! Tells programs that the exports they asked for can be fetched.

use std::sync::Arc;

use domain::{Result, audit};
use futures_util::StreamExt;

use super::items;
use crate::web::services::Services;

/// Callbacks in one turn; the next turn goes on.
const AT_ONCE: i64 = 50;
/// Callbacks waited for at a time: one that hangs must not hold up the others.
const TOGETHER: usize = 10;

/// One turn; how many callbacks were tried.
///
/// # Errors
/// As the database's; a callback that cannot be told is noted with its export instead.
pub async fn run(services: Arc<Services>) -> Result<i64> {
    let now = services.clock.now();
    let due = services.db.read(move |conn| audit::due(conn, now, AT_ONCE)).await?;
    let tried = items(due.len());
    let told = futures_util::stream::iter(due).map(|export| tell(&services, export)).buffer_unordered(TOGETHER);
    told.fold(Ok(()), async |so_far, outcome: Result<()>| so_far.and(outcome)).await?;
    Ok(tried)
}

async fn tell(services: &Services, export: audit::Export) -> Result<()> {
    let Some(url) = export.callback_url.clone() else { return Ok(()) };
    let message = export.message(&services.vault)?;
    let outcome = services.callbacks.post(&url, &message).await;
    let now = services.clock.now();
    services.db.write(move |tx| audit::note(tx, &export, now, outcome.clone())).await
}
