//! The register of settings, as effective values and as README's table.

use std::fmt::Write;

use toml::Value;

use crate::settings::Settings;
use crate::settings::reader::Reader;
use crate::settings::source::Source;

/// One setting and the value in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Dotted key in the settings file.
    pub key: &'static str,
    /// Variable that overrides the file.
    pub variable: String,
    /// Default as it would be written, or what happens without a value; empty if nothing does.
    pub default: &'static str,
    /// What the setting does, one sentence without a full stop.
    pub doc: &'static str,
    /// The value in force; `***` for a secret.
    pub value: Effective,
    /// Where the value was given.
    pub source: Source,
    /// Whether the value must not be shown.
    pub secret: bool,
}

/// A value in force, as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effective {
    /// No value.
    Unset,
    /// One value.
    Text(String),
    /// A list.
    Items(Vec<String>),
}

/// The register as the running server keeps it, to be shown to superusers.
#[derive(Clone, Default)]
pub struct Report(std::sync::Arc<[Entry]>);

impl Report {
    pub(super) fn of(entries: &[Entry]) -> Report {
        Report(entries.into())
    }

    /// Every setting once.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

/// Says nothing: where a setting was given is no part of the settings.
impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Report")
    }
}

/// The values in force as a settings file, each with its source; secrets are `***`.
#[must_use]
pub fn render_effective(entries: &[Entry]) -> String {
    let mut text = String::new();
    let mut section = "";
    for entry in entries {
        let (entry_section, name) = entry.key.rsplit_once('.').unwrap_or(("", entry.key));
        if entry_section != section {
            section = entry_section;
            text += &format!("\n[{section}]\n");
        }
        text += &effective_line(name, entry);
    }
    text
}

fn effective_line(name: &str, entry: &Entry) -> String {
    let source = &entry.source;
    match &entry.value {
        Effective::Unset if entry.default.is_empty() => format!("# {name} is not set\n"),
        Effective::Unset => format!("# {name} is not set: {}\n", entry.default),
        Effective::Text(text) => format!("{name} = {} # {source}\n", toml_value(text)),
        Effective::Items(items) => {
            let items = items.iter().cloned().map(Value::String).collect();
            format!("{name} = {} # {source}\n", Value::Array(items))
        }
    }
}

fn toml_value(text: &str) -> Value {
    let number = text.parse::<i64>().ok();
    let number = number.filter(|number| number.to_string() == text).map(Value::Integer);
    let boolean = || text.parse().ok().map(Value::Boolean);
    number.or_else(boolean).unwrap_or_else(|| Value::String(text.to_owned()))
}

/// README's table of all settings, in Markdown.
#[must_use]
pub fn markdown_table() -> String {
    let mut reader = Reader::default();
    Settings::read(&mut reader);
    let (entries, _) = reader.finish();

    let mut table = "| Setting | Variable | Default | What it does |\n|---|---|---|---|\n".to_owned();
    for Entry { key, variable, default, doc, .. } in entries {
        let default = default_cell(default);
        writeln!(table, "| `{key}` | `{variable}` | {default} | {} |", doc.replace('|', "\\|"))
            .expect("writing to a String cannot fail");
    }
    table
}

/// A default without spaces is something to type, one with spaces a description.
fn default_cell(default: &str) -> String {
    match default {
        "" => String::new(),
        words if words.contains(' ') => words.to_owned(),
        value => format!("`{value}`"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::settings::testing::{Given, TOKEN};

    #[test]
    fn the_table_lists_each_setting_once() {
        let table = markdown_table();

        let entries = Given::nothing().load().unwrap().report;
        let keys: BTreeSet<_> = entries.iter().map(|entry| entry.key).collect();
        assert_eq!(keys.len(), entries.len());
        assert_eq!(table.lines().count(), entries.len() + 2);
        for key in keys {
            assert_eq!(table.matches(&format!("| `{key}` |")).count(), 1, "{key}");
        }
        let row = "| `limits.upload_lifetime` | `PIERHEAD_LIMITS__UPLOAD_LIFETIME` | `24h` | How long ";
        assert!(table.contains(row), "{table}");
        assert!(table.contains("`sqlite:<data_dir>/pierhead.db`"));
    }

    #[test]
    fn every_setting_says_what_it_does() {
        for entry in Given::nothing().load().unwrap().report {
            let doc = entry.doc;
            assert!(doc.len() > 15 && !doc.ends_with('.') && !doc.contains('\n'), "{}: {doc}", entry.key);
        }
    }

    #[test]
    fn the_effective_settings_name_their_source_and_hide_secrets() {
        let given = Given::nothing()
            .variable("PIERHEAD_METRICS__TOKEN", TOKEN)
            .variable("PIERHEAD_ACCESS__SUPERUSERS", "alice, bob")
            .flag("data_dir", "/srv/a\"b\nc");

        let text = render_effective(&given.load().unwrap().report);

        for line in [
            "listen = \"127.0.0.1:8080\" # default",
            "external_url = \"http://127.0.0.1:8080\" # default",
            "# admin_email is not set",
            "[access]\nsuperusers = [\"alice\", \"bob\"] # variable PIERHEAD_ACCESS__SUPERUSERS",
            "failed_sign_ins = 5 # default",
            "create_namespace_on_push = false # default",
            "token = \"***\" # variable PIERHEAD_METRICS__TOKEN",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
        let table = text.parse::<toml::Table>().unwrap();
        assert_eq!(table["data_dir"].as_str(), Some("/srv/a\"b\nc"));
    }

    #[test]
    fn the_effective_settings_are_a_settings_file_with_the_same_meaning() {
        let given = Given::nothing()
            .variable("PIERHEAD_SERVER__TRUSTED_PROXIES", "10.0.0.0/8,::1")
            .variable("PIERHEAD_LIMITS__BLOB_SIZE", "20GiB")
            .variable("PIERHEAD_EXTERNAL_URL", "https://registry.example.com");
        let first = given.load().unwrap();

        let second = Given::file(&render_effective(&first.report)).settings();

        assert_eq!(format!("{second:?}"), format!("{:?}", first.settings));
    }
}
