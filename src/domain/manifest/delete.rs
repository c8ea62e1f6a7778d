//! Taking tags and manifests out of a repository.

use diesel::prelude::*;
use serde_json::json;

use super::store::{Hold, hold};
use crate::access::{Authorized, Write};
use crate::db::schema::{manifest_labels, manifests, repository_manifests, tags};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::RepositoryId;
use crate::oci::{Digest, TagName};
use crate::repository::Repository;
use crate::tag;
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
    match tag::delete(tx, repository, now, tag)? {
        Some(_) => Ok(()),
        None => Err(Error::NotFound(Thing::Manifest(tag.to_string()))),
    }
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
    let names = hold_tags_of(tx, repository.id, id)?;
    for name in &names {
        tag::note_end(tx, repository.id, name, digest.as_str(), (repository.caller().principal.name(), now))?;
    }
    let pointing = tags::table.filter(tags::manifest_id.eq(id)).filter(tags::repository_id.eq(repository.id.0));
    let gone = diesel::delete(pointing).execute(&mut **tx)?;
    tx.count_tags(repository.id, -i64::try_from(gone).unwrap_or(0));
    let labels = manifest_labels::table.filter(manifest_labels::manifest_id.eq(id));
    diesel::delete(labels.filter(manifest_labels::repository_id.eq(repository.id.0))).execute(&mut **tx)?;
    diesel::delete(repository_manifests::table.find((repository.id.0, id))).execute(&mut **tx)?;
    let elsewhere: Option<i64> = repository_manifests::table
        .filter(repository_manifests::manifest_id.eq(id))
        .select(repository_manifests::repository_id)
        .first(&mut **tx)
        .optional()?;
    tag::resize_indexes_of(tx, repository.id, digest)?;
    if elsewhere.is_none() {
        diesel::delete(manifests::table.find(id)).execute(&mut **tx)?;
    }
    if !names.is_empty() {
        tx.note_push(repository.id, now);
    }
    tx.touch_content(repository.id);
    let event = Event::new(EventKind::DeleteManifest)
        .repository(repository)
        .digest(digest.as_str())
        .details(json!({ "tags": names.iter().take(100).collect::<Vec<_>>() }));
    event::record(tx, repository.caller(), now, event)
}

/// The names of the tags that point at it, held with its place in the repository until the transaction ends: first the
/// manifest and then the tags, in their order, as who counts pulls goes about it. SQLite has one writer anyway.
fn hold_tags_of(tx: &mut Tx<'_>, repository: RepositoryId, manifest: i64) -> Result<Vec<String>> {
    let pointing = tags::table.filter(tags::manifest_id.eq(manifest)).filter(tags::repository_id.eq(repository.0));
    let names = pointing.order(tags::name).select(tags::name);
    Ok(match &mut **tx {
        Conn::Postgres(conn) => {
            let place = repository_manifests::table.find((repository.0, manifest));
            place.select(repository_manifests::manifest_id).for_update().first::<i64>(conn).optional()?;
            names.for_update().load(conn)?
        }
        Conn::Sqlite(conn) => names.load(conn)?,
    })
}
