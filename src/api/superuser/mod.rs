//! What superusers do with the registry as a whole. Read-only superusers read all of it but secrets.

mod deleted;
mod organizations;
mod registry;
mod users;

use actix_web::{HttpRequest, web};
use domain::access::{Admin, Authorized, Inspect, Instance};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

/// Rows on a page at most, and without a `limit`.
const MAX_PAGE: usize = 100;

#[derive(Deserialize)]
struct Paging {
    limit: Option<usize>,
    next_page: Option<String>,
}

impl Paging {
    fn limit(&self) -> Result<usize, ApiError> {
        match self.limit {
            None => Ok(MAX_PAGE),
            Some(limit) if (1..=MAX_PAGE).contains(&limit) => Ok(limit),
            Some(limit) => Err(ApiError::invalid(format!("limit is a number from 1 to {MAX_PAGE}; got {limit}"))),
        }
    }
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(users::routes)
        .configure(organizations::routes)
        .configure(deleted::routes)
        .configure(registry::routes);
}

/// A superuser whose password was given a short while ago.
async fn superuser(request: &HttpRequest, services: &Services) -> Result<Authorized<Instance, Admin>, ApiError> {
    let caller = asked::caller(request, services).await?;
    let instance = services.access.registry::<Admin>(&caller).await?;
    asked::require_fresh(&caller, services)?;
    Ok(instance)
}

/// A superuser, read-only or not.
async fn inspector(request: &HttpRequest, services: &Services) -> Result<Authorized<Instance, Inspect>, ApiError> {
    let caller = asked::caller(request, services).await?;
    Ok(services.access.registry::<Inspect>(&caller).await?)
}

/// What stands where quotas will be: none is set and nothing was counted.
fn no_quota() -> Value {
    json!({ "quota_bytes": 0, "configured_quota": null, "running_backfill": "waiting", "backfill_status": "waiting" })
}
