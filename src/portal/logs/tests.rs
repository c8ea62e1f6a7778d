use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use domain::audit::{DAY, Entry};
use domain::event::EventKind;
use domain::time::Timestamp;

use super::asked::Asked;
use super::{kinds, sentence};
use crate::portal::show::Reader;
use crate::portal::text::{Language, Text};

/// A Thursday.
const NOW: Timestamp = Timestamp(1_788_998_400_000);

fn entry(kind: &str, details: serde_json::Value) -> Entry {
    Entry {
        id: 1,
        kind: kind.to_string(),
        at: NOW.0,
        actor_kind: "user".to_string(),
        actor_name: "amara".to_string(),
        ip: None,
        user_agent: None,
        namespace_id: Some(1),
        namespace_name: Some("acme".to_string()),
        repository_name: Some("acme/web".to_string()),
        tag: None,
        digest: None,
        times: 1,
        details: details.to_string(),
        credential: "session".to_string(),
        token_uuid: None,
    }
}

fn said(entry: &Entry, language: Language) -> String {
    sentence::of(entry, Text::new(language), &Reader::new(language, None, NOW))
}

#[test]
fn every_kind_has_a_sentence_and_a_name_of_its_own_in_each_language() {
    for language in Language::ALL {
        let mut names = BTreeSet::new();
        for kind in EventKind::ALL {
            let sentence = said(&entry(kind.as_str(), serde_json::json!({})), language);
            let name = Text::new(language).say(kinds::name_key(*kind));
            assert_ne!(sentence, kinds::sentence_key(*kind), "no sentence for {kind}");
            assert_ne!(name, kinds::name_key(*kind), "no name for {kind}");
            assert!(!sentence.contains('{') && !sentence.contains('$'), "{kind}: {sentence}");
            assert!(names.insert(name.clone()), "two kinds are called {name}");
        }
    }
}

#[test]
fn sentences_name_what_was_written_down() {
    let granted = entry("add_repo_permission", serde_json::json!({ "team": "ledger", "role": "write" }));
    assert_eq!(said(&granted, Language::English), "ledger got Write on acme/web");
    assert_eq!(said(&granted, Language::German), "ledger hat auf acme/web die Berechtigung Schreiben erhalten");

    let robot = entry("delete_robot", serde_json::json!({ "robot": "ci" }));
    assert_eq!(said(&robot, Language::English), "Robot account acme+ci was deleted");

    let digest = format!("sha256:{}", "ab".repeat(32));
    let moved = Entry {
        tag: Some("latest".into()),
        digest: Some(digest),
        ..entry("move_tag", serde_json::json!({ "original_manifest_digest": format!("sha256:{}", "cd".repeat(32)) }))
    };
    assert_eq!(said(&moved, Language::English), "Tag latest moved from cdcdcdcdcdcd to abababababab");
}

#[test]
fn long_values_are_cut_and_unknown_kinds_are_told_by_their_word() {
    let long = entry("login_failure", serde_json::json!({ "message": "x".repeat(1_000) }));
    assert!(said(&long, Language::English).chars().count() < 200);
    assert_eq!(said(&entry("launch_rocket", serde_json::json!({})), Language::English), "launch_rocket");
}

fn asked(query: &str) -> Asked {
    Asked::of(&TestRequest::with_uri(&format!("/organization/acme?tab=logs&{query}")).to_http_request(), NOW)
}

#[test]
fn an_address_without_days_means_the_last_thirty() {
    let asked = asked("");
    let (from, until) = asked.range();
    assert_eq!(until.0 - from.0, 30 * DAY);
    assert!(from < NOW && NOW < until);
}

#[test]
fn days_are_read_in_any_order_and_odd_ones_are_not_believed() {
    let backwards = asked("from=2026-09-09&to=2026-09-01");
    assert_eq!((backwards.first_field().as_str(), backwards.last_field().as_str()), ("2026-09-01", "2026-09-09"));
    for odd in ["from=tomorrow", "from=2026-02-30", "to=%00", "from=-9999-01-01", "to=99999-01-01"] {
        let (from, until) = asked(odd).range();
        assert_eq!(until.0 - from.0, 30 * DAY, "{odd}");
    }
    let (from, until) = asked("from=1970-01-01&to=9990-01-01").range();
    assert_eq!((until.0 - from.0) / DAY, 3_660);
}

#[test]
fn the_api_gets_the_same_days() {
    let pairs = asked("from=2026-08-31&to=2026-09-01&kind=push_repo&q=a%26b").for_download("csv");
    assert!(pairs.contains(&("starttime", "08/31/2026".to_string())));
    assert!(pairs.contains(&("endtime", "09/01/2026".to_string())));
    assert!(pairs.contains(&("q", "a&b".to_string())));
}
