use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Keys with the arguments they name.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn keys(language: Language) -> Keys {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/text").join(language.code());
    let mut keys = Keys::new();
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let source = std::fs::read_to_string(&file).unwrap();
        assert!(FluentResource::try_new(source.clone()).is_ok(), "{} cannot be read", file.display());
        let mut current = String::new();
        for line in source.lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| is_key(key)) {
                current = key.to_string();
                assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{current} is there twice");
            }
            let names = line.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap());
            keys.entry(current.clone()).or_default().extend(names.map(str::to_string));
        }
    }
    keys.remove("");
    keys
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn sources(folder: &Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = entries.filter(|path| !path.ends_with("text")).map(|path| match path.is_dir() {
        true => sources(&path),
        false => std::fs::read_to_string(&path).unwrap_or_default(),
    });
    text.collect()
}

fn all_sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources(&root.join("src/portal")) + &sources(&root.join("templates")) + &domain()
}

fn domain() -> String {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain"))
}

#[test]
fn every_language_says_the_same_things() {
    let english = keys(Language::English);
    let german = keys(Language::German);

    let of = |keys: &Keys| keys.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = of(&english).symmetric_difference(&of(&german)).cloned().collect();
    assert!(missing.is_empty(), "in one language only: {missing:?}");
    for (key, arguments) in &english {
        assert_eq!(arguments, &german[key], "arguments of {key}");
    }
}

#[test]
fn what_pages_say_is_in_the_catalogue() {
    let english = keys(Language::English);
    let sources = all_sources();
    let calls = [".say(\"", ".with(\"", ".around(\"", ".with2(\"", ".with_all(\""];
    let named = calls.iter().flat_map(|call| {
        sources.split(call).skip(1).filter_map(|rest| rest.split('"').next()).filter(|key| is_key(key))
    });
    let missing: BTreeSet<_> = named.filter(|key| key.contains('-') && !english.contains_key(*key)).collect();
    assert!(missing.is_empty(), "said but not written: {missing:?}");
}

#[test]
fn what_is_in_the_catalogue_is_said_somewhere() {
    let sources = all_sources();
    let unused: Vec<_> =
        keys(Language::English).into_keys().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "written but not said: {unused:?}");
}

/// The sentences of the domain, with the values they name.
#[test]
fn what_the_domain_says_is_in_the_catalogue() {
    let english = keys(Language::English);
    let domain = domain();
    let rules = domain.split("Rule::new(").skip(1).map(|rest| (rest, false));
    let sentences = domain.split("sentence!(").skip(1).map(|rest| (rest, true));
    let mut found = 0;
    for (rest, has_values) in rules.chain(sentences) {
        let mut texts = rest.split('"');
        let (key, text) = (texts.nth(1).unwrap(), texts.nth(1).unwrap());
        if !key.starts_with("said-") || key == "said-a" {
            continue;
        }
        let named: BTreeSet<String> = match has_values {
            true => text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_string())).collect(),
            false => BTreeSet::new(),
        };
        assert_eq!(english.get(key), Some(&named), "{key}: what the domain and the catalogue name");
        found += 1;
    }
    assert!(found > 70, "only {found} sentences were found in the domain");
}

#[test]
fn the_domain_speaks_the_readers_language() {
    let german = Text::new(Language::German);
    let short = domain::account::password::check_rule("kurz").unwrap_err();
    let domain::Error::Invalid { message, .. } = short else { panic!("{short}") };
    let violation = "A b".parse::<domain::oci::TeamName>().unwrap_err();

    assert_eq!(german.sentence(&message), "Passwörter haben mindestens 8 und höchstens 1024 Zeichen; dieses hat 4");
    assert_eq!(
        crate::portal::error::not_a_name(german, &violation),
        "Namen von Teams haben 2 bis 255 Kleinbuchstaben und Ziffern, dazwischen einzelne „.“, „_“ oder „-“; angegeben \
         ist „A b“"
    );
    assert_eq!(german.sentence(&"for programs".into()), "for programs");
}

#[test]
fn numbers_are_grouped_as_the_language_does() {
    assert_eq!(grouped("7", Language::English), "7");
    assert_eq!(grouped("1234567", Language::English), "1,234,567");
    assert_eq!(grouped("123456", Language::German), "123.456");
}

#[test]
fn a_browser_gets_the_first_language_we_speak() {
    for (header, expected) in [
        ("", Language::English),
        ("de", Language::German),
        ("de-AT,de;q=0.9,en;q=0.8", Language::German),
        ("fr, en;q=0.5, de;q=0.7", Language::German),
        ("fr-CH", Language::English),
        ("de;q=0, en", Language::English),
        (";;;,,q=", Language::English),
    ] {
        assert_eq!(Language::accepted(header), expected, "{header}");
    }
}
