//! Deleting a repository.

use diesel::prelude::*;
use serde_json::json;

use super::Repository;
use crate::access::{Admin, Authorized};
use crate::db::Tx;
use crate::db::schema::repositories;
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::time::Timestamp;

/// Deletes a repository with its tags, grants and rights to content.
///
/// # Errors
/// `NotFound` if it went away meanwhile.
pub fn delete(tx: &mut Tx<'_>, repository: &Authorized<Repository, Admin>, now: Timestamp) -> Result<()> {
    if diesel::delete(repositories::table.find(repository.id.0)).execute(&mut **tx)? == 0 {
        return Err(Error::NotFound(Thing::Repository(repository.name.as_str().to_string())));
    }
    tx.touch_access();
    tx.touch_content(repository.id);
    let details = json!({ "namespace": repository.name.namespace(), "repo": repository.name.path() });
    event::record(
        tx,
        repository.caller(),
        now,
        Event::new(EventKind::DeleteRepo).repository(repository).details(details),
    )
}
