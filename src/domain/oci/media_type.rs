//! What kind of content something is.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::oci::Violation;
use crate::oci::violation::excerpt;

const MAX_LENGTH: usize = 255;
const MAX_PART_LENGTH: usize = 127;

/// A media type without parameters, in lower case, such as `application/vnd.oci.image.index.v1+json`.
///
/// Parsing drops parameters (`; charset=utf-8`) and fails with `InvalidMediaType`.
///
/// Source: RFC 6838, section 4.2; OCI image spec, "Media types".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct MediaType(Cow<'static, str>);

impl MediaType {
    /// An OCI image manifest; also carries artifacts.
    pub const OCI_MANIFEST: MediaType = known("application/vnd.oci.image.manifest.v1+json");
    /// An OCI image index.
    pub const OCI_INDEX: MediaType = known("application/vnd.oci.image.index.v1+json");
    /// An OCI image's configuration.
    pub const OCI_CONFIG: MediaType = known("application/vnd.oci.image.config.v1+json");
    /// The content `{}`, where a descriptor is needed but there is nothing to describe.
    pub const OCI_EMPTY: MediaType = known("application/vnd.oci.empty.v1+json");
    /// A Docker schema 2 image manifest.
    pub const DOCKER_MANIFEST: MediaType = known("application/vnd.docker.distribution.manifest.v2+json");
    /// A Docker manifest list.
    pub const DOCKER_LIST: MediaType = known("application/vnd.docker.distribution.manifest.list.v2+json");
    /// A Docker image's configuration.
    pub const DOCKER_CONFIG: MediaType = known("application/vnd.docker.container.image.v1+json");
    /// A Docker schema 1 manifest, unsigned.
    pub const DOCKER_SCHEMA1: MediaType = known("application/vnd.docker.distribution.manifest.v1+json");
    /// A Docker schema 1 manifest, signed.
    pub const DOCKER_SCHEMA1_SIGNED: MediaType = known("application/vnd.docker.distribution.manifest.v1+prettyjws");
    /// Docker's type for layers that are fetched from elsewhere.
    pub const DOCKER_FOREIGN_LAYER: MediaType = known("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");

    /// The type in lower case, without parameters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a list of manifests: an OCI index or a Docker manifest list.
    pub fn is_index(&self) -> bool {
        *self == MediaType::OCI_INDEX || *self == MediaType::DOCKER_LIST
    }

    /// Whether this is the configuration of a container image: OCI's or Docker's.
    pub fn is_image_config(&self) -> bool {
        *self == MediaType::OCI_CONFIG || *self == MediaType::DOCKER_CONFIG
    }

    /// Whether this is a single manifest: OCI or Docker schema 2.
    pub fn is_image(&self) -> bool {
        *self == MediaType::OCI_MANIFEST || *self == MediaType::DOCKER_MANIFEST
    }

    /// Whether this is a Docker schema 1 manifest, signed or not.
    pub fn is_schema1(&self) -> bool {
        *self == MediaType::DOCKER_SCHEMA1 || *self == MediaType::DOCKER_SCHEMA1_SIGNED
    }

    /// Whether layers of this type need not be in the registry.
    ///
    /// Source: OCI image spec, "Non-distributable layers"; Docker schema 2, "foreign" layers.
    pub fn is_non_distributable(&self) -> bool {
        self.0.starts_with("application/vnd.oci.image.layer.nondistributable.v1.tar")
            || *self == MediaType::DOCKER_FOREIGN_LAYER
    }

    /// Whether this says only that it is JSON or bytes, as clients send that do not know better.
    pub(super) fn is_generic(&self) -> bool {
        matches!(self.as_str(), "application/json" | "application/octet-stream")
    }
}

const fn known(text: &'static str) -> MediaType {
    MediaType(Cow::Borrowed(text))
}

impl FromStr for MediaType {
    type Err = Violation;

    fn from_str(given: &str) -> Result<MediaType, Violation> {
        let essence = given.split(';').next().unwrap_or(given).trim_matches([' ', '\t']);
        let is_valid = essence.len() <= MAX_LENGTH
            && essence.split_once('/').is_some_and(|(kind, subtype)| is_restricted(kind) && is_restricted(subtype));
        if !is_valid {
            return Err(Violation::InvalidMediaType { given: excerpt(given) });
        }
        Ok(MediaType(Cow::Owned(essence.to_ascii_lowercase())))
    }
}

/// RFC 6838's `restricted-name`.
fn is_restricted(name: &str) -> bool {
    name.len() <= MAX_PART_LENGTH
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

impl TryFrom<String> for MediaType {
    type Error = Violation;

    fn try_from(given: String) -> Result<MediaType, Violation> {
        given.parse()
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for MediaType {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parameters_and_case_do_not_matter() {
        let media_type = MediaType::from_str("Application/vnd.OCI.image.index.v1+json ; charset=utf-8").unwrap();

        assert_eq!(media_type, MediaType::OCI_INDEX);
        assert!(media_type.is_index() && !media_type.is_image() && !media_type.is_schema1());
    }

    #[test]
    fn types_need_a_type_and_a_subtype() {
        let long = format!("application/{}", "a".repeat(128));
        for wrong in
            ["", "application", "application/", "/json", "a/b/c", "a b/c", "a/+b", "a/b\n", "é/a", ";a/b", &long]
        {
            assert!(MediaType::from_str(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn foreign_layers_are_recognised() {
        for foreign in [
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        ] {
            assert!(MediaType::from_str(foreign).unwrap().is_non_distributable(), "{foreign}");
        }
        assert!(!MediaType::from_str("application/vnd.oci.image.layer.v1.tar").unwrap().is_non_distributable());
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>()) {
            if let Ok(media_type) = MediaType::from_str(&text) {
                prop_assert_eq!(MediaType::from_str(media_type.as_str()).unwrap(), media_type);
            }
        }

        #[test]
        fn types_round_trip(text in "[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}") {
            prop_assert_eq!(MediaType::from_str(&text).unwrap().to_string(), text);
        }
    }
}
