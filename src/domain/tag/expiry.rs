//! Tags that end by themselves.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::json;

use super::moves::{Head, note_end};
use crate::access::{RepositoryState, Visibility};
use crate::db::Tx;
use crate::db::schema::{manifests, repositories, tags};
use crate::error::Result;
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RepositoryId};
use crate::oci::RepositoryName;
use crate::principal::Caller;
use crate::repository::Repository;
use crate::time::Timestamp;

/// Who ends tags, for history and events.
const ACTOR: &str = "tag expiration";

/// A hundred years: what is longer is a mistake, and would not fit a date.
const LONGEST: Duration = Duration::from_secs(100 * 366 * 24 * 60 * 60);

/// The time in a label `quay.expires-after`: a number with `s`, `m`, `h`, `d` or `w`, such as `2w`. `None` for what is no
/// such time, for none at all, and for more than a hundred years.
pub(crate) fn lifetime(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit = match text.chars().next_back()? {
        's' | 'S' => 1,
        'm' | 'M' => 60,
        'h' | 'H' => 60 * 60,
        'd' | 'D' => 24 * 60 * 60,
        'w' | 'W' => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let lifetime = Duration::from_secs(number.parse::<u64>().ok()?.checked_mul(unit)?);
    (!lifetime.is_zero() && lifetime <= LONGEST).then_some(lifetime)
}

/// Ends tags whose time is over, at most `limit`, the longest over first; returns how many. Their history says the moment
/// they were to end, not that of the sweep. Read-only repositories are no exception: nobody writes to them here.
///
/// Index: `tags_by_expiry`.
///
/// # Errors
/// As the database's.
pub fn sweep_expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<usize> {
    type Row = (i64, String, Option<i64>, String, (i64, i64, String, Visibility, RepositoryState));
    let rows: Vec<Row> = tags::table
        .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .inner_join(repositories::table.on(repositories::id.eq(tags::repository_id)))
        .filter(tags::expires_at.le(now.0))
        .select((
            tags::id,
            tags::name,
            tags::expires_at,
            manifests::digest,
            (
                repositories::id,
                repositories::namespace_id,
                repositories::name,
                repositories::visibility,
                repositories::state,
            ),
        ))
        .order(tags::expires_at)
        .limit(limit)
        .load(&mut **tx)?;
    let found = rows.len();
    for (id, tag, at, digest, (repository, namespace, name, visibility, state)) in rows {
        let head = Head { id, digest, expires_at: at.map(Timestamp) };
        match name.parse::<RepositoryName>() {
            Ok(name) => {
                let repository = Repository {
                    id: RepositoryId(repository),
                    namespace: NamespaceId(namespace),
                    name,
                    visibility,
                    state,
                };
                end(tx, &repository, &tag, &head, now)?;
            }
            // A repository that was deleted has a name nobody can ask for; its tags end without anybody to tell.
            Err(_) => {
                let gone = diesel::delete(tags::table.find(id)).execute(&mut **tx)?;
                tx.count_tags(RepositoryId(repository), -i64::from(gone > 0));
            }
        }
    }
    Ok(found)
}

/// Takes a tag away whose time is over.
pub(super) fn end(tx: &mut Tx<'_>, repository: &Repository, tag: &str, over: &Head, now: Timestamp) -> Result<()> {
    let Some(at) = over.expires_at else { return Ok(()) };
    let still = tags::table.find(over.id).filter(tags::expires_at.eq(at.0));
    // Another replica may have been faster.
    if diesel::delete(still).execute(&mut **tx)? == 0 {
        return Ok(());
    }
    tx.count_tags(repository.id, -1);
    note_end(tx, repository.id, tag, &over.digest, (ACTOR, at))?;
    tx.touch_content(repository.id);
    let event = Event::new(EventKind::ExpireTag)
        .repository(repository)
        .tag(tag)
        .digest(&over.digest)
        .details(json!({ "tag": tag, "manifest_digest": over.digest, "expiration_date": at.seconds() }));
    event::record(tx, &Caller::system(ACTOR), now, event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_a_number_and_a_unit() {
        let seconds = |text| lifetime(text).map(|time| time.as_secs());

        assert_eq!(seconds("90s"), Some(90));
        assert_eq!(seconds("5m"), Some(300));
        assert_eq!(seconds(" 2h "), Some(7_200));
        assert_eq!(seconds("3D"), Some(259_200));
        assert_eq!(seconds("2w"), Some(1_209_600));
    }

    #[test]
    fn what_is_no_lifetime_is_none() {
        let wrong = [
            "",
            "w",
            "2",
            "2y",
            "-2d",
            "+2d",
            "1.5h",
            "2 w",
            "0s",
            "2w2d",
            "99999999999999999999s",
            "999999w",
            "２w",
            "2é",
        ];
        for wrong in wrong {
            assert_eq!(lifetime(wrong), None, "{wrong}");
        }
    }
}
