//! The rows of a manifest: itself, its references, its link to a repository, its tags.

use bytes::Bytes;
use diesel::prelude::*;

use crate::db::schema::{manifest_references, manifests, repository_manifests};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::ids::{ManifestId, RepositoryId};
use crate::oci::{Digest, Manifest, MediaType, ReferenceKind};
use crate::on_backend;
use crate::time::Timestamp;

/// Rows of references inserted at once.
const INSERTED_AT_ONCE: usize = 500;

/// Larger annotations stay in the manifest only: lists of manifests repeat them for every entry.
const MAX_ANNOTATIONS: usize = 16 * 1024;

/// Stores a manifest if it is new.
pub(super) fn store(
    tx: &mut Tx<'_>,
    manifest: &Manifest,
    digest: &Digest,
    bytes: &Bytes,
    now: Timestamp,
) -> Result<ManifestId> {
    let annotations = serde_json::to_string(&manifest.annotations)
        .map_err(|source| Error::internal("storing the annotations of a manifest", source))?;
    let annotations = if annotations.len() > MAX_ANNOTATIONS { "{}".to_string() } else { annotations };
    let row = (
        manifests::digest.eq(digest.as_str()),
        manifests::media_type.eq(manifest.media_type.as_str()),
        manifests::artifact_type.eq(manifest.effective_artifact_type()),
        manifests::subject_digest.eq(manifest.subject.as_ref().map(|subject| subject.digest.as_str())),
        manifests::config_media_type.eq(manifest.config.as_ref().map(|config| config.media_type.as_str())),
        manifests::content_size.eq(i64::try_from(manifest.total_size()).unwrap_or(i64::MAX)),
        manifests::annotations.eq(annotations),
        manifests::bytes.eq(bytes.as_ref()),
        manifests::created_at.eq(now.0),
    );
    for _ in 0..3 {
        let new: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(manifests::table)
            .values(&row).on_conflict(manifests::digest).do_nothing().returning(manifests::id).get_result(c).optional())?;
        if let Some(id) = new {
            store_references(tx, id, manifest)?;
            return Ok(ManifestId(id));
        }
        let known = manifests::table.filter(manifests::digest.eq(digest.as_str())).select(manifests::id);
        let known: Option<i64> = known.first(&mut **tx).optional()?;
        if let Some(id) = known
            && hold(tx, id, Hold::ForUse)?
        {
            return Ok(ManifestId(id));
        }
        // Deleted between the two statements; it is new again.
    }
    Err(Error::Busy { retry_after: std::time::Duration::from_secs(1) })
}

/// What a manifest's row is held for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// To be linked: others may do the same, nobody may delete it.
    ForUse,
    /// To be deleted: nobody may use it.
    ForDeletion,
}

/// Holds a manifest's row until the transaction ends; `false` if it is gone. SQLite has one writer anyway.
pub(super) fn hold(tx: &mut Tx<'_>, manifest: i64, how: Hold) -> Result<bool> {
    let Conn::Postgres(conn) = &mut **tx else { return Ok(true) };
    let row = manifests::table.find(manifest).select(manifests::id);
    let row: Option<i64> = match how {
        Hold::ForUse => row.for_key_share().first(conn).optional()?,
        Hold::ForDeletion => row.for_update().first(conn).optional()?,
    };
    Ok(row.is_some())
}

/// The manifest of this digest if the repository has it, held so that nobody deletes it before the transaction ends.
/// Indexes: `manifests.digest`, `repository_manifests` primary key.
pub(crate) fn hold_here(tx: &mut Tx<'_>, repository: RepositoryId, digest: &Digest) -> Result<Option<ManifestId>> {
    let known = manifests::table.filter(manifests::digest.eq(digest.as_str())).select(manifests::id);
    let known: Option<i64> = known.first(&mut **tx).optional()?;
    let Some(id) = known else { return Ok(None) };
    if !hold(tx, id, Hold::ForUse)? {
        return Ok(None);
    }
    let link = repository_manifests::table.find((repository.0, id)).select(repository_manifests::manifest_id);
    let link: Option<i64> = link.first(&mut **tx).optional()?;
    Ok(link.map(ManifestId))
}

#[derive(Insertable)]
#[diesel(table_name = manifest_references)]
struct ReferenceRow<'a> {
    manifest_id: i64,
    position: i32,
    kind: &'a str,
    digest: &'a str,
    media_type: &'a str,
    size: i64,
    platform: Option<String>,
}

fn store_references(tx: &mut Tx<'_>, manifest_id: i64, manifest: &Manifest) -> Result<()> {
    let content = manifest.references().map(|(kind, descriptor)| (word_for(kind), descriptor));
    let subject = manifest.subject.iter().map(|subject| ("subject", subject));
    let rows: Vec<ReferenceRow<'_>> = content
        .chain(subject)
        .zip(0..)
        .map(|((kind, descriptor), position)| ReferenceRow {
            manifest_id,
            position,
            kind,
            digest: descriptor.digest.as_str(),
            media_type: descriptor.media_type.as_str(),
            size: i64::try_from(descriptor.size).unwrap_or(i64::MAX),
            platform: descriptor.platform.as_ref().map(ToString::to_string),
        })
        .collect();
    for some in rows.chunks(INSERTED_AT_ONCE) {
        on_backend!(&mut *tx, c => diesel::insert_into(manifest_references::table).values(some).execute(c))?;
    }
    Ok(())
}

fn word_for(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Config => "config",
        ReferenceKind::Layer => "layer",
        ReferenceKind::Manifest => "child",
    }
}

/// Gives the repository the right to a manifest.
pub(super) fn link(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    manifest: ManifestId,
    (media_type, subject): (&MediaType, Option<&Digest>),
    now: Timestamp,
) -> Result<()> {
    let row = (
        repository_manifests::media_type.eq(media_type.as_str()),
        repository_manifests::repository_id.eq(repository.0),
        repository_manifests::manifest_id.eq(manifest.0),
        repository_manifests::subject_digest.eq(subject.map(Digest::as_str)),
        repository_manifests::pushed_at.eq(now.0),
    );
    on_backend!(&mut *tx, c => diesel::insert_into(repository_manifests::table)
        .values(row)
        .on_conflict((repository_manifests::repository_id, repository_manifests::manifest_id))
        .do_update()
        .set((repository_manifests::pushed_at.eq(now.0), repository_manifests::media_type.eq(media_type.as_str())))
        .execute(c))?;
    Ok(())
}
