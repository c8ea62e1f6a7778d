//! `GET /v2/`: whether this is a registry and who one is to it.
//!
//! Source: OCI distribution specification, "Determining Support".

use actix_web::HttpResponse;
use domain::principal::{Caller, Principal};
use domain::{Error, Result};
use serde_json::json;

/// Signed in or not. The refusal carries the challenge that tells Docker where to sign in.
pub fn get(caller: &Caller) -> Result<HttpResponse> {
    match caller.principal {
        Principal::Anonymous => Err(Error::Unauthenticated("authentication required".into())),
        _ => Ok(HttpResponse::Ok().json(json!({}))),
    }
}
