//! Who may name whom.

use super::{Source, sources};

const DOORS: [&str; 4] = ["registry", "portal", "api", "jobs"];

/// Lines that have one of these words as a whole word.
fn naming(source: &Source, words: &[&str]) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let has = |line: &str, word: &str| {
        line.match_indices(word)
            .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
    };
    let guilty = |line: &str| words.iter().any(|word| has(line, word));
    let lines = source.code().into_iter().filter(|(_, line)| guilty(line));
    lines.map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())).collect()
}

#[test]
fn doors_name_neither_the_database_nor_adapters() {
    let mut guilty = Vec::new();
    for door in DOORS {
        for source in sources(&format!("src/{door}"), "rs") {
            guilty.extend(naming(&source, &["diesel", "db::schema", "adapters"]));
        }
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

#[test]
fn doors_do_not_name_each_other() {
    let mut guilty = Vec::new();
    for door in DOORS {
        let others: Vec<String> =
            DOORS.iter().filter(|other| **other != door).map(|other| format!("crate::{other}")).collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        for source in sources(&format!("src/{door}"), "rs") {
            guilty.extend(naming(&source, &others));
            // Several things of the crate at once, such as `use crate::{api, web}`.
            guilty.extend(
                naming(&source, &["crate::{"])
                    .into_iter()
                    .filter(|line| DOORS.iter().any(|other| *other != door && line.contains(other))),
            );
        }
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

#[test]
fn what_doors_share_names_no_door_and_no_database() {
    let mut guilty = Vec::new();
    let doors = DOORS.map(|door| format!("crate::{door}"));
    let mut words: Vec<&str> = doors.iter().map(String::as_str).collect();
    words.extend(["diesel", "db::schema", "adapters"]);
    for source in sources("src/web", "rs") {
        guilty.extend(naming(&source, &words));
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

#[test]
fn adapters_name_no_door_and_no_settings() {
    let mut guilty = Vec::new();
    let doors = DOORS.map(|door| format!("crate::{door}"));
    let mut words: Vec<&str> = doors.iter().map(String::as_str).collect();
    words.extend(["crate::settings", "crate::web", "diesel", "actix_web"]);
    for source in sources("src/adapters", "rs") {
        guilty.extend(naming(&source, &words));
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

#[test]
fn the_specifications_words_know_nothing_else() {
    let allowed = ["std", "serde", "serde_json", "thiserror", "sha2", "base64", "crate::oci", "self", "super"];
    let is_allowed = |path: &str| {
        allowed.iter().any(|known| {
            path.strip_prefix(known).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let mut guilty = Vec::new();
    for source in sources("src/domain/oci", "rs") {
        for (at, line) in source.code() {
            let used = line.trim_start().strip_prefix("pub ").unwrap_or(line.trim_start());
            if let Some(path) = used.strip_prefix("use ") {
                // What is re-exported from a module of its own folder starts with that module.
                let own = source.path.ends_with("oci/mod.rs");
                if !own && !is_allowed(path) {
                    guilty.push(format!("{}:{at}: {line}", source.path));
                }
            }
        }
        guilty.extend(naming(&source, &["diesel", "tokio", "actix_web", "tracing", "crate::db", "crate::time"]));
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

#[test]
fn the_policy_is_made_of_roles_alone() {
    let policy =
        sources("src/domain/access", "rs").into_iter().find(|source| source.path.ends_with("policy.rs")).unwrap();

    let used: Vec<&str> = policy.code().iter().filter_map(|(_, line)| line.strip_prefix("use ")).collect();

    assert_eq!(used, ["super::role::{RepositoryRole, Standing, TeamRole, Visibility};"]);
    assert!(naming(&policy, &["Conn", "Clock", "async", "await"]).is_empty());
}

#[test]
fn the_words_are_looked_for_as_words() {
    let text = "use diesel::prelude;\n// diesel\nlet dieselish = 1;\n#[cfg(test)]\nmod tests {\n use diesel;\n}\n";
    let source = Source { path: "src/x.rs".into(), text: text.into() };

    assert_eq!(naming(&source, &["diesel"]), ["src/x.rs:1: use diesel::prelude;"]);
}
