//! Tags: the head says where each points now, the history where it ever did.
//!
//! Moves are made by [`crate::manifest`], in the transaction that stores or deletes what they point at.

use diesel::prelude::*;

use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::db::schema::{tag_events, tags};
use crate::error::Result;
use crate::repository::Repository;
use crate::time::Timestamp;

/// Names of tags in byte order, after `after`, at most `limit`. Index: `tags (repository_id, name)`.
///
/// # Errors
/// As the database's.
pub fn names(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    after: &str,
    limit: i64,
) -> Result<Vec<String>> {
    Ok(tags::table
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::name.gt(after))
        .select(tags::name)
        .order(tags::name)
        .limit(limit)
        .load(conn)?)
}

/// One move of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where it pointed; `None` if it was new.
    pub from: Option<String>,
    /// Where it points since; `None` if it was deleted.
    pub to: Option<String>,
    /// Who moved it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// The latest moves of a tag, newest first, at most `limit`. Index: `tag_events_by_tag`.
///
/// # Errors
/// As the database's.
pub fn history(conn: &mut Conn, repository: &Authorized<Repository, Read>, tag: &str, limit: i64) -> Result<Vec<Move>> {
    let rows: Vec<(Option<String>, Option<String>, String, i64)> = tag_events::table
        .filter(tag_events::repository_id.eq(repository.id.0))
        .filter(tag_events::tag.eq(tag))
        .select((tag_events::from_digest, tag_events::to_digest, tag_events::actor, tag_events::at))
        .order(tag_events::id.desc())
        .limit(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|(from, to, actor, at)| Move { from, to, actor, at: Timestamp(at) }).collect())
}
