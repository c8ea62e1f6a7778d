//! Removes sessions whose time is over, and codes applications did not come for.

use std::sync::Arc;

use domain::{Result, oauth, session};

use super::items;
use crate::web::services::Services;

const AT_ONCE: i64 = 1_000;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let now = services.clock.now();
    let sweep = move |tx: &mut domain::db::Tx<'_>| {
        Ok(session::sweep_expired(tx, now, AT_ONCE)? + oauth::sweep_codes(tx, now, AT_ONCE)?)
    };
    services.db.write_relaxed(sweep).await.map(items)
}
