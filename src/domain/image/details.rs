//! Where a manifest stands in its repository.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::db::schema::{manifests, repository_manifests, tags};
use crate::error::{Error, Result, Thing};
use crate::ids::ManifestId;
use crate::label::{self, Label};
use crate::oci::{Descriptor, Digest, Kind, Manifest, MediaType, Platform};
use crate::repository::Repository;
use crate::time::Timestamp;

/// Tags shown of one manifest.
const SHOWN_TAGS: usize = 50;
/// Digests asked about at once.
const ASKED_AT_ONCE: usize = 1_000;
/// What BuildKit's provenance and inventories say that they are about.
///
/// Source: Docker documentation, "Image attestation storage".
const ATTESTED: &str = "vnd.docker.reference.digest";
const ATTESTATION: (&str, &str) = ("vnd.docker.reference.type", "attestation-manifest");

/// A manifest of a repository.
#[derive(Debug, Clone)]
pub struct Details {
    /// Row.
    pub id: ManifestId,
    /// Digest.
    pub digest: Digest,
    /// What it says about itself.
    pub manifest: Manifest,
    /// The type it is served with here.
    pub media_type: MediaType,
    /// What it is, as written or, for an image, by the type of its configuration; `None` for most indexes.
    pub artifact_type: Option<String>,
    /// Bytes of the manifest itself.
    pub manifest_size: u64,
    /// Bytes of configuration and layers; of an index, of all that it lists and the repository has, each once.
    pub total_size: u64,
    /// Labels, those people added included.
    pub labels: Vec<Label>,
    /// When it was last pushed here.
    pub pushed_at: Timestamp,
    /// How often it was pulled from here.
    pub pulls: i64,
    /// When last.
    pub last_pulled_at: Option<Timestamp>,
    /// What an index lists, in its order; empty for an image.
    pub children: Vec<Child>,
}

/// A manifest that an index lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Digest.
    pub digest: Digest,
    /// Media type.
    pub media_type: MediaType,
    /// What it is, if the index says.
    pub artifact_type: Option<String>,
    /// Where it runs, if the index says.
    pub platform: Option<Platform>,
    /// Bytes of the manifest itself.
    pub size: u64,
    /// Bytes of its configuration and layers; `None` if the repository does not have it.
    pub content_size: Option<u64>,
    /// What the index says about it.
    pub annotations: BTreeMap<String, String>,
}

impl Details {
    /// Whether it is a list of manifests.
    pub fn is_index(&self) -> bool {
        self.manifest.kind == Kind::Index
    }

    /// Annotations of the manifest itself.
    pub fn annotations(&self) -> &BTreeMap<String, String> {
        &self.manifest.annotations
    }

    /// The platforms an index is for, each once, in its order. An image says its own in its configuration.
    pub fn platforms(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let named = self.children.iter().filter_map(Child::runs_on);
        named.filter(|platform| seen.insert(platform.clone())).collect()
    }
}

impl Child {
    /// Whether the repository has it.
    pub fn is_here(&self) -> bool {
        self.content_size.is_some()
    }

    /// The manifest this is an attestation about, as BuildKit puts them into the index of the image.
    pub fn attests(&self) -> Option<&str> {
        let (key, value) = ATTESTATION;
        let is_one = self.annotations.get(key).is_some_and(|written| written == value);
        self.annotations.get(ATTESTED).map(String::as_str).filter(|_| is_one)
    }

    /// The platform it is an image for; `None` for attestations and what does not say.
    pub fn runs_on(&self) -> Option<String> {
        let known = |platform: &&Platform| !platform.os.is_empty() && platform.os != "unknown";
        let platform = self.platform.as_ref().filter(known)?;
        self.attests().is_none().then(|| match &platform.os_version {
            Some(version) => format!("{platform} {version}"),
            None => platform.to_string(),
        })
    }
}

/// A manifest of the repository with what a page shows of it.
///
/// # Errors
/// `NotFound`; else as [`details_of`].
pub fn details(conn: &mut Conn, repository: &Authorized<Repository, Read>, digest: &Digest) -> Result<Details> {
    let found = details_of(conn, repository, std::slice::from_ref(digest))?.pop().flatten();
    found.ok_or_else(|| Error::NotFound(Thing::Manifest(digest.to_string())))
}

/// Manifests in the order asked for; `None` for those that the repository does not have.
///
/// Two statements, one more for each thousand manifests that indexes among them list. Indexes: `manifests.digest`,
/// `repository_manifests` primary key, `manifest_labels_by_manifest`.
///
/// # Errors
/// As the database's.
pub fn details_of(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    digests: &[Digest],
) -> Result<Vec<Option<Details>>> {
    let mut found = HashMap::new();
    for row in rows(conn, repository, digests)? {
        let manifest = Manifest::parse(Some(&row.media_type), &row.bytes)?;
        found.insert(row.digest.clone(), (row, manifest));
    }
    let ids: Vec<ManifestId> = found.values().map(|(row, _)| ManifestId(row.id)).collect();
    let mut labels = label::of_manifests(conn, repository, &ids)?;
    let listed: Vec<&Descriptor> = found.values().flat_map(|(_, manifest)| &manifest.manifests).collect();
    let sizes = sizes_here(conn, repository, &listed)?;
    let all: Result<HashMap<String, Details>> = found
        .into_iter()
        .map(|(digest, (row, manifest))| {
            let labels = labels.remove(&row.id).unwrap_or_default();
            Ok((digest, described(row, manifest, labels, &sizes)?))
        })
        .collect();
    let all = all?;
    Ok(digests.iter().map(|digest| all.get(digest.as_str()).cloned()).collect())
}

fn described(row: Row, manifest: Manifest, labels: Vec<Label>, sizes: &HashMap<String, u64>) -> Result<Details> {
    let children = children(&manifest, &row.bytes, sizes);
    let total_size = match manifest.kind {
        Kind::Image => manifest.total_size(),
        Kind::Index => size_of_all(&children),
    };
    Ok(Details {
        id: ManifestId(row.id),
        digest: row.digest.parse()?,
        artifact_type: manifest.effective_artifact_type().map(str::to_string),
        manifest_size: row.bytes.len() as u64,
        pushed_at: Timestamp(row.pushed_at),
        pulls: row.pulls,
        last_pulled_at: row.last_pulled_at.map(Timestamp),
        media_type: row.media_type.parse()?,
        manifest,
        total_size,
        labels,
        children,
    })
}

#[derive(Queryable)]
struct Row {
    id: i64,
    digest: String,
    bytes: Vec<u8>,
    media_type: String,
    pushed_at: i64,
    pulls: i64,
    last_pulled_at: Option<i64>,
}

fn rows(conn: &mut Conn, repository: &Repository, digests: &[Digest]) -> Result<Vec<Row>> {
    Ok(manifests::table
        .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
        .filter(manifests::digest.eq_any(digests.iter().map(Digest::as_str)))
        .filter(repository_manifests::repository_id.eq(repository.id.0))
        .select((
            manifests::id,
            manifests::digest,
            manifests::bytes,
            repository_manifests::media_type,
            repository_manifests::pushed_at,
            repository_manifests::pulls,
            repository_manifests::last_pulled_at,
        ))
        .load(conn)?)
}

/// Tags that point at a manifest now, in the order of their names, fifty at most, and whether there are more. One
/// statement. Index: `tags_by_manifest`.
///
/// # Errors
/// As the database's.
pub fn tags_at(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    manifest: ManifestId,
    now: Timestamp,
) -> Result<(Vec<String>, bool)> {
    let mut names: Vec<String> = tags::table
        .filter(tags::manifest_id.eq(manifest.0))
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::expires_at.is_null().or(tags::expires_at.gt(now.0)))
        .select(tags::name)
        .order(tags::name)
        .limit(i64::try_from(SHOWN_TAGS + 1).unwrap_or(i64::MAX))
        .load(conn)?;
    let more = names.len() > SHOWN_TAGS;
    names.truncate(SHOWN_TAGS);
    Ok((names, more))
}

fn children(manifest: &Manifest, bytes: &[u8], sizes: &HashMap<String, u64>) -> Vec<Child> {
    if manifest.manifests.is_empty() {
        return Vec::new();
    }
    let mut annotations = child_annotations(bytes).into_iter();
    let child = |listed: &Descriptor| Child {
        content_size: sizes.get(listed.digest.as_str()).copied(),
        digest: listed.digest.clone(),
        media_type: listed.media_type.clone(),
        artifact_type: listed.artifact_type.clone(),
        platform: listed.platform.clone(),
        size: listed.size,
        annotations: annotations.next().unwrap_or_default(),
    };
    manifest.manifests.iter().map(child).collect()
}

/// Bytes of the content of those manifests that the repository has.
fn sizes_here(conn: &mut Conn, repository: &Repository, wanted: &[&Descriptor]) -> Result<HashMap<String, u64>> {
    let mut sizes = HashMap::new();
    for some in wanted.chunks(ASKED_AT_ONCE) {
        let digests = some.iter().map(|listed| listed.digest.as_str());
        let rows: Vec<(String, i64)> = manifests::table
            .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
            .filter(repository_manifests::repository_id.eq(repository.id.0))
            .filter(manifests::digest.eq_any(digests))
            .select((manifests::digest, manifests::content_size))
            .load(conn)?;
        sizes.extend(rows.into_iter().map(|(digest, size)| (digest, u64::try_from(size).unwrap_or(0))));
    }
    Ok(sizes)
}

fn size_of_all(children: &[Child]) -> u64 {
    let mut seen = HashSet::new();
    let distinct = children.iter().filter(|child| seen.insert(&child.digest));
    distinct.filter_map(|child| child.content_size).fold(0, u64::saturating_add)
}

/// What an index says about each of its manifests. Not part of [`Descriptor`]: a push must not fail for what only a page
/// shows, so values that are no text are left out here.
fn child_annotations(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    #[derive(Deserialize)]
    struct Index {
        manifests: Vec<Listed>,
    }
    #[derive(Deserialize)]
    struct Listed {
        #[serde(default)]
        annotations: Value,
    }
    let texts = |listed: Listed| match listed.annotations {
        Value::Object(pairs) => pairs
            .into_iter()
            .filter_map(|(key, value)| match value {
                Value::String(text) => Some((key, text)),
                _ => None,
            })
            .collect(),
        _ => BTreeMap::new(),
    };
    serde_json::from_slice::<Index>(bytes)
        .map(|index| index.manifests.into_iter().map(texts).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(platform: Option<(&str, &str)>, annotations: &[(&str, &str)]) -> Child {
        let platform = platform.map(|(os, architecture)| Platform {
            os: os.into(),
            architecture: architecture.into(),
            variant: None,
            os_version: None,
        });
        Child {
            digest: Digest::of(crate::oci::Algorithm::Sha256, b"child"),
            media_type: MediaType::OCI_MANIFEST,
            artifact_type: None,
            platform,
            size: 2,
            content_size: Some(5),
            annotations: annotations.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        }
    }

    #[test]
    fn attestations_of_buildkit_run_nowhere() {
        let about = [("vnd.docker.reference.type", "attestation-manifest"), (ATTESTED, "sha256:1")];
        let attestation = child(Some(("unknown", "unknown")), &about);

        assert_eq!(attestation.attests(), Some("sha256:1"));
        assert_eq!(attestation.runs_on(), None);
        assert_eq!(child(Some(("linux", "arm64")), &[]).runs_on().as_deref(), Some("linux/arm64"));
        assert_eq!(child(Some(("linux", "arm64")), &about[1..]).attests(), None);
    }

    #[test]
    fn annotations_that_are_no_text_are_left_out() {
        let index = br#"{"manifests":[{"annotations":{"a":"b","c":1}},{"annotations":[]},{}]}"#;

        let read = child_annotations(index);

        assert_eq!(read, [BTreeMap::from([("a".into(), "b".into())]), BTreeMap::new(), BTreeMap::new()]);
    }

    #[test]
    fn what_is_listed_twice_counts_once() {
        let one = child(None, &[]);

        assert_eq!(size_of_all(&[one.clone(), one]), 5);
    }
}
