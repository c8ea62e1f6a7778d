//! Small images to push.

use domain::oci::{Algorithm, Digest};
use serde_json::{Value, json};

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A manifest and the blobs it needs.
pub struct Image {
    pub media_type: &'static str,
    pub manifest: Vec<u8>,
    pub blobs: Vec<Vec<u8>>,
}

impl Image {
    /// An image of one layer; another word makes another image.
    pub fn of(word: &str) -> Image {
        Image::with(word, json!({}))
    }

    /// With more top-level fields in the manifest.
    pub fn with(word: &str, more: Value) -> Image {
        let config = format!("{{\"architecture\":\"amd64\",\"os\":\"linux\",\"word\":\"{word}\"}}").into_bytes();
        let layer = format!("layer of {word}").into_bytes();
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(CONFIG, &config),
            "layers": [descriptor(LAYER, &layer)],
        });
        for (key, value) in more.as_object().unwrap() {
            manifest[key] = value.clone();
        }
        Image { media_type: MANIFEST, manifest: manifest.to_string().into_bytes(), blobs: vec![config, layer] }
    }

    pub fn digest(&self) -> Digest {
        Digest::of(Algorithm::Sha256, &self.manifest)
    }

    pub fn descriptor(&self) -> Value {
        descriptor(self.media_type, &self.manifest)
    }
}

pub fn descriptor(media_type: &str, content: &[u8]) -> Value {
    let digest = Digest::of(Algorithm::Sha256, content);
    json!({ "mediaType": media_type, "digest": digest.as_str(), "size": content.len() })
}

/// An index over these descriptors.
pub fn index(children: &[Value]) -> Vec<u8> {
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": children }).to_string().into_bytes()
}
