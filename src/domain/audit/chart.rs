//! How often what happened, by day and kind.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::page::{Filter, along, and_the_rest, floor, plan, repository_in};
use super::scope::{Place, Scope};
use super::{DAY, count};
use crate::access::{Authorized, Inspect, Read};
use crate::db::schema::{event_days, events};
use crate::db::{Conn, fixed};
use crate::error::Result;
use crate::event::EventKind;
use crate::repository::Repository;
use crate::time::Timestamp;

/// How many entries a chart of one performer is made from at most: the newest.
const READ_FOR_PERFORMER: i64 = 100_000;

/// How often something happened on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// The day's first moment.
    pub day: Timestamp,
    /// [`crate::event::EventKind`]'s word.
    pub kind: String,
    /// How often.
    pub times: i64,
}

/// How often what happened on the days from `filter.from`'s to the one before `filter.until`, the newest day first.
///
/// Counted days come from `event_days_by_scope`; what [`count`](super::count()) has not come to, and anything about one
/// performer (their newest 100,000 entries), from the entries along the indexes of [`page`](super::page()).
///
/// # Errors
/// As the database's.
pub fn chart<A>(conn: &mut Conn, scope: &Scope<A>, filter: &Filter) -> Result<Vec<DayCount>> {
    let first = Timestamp(filter.from.0.div_euclid(DAY) * DAY);
    let filter = Filter { from: first, text: None, ..filter.clone() };
    let place = match (&filter.performer, &filter.repository, &scope.place) {
        (Some(_), ..) => None,
        (None, Some(name), place @ (Place::Registry | Place::Namespace(..))) => repository_in(conn, place, name)?,
        (None, _, place) => Some(place.clone()),
    };
    let mut times = BTreeMap::new();
    let mut rest = filter.clone();
    if let Some(place) = place
        && let (Some(counted), rows) = counted_days(conn, &place, &filter)?
    {
        rest.from = first.max(counted);
        times.extend(rows);
    }
    for (key, some) in uncounted(conn, &scope.place, &rest)? {
        *times.entry(key).or_insert(0) += some;
    }
    let newest_first = times.into_iter().rev();
    Ok(newest_first.map(|((day, kind), times)| DayCount { day: Timestamp(day * DAY), kind, times }).collect())
}

/// How often a repository was pulled from and pushed to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// The day's first moment.
    pub day: Timestamp,
    /// Pulls.
    pub pulls: i64,
    /// Pushes.
    pub pushes: i64,
}

/// Pulls and pushes of a repository on each of the last `days` days, today last. Counted as [`chart`] counts.
///
/// # Errors
/// As the database's.
pub fn activity(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
    days: i64,
) -> Result<Vec<Activity>> {
    let (today, first) = (now.0.div_euclid(DAY), now.0.div_euclid(DAY) - days + 1);
    let place = Place::Repository(repository.id, repository.name.as_str().to_string(), repository.namespace);
    // Who may read a repository may know how busy it is, though not who made it so.
    let scope: Scope<Inspect> = Scope::of_page(place, repository.shared_caller());
    let filter = Filter {
        from: Timestamp(first * DAY),
        until: Timestamp((today + 1) * DAY),
        performer: None,
        kind: None,
        repository: None,
        text: None,
    };
    let mut all: Vec<Activity> =
        (first..=today).map(|day| Activity { day: Timestamp(day * DAY), pulls: 0, pushes: 0 }).collect();
    for counted in chart(conn, &scope, &filter)? {
        let at = usize::try_from(counted.day.0.div_euclid(DAY) - first).ok();
        let Some(day) = at.and_then(|at| all.get_mut(at)) else { continue };
        match EventKind::from_word(&counted.kind) {
            Some(EventKind::PullRepo) => day.pulls += counted.times,
            Some(EventKind::PushRepo) => day.pushes += counted.times,
            _ => {}
        }
    }
    Ok(all)
}

type Counted = ((i64, String), i64);

/// What is counted, and until when that is everything.
fn counted_days(conn: &mut Conn, place: &Place, filter: &Filter) -> Result<(Option<Timestamp>, Vec<Counted>)> {
    let (namespace, repository) = place.ids();
    loop {
        let Some(until) = count::counted_until(conn)? else { return Ok((None, Vec::new())) };
        let mut question = event_days::table
            .filter(event_days::namespace_id.eq(namespace.unwrap_or(0)))
            .filter(event_days::repository_id.eq(repository.unwrap_or(0)))
            .filter(event_days::day.ge(filter.from.0.div_euclid(DAY)))
            .filter(event_days::day.lt(filter.until.0.saturating_add(DAY - 1).div_euclid(DAY)))
            .select((event_days::day, event_days::kind, event_days::times))
            .into_boxed();
        if let Some(kind) = filter.kind {
            question = question.filter(event_days::kind.eq(kind.as_str()));
        }
        let rows: Vec<(i64, String, i64)> = question.load(conn)?;
        // The sweep may have moved on between the two questions; then what it added would be counted twice.
        if count::counted_until(conn)? == Some(until) {
            return Ok((Some(until), rows.into_iter().map(|(day, kind, times)| ((day, kind), times)).collect()));
        }
    }
}

fn uncounted(conn: &mut Conn, place: &Place, filter: &Filter) -> Result<Vec<Counted>> {
    if filter.from >= filter.until {
        return Ok(Vec::new());
    }
    let mut plan = plan(conn, place, filter)?;
    if filter.performer.is_some()
        && let Some((at, _)) = floor(conn, &plan, None, READ_FOR_PERFORMER)?
    {
        plan.begin_at(at);
    }
    let rows: Vec<(String, i64, i64)> = events::table
        .filter(and_the_rest(along(&plan), &plan))
        // In SQL, because the number of the day must be the same text wherever it stands.
        .group_by(fixed::<Text>("events.kind, events.at / 86400000"))
        .select((
            fixed::<Text>("events.kind"),
            fixed::<BigInt>("events.at / 86400000"),
            fixed::<BigInt>("CAST(SUM(events.times) AS BIGINT)"),
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(|(kind, day, times)| ((day, kind), times)).collect())
}
