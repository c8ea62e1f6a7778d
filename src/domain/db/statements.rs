//! What is sent to the database: how many statements, which of them are slow, and, for whoever listens, which.
//!
//! Every connection of a [`super::Db`] reports here. Counting costs one atomic addition a statement; the text is written
//! out only while somebody listens and of what is slow, since values are bound to it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// What begins and ends transactions and tells a connection how to behave: no question of anybody's.
const AROUND: [&str; 7] = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "PRAGMA"];

/// Where diesel begins to write the values that are bound.
const VALUES: &str = " -- binds: ";

/// The statements of all connections of a [`super::Db`].
#[derive(Default)]
pub struct Statements {
    sent: AtomicU64,
    /// In microseconds; zero for none.
    slow: AtomicU64,
    listening: AtomicBool,
    heard: Mutex<Vec<String>>,
}

impl Statements {
    /// How many were sent since the database was opened, those around transactions included.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// From now on statements that take longer are logged, without the values bound to them; none where there is no limit.
    pub fn log_slower_than(&self, limit: Option<Duration>) {
        let limit = limit.map_or(0, |limit| u64::try_from(limit.as_micros()).unwrap_or(u64::MAX).max(1));
        self.slow.store(limit, Ordering::Relaxed);
    }

    /// From now on the text of every statement is kept, until [`Statements::heard`] is called.
    pub fn listen(&self) {
        self.kept().clear();
        self.listening.store(true, Ordering::Release);
    }

    /// Ends listening: the statements since [`Statements::listen`] in their order, with the values bound to them, without
    /// those around transactions.
    pub fn heard(&self) -> Vec<String> {
        self.listening.store(false, Ordering::Release);
        std::mem::take(&mut *self.kept())
    }

    /// What a connection reports to.
    pub(super) fn reporter(self: &Arc<Self>) -> impl Instrumentation + use<> {
        let statements = self.clone();
        let mut began = None;
        move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                statements.sent.fetch_add(1, Ordering::Relaxed);
                began = (statements.slow.load(Ordering::Relaxed) > 0).then(Instant::now);
                if statements.listening.load(Ordering::Acquire) {
                    statements.keep(query.to_string());
                }
            }
            InstrumentationEvent::FinishQuery { query, .. } => {
                if let Some(took) = began.take().map(|began: Instant| began.elapsed())
                    && statements.is_slow(took)
                {
                    let statement = query.to_string();
                    tracing::warn!(?took, statement = without_values(&statement), "slow statement");
                }
            }
            _ => {}
        }
    }

    fn is_slow(&self, took: Duration) -> bool {
        took >= Duration::from_micros(self.slow.load(Ordering::Relaxed))
    }

    fn keep(&self, statement: String) {
        let first =
            statement.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
        if !AROUND.iter().any(|around| first.eq_ignore_ascii_case(around)) {
            self.kept().push(statement);
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text alone: values are names, digests of secrets and addresses of people.
fn without_values(statement: &str) -> &str {
    statement.split_once(VALUES).map_or(statement, |(text, _)| text)
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;

    use super::*;
    use crate::db::schema::users;

    #[test]
    fn a_statement_is_shown_without_its_values() {
        let question = users::table.filter(users::name.eq("somebody -- binds: else")).select(users::id);
        let shown = diesel::debug_query::<diesel::sqlite::Sqlite, _>(&question).to_string();
        assert!(shown.contains("somebody"), "{shown}");
        assert!(without_values(&shown).contains("WHERE"), "{shown}");
        assert!(!without_values(&shown).contains("somebody"), "{shown}");
    }

    #[test]
    fn what_takes_as_long_as_the_limit_is_slow() {
        let statements = Statements::default();
        statements.log_slower_than(Some(Duration::from_millis(20)));
        assert!(!statements.is_slow(Duration::from_millis(19)) && statements.is_slow(Duration::from_millis(20)));
    }
}
