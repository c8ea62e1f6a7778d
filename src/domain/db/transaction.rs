//! Beginning and ending transactions so that Diesel knows of them: its batch inserts nest their own inside.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
use diesel::result::QueryResult;

use super::freshness::Touched;
use super::{Conn, Durability, Tx, unavailable};
use crate::error::{Error, Result};

/// How often a change is tried that others keep from happening. Each try has waited for a second, which is when PostgreSQL
/// looks for circles.
const TRIES: u32 = 4;
/// Longer each time, so that what was in the way is over.
const PAUSE: Duration = Duration::from_millis(20);

type Manager = <Conn as Connection>::TransactionManager;

/// How a transaction begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// An outermost one that takes SQLite's write lock at once: one that reads first and writes later could not get it any
    /// more.
    Immediate,
    /// An outermost one on PostgreSQL.
    Plain,
    /// One inside another, which can fail alone.
    Nested,
}

pub(super) fn begin(conn: &mut Conn, how: Begin) -> QueryResult<()> {
    match (how, conn) {
        (Begin::Immediate, Conn::Sqlite(conn)) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        }
        (_, conn) => Manager::begin_transaction(conn),
    }
}

pub(super) fn commit(conn: &mut Conn) -> QueryResult<()> {
    Manager::commit_transaction(conn)
}

pub(super) fn roll_back(conn: &mut Conn) -> QueryResult<()> {
    Manager::rollback_transaction(conn)
}

/// Runs a change in a transaction of its own, again if PostgreSQL undid it for the sake of another. SQLite's transactions
/// are the writer thread's.
pub(super) fn run<T>(
    conn: &mut Conn,
    durability: Durability,
    change: &impl Fn(&mut Tx<'_>) -> Result<T>,
) -> Result<(T, Touched)> {
    let mut tried = 1;
    loop {
        match once(conn, durability, change) {
            Err(error) if error.is_conflict() && tried < TRIES => {
                tracing::info!(tried, "a change was in a circle with others; it is made again");
                pause(PAUSE * tried);
                tried += 1;
            }
            outcome => return outcome,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "changes run where blocking is allowed")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn once<T>(
    conn: &mut Conn,
    durability: Durability,
    change: &impl Fn(&mut Tx<'_>) -> Result<T>,
) -> Result<(T, Touched)> {
    begin(conn, Begin::Plain)?;
    if durability == Durability::Relaxed {
        conn.batch_execute("SET LOCAL synchronous_commit TO OFF")?;
    }
    // A panic must not hand a connection with an open transaction back to the pool.
    let outcome = catch_unwind(AssertUnwindSafe(|| carry_out(conn, change)))
        .unwrap_or_else(|_| Err(Error::internal("running a change", "it panicked")));
    match outcome {
        Ok((value, touched)) => {
            commit(conn).map_err(|source| unavailable("committing to the database", source))?;
            Ok((value, touched))
        }
        Err(error) => {
            roll_back(conn)?;
            Err(error)
        }
    }
}

/// Runs a change inside a transaction and brings the counts up to date that it changed.
pub(super) fn carry_out<T>(conn: &mut Conn, change: &impl Fn(&mut Tx<'_>) -> Result<T>) -> Result<(T, Touched)> {
    let mut tx = Tx::new(conn);
    let value = change(&mut tx)?;
    Ok((value, tx.settle()?))
}
