//! Takes away tags whose time is over. Nobody sees them from that moment on; this ends them in the history too.

use std::sync::Arc;

use domain::{Result, tag};

use super::items;
use crate::web::services::Services;

/// Tags ended in one transaction.
const AT_ONCE: i64 = 500;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let mut ended = 0;
    loop {
        let now = services.clock.now();
        let some = services.db.write(move |tx| tag::sweep_expired(tx, now, AT_ONCE)).await?;
        ended += some;
        if some < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            break;
        }
    }
    if ended > 0 {
        tracing::info!(tags = ended, "ended tags whose time was over");
    }
    Ok(items(ended))
}
