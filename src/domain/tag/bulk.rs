//! Changing many tags at once: those that are not there are reported and hold up nothing.
//!
//! What was before is part of the answer, so that whoever did it can take it back.

use super::changes::{set_end, write_moved};
use super::moves::{Pointed, Target, head, note_end, point, take};
use crate::access::{Authorized, Read, Write};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::manifest;
use crate::oci::{Digest, TagName};
use crate::repository::Repository;
use crate::sentence::sentence;
use crate::time::Timestamp;
use serde_json::json;

/// How many tags are changed at once at most.
pub const MOST_AT_ONCE: usize = 500;

/// Where a tag pointed and until when, before a change: what brings it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Name.
    pub tag: TagName,
    /// The manifest.
    pub digest: Digest,
    /// When it was to end.
    pub expires_at: Option<Timestamp>,
}

/// What became of many tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// As they were before.
    pub changed: Vec<Before>,
    /// Those that are as they were asked to be already.
    pub unchanged: Vec<TagName>,
    /// Those that are not there, or, of what is to come back, cannot.
    pub missing: Vec<TagName>,
}

/// Where a tag points and until when, if there is such a tag. Index: `tags (repository_id, name)`.
///
/// # Errors
/// As the database's.
pub fn pointed(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    tag: &TagName,
) -> Result<Option<Before>> {
    let head = head(conn, repository.id, tag.as_str())?.filter(|head| !head.is_over(now));
    head.map(|head| Ok(Before { tag: tag.clone(), digest: head.digest.parse()?, expires_at: head.expires_at }))
        .transpose()
}

/// Deletes a tag; the manifest stays, reachable by digest. What it was, or nothing if there is no such tag.
///
/// # Errors
/// As the database's.
pub(crate) fn delete(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    tag: &TagName,
) -> Result<Option<Before>> {
    let Some(head) = head(tx, repository.id, tag.as_str())?.filter(|head| !head.is_over(now)) else {
        return Ok(None);
    };
    // Another change may have been faster.
    if !take(tx, repository.id, &head)? {
        return Ok(None);
    }
    note_end(tx, repository.id, tag.as_str(), &head.digest, (repository.caller().principal.name(), now))?;
    tx.note_push(repository.id, now);
    tx.touch_content(repository.id);
    let event = Event::new(EventKind::DeleteTag)
        .repository(repository)
        .tag(tag.as_str())
        .digest(&head.digest)
        .details(json!({ "tag": tag.as_str(), "manifest_digest": head.digest }));
    event::record(tx, repository.caller(), now, event)?;
    Ok(Some(Before { tag: tag.clone(), digest: head.digest.parse()?, expires_at: head.expires_at }))
}

/// Deletes these tags; [`restore_many`] brings them back.
///
/// # Errors
/// `Invalid` for more than [`MOST_AT_ONCE`].
pub fn delete_many(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    tags: &[TagName],
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for tag in in_order(tags, TagName::as_str)? {
        match delete(tx, repository, now, tag)? {
            Some(before) => outcome.changed.push(before),
            None => outcome.missing.push(tag.clone()),
        }
    }
    Ok(outcome)
}

/// Gives each of these tags an end or takes it away; what comes back says what ends they had.
///
/// # Errors
/// `Invalid` for an end that is not in the future, and for more than [`MOST_AT_ONCE`].
pub fn set_expirations(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    ends: &[(TagName, Option<Timestamp>)],
) -> Result<Outcome> {
    if ends.iter().any(|(_, end)| end.is_some_and(|end| end <= now)) {
        return Err(Error::invalid(
            "expiration",
            sentence!("said-expiration-future", "The expiration is a moment in the future"),
        ));
    }
    let mut outcome = Outcome::default();
    for (tag, end) in in_order(ends, |(tag, _)| tag.as_str())? {
        match head(tx, repository.id, tag.as_str())?.filter(|head| !head.is_over(now)) {
            None => outcome.missing.push(tag.clone()),
            Some(head) if head.expires_at == *end => outcome.unchanged.push(tag.clone()),
            Some(head) => {
                set_end(tx, repository, now, (tag, &head), *end)?;
                let digest = head.digest.parse()?;
                outcome.changed.push(Before { tag: tag.clone(), digest, expires_at: head.expires_at });
            }
        }
    }
    Ok(outcome)
}

/// Brings deleted tags back as they were. Missing are those whose manifest is gone, whose end came meanwhile, and those
/// somebody pointed elsewhere since: what came later is not undone.
///
/// # Errors
/// `Invalid` for more than [`MOST_AT_ONCE`].
pub fn restore_many(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    before: &[Before],
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for was in in_order(before, |was| was.tag.as_str())? {
        let there = head(tx, repository.id, was.tag.as_str())?.filter(|head| !head.is_over(now));
        match there {
            Some(head) if head.digest == was.digest.as_str() => outcome.unchanged.push(was.tag.clone()),
            Some(_) => outcome.missing.push(was.tag.clone()),
            None if bring_back(tx, repository, now, was)? => outcome.changed.push(was.clone()),
            None => outcome.missing.push(was.tag.clone()),
        }
    }
    Ok(outcome)
}

fn bring_back(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    was: &Before,
) -> Result<bool> {
    if was.expires_at.is_some_and(|end| end <= now) {
        return Ok(false);
    }
    let Some(manifest) = manifest::hold_here(tx, repository.id, &was.digest)? else { return Ok(false) };
    let target = Target { manifest, digest: &was.digest, expires_at: was.expires_at, reversion: true };
    if point(tx, repository, &was.tag, &target, now)? != Pointed::Already {
        write_moved(tx, repository, now, EventKind::RevertTag, (&was.tag, was.digest.as_str(), None))?;
    }
    Ok(true)
}

/// Each once and in the order of the names: two that change the same tags must not wait for each other in a circle.
fn in_order<T>(all: &[T], name: impl Fn(&T) -> &str) -> Result<Vec<&T>> {
    if all.len() > MOST_AT_ONCE {
        let message = sentence!(
            "said-tags-at-once",
            "At most {most} tags are changed at once; these are {count}",
            most = MOST_AT_ONCE,
            count = all.len()
        );
        return Err(Error::invalid("tags", message));
    }
    let mut sorted: Vec<&T> = all.iter().collect();
    sorted.sort_by(|a, b| name(a).cmp(name(b)));
    sorted.dedup_by(|a, b| name(a) == name(b));
    Ok(sorted)
}
