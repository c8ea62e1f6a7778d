//! One connection type for both databases.

/// A connection to whichever database this instance runs on.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// A PostgreSQL session.
    Postgres(diesel::PgConnection),
    /// An SQLite handle.
    Sqlite(diesel::SqliteConnection),
}

/// The backend of [`Conn`], for boxed queries.
pub type Backend = MultiBackend;

/// Runs one statement on the concrete connection: same source text, compiled once per backend.
///
/// Needed for what the derived backend cannot say: `ON CONFLICT`, inserting many rows at once, row locks.
#[macro_export]
macro_rules! on_backend {
    ($conn:expr, $c:ident => $body:expr) => {{
        let connection: &mut $crate::db::Conn = $conn;
        match connection {
            $crate::db::Conn::Postgres($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    }};
}
