//! How the sweeps do: which runs, how the last turn of each went, and asking for one now.
//!
//! The process that runs them knows the most, so that is kept in memory; what it knew is in the database for after a
//! restart. Of the sweeps that run every second not each turn is written down: one that failed, one after that, and
//! otherwise one a minute.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::prelude::*;
use tokio::sync::Notify;

use crate::access::{Admin, Authorized, Inspect, Instance};
use crate::db::schema::sweeps;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, shown};
use crate::on_backend;
use crate::time::Timestamp;

/// A good turn is written down no sooner than this after the last one.
const WRITTEN_AT_MOST_EVERY: Duration = Duration::from_secs(60);
const MAX_ERROR: usize = 500;

/// One turn of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What it dealt with: rows removed, pulls written.
    pub items: i64,
    /// Why it failed; nothing if it did not.
    pub error: Option<String>,
}

/// How a sweep does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub name: &'static str,
    /// How often it runs.
    pub every: Duration,
    /// Since when it runs, if it does right now.
    pub running_since: Option<Timestamp>,
    /// How its last turn went, here or before the last restart.
    pub last: Option<Turn>,
    /// When it last did not fail.
    pub succeeded_at: Option<Timestamp>,
}

struct State {
    every: Duration,
    running_since: Option<Timestamp>,
    last: Option<Turn>,
    succeeded_at: Option<Timestamp>,
    written_at: Option<Timestamp>,
    wake: Arc<Notify>,
}

/// What is known of the sweeps of this process.
pub struct Board {
    states: Mutex<BTreeMap<&'static str, State>>,
}

impl Board {
    /// A board for these sweeps, each with how often it runs.
    pub fn new(all: impl IntoIterator<Item = (&'static str, Duration)>) -> Board {
        let state = |every| State {
            every,
            running_since: None,
            last: None,
            succeeded_at: None,
            written_at: None,
            wake: Arc::default(),
        };
        Board { states: Mutex::new(all.into_iter().map(|(name, every)| (name, state(every))).collect()) }
    }

    /// Takes over what was written down before, of sweeps that did not run here yet.
    pub fn remember(&self, saved: Vec<Saved>) {
        let mut states = self.states();
        for saved in saved {
            if let Some(state) = states.get_mut(saved.name.as_str()).filter(|state| state.last.is_none()) {
                state.last = Some(saved.turn);
                state.succeeded_at = saved.succeeded_at;
            }
        }
    }

    /// How they all do, by name.
    pub fn list(&self, _: &Authorized<Instance, Inspect>) -> Vec<Status> {
        let status = |(name, state): (&&'static str, &State)| Status {
            name,
            every: state.every,
            running_since: state.running_since,
            last: state.last.clone(),
            succeeded_at: state.succeeded_at,
        };
        self.states().iter().map(status).collect()
    }

    /// Has a sweep run as soon as it can, whenever its next turn is. One that runs right now runs once more afterwards.
    ///
    /// # Errors
    /// `Invalid` if there is no such sweep.
    pub fn run_now(&self, instance: &Authorized<Instance, Admin>, name: &str) -> Result<()> {
        let states = self.states();
        let state =
            states.get(name).ok_or_else(|| Error::invalid("sweep", format!("There is no sweep {}", shown(name))))?;
        tracing::info!(sweep = name, by = instance.caller().principal.name(), "a sweep was asked for");
        state.wake.notify_one();
        Ok(())
    }

    /// What wakes the sweep when [`Board::run_now`] asks for it.
    pub fn wake(&self, name: &'static str) -> Arc<Notify> {
        self.states().get(name).map(|state| state.wake.clone()).unwrap_or_default()
    }

    /// A turn begins.
    pub fn begins(&self, name: &'static str, now: Timestamp) {
        if let Some(state) = self.states().get_mut(name) {
            state.running_since = Some(now);
        }
    }

    /// A turn ended: how many items, or why it failed. What is to be written down of it, if it is.
    pub fn ended(
        &self,
        name: &'static str,
        now: Timestamp,
        outcome: std::result::Result<i64, String>,
    ) -> Option<Saved> {
        let mut states = self.states();
        let state = states.get_mut(name)?;
        let started_at = state.running_since.take().unwrap_or(now);
        let (items, error) = match outcome {
            Ok(items) => (items, None),
            Err(why) => (0, Some(why.chars().take(MAX_ERROR).collect::<String>())),
        };
        if error.is_none() {
            state.succeeded_at = Some(now);
        }
        let mended = error.is_none() && state.last.as_ref().is_some_and(|last| last.error.is_some());
        let turn = Turn { started_at, ended_at: now, items, error };
        state.last = Some(turn.clone());
        let long_ago = state.written_at.is_none_or(|at| now.since(at) >= WRITTEN_AT_MOST_EVERY);
        if turn.error.is_none() && !mended && !long_ago {
            return None;
        }
        state.written_at = Some(now);
        Some(Saved { name: name.to_string(), turn, succeeded_at: state.succeeded_at })
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<&'static str, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Of which sweep.
    pub name: String,
    /// The turn.
    pub turn: Turn,
    /// When the sweep last did not fail.
    pub succeeded_at: Option<Timestamp>,
}

/// Writes a turn down, in place of the one before.
///
/// # Errors
/// As the database's.
pub fn save(tx: &mut Tx<'_>, saved: &Saved) -> Result<()> {
    use sweeps as s;
    let turn = &saved.turn;
    let changes = (
        s::started_at.eq(turn.started_at.0),
        s::ended_at.eq(turn.ended_at.0),
        s::items.eq(turn.items),
        s::error.eq(turn.error.clone()),
        s::succeeded_at.eq(saved.succeeded_at.map(|at| at.0)),
    );
    let row = (s::name.eq(saved.name.clone()), changes.clone());
    on_backend!(&mut *tx, c => diesel::insert_into(s::table)
        .values(row).on_conflict(s::name).do_update().set(changes).execute(c))?;
    Ok(())
}

/// What was written down. Index: the primary key of `sweeps`, which has a row for each.
///
/// # Errors
/// As the database's.
pub fn saved(conn: &mut Conn) -> Result<Vec<Saved>> {
    type Row = (String, i64, i64, i64, Option<String>, Option<i64>);
    use sweeps as s;
    let rows: Vec<Row> =
        s::table.select((s::name, s::started_at, s::ended_at, s::items, s::error, s::succeeded_at)).load(conn)?;
    let saved = |(name, started_at, ended_at, items, error, succeeded_at): Row| Saved {
        name,
        turn: Turn { started_at: Timestamp(started_at), ended_at: Timestamp(ended_at), items, error },
        succeeded_at: succeeded_at.map(Timestamp),
    };
    Ok(rows.into_iter().map(saved).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_written_down_once_a_minute_and_when_they_fail_or_do_so_no_more() {
        let board = Board::new([("write_pulls", Duration::from_secs(1))]);
        let turn = |at: i64, outcome: std::result::Result<i64, String>| {
            board.begins("write_pulls", Timestamp(at));
            board.ended("write_pulls", Timestamp(at + 5), outcome).map(|saved| saved.turn)
        };

        let first = turn(0, Ok(3)).expect("the first is written");
        assert_eq!(first, Turn { started_at: Timestamp(0), ended_at: Timestamp(5), items: 3, error: None });
        assert_eq!(turn(1_000, Ok(0)), None);
        assert_eq!(turn(2_000, Err("no disk".into())).and_then(|turn| turn.error), Some("no disk".to_string()));
        assert!(turn(3_000, Ok(0)).is_some());
        assert_eq!(turn(4_000, Ok(0)), None);
        assert!(turn(64_000, Ok(0)).is_some());
        assert_eq!(board.ended("none", Timestamp(0), Ok(0)), None);
    }
}
