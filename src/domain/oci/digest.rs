//! The name of content: an algorithm and the hash it gives.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::oci::violation::excerpt;
use crate::oci::{Hasher, TagName, Violation};

/// The hash functions content may be named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256, which every client uses.
    Sha256,
    /// SHA-512, which the specification also registers.
    Sha512,
}

impl Algorithm {
    /// The name in front of the colon, for example `sha256`.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        }
    }

    /// How many hexadecimal digits follow the colon.
    pub fn hex_length(self) -> usize {
        match self {
            Algorithm::Sha256 => 64,
            Algorithm::Sha512 => 128,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = Violation;

    fn from_str(given: &str) -> Result<Algorithm, Violation> {
        match given {
            "sha256" => Ok(Algorithm::Sha256),
            "sha512" => Ok(Algorithm::Sha512),
            _ => Err(Violation::UnsupportedAlgorithm { given: excerpt(given) }),
        }
    }
}

/// Digest of content, such as `sha256:` and 64 lower-case hexadecimal digits. Cheap to clone.
///
/// Parsing fails with `InvalidDigest` when the shape is wrong and `UnsupportedAlgorithm` when only the algorithm is.
///
/// Source: OCI image spec, "Descriptor", "Digests".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Digest(Arc<str>);

impl Digest {
    /// The digest of `content`, computed in one go.
    pub fn of(algorithm: Algorithm, content: &[u8]) -> Digest {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(content);
        hasher.finish()
    }

    /// The digest whose hash has already been computed. `hash` must have the algorithm's length.
    pub(super) fn from_hash(algorithm: Algorithm, hash: &[u8]) -> Digest {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        debug_assert_eq!(hash.len() * 2, algorithm.hex_length());
        let mut text = String::with_capacity(algorithm.name().len() + 1 + algorithm.hex_length());
        text.push_str(algorithm.name());
        text.push(':');
        for byte in hash {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        Digest(text.into())
    }

    /// The whole digest, `algorithm:hex`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash function.
    pub fn algorithm(&self) -> Algorithm {
        if self.0.starts_with("sha512") { Algorithm::Sha512 } else { Algorithm::Sha256 }
    }

    /// The part after the colon: lower-case hexadecimal digits.
    pub fn hex(&self) -> &str {
        &self.0[self.algorithm().name().len() + 1..]
    }

    /// The tag under which clients keep the referrers of this content in registries without a referrers API.
    ///
    /// Source: OCI distribution spec, "Referrers tag schema": algorithm cut to 32, hash cut to 64 characters.
    pub fn referrers_tag(&self) -> TagName {
        let hex = self.hex();
        format!("{}-{}", self.algorithm(), &hex[..hex.len().min(64)])
            .parse()
            .expect("an algorithm name, a dash and 64 digits are a tag")
    }
}

impl FromStr for Digest {
    type Err = Violation;

    fn from_str(given: &str) -> Result<Digest, Violation> {
        let Some((name, hex)) = given.split_once(':') else {
            return Err(Violation::invalid_digest(given, "Digests look like 'sha256:' and 64 hexadecimal digits"));
        };
        if !is_algorithm_name(name) || hex.is_empty() {
            return Err(Violation::invalid_digest(given, "Digests are an algorithm, a colon and the hash"));
        }
        let algorithm: Algorithm = name.parse()?;
        if hex.len() != algorithm.hex_length() || !hex.bytes().all(is_lower_hex) {
            return Err(Violation::invalid_digest(given, wrong_hex(algorithm)));
        }
        Ok(Digest(given.into()))
    }
}

fn is_algorithm_name(name: &str) -> bool {
    crate::oci::grammar::is_separated(name, |gap| matches!(gap, b"+" | b"." | b"_" | b"-"))
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn wrong_hex(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha256 => "A sha256 digest has 64 lower-case hexadecimal digits after the colon",
        Algorithm::Sha512 => "A sha512 digest has 128 lower-case hexadecimal digits after the colon",
    }
}

impl TryFrom<&str> for Digest {
    type Error = Violation;

    fn try_from(given: &str) -> Result<Digest, Violation> {
        given.parse()
    }
}

impl TryFrom<String> for Digest {
    type Error = Violation;

    fn try_from(given: String) -> Result<Digest, Violation> {
        given.parse()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Digest {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_digest_of_nothing_is_well_known() {
        let digest = Digest::of(Algorithm::Sha256, b"");

        assert_eq!(digest.as_str(), EMPTY);
        assert_eq!(digest.algorithm(), Algorithm::Sha256);
        assert_eq!(digest.hex(), &EMPTY[7..]);
    }

    #[test]
    fn malformed_digests_are_refused_with_the_reason() {
        let upper = EMPTY.to_uppercase().replace("SHA256", "sha256");
        for wrong in ["", "sha256", "sha256:", ":abc", "sha256:abc", "SHA256:abc", &upper, &format!("{EMPTY}0")] {
            let refusal = Digest::from_str(wrong).unwrap_err();
            assert!(matches!(refusal, Violation::InvalidDigest { .. }), "{wrong}: {refusal}");
        }
        assert!(Digest::from_str("sha256:é").unwrap_err().to_string().contains("64 lower-case"));
    }

    #[test]
    fn unknown_algorithms_are_named() {
        let refusal = Digest::from_str("md5:d41d8cd98f00b204e9800998ecf8427e").unwrap_err();

        assert_eq!(refusal, Violation::UnsupportedAlgorithm { given: "md5".into() });
    }

    #[test]
    fn the_referrers_tag_is_cut_to_64_digits() {
        let short = Digest::of(Algorithm::Sha256, b"");
        let long = Digest::of(Algorithm::Sha512, b"");

        assert_eq!(short.referrers_tag().as_str(), EMPTY.replace(':', "-"));
        assert_eq!(long.referrers_tag().as_str(), format!("sha512-{}", &long.hex()[..64]));
    }

    #[test]
    fn json_holds_the_digest_as_a_string() {
        let digest = Digest::of(Algorithm::Sha512, b"layer");

        let json = serde_json::to_string(&digest).unwrap();

        assert_eq!(json, format!("\"{digest}\""));
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        assert!(serde_json::from_str::<Digest>("\"sha256:12\"").is_err());
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>()) {
            if let Ok(digest) = Digest::from_str(&text) {
                prop_assert_eq!(digest.to_string(), text);
            }
        }

        #[test]
        fn digests_round_trip(content in any::<Vec<u8>>(), is_long in any::<bool>()) {
            let algorithm = if is_long { Algorithm::Sha512 } else { Algorithm::Sha256 };
            let digest = Digest::of(algorithm, &content);

            prop_assert_eq!(digest.algorithm(), algorithm);
            prop_assert_eq!(Digest::try_from(digest.as_str()).unwrap(), digest);
        }
    }
}
