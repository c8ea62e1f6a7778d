//! Why content or a name breaks the specification.

use std::fmt;

use crate::oci::Digest;

/// Longest piece of input repeated in a message, in characters.
const EXCERPT_CHARS: usize = 100;
/// Longest explanation of an invalid manifest, in characters.
const EXPLANATION_CHARS: usize = 400;

/// What makes a tag.
const TAG_RULE: Rule =
    Rule::new("said-tag-name", "Tags use up to 128 letters, digits, '_', '.' and '-' and do not start with '.' or '-'");

/// A rule for names, as text an English sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    key: &'static str,
    english: &'static str,
}

impl Rule {
    /// With the key and the English sentence.
    pub(crate) const fn new(key: &'static str, english: &'static str) -> Rule {
        Rule { key, english }
    }

    /// What catalogues of other languages know it by.
    pub fn key(self) -> &'static str {
        self.key
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.english)
    }
}

/// Why content or a name breaks the specification; its text may be shown to the client.
///
/// Input repeated in the text is cut to 100 characters and freed of control characters, whatever the fields hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A repository, namespace, robot or team name is not one.
    #[error("{why}; got '{}'", excerpt(.given))]
    InvalidName {
        /// What was given instead.
        given: String,
        /// The rule it breaks.
        why: Rule,
    },
    /// A tag is not one.
    #[error("{TAG_RULE}; got '{}'", excerpt(.given))]
    InvalidTag {
        /// What was given instead.
        given: String,
    },
    /// A digest is not one.
    #[error("{why}; got '{}'", excerpt(.given))]
    InvalidDigest {
        /// What was given instead.
        given: String,
        /// The rule it breaks, as a sentence.
        why: &'static str,
    },
    /// The digest may be well-formed, but its algorithm is not one of ours.
    #[error("Digest algorithms are sha256 and sha512; got '{}'", excerpt(.given))]
    UnsupportedAlgorithm {
        /// The name of the algorithm.
        given: String,
    },
    /// The content is not what its digest promised.
    #[error("Content has digest {actual}, not {expected} as declared")]
    DigestMismatch {
        /// The digest the client declared.
        expected: Digest,
        /// The digest of the bytes received.
        actual: Digest,
    },
    /// The content is longer or shorter than declared.
    #[error("Content {digest} has {actual} bytes, not {declared} as declared")]
    SizeMismatch {
        /// The content in question.
        digest: Digest,
        /// The declared size in bytes.
        declared: u64,
        /// The real size in bytes.
        actual: u64,
    },
    /// The range of a chunk is malformed or runs backwards; holds what was given.
    #[error("Chunk ranges look like '0-1023', first byte before last; got '{}'", excerpt(.0))]
    InvalidRange(String),
    /// A media type does not follow RFC 6838.
    #[error("Media types look like 'application/vnd.oci.image.manifest.v1+json'; got '{}'", excerpt(.given))]
    InvalidMediaType {
        /// What was given instead.
        given: String,
    },
    /// The manifest contradicts the specification or itself; holds the explanation.
    #[error("{}", shorten(.0, EXPLANATION_CHARS))]
    ManifestInvalid(String),
    /// The manifest has too many bytes.
    #[error("Manifests have at most {limit} bytes")]
    ManifestTooLarge {
        /// The largest accepted size in bytes.
        limit: usize,
    },
    /// A Docker schema 1 manifest, which nobody should make any more.
    #[error(
        "Docker image manifest schema 1 is not supported because its content cannot be verified by digest; \
         push again with Docker 1.10 or newer, or any current client"
    )]
    SchemaOne,
    /// A manifest of a kind this registry does not know.
    #[error(
        "Manifests are OCI image manifests, OCI image indexes, Docker schema 2 manifests or Docker manifest lists; \
         got '{}'",
        excerpt(.given)
    )]
    UnsupportedMediaType {
        /// The media type of what was pushed.
        given: String,
    },
    /// The manifest refers to a blob the repository does not have.
    #[error("Blob {0} is not in this repository; push it before the manifest")]
    BlobMissing(Digest),
    /// The index refers to a manifest the repository does not have.
    #[error("Manifest {0} is not in this repository; push it before the index")]
    ManifestMissing(Digest),
}

impl Violation {
    /// The rule that a name or a tag breaks, and what was given instead.
    pub fn of_name(&self) -> Option<(Rule, String)> {
        match self {
            Violation::InvalidName { given, why } => Some((*why, excerpt(given))),
            Violation::InvalidTag { given } => Some((TAG_RULE, excerpt(given))),
            _ => None,
        }
    }

    /// [`Violation::InvalidName`] with the input cut to a presentable length.
    pub(crate) fn invalid_name(given: &str, why: Rule) -> Violation {
        Violation::InvalidName { given: excerpt(given), why }
    }

    /// [`Violation::InvalidDigest`] with the input cut to a presentable length.
    pub(crate) fn invalid_digest(given: &str, why: &'static str) -> Violation {
        Violation::InvalidDigest { given: excerpt(given), why }
    }

    /// [`Violation::ManifestInvalid`] with the explanation cut to a presentable length.
    pub(crate) fn manifest_invalid(explanation: impl AsRef<str>) -> Violation {
        Violation::ManifestInvalid(shorten(explanation.as_ref(), EXPLANATION_CHARS))
    }
}

/// Input as it may be repeated in a message: at most 100 characters, none of which moves the cursor.
pub(crate) fn excerpt(given: &str) -> String {
    shorten(given, EXCERPT_CHARS)
}

fn shorten(text: &str, limit: usize) -> String {
    let mut printable = text.chars().filter(|character| is_printable(*character));
    let mut kept: String = printable.by_ref().take(limit).collect();
    if printable.next().is_some() {
        kept.pop();
        kept.push('…');
    }
    kept
}

/// Control characters can forge log lines, and bidirectional ones can make a message read as something else.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn repeated_input_is_short_and_printable() {
        let given = format!("a\r\n\u{1b}[31m{}", "b".repeat(1_000_000));

        let message = Violation::InvalidTag { given }.to_string();

        assert!(message.chars().count() < 250);
        assert!(message.contains("'a[31mbbb"));
        assert!(message.ends_with("…'"));
        assert!(!message.contains('\u{1b}') && !message.contains('\n'));
    }

    #[test]
    fn schema_one_says_what_to_do() {
        let message = Violation::SchemaOne.to_string();

        assert!(message.contains("push again with Docker 1.10 or newer"));
        assert!(!message.ends_with('.'));
    }

    proptest! {
        #[test]
        fn an_excerpt_of_an_excerpt_is_the_same(text in any::<String>()) {
            let once = excerpt(&text);

            prop_assert!(once.chars().count() <= EXCERPT_CHARS);
            prop_assert_eq!(excerpt(&once), once);
        }
    }
}
