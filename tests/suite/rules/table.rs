//! Tables kept under version control: a change in one is a change to be reviewed.

use std::path::Path;

use crate::support::database::variable;

/// Compares with the file, or writes it if `UPDATE_TABLES` is set.
#[track_caller]
pub fn assert_same(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/rules").join(name);
    if variable("UPDATE_TABLES").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = known.lines().zip(actual.lines()).find(|(known, actual)| known != actual);
    assert!(
        known == actual,
        "{name} differs (first at {differing:?}); if the change is meant, run with UPDATE_TABLES=1 and review it"
    );
}
