//! Somebody with a browser: it keeps its cookie, carries the proof that a request was meant, and follows no redirect.

use std::sync::{Mutex, PoisonError};

use reqwest::Method;
use serde_json::{Value, json};

use super::{Actor, Answer, PASSWORD, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

pub struct Browser {
    http: reqwest::Client,
    url: String,
    /// `name=value`, each name once.
    cookies: Mutex<Vec<String>>,
    proof: Mutex<Option<String>>,
}

impl Browser {
    /// A browser nobody is signed in with.
    pub fn new(app: &TestApp) -> Browser {
        Browser { http: app.http().clone(), url: app.url.clone(), cookies: Mutex::default(), proof: Mutex::default() }
    }

    /// A browser of a user who signed in just now, with everybody's password.
    pub async fn of(app: &TestApp, who: &Actor) -> Browser {
        let browser = Browser::new(app);
        browser.sign_in(&who.name, PASSWORD).await.is(200);
        browser
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.visit().await;
        self.post("/api/v1/signin", json!({ "username": name, "password": password })).await
    }

    /// Fetches the proof that goes with the cookie, and a cookie if there is none.
    pub async fn visit(&self) {
        let answer = self.get("/csrf_token").await.is(200);
        *lock(&self.proof) = answer.json()["csrf_token"].as_str().map(str::to_string);
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, json!({})).await
    }

    /// With the proof, as our own pages send it.
    pub async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        let proof = lock(&self.proof).clone().unwrap_or_default();
        self.send(self.request(method, path).header("x-csrf-token", proof).json(&body)).await
    }

    /// Without the proof: what another site's page can make a browser send.
    pub async fn ask_unmeant(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(self.request(method, path).json(&body)).await
    }

    /// A form of a page of ours, as it is.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(self.request(Method::POST, path).header("content-type", FORM).body(body)).await
    }

    /// As [`Browser::submit`], with the proof in the field that forms have for it.
    pub async fn submit_meant(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let proof = lock(&self.proof).clone().unwrap_or_default();
        let proof = [("_csrf_token", proof.as_str())];
        self.submit(path, &[fields, &proof].concat()).await
    }

    /// The cookie that says whose session it is.
    pub fn cookie(&self) -> Option<String> {
        lock(&self.cookies).iter().find(|pair| name(pair).ends_with("session")).cloned()
    }

    /// Plants a cookie, as somebody with a hand on the browser could.
    pub fn plant(&self, cookie: &str) {
        self.keep(cookie.to_string(), false);
    }

    /// A request with the cookie, to be completed.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let cookies = lock(&self.cookies).join("; ");
        if cookies.is_empty() { request } else { request.header("cookie", cookies) }
    }

    /// Sends it and keeps what the answer gives: cookie and proof.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = Actor::send(request).await;
        for set in answer.all("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default().to_string();
            let removed = set.contains("Max-Age=0") || pair.ends_with('=');
            self.keep(pair, removed);
        }
        if let Some(next) = answer.maybe_header("x-next-csrf-token") {
            *lock(&self.proof) = Some(next);
        }
        answer
    }

    fn keep(&self, pair: String, removed: bool) {
        let mut cookies = lock(&self.cookies);
        cookies.retain(|known| name(known) != name(&pair));
        if !removed {
            cookies.push(pair);
        }
    }
}

/// The name of a `name=value`.
fn name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The hidden fields of a page's form with the values they have.
pub fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.replace("&#38;", "&").replace("&amp;", "&"))
    };
    let tags = page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    tags.filter(|tag| tag.contains("type=\"hidden\""))
        .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
        .collect()
}
