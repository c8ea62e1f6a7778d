//! Tokens that continue a list: the key of the last row seen, in a form that clients do not take apart.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// The token for a list of this kind that goes on after `key`.
pub fn token<K: Serialize>(list: &str, key: &K) -> String {
    let text = serde_json::to_vec(&(list, key)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(text)
}

/// The key in a token of this list; `None` without a token.
///
/// # Errors
/// 400 if it is no token of this list.
pub fn key<K: DeserializeOwned>(list: &str, token: Option<&str>) -> Result<Option<K>, ApiError> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
    let decoded = URL_SAFE_NO_PAD.decode(token).ok();
    let parsed = decoded.and_then(|text| serde_json::from_slice::<(String, K)>(&text).ok());
    match parsed {
        Some((of, key)) if of == list => Ok(Some(key)),
        _ => Err(ApiError::invalid("next_page is not a token that this list gave out; start without it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_continues_its_own_list_only() {
        let given = token("logs", &(17i64, 4i64));

        assert_eq!(key::<(i64, i64)>("logs", Some(&given)).unwrap(), Some((17, 4)));
        assert_eq!(key::<(i64, i64)>("logs", None).unwrap(), None);
        assert!(key::<(i64, i64)>("users", Some(&given)).is_err());
        assert!(key::<String>("logs", Some(&given)).is_err());
        assert!(key::<i64>("logs", Some("%%%")).is_err());
    }
}
