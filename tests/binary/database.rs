//! A database for one installation: SQLite in its folder, or a fresh one on a PostgreSQL server.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// What `PIERHEAD_TEST_DATABASE` asks for.
pub enum Database {
    Sqlite,
    Postgres { admin_url: String, name: String },
}

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Whether the tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    match std::env::var("PIERHEAD_TEST_DATABASE").as_deref() {
        Err(_) | Ok("sqlite") => false,
        Ok("postgres") => true,
        Ok(other) => panic!("PIERHEAD_TEST_DATABASE is sqlite or postgres; got '{other}'"),
    }
}

impl Database {
    /// A fresh one.
    pub fn fresh() -> Database {
        if !is_postgres() {
            return Database::Sqlite;
        }
        let admin_url = std::env::var("PIERHEAD_TEST_POSTGRES_URL")
            .expect("PIERHEAD_TEST_POSTGRES_URL, such as postgres://postgres@127.0.0.1:5432/postgres");
        assert!(admin_url.ends_with("/postgres"), "PIERHEAD_TEST_POSTGRES_URL ends in /postgres");
        let name = format!("pierhead_binary_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        psql(&admin_url, &format!("CREATE DATABASE {name}"));
        Database::Postgres { admin_url, name }
    }

    /// The value for `PIERHEAD_DATABASE_URL`; none for the default.
    pub fn url(&self) -> Option<String> {
        match self {
            Database::Sqlite => None,
            Database::Postgres { admin_url, name } => {
                let server = admin_url.strip_suffix("postgres").expect("checked when it was made");
                Some(format!("{server}{name}"))
            }
        }
    }

    /// Changes something behind the program's back. PostgreSQL only.
    pub fn execute(&self, statement: &str) {
        psql(&self.url().expect("only PostgreSQL is changed from outside"), statement);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Database::Postgres { admin_url, name } = self {
            let _ = run(admin_url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn psql(url: &str, statement: &str) {
    let output = run(url, statement).expect("the psql program is installed");
    assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
}

fn run(url: &str, statement: &str) -> std::io::Result<std::process::Output> {
    Command::new("psql").args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", url, "--command", statement]).output()
}
