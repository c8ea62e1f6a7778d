//! What a Quay answers, request by request.
//!
//! `quay.jsonl` is one long visit: people sign up, make organizations, teams, robot accounts, applications, push, tag,
//! grant, read logs, delete. Its first line says when it took place and under which name. Each further line is a request;
//! those with a `status` were answered with it by a real Quay, and with a body of this `shape`: texts are "s", numbers 0,
//! flags true, whatever varies null; a list has one element that stands for all. What Quay answered and what we
//! answer otherwise on purpose has no `status` here and is in `docs/quay-differences.md`.
//!
//! `{{7:/token/uuid}}` in a line is that value of the answer to request 7; `{{7:h:NAME}}` one of its headers,
//! `{{7:l:}}` where it led to, `{{7:f:NAME}}` what it said behind the `#` of that.

use std::collections::{BTreeMap, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::support::TestApp;

const VISIT: &str = include_str!("quay.jsonl");

#[derive(Deserialize)]
struct Visit {
    /// Milliseconds since 1970.
    began: i64,
}

#[derive(Deserialize)]
struct Request {
    n: usize,
    #[serde(default)]
    name: String,
    /// Whose cookies; nobody's without.
    actor: Option<usize>,
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    text: Option<String>,
    base64: Option<String>,
    status: Option<u16>,
    shape: Option<Value>,
}

/// What came back.
struct Seen {
    headers: reqwest::header::HeaderMap,
    json: Value,
}

#[derive(Default)]
struct Memory {
    seen: HashMap<usize, Seen>,
    cookies: HashMap<usize, BTreeMap<String, String>>,
}

#[actix_web::test]
async fn a_long_visit_is_answered_as_quay_answers_it() {
    let app = TestApp::not_set_up(&[
        ("access.superusers", "admin"),
        ("access.read_only_superusers", "auditor"),
        ("accounts.registration", "true"),
        ("registry.create_namespace_on_push", "true"),
        ("limits.api_requests", "0"),
        ("limits.sign_ins", "0"),
        ("limits.failed_sign_ins", "1"),
    ])
    .await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut lines = VISIT.lines();
    let visit: Visit = serde_json::from_str(lines.next().unwrap()).unwrap();
    app.clock.set(Timestamp(visit.began));
    let mut memory = Memory::default();
    let (mut checked, mut faults) = (0, Vec::new());

    for line in lines {
        let request: Request = serde_json::from_str(line).unwrap();
        app.clock.advance(std::time::Duration::from_millis(500));
        // A name that the settings raise is not to be had for the asking here, as it is there.
        let is_theirs = |text: &String| text.contains("\"auditor\"");
        if request.path == "/api/v1/user/" && request.text.as_ref().is_some_and(is_theirs) {
            app.set_password(&app.user("auditor").await, "password1").await;
        }
        let (status, body) = send(&app, &http, &mut memory, &request).await;
        let Some(wanted) = request.status else { continue };
        checked += 1;
        let fault = match (&request.shape, &memory.seen[&request.n].json) {
            _ if status != wanted => Some(format!("{status} instead of {wanted}")),
            (Some(shape), json) => deviation(shape, json, ""),
            (None, _) => None,
        };
        if let Some(fault) = fault {
            let Request { n, name, method, path, .. } = &request;
            let body: String = body.chars().take(300).collect();
            faults.push(format!("{n} {name}: {method} {path}: {fault}\n    {body}"));
        }
    }

    assert!(faults.is_empty(), "{} of {checked} answers deviate:\n{}", faults.len(), faults.join("\n"));
    assert!(checked > 300, "only {checked} answers were compared");
}

async fn send(app: &TestApp, http: &reqwest::Client, memory: &mut Memory, request: &Request) -> (u16, String) {
    let filled = |text: &str| memory.fill(text, app.host());
    let path = filled(&request.path);
    let url = if path.starts_with("http") { path } else { format!("{}{path}", app.url) };
    let mut call = http.request(request.method.parse().unwrap(), url);
    for (name, value) in &request.headers {
        call = match (name.as_str(), filled(value)) {
            ("basic", pair) => {
                let (user, secret) = pair.split_once(':').unwrap_or((&pair, ""));
                call.basic_auth(user, Some(secret))
            }
            (_, value) => call.header(name, value),
        };
    }
    let cookies = request.actor.and_then(|actor| memory.cookies.get(&actor));
    if let Some(cookies) = cookies.filter(|cookies| !cookies.is_empty()) {
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        call = call.header("Cookie", pairs.join("; "));
    }
    if let Some(text) = &request.text {
        call = call.body(filled(text));
    } else if let Some(bytes) = &request.base64 {
        call = call.body(STANDARD.decode(bytes).unwrap());
    }
    let answer = call.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    if let Some(actor) = request.actor {
        keep_cookies(memory.cookies.entry(actor).or_default(), &headers);
    }
    let body = answer.text().await.unwrap_or_default();
    let json = serde_json::from_str(&body).unwrap_or(Value::Null);
    memory.seen.insert(request.n, Seen { headers, json });
    (status, body)
}

fn keep_cookies(jar: &mut BTreeMap<String, String>, headers: &reqwest::header::HeaderMap) {
    for set in headers.get_all("set-cookie") {
        let text = set.to_str().unwrap();
        let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if value.is_empty() || attributes.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_string(), value.to_string());
        }
    }
}

impl Memory {
    /// The text with what earlier answers said in place of `{{…}}`.
    fn fill(&self, text: &str, host: &str) -> String {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("{{") {
            let (what, after) = after.split_once("}}").unwrap();
            filled.push_str(before);
            filled.push_str(&self.recall(what, host));
            rest = after;
        }
        filled + rest
    }

    fn recall(&self, what: &str, host: &str) -> String {
        if what == "host" {
            return host.to_string();
        }
        let (number, place) = what.split_once(':').unwrap();
        let seen = &self.seen[&number.parse().unwrap()];
        let header = |name: &str| seen.headers.get(name).map_or("missing", |value| value.to_str().unwrap());
        if let Some(name) = place.strip_prefix("h:") {
            return header(name).to_string();
        }
        if let Some(name) = place.strip_prefix("f:") {
            let fragment = header("location").split_once('#').map_or("", |(_, fragment)| fragment);
            let mut values = url::form_urlencoded::parse(fragment.as_bytes());
            return values.find(|(key, _)| key == name).map_or("missing".into(), |(_, value)| value.into_owned());
        }
        if place == "l:" {
            return header("location").to_string();
        }
        seen.json.pointer(place).and_then(Value::as_str).unwrap_or("missing").to_string()
    }
}

/// Where a body is not of this shape, if anywhere. Further fields are welcome; null stands for anything.
fn deviation(shape: &Value, body: &Value, at: &str) -> Option<String> {
    let wrong = |what: &str| Some(format!("{at} is not {what}"));
    match (shape, body) {
        (Value::Null, _) => None,
        (_, Value::Null) if !at.is_empty() => None,
        (Value::Object(fields), Value::Object(given)) => fields.iter().find_map(|(name, shape)| {
            let at = format!("{at}/{name}");
            given.get(name).map_or_else(|| Some(format!("{at} is missing")), |value| deviation(shape, value, &at))
        }),
        (Value::Array(shapes), Value::Array(given)) => match shapes.first() {
            Some(_) if given.is_empty() => wrong("filled"),
            Some(shape) => {
                given.iter().enumerate().find_map(|(i, value)| deviation(shape, value, &format!("{at}/{i}")))
            }
            None => None,
        },
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => None,
        (Value::Object(_), _) => wrong("an object"),
        (Value::Array(_), _) => wrong("a list"),
        (Value::String(_), _) => wrong("a text"),
        (Value::Number(_), _) => wrong("a number"),
        (Value::Bool(_), _) => wrong("a flag"),
    }
}
