//! Tables kept under version control: a rule that changes shows up in review.

use super::root;

/// Compares with the file beside this one; with `UPDATE_TABLES=1` writes it.
pub fn compare(name: &str, actual: &str) {
    let path = root().join("tests/suite/rules").join(name);
    if wants_update() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected == actual {
        return;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
    let changes: Vec<String> = gone.chain(come).collect();
    panic!("{name} is out of date; look at the changes, then run with UPDATE_TABLES=1\n{}", changes.join("\n"));
}

/// Columns as wide as their widest cell.
pub fn layout(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_string()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

#[expect(clippy::disallowed_methods, reason = "whether to write tables is no setting of the program")]
fn wants_update() -> bool {
    std::env::var("UPDATE_TABLES").is_ok_and(|value| value == "1")
}
