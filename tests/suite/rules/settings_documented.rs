use pierhead::settings::markdown_table;

#[test]
fn the_readme_has_the_table_that_the_code_prints() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- settings -->").expect("README.md marks where the table begins");
    let (table, _) = rest.split_once("<!-- /settings -->").expect("README.md marks where the table ends");

    assert_eq!(table.trim(), markdown_table().trim(), "replace the table in README.md by `pierhead config table`");
}
