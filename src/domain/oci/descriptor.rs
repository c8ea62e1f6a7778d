//! Pointers from a manifest to content.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::oci::json::Object;
use crate::oci::{Digest, MediaType, Violation};

/// What a manifest says about content it refers to.
///
/// Source: OCI image spec, "Content descriptors".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// What kind of content it is.
    pub media_type: MediaType,
    /// The content's name.
    pub digest: Digest,
    /// The content's size in bytes; fits `i64`.
    pub size: u64,
    /// Where it runs; of interest in an index.
    pub platform: Option<Platform>,
    /// The kind of artifact a referred manifest is, as written.
    pub artifact_type: Option<String>,
    /// Whether it says that the content may be fetched from elsewhere.
    pub has_urls: bool,
}

/// Where an image runs.
///
/// Source: OCI image spec, "Image index", property `platform`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// Operating system in Go's words, for example `linux`; empty if the manifest leaves it out.
    #[serde(default)]
    pub os: String,
    /// Processor in Go's words, for example `arm64`; empty if the manifest leaves it out.
    #[serde(default)]
    pub architecture: String,
    /// Variant of the processor, for example `v8`.
    pub variant: Option<String>,
    /// Version of the operating system, which matters on Windows.
    #[serde(rename = "os.version")]
    pub os_version: Option<String>,
}

impl fmt::Display for Platform {
    /// `os/architecture` or `os/architecture/variant`, as clients write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        self.variant.iter().try_for_each(|variant| write!(f, "/{variant}"))
    }
}

/// A descriptor as it stands in the document, before its values have been looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawDescriptor {
    media_type: String,
    digest: String,
    size: i64,
    platform: Option<Object<Platform>>,
    artifact_type: Option<String>,
    urls: Option<Vec<IgnoredAny>>,
    data: Option<String>,
}

impl RawDescriptor {
    /// The descriptor, if its values make sense; `place` says where it stands, for the message.
    ///
    /// # Errors
    /// `ManifestInvalid` if media type, digest or size are not valid, or `data` is not the content described.
    pub(super) fn check(self, place: impl fmt::Display) -> Result<Descriptor, Violation> {
        self.checked()
            .map_err(|reason| Violation::manifest_invalid(format!("Manifest is not valid: {place}: {reason}")))
    }

    fn checked(self) -> Result<Descriptor, Violation> {
        let media_type = self.media_type.parse()?;
        let digest: Digest = self.digest.parse()?;
        let Ok(size) = u64::try_from(self.size) else {
            return Err(Violation::manifest_invalid(format!("size is at least 0; got {}", self.size)));
        };
        if let Some(data) = &self.data {
            check_data(data, &digest, size)?;
        }
        Ok(Descriptor {
            media_type,
            digest,
            size,
            platform: self.platform.map(|Object(platform)| platform),
            artifact_type: self.artifact_type,
            has_urls: self.urls.is_some_and(|urls| !urls.is_empty()),
        })
    }
}

/// Checks embedded content, because clients may use it without fetching the blob.
fn check_data(data: &str, digest: &Digest, size: u64) -> Result<(), Violation> {
    let content =
        STANDARD.decode(data).map_err(|error| Violation::manifest_invalid(format!("data is not base64: {error}")))?;
    let actual_size = content.len() as u64;
    if actual_size != size {
        return Err(Violation::SizeMismatch { digest: digest.clone(), declared: size, actual: actual_size });
    }
    let actual = Digest::of(digest.algorithm(), &content);
    if actual != *digest {
        return Err(Violation::DigestMismatch { expected: digest.clone(), actual });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::Algorithm;
    use serde_json::{Value, json};

    fn descriptor(changes: Value) -> Result<Descriptor, Violation> {
        let mut document = json!({
            "mediaType": "application/vnd.oci.empty.v1+json",
            "digest": Digest::of(Algorithm::Sha256, b"{}"),
            "size": 2,
        });
        document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value::<Object<RawDescriptor>>(document).unwrap().0.check("config")
    }

    #[test]
    fn everything_known_is_kept() {
        let descriptor = descriptor(json!({
            "platform": { "os": "windows", "architecture": "amd64", "os.version": "10.0.1", "os.features": ["win32k"] },
            "artifactType": "application/spdx+json",
            "urls": ["https://example.com/layer"],
            "annotations": { "a": "b" },
        }))
        .unwrap();

        let platform = descriptor.platform.unwrap();
        assert_eq!((platform.os.as_str(), platform.os_version.as_deref()), ("windows", Some("10.0.1")));
        assert_eq!(descriptor.artifact_type.as_deref(), Some("application/spdx+json"));
        assert_eq!(descriptor.media_type, MediaType::OCI_EMPTY);
        assert!(descriptor.has_urls);
    }

    #[test]
    fn embedded_data_is_the_content() {
        assert!(descriptor(json!({ "data": "e30=" })).is_ok());
        for wrong in ["e30", "e31=", "W10=", "", "!", "e30gICAg"] {
            let refusal = descriptor(json!({ "data": wrong })).unwrap_err();
            assert!(matches!(refusal, Violation::ManifestInvalid(_)), "{wrong}: {refusal}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_its_place() {
        for wrong in [json!({ "size": -1 }), json!({ "digest": "sha256:1" }), json!({ "mediaType": "layer" })] {
            let refusal = descriptor(wrong).unwrap_err().to_string();
            assert!(refusal.starts_with("Manifest is not valid: config: "), "{refusal}");
        }
    }
}
