//! Keys and variables that no setting reads, with the name that was probably meant.

use crate::settings::FILE_VARIABLE;
use crate::settings::fault::Fault;
use crate::settings::source::{Layers, RawValue, Source, variable_name};

const PREFIX: &str = "PIERHEAD_";
const TEST_PREFIX: &str = "PIERHEAD_TEST_";

/// One fault for each name that is not a setting: first the file's, then variables, then flags.
pub fn unknown_names(layers: &Layers, known: &[&str]) -> Vec<Fault> {
    let file = layers.file.iter().flat_map(|file| {
        let keys = file
            .values
            .iter()
            .filter(|(key, given)| !known.contains(&key.as_str()) && !is_empty_section(key, given, known));
        keys.map(|(key, _)| fault(key, Source::File(file.path.clone()), hint(key, known)))
    });
    let variables = layers.environment.iter().filter_map(|(name, value)| {
        let key = key_of_variable(name)?;
        let is_known = known.iter().any(|known| variable_name(known) == *name);
        if is_known || is_no_setting(name, value) {
            return None;
        }
        let hint = variable_hint(&key, known);
        Some(fault(name, Source::Environment(name.clone()), hint))
    });
    let flags = layers.flags.keys().filter(|key| !known.contains(&key.as_str()));
    let flags = flags.map(|key| fault(key, Source::Flag(key.clone()), hint(key, known)));
    file.chain(variables).chain(flags).collect()
}

fn fault(name: &str, source: Source, hint: String) -> Fault {
    Fault { key: name.to_owned(), source, given: None, hint }
}

fn is_empty_section(key: &str, given: &RawValue, known: &[&str]) -> bool {
    matches!(given, RawValue::Unfit("a table")) && is_section(key, known)
}

fn is_section(name: &str, known: &[&str]) -> bool {
    known.iter().any(|key| key.split_once('.').is_some_and(|(section, _)| section == name))
}

fn key_of_variable(name: &str) -> Option<String> {
    let key = name.strip_prefix(PREFIX)?;
    Some(key.to_lowercase().replace("__", "."))
}

fn is_no_setting(name: &str, value: &str) -> bool {
    name == FILE_VARIABLE || name.starts_with(TEST_PREFIX) || is_service_link(name, value)
}

/// Kubernetes describes each service to each pod in variables; a service named `pierhead` gets our prefix.
///
/// Source: Kubernetes documentation, "Service: environment variables".
fn is_service_link(name: &str, value: &str) -> bool {
    let names_a_port =
        name.split("_PORT_").skip(1).any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || names_a_port
        || (name.ends_with("_PORT") && value.contains("://"))
}

fn hint(key: &str, known: &[&str]) -> String {
    if is_section(key, known) {
        return format!("a section, written [{key}], not a setting");
    }
    match nearest(key, known) {
        Some(meant) => format!("unknown setting; did you mean {meant}?"),
        None => "unknown setting".to_owned(),
    }
}

fn variable_hint(key: &str, known: &[&str]) -> String {
    match nearest(key, known) {
        Some(meant) => format!("unknown variable; did you mean {}?", variable_name(meant)),
        None => "unknown variable".to_owned(),
    }
}

/// The known key that differs by a slip, or that has the same name in another section.
fn nearest<'known>(key: &str, known: &[&'known str]) -> Option<&'known str> {
    let distance = |candidate: &&&str| edit_distance(key, candidate);
    let closest = known.iter().min_by_key(distance)?;
    if edit_distance(key, closest) <= slips_forgiven(key) {
        return Some(closest);
    }
    let same_name = known.iter().filter(|candidate| name_in_section(candidate) == name_in_section(key));
    same_name.min_by_key(distance).copied()
}

fn slips_forgiven(key: &str) -> usize {
    (1 + key.chars().count() / 6).min(3)
}

fn name_in_section(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, name)| name)
}

/// Letters to insert, delete or replace to get from one word to the other (Levenshtein).
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut previous: Vec<usize> = (0..=to.len()).collect();
    for (row, from_letter) in from.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, to_letter) in to.iter().enumerate() {
            let replaced = previous[column] + usize::from(from_letter != *to_letter);
            let inserted_or_deleted = previous[column + 1].min(current[column]) + 1;
            current.push(replaced.min(inserted_or_deleted));
        }
        previous = current;
    }
    previous[to.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::settings::testing::Given;

    #[test]
    fn a_misspelt_key_is_answered_with_the_right_one() {
        let text = Given::file("[limits]\nupload_lifetme = '1h'").fault();
        assert!(text.contains("did you mean limits.upload_lifetime?"), "{text}");
    }

    #[test]
    fn a_key_in_the_wrong_section_is_answered_with_the_right_one() {
        let text = Given::file("upload_lifetime = '1h'").fault();
        assert!(text.contains("did you mean limits.upload_lifetime?"), "{text}");
    }

    #[test]
    fn a_variable_with_one_underscore_is_answered_with_two() {
        let text = Given::nothing().variable("PIERHEAD_LIMITS_BLOB_SIZE", "1").fault();
        assert!(text.contains("did you mean PIERHEAD_LIMITS__BLOB_SIZE?"), "{text}");
    }

    #[test]
    fn an_unknown_flag_is_a_fault_without_a_guess() {
        let text = Given::nothing().flag("colour", "red").fault();
        assert!(text.ends_with("hint:  unknown setting\n"), "{text}");
    }

    #[test]
    fn a_section_given_a_value_is_explained_and_an_empty_one_is_fine() {
        let text = Given::file("limits = 3").fault();
        assert!(text.contains("written [limits]"), "{text}");

        assert!(Given::file("[limits]\n[log]\n").load().is_ok());
        assert!(Given::file("[limts]\n").load().is_err());
    }

    #[test]
    fn variables_of_kubernetes_services_are_ignored() {
        let given = Given::nothing()
            .variable("PIERHEAD_SERVICE_HOST", "10.0.0.1")
            .variable("PIERHEAD_SERVICE_PORT_HTTP", "80")
            .variable("PIERHEAD_PORT", "tcp://10.0.0.1:80")
            .variable("PIERHEAD_METRICS_PORT_9090_TCP_ADDR", "10.0.0.1");
        assert!(given.load().is_ok());

        assert!(Given::nothing().variable("PIERHEAD_PORT", "80").load().is_err());
    }

    proptest! {
        #[test]
        fn distance_is_zero_only_for_the_same_word(one in "[a-c]{0,5}", other in "[a-c]{0,5}") {
            prop_assert_eq!(edit_distance(&one, &other) == 0, one == other);
            prop_assert_eq!(edit_distance(&one, &other), edit_distance(&other, &one));
        }
    }
}
