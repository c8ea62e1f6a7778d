//! What is sent to the database: how many statements, and, for whoever listens, which.
//!
//! Every connection of a [`super::Db`] reports here. Counting costs one atomic addition a statement; the text is written
//! out only while somebody listens, since values are bound to it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// What begins and ends transactions and tells a connection how to behave: no question of anybody's.
const AROUND: [&str; 7] = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET", "PRAGMA"];

/// The statements of all connections of a [`super::Db`].
#[derive(Default)]
pub struct Statements {
    sent: AtomicU64,
    listening: AtomicBool,
    heard: Mutex<Vec<String>>,
}

impl Statements {
    /// How many were sent since the database was opened, those around transactions included.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
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
        move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                statements.sent.fetch_add(1, Ordering::Relaxed);
                if statements.listening.load(Ordering::Acquire) {
                    statements.keep(query.to_string());
                }
            }
        }
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
