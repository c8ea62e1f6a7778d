//! A fresh database for each application: a file, or one of a PostgreSQL server's.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::{Connection, PgConnection, RunQueryDsl};

/// Where tests are told which database to use; the server's URL ends in `/postgres`.
const CHOICE: &str = "PIERHEAD_TEST_DATABASE";
const SERVER: &str = "PIERHEAD_TEST_POSTGRES_URL";

/// A database that is dropped with this value.
pub struct TestDatabase {
    pub url: String,
    on_server: Option<(String, String)>,
}

impl TestDatabase {
    pub fn create(folder: &Path) -> TestDatabase {
        if variable(CHOICE).as_deref() == Some("postgres") {
            return TestDatabase::on_server(&server().expect("PIERHEAD_TEST_POSTGRES_URL names the server"));
        }
        TestDatabase { url: format!("sqlite:{}", folder.join("pierhead.db").display()), on_server: None }
    }

    pub fn on_server(server: &str) -> TestDatabase {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("suite_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(server, &format!("CREATE DATABASE {name}"));
        let url = format!("{}/{name}", server.trim_end_matches("/postgres"));
        TestDatabase { url, on_server: Some((server.to_string(), name)) }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.on_server {
            run(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The PostgreSQL server, if there is one to test with.
pub fn server() -> Option<String> {
    variable(SERVER)
}

#[expect(clippy::disallowed_methods, reason = "the runner tells tests through the environment")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn run(server: &str, statement: &str) {
    let mut conn = PgConnection::establish(server).expect("the test server is up");
    diesel::sql_query(statement).execute(&mut conn).expect("databases can be made and dropped");
}
