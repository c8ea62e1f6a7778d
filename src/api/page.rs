//! Tokens that continue a list: the key of the last row seen, in a form that clients do not take apart.

use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::page::{Containing, Limit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::asked;
use super::error::ApiError;

/// Longer parts are in no name.
pub const MAX_FILTER: usize = 255;

/// Which part of a list is asked for.
pub struct Wanted<K> {
    /// The key of the last row seen.
    pub after: Option<K>,
    /// How many rows at most.
    pub limit: i64,
    /// What their names have in them.
    containing: Containing,
}

#[derive(Deserialize)]
struct Query {
    limit: Option<i64>,
    next_page: Option<String>,
}

impl<K: DeserializeOwned> Wanted<K> {
    /// From the parameters `limit`, `next_page` and `filter`; at most `most` rows, and as many where no limit is given.
    ///
    /// # Errors
    /// 400 if one of them cannot be read.
    pub fn read(request: &HttpRequest, list: &str, most: i64) -> Result<Wanted<K>, ApiError> {
        let given: Query = asked::query(request)?;
        let limit = given.limit.unwrap_or(most).clamp(1, most);
        Ok(Wanted { after: key(list, given.next_page.as_deref())?, limit, containing: filter(request)? })
    }

    /// How much of the list it is.
    pub fn rows(&self) -> Limit {
        Limit { rows: self.limit, containing: self.containing.clone() }
    }
}

#[derive(Deserialize)]
struct Narrowed {
    #[serde(default)]
    filter: String,
}

/// What the names in a list are to have in them, from the parameter `filter`.
///
/// # Errors
/// 400 if it is longer than any name, or has what no name has and PostgreSQL does not take.
pub fn filter(request: &HttpRequest) -> Result<Containing, ApiError> {
    let given: Narrowed = asked::query(request)?;
    if given.filter.len() > MAX_FILTER {
        return Err(ApiError::invalid(format!("filter has at most {MAX_FILTER} bytes")));
    }
    if given.filter.contains('\0') {
        return Err(ApiError::invalid("filter is a part of a name; no name has a NUL"));
    }
    Ok(Containing::part(given.filter))
}

/// So many rows of a list, narrowed as the query asks.
///
/// # Errors
/// As [`filter`].
pub fn rows(request: &HttpRequest, rows: i64) -> Result<Limit, ApiError> {
    Ok(Limit { rows, containing: filter(request)? })
}

/// Adds the token for the rest of the list, if the page is full.
pub fn continue_with<R, K: Serialize>(answer: &mut Value, list: &str, limit: i64, rows: &[R], key: impl Fn(&R) -> K) {
    let is_full = i64::try_from(rows.len()).is_ok_and(|length| length >= limit);
    if let Some(last) = rows.last().filter(|_| is_full) {
        answer["next_page"] = token(list, &key(last)).into();
    }
}

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
