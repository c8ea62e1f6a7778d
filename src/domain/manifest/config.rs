//! What the configuration of an image says that the registry keeps: its labels.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::push::PushedManifest;
use crate::blob::{BlobStore, read_small};
use crate::db::blocking;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::label;
use crate::oci::Descriptor;
use crate::tag;

/// Larger configurations are not read.
const MAX_CONFIG: u64 = 1024 * 1024;

/// The label that says how long tags pushed with it stay.
const EXPIRES_AFTER: &str = "quay.expires-after";

/// A pushed manifest with the labels of its configuration and its annotations. A configuration that cannot be understood
/// has none. Whether the repository has that configuration is for the push to find out, which refuses it otherwise.
///
/// # Errors
/// `Unavailable` if the store does not work.
pub async fn with_labels(
    store: &dyn BlobStore,
    entropy: &dyn Entropy,
    pushed: PushedManifest,
) -> Result<PushedManifest> {
    let labelled: Option<Labelled> = match &pushed.manifest().config {
        Some(config) => read(store, config).await?,
        None => None,
    };
    let given = labelled.and_then(|document| document.config).and_then(|config| config.labels).unwrap_or_default();
    // Of an annotation and a label of the same name the label is the older habit, and what clients of Quay know.
    let mut all: BTreeMap<&str, &str> =
        pushed.manifest().annotations.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    all.extend(given.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_deref()?))));
    let expires_after = all.get(EXPIRES_AFTER).and_then(|text| tag::lifetime(text));
    let labels = label::from_push(all, entropy);
    Ok(pushed.labelled(labels, expires_after))
}

#[derive(serde::Deserialize)]
struct Labelled {
    config: Option<Settings>,
}

#[derive(serde::Deserialize)]
struct Settings {
    #[serde(rename = "Labels")]
    labels: Option<BTreeMap<String, Option<String>>>,
}

/// The configuration of an image; `None` for one of something else, a large one, one that is not there or no such
/// document.
pub(super) async fn read<T: DeserializeOwned + Send + 'static>(
    store: &dyn BlobStore,
    config: &Descriptor,
) -> Result<Option<T>> {
    let of_image = config.media_type.is_image_config();
    if !of_image || config.size > MAX_CONFIG {
        return Ok(None);
    }
    let Some(bytes) = read_small(store, &config.digest, MAX_CONFIG).await? else { return Ok(None) };
    blocking(move || Ok(serde_json::from_slice(&bytes).ok())).await
}
