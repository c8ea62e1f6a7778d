//! Tokens as registry clients get them: Basic credentials go to the realm of the challenge, the
//! bearer token that comes back is sent until it is nearly over and then fetched again.
use serde_json::Value;
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::client::{Body, Conn};

/// What a token service grants for when it does not say (distribution's token specification).
const DEFAULT_LIFETIME: u64 = 60;

#[derive(Clone)]
struct Token {
    value: String,
    renew_at: Instant,
    /// Where it came from, to renew it without provoking another 401.
    url: String,
}

/// Credentials and the tokens got with them, shared by all connections of a run.
#[derive(Default)]
pub struct Auth {
    credentials: Option<(String, String)>,
    tokens: Mutex<HashMap<String, Token>>,
}

fn bad(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.to_string())
}

impl Auth {
    pub fn new(credentials: Option<(String, String)>) -> Self {
        Auth { credentials, ..Auth::default() }
    }

    pub fn enabled(&self) -> bool {
        self.credentials.is_some()
    }

    pub fn basic(&self) -> Option<String> {
        let (user, password) = self.credentials.as_ref()?;
        Some(format!("Basic {}", base64(format!("{user}:{password}").as_bytes())))
    }

    /// The token known for a request, renewed if its time is nearly over.
    pub fn known(&self, key: &str) -> io::Result<Option<String>> {
        let token = self.tokens.lock().unwrap().get(key).cloned();
        match token {
            Some(t) if t.renew_at <= Instant::now() => self.fetch(&t.url, &[key.into()]).map(Some),
            other => Ok(other.map(|t| t.value)),
        }
    }

    /// Answers a 401's challenge.
    pub fn answer(&self, challenge: &str, key: &str) -> io::Result<String> {
        self.fetch(&token_url(challenge, None)?, &[key.into()])
    }

    /// One token for several repositories before the clock starts (or for many new ones at once),
    /// as `docker` asks for it after GET /v2/. The second part is the actions: `pull` or
    /// `pull,push`.
    pub fn grant(&self, c: &mut Conn, repos: &[(String, &str)]) -> io::Result<()> {
        if !self.enabled() {
            return Ok(());
        }
        let mut plain = Conn::new(&c.addr, Arc::new(Auth::default()));
        let reply = plain.request("GET", "/v2/", &[], Body::None)?;
        if reply.head.status != 401 {
            return Ok(());
        }
        let scopes: Vec<String> = repos.iter().map(|(name, actions)| format!("repository:{name}:{actions}")).collect();
        let challenge = reply.head.get("www-authenticate").unwrap_or("");
        let url = token_url(challenge, Some(&scopes.join(" ")))?;
        let mut keys = Vec::new();
        for (name, actions) in repos {
            keys.push(key("GET", &format!("/v2/{name}")));
            if actions.contains("push") {
                keys.push(key("PUT", &format!("/v2/{name}")));
            }
        }
        self.fetch(&url, &keys).map(|_| ())
    }

    fn fetch(&self, url: &str, keys: &[String]) -> io::Result<String> {
        let basic = self.basic().ok_or_else(|| bad("401 and no user"))?;
        let rest = url.strip_prefix("http://").ok_or_else(|| bad("the realm is not http://"))?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let mut c = Conn::new(host, Arc::new(Auth::default()));
        let reply = c.request("GET", path, &[("Authorization", basic)], Body::None)?;
        if reply.head.status != 200 {
            return Err(bad(&format!("the token service answered {}", reply.head.status)));
        }
        let v: Value = serde_json::from_slice(&reply.body).map_err(|_| bad("the token is not JSON"))?;
        let text = v["token"].as_str().or_else(|| v["access_token"].as_str());
        let value = format!("Bearer {}", text.ok_or_else(|| bad("no token"))?);
        let lifetime = v["expires_in"].as_u64().unwrap_or(DEFAULT_LIFETIME);
        let token = Token {
            value: value.clone(),
            renew_at: Instant::now() + Duration::from_millis(lifetime * 700),
            url: url.into(),
        };
        let mut tokens = self.tokens.lock().unwrap();
        for k in keys {
            tokens.insert(k.clone(), token.clone());
        }
        Ok(value)
    }
}

/// A key for the token cache: the repository and whether the request writes.
pub fn key(method: &str, path: &str) -> String {
    let p = path.split('?').next().unwrap_or("");
    let end = ["/blobs/", "/manifests/", "/tags/"].iter().find_map(|m| p.find(m)).unwrap_or(p.len());
    let verb = match method {
        "GET" | "HEAD" => "r",
        _ => "w",
    };
    format!("{verb}{}", &p[..end])
}

fn token_url(challenge: &str, scope: Option<&str>) -> io::Result<String> {
    let p = challenge_params(challenge);
    let realm = p.get("realm").ok_or_else(|| bad("a challenge without realm"))?;
    let service = p.get("service").map(String::as_str).unwrap_or("");
    let scope = scope.or(p.get("scope").map(String::as_str)).unwrap_or("");
    let mut url = format!("{realm}?service={}", urlenc(service));
    for s in scope.split(' ').filter(|s| !s.is_empty()) {
        url.push_str(&format!("&scope={}", urlenc(s)));
    }
    Ok(url)
}

fn challenge_params(challenge: &str) -> HashMap<String, String> {
    let mut params = HashMap::new();
    let mut rest = challenge.split_once(' ').map(|x| x.1).unwrap_or("");
    while let Some((name, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"').unwrap_or((after, ""));
        params.insert(name.trim_matches([',', ' ']).to_ascii_lowercase(), value.to_string());
        rest = next;
    }
    params
}

pub fn urlenc(s: &str) -> String {
    let mut out = String::new();
    for b in s.bytes() {
        if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) {
            out.push(b as char);
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

fn base64(d: &[u8]) -> String {
    const T: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for c in d.chunks(3) {
        let n = (c[0] as u32) << 16 | (*c.get(1).unwrap_or(&0) as u32) << 8 | *c.get(2).unwrap_or(&0) as u32;
        for i in 0..4 {
            let char = T[(n >> (18 - 6 * i) & 63) as usize] as char;
            out.push(if i <= c.len() { char } else { '=' });
        }
    }
    out
}
