//! Small images.

use serde_json::{Value, json};

use crate::client::{Client, MANIFEST, digest_of};

/// A blob as a manifest names it.
#[derive(Clone)]
pub struct Piece {
    pub digest: String,
    pub size: usize,
}

impl Piece {
    pub fn of(bytes: &[u8]) -> Piece {
        Piece { digest: digest_of(bytes), size: bytes.len() }
    }

    fn descriptor(&self, media_type: &str) -> Value {
        json!({ "mediaType": media_type, "digest": self.digest, "size": self.size })
    }
}

/// The manifest of an image; `note` makes it one of a kind.
pub fn manifest(config: &Piece, layers: &[Piece], note: &str) -> Vec<u8> {
    let layer = |piece: &Piece| piece.descriptor("application/vnd.oci.image.layer.v1.tar");
    let document = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor("application/vnd.oci.image.config.v1+json"),
        "layers": layers.iter().map(layer).collect::<Vec<_>>(),
        "annotations": { "note": note },
    });
    document.to_string().into_bytes()
}

/// Pushes an image of one layer under a tag and returns layer and manifest.
pub async fn push(client: &Client, repository: &str, tag: &str, layer: &[u8]) -> (Vec<u8>, String) {
    client.push_blob(repository, b"{}").await;
    client.push_blob(repository, layer).await;
    let bytes = manifest(&Piece::of(b"{}"), &[Piece::of(layer)], tag);
    client.try_push_manifest(repository, tag, MANIFEST, &bytes).await.unwrap().is(201);
    (layer.to_vec(), digest_of(&bytes))
}

/// Pulls an image by tag and insists that it is the one that was pushed.
pub async fn pull(client: &Client, repository: &str, tag: &str, (layer, digest): &(Vec<u8>, String)) {
    let manifest = client.get(&format!("/v2/{repository}/manifests/{tag}")).await.is(200);
    assert_eq!(&digest_of(&manifest.body), digest);
    let blob = client.get(&format!("/v2/{repository}/blobs/{}", digest_of(layer))).await.is(200);
    assert!(blob.body == *layer, "{} bytes came of {}", blob.body.len(), layer.len());
}
