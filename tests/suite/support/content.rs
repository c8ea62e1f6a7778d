//! Content to push.

use domain::oci::{Algorithm, Digest};
use serde_json::{Value, json};

pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const OCI_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

pub fn digest_of(bytes: &[u8]) -> String {
    Digest::of(Algorithm::Sha256, bytes).to_string()
}

pub fn sha512_of(bytes: &[u8]) -> String {
    Digest::of(Algorithm::Sha512, bytes).to_string()
}

/// What a manifest says about this content.
pub fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": digest_of(bytes), "size": bytes.len() })
}

/// A small image, different for each seed.
#[derive(Clone)]
pub struct Image {
    pub config: Vec<u8>,
    pub layer: Vec<u8>,
    pub manifest: Vec<u8>,
}

impl Image {
    pub fn new(seed: &str) -> Image {
        Image::changed(seed, |_| {})
    }

    /// An image whose manifest was changed before it was written.
    pub fn changed(seed: &str, change: impl FnOnce(&mut Value)) -> Image {
        let config = json!({ "architecture": "amd64", "os": "linux", "seed": seed }).to_string().into_bytes();
        let layer = format!("layer of {seed}").into_bytes();
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, &config),
            "layers": [descriptor(OCI_LAYER, &layer)],
        });
        change(&mut manifest);
        Image { config, layer, manifest: manifest.to_string().into_bytes() }
    }

    /// An image whose configuration was changed before it was written.
    pub fn configured(seed: &str, change: impl FnOnce(&mut Value)) -> Image {
        let mut config = json!({ "architecture": "amd64", "os": "linux", "seed": seed });
        change(&mut config);
        let config = config.to_string().into_bytes();
        let image = Image::changed(seed, |manifest| manifest["config"] = descriptor(OCI_CONFIG, &config));
        Image { config, ..image }
    }

    /// An image with these labels.
    pub fn labelled(seed: &str, labels: Value) -> Image {
        Image::configured(seed, |config| config["config"] = json!({ "Labels": labels }))
    }

    pub fn digest(&self) -> String {
        digest_of(&self.manifest)
    }

    /// How an index or a subject names it.
    pub fn descriptor(&self) -> Value {
        descriptor(OCI_MANIFEST, &self.manifest)
    }
}
