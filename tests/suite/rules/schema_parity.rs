//! Both databases have the same tables, and Diesel knows them as they are.

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::db::{Conn, Db, Location, pending, revert_all, run_pending};
use domain::on_backend;

use super::sources;
use crate::support::database;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const SQLITE: &str = "
WITH t AS (SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
           AND name <> '__diesel_schema_migrations')
SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END AS line
  FROM t JOIN pragma_table_info(t.name) c
UNION SELECT t.name || ' primary key (' || (SELECT group_concat(name, ', ') FROM (SELECT c.name
    FROM pragma_table_info(t.name) c WHERE c.pk > 0 ORDER BY c.pk)) || ')' FROM t
UNION SELECT t.name || CASE WHEN l.\"unique\" = 1 THEN ' unique (' ELSE ' index ' || l.name || ' (' END ||
    (SELECT group_concat(name, ', ') FROM (SELECT i.name FROM pragma_index_info(l.name) i ORDER BY i.seqno)) || ')'
  FROM t JOIN pragma_index_list(t.name) l WHERE l.origin <> 'pk'
UNION SELECT t.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" || ' on delete ' || lower(f.on_delete)
  FROM t JOIN pragma_foreign_key_list(t.name) f
ORDER BY 1";

const POSTGRES: &str = "
WITH t AS (SELECT c.oid, c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '__diesel_schema_migrations')
SELECT t.name || '.' || a.attname || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS line
  FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
UNION SELECT t.name || CASE WHEN i.indisprimary THEN ' primary key (' WHEN i.indisunique THEN ' unique ('
      ELSE ' index ' || x.relname || ' (' END ||
    (SELECT string_agg(a.attname::text, ', ' ORDER BY k.ord) FROM unnest(i.indkey) WITH ORDINALITY k (att, ord)
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.att) || ')'
  FROM t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid
UNION SELECT t.name || '.' || a.attname || ' -> ' || r.relname || '.' || b.attname || ' on delete ' ||
    CASE f.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'r' THEN 'restrict' ELSE 'no action' END
  FROM t JOIN pg_constraint f ON f.conrelid = t.oid AND f.contype = 'f' JOIN pg_class r ON r.oid = f.confrelid
  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
  JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
ORDER BY 1";

/// Tables, columns, keys and indexes, a sorted line each.
fn described(conn: &mut Conn) -> Vec<String> {
    let question = match conn {
        Conn::Sqlite(_) => SQLITE,
        Conn::Postgres(_) => POSTGRES,
    };
    let rows: Vec<Line> = on_backend!(conn, c => diesel::sql_query(question).load(c)).unwrap();
    let mut lines: Vec<String> = rows.into_iter().map(|row| row.line).collect();
    lines.sort();
    lines
}

fn with_sqlite<T>(work: impl FnOnce(&mut Conn) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("parity.db"));
    let db = Db::open_as_it_is(&location, 2).unwrap();
    work(&mut db.connection(&location).unwrap())
}

/// Nothing where there is no PostgreSQL.
fn with_postgres<T>(work: impl FnOnce(&mut Conn) -> T) -> Option<T> {
    database::postgres_url()?;
    let name =
        format!("pierhead_parity_{}", domain::entropy::uuid(&pierhead::adapters::system::SystemEntropy).simple());
    database::administrate(&format!("CREATE DATABASE {name}"));
    let done = work(&mut database::connect(&database::url_of(&name)));
    database::administrate(&format!("DROP DATABASE {name} WITH (FORCE)"));
    Some(done)
}

fn migrated(conn: &mut Conn) -> Vec<String> {
    run_pending(conn).unwrap();
    described(conn)
}

#[test]
fn both_databases_have_the_same_tables() {
    let sqlite = with_sqlite(migrated);
    assert!(sqlite.contains(&"tags unique (repository_id, name)".to_string()), "{sqlite:#?}");
    assert!(sqlite.contains(&"users.namespace_id -> namespaces.id on delete cascade".to_string()), "{sqlite:#?}");
    let Some(postgres) = with_postgres(migrated) else { return };

    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };

    assert_eq!(only(&sqlite, &postgres), Vec::<String>::new(), "only SQLite has these");
    assert_eq!(only(&postgres, &sqlite), Vec::<String>::new(), "only PostgreSQL has these");
}

fn up_down_up(conn: &mut Conn) {
    let first = migrated(conn);
    assert!(pending(conn).unwrap().is_empty());

    revert_all(conn).unwrap();
    assert_eq!(described(conn), Vec::<String>::new());

    assert_eq!(migrated(conn), first);
}

#[test]
fn migrations_run_up_down_and_up_again() {
    with_sqlite(up_down_up);
    with_postgres(up_down_up);
}

#[test]
fn both_databases_have_migrations_of_the_same_names() {
    let names = |database: &str| -> Vec<String> {
        let folder = super::root().join("migrations").join(database);
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

/// `table.column[ not null]` as `schema.rs` says, and `table primary key (…)`.
fn as_diesel_knows_them() -> Vec<String> {
    let source = sources("src/domain/db", "rs").into_iter().find(|file| file.path.ends_with("schema.rs")).unwrap();
    let mut lines = Vec::new();
    for block in source.text.split("diesel::table! {").skip(1) {
        let (head, columns) = block.trim_start().split_once('{').unwrap();
        let (table, key) = head.trim().split_once(' ').unwrap();
        lines.push(format!("{table} primary key {}", key.trim()));
        for column in columns.split('}').next().unwrap().split(',') {
            if let Some((name, kind)) = column.split_once("->") {
                let nullable = if kind.trim().starts_with("Nullable") { "" } else { " not null" };
                lines.push(format!("{table}.{}{nullable}", name.trim()));
            }
        }
    }
    lines.sort();
    lines
}

#[test]
fn diesel_knows_the_tables_as_they_are() {
    let is_column_or_key =
        |line: &String| !line.contains(" unique ") && !line.contains(" index ") && !line.contains("->");
    let actual: Vec<String> = with_sqlite(migrated).into_iter().filter(is_column_or_key).collect();

    assert_eq!(as_diesel_knows_them(), actual);
}
