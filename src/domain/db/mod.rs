//! The only two ways to the database: [`Db::read`] and [`Db::write`].
//!
//! Both run a synchronous closure off the async threads. On SQLite all changes go through one writer thread that commits
//! them in groups ([`writer`]); readers are a small pool beside it. On PostgreSQL both use one pool. A bounded number of
//! closures may wait; beyond that the answer is [`Error::Unavailable`], so a slow database
//! does not pile up threads.
//!
//! Caches learn of changes through [`Freshness`]; a change says what it touched on its [`Tx`].

mod among;
mod conn;
mod fixed;
mod freshness;
mod kept;
mod migrate;
mod pool;
pub mod schema;
mod statement;
mod statements;
mod text_enum;
mod transaction;
mod writer;

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

pub(crate) use among::among;
pub use conn::{Backend, Conn};
pub(crate) use fixed::fixed;
pub use freshness::{Freshness, Stamp};
pub use migrate::{pending, revert_all, run_pending};
pub(crate) use statement::{Statement, prepared};
pub use statements::Statements;
pub(crate) use text_enum::text_enum;

use crate::error::{Error, Result};
use crate::ids::RepositoryId;
use crate::time::Timestamp;
use freshness::Touched;
use kept::{Kept, OfRepository};
use pool::{Manager, Pool, Purpose};
use writer::SqliteWriter;

/// How many closures may wait for a connection before callers are turned away.
const MAX_WAITING: usize = 2_000;
/// How long a closure waits for a connection of the pool.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Location {
    /// A file, made when it does not exist.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

/// What a commit promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// On disk before the caller hears of it.
    Durable,
    /// May be lost with the machine's power, never with the process; never torn.
    Relaxed,
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool,
    waiting: Semaphore,
    /// One turn for each connection: whoever waits for one waits here and not on a thread.
    turns: Arc<Semaphore>,
    writer: Option<SqliteWriter>,
    freshness: Arc<Freshness>,
    statements: Arc<Statements>,
}

/// A transaction in progress: a connection that also notes which caches and which kept counts the change concerns.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    touched: Touched,
    kept: Kept,
}

impl<'c> Tx<'c> {
    fn new(conn: &'c mut Conn) -> Tx<'c> {
        Tx { conn, touched: Touched::default(), kept: Kept::default() }
    }

    /// Writes the counts; what caches are to hear after the commit.
    fn settle(self) -> Result<Touched> {
        self.kept.write(self.conn)?;
        Ok(self.touched)
    }

    /// Users, robots, teams, grants, visibility or the set of repositories changes.
    pub fn touch_access(&mut self) {
        self.touched.access = true;
    }

    /// Tags, manifests or blob links of the repository change.
    pub fn touch_content(&mut self, repository: RepositoryId) {
        self.touched.repositories.push(repository);
    }

    /// The repository has so many tags more.
    pub(crate) fn count_tags(&mut self, repository: RepositoryId, more: i64) {
        self.counts_of(repository).tags += more;
    }

    /// The blobs the repository has are so many bytes more.
    pub(crate) fn count_bytes(&mut self, repository: RepositoryId, more: i64) {
        self.counts_of(repository).bytes += more;
    }

    /// The repository was pulled from so many times more.
    pub(crate) fn count_pulls(&mut self, repository: RepositoryId, more: i64) {
        self.counts_of(repository).pulls += more;
    }

    /// The repository has so many stars more.
    pub(crate) fn count_stars(&mut self, repository: RepositoryId, more: i64) {
        self.counts_of(repository).stars += more;
    }

    /// A tag of the repository moved.
    pub(crate) fn note_push(&mut self, repository: RepositoryId, now: Timestamp) {
        self.counts_of(repository).pushed = Some(now);
    }

    fn counts_of(&mut self, repository: RepositoryId) -> &mut OfRepository {
        self.kept.repositories.entry(repository.0).or_default()
    }
}

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

impl Db {
    /// Opens the database, bringing its schema up to date, with `connections` for reading (SQLite) or for everything.
    ///
    /// # Errors
    /// `Unavailable` if it cannot be reached, `Internal` if a migration fails.
    pub fn open(location: &Location, connections: u32) -> Result<Db> {
        let db = Db::open_as_it_is(location, connections)?;
        let mut conn = db.connection(location)?;
        let ran = run_pending(&mut conn)?;
        if !ran.is_empty() {
            tracing::info!(migrations = ran.len(), "database schema brought up to date");
        }
        Ok(db)
    }

    /// Opens the database without touching its schema.
    ///
    /// # Errors
    /// `Unavailable` if it cannot be reached.
    pub fn open_as_it_is(location: &Location, connections: u32) -> Result<Db> {
        let freshness = Arc::new(Freshness::new());
        let statements = Arc::new(Statements::default());
        let manager = |purpose| Manager { location: location.clone(), purpose, statements: Some(statements.clone()) };
        let writer = match location {
            // The writer comes first: it makes the file and switches it to the write-ahead log.
            Location::Sqlite(_) => {
                let conn = diesel::r2d2::ManageConnection::connect(&manager(Purpose::Write));
                Some(SqliteWriter::start(conn.map_err(unreachable_database)?, freshness.clone())?)
            }
            Location::Postgres(_) => None,
        };
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(CONNECTION_TIMEOUT)
            .thread_pool(Arc::new(scheduled_thread_pool::ScheduledThreadPool::new(1)))
            .build(manager(Purpose::Read))
            .map_err(unreachable_database)?;
        Ok(Db {
            inner: Arc::new(Inner {
                pool,
                waiting: Semaphore::new(MAX_WAITING),
                turns: Arc::new(Semaphore::new(connections as usize)),
                writer,
                freshness,
                statements,
            }),
        })
    }

    /// A connection of one's own, outside the pool: for migrations and for checking a database before use.
    ///
    /// # Errors
    /// `Unavailable` if the database cannot be reached.
    pub fn connection(&self, location: &Location) -> Result<Conn> {
        diesel::r2d2::ManageConnection::connect(&Manager {
            location: location.clone(),
            purpose: Purpose::Write,
            statements: None,
        })
        .map_err(unreachable_database)
    }

    /// Folds SQLite's write-ahead log into the database file, so that a copy of the file alone is a whole backup once the
    /// server has stopped. Nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// `Unavailable` if the database cannot be reached.
    pub fn fold_log(&self, location: &Location) -> Result<()> {
        if let Location::Sqlite(_) = location {
            self.connection(location)?.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
        }
        Ok(())
    }

    /// Stamps for caches of what this database says.
    pub fn freshness(&self) -> &Freshness {
        &self.inner.freshness
    }

    /// What is sent through this handle.
    pub fn statements(&self) -> &Arc<Statements> {
        &self.inner.statements
    }

    /// Runs `question` on a reader connection, off the async threads.
    ///
    /// # Errors
    /// What `question` returns; `Unavailable` when there is no connection or too many are waiting.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        let turn = self.turn().await?;
        blocking(move || {
            // Held until the work is done, also when nobody waits for it any more.
            let _turn = turn;
            let mut conn = db.inner.pool.get().map_err(|source| unavailable("waiting for a connection", source))?;
            question(&mut conn)
        })
        .await
    }

    /// Runs `change` in one transaction. Commits durably on `Ok`, rolls back on `Err`. PostgreSQL may undo it in favour of
    /// another that it waits for in a circle; then it runs again, from the beginning.
    ///
    /// # Errors
    /// What `change` returns, and as [`Db::read`]; `Unavailable` when the commit fails (nothing of it happened).
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.change(Durability::Durable, change).await
    }

    /// As [`Db::write`], for what a power failure may take: counters, progress of uploads.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_relaxed<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.change(Durability::Relaxed, change).await
    }

    async fn change<T: Send + 'static>(
        &self,
        durability: Durability,
        change: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if let Some(writer) = &self.inner.writer {
            let _place = self.place()?;
            return writer.run(durability, change).await;
        }
        let db = self.clone();
        let turn = self.turn().await?;
        blocking(move || {
            let _turn = turn;
            let mut conn = db.inner.pool.get().map_err(|source| unavailable("waiting for a connection", source))?;
            let (outcome, touched) = transaction::run(&mut conn, durability, &change)?;
            db.inner.freshness.advance(&touched);
            Ok(outcome)
        })
        .await
    }

    fn place(&self) -> Result<SemaphorePermit<'_>> {
        self.inner.waiting.try_acquire().map_err(|_| overloaded("too many are waiting"))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let _place = self.place()?;
        let turn = tokio::time::timeout(CONNECTION_TIMEOUT, self.inner.turns.clone().acquire_owned()).await;
        turn.ok().and_then(std::result::Result::ok).ok_or_else(|| overloaded("no connection became free"))
    }
}

/// Writes without changing anything: fails where the database can be read but not written.
///
/// # Errors
/// As the database's.
pub fn touch(tx: &mut Tx<'_>) -> Result<()> {
    use diesel::prelude::*;
    use schema::namespaces::dsl::{id, name, namespaces};
    diesel::update(namespaces.filter(id.eq(-1))).set(name.eq("")).execute(&mut **tx)?;
    Ok(())
}

/// Runs `work` where it may block.
///
/// # Errors
/// What `work` returns; `Internal` if it panicked.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(panic) => Err(Error::internal("running a blocking task", panic)),
    }
}

fn unavailable(context: &'static str, source: impl Into<crate::error::BoxError>) -> Error {
    Error::Unavailable { context, source: source.into() }
}

fn overloaded(why: &'static str) -> Error {
    unavailable("waiting for the database", why)
}

fn unreachable_database(source: impl Into<crate::error::BoxError>) -> Error {
    unavailable("opening the database", source)
}

/// A pattern for `LOWER(…) LIKE … ESCAPE '\'` that finds `part` anywhere, in either case.
pub(crate) fn like_pattern(part: &str) -> String {
    pattern_as_given(&part.to_lowercase())
}

/// As [`like_pattern`], for `LOWER(…) LIKE LOWER(…) ESCAPE '\'`: SQLite's `LOWER` knows English letters only, so that
/// names with others are found as long as both sides are its work.
pub(crate) fn pattern_as_given(part: &str) -> String {
    let mut pattern = String::from("%");
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
