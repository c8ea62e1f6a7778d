use crate::support::source::files;

const MOST_LINES: usize = 500;
const MOST_TEMPLATE_LINES: usize = 200;

#[test]
fn files_stay_small_enough_to_read() {
    let mut sizes: Vec<(usize, String)> = files("src", ".rs")
        .into_iter()
        .filter(|(path, _)| !path.ends_with("schema.rs"))
        .map(|(path, text)| (text.lines().count(), path.display().to_string()))
        .collect();
    sizes.sort_by(|a, b| b.cmp(a));
    let largest: Vec<String> = sizes.iter().take(5).map(|(lines, path)| format!("{lines} {path}")).collect();

    assert!(sizes[0].0 <= MOST_LINES, "over {MOST_LINES} lines:\n{}", largest.join("\n"));
    for (path, text) in files("templates", ".html") {
        assert!(text.lines().count() <= MOST_TEMPLATE_LINES, "{} has too many lines", path.display());
    }
}
