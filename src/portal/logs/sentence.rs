//! What happened, in a sentence.

use std::time::Duration;

use domain::audit::Entry;
use domain::event::EventKind;
use domain::time::Timestamp;
use serde_json::{Map, Value};

use super::kinds;
use crate::portal::show::{Reader, short_digest};
use crate::portal::text::{Argument, Text};

/// Stands where an entry does not say.
const UNSAID: &str = "–";
/// Characters of a value in a sentence; the details have all of them.
const MAX_VALUE: usize = 120;

/// The sentence for an entry. A kind of a version to come is told by its word.
pub fn of(entry: &Entry, text: Text, reader: &Reader) -> String {
    let Some(kind) = EventKind::from_word(&entry.kind) else { return entry.kind.clone() };
    let facts = Facts { entry, text, reader, details: serde_json::from_str(&entry.details).unwrap_or_default() };
    let values = facts.all();
    let arguments: Vec<(&'static str, &dyn Argument)> =
        values.iter().map(|(name, value)| (*name, value as &dyn Argument)).collect();
    text.with_all(kinds::sentence_key(kind), &arguments)
}

/// What sentences can name.
struct Facts<'a> {
    entry: &'a Entry,
    text: Text,
    reader: &'a Reader,
    details: Map<String, Value>,
}

impl Facts<'_> {
    fn all(&self) -> Vec<(&'static str, String)> {
        let entry = self.entry;
        let digest = entry.digest.clone().or_else(|| self.detail(&["manifest_digest", "digest"]));
        let digest = digest.map(|digest| short_digest(&digest).to_string());
        let tag = entry.tag.clone().or_else(|| self.detail(&["tag", "tags"])).filter(|tag| !tag.is_empty());
        let old = self.detail(&["original_manifest_digest"]).map(|digest| short_digest(&digest).to_string());
        let namespace = entry.namespace_name.clone().or_else(|| self.detail(&["namespace"]));
        let said = |value: Option<String>| value.filter(|value| !value.is_empty()).unwrap_or_else(|| UNSAID.into());
        vec![
            ("what", said(tag.clone().or_else(|| digest.clone()))),
            ("tag", said(tag)),
            ("digest", said(digest)),
            ("old", said(old)),
            ("repo", said(entry.repository_name.clone())),
            ("namespace", said(namespace)),
            ("user", said(self.detail(&["username", "entity", "admin", "user"]))),
            ("member", said(self.detail(&["member", "user", "email"]))),
            ("who", said(self.detail(&["delegate_team", "delegate_user", "team", "username", "token"]))),
            ("team", said(self.detail(&["team"]))),
            ("role", said(self.detail(&["role"]).map(|role| self.word(role)))),
            ("oldrole", said(self.detail(&["original_role"]).map(|role| self.word(role)))),
            ("standing", said(self.detail(&["standing"]).map(|standing| self.word(standing)))),
            ("visibility", said(self.detail(&["visibility"]).map(|visibility| self.word(visibility)))),
            ("state", said(self.detail(&["state_changed"]).map(|state| self.word(state.to_lowercase())))),
            ("robot", said(self.detail(&["robot"]).map(|robot| self.whole(robot)))),
            ("name", said(self.detail(&["new_name", "application_name", "app_specific_token_title", "name", "kid"]))),
            ("oldname", said(self.detail(&["old_name", "old_username"]))),
            ("email", said(self.detail(&["email"]))),
            ("key", said(self.detail(&["key"]))),
            ("value", said(self.detail(&["value"]))),
            ("reason", said(self.detail(&["message", "error"]))),
            ("issuer", said(self.detail(&["issuer"]))),
            ("subject", said(self.detail(&["subject"]))),
            ("scope", said(self.detail(&["scope"]))),
            ("span", self.span()),
            ("until", self.until()),
        ]
    }

    /// The first of these details that is there.
    fn detail(&self, names: &[&str]) -> Option<String> {
        let found = names.iter().find_map(|name| self.details.get(*name).filter(|value| !value.is_null()))?;
        let written = match found {
            Value::String(text) => text.clone(),
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        };
        let cut: String = written.chars().take(MAX_VALUE).collect();
        Some(if cut.len() < written.len() { format!("{cut}…") } else { cut })
    }

    /// A robot account by its whole name.
    fn whole(&self, robot: String) -> String {
        match &self.entry.namespace_name {
            Some(namespace) if !robot.contains('+') => format!("{namespace}+{robot}"),
            _ => robot,
        }
    }

    /// How long deleted tags are kept.
    fn span(&self) -> String {
        let seconds = self.details.get("tag_expiration").and_then(Value::as_u64);
        seconds.map_or_else(|| UNSAID.into(), |seconds| self.reader.duration(Duration::from_secs(seconds)))
    }

    /// When a tag ends.
    fn until(&self) -> String {
        let seconds = self.details.get("expiration_date").and_then(Value::as_i64);
        let moment = seconds.map(|seconds| self.reader.moment(Timestamp(seconds.saturating_mul(1_000))).absolute);
        moment.unwrap_or_else(|| self.text.say("logs-word-never"))
    }

    /// A word of ours in the reader's language.
    fn word(&self, word: String) -> String {
        match word.as_str() {
            "read" => self.text.say("logs-word-read"),
            "write" => self.text.say("logs-word-write"),
            "admin" => self.text.say("logs-word-admin"),
            "member" => self.text.say("logs-word-member"),
            "creator" => self.text.say("logs-word-creator"),
            "public" => self.text.say("logs-word-public"),
            "private" => self.text.say("logs-word-private"),
            "normal" => self.text.say("logs-word-normal"),
            "read_only" => self.text.say("logs-word-read-only"),
            "mirror" => self.text.say("logs-word-mirror"),
            "plain" => self.text.say("logs-word-plain"),
            "superuser" => self.text.say("logs-word-superuser"),
            "read_only_superuser" => self.text.say("logs-word-read-only-superuser"),
            _ => word,
        }
    }
}
