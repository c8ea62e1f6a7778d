//! `config`, `migrate`, `user`, `doctor`.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::client::Client;
use crate::database::is_postgres;
use crate::server::{ADMIN, ADMIN_EMAIL, ADMIN_PASSWORD, Installation};

#[test]
fn config_shows_what_is_in_effect_without_secrets() {
    let key = STANDARD.encode([9; 32]);
    let installation =
        Installation::new().with("PIERHEAD_SECRET_KEY", &key).with("PIERHEAD_LIMITS__BLOB_SIZE", "20GiB");

    let said = installation.run(&["config"], "");

    assert!(said.status.success(), "{}", said.all());
    assert!(said.standard.contains("20GiB") && said.standard.contains(&installation.address().to_string()));
    for secret in [ADMIN_PASSWORD, &key] {
        assert!(!said.all().contains(secret), "{}", said.all());
    }
    assert!(!installation.data_dir().exists(), "looking at settings makes nothing");
    assert!(installation.run(&["config", "check"], "").status.success());
}

#[test]
fn config_check_tells_every_fault_at_once_and_no_secret() {
    let installation = Installation::new()
        .with("PIERHEAD_LISTEN", "nowhere")
        .with("PIERHEAD_ADMIN_PASSWORD", "hunter2")
        .with("PIERHEAD_SECRET_KEY", "not-a-key-at-all")
        .with("PIERHEAD_DATABASE_URL", "mysql://root:swordfish@host/x")
        .with("PIERHEAD_LIMITS__UPLOAD_LIFETIME", "5")
        .with("PIERHEAD_SERVER__TRUSTED_PROXIES", "*")
        .with("PIERHEAD_NO_SUCH_SETTING", "misspelt-secret");
    fs::write(installation.working_directory().join("pierhead.toml"), "[limits]\nfailed_sign_ins = 0\nunknown = 1\n")
        .unwrap();

    let said = installation.run(&["config", "check"], "");

    assert_eq!(said.status.code(), Some(1));
    let wanted = [
        "listen",
        "admin_password",
        "secret_key",
        "database_url",
        "limits.upload_lifetime",
        "server.trusted_proxies",
        "PIERHEAD_NO_SUCH_SETTING",
        "limits.failed_sign_ins",
        "limits.unknown",
    ];
    for key in wanted {
        assert!(said.error.contains(key), "{key} is missing: {}", said.error);
    }
    for secret in ["hunter2", "not-a-key-at-all", "swordfish", "misspelt-secret"] {
        assert!(!said.all().contains(secret), "{}", said.all());
    }
    let serve = installation.run(&["serve"], "");
    assert_eq!(serve.status.code(), Some(1), "serving refuses what the check refuses");
    assert!(!installation.data_dir().exists());
}

#[test]
fn migrate_makes_the_schema_once() {
    let installation = Installation::new();

    let first = installation.run(&["migrate"], "");
    let second = installation.run(&["migrate"], "");

    assert!(first.status.success() && second.status.success(), "{}{}", first.all(), second.all());
    assert!(first.standard.contains("ran ") && first.standard.contains("up to date now"), "{}", first.standard);
    assert_eq!(second.standard.trim(), "The schema is up to date.");
    installation.start().is_well();
}

#[tokio::test]
async fn users_are_created_listed_and_given_passwords_from_the_command_line() {
    let installation = Installation::new();
    let server = installation.start();
    let sign_in = async |name: &str, password: &str| {
        Client::anonymous(&server.url()).with_password(name, password).get("/v2/").await.status
    };

    let created = installation.run(&["user", "create", "amara", "--email", "amara@example.com"], "first-password\n");
    assert!(created.status.success(), "{}", created.all());
    assert!(installation.run(&["user", "create", "root", "--superuser"], "super-password").status.success());
    let listed = installation.run(&["user", "list"], "").standard;
    assert!(listed.contains(&format!("{ADMIN}\tsuperuser\tenabled\t{ADMIN_EMAIL}")), "{listed}");
    assert!(
        listed.lines().any(|line| line.starts_with("amara\t") && line.ends_with("\tamara@example.com")),
        "{listed}"
    );
    assert!(listed.lines().any(|line| line.starts_with("root\tsuperuser\tenabled")), "{listed}");
    assert_eq!(sign_in("amara", "first-password").await, 200);

    let changed = installation.run(&["user", "set-password", "amara"], "second-password\n");
    assert!(changed.status.success(), "{}", changed.all());
    assert_eq!(sign_in("amara", "first-password").await, 401, "the old password is forgotten at once");
    assert_eq!(sign_in("amara", "second-password").await, 200);
    let all = [created.all(), changed.all(), listed, installation.output().error()].concat();
    assert!(!all.contains("first-password") && !all.contains("second-password"));
    server.is_well();
}

#[test]
fn a_link_for_a_new_password_is_made_on_the_command_line() {
    let installation = Installation::new();
    assert!(installation.run(&["user", "create", "root", "--superuser"], "super-password\n").status.success());

    let made = installation.run(&["user", "recover", "root"], "");

    assert!(made.status.success(), "{}", made.all());
    assert!(made.standard.lines().last().unwrap().contains("/recovery?code=phl_"), "{}", made.standard);
    assert!(!installation.run(&["user", "recover", "nobody"], "").status.success());
}

#[test]
fn user_commands_say_what_is_wrong() {
    let installation = Installation::new();
    let server = installation.start();
    let refused = [
        (["user", "create", ADMIN].as_slice(), "good-password", "already exists"),
        (&["user", "create", "Bad Name"], "good-password", "Bad Name"),
        (&["user", "create", "amara"], "short", "at least 8 characters"),
        (&["user", "create", "amara"], "", "no password on standard input"),
        (&["user", "set-password", "nobody"], "good-password", "nobody not found"),
    ];

    for (arguments, password, expected) in refused {
        let said = installation.run(arguments, password);
        assert_eq!(said.status.code(), Some(1), "{arguments:?}: {}", said.all());
        assert!(said.error.contains(expected), "{arguments:?}: {}", said.error);
        assert!(password.is_empty() || !said.all().contains(password));
    }
    assert_eq!(installation.run(&["user", "list"], "").standard.lines().count(), 1);
    server.is_well();
}

#[test]
fn a_healthy_installation_passes_the_doctor_before_while_and_after_it_runs() {
    let installation = Installation::new();
    let healthy = |when: &str| {
        let said = installation.run(&["doctor"], "");
        assert!(said.status.success(), "{when}: {}", said.all());
        assert!(!said.standard.contains("FAULT"), "{when}: {}", said.standard);
    };

    healthy("before the first start");
    let server = installation.start();
    healthy("while it runs");
    assert!(server.stop().success());
    healthy("afterwards");
}

#[test]
fn the_doctor_tells_every_fault_and_what_to_do() {
    let installation = Installation::new();
    assert!(installation.start().stop().success());
    fs::write(installation.data_dir().join("secret.key"), "damaged").unwrap();
    fs::remove_dir_all(installation.storage().join("uploads")).unwrap();
    fs::write(installation.storage().join("uploads"), "in the way").unwrap();
    let (certificate, key) = (installation.beside("c.pem"), installation.beside("k.pem"));
    fs::write(&certificate, "no certificate").unwrap();
    let installation =
        installation.with("PIERHEAD_TLS__CERTIFICATE", certificate.display()).with("PIERHEAD_TLS__KEY", key.display());
    let installation = if is_postgres() {
        installation.with("PIERHEAD_DATABASE_URL", "postgres://nobody:sesame@127.0.0.1:1/none")
    } else {
        let database = installation.data_dir().join("pierhead.db");
        fs::write(&database, "no database at all ".repeat(1_000)).unwrap();
        // What the write-ahead log holds would be as good as the file.
        let _ = fs::remove_file(database.with_extension("db-wal"));
        installation
    };

    let said = installation.run(&["doctor"], "");

    assert_eq!(said.status.code(), Some(1));
    for what in ["secret key", "database", "storage", "TLS"] {
        assert!(said.standard.contains(&format!("FAULT {what}: ")), "{what}: {}", said.all());
    }
    assert!(said.standard.contains("ok    data folder"), "{}", said.standard);
    assert!(!said.all().contains("sesame"), "{}", said.all());
}
