//! Tags: the head says where each points now, the history where it ever did.
//!
//! Every move goes through `moves`, in the transaction that stores or deletes what is pointed at. A tag may have an end:
//! from that moment on it is gone for everybody who asks, and a sweep takes its row away later ([`sweep_expired`]).

/// That a tag `t` only says where what cosign made of another image is: its name is an algorithm, a digest and a word.
macro_rules! names_signature {
    () => {
        "(t.name LIKE 'sha256-%' AND LENGTH(t.name) > 71)"
    };
}
pub(crate) use names_signature;

mod bulk;
mod changes;
mod expiry;
mod list;
mod moves;
mod names;
mod page;
mod pattern;
mod referred;
mod search;
mod timeline;

use diesel::prelude::*;

use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::db::schema::{tag_events, tags};
use crate::error::Result;
use crate::repository::Repository;
use crate::time::Timestamp;

pub(crate) use bulk::delete;
pub use bulk::{Before, MOST_AT_ONCE, Outcome, delete_many, pointed, restore_many, set_expirations};
pub use changes::{Change, Restored, change, purge, restore};
pub(crate) use expiry::lifetime;
pub use expiry::sweep_expired;
pub use list::{Children, Entry, ListFilter, NameFilter, Page, Pulls, list, manifest_pulls, pulls};
pub(crate) use moves::{Pointed, Target, note_end, point, resize_indexes_of};
pub use names::TagNames;
pub use page::{Platform, TagPage, TagQuery, TagRow, TagSort, page};
pub use pattern::TagPattern;
pub use referred::{Referred, referred};
pub use timeline::{Ending, TagMove, TimelineQuery, endings, timeline};

/// Names of tags in byte order, after `after`, at most `limit`. Index: `tags (repository_id, name)`.
///
/// # Errors
/// As the database's.
pub fn names(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<String>> {
    Ok(tags::table
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::name.gt(after))
        .filter(tags::expires_at.is_null().or(tags::expires_at.gt(now.0)))
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
