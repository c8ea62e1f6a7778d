//! Beginning and ending transactions so that Diesel knows of them: its batch inserts nest their own inside.

use diesel::connection::{AnsiTransactionManager, Connection, TransactionManager};
use diesel::result::QueryResult;

use super::Conn;

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
