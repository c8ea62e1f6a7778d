//! What handlers take in: who is asking, and a JSON body.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use domain::access::Visibility;
use domain::principal::Caller;
use domain::{Error, Result};
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::web::authenticate;
use crate::web::services::Services;

/// Who is asking.
///
/// # Errors
/// As [`authenticate::api_caller`].
pub async fn caller(request: &HttpRequest, services: &Services) -> Result<Arc<Caller>> {
    authenticate::api_caller(request, services).await
}

/// The body as `T`. Unknown fields are ignored: clients of other versions send them.
///
/// # Errors
/// `Invalid`, with what is wrong and where.
pub fn json<T: DeserializeOwned>(body: &web::Bytes) -> Result<T, ApiError> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    Ok(serde_json::from_slice(text)
        .map_err(|error| Error::invalid("body", format!("The JSON body is wrong: {error}")))?)
}

/// A visibility by its word.
///
/// # Errors
/// `Invalid`.
pub fn visibility(word: &str) -> Result<Visibility> {
    Visibility::from_word(word).ok_or_else(|| {
        let shown: String = word.chars().filter(|c| !c.is_control()).take(40).collect();
        Error::invalid("visibility", format!("Visibility is 'public' or 'private'; got '{shown}'"))
    })
}

/// A segment of the path, decoded.
pub fn segment(request: &HttpRequest, name: &str) -> String {
    let raw = request.match_info().get(name).unwrap_or_default();
    percent_encoding::percent_decode_str(raw).decode_utf8_lossy().into_owned()
}

/// A path with and without a slash at its end: clients send both.
pub fn either(path: &str) -> [String; 2] {
    [path.to_string(), format!("{path}/")]
}
