//! The configuration of an image: what it runs and how, and the history of its layers.
//!
//! Source: OCI image spec, "Image configuration"; Docker image specification 1.2.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::written::{Keys, MAX_ENTRIES, Pairs, Words};
use crate::oci::{List, Platform};
use crate::time::Timestamp;

/// What an image says about running it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// Where it runs; empty words if it does not say.
    pub platform: Option<Platform>,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// The program.
    pub entrypoint: Vec<String>,
    /// Its arguments, or the program where there is no entry point.
    pub cmd: Vec<String>,
    /// Environment, in its order.
    pub env: Vec<Variable>,
    /// The folder it starts in.
    pub working_dir: Option<String>,
    /// The user it runs as.
    pub user: Option<String>,
    /// Ports it listens on, such as `8080/tcp`.
    pub exposed_ports: Vec<String>,
    /// Folders that are kept outside the container.
    pub volumes: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// The signal that ends it.
    pub stop_signal: Option<String>,
    /// How it was built, first step first.
    pub history: Vec<HistoryEntry>,
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name.
    pub name: String,
    /// Value; `None` if there is no `=`.
    pub value: Option<String>,
}

/// A step of building an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct HistoryEntry {
    /// When, as written.
    pub created: Option<String>,
    /// The command.
    pub created_by: Option<String>,
    /// A comment.
    pub comment: Option<String>,
    /// Who.
    pub author: Option<String>,
    /// Whether it made no layer.
    #[serde(default, deserialize_with = "or_false")]
    pub empty_layer: bool,
}

fn or_false<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(false))
}

impl Configuration {
    /// Understands the content of a configuration blob.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(bytes: &[u8]) -> Result<Configuration, String> {
        let document: Document = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        Ok(document.into())
    }

    /// When it was made, if that is a time in UTC that can be understood.
    pub fn created_at(&self) -> Option<Timestamp> {
        let moment = humantime::parse_rfc3339(self.created.as_deref()?).ok()?;
        let since_1970 = moment.duration_since(std::time::UNIX_EPOCH).ok()?;
        // Builds that are to be reproducible write the epoch for "no time".
        Some(Timestamp(i64::try_from(since_1970.as_millis()).ok()?)).filter(|at| at.0 > 0)
    }
}

#[derive(Deserialize)]
struct Document {
    created: Option<String>,
    author: Option<String>,
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    #[serde(rename = "os.version")]
    os_version: Option<String>,
    config: Option<Settings>,
    history: Option<List<HistoryEntry, MAX_ENTRIES>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    entrypoint: Option<Words>,
    cmd: Option<Words>,
    env: Option<List<String, MAX_ENTRIES>>,
    working_dir: Option<String>,
    user: Option<String>,
    exposed_ports: Option<Keys>,
    volumes: Option<Keys>,
    labels: Option<Pairs<Option<String>>>,
    stop_signal: Option<String>,
}

impl From<Document> for Configuration {
    fn from(document: Document) -> Configuration {
        let settings = document.config.unwrap_or_default();
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        let keys = |keys: Option<Keys>| keys.map_or_else(Vec::new, |keys| keys.0.into_keys().collect());
        let labels = settings.labels.map_or_else(BTreeMap::new, |pairs| pairs.0);
        let platform = (document.os.is_some() || document.architecture.is_some()).then(|| Platform {
            os: document.os.unwrap_or_default(),
            architecture: document.architecture.unwrap_or_default(),
            variant: filled(document.variant),
            os_version: filled(document.os_version),
        });
        Configuration {
            platform,
            created: filled(document.created),
            author: filled(document.author),
            entrypoint: settings.entrypoint.unwrap_or_default().0,
            cmd: settings.cmd.unwrap_or_default().0,
            env: settings.env.map_or_else(Vec::new, |List(list)| list.into_iter().map(variable).collect()),
            working_dir: filled(settings.working_dir),
            user: filled(settings.user),
            exposed_ports: keys(settings.exposed_ports),
            volumes: keys(settings.volumes),
            labels: labels.into_iter().map(|(key, value)| (key, value.unwrap_or_default())).collect(),
            stop_signal: filled(settings.stop_signal),
            history: document.history.map_or_else(Vec::new, |List(steps)| steps),
        }
    }
}

fn variable(written: String) -> Variable {
    match written.split_once('=') {
        Some((name, value)) => Variable { name: name.to_string(), value: Some(value.to_string()) },
        None => Variable { name: written, value: None },
    }
}

#[cfg(test)]
#[path = "configuration_tests.rs"]
mod tests;
