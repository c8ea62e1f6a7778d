//! Loading as a whole: precedence, all faults at once, nothing secret shown.

use crate::settings::testing::{Given, TOKEN};

#[test]
fn nothing_given_is_enough() {
    let loaded = Given::nothing().load().unwrap();

    let settings = loaded.settings;
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.external_url().as_str(), "http://127.0.0.1:8080/");
    assert!(!settings.has_external_url());
    assert!(settings.tls.is_none());
    assert_eq!(loaded.file, None);
}

#[test]
fn flags_win_over_variables_over_the_file_over_defaults() {
    let file = "listen = '127.0.0.1:1'\n[limits]\nupload_lifetime = '1h'\nfailed_sign_ins = 7\n";
    let given = Given::file(file)
        .variable("PIERHEAD_LISTEN", "127.0.0.1:2")
        .variable("PIERHEAD_LIMITS__UPLOAD_LIFETIME", "2h")
        .flag("listen", "127.0.0.1:3");

    let loaded = given.load().unwrap();

    let settings = &loaded.settings;
    assert_eq!(settings.server.listen.port(), 3);
    assert_eq!(settings.limits.upload_lifetime.as_secs(), 2 * 60 * 60);
    assert_eq!(settings.limits.failed_sign_ins, 7);
    assert_eq!(settings.server.idle_timeout.as_secs(), 60);
    let sources = ["listen", "limits.upload_lifetime", "limits.failed_sign_ins"].map(|key| {
        let entry = loaded.report.iter().find(|entry| entry.key == key);
        entry.unwrap().source.kind()
    });
    assert_eq!(sources, ["flag", "environment", "file"]);
}

#[test]
fn every_fault_is_reported_at_once() {
    let file = "[limits]\nupload_lifetme = '1h'\nblob_size = [1, 2]\n[log]\nformat = 'xml'\n";
    let given = Given::file(file)
        .variable("PIERHEAD_LISTEN", "here")
        .variable("PIERHEAD_LISEN", "127.0.0.1:1")
        .variable("PIERHEAD_ACCESS__SUPERUSERS", "alice,Bob Smith,C!")
        .variable("PIERHEAD_TEST_DATABASE", "anything")
        .flag("server.workers", "many");

    let faults = given.load().unwrap_err();

    let keys: Vec<_> = faults.0.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "listen",
            "server.workers",
            "access.superusers",
            "access.superusers",
            "limits.blob_size",
            "log.format",
            "limits.upload_lifetme",
            "PIERHEAD_LISEN",
        ]
    );
    assert!(faults.to_string().starts_with("8 faults in the settings\n"));
}

#[test]
fn a_broken_file_hides_no_other_fault_and_shows_no_value() {
    for value in ["\"hunter2", "hunter2", "1hunter2", "'a' hunter2", "{ hunter2 }", "\"\\hunter2\""] {
        let file = format!("data_dir = '/srv'\nadmin_password = {value}\n");
        let given = Given::file(&file).variable("PIERHEAD_LISTEN", "x");

        let text = given.load().unwrap_err().to_string();

        assert!(text.contains("line 2") || text.contains("line 3"), "{text}");
        assert!(text.contains("PIERHEAD_LISTEN"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn the_file_can_be_named_by_variable_and_must_then_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.toml");
    std::fs::write(&path, "data_dir = '/srv/pierhead'").unwrap();
    let name = path.to_str().unwrap();

    let loaded = Given::nothing().variable("PIERHEAD_CONFIG", name).load();
    assert_eq!(loaded.unwrap().file.as_deref(), Some(path.as_path()));

    std::fs::remove_file(&path).unwrap();
    let faults = Given::nothing().variable("PIERHEAD_CONFIG", name).load();
    assert!(faults.unwrap_err().to_string().contains("other.toml"));
}

#[test]
fn an_empty_value_is_a_fault_rather_than_silently_the_default() {
    let given = Given::nothing().variable("PIERHEAD_METRICS__TOKEN", "");
    assert!(given.load().unwrap_err().to_string().contains("is empty"));
}

#[test]
fn the_external_url_follows_listener_and_tls() {
    let given = Given::nothing()
        .variable("PIERHEAD_LISTEN", "[fe80::1%3]:8443")
        .variable("PIERHEAD_TLS__CERTIFICATE", "/tls/cert.pem")
        .variable("PIERHEAD_TLS__KEY", "/tls/key.pem");

    let loaded = given.load().unwrap();

    assert_eq!(loaded.settings.external_url().as_str(), "https://[fe80::1]:8443/");
}

#[test]
fn secrets_are_printed_nowhere() {
    let given = Given::nothing()
        .variable("PIERHEAD_METRICS__TOKEN", TOKEN)
        .variable("PIERHEAD_ADMIN_USERNAME", "alice")
        .variable("PIERHEAD_ADMIN_PASSWORD", "correct-horse")
        .variable("PIERHEAD_DATABASE_URL", "postgres://bob:hunter2@db/p?password=hunter2");
    let loaded = given.clone().load().unwrap();
    let faults = given
        .variable("PIERHEAD_METRICS__TOKEN", "hunter2")
        .variable("PIERHEAD_SECRET_KEY", "hunter2")
        .variable("PIERHEAD_ADMIN_PASSWORD", "hunter2")
        .variable("PIERHEAD_ADMIN_PASWORD", "hunter2")
        .variable("PIERHEAD_EXTERNAL_URL", "https://a:hunter2@host")
        .variable("PIERHEAD_DATABASE_URL", "mysql://bob:hunter2@db");
    let faults = faults.load().unwrap_err();

    assert_eq!(faults.0.len(), 6);
    let report = super::render_effective(&loaded.report);
    for text in [format!("{loaded:?}"), report, format!("{faults} {faults:?}")] {
        for secret in [TOKEN, "correct-horse", "hunter2"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("***") || text.contains("faults"), "{text}");
    }
}
