//! Counting pulls without a write for each.
//!
//! A pull is noted in memory and written with others within a second: one event for all equal ones, and the counters of
//! the manifest and the tag. A crash loses at most that second; nothing waits for the database on the way out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Authorized, Read};
use crate::db::schema::{repository_manifests, tags};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::event::{self, Event, EventKind};
use crate::ids::ManifestId;
use crate::manifest::StoredManifest;
use crate::oci::Reference;
use crate::principal::Caller;
use crate::repository::Repository;
use crate::time::{Clock, Timestamp};

/// More different pulls than this in one second are counted, but their events are not told apart by caller.
const MAX_NOTED: usize = 20_000;

/// What makes pulls equal: caller, repository, manifest, tag.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    principal: (&'static str, Option<i64>),
    ip: Option<std::net::IpAddr>,
    repository: i64,
    manifest: ManifestId,
    tag: Option<Box<str>>,
}

struct Noted {
    repository: Authorized<Repository, Read>,
    caller: Arc<Caller>,
    manifest: Arc<StoredManifest>,
    times: i64,
}

/// Pulls not written yet.
pub struct Pulls {
    db: Db,
    clock: Arc<dyn Clock>,
    noted: Mutex<HashMap<Key, Noted>>,
}

impl Pulls {
    /// Pulls to be written to this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Pulls {
        Pulls { db, clock, noted: Mutex::default() }
    }

    /// Notes that a manifest was sent.
    pub fn note(
        &self,
        repository: &Authorized<Repository, Read>,
        reference: &Reference,
        manifest: &Arc<StoredManifest>,
    ) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let full = noted.len() >= MAX_NOTED;
        let caller = repository.caller();
        let tag = match reference {
            Reference::Tag(tag) => Some(tag.as_str().into()),
            Reference::Digest(_) => None,
        };
        let key = Key {
            principal: if full { ("anonymous", None) } else { caller.principal.kind_and_id() },
            ip: if full { None } else { caller.origin.ip },
            repository: repository.id.0,
            manifest: manifest.id,
            tag,
        };
        let entry = noted.entry(key).or_insert_with(|| Noted {
            repository: repository.clone(),
            caller: if full {
                Arc::new(Caller::anonymous(crate::principal::Origin::default()))
            } else {
                repository.shared_caller()
            },
            manifest: manifest.clone(),
            times: 0,
        });
        entry.times += 1;
    }

    /// Writes what was noted; returns how many pulls that were. What could not be written is lost and said so.
    ///
    /// # Errors
    /// As the database's.
    pub async fn flush(&self) -> Result<i64> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(0);
        }
        let total = noted.values().map(|pull| pull.times).sum();
        let mut pulls: Vec<(Key, Noted)> = noted.into_iter().collect();
        // One order for all replicas: two that update the same counters must not wait for each other in a circle.
        pulls.sort_by(|(a, _), (b, _)| (a.repository, a.manifest, &a.tag).cmp(&(b.repository, b.manifest, &b.tag)));
        let now = self.clock.now();
        while !pulls.is_empty() {
            let some = pulls.split_off(pulls.len().saturating_sub(500));
            self.db.write_relaxed(move |tx| write(tx, now, &some)).await?;
        }
        Ok(total)
    }
}

/// Manifests before tags, as who deletes a manifest with its tags goes about it.
fn write(tx: &mut Tx<'_>, now: Timestamp, pulls: &[(Key, Noted)]) -> Result<()> {
    use repository_manifests as m;
    for (key, pull) in pulls {
        diesel::update(m::table.find((key.repository, key.manifest.0)))
            .set((m::pulls.eq(m::pulls + pull.times), m::last_pulled_at.eq(now.0)))
            .execute(&mut **tx)?;
        tx.count_pulls(pull.repository.id, pull.times);
    }
    let mut by_tag: Vec<&(Key, Noted)> = pulls.iter().collect();
    by_tag.sort_by(|(a, _), (b, _)| (a.repository, &a.tag).cmp(&(b.repository, &b.tag)));
    by_tag.into_iter().try_for_each(|(key, pull)| count_of_tag(tx, now, key, pull))
}

fn count_of_tag(tx: &mut Tx<'_>, now: Timestamp, key: &Key, pull: &Noted) -> Result<()> {
    let mut event = Event::new(EventKind::PullRepo)
        .repository(&pull.repository)
        .digest(pull.manifest.digest.as_str())
        .times(pull.times)
        .details(json!({ "mediaType": pull.manifest.media_type.as_str() }));
    if let Some(tag) = &key.tag {
        diesel::update(tags::table.filter(tags::repository_id.eq(key.repository)).filter(tags::name.eq(tag.as_ref())))
            .set((tags::pulls.eq(tags::pulls + pull.times), tags::last_pulled_at.eq(now.0)))
            .execute(&mut **tx)?;
        event = event.tag(tag);
    }
    event::record(tx, &pull.caller, now, event)
}
