//! Removes tokens and invitations whose time is over.

use std::sync::Arc;

use domain::team::invitation;
use domain::{Result, token};

use crate::web::services::Services;

const AT_ONCE: i64 = 1_000;

pub(super) async fn run(services: Arc<Services>) -> Result<()> {
    let now = services.clock.now();
    services.db.write_relaxed(move |tx| token::sweep_expired(tx, now, AT_ONCE)).await?;
    services.db.write_relaxed(move |tx| invitation::sweep_expired(tx, now, AT_ONCE)).await.map(|_| ())
}
