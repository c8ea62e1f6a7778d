//! Lists the files of layers that somebody wants to look into.

use std::sync::Arc;

use domain::Result;

use crate::web::services::Services;

pub(super) async fn run(services: Arc<Services>) -> Result<i64> {
    Ok(super::items(services.layer_files.work().await))
}
