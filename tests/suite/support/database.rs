//! A database for one test: a file, or a database of the PostgreSQL server the environment names.

use std::path::Path;
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use domain::db::{Conn, Db, Location, run_pending};
use domain::entropy;
use pierhead::adapters::system::SystemEntropy;

/// The database of one [`super::TestApp`]; gone when this is dropped.
pub struct TestDatabase {
    name: Option<String>,
    pub url: String,
}

impl TestDatabase {
    /// An empty database that is migrated already.
    pub fn new(folder: &Path) -> TestDatabase {
        match postgres_chosen() {
            false => {
                let file = folder.join("pierhead.db");
                std::fs::write(&file, migrated_file()).unwrap();
                TestDatabase { name: None, url: format!("sqlite:{}", file.display()) }
            }
            true => {
                let name = format!("pierhead_suite_{}", entropy::uuid(&SystemEntropy).simple());
                administrate(&format!("CREATE DATABASE {name} TEMPLATE {}", template()));
                TestDatabase { url: url_of(&name), name: Some(name) }
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            administrate(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Whether the suite runs on PostgreSQL.
pub fn postgres_chosen() -> bool {
    match variable("PIERHEAD_TEST_DATABASE").as_deref() {
        None | Some("" | "sqlite") => false,
        Some("postgres") => true,
        Some(other) => panic!("PIERHEAD_TEST_DATABASE is sqlite or postgres; got '{other}'"),
    }
}

/// The administrator's URL, if there is one.
pub fn postgres_url() -> Option<String> {
    variable("PIERHEAD_TEST_POSTGRES_URL").filter(|url| !url.is_empty())
}

/// The URL of another database on the same server.
pub fn url_of(name: &str) -> String {
    let admin = postgres_url().expect("PIERHEAD_TEST_POSTGRES_URL is set when PostgreSQL is chosen");
    let (server, database) = admin.rsplit_once('/').expect("the URL ends in a database");
    assert_eq!(database, "postgres", "PIERHEAD_TEST_POSTGRES_URL ends in /postgres");
    format!("{server}/{name}")
}

/// Runs statements as the server's administrator.
pub fn administrate(statements: &str) {
    let mut conn = connect(&url_of("postgres"));
    conn.batch_execute(statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
}

pub fn connect(url: &str) -> Conn {
    let location = Location::Postgres(url.to_string());
    let db = Db::open_as_it_is(&location, 1).unwrap();
    db.connection(&location).unwrap()
}

/// A migrated SQLite file: each migration is synced to the disk, so every test's own would cost more than most tests.
fn migrated_file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("pierhead.db"));
        let db = Db::open(&location, 1).unwrap();
        db.fold_log(&location).unwrap();
        std::fs::read(folder.path().join("pierhead.db")).unwrap()
    })
}

/// A migrated database to copy, kept between runs as long as the migrations stay the same.
fn template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("pierhead_suite_template_{}", &super::digest_of(&migrations())[7..23]);
        let mut conn = connect(&url_of("postgres"));
        let mut run = |statement: &str| conn.batch_execute(statement);
        // Another run of the suite may be making it; the lock ends with this connection.
        run("SELECT pg_advisory_lock(7318350)").unwrap();
        let exists = run(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")).is_ok();
        if !exists {
            run(&format!("DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")).unwrap();
            run(&format!("CREATE DATABASE {name}_new")).unwrap();
            run_pending(&mut connect(&url_of(&format!("{name}_new")))).unwrap();
            run(&format!("ALTER DATABASE {name}_new WITH ALLOW_CONNECTIONS false")).unwrap();
            let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}_new'");
            run(&end).unwrap();
            run(&format!("ALTER DATABASE {name}_new RENAME TO {name}")).unwrap();
        }
        name
    })
}

fn migrations() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut folders: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().flat_map(|folder| std::fs::read(folder.join("up.sql")).unwrap()).collect()
}

#[expect(clippy::disallowed_methods, reason = "which database to test is no setting of the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
