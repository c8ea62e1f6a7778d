//! Counting entries by day before anybody asks.
//!
//! A mark in `instance_facts` says until when everything is counted. A step counts one hour and moves the mark in the
//! same transaction, and only if the mark is still where the step began: two replicas cannot count an hour twice.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::upsert::excluded;

use super::DAY;
use crate::db::schema::{event_days, events, instance_facts};
use crate::db::{Conn, Db, Tx, fixed};
use crate::error::{Error, Result};
use crate::on_backend;
use crate::time::Timestamp;

/// An hour is counted when it has been over for so long: whoever writes an entry takes its moment before the commit.
pub const MARGIN: Duration = Duration::from_secs(600);
/// What is counted at once. Divides a day.
pub const STEP: Duration = Duration::from_secs(3600);

const MARK: &str = "events_counted_until";
const HOUR: i64 = 3600 * 1000;
/// Rows of one statement; five parameters each.
const ADDED_AT_ONCE: usize = 1_000;

/// Counts what is over and not counted, at most so many steps; says whether it has come to the end.
///
/// # Errors
/// As the database's.
pub async fn count(db: &Db, now: Timestamp, steps: usize) -> Result<bool> {
    let Some(mut mark) = begin(db, now).await? else { return Ok(true) };
    for _ in 0..steps {
        let next = db.read(move |conn| next_hour(conn, mark, now)).await?;
        let Some((from, until)) = next else { return Ok(true) };
        let rows = db.read(move |conn| hour(conn, from)).await?;
        db.write(move |tx| write(tx, mark, until, &rows)).await?;
        let Some(moved) = db.read(counted_until).await? else { return Ok(true) };
        mark = moved;
    }
    Ok(false)
}

/// Until when everything is counted; nothing before the first count. Index: `instance_facts` primary key.
///
/// # Errors
/// As the database's; `Internal` if the mark is no number.
pub fn counted_until(conn: &mut Conn) -> Result<Option<Timestamp>> {
    let mark: Option<Vec<u8>> =
        instance_facts::table.find(MARK).select(instance_facts::value).first(conn).optional()?;
    mark.map(|mark| {
        let number = String::from_utf8(mark).ok().and_then(|text| text.parse().ok());
        number.map(Timestamp).ok_or_else(|| Error::internal("counting events", "the mark is not a number"))
    })
    .transpose()
}

/// The mark, set before the first entry where there is none yet. Nothing while there are no entries.
async fn begin(db: &Db, now: Timestamp) -> Result<Option<Timestamp>> {
    let (mark, first) = db.read(|conn| Ok((counted_until(conn)?, first_after(conn, i64::MIN)?))).await?;
    let (None, Some(first)) = (mark, first) else { return Ok(mark) };
    let start = first.min(now.0).div_euclid(HOUR) * HOUR;
    db.write(move |tx| {
        let row = (instance_facts::name.eq(MARK), instance_facts::value.eq(start.to_string().into_bytes()));
        on_backend!(&mut *tx, c => diesel::insert_into(instance_facts::table)
            .values(row).on_conflict_do_nothing().execute(c))?;
        counted_until(tx)
    })
    .await
}

/// The next hour with entries that is over, and to where the mark goes after it. Skips hours in which nothing happened.
fn next_hour(conn: &mut Conn, mark: Timestamp, now: Timestamp) -> Result<Option<(i64, i64)>> {
    let over = now.minus(MARGIN).0.div_euclid(HOUR) * HOUR;
    if over <= mark.0 {
        return Ok(None);
    }
    let first = first_after(conn, mark.0)?.map_or(i64::MAX, |at| at.div_euclid(HOUR) * HOUR);
    let from = first.min(over - HOUR).max(mark.0);
    Ok(Some((from, from + HOUR)))
}

/// Index: `events_by_time`.
fn first_after(conn: &mut Conn, at: i64) -> Result<Option<i64>> {
    Ok(events::table.filter(events::at.ge(at)).select(events::at).order(events::at).first(conn).optional()?)
}

type Row = (Option<i64>, Option<i64>, String, i64);

/// How often what happened where in an hour. Index: `events_by_time`.
fn hour(conn: &mut Conn, from: i64) -> Result<(i64, Vec<Row>)> {
    let rows = events::table
        .filter(events::at.ge(from))
        .filter(events::at.lt(from + HOUR))
        .group_by((events::namespace_id, events::repository_id, events::kind))
        .select((
            events::namespace_id,
            events::repository_id,
            events::kind,
            fixed::<BigInt>("CAST(SUM(events.times) AS BIGINT)"),
        ))
        .load(conn)?;
    Ok((from.div_euclid(DAY), rows))
}

fn write(tx: &mut Tx<'_>, mark: Timestamp, until: i64, (day, rows): &(i64, Vec<Row>)) -> Result<()> {
    let moved = diesel::update(
        instance_facts::table
            .filter(instance_facts::name.eq(MARK))
            .filter(instance_facts::value.eq(mark.0.to_string().into_bytes())),
    )
    .set(instance_facts::value.eq(until.to_string().into_bytes()))
    .execute(&mut **tx)?;
    // Another replica was here.
    if moved == 0 {
        return Ok(());
    }
    let mut totals: std::collections::BTreeMap<(i64, i64, &str), i64> = std::collections::BTreeMap::new();
    for (namespace, repository, kind, times) in rows {
        let namespace = namespace.unwrap_or(0);
        // For the repository, for its whole namespace, for the registry: each chart reads one range.
        let places = [(namespace, repository.unwrap_or(0)), (namespace, 0), (0, 0)];
        let from = if repository.is_some() {
            0
        } else if namespace != 0 {
            1
        } else {
            2
        };
        for (namespace, repository) in &places[from..] {
            *totals.entry((*namespace, *repository, kind.as_str())).or_insert(0) += times;
        }
    }
    let totals: Vec<Total<'_>> = totals.into_iter().collect();
    totals.chunks(ADDED_AT_ONCE).try_for_each(|some| add(tx, *day, some))
}

/// Namespace, repository and kind, and how often.
type Total<'t> = ((i64, i64, &'t str), i64);

fn add(tx: &mut Tx<'_>, day: i64, totals: &[Total<'_>]) -> Result<()> {
    use event_days as d;
    let row = |&((namespace, repository, kind), times): &Total<'_>| {
        (
            d::day.eq(day),
            d::namespace_id.eq(namespace),
            d::repository_id.eq(repository),
            d::kind.eq(kind.to_string()),
            d::times.eq(times),
        )
    };
    let key = (d::day, d::namespace_id, d::repository_id, d::kind);
    let more = d::times.eq(d::times + excluded(d::times));
    match &mut **tx {
        // A trip to the server for each would take longer than the hour.
        Conn::Postgres(c) => {
            let rows: Vec<_> = totals.iter().map(row).collect();
            diesel::insert_into(d::table).values(rows).on_conflict(key).do_update().set(more).execute(c)?;
        }
        // Diesel has no such statement for SQLite, and there are no trips.
        Conn::Sqlite(c) => {
            for total in totals {
                diesel::insert_into(d::table).values(row(total)).on_conflict(key).do_update().set(more).execute(c)?;
            }
        }
    }
    Ok(())
}
