//! Files stay small enough to be read.

use super::{Source, sources};

const MOST_LINES: usize = 500;
const MOST_TEMPLATE_LINES: usize = 200;

fn too_long(mut files: Vec<Source>, most: usize) -> Vec<String> {
    files.sort_by_key(|source| std::cmp::Reverse(source.text.lines().count()));
    let sized: Vec<(usize, String)> = files.into_iter().map(|file| (file.text.lines().count(), file.path)).collect();
    show(&sized[..sized.len().min(5)]);
    sized.into_iter().filter(|(lines, _)| *lines > most).map(|(lines, path)| format!("{path}: {lines}")).collect()
}

#[expect(clippy::print_stdout, reason = "shown with --nocapture: the next ones to be split")]
fn show(largest: &[(usize, String)]) {
    for (lines, path) in largest {
        println!("{lines:4} {path}");
    }
}

#[test]
fn no_source_file_is_longer_than_500_lines() {
    let mut files = sources("src", "rs");
    files.retain(|source| source.path != "src/domain/db/schema.rs");

    let guilty = too_long(files, MOST_LINES);

    assert!(guilty.is_empty(), "over {MOST_LINES} lines: {guilty:?}");
}

#[test]
fn no_template_is_longer_than_200_lines() {
    let guilty = too_long(sources("templates", "html"), MOST_TEMPLATE_LINES);

    assert!(guilty.is_empty(), "over {MOST_TEMPLATE_LINES} lines: {guilty:?}");
}
