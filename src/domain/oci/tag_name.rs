//! The name a manifest can be found by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::oci::Violation;
use crate::oci::violation::excerpt;

const MAX_LENGTH: usize = 128;

/// A tag: `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`, case-sensitive.
///
/// Parsing fails with `InvalidTag`.
///
/// Source: OCI distribution spec, "Pulling manifests".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TagName(Box<str>);

impl TagName {
    /// The tag as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TagName {
    type Err = Violation;

    fn from_str(given: &str) -> Result<TagName, Violation> {
        let is_tag = given.len() <= MAX_LENGTH
            && !given.is_empty()
            && !given.starts_with(['.', '-'])
            && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        if is_tag { Ok(TagName(given.into())) } else { Err(Violation::InvalidTag { given: excerpt(given) }) }
    }
}

impl TryFrom<String> for TagName {
    type Error = Violation;

    fn try_from(given: String) -> Result<TagName, Violation> {
        given.parse()
    }
}

impl fmt::Display for TagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for TagName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_are_short_and_plain() {
        for right in ["latest", "v1.2.3-rc.1", "_", "A", &"a".repeat(128)] {
            assert_eq!(TagName::from_str(right).unwrap().as_str(), right);
        }
        for wrong in ["", ".a", "-a", "a b", "a/b", "a:b", "ü", "a\n", &"a".repeat(129)] {
            assert!(TagName::from_str(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn json_cannot_smuggle_a_wrong_tag() {
        assert_eq!(serde_json::to_string(&TagName::from_str("v1").unwrap()).unwrap(), "\"v1\"");
        assert!(serde_json::from_str::<TagName>("\"a b\"").is_err());
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>()) {
            let _ = TagName::from_str(&text);
        }

        #[test]
        fn tags_round_trip(text in "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}") {
            prop_assert_eq!(TagName::from_str(&text).unwrap().to_string(), text);
        }
    }
}
