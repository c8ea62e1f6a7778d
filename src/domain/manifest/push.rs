//! Taking a manifest in.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::store::{link, store};
use crate::access::{Authorized, Write};
use crate::db::schema::{blobs, manifests, repository_blobs, repository_manifests};
use crate::db::{Conn, Tx, fixed};
use crate::deletion;
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::ids::RepositoryId;
use crate::label::{self, NewLabel};
use crate::oci::{Algorithm, Descriptor, Digest, Manifest, Reference, ReferenceKind, TagName, Violation};
use crate::repository::Repository;
use crate::tag::{self, Pointed, Target};
use crate::time::Timestamp;

/// How many digests are asked about at once; SQLite allows some thirty thousand.
const ASKED_AT_ONCE: usize = 1_000;

/// Whether an index may point at manifests that are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SparseIndexes {
    /// It may; platforms nobody needs are left out.
    Allowed,
    /// Everything it points at must have been pushed.
    Refused,
}

/// A manifest as a client sent it, read and checked on its own.
#[derive(Debug, Clone)]
pub struct PushedManifest {
    manifest: Manifest,
    bytes: Bytes,
    digest: Digest,
    tags: Vec<TagName>,
    labels: Vec<NewLabel>,
    expires_after: Option<Duration>,
}

/// What a push made of a manifest.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// Its digest.
    pub digest: Digest,
    /// The subject it names, to be echoed.
    pub subject: Option<Digest>,
    /// The tags that point at it now.
    pub tags: Vec<TagName>,
}

impl PushedManifest {
    /// Reads what was sent to `reference`, with more `tags` beside it. Takes time for large documents: not on an async
    /// thread.
    ///
    /// # Errors
    /// `Content` if it is no manifest or its digest is not the one it was sent under.
    pub fn read(
        content_type: Option<&str>,
        bytes: Bytes,
        reference: &Reference,
        tags: Vec<TagName>,
    ) -> Result<PushedManifest> {
        let manifest = Manifest::parse(content_type, &bytes)?;
        let (digest, tags) = match reference {
            Reference::Digest(expected) => {
                let actual = Digest::of(expected.algorithm(), &bytes);
                if actual != *expected {
                    return Err(Violation::DigestMismatch { expected: expected.clone(), actual }.into());
                }
                (actual, tags)
            }
            Reference::Tag(tag) => {
                (Digest::of(Algorithm::Sha256, &bytes), std::iter::once(tag.clone()).chain(tags).collect())
            }
        };
        Ok(PushedManifest { manifest, bytes, digest, tags, labels: Vec::new(), expires_after: None })
    }

    /// What it says about itself.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// With labels, and with the time after which its tags are to end.
    pub(super) fn labelled(self, labels: Vec<NewLabel>, expires_after: Option<Duration>) -> PushedManifest {
        PushedManifest { labels, expires_after, ..self }
    }
}

/// Stores a manifest in the repository and points its tags at it.
///
/// # Errors
/// `Content` if something it refers to is not in the repository or has another size than it says; `NotFound` if the
/// repository was deleted meanwhile.
pub fn push(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    pushed: &PushedManifest,
    sparse: SparseIndexes,
) -> Result<Pushed> {
    require_blobs(tx, repository.id, &pushed.manifest)?;
    require_manifests(tx, repository.id, &pushed.manifest, sparse)?;
    let id = store(tx, &pushed.manifest, &pushed.digest, &pushed.bytes, now)?;
    let subject = pushed.manifest.subject.as_ref().map(|subject| subject.digest.clone());
    link(tx, repository.id, id, (&pushed.manifest.media_type, subject.as_ref()), now)?;
    label::store_pushed(tx, repository.id, id, &pushed.labels, now)?;
    let expires_at = pushed.expires_after.map(|lifetime| now.plus(lifetime));
    let target = Target { manifest: id, digest: &pushed.digest, expires_at, reversion: false };
    tag::resize_indexes_of(tx, repository.id, &pushed.digest)?;
    let mut moved = false;
    for tag in &pushed.tags {
        moved |= tag::point(tx, repository, tag, &target, now)? != Pointed::Already;
    }
    deletion::require_live(tx, repository)?;
    tx.touch_content(repository.id);
    record(tx, repository, now, pushed)?;
    if moved {
        tx.note_push(repository.id, now);
    }
    Ok(Pushed { digest: pushed.digest.clone(), subject, tags: pushed.tags.clone() })
}

fn record(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    pushed: &PushedManifest,
) -> Result<()> {
    let details = json!({ "mediaType": pushed.manifest.media_type.as_str(), "tags": pushed.tags });
    let mut event =
        Event::new(EventKind::PushRepo).repository(repository).digest(pushed.digest.as_str()).details(details);
    if let Some(tag) = pushed.tags.first() {
        event = event.tag(tag.as_str());
    }
    event::record(tx, repository.caller(), now, event)
}

fn require_blobs(conn: &mut Conn, repository: RepositoryId, manifest: &Manifest) -> Result<()> {
    let needed: Vec<&Descriptor> = manifest
        .references()
        .filter(|(kind, descriptor)| {
            // Layers that may not be distributed are fetched from elsewhere; having them is fine too.
            matches!(kind, ReferenceKind::Config | ReferenceKind::Layer)
                && !descriptor.media_type.is_non_distributable()
        })
        .map(|(_, descriptor)| descriptor)
        .collect();
    let sizes = blob_sizes(conn, repository, &needed)?;
    for descriptor in needed {
        let actual = *sizes
            .get(descriptor.digest.as_str())
            .ok_or_else(|| Error::Content(Violation::BlobMissing(descriptor.digest.clone())))?;
        require_size(descriptor, actual)?;
    }
    Ok(())
}

fn require_manifests(
    conn: &mut Conn,
    repository: RepositoryId,
    manifest: &Manifest,
    sparse: SparseIndexes,
) -> Result<()> {
    let needed: Vec<&Descriptor> = manifest.manifests.iter().collect();
    let sizes = manifest_sizes(conn, repository, &needed)?;
    for descriptor in needed {
        match sizes.get(descriptor.digest.as_str()) {
            Some(actual) => require_size(descriptor, *actual)?,
            None if sparse == SparseIndexes::Allowed => {}
            None => return Err(Violation::ManifestMissing(descriptor.digest.clone()).into()),
        }
    }
    Ok(())
}

fn require_size(descriptor: &Descriptor, actual: i64) -> Result<()> {
    let actual = u64::try_from(actual).unwrap_or(0);
    if actual == descriptor.size {
        return Ok(());
    }
    Err(Violation::SizeMismatch { digest: descriptor.digest.clone(), declared: descriptor.size, actual }.into())
}

/// Indexes: `blobs.digest`, `repository_blobs` primary key.
fn blob_sizes(conn: &mut Conn, repository: RepositoryId, wanted: &[&Descriptor]) -> Result<HashMap<String, i64>> {
    let mut sizes = HashMap::new();
    for some in distinct(wanted).chunks(ASKED_AT_ONCE) {
        let rows: Vec<(String, i64)> = blobs::table
            .inner_join(repository_blobs::table.on(repository_blobs::blob_id.eq(blobs::id)))
            .filter(repository_blobs::repository_id.eq(repository.0))
            .filter(blobs::digest.eq_any(some.to_vec()))
            .select((blobs::digest, blobs::size))
            .load(conn)?;
        sizes.extend(rows);
    }
    Ok(sizes)
}

/// Indexes: `manifests.digest`, `repository_manifests` primary key.
fn manifest_sizes(conn: &mut Conn, repository: RepositoryId, wanted: &[&Descriptor]) -> Result<HashMap<String, i64>> {
    let mut sizes = HashMap::new();
    for some in distinct(wanted).chunks(ASKED_AT_ONCE) {
        let rows: Vec<(String, i64)> = manifests::table
            .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
            .filter(repository_manifests::repository_id.eq(repository.0))
            .filter(manifests::digest.eq_any(some.to_vec()))
            .select((manifests::digest, fixed::<BigInt>("CAST(LENGTH(manifests.bytes) AS BIGINT)")))
            .load(conn)?;
        sizes.extend(rows);
    }
    Ok(sizes)
}

fn distinct(descriptors: &[&Descriptor]) -> Vec<String> {
    let set: HashSet<&str> = descriptors.iter().map(|descriptor| descriptor.digest.as_str()).collect();
    set.into_iter().map(str::to_string).collect()
}
