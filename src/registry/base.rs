//! `GET /v2/`: whether this is a registry and who one is to it.
//!
//! Source: OCI distribution specification, "Determining Support".

use std::sync::Arc;

use actix_web::HttpResponse;
use domain::principal::{Caller, Principal};
use domain::{Error, Result};
use serde_json::json;

use super::dispatch::Asked;

/// Signed in or not. The refusal carries the challenge that tells Docker where to sign in.
pub async fn get(asked: &Asked, caller: &Arc<Caller>) -> Result<HttpResponse> {
    if let Principal::Anonymous = caller.principal {
        return Err(Error::Unauthenticated("authentication required".into()));
    }
    // Refuses accounts that were disabled since their token was made.
    asked.services.access.standing(caller).await?;
    Ok(HttpResponse::Ok().json(json!({})))
}
