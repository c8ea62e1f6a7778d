//! README tells of every setting, and of none that does not exist.

use super::root;

const BEGIN: &str = "<!-- settings -->";
const END: &str = "<!-- /settings -->";

fn rows(table: &str) -> Vec<String> {
    table.lines().map(|line| line.trim().to_string()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn readme_has_the_table_of_settings() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md can be read");
    let between = readme.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(table, _)| table);
    let written = rows(between.unwrap_or_else(|| panic!("README.md has a table between {BEGIN} and {END}")));
    let actual = rows(&pierhead::settings::markdown_table());

    let missing: Vec<&String> = actual.iter().filter(|row| !written.contains(row)).collect();
    let invented: Vec<&String> = written.iter().filter(|row| !actual.contains(row)).collect();

    assert!(
        missing.is_empty() && invented.is_empty(),
        "README.md differs from the settings; put this between {BEGIN} and {END}:\n\n{}\nmissing: {missing:#?}\n\
         not a setting: {invented:#?}",
        pierhead::settings::markdown_table()
    );
}

#[test]
fn the_table_has_a_row_for_every_setting_that_can_be_given() {
    let table = pierhead::settings::markdown_table();

    for key in ["listen", "data_dir", "database_url", "limits.blob_size", "registry.create_namespace_on_push"] {
        assert!(table.contains(&format!("`{key}`")), "{key} in\n{table}");
    }
    assert!(table.contains("PIERHEAD_REGISTRY__CREATE_NAMESPACE_ON_PUSH"), "{table}");
}
