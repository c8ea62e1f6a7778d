//! Refused pulls and pushes, for those who want them in the usage log.
//!
//! Anybody can cause refusals, and as many as they like, so they cost a note in memory: equal ones are one event, and of
//! more than [`MAX_NOTED`] different ones in a second the rest is only counted in the process's log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use serde_json::json;

use super::{Event, EventKind, record};
use crate::db::schema::repositories;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::ids::{NamespaceId, RepositoryId};
use crate::oci::{Reference, RepositoryName};
use crate::principal::Caller;
use crate::time::{Clock, Timestamp};

/// How many different refusals of a second are written down.
pub const MAX_NOTED: usize = 500;
const MAX_MESSAGE: usize = 300;

/// What makes refusals equal.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    kind: EventKind,
    principal: String,
    ip: Option<std::net::IpAddr>,
    repository: RepositoryName,
    reference: Option<String>,
}

struct Noted {
    caller: Arc<Caller>,
    reference: Option<Reference>,
    message: String,
    times: i64,
}

#[derive(Default)]
struct Second {
    noted: HashMap<Key, Noted>,
    dropped: u64,
}

/// Refusals not written yet.
pub struct Refusals {
    db: Db,
    clock: Arc<dyn Clock>,
    second: Mutex<Second>,
}

/// A refusal.
pub struct Refusal<'r> {
    /// [`EventKind::PullRepoFailed`] or [`EventKind::PushRepoFailed`].
    pub kind: EventKind,
    /// Who was refused.
    pub caller: Arc<Caller>,
    /// What they asked for.
    pub repository: &'r RepositoryName,
    /// What of it.
    pub reference: Option<&'r Reference>,
    /// What they were told.
    pub message: String,
}

impl Refusals {
    /// Refusals to be written to this database.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Refusals {
        Refusals { db, clock, second: Mutex::default() }
    }

    /// Notes one.
    pub fn note(&self, refusal: Refusal<'_>) {
        let key = Key {
            kind: refusal.kind,
            principal: refusal.caller.principal.handle(),
            ip: refusal.caller.origin.ip,
            repository: refusal.repository.clone(),
            reference: refusal.reference.map(ToString::to_string),
        };
        let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        if second.noted.len() >= MAX_NOTED && !second.noted.contains_key(&key) {
            second.dropped += 1;
            return;
        }
        let noted = second.noted.entry(key).or_insert_with(|| Noted {
            caller: refusal.caller,
            reference: refusal.reference.cloned(),
            message: refusal.message.chars().take(MAX_MESSAGE).collect(),
            times: 0,
        });
        noted.times += 1;
    }

    /// Writes what was noted of repositories that exist.
    ///
    /// # Errors
    /// As the database's.
    pub async fn flush(&self) -> Result<()> {
        let Second { noted, dropped } =
            std::mem::take(&mut *self.second.lock().unwrap_or_else(PoisonError::into_inner));
        if dropped > 0 {
            tracing::warn!(dropped, "too many different refusals in a second to write all of them down");
        }
        if noted.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        self.db.write_relaxed(move |tx| write(tx, now, &noted)).await
    }
}

/// Index: `repositories.name`.
fn write(tx: &mut Tx<'_>, now: Timestamp, noted: &HashMap<Key, Noted>) -> Result<()> {
    let names: Vec<&str> = noted.keys().map(|key| key.repository.as_str()).collect();
    let known: Vec<(String, i64, i64)> = repositories::table
        .filter(repositories::name.eq_any(names))
        .select((repositories::name, repositories::id, repositories::namespace_id))
        .load(&mut **tx)?;
    let known: HashMap<&str, (i64, i64)> =
        known.iter().map(|(name, id, namespace)| (name.as_str(), (*id, *namespace))).collect();
    for (key, refusal) in noted {
        // What does not exist is nobody's log, and its name is the client's to make up.
        let Some((id, namespace)) = known.get(key.repository.as_str()) else { continue };
        let mut event = Event::new(key.kind)
            .namespace(NamespaceId(*namespace), key.repository.namespace())
            .repository_named(RepositoryId(*id), key.repository.as_str())
            .times(refusal.times)
            .details(json!({ "message": refusal.message }));
        event = match &refusal.reference {
            Some(Reference::Tag(tag)) => event.tag(tag.as_str()),
            Some(Reference::Digest(digest)) => event.digest(digest.as_str()),
            None => event,
        };
        record(tx, &refusal.caller, now, event)?;
    }
    Ok(())
}
