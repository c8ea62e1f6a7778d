//! One repository, with what its page shows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use super::Repository;
use super::list::{MILLISECONDS_OF_DAY, day_of, stars_among};
use crate::access::{Authorized, Read};
use crate::db::schema::{event_days, events, namespaces, repositories};
use crate::db::{Conn, fixed};
use crate::error::{Error, Result, Thing};
use crate::principal::Principal;
use crate::time::Timestamp;

/// What is known of a repository beside its name and who may do what.
#[derive(Debug, Clone)]
pub struct Details {
    /// Markdown.
    pub description: String,
    /// Whether an organization owns it, not a user.
    pub is_organization: bool,
    /// How long a tag that is gone can be brought back, in seconds.
    pub tag_expiration_s: i64,
    /// Whether the caller starred it.
    pub starred: bool,
}

/// The details of a repository. Primary keys of `repositories`, `namespaces` and `stars`.
///
/// # Errors
/// `NotFound` if it went away meanwhile.
pub fn details(conn: &mut Conn, repository: &Authorized<Repository, Read>) -> Result<Details> {
    let row: Option<(String, String, i64)> = repositories::table
        .inner_join(namespaces::table.on(namespaces::id.eq(repositories::namespace_id)))
        .filter(repositories::id.eq(repository.id.0))
        .select((repositories::description, namespaces::kind, namespaces::tag_expiration_s))
        .first(conn)
        .optional()?;
    let (description, kind, tag_expiration_s) =
        row.ok_or_else(|| Error::NotFound(Thing::Repository(repository.name.as_str().to_string())))?;
    let starred = match repository.caller().principal {
        Principal::User { id, .. } => !stars_among(conn, id, vec![repository.id.0])?.is_empty(),
        _ => false,
    };
    Ok(Details { description, is_organization: kind == "organization", tag_expiration_s, starred })
}

/// How much happened in the repository on each of the last `days` days, today first: day since 1970 and number of events.
///
/// Days that are over are counted already; of the last two whatever is not is counted here. Indexes:
/// `event_days_by_scope`, `events_by_repository`.
///
/// # Errors
/// As the database's.
pub fn activity(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    days: i64,
) -> Result<Vec<(i64, i64)>> {
    let today = day_of(now);
    let first = today - days + 1;
    let counted: Vec<(i64, Option<i64>)> = event_days::table
        .filter(event_days::namespace_id.eq(repository.namespace.0))
        .filter(event_days::repository_id.eq(repository.id.0))
        .filter(event_days::day.ge(first))
        .group_by(event_days::day)
        .select((event_days::day, fixed::<Nullable<BigInt>>("CAST(SUM(times) AS BIGINT)")))
        .load(conn)?;
    let mut times: BTreeMap<i64, i64> = counted.into_iter().map(|(day, times)| (day, times.unwrap_or(0))).collect();
    for day in [today - 1, today] {
        if let Entry::Vacant(unknown) = times.entry(day) {
            unknown.insert(raw(conn, repository, day)?);
        }
    }
    Ok((first..=today).rev().map(|day| (day, times.get(&day).copied().unwrap_or(0))).collect())
}

fn raw(conn: &mut Conn, repository: &Repository, day: i64) -> Result<i64> {
    let times: Option<i64> = events::table
        .filter(events::repository_id.eq(repository.id.0))
        .filter(events::at.ge(day * MILLISECONDS_OF_DAY))
        .filter(events::at.lt((day + 1) * MILLISECONDS_OF_DAY))
        .select(fixed::<Nullable<BigInt>>("CAST(SUM(times) AS BIGINT)"))
        .first(conn)?;
    Ok(times.unwrap_or(0))
}
