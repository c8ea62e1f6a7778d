//! How a manifest is asked for.

use std::fmt;
use std::str::FromStr;

use crate::oci::{Digest, TagName, Violation};

/// A tag or a digest, as in `/v2/<name>/manifests/<reference>`.
///
/// What contains a colon is parsed as a digest and fails as one; everything else is a tag.
///
/// Source: OCI distribution spec, "Pulling manifests".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// By a name that may move.
    Tag(TagName),
    /// By content.
    Digest(Digest),
}

impl FromStr for Reference {
    type Err = Violation;

    fn from_str(given: &str) -> Result<Reference, Violation> {
        if given.contains(':') { given.parse().map(Reference::Digest) } else { given.parse().map(Reference::Tag) }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Tag(tag) => tag.fmt(f),
            Reference::Digest(digest) => digest.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::Algorithm;
    use proptest::prelude::*;

    #[test]
    fn a_colon_makes_it_a_digest() {
        let digest = Digest::of(Algorithm::Sha256, b"");

        assert_eq!(digest.as_str().parse(), Ok(Reference::Digest(digest)));
        assert_eq!("latest".parse(), Ok(Reference::Tag("latest".parse().unwrap())));
        assert!(matches!(Reference::from_str("sha256:12"), Err(Violation::InvalidDigest { .. })));
        assert!(matches!(Reference::from_str("a b"), Err(Violation::InvalidTag { .. })));
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>()) {
            if let Ok(reference) = Reference::from_str(&text) {
                prop_assert_eq!(reference.to_string(), text);
            }
        }
    }
}
