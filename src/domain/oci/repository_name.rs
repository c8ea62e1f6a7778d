//! The name of a repository.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::oci::grammar::is_separated;
use crate::oci::{Rule, Violation};

const MAX_LENGTH: usize = 255;

/// A repository's full name: a namespace and a path of one or more parts, such as `acme/web` or `acme/shop/api`.
///
/// Each part is `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`; the whole has at most 255 bytes. Parsing fails with `InvalidName`.
///
/// Source: OCI distribution spec, "Pulling manifests"; that a namespace is required is Quay's rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RepositoryName(Box<str>);

impl RepositoryName {
    /// The whole name, `namespace/path`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first part: the user or organization.
    pub fn namespace(&self) -> &str {
        self.parts().0
    }

    /// Everything after the first slash; may contain more slashes.
    pub fn path(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        self.0.split_once('/').expect("a repository name has a slash, checked when parsed")
    }
}

impl FromStr for RepositoryName {
    type Err = Violation;

    fn from_str(given: &str) -> Result<RepositoryName, Violation> {
        if given.len() > MAX_LENGTH {
            return Err(Violation::invalid_name(
                given,
                Rule::new("said-repository-length", "Repository names have at most 255 characters"),
            ));
        }
        if !given.split('/').all(is_component) {
            return Err(Violation::invalid_name(
                given,
                Rule::new(
                    "said-repository-name",
                    "Repository names use lower-case letters and digits, with '.', '_', '__' or dashes only between \
                     them, in parts joined by '/'",
                ),
            ));
        }
        if !given.contains('/') {
            return Err(Violation::invalid_name(
                given,
                Rule::new("said-repository-form", "Repository names have the form namespace/name"),
            ));
        }
        Ok(RepositoryName(given.into()))
    }
}

fn is_component(part: &str) -> bool {
    is_separated(part, |gap| matches!(gap, b"." | b"_" | b"__") || gap.iter().all(|byte| *byte == b'-'))
}

impl TryFrom<String> for RepositoryName {
    type Error = Violation;

    fn try_from(given: String) -> Result<RepositoryName, Violation> {
        given.parse()
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for RepositoryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_may_nest() {
        let name = RepositoryName::from_str("acme/shop/api").unwrap();

        assert_eq!(name.as_str(), "acme/shop/api");
        assert_eq!((name.namespace(), name.path()), ("acme", "shop/api"));
    }

    #[test]
    fn separators_follow_the_specification() {
        for right in ["a/b", "a.b/c_d", "a__b/c", "a---b/c", "0/1", &format!("a/{}", "b".repeat(253))] {
            assert!(RepositoryName::from_str(right).is_ok(), "{right}");
        }
        let wrong = [
            "", "/", "a/", "/a", "a//b", "A/b", "a/b-", "a/_b", "a/b___c", "a/b..c", "a/b.-c", "a/b:c", "a/../b", "é/b",
        ];
        for wrong in wrong {
            assert!(RepositoryName::from_str(wrong).is_err(), "{wrong}");
        }
        assert!(RepositoryName::from_str(&format!("a/{}", "b".repeat(254))).is_err());
    }

    #[test]
    fn a_name_without_namespace_is_explained() {
        let refusal = RepositoryName::from_str("alpine").unwrap_err();

        assert_eq!(refusal.to_string(), "Repository names have the form namespace/name; got 'alpine'");
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>()) {
            let _ = RepositoryName::from_str(&text);
        }

        #[test]
        fn names_round_trip(
            text in "[a-z0-9]{1,5}((\\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}(/[a-z0-9]{1,5}(__[a-z0-9]){0,2}){1,4}",
        ) {
            let name = RepositoryName::from_str(&text).unwrap();

            prop_assert_eq!(format!("{}/{}", name.namespace(), name.path()), text);
        }
    }
}
