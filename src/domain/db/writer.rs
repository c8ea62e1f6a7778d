//! The one writer of an SQLite database.
//!
//! A thread owns the connection and takes changes from a queue. It runs the first in a transaction, then whatever else
//! has queued up meanwhile, each in a savepoint of its own, and commits them together: one sync of the disk then serves
//! many pushes. Nobody hears of success before that commit. A change that fails is rolled back alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use tokio::sync::oneshot;

use super::freshness::{Freshness, Touched};
use super::transaction::{self, Begin};
use super::{Conn, Durability, Tx};
use crate::error::{Error, Result};

/// A group is closed after this many changes or this much time, so that nobody waits long for the others.
const MAX_GROUP: usize = 64;
const MAX_GROUP_TIME: Duration = Duration::from_millis(10);

pub(super) struct SqliteWriter {
    queue: Sender<(Durability, Box<dyn Change>)>,
}

/// A queued change with its result's type forgotten.
trait Change: Send {
    /// Runs it; `true` if its work is to be kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    fn touched(&self) -> &Touched;
    /// Tells the caller, once the fate of the group is known.
    fn tell(self: Box<Self>, committed: std::result::Result<(), &str>);
}

struct Pending<T, F> {
    change: Option<F>,
    outcome: Option<Result<T>>,
    touched: Touched,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: Fn(&mut Tx<'_>) -> Result<T> + Send> Change for Pending<T, F> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        let Some(change) = self.change.take() else { return false };
        let outcome = catch_unwind(AssertUnwindSafe(|| transaction::carry_out(conn, &change)))
            .unwrap_or_else(|_| Err(Error::internal("running a change", "it panicked")));
        let outcome = outcome.map(|(value, touched)| {
            self.touched = touched;
            value
        });
        self.outcome.insert(outcome).is_ok()
    }

    fn touched(&self) -> &Touched {
        &self.touched
    }

    fn tell(self: Box<Self>, committed: std::result::Result<(), &str>) {
        let outcome = match (self.outcome, committed) {
            (Some(Ok(_)) | None, Err(why)) => {
                Err(Error::Unavailable { context: "committing to the database", source: why.into() })
            }
            (Some(outcome), _) => outcome,
            (None, Ok(())) => Err(Error::internal("running a change", "it was never run")),
        };
        // The caller may have gone away; the change stands all the same.
        let _ = self.reply.send(outcome);
    }
}

impl SqliteWriter {
    pub(super) fn start(conn: Conn, freshness: Arc<Freshness>) -> Result<SqliteWriter> {
        let (queue, changes) = channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_all(conn, &changes, &freshness))
            .map_err(|source| Error::internal("starting the database writer", source))?;
        Ok(SqliteWriter { queue })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        durability: Durability,
        change: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let pending = Pending { change: Some(change), outcome: None, touched: Touched::default(), reply };
        let gone =
            || Error::Unavailable { context: "queueing a change", source: "the database writer has stopped".into() };
        self.queue.send((durability, Box::new(pending))).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// The thread: until every handle to the queue is gone.
fn write_all(mut conn: Conn, changes: &Receiver<(Durability, Box<dyn Change>)>, freshness: &Freshness) {
    // Connections are opened with full syncing.
    let mut current = Durability::Durable;
    let mut next = None;
    while let Some((durability, first)) = next.take().or_else(|| changes.recv().ok()) {
        if durability != current {
            // Cannot be changed inside a transaction, hence groups of one kind.
            let level = if durability == Durability::Durable { "FULL" } else { "NORMAL" };
            if let Err(error) = conn.batch_execute(&format!("PRAGMA synchronous={level}")) {
                // Never less than was promised.
                fail(first, &error.to_string());
                continue;
            }
            current = durability;
        }
        next = write_group(&mut conn, current, first, changes, freshness);
    }
}

/// Runs and commits one group; returns a change of the other kind that was found behind it.
fn write_group(
    conn: &mut Conn,
    durability: Durability,
    first: Box<dyn Change>,
    changes: &Receiver<(Durability, Box<dyn Change>)>,
    freshness: &Freshness,
) -> Option<(Durability, Box<dyn Change>)> {
    let started = Instant::now();
    if let Err(error) = transaction::begin(conn, Begin::Immediate) {
        fail(first, &error.to_string());
        return None;
    }
    let mut first = first;
    if !first.run(conn) {
        // No savepoint for the first: most groups are of one, and a failed one has nothing to keep.
        let _ = transaction::roll_back(conn);
        first.tell(Ok(()));
        return None;
    }
    let mut group = vec![first];
    let mut refused = Vec::new();
    let mut leftover = None;
    while group.len() < MAX_GROUP && started.elapsed() < MAX_GROUP_TIME {
        let Ok((kind, mut change)) = changes.try_recv() else { break };
        if kind != durability {
            leftover = Some((kind, change));
            break;
        }
        if let Err(error) = transaction::begin(conn, Begin::Nested) {
            fail(change, &error.to_string());
            break;
        }
        if !change.run(conn) {
            // Some failures (a full disk) end the whole transaction; then the commit below fails and says so.
            let _ = transaction::roll_back(conn);
            refused.push(change);
        } else if let Err(error) = transaction::commit(conn) {
            fail(change, &error.to_string());
            break;
        } else {
            group.push(change);
        }
    }
    commit(conn, group, freshness);
    for change in refused {
        change.tell(Ok(()));
    }
    leftover
}

fn commit(conn: &mut Conn, group: Vec<Box<dyn Change>>, freshness: &Freshness) {
    match transaction::commit(conn) {
        Ok(()) => {
            for change in &group {
                freshness.advance(change.touched());
            }
            for change in group {
                change.tell(Ok(()));
            }
        }
        Err(error) => {
            tracing::error!(%error, changes = group.len(), "commit failed; the changes were rolled back");
            let _ = transaction::roll_back(conn);
            let why = error.to_string();
            for change in group {
                change.tell(Err(&why));
            }
        }
    }
}

/// For a change the database would not even begin or keep.
fn fail(change: Box<dyn Change>, why: &str) {
    tracing::error!(why, "the database refused a change");
    change.tell(Err(why));
}
