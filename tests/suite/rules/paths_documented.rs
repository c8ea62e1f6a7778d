//! Paths that the documents name are there.

use super::root;

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
/// What a path from the root begins with. Other words in backticks are not paths of this project.
const FOLDERS: [&str; 7] = ["src/", "templates/", "static/", "tests/", "script/", "docs/", "migrations/"];

/// The file or folder that words in backticks name, without arguments (`script/test rust`) and only as far as it is the
/// same for all (`src/domain/<noun>`).
fn path(words: &str) -> Option<&str> {
    let path = words.split_whitespace().next().filter(|path| FOLDERS.iter().any(|folder| path.starts_with(folder)))?;
    let common = path.find('<').map_or(path, |at| &path[..at]);
    Some(&common[..common.rfind('/').filter(|_| common != path).map_or(common.len(), |at| at + 1)])
}

/// What stands in backticks on a line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

fn documents() -> Vec<String> {
    let in_docs = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name());
    let in_docs = in_docs.filter_map(|name| name.to_str().filter(|name| name.ends_with(".md")).map(String::from));
    let mut all: Vec<String> = in_docs.map(|name| format!("docs/{name}")).collect();
    all.extend(DOCUMENTS.map(String::from));
    all
}

#[test]
fn paths_in_documents_exist() {
    let mut seen = 0;
    let mut missing = Vec::new();

    for document in documents() {
        let text = std::fs::read_to_string(root().join(&document)).unwrap();
        for (at, line) in text.lines().enumerate() {
            for path in quoted(line).filter_map(path) {
                seen += 1;
                if !root().join(path).exists() {
                    missing.push(format!("{document}:{}: {path}", at + 1));
                }
            }
        }
    }

    assert!(seen > 50, "{seen} paths: the documents are read as they are written");
    assert!(missing.is_empty(), "named but not there: {missing:#?}");
}

#[test]
fn a_path_is_what_is_the_same_for_all() {
    assert_eq!(path("script/test rust"), Some("script/test"));
    assert_eq!(path("templates/text/<language>/<area>.ftl"), Some("templates/text/"));
    assert_eq!(path("src/portal/x_<noun>.rs"), Some("src/portal/"));
    assert_eq!(path("storage/blobs"), None);
    assert_eq!(path(""), None);
}
