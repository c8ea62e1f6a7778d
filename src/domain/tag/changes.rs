//! What people do to tags by name: point them, bring them back, give them an end, wipe them out of the history.

use diesel::prelude::*;
use serde_json::json;

use super::moves::{Head, Pointed, Target, head, note_end, point, take};
use crate::access::{Authorized, Write};
use crate::db::Tx;
use crate::db::schema::{tag_events, tags};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::ManifestId;
use crate::manifest;
use crate::oci::{Digest, TagName};
use crate::repository::Repository;
use crate::time::Timestamp;

/// What is to become of a tag.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Where it is to point.
    pub digest: Option<Digest>,
    /// When it is to end; `Some(None)` takes the end away.
    pub expires_at: Option<Option<Timestamp>>,
}

/// What restoring a tag did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// It points there again.
    Moved,
    /// It pointed there already.
    Already,
}

/// Points a tag at a manifest of the repository, gives it an end, or both. A tag that is pointed and given no end has
/// none.
///
/// # Errors
/// `NotFound` for the manifest, or for the tag where there is nothing to point it at; `Invalid` for an end that is not
/// in the future.
pub fn change(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    tag: &TagName,
    change: &Change,
) -> Result<()> {
    if change.expires_at.flatten().is_some_and(|end| end <= now) {
        return Err(Error::invalid("expiration", "The expiration is a moment in the future, in seconds since 1970"));
    }
    if let Some(digest) = &change.digest {
        let manifest = manifest_here(tx, repository, digest)?;
        let target = Target { manifest, digest, expires_at: change.expires_at.flatten(), reversion: false };
        let (kind, original) = match point(tx, repository, tag, &target, now)? {
            Pointed::Already => return Ok(()),
            Pointed::New => (EventKind::CreateTag, None),
            Pointed::Moved(from) => (EventKind::MoveTag, Some(from)),
        };
        return write_moved(tx, repository, now, kind, (tag, digest.as_str(), original.as_deref()));
    }
    let head = alive(tx, repository, now, tag)?;
    match change.expires_at {
        Some(end) if end != head.expires_at => set_end(tx, repository, now, (tag, &head), end),
        _ => Ok(()),
    }
}

/// Points a tag at a manifest again, as a step back in its history.
///
/// # Errors
/// `NotFound` if the repository does not have the manifest any more.
pub fn restore(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    tag: &TagName,
    digest: &Digest,
) -> Result<Restored> {
    let manifest = manifest_here(tx, repository, digest)?;
    let target = Target { manifest, digest, expires_at: None, reversion: true };
    let original = match point(tx, repository, tag, &target, now)? {
        Pointed::Already => return Ok(Restored::Already),
        Pointed::New => None,
        Pointed::Moved(from) => Some(from),
    };
    write_moved(tx, repository, now, EventKind::RevertTag, (tag, digest.as_str(), original.as_deref()))?;
    Ok(Restored::Moved)
}

/// Takes a digest out of a tag's history, so that nobody restores it from there; with `alive` the tag that points at it
/// now is deleted as well, and without it that one stays. The manifest itself is not touched.
///
/// # Errors
/// `NotFound` if the tag never pointed there, or with `alive` does not now.
pub fn purge(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    (tag, digest): (&TagName, &Digest),
    live: bool,
) -> Result<()> {
    let unknown = || Error::NotFound(Thing::Tag(tag.to_string()));
    let head =
        head(tx, repository.id, tag.as_str())?.filter(|head| head.digest == digest.as_str() && !head.is_over(now));
    let mut kept: Option<i64> = None;
    match (&head, live) {
        (Some(head), true) => {
            take(tx, repository.id, head)?;
            let actor = repository.caller().principal.name();
            note_end(tx, repository.id, tag.as_str(), &head.digest, (actor, now))?;
        }
        (None, true) => return Err(unknown()),
        (Some(_), false) => kept = latest(tx, repository, tag)?,
        (None, false) => {}
    }
    let wiped = tag_events::table
        .filter(tag_events::repository_id.eq(repository.id.0))
        .filter(tag_events::tag.eq(tag.as_str()))
        .filter(tag_events::to_digest.eq(digest.as_str()))
        .filter(tag_events::id.ne(kept.unwrap_or(-1)));
    // The row stays: it says when what was before it ended.
    let wiped = diesel::update(wiped).set(tag_events::to_digest.eq(None::<String>)).execute(&mut **tx)?;
    if wiped == 0 {
        return Err(unknown());
    }
    write_moved(tx, repository, now, EventKind::PermanentlyDeleteTag, (tag, digest.as_str(), None))
}

/// Index: `tag_events_by_tag`.
fn latest(tx: &mut Tx<'_>, repository: &Authorized<Repository, Write>, tag: &TagName) -> Result<Option<i64>> {
    Ok(tag_events::table
        .filter(tag_events::repository_id.eq(repository.id.0))
        .filter(tag_events::tag.eq(tag.as_str()))
        .select(tag_events::id)
        .order(tag_events::id.desc())
        .first(&mut **tx)
        .optional()?)
}

fn manifest_here(tx: &mut Tx<'_>, repository: &Repository, digest: &Digest) -> Result<ManifestId> {
    manifest::hold_here(tx, repository.id, digest)?
        .ok_or_else(|| Error::NotFound(Thing::Manifest(digest.as_str().to_string())))
}

fn alive(tx: &mut Tx<'_>, repository: &Authorized<Repository, Write>, now: Timestamp, tag: &TagName) -> Result<Head> {
    head(tx, repository.id, tag.as_str())?
        .filter(|head| !head.is_over(now))
        .ok_or_else(|| Error::NotFound(Thing::Tag(tag.to_string())))
}

pub(super) fn set_end(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    (tag, head): (&TagName, &Head),
    end: Option<Timestamp>,
) -> Result<()> {
    diesel::update(tags::table.find(head.id)).set(tags::expires_at.eq(end.map(|end| end.0))).execute(&mut **tx)?;
    tx.touch_content(repository.id);
    let details = json!({
        "tag": tag.as_str(),
        "manifest_digest": head.digest,
        "expiration_date": end.map(Timestamp::seconds),
        "old_expiration_date": head.expires_at.map(Timestamp::seconds),
    });
    let event = Event::new(EventKind::ChangeTagExpiration)
        .repository(repository)
        .tag(tag.as_str())
        .digest(&head.digest)
        .details(details);
    event::record(tx, repository.caller(), now, event)
}

/// Writes down that a tag points elsewhere.
pub(super) fn write_moved(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    kind: EventKind,
    (tag, digest, original): (&TagName, &str, Option<&str>),
) -> Result<()> {
    tx.note_push(repository.id, now);
    tx.touch_content(repository.id);
    let details = json!({ "tag": tag.as_str(), "manifest_digest": digest, "original_manifest_digest": original });
    let event = Event::new(kind).repository(repository).tag(tag.as_str()).digest(digest).details(details);
    event::record(tx, repository.caller(), now, event)
}
