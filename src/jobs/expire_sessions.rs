//! Removes sessions whose time is over, codes applications did not come for, and links nobody set a password with.

use std::sync::Arc;

use domain::{Result, account, oauth, session};

use super::items;
use crate::web::services::Services;

const AT_ONCE: i64 = 1_000;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let now = services.clock.now();
    let sweep = move |tx: &mut domain::db::Tx<'_>| {
        let ended = session::sweep_expired(tx, now, AT_ONCE)?;
        let recoveries = account::sweep_recoveries(tx, now, AT_ONCE)?;
        Ok(ended + recoveries + oauth::sweep_codes(tx, now, AT_ONCE)?)
    };
    services.db.write_relaxed(sweep).await.map(items)
}
