//! Who may name whom.

use crate::support::source::files;

const DOORS: [&str; 4] = ["registry", "portal", "api", "jobs"];

/// Lines of code that name one of `words`, comments left out.
fn naming(folder: &str, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files(folder, ".rs") {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(word.as_str())) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn doors_name_neither_sql_nor_adapters_nor_each_other() {
    for door in DOORS {
        let mut forbidden = words(&["diesel", "db::schema", "crate::adapters", "crate::app", "crate::commands"]);
        forbidden.extend(DOORS.iter().filter(|other| **other != door).map(|other| format!("crate::{other}")));
        let found = naming(&format!("src/{door}"), &forbidden);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn what_doors_share_names_no_door() {
    let mut forbidden = words(&["diesel", "crate::adapters", "crate::app"]);
    forbidden.extend(DOORS.iter().map(|door| format!("crate::{door}")));
    let found = naming("src/web", &forbidden);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_domain_names_no_http() {
    let found = naming("src/domain", &words(&["actix", "askama", "reqwest", "pierhead::"]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_specifications_words_know_no_database() {
    let found = naming("src/domain/oci", &words(&["diesel", "tokio", "crate::db", "crate::access", "crate::error"]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn adapters_know_ports_and_nothing_above() {
    let found =
        naming("src/adapters", &words(&["actix", "crate::web", "crate::registry", "crate::settings", "diesel"]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
