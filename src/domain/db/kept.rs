//! Counts kept beside what they count.
//!
//! A change says on its [`Tx`](super::Tx) what it added or took away; the rows that keep the counts are brought up to date
//! in the same transaction, as its last statements and in one order: two changes of one repository must not wait for each
//! other in a circle, and wait for each other no longer than a commit takes.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::Conn;
use super::schema::repositories;
use crate::error::Result;
use crate::time::Timestamp;

/// What one transaction added to or took from what is counted.
#[derive(Default)]
pub(super) struct Kept {
    pub repositories: BTreeMap<i64, OfRepository>,
}

/// The same of one repository.
#[derive(Default)]
pub(super) struct OfRepository {
    pub tags: i64,
    pub bytes: i64,
    pub pulls: i64,
    pub stars: i64,
    pub pushed: Option<Timestamp>,
}

impl OfRepository {
    fn is_nothing(&self) -> bool {
        let OfRepository { tags: 0, bytes: 0, pulls: 0, stars: 0, pushed: None } = self else { return false };
        true
    }
}

impl Kept {
    /// Brings the rows up to date. Index: the primary key of `repositories`.
    pub fn write(&self, conn: &mut Conn) -> Result<()> {
        use repositories as r;
        for (id, change) in &self.repositories {
            // Columns that stay as they are are not named, or their indexes would be written too.
            let changes = (
                (change.tags != 0).then(|| r::tags.eq(r::tags + change.tags)),
                (change.bytes != 0).then(|| r::size.eq(r::size + change.bytes)),
                (change.pulls != 0).then(|| r::pulls.eq(r::pulls + change.pulls)),
                (change.stars != 0).then(|| r::stars.eq(r::stars + change.stars)),
                change.pushed.map(|at| r::pushed_at.eq(at.0)),
                change.pushed.map(|at| r::last_push.eq(at.0)),
            );
            if !change.is_nothing() {
                diesel::update(r::table.find(id)).set(changes).execute(conn)?;
            }
        }
        Ok(())
    }
}
