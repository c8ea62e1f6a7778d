//! Manifests and indexes: the documents that make content an image.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::oci::descriptor::RawDescriptor;
use crate::oci::json::{List, Object, nests_deeper_than};
use crate::oci::violation::excerpt;
use crate::oci::{Descriptor, MediaType, Violation};

/// Largest accepted manifest in bytes, as the distribution spec recommends.
pub const MAX_MANIFEST_SIZE: usize = 4 * 1024 * 1024;
/// Most content a single manifest may refer to.
pub const MAX_DESCRIPTORS: usize = 10_000;

const MAX_DEPTH: usize = 128;
const MAX_ARTIFACT_TYPE_LENGTH: usize = 255;

/// The two shapes of manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A configuration and layers: an image for one platform, or an artifact.
    Image,
    /// A list of manifests.
    Index,
}

/// How a manifest uses what it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferenceKind {
    /// The configuration blob of an image.
    Config,
    /// A layer blob of an image.
    Layer,
    /// A manifest in an index.
    Manifest,
}

/// What the registry needs to know of a manifest. The bytes themselves are stored as pushed.
///
/// Source: OCI image spec, "Image manifest" and "Image index"; Docker image manifest version 2, schema 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The type it is served with.
    pub media_type: MediaType,
    /// Image or index.
    pub kind: Kind,
    /// The kind of artifact, as written; see [`Manifest::effective_artifact_type`].
    pub artifact_type: Option<String>,
    /// The configuration; always there in an image, never in an index.
    pub config: Option<Descriptor>,
    /// The layers in order, lowest first; always empty in an index.
    pub layers: Vec<Descriptor>,
    /// The manifests in order; always empty in an image.
    pub manifests: Vec<Descriptor>,
    /// The manifest this one refers to, which need not exist.
    pub subject: Option<Descriptor>,
    /// The annotations; the last one wins if a key is repeated.
    pub annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// Understands a pushed manifest; `content_type` is the header as sent.
    ///
    /// The type comes from the header, or from the document's `mediaType` when the header is absent or only says JSON
    /// or bytes. Unknown fields are ignored. Nothing is checked against the repository.
    ///
    /// # Errors
    /// `ManifestTooLarge` above [`MAX_MANIFEST_SIZE`]; `SchemaOne` for Docker schema 1; `UnsupportedMediaType` and
    /// `InvalidMediaType` for other types; `ManifestInvalid`, with the reason, for everything else, such as more than
    /// [`MAX_DESCRIPTORS`] descriptors, a repeated field, a field in other case, or a document that is both image and
    /// index.
    pub fn parse(content_type: Option<&str>, bytes: &[u8]) -> Result<Manifest, Violation> {
        if bytes.len() > MAX_MANIFEST_SIZE {
            return Err(Violation::ManifestTooLarge { limit: MAX_MANIFEST_SIZE });
        }
        let declared = declared_type(content_type)?;
        let document = Document::read(bytes)?;
        let media_type = document.settle_type(declared)?;
        document.require_one_shape(&media_type)?;
        document.require_few_descriptors()?;
        document.into_manifest(media_type)
    }

    /// The kind of artifact for the list of referrers: `artifactType`, or else the type of an image's configuration.
    ///
    /// `None` for an index that does not say.
    ///
    /// Source: OCI distribution spec, "Listing referrers".
    pub fn effective_artifact_type(&self) -> Option<&str> {
        let config_type = self.config.as_ref().map(|config| config.media_type.as_str());
        self.artifact_type.as_deref().or(config_type)
    }

    /// Everything that must exist for this manifest to be complete: configuration, layers, manifests, in this order.
    ///
    /// The subject is not among them. Content may occur more than once.
    pub fn references(&self) -> impl Iterator<Item = (ReferenceKind, &Descriptor)> {
        let config = self.config.iter().map(|config| (ReferenceKind::Config, config));
        let layers = self.layers.iter().map(|layer| (ReferenceKind::Layer, layer));
        let manifests = self.manifests.iter().map(|manifest| (ReferenceKind::Manifest, manifest));
        config.chain(layers).chain(manifests)
    }

    /// Sum of the declared sizes of configuration and layers, in bytes; `u64::MAX` if it does not fit.
    pub fn total_size(&self) -> u64 {
        self.config.iter().chain(&self.layers).fold(0, |sum, blob| sum.saturating_add(blob.size))
    }
}

/// The manifest type the client declares; `None` if it leaves that to the document.
fn declared_type(content_type: Option<&str>) -> Result<Option<MediaType>, Violation> {
    let Some(content_type) = content_type.filter(|header| !header.trim().is_empty()) else {
        return Ok(None);
    };
    let media_type: MediaType = content_type.parse()?;
    if media_type.is_generic() { Ok(None) } else { require_manifest_type(media_type).map(Some) }
}

fn require_manifest_type(media_type: MediaType) -> Result<MediaType, Violation> {
    if media_type.is_schema1() {
        return Err(Violation::SchemaOne);
    }
    if !media_type.is_image() && !media_type.is_index() {
        return Err(Violation::UnsupportedMediaType { given: excerpt(media_type.as_str()) });
    }
    Ok(media_type)
}

type Descriptors = List<Object<RawDescriptor>, MAX_DESCRIPTORS>;

/// A manifest as it stands, image or index. Derived, so that a repeated field is an error.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: Option<i64>,
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<Object<RawDescriptor>>,
    layers: Option<Descriptors>,
    manifests: Option<Descriptors>,
    subject: Option<Object<RawDescriptor>>,
    annotations: Option<BTreeMap<String, String>>,
}

impl Document {
    fn read(bytes: &[u8]) -> Result<Document, Violation> {
        let text = std::str::from_utf8(bytes).map_err(invalid)?;
        if nests_deeper_than(MAX_DEPTH, text) {
            return Err(invalid(format_args!("it nests deeper than {MAX_DEPTH} levels")));
        }
        let Object(document) = serde_json::from_str::<Object<Document>>(text).map_err(invalid)?;
        match document.schema_version {
            Some(2) => Ok(document),
            Some(1) => Err(Violation::SchemaOne),
            Some(other) => Err(invalid(format_args!("schemaVersion is 2; got {other}"))),
            None => Err(invalid("schemaVersion is missing; it is 2")),
        }
    }

    /// The type of the document, in which header and document agree as far as they say anything.
    fn settle_type(&self, declared: Option<MediaType>) -> Result<MediaType, Violation> {
        let written = match self.media_type.as_deref() {
            None | Some("") => None,
            Some(written) => Some(require_manifest_type(written.parse()?)?),
        };
        match (declared, written) {
            (Some(declared), Some(written)) if declared != written => {
                Err(invalid(format_args!("mediaType is {written}, but Content-Type is {declared}")))
            }
            (Some(media_type), _) | (None, Some(media_type)) => Ok(media_type),
            (None, None) => Err(invalid(format_args!(
                "its type is unknown; send Content-Type or mediaType, for example {}",
                MediaType::OCI_MANIFEST
            ))),
        }
    }

    /// Refuses what one client would read as an image and another as an index.
    ///
    /// Source: GO-2022-0379 (CVE-2021-41190), OCI image spec 1.0.2.
    fn require_one_shape(&self, media_type: &MediaType) -> Result<(), Violation> {
        if media_type.is_image() {
            if self.manifests.is_some() {
                return Err(invalid("an image manifest has no field manifests"));
            }
            if self.config.is_none() {
                return Err(invalid("an image manifest has a field config"));
            }
        } else {
            if self.config.is_some() || self.layers.is_some() {
                return Err(invalid("an index has no fields config and layers"));
            }
            if self.manifests.is_none() {
                return Err(invalid("an index has a field manifests, which is an array"));
            }
        }
        Ok(())
    }

    fn require_few_descriptors(&self) -> Result<(), Violation> {
        let listed = [&self.layers, &self.manifests].into_iter().flatten().map(|List(list)| list.len()).sum::<usize>();
        let single = usize::from(self.config.is_some()) + usize::from(self.subject.is_some());
        if listed + single > MAX_DESCRIPTORS {
            return Err(invalid(format_args!("it has more than {MAX_DESCRIPTORS} descriptors")));
        }
        Ok(())
    }

    fn into_manifest(self, media_type: MediaType) -> Result<Manifest, Violation> {
        Ok(Manifest {
            kind: if media_type.is_index() { Kind::Index } else { Kind::Image },
            media_type,
            artifact_type: artifact_type(self.artifact_type)?,
            config: self.config.map(|Object(config)| config.check("config")).transpose()?,
            layers: check_all(self.layers, "layers")?,
            manifests: check_all(self.manifests, "manifests")?,
            subject: self.subject.map(|Object(subject)| subject.check("subject")).transpose()?,
            annotations: self.annotations.unwrap_or_default(),
        })
    }
}

fn artifact_type(written: Option<String>) -> Result<Option<String>, Violation> {
    match written {
        Some(long) if long.len() > MAX_ARTIFACT_TYPE_LENGTH => Err(invalid(format_args!(
            "artifactType has at most {MAX_ARTIFACT_TYPE_LENGTH} bytes; got '{}'",
            excerpt(&long)
        ))),
        written => Ok(written.filter(|written| !written.is_empty())),
    }
}

fn check_all(list: Option<Descriptors>, field: &str) -> Result<Vec<Descriptor>, Violation> {
    let descriptors = list.map_or_else(Vec::new, |List(descriptors)| descriptors);
    descriptors
        .into_iter()
        .enumerate()
        .map(|(position, Object(descriptor))| descriptor.check(format_args!("{field}[{position}]")))
        .collect()
}

fn invalid(reason: impl fmt::Display) -> Violation {
    Violation::manifest_invalid(format!("Manifest is not valid: {reason}"))
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "manifest_hostile_tests.rs"]
mod hostile_tests;
