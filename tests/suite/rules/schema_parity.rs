//! Both databases have the same tables, and Diesel sees them as they are.

use std::collections::BTreeMap;

use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use domain::db::{Db, Location, revert_all, run_pending};

use crate::support::database::{self, TestDatabase};
use crate::support::source::files;

/// Table → column → may be null.
type Schema = BTreeMap<String, BTreeMap<String, bool>>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

/// The columns that `schema.rs` declares.
fn declared() -> Schema {
    let (_, text) = files("src/domain/db", "schema.rs").remove(0);
    let mut schema = Schema::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name.to_string();
        } else if let Some((column, kind)) = line.split_once(" -> ") {
            schema.entry(table.clone()).or_default().insert(column.to_string(), kind.starts_with("Nullable"));
        }
    }
    schema
}

fn gathered(columns: Vec<Column>) -> Schema {
    let mut schema = Schema::new();
    for column in columns {
        schema.entry(column.table_name).or_default().insert(column.column_name, column.nullable);
    }
    schema.remove("__diesel_schema_migrations");
    schema
}

fn up_down_up(location: &Location) {
    let db = Db::open_as_it_is(location, 2).unwrap();
    let mut conn = db.connection(location).unwrap();
    assert!(!run_pending(&mut conn).unwrap().is_empty());
    assert!(run_pending(&mut conn).unwrap().is_empty());
    revert_all(&mut conn).unwrap();
    assert!(!run_pending(&mut conn).unwrap().is_empty());
}

#[test]
fn sqlite_has_the_declared_tables_and_its_migrations_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parity.db");
    up_down_up(&Location::Sqlite(path.clone()));

    let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy()).unwrap();
    let columns = diesel::sql_query(
        "SELECT m.name AS table_name, c.name AS column_name, c.\"notnull\" = 0 AS nullable \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    );
    assert_eq!(gathered(columns.load(&mut conn).unwrap()), declared());
}

#[test]
fn postgresql_has_the_declared_tables_and_its_migrations_can_be_undone() {
    let server = database::server();
    // The runner always has one; a person at work may not.
    let Some(server) = server else { return };
    let database = TestDatabase::on_server(&server);
    up_down_up(&Location::Postgres(database.url.clone()));

    let mut conn = PgConnection::establish(&database.url).unwrap();
    let columns = diesel::sql_query(
        "SELECT table_name::text AS table_name, column_name::text AS column_name, is_nullable = 'YES' AS nullable \
         FROM information_schema.columns WHERE table_schema = 'public'",
    );
    assert_eq!(gathered(columns.load(&mut conn).unwrap()), declared());
}

#[test]
fn the_two_dialects_have_the_same_migrations_with_the_same_constraints() {
    let words = ["UNIQUE", "REFERENCES", "CREATE INDEX", "CHECK", "PRIMARY KEY", "ON DELETE CASCADE", "NOT NULL"];
    let counted = |dialect: &str| -> BTreeMap<String, Vec<usize>> {
        files(&format!("migrations/{dialect}"), ".sql")
            .into_iter()
            .map(|(path, text)| {
                let name = path.components().skip(2).map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>();
                // SQLite's own way to number rows says "not null", PostgreSQL's does not need to.
                let text = text.replace("PRIMARY KEY AUTOINCREMENT NOT NULL", "PRIMARY KEY");
                let text = text.replace("INTEGER PRIMARY KEY NOT NULL", "PRIMARY KEY");
                (name.join("/"), words.iter().map(|word| text.matches(word).count()).collect())
            })
            .collect()
    };
    assert_eq!(counted("sqlite"), counted("postgres"));
}
