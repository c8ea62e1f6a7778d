//! Bringing the schema up to date, from migrations that are part of the binary.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use crate::error::{BoxError, Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number, the same in every replica: whoever holds this advisory lock migrates.
const MIGRATION_LOCK: i64 = 7_318_349;

/// Runs what has not run yet and returns the names of those migrations, oldest first.
///
/// # Errors
/// `Internal` with the failing migration's own words; what came before it stays.
pub fn run_pending(conn: &mut Conn) -> Result<Vec<String>> {
    let done = match conn {
        Conn::Sqlite(c) => names(c.run_pending_migrations(SQLITE)),
        Conn::Postgres(c) => {
            // Several replicas may start at once. The lock belongs to the session, so it ends with it whatever happens.
            c.batch_execute(&format!("SET statement_timeout=0; SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
            let done = names(c.run_pending_migrations(POSTGRES));
            c.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK}); SET statement_timeout='30s'"))?;
            done
        }
    };
    done.map_err(|source| Error::Internal { context: "migrating the database", source })
}

/// Undoes every migration: for tests of the `down` scripts only.
///
/// # Errors
/// As [`run_pending`].
pub fn revert_all(conn: &mut Conn) -> Result<()> {
    let done = match conn {
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(|_| ()),
        Conn::Postgres(c) => c.revert_all_migrations(POSTGRES).map(|_| ()),
    };
    done.map_err(|source| Error::Internal { context: "reverting the migrations", source })
}

/// Names of the migrations that have not run yet.
///
/// # Errors
/// `Internal` if the database cannot be asked.
pub fn pending(conn: &mut Conn) -> Result<Vec<String>> {
    let list = match conn {
        Conn::Sqlite(c) => {
            c.pending_migrations(SQLITE).map(|all| all.iter().map(|m| m.name().to_string()).collect::<Vec<_>>())
        }
        Conn::Postgres(c) => {
            c.pending_migrations(POSTGRES).map(|all| all.iter().map(|m| m.name().to_string()).collect())
        }
    };
    list.map_err(|source| Error::Internal { context: "reading the list of migrations", source })
}

fn names<V: ToString>(ran: std::result::Result<Vec<V>, BoxError>) -> std::result::Result<Vec<String>, BoxError> {
    ran.map(|all| all.iter().map(ToString::to_string).collect())
}
