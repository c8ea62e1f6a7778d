//! `n`, `last` and `Link`: lists in pages, by key.
//!
//! Source: OCI distribution specification, "Listing Tags".

use actix_web::http::header::{HeaderName, HeaderValue};
use domain::{Error, Result};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::dispatch::Asked;

/// What a client gets at most, and what it gets if it does not say.
pub const MAX_PAGE: usize = 1_000;

/// A page that was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The last entry of the page before; empty for the first.
    pub last: String,
    /// How many entries, zero included.
    pub size: usize,
}

impl PageRequest {
    /// Reads the query. A number too large means "as many as you give".
    ///
    /// # Errors
    /// `Invalid` if `n` is no number or below zero.
    pub fn read(asked: &Asked) -> Result<PageRequest> {
        let size = match asked.query("n") {
            None => MAX_PAGE,
            Some(text) => parse_size(&text)?,
        };
        Ok(PageRequest { last: asked.query("last").unwrap_or_default(), size })
    }

    /// The same page, with at most so many entries.
    #[must_use]
    pub fn at_most(self, size: usize) -> PageRequest {
        PageRequest { size: self.size.min(size), ..self }
    }

    /// One more than the page holds, to see whether there are more.
    pub fn limit(&self) -> i64 {
        i64::try_from(self.size + 1).unwrap_or(i64::MAX)
    }

    /// Cuts entries down to the page and says what the next one starts after.
    pub fn cut<T>(&self, entries: &mut Vec<T>, key: impl Fn(&T) -> String) -> Option<String> {
        if entries.len() <= self.size {
            return None;
        }
        entries.truncate(self.size);
        entries.last().map(key)
    }

    /// The `Link` to the next page of `path`.
    pub fn link(&self, path: &str, last: &str, more: &str) -> Option<(HeaderName, HeaderValue)> {
        let last = utf8_percent_encode(last, NON_ALPHANUMERIC);
        let link = format!("<{path}?n={}&last={last}{more}>; rel=\"next\"", self.size);
        Some((actix_web::http::header::LINK, HeaderValue::from_str(&link).ok()?))
    }
}

fn parse_size(text: &str) -> Result<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(Error::invalid("n", format!("n is a number of entries, zero or more; got '{shown}'")));
    }
    Ok(text.parse::<usize>().unwrap_or(MAX_PAGE).min(MAX_PAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_numbers_and_capped() {
        assert_eq!(parse_size("0").unwrap(), 0);
        assert_eq!(parse_size("100").unwrap(), 100);
        assert_eq!(parse_size("1000000000000").unwrap(), MAX_PAGE);
        assert_eq!(parse_size("99999999999999999999999999").unwrap(), MAX_PAGE);
        assert!(parse_size("-1").is_err());
        assert!(parse_size("").is_err());
        assert!(parse_size("ten").is_err());
    }

    #[test]
    fn a_page_is_cut_and_names_its_last_entry_only_if_there_are_more() {
        let page = PageRequest { last: String::new(), size: 2 };
        let mut three = vec!["a", "b", "c"];
        assert_eq!(page.cut(&mut three, |name| name.to_string()), Some("b".into()));
        assert_eq!(three, ["a", "b"]);
        assert_eq!(page.cut(&mut three, |name| name.to_string()), None);
    }
}
