//! The settings file, flattened to dotted keys.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::settings::fault::Fault;
use crate::settings::source::{RawValue, Source};

/// A settings file that was read.
pub struct SettingsFile {
    pub path: PathBuf,
    /// By dotted key, such as `limits.blob_size`. A section without content is there as [`RawValue::Unfit`].
    pub values: BTreeMap<String, RawValue>,
}

impl SettingsFile {
    /// The file the operator chose, which must exist, else the usual one, which may be missing.
    pub fn open(chosen: Option<PathBuf>, usual: &Path) -> Result<Option<Self>, Fault> {
        let may_be_missing = chosen.is_none();
        let path = chosen.unwrap_or_else(|| usual.to_owned());
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, &text).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound && may_be_missing => Ok(None),
            Err(error) => Err(unusable(path, format!("cannot be read: {error}"))),
        }
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, Fault> {
        match text.parse::<Table>() {
            Ok(table) => {
                let mut values = BTreeMap::new();
                flatten("", table, &mut values);
                Ok(Self { path, values })
            }
            // The error's own Display quotes the line, which may hold a secret.
            Err(error) => {
                let start = error.span().map_or(0, |span| span.start.min(text.len()));
                let line = text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
                let message = error.message().lines().next().unwrap_or_default();
                Err(unusable(path, format!("is no TOML: line {line}: {message}")))
            }
        }
    }
}

fn unusable(path: PathBuf, hint: String) -> Fault {
    Fault { key: "settings file".to_owned(), source: Source::File(path), given: None, hint }
}

fn flatten(prefix: &str, table: Table, values: &mut BTreeMap<String, RawValue>) {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        match value {
            Value::Table(section) if !section.is_empty() => {
                flatten(&format!("{key}."), section, values);
            }
            value => {
                values.insert(key, given(value));
            }
        }
    }
}

fn given(value: Value) -> RawValue {
    match value {
        Value::Table(_) => RawValue::Unfit("a table"),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.into_iter().map(scalar).collect();
            items.map_or(RawValue::Unfit("a list of lists or tables"), RawValue::Items)
        }
        value => scalar(value).map_or(RawValue::Unfit("a table"), RawValue::Text),
    }
}

fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Table(_) | Value::Array(_) => None,
        value => Some(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(text: &str) -> Vec<(String, String)> {
        let file = SettingsFile::parse(PathBuf::from("x.toml"), text).map_err(|fault| fault.hint);
        let values = file.unwrap().values.into_iter();
        values.map(|(key, given)| (key, given.to_string())).collect()
    }

    #[test]
    fn sections_become_dotted_keys_and_values_text() {
        let text = "a = 'x'\nb = 5\n[c]\nd = true\ne = ['x', 1]\n[f]\n[[g]]\nh = 1\n";

        let expected = [
            ("a", "x"),
            ("b", "5"),
            ("c.d", "true"),
            ("c.e", "x, 1"),
            ("f", "a table"),
            ("g", "a list of lists or tables"),
        ];
        assert_eq!(values(text), expected.map(|(key, given)| (key.to_owned(), given.to_owned())));
    }

    #[test]
    fn only_the_usual_file_may_be_missing() {
        let missing = Path::new("/nowhere/pierhead.toml");

        assert!(SettingsFile::open(None, missing).is_ok_and(|file| file.is_none()));
        let fault = SettingsFile::open(Some(missing.to_owned()), missing).err().unwrap();
        assert!(fault.hint.starts_with("cannot be read: "), "{}", fault.hint);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z=\\[\\]\"'.\\n{}0-9é]{0,40}") {
            let _ = SettingsFile::parse(PathBuf::new(), &text);
        }
    }
}
