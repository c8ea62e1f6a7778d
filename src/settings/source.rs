//! Where settings come from, and what was given there.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::settings::fault::printable;
use crate::settings::file::SettingsFile;

/// Where the value in force was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nowhere.
    Default,
    /// In the settings file with this path.
    File(PathBuf),
    /// In the variable with this name.
    Environment(String),
    /// On the command line under this key.
    Flag(String),
}

impl Source {
    /// One word: `default`, `file`, `environment` or `flag`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File(_) => "file",
            Self::Environment(_) => "environment",
            Self::Flag(_) => "flag",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::File(path) => write!(formatter, "file {}", printable(&path.to_string_lossy())),
            Self::Environment(name) => write!(formatter, "variable {}", printable(name)),
            Self::Flag(key) => write!(formatter, "flag {}", printable(key)),
        }
    }
}

/// What was given for one setting, before it is parsed.
#[derive(Clone)]
pub enum RawValue {
    /// A string, number or boolean; also the whole of a comma-separated list.
    Text(String),
    /// A TOML array of strings, numbers and booleans.
    Items(Vec<String>),
    /// TOML that no setting can be.
    Unfit(&'static str),
}

impl fmt::Display for RawValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Items(items) => formatter.write_str(&items.join(", ")),
            Self::Unfit(kind) => formatter.write_str(kind),
        }
    }
}

/// All sources, one above the other.
#[derive(Default)]
pub struct Layers {
    pub file: Option<SettingsFile>,
    pub environment: BTreeMap<String, String>,
    pub flags: BTreeMap<String, String>,
}

impl Layers {
    /// What the uppermost source gives for a key; `None` leaves the default.
    pub fn find(&self, key: &str) -> Option<(RawValue, Source)> {
        let flag = || {
            let text = self.flags.get(key)?;
            Some((RawValue::Text(text.clone()), Source::Flag(key.to_owned())))
        };
        let variable = || {
            let name = variable_name(key);
            let text = self.environment.get(&name)?;
            Some((RawValue::Text(text.clone()), Source::Environment(name)))
        };
        let file = || {
            let file = self.file.as_ref()?;
            let given = file.values.get(key)?;
            Some((given.clone(), Source::File(file.path.clone())))
        };
        flag().or_else(variable).or_else(file)
    }
}

/// Variable of a setting: `PIERHEAD_LIMITS__BLOB_SIZE` for `limits.blob_size`.
pub fn variable_name(key: &str) -> String {
    format!("PIERHEAD_{}", key.to_uppercase().replace('.', "__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_become_double_underscores() {
        assert_eq!(variable_name("listen"), "PIERHEAD_LISTEN");
        assert_eq!(variable_name("limits.blob_size"), "PIERHEAD_LIMITS__BLOB_SIZE");
    }

    #[test]
    fn a_source_prints_on_one_line() {
        let source = Source::File(PathBuf::from("/etc/pier\nhead.toml"));
        assert_eq!(source.to_string(), "file /etc/pier\\nhead.toml");
    }
}
