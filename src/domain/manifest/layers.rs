//! What an image is made of, as pages and programs want to see it.

use serde::Deserialize;

use super::StoredManifest;
use super::config;
use crate::access::{Authorized, Read};
use crate::blob::{BlobStore, Blobs};
use crate::db::blocking;
use crate::error::{Error, Result};
use crate::oci::{Kind, Manifest};
use crate::repository::Repository;

/// What a manifest holds.
#[derive(Debug, Clone)]
pub struct Contents {
    /// The type of its configuration; `None` for an index.
    pub config_media_type: Option<String>,
    /// The layers, lowest first; `None` for an index.
    pub layers: Option<Vec<Layer>>,
}

/// A layer and how it was made, as far as the configuration says.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Digest.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Whether it is to be fetched from elsewhere.
    pub is_remote: bool,
    /// The command.
    pub command: Option<String>,
    /// A comment.
    pub comment: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// When, as written there.
    pub created: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    history: Option<Vec<Step>>,
}

#[derive(Deserialize, Default)]
struct Step {
    created: Option<String>,
    created_by: Option<String>,
    comment: Option<String>,
    author: Option<String>,
    #[serde(default)]
    empty_layer: bool,
}

/// What the manifest holds.
///
/// # Errors
/// `Unavailable` if the store does not work.
pub async fn contents(
    (store, blobs): (&dyn BlobStore, &Blobs),
    repository: &Authorized<Repository, Read>,
    stored: &StoredManifest,
) -> Result<Contents> {
    let (media_type, bytes) = (stored.media_type.clone(), stored.bytes.clone());
    let manifest = blocking(move || Ok(Manifest::parse(Some(media_type.as_str()), &bytes)?)).await?;
    if manifest.kind == Kind::Index {
        return Ok(Contents { config_media_type: None, layers: None });
    }
    let mut steps = Vec::new();
    if let Some(config) = &manifest.config {
        // The right to a manifest is none to a blob that was taken out of the repository since.
        match blobs.find(repository, &config.digest).await {
            Ok(_) => {
                let document: Option<Document> = config::read(store, config).await?;
                steps = document.and_then(|document| document.history).unwrap_or_default();
            }
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let mut steps = steps.into_iter().filter(|step| !step.empty_layer);
    let layer = |layer: crate::oci::Descriptor| {
        let step = steps.next().unwrap_or_default();
        Layer {
            digest: layer.digest.as_str().to_string(),
            size: layer.size,
            is_remote: layer.has_urls,
            command: step.created_by,
            comment: step.comment,
            author: step.author,
            created: step.created,
        }
    };
    Ok(Contents {
        config_media_type: manifest.config.map(|config| config.media_type.as_str().to_string()),
        layers: Some(manifest.layers.into_iter().map(layer).collect()),
    })
}
