//! What is sent along, for an actor of this name or about a repository.

use serde_json::{Value, json};

use crate::support::{PASSWORD, PRIVATE, PUBLIC};

pub fn first_user(_: &str) -> Value {
    json!({ "username": "second", "password": PASSWORD })
}

pub fn organization(me: &str) -> Value {
    json!({ "name": format!("org-of-{me}") })
}

pub fn team(_: &str) -> Value {
    json!({ "role": "member" })
}

pub fn made_user(me: &str) -> Value {
    json!({ "username": format!("made-by-{me}") })
}

pub fn message(_: &str) -> Value {
    json!({ "message": { "content": "Hello", "media_type": "text/plain", "severity": "info" } })
}

pub fn rule(_: &str) -> Value {
    json!({ "role": "read", "delegate": { "kind": "team", "name": "spare" } })
}

pub fn identities(_: &str) -> Value {
    json!([{ "issuer": "https://id.example.com", "subject": "matrix" }])
}

pub fn nothing(_: &str) -> Value {
    json!({})
}

pub fn in_acme(me: &str) -> Value {
    json!({ "namespace": "acme", "repository": format!("made-by-{me}"), "visibility": "private" })
}

pub fn role(_: &str) -> Value {
    json!({ "role": "read" })
}

/// The one it has, so that the next actor finds it so.
pub fn visibility(repository: &str) -> Value {
    json!({ "visibility": if repository == "acme/public" { PUBLIC } else { PRIVATE } })
}

pub fn password(_: &str) -> Value {
    json!({ "password": PASSWORD })
}

pub fn company(_: &str) -> Value {
    json!({ "company": "ACME" })
}

pub fn conversion(me: &str) -> Value {
    json!({ "adminUser": me, "adminPassword": PASSWORD })
}

pub fn titled(_: &str) -> Value {
    json!({ "title": "matrix" })
}

pub fn scoped(_: &str) -> Value {
    json!({ "name": "matrix", "scopes": ["repo:read"] })
}

pub fn star(_: &str) -> Value {
    json!({ "namespace": "acme", "repository": "private" })
}

pub fn named(_: &str) -> Value {
    json!({ "name": "matrix" })
}

pub fn described(_: &str) -> Value {
    json!({ "name": "matrix", "redirect_uri": "", "application_uri": "" })
}

pub fn minted(_: &str) -> Value {
    json!({ "name": "matrix", "scope": "repo:read" })
}

pub fn text(_: &str) -> Value {
    json!({ "description": "text" })
}

pub fn state(_: &str) -> Value {
    json!({ "state": "NORMAL" })
}

pub fn expiration(_: &str) -> Value {
    json!({ "expiration": null })
}

pub fn label(_: &str) -> Value {
    json!({ "key": "color", "value": "blue", "media_type": "text/plain" })
}
