//! Where rows are kept.

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::settings::parse::{self, Parsed};
use crate::settings::reader::Reader;
use crate::settings::secret::Secret;

const WITH_POSTGRES_TLS: bool = cfg!(feature = "postgres-tls");

/// The database and how many connections to it are kept.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// The database itself. Default `sqlite:<data_dir>/pierhead.db`. `PIERHEAD_DATABASE_URL`.
    pub location: Database,
    /// Readers of SQLite, or the pool of PostgreSQL. Default 8. `PIERHEAD_DATABASE__CONNECTIONS`.
    pub connections: u32,
    /// Statements that take longer are logged. Default 1s; 0 for none. `PIERHEAD_DATABASE__SLOW_STATEMENT`.
    pub slow_statement: Option<Duration>,
}

/// A database.
#[derive(Clone, Debug)]
pub enum Database {
    /// SQLite in this file.
    Sqlite(PathBuf),
    /// PostgreSQL at this URL, which may hold a password.
    Postgres(Secret<String>),
}

impl DatabaseSettings {
    pub(super) fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let given = reader.secret(
            "database_url",
            "sqlite:<data_dir>/pierhead.db",
            "`sqlite:` and a file, or `postgres://user:password@host/database`",
            database,
        );
        let location = match given {
            Some(given) => given.expose().clone(),
            None => Database::Sqlite(data_dir.join("pierhead.db")),
        };
        reader.show("database_url", &shown(&location));
        Self {
            location,
            connections: reader.value(
                "database.connections",
                "8",
                "Connections kept open: readers of SQLite, or the pool of PostgreSQL",
                parse::number(2..=200),
            ),
            slow_statement: reader.value(
                "database.slow_statement",
                "1s",
                "Statements that take longer are logged, without the values bound to them; `0` for none",
                parse::duration_or_none(Duration::from_micros(1)..=Duration::from_secs(60)),
            ),
        }
    }
}

fn database(text: &str) -> Parsed<Database> {
    let text = text.trim();
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return postgres(text);
    }
    let path = parse::local_path("sqlite", text).filter(|path| path.as_os_str() != ":memory:");
    let hint = "sqlite: and a file, such as sqlite:data/pierhead.db or sqlite:///srv/pierhead.db, or a postgres:// URL";
    path.map(Database::Sqlite).ok_or_else(|| hint.to_owned())
}

fn postgres(text: &str) -> Parsed<Database> {
    if let Some(mode) = tls_demanded(text)
        && !WITH_POSTGRES_TLS
    {
        return Err(format!(
            "sslmode={mode} needs a build with the cargo feature postgres-tls, which this one lacks; use such a build, \
             or sslmode=disable on a network you trust"
        ));
    }
    Ok(Database::Postgres(Secret::new(text.to_owned())))
}

/// The `sslmode` of a URL, if it rules out an unencrypted connection.
///
/// Source: PostgreSQL documentation, "SSL mode descriptions" of libpq.
fn tls_demanded(url: &str) -> Option<&'static str> {
    let (_, query) = url.split_once('?')?;
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    let (_, mode) = parameters.find(|(name, _)| name == "sslmode")?;
    let demanding = ["require", "verify-ca", "verify-full"];
    demanding.into_iter().find(|demanding| *demanding == mode)
}

/// A database as the report shows it: PostgreSQL without user name, password and parameters.
fn shown(database: &Database) -> String {
    match database {
        Database::Sqlite(path) => format!("sqlite:{}", path.display()),
        Database::Postgres(url) => match server_of(url.expose()) {
            Some(server) => format!("postgres://***@{server}"),
            None => "postgres://***".to_owned(),
        },
    }
}

/// Host, port and database of a URL, unless a stray `@`, `/` or `#` could make a part of the password look like them.
fn server_of(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let userinfo_is_clear = match text.matches('@').count() {
        0 => true,
        1 => !url.username().is_empty(),
        _ => false,
    };
    let host = url.host_str().filter(|_| userinfo_is_clear)?;
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{host}{port}{}", url.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::Given;

    fn given(url: &str) -> Given {
        Given::nothing().variable("PIERHEAD_DATABASE_URL", url)
    }

    #[test]
    fn sqlite_is_in_the_data_folder_unless_told_otherwise() {
        let loaded = Given::nothing().variable("PIERHEAD_DATA_DIR", "/srv").load().unwrap();
        let Database::Sqlite(path) = loaded.settings.database.location else {
            panic!("SQLite is the default");
        };
        assert_eq!(path, Path::new("/srv/pierhead.db"));

        let url = loaded.report.iter().find(|entry| entry.key == "database_url").unwrap();
        assert!(format!("{:?}", url.value).contains("sqlite:/srv/pierhead.db"));
    }

    #[test]
    fn both_postgres_schemes_are_understood() {
        for url in ["postgres://u:p@db/pierhead", "postgresql://db:5433/p?sslmode=prefer"] {
            let Database::Postgres(kept) = given(url).settings().database.location else {
                panic!("{url} is PostgreSQL");
            };
            assert_eq!(kept.expose(), url);
        }
    }

    #[test]
    fn other_databases_and_sqlite_in_memory_are_refused_without_repeating_the_url() {
        for url in ["mysql://u:hunter2@db", "hunter2", "sqlite::memory:", "sqlite:", "sqlite://host/hunter2"] {
            let text = given(url).fault();
            assert!(text.contains("sqlite: and a file"), "{text}");
            assert!(!text.contains("hunter2") && !text.contains("given"), "{text}");
        }
    }

    #[test]
    fn demanding_tls_needs_a_build_that_has_it() {
        for mode in ["require", "verify-ca", "verify-full"] {
            let given = given(&format!("postgres://db/p?application_name=x&sslmode={mode}"));
            match WITH_POSTGRES_TLS {
                true => assert!(given.load().is_ok()),
                false => assert!(given.fault().contains("cargo feature postgres-tls")),
            }
        }
    }

    #[test]
    fn the_report_shows_the_server_only_when_no_password_can_hide_in_it() {
        let shown = |url: &str| shown(&Database::Postgres(Secret::new(url.to_owned())));

        assert_eq!(shown("postgres://u:hunter2@db:5433/p?password=hunter2"), "postgres://***@db:5433/p");
        for url in ["postgres://u:1/hunter2@db/p", "postgres://u:h@unter2@db/p", "postgres://u:1#hunter2@db/p"] {
            assert_eq!(shown(url), "postgres://***", "{url}");
        }
    }

    #[test]
    fn connections_keep_to_their_range() {
        let text = Given::file("[database]\nconnections = 1\n").fault();
        assert!(text.contains("a whole number from 2 to 200"), "{text}");
    }
}
