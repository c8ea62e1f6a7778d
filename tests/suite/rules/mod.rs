//! The layout's own tests: what is promised about the source is read from the source.

mod blocks_stand_alone;
mod dependencies;
mod forged_requests;
mod kinds_written;
mod page_matrix;
mod paths_documented;
mod policy_matrix;
mod route_matrix;
mod routes_complete;
mod schema_parity;
mod settings_documented;
mod sizes;
mod table;
mod templates_escape;

use std::path::{Path, PathBuf};

/// A file of the project: its path from the root, its text.
struct Source {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder with this extension, in the order of their paths.
fn sources(folder: &str, extension: &str) -> Vec<Source> {
    let mut found = Vec::new();
    gather(&root().join(folder), extension, &mut found);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!found.is_empty(), "{folder} has files");
    found
}

fn gather(folder: &Path, extension: &str, found: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, extension, found);
        } else if path.extension().is_some_and(|this| this == extension) {
            let text = std::fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_str().unwrap().to_string();
            found.push(Source { path, text });
        }
    }
}

impl Source {
    /// Numbered lines of the program itself: without comments, without tests.
    fn code(&self) -> Vec<(usize, &str)> {
        let name = self.path.rsplit('/').next().unwrap();
        if name == "tests.rs" || name == "testing.rs" || name.ends_with("_tests.rs") {
            return Vec::new();
        }
        let end = self.text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().enumerate();
        lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(at, line)| (at + 1, line)).collect()
    }
}
