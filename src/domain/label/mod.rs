//! Labels: words attached to a manifest of a repository, by the image itself when it was pushed or by people since.
//!
//! Those of the image come from the `Labels` of its configuration and the annotations of the manifest and stay as they
//! are; people add and remove their own. The same manifest in another repository has other labels.

mod pushed;

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Authorized, Read, Write};
use crate::db::schema::{manifest_labels, manifests, repository_manifests};
use crate::db::text_enum;
use crate::db::{Conn, Tx};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::ManifestId;
use crate::manifest;
use crate::oci::Digest;
use crate::repository::Repository;
use crate::sentence::sentence;
use crate::time::Timestamp;

pub(crate) use pushed::{from_push, store_pushed};

/// Labels of one manifest in one repository, those of the image included.
const MAX_LABELS: i64 = 400;
const MAX_KEY: usize = 255;
const MAX_VALUE: usize = 4 * 1024;

/// First parts of keys that speak for the image or for a registry, and are not for people to add.
const RESERVED: [&str; 12] = [
    "com.docker.",
    "io.docker.",
    "org.dockerproject.",
    "org.opencontainers.",
    "io.cncf.",
    "io.kubernetes.",
    "io.k8s.",
    "io.quay",
    "com.coreos",
    "com.tectonic",
    "internal",
    "quay",
];

text_enum! {
    /// Where a label comes from.
    LabelSource {
        /// The image, when it was pushed.
        Manifest = "manifest",
        /// Somebody, by the API.
        Api = "api",
        /// The registry.
        Internal = "internal",
    }
}

/// A label to be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLabel {
    /// What it is known by.
    pub uuid: String,
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
    /// `text/plain` or `application/json`.
    pub media_type: &'static str,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What it is known by.
    pub uuid: String,
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
    /// Where it comes from.
    pub source: LabelSource,
    /// What the value is.
    pub media_type: String,
}

impl NewLabel {
    /// A label as somebody gives it; without a type it is `text/plain`.
    ///
    /// # Errors
    /// `Invalid`, saying which part is wrong.
    pub fn checked(entropy: &dyn Entropy, key: &str, value: &str, media_type: Option<&str>) -> Result<NewLabel> {
        if !is_key(key) {
            return Err(Error::invalid(
                "key",
                sentence!(
                    "said-label-key",
                    "Label is of an invalid format or missing please use \
                     ^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$ format for labels",
                ),
            ));
        }
        if RESERVED.iter().any(|reserved| key.starts_with(reserved)) {
            return Err(Error::invalid("key", sentence!("said-label-reserved", "Label has a reserved prefix")));
        }
        if value.len() > MAX_VALUE {
            return Err(Error::invalid(
                "value",
                sentence!("said-label-value", "Values of labels have at most {most} bytes", most = MAX_VALUE),
            ));
        }
        let media_type = match media_type {
            None | Some("text/plain") => "text/plain",
            Some("application/json") => "application/json",
            Some(_) => {
                return Err(Error::invalid(
                    "media_type",
                    sentence!("said-label-type", "The media type of a label is 'text/plain' or 'application/json'"),
                ));
            }
        };
        if media_type == "application/json" && serde_json::from_str::<serde_json::Value>(value).is_err() {
            return Err(Error::invalid(
                "value",
                sentence!("said-label-json", "The value of a label of type application/json is a JSON document"),
            ));
        }
        let uuid = entropy::uuid(entropy).to_string();
        Ok(NewLabel { uuid, key: key.to_string(), value: value.to_string(), media_type })
    }
}

/// Letters and digits, with single dots and dashes between them.
fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = key.as_bytes();
    let ends = bytes.first().is_some_and(|byte| plain(*byte)) && bytes.last().is_some_and(|byte| plain(*byte));
    let pairs = bytes.windows(2).all(|pair| plain(pair[0]) || plain(pair[1]));
    ends && pairs && key.len() <= MAX_KEY && bytes.iter().all(|byte| plain(*byte) || matches!(byte, b'.' | b'-'))
}

type Row = (String, String, String, LabelSource, String);

const COLUMNS: (
    manifest_labels::uuid,
    manifest_labels::key,
    manifest_labels::value,
    manifest_labels::source,
    manifest_labels::media_type,
) = (
    manifest_labels::uuid,
    manifest_labels::key,
    manifest_labels::value,
    manifest_labels::source,
    manifest_labels::media_type,
);

fn label((uuid, key, value, source, media_type): Row) -> Label {
    Label { uuid, key, value, source, media_type }
}

/// The labels of a manifest in the order they were attached; only those whose key begins with `prefix`.
///
/// Index: `manifest_labels_by_manifest`.
///
/// # Errors
/// `NotFound` if the repository does not have the manifest.
pub fn list(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    digest: &Digest,
    prefix: Option<&str>,
) -> Result<Vec<Label>> {
    let manifest = manifest_here(conn, repository, digest)?;
    let wanted = |label: &Label| prefix.is_none_or(|prefix| label.key.starts_with(prefix));
    Ok(of_manifest(conn, repository, manifest)?.into_iter().filter(wanted).collect())
}

/// As [`list`] for a manifest that was looked up. Index: `manifest_labels_by_manifest`.
pub(crate) fn of_manifest(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    manifest: ManifestId,
) -> Result<Vec<Label>> {
    Ok(of_manifests(conn, repository, &[manifest])?.remove(&manifest.0).unwrap_or_default())
}

/// As [`of_manifest`] for some manifests, by their rows.
pub(crate) fn of_manifests(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    manifests: &[ManifestId],
) -> Result<HashMap<i64, Vec<Label>>> {
    let rows: Vec<(i64, Row)> = manifest_labels::table
        .filter(manifest_labels::repository_id.eq(repository.id.0))
        .filter(manifest_labels::manifest_id.eq_any(manifests.iter().map(|manifest| manifest.0)))
        .select((manifest_labels::manifest_id, COLUMNS))
        .order(manifest_labels::id)
        .limit(MAX_LABELS.saturating_mul(i64::try_from(manifests.len()).unwrap_or(i64::MAX)))
        .load(conn)?;
    let mut labels: HashMap<i64, Vec<Label>> = HashMap::new();
    for (manifest, row) in rows {
        labels.entry(manifest).or_default().push(label(row));
    }
    Ok(labels)
}

/// A label of a manifest. Index: `manifest_labels.uuid`.
///
/// # Errors
/// `NotFound` for the manifest or the label.
pub fn find(conn: &mut Conn, repository: &Authorized<Repository, Read>, digest: &Digest, uuid: &str) -> Result<Label> {
    let manifest = manifest_here(conn, repository, digest)?;
    here(conn, repository, manifest, uuid)
}

/// Attaches a label to a manifest.
///
/// # Errors
/// `NotFound` for the manifest; `Refused` if it has very many labels.
pub fn add(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    digest: &Digest,
    new: &NewLabel,
) -> Result<Label> {
    let manifest = manifest::hold_here(tx, repository.id, digest)?.ok_or_else(|| unknown(digest))?;
    let known: i64 = manifest_labels::table
        .filter(manifest_labels::repository_id.eq(repository.id.0))
        .filter(manifest_labels::manifest_id.eq(manifest.0))
        .count()
        .get_result(&mut **tx)?;
    if known >= MAX_LABELS {
        return Err(Error::invalid(
            "key",
            sentence!("said-labels-full", "A manifest has at most {most} labels; remove one first", most = MAX_LABELS),
        ));
    }
    diesel::insert_into(manifest_labels::table)
        .values((
            manifest_labels::uuid.eq(&new.uuid),
            manifest_labels::repository_id.eq(repository.id.0),
            manifest_labels::manifest_id.eq(manifest.0),
            manifest_labels::key.eq(&new.key),
            manifest_labels::value.eq(&new.value),
            manifest_labels::media_type.eq(new.media_type),
            manifest_labels::source.eq(LabelSource::Api),
            manifest_labels::created_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    let added = Label {
        uuid: new.uuid.clone(),
        key: new.key.clone(),
        value: new.value.clone(),
        source: LabelSource::Api,
        media_type: new.media_type.to_string(),
    };
    record(tx, repository, now, EventKind::ManifestLabelAdd, (digest, &added))?;
    Ok(added)
}

/// Takes a label off a manifest.
///
/// # Errors
/// `NotFound` for the manifest or the label; `Invalid` for a label the image brought with it.
pub fn delete(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    digest: &Digest,
    uuid: &str,
) -> Result<Label> {
    let manifest = manifest_here(tx, repository, digest)?;
    let label = here(tx, repository, manifest, uuid)?;
    if label.source != LabelSource::Api {
        return Err(Error::invalid(
            "label",
            sentence!("said-label-of-image", "The label {key} is part of the image and stays with it", key = label.key),
        ));
    }
    diesel::delete(manifest_labels::table.filter(manifest_labels::uuid.eq(uuid))).execute(&mut **tx)?;
    record(tx, repository, now, EventKind::ManifestLabelDelete, (digest, &label))?;
    Ok(label)
}

fn here(conn: &mut Conn, repository: &Repository, manifest: ManifestId, uuid: &str) -> Result<Label> {
    let row: Option<Row> = manifest_labels::table
        .filter(manifest_labels::uuid.eq(uuid))
        .filter(manifest_labels::repository_id.eq(repository.id.0))
        .filter(manifest_labels::manifest_id.eq(manifest.0))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    row.map(label).ok_or_else(|| Error::NotFound(Thing::Label(crate::error::shown(uuid))))
}

/// Indexes: `manifests.digest`, `repository_manifests` primary key.
fn manifest_here(conn: &mut Conn, repository: &Repository, digest: &Digest) -> Result<ManifestId> {
    let id: Option<i64> = manifests::table
        .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
        .filter(manifests::digest.eq(digest.as_str()))
        .filter(repository_manifests::repository_id.eq(repository.id.0))
        .select(manifests::id)
        .first(conn)
        .optional()?;
    id.map(ManifestId).ok_or_else(|| unknown(digest))
}

fn unknown(digest: &Digest) -> Error {
    Error::NotFound(Thing::Manifest(digest.to_string()))
}

fn record(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    kind: EventKind,
    (digest, label): (&Digest, &Label),
) -> Result<()> {
    let details = json!({
        "id": label.uuid,
        "key": label.key,
        "value": label.value,
        "media_type": label.media_type,
        "manifest_digest": digest.as_str(),
    });
    let event = Event::new(kind).repository(repository).digest(digest.as_str()).details(details);
    event::record(tx, repository.caller(), now, event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_words_joined_by_single_dots_and_dashes() {
        for right in ["a", "env", "team.name", "a-b.c-d", "0", &"a".repeat(255)] {
            assert!(is_key(right), "{right}");
        }
        for wrong in ["", "9bad key", "a..b", "a.-b", "-a", "a-", ".a", "A", "a_b", "a/b", "é", &"a".repeat(256)] {
            assert!(!is_key(wrong), "{wrong}");
        }
    }
}
