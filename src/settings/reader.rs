//! Hands settings to the sections and keeps the register of them.

use crate::settings::fault::{Fault, without_userinfo};
use crate::settings::parse::Parsed;
use crate::settings::report::{Effective, Entry};
use crate::settings::secret::Secret;
use crate::settings::source::{Layers, RawValue, Source, variable_name};
use crate::settings::unknown::unknown_names;

const ONE_VALUE: &str = "one value, neither a list nor a table";
const EMPTY: &str = "is empty; leave it out to keep the default";

/// Reads one setting after the other; a fault is kept and the default handed out, so that reading goes on.
#[derive(Default)]
pub struct Reader {
    layers: Layers,
    entries: Vec<Entry>,
    faults: Vec<Fault>,
}

impl Reader {
    pub fn new(layers: Layers) -> Self {
        Self { layers, ..Self::default() }
    }

    /// A setting whose default is a value like any other.
    pub fn value<T>(
        &mut self,
        key: &'static str,
        default: &'static str,
        doc: &'static str,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> T {
        let entry = Entry { value: Effective::Text(default.to_owned()), ..entry(key, default, doc) };
        let given = self.read(entry, &parse);
        given.unwrap_or_else(|| parse(default).expect("the default in the code is valid"))
    }

    /// A setting that may be left out; `default` says in words what happens then, or nothing.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        default: &'static str,
        doc: &'static str,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> Option<T> {
        self.read(entry(key, default, doc), parse)
    }

    /// As [`Reader::optional`], for a value that must not be shown.
    pub fn secret<T>(
        &mut self,
        key: &'static str,
        default: &'static str,
        doc: &'static str,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> Option<Secret<T>> {
        let entry = Entry { secret: true, ..entry(key, default, doc) };
        self.read(entry, parse).map(Secret::new)
    }

    /// A list, empty unless given; items that do not fit are faults of their own.
    pub fn list<T>(&mut self, key: &'static str, doc: &'static str, parse: impl Fn(&str) -> Parsed<T>) -> Vec<T> {
        let entry = Entry { value: Effective::Items(Vec::new()), ..entry(key, "", doc) };
        let items = match self.record(entry) {
            None => return Vec::new(),
            Some(RawValue::Unfit(_)) => {
                self.fault(key, "a list of plain values, such as [\"a\", \"b\"]");
                return Vec::new();
            }
            Some(RawValue::Text(text)) => split_list(&text),
            Some(RawValue::Items(items)) => items,
        };
        self.show_effective(key, Effective::Items(items.clone()));
        let parsed = items.iter().filter_map(|item| match parse(item) {
            Ok(value) => Some(value),
            Err(hint) => {
                self.keep_fault(key, Some(item.clone()), hint);
                None
            }
        });
        parsed.collect()
    }

    /// Whether any source gives the setting, rightly or wrongly.
    pub fn is_given(&self, key: &str) -> bool {
        self.layers.find(key).is_some()
    }

    /// Reports `key` when it is given although `companion`, without which it means nothing, is not.
    pub fn require_companion(&mut self, key: &'static str, companion: &'static str) {
        if self.is_given(key) && !self.is_given(companion) {
            let variable = variable_name(companion);
            self.fault(key, format!("needs {companion} ({variable}) too, which is not set"));
        }
    }

    /// Reports that what was given for a setting already read is wrong.
    pub fn fault(&mut self, key: &'static str, hint: impl Into<String>) {
        let given = self.layers.find(key).map(|(raw, _)| raw.to_string());
        self.keep_fault(key, given, hint.into());
    }

    /// Replaces what the report shows for a setting already read, for a default that follows from other settings.
    pub fn show(&mut self, key: &'static str, text: &str) {
        self.show_effective(key, Effective::Text(text.to_owned()));
    }

    /// The register, settings without a section first, and every fault.
    pub fn finish(mut self) -> (Vec<Entry>, Vec<Fault>) {
        let known: Vec<&str> = self.entries.iter().map(|entry| entry.key).collect();
        self.faults.extend(unknown_names(&self.layers, &known));
        self.entries.sort_by_key(|entry| entry.key.contains('.'));
        (self.entries, self.faults)
    }

    fn read<T>(&mut self, entry: Entry, parse: impl Fn(&str) -> Parsed<T>) -> Option<T> {
        let key = entry.key;
        let parsed = match self.record(entry)? {
            RawValue::Text(text) if text.trim().is_empty() => Err(EMPTY.to_owned()),
            RawValue::Text(text) => parse(&text),
            RawValue::Items(_) | RawValue::Unfit(_) => Err(ONE_VALUE.to_owned()),
        };
        parsed.map_err(|hint| self.fault(key, hint)).ok()
    }

    fn record(&mut self, mut entry: Entry) -> Option<RawValue> {
        debug_assert!(self.entries.iter().all(|other| other.key != entry.key), "{} is read twice", entry.key);
        let found = self.layers.find(entry.key);
        if let Some((raw, source)) = &found {
            entry.source = source.clone();
            entry.value = match entry.secret {
                true => Effective::Text("***".to_owned()),
                false => Effective::Text(raw.to_string()),
            };
        }
        self.entries.push(entry);
        found.map(|(raw, _)| raw)
    }

    fn show_effective(&mut self, key: &str, value: Effective) {
        let entry = self.entries.iter_mut().find(|entry| entry.key == key);
        entry.expect("a setting is read before it is shown").value = value;
    }

    fn keep_fault(&mut self, key: &'static str, given: Option<String>, hint: String) {
        let entry = self.entries.iter().find(|entry| entry.key == key);
        let entry = entry.expect("a setting is read before it is judged");
        self.faults.push(Fault {
            key: key.to_owned(),
            source: entry.source.clone(),
            given: given.filter(|_| !entry.secret).map(|given| without_userinfo(&given)),
            hint,
        });
    }
}

fn entry(key: &'static str, default: &'static str, doc: &'static str) -> Entry {
    Entry {
        key,
        variable: variable_name(key),
        default,
        doc,
        value: Effective::Unset,
        source: Source::Default,
        secret: false,
    }
}

fn split_list(text: &str) -> Vec<String> {
    let items = text.split(',').map(str::trim);
    items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse;

    fn reader(flags: &[(&str, &str)]) -> Reader {
        let flags = flags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Reader::new(Layers { flags: flags.collect(), ..Layers::default() })
    }

    #[test]
    fn a_wrong_value_is_kept_as_fault_and_the_default_handed_out() {
        let mut reader = reader(&[("server.workers", "many")]);

        let workers = reader.value("server.workers", "4", "Workers", parse::number(0_usize..=9));

        let (_, faults) = reader.finish();
        assert_eq!(workers, 4);
        assert_eq!(faults[0].given.as_deref(), Some("many"));
        assert_eq!(faults[0].source, Source::Flag("server.workers".to_owned()));
    }

    #[test]
    fn a_wrong_secret_is_not_repeated() {
        let mut reader = reader(&[("metrics.token", "hunter2")]);

        let refuse = |_: &str| Err::<String, _>("longer".to_owned());
        let token = reader.secret("metrics.token", "", "Token", refuse);

        let (entries, faults) = reader.finish();
        assert!(token.is_none());
        assert_eq!(faults[0].given, None);
        assert_eq!(entries[0].value, Effective::Text("***".to_owned()));
    }

    #[test]
    fn a_list_is_split_at_commas_and_each_item_judged() {
        let mut reader = reader(&[("ports", " 1, x,,2,y")]);

        let ports = reader.list("ports", "Ports", parse::number(0_u16..=9));

        let (entries, faults) = reader.finish();
        assert_eq!(ports, [1, 2]);
        assert_eq!(faults.len(), 2);
        assert_eq!(faults[1].given.as_deref(), Some("y"));
        let shown = ["1", "x", "2", "y"].map(str::to_owned).to_vec();
        assert_eq!(entries[0].value, Effective::Items(shown));
    }

    #[test]
    fn a_companion_is_asked_for_only_when_it_is_missing() {
        let mut reader = reader(&[("tls.key", "k"), ("tls.certificate", " ")]);
        reader.optional("tls.key", "", "Key", parse::path);
        reader.optional("tls.certificate", "", "Certificate", parse::path);

        reader.require_companion("tls.key", "tls.certificate");

        let (_, faults) = reader.finish();
        assert_eq!(faults.len(), 1, "only the empty certificate: {faults:?}");
        assert_eq!(faults[0].hint, EMPTY);
    }
}
