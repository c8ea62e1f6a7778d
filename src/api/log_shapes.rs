//! Entries of the usage log in Quay's shape.

use std::collections::HashSet;

use domain::audit::Entry;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};

use super::shapes::{self, AvatarOf};

/// Kinds in which Quay names who did it among the details too, and with which program.
const WITH_USER_AGENT: [&str; 5] =
    ["push_repo", "pull_repo", "push_repo_failed", "pull_repo_failed", "delete_manifest"];
const WITH_USER_NAME: [&str; 13] = [
    "push_repo",
    "pull_repo",
    "push_repo_failed",
    "pull_repo_failed",
    "delete_manifest",
    "create_tag",
    "move_tag",
    "delete_tag",
    "revert_tag",
    "permanently_delete_tag",
    "change_tag_expiration",
    "expire_tag",
    "delete_blob",
];

/// Whether entries name their namespace, as in the log of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Namespaces {
    /// They do.
    Named,
    /// All are of the same.
    Implied,
}

/// An entry; `organizations` are those of the namespaces that are any.
pub fn entry(entry: &Entry, organizations: &HashSet<i64>, namespaces: Namespaces) -> Value {
    let mut shape = json!({
        "kind": entry.kind,
        "metadata": metadata(entry),
        "ip": entry.ip,
        "datetime": shapes::date(Timestamp(entry.at)),
        "user_agent": entry.user_agent,
        "credential": entry.credential,
        "token": entry.token_uuid,
        "times": entry.times,
    });
    if let Some(performer) = performer(entry) {
        shape["performer"] = performer;
    }
    if let (Namespaces::Named, Some(name)) = (namespaces, &entry.namespace_name) {
        let of = match entry.namespace_id.is_some_and(|id| organizations.contains(&id)) {
            true => AvatarOf::Organization,
            false => AvatarOf::User,
        };
        let kind = if of == AvatarOf::Organization { "org" } else { "user" };
        shape["namespace"] = json!({ "kind": kind, "name": name, "avatar": shapes::avatar(name, of) });
    }
    shape
}

/// Who did it. Nobody for callers without credentials.
fn performer(entry: &Entry) -> Option<Value> {
    let name = &entry.actor_name;
    match &*entry.actor_kind {
        "anonymous" => None,
        // A sweep or the command line; its name is its reason.
        "system" => Some(json!({ "kind": "system", "name": name, "is_robot": false, "avatar": null })),
        kind => Some(json!({
            "kind": "user",
            "name": name,
            "is_robot": kind == "robot",
            "avatar": shapes::avatar(name, AvatarOf::named(name)),
        })),
    }
}

/// What was written down, and under Quay's names what entries have columns for.
pub fn metadata(entry: &Entry) -> Map<String, Value> {
    let mut all: Map<String, Value> = serde_json::from_str(&entry.details).unwrap_or_default();
    let mut name = |key: &str, value: Option<&str>| {
        if let (Some(value), false) = (value, all.contains_key(key)) {
            all.insert(key.to_string(), json!(value));
        }
    };
    let repository = entry.repository_name.as_deref().and_then(|name| name.split_once('/'));
    if let Some((namespace, path)) = repository {
        name("namespace", Some(namespace));
        name("repo", Some(path));
    }
    name("tag", entry.tag.as_deref());
    name("manifest_digest", entry.digest.as_deref());
    if WITH_USER_NAME.contains(&&*entry.kind) && entry.actor_kind != "anonymous" {
        name("username", Some(&entry.actor_name));
    }
    if WITH_USER_AGENT.contains(&&*entry.kind) {
        // There also where the client named none: pages read it without looking.
        all.entry("user-agent").or_insert_with(|| json!(entry.user_agent));
    }
    all
}
