//! Taking tags and manifests out of a repository.

use diesel::prelude::*;
use serde_json::json;

use super::store::{Hold, hold, note_move};
use crate::access::{Authorized, Write};
use crate::db::Tx;
use crate::db::schema::{manifests, repository_manifests, tags};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::oci::{Digest, TagName};
use crate::repository::Repository;
use crate::time::Timestamp;

/// Removes a tag; the manifest stays, reachable by digest.
///
/// # Errors
/// `NotFound`.
pub fn delete_tag(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    tag: &TagName,
) -> Result<()> {
    let row: Option<(i64, String)> = tags::table
        .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::name.eq(tag.as_str()))
        .select((tags::id, manifests::digest))
        .first(&mut **tx)
        .optional()?;
    let (id, digest) = row.ok_or_else(|| Error::NotFound(Thing::Manifest(tag.to_string())))?;
    diesel::delete(tags::table.find(id)).execute(&mut **tx)?;
    note_move(tx, repository, tag.as_str(), (Some(&digest), None), now)?;
    tx.touch_content(repository.id);
    let event = Event::new(EventKind::DeleteTag).repository(repository).tag(tag.as_str()).digest(&digest);
    event::record(tx, repository.caller(), now, event)
}

/// Removes a manifest and every tag that points at it. Its row goes too when no other repository has it.
///
/// # Errors
/// `NotFound`.
pub fn delete_manifest(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    digest: &Digest,
) -> Result<()> {
    let id: Option<i64> = manifests::table
        .inner_join(repository_manifests::table.on(repository_manifests::manifest_id.eq(manifests::id)))
        .filter(manifests::digest.eq(digest.as_str()))
        .filter(repository_manifests::repository_id.eq(repository.id.0))
        .select(manifests::id)
        .first(&mut **tx)
        .optional()?;
    let id = id.ok_or_else(|| Error::NotFound(Thing::Manifest(digest.to_string())))?;
    hold(tx, id, Hold::ForDeletion)?;
    let pointing = tags::table.filter(tags::manifest_id.eq(id)).filter(tags::repository_id.eq(repository.id.0));
    let names: Vec<String> = pointing.select(tags::name).load(&mut **tx)?;
    for name in &names {
        note_move(tx, repository, name, (Some(digest.as_str()), None), now)?;
    }
    diesel::delete(pointing).execute(&mut **tx)?;
    diesel::delete(repository_manifests::table.find((repository.id.0, id))).execute(&mut **tx)?;
    let elsewhere: Option<i64> = repository_manifests::table
        .filter(repository_manifests::manifest_id.eq(id))
        .select(repository_manifests::repository_id)
        .first(&mut **tx)
        .optional()?;
    if elsewhere.is_none() {
        diesel::delete(manifests::table.find(id)).execute(&mut **tx)?;
    }
    tx.touch_content(repository.id);
    let event = Event::new(EventKind::DeleteManifest)
        .repository(repository)
        .digest(digest.as_str())
        .details(json!({ "tags": names.iter().take(100).collect::<Vec<_>>() }));
    event::record(tx, repository.caller(), now, event)
}
