//! Opening connections: what every session is told before its first statement.
//!
//! Our own [`ManageConnection`] and not the one the derive offers: that one tries each backend in turn, so a PostgreSQL
//! that is down would silently become an SQLite file named after its URL.

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, PgConnection, SqliteConnection};

use super::{Conn, Location, Statements};
use crate::on_backend;

/// What an SQLite connection is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Write,
}

#[derive(Clone)]
pub(super) struct Manager {
    pub location: Location,
    pub purpose: Purpose,
    /// Who counts what is sent, once the session is set up.
    pub statements: Option<Arc<Statements>>,
}

pub(super) type Pool = diesel::r2d2::Pool<Manager>;

/// `busy_timeout` comes first, so that switching to the write-ahead log itself waits for another process.
const SQLITE_WRITER: &str = "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
    PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000; PRAGMA journal_size_limit=67108864;";
/// Readers see the file as memory: what they look at is copied nowhere, and all of them share what the system has of it.
const SQLITE_READER: &str = "PRAGMA busy_timeout=10000; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; \
    PRAGMA cache_size=-2000; PRAGMA mmap_size=1073741824; PRAGMA query_only=ON;";
const POSTGRES: &str = "SET TIME ZONE 'UTC'; SET statement_timeout='30s'; SET lock_timeout='10s'; \
    SET idle_in_transaction_session_timeout='60s'";

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        use diesel::r2d2::Error::{ConnectionError, QueryError};
        let mut conn = match &self.location {
            Location::Postgres(url) => Conn::Postgres(PgConnection::establish(url).map_err(ConnectionError)?),
            Location::Sqlite(path) => {
                Conn::Sqlite(SqliteConnection::establish(&path.to_string_lossy()).map_err(ConnectionError)?)
            }
        };
        let greeting = match (&self.location, self.purpose) {
            (Location::Postgres(_), _) => POSTGRES,
            (Location::Sqlite(_), Purpose::Write) => SQLITE_WRITER,
            (Location::Sqlite(_), Purpose::Read) => SQLITE_READER,
        };
        on_backend!(&mut conn, c => c.batch_execute(greeting)).map_err(QueryError)?;
        if let Some(statements) = &self.statements {
            conn.set_instrumentation(statements.reporter());
        }
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        conn.is_broken()
    }
}
