//! Removes tokens and invitations whose time is over.

use std::sync::Arc;

use domain::team::invitation;
use domain::{Result, token};

use super::items;
use crate::web::services::Services;

const AT_ONCE: i64 = 1_000;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    let now = services.clock.now();
    let tokens = services.db.write_relaxed(move |tx| token::sweep_expired(tx, now, AT_ONCE)).await?;
    let invitations = services.db.write_relaxed(move |tx| invitation::sweep_expired(tx, now, AT_ONCE)).await?;
    Ok(items(tokens + invitations))
}
