//! Somebody with credentials, speaking plain HTTP with whichever door.

use reqwest::Method;
use serde_json::Value;

use super::Answer;

/// A user, a robot, a program, or nobody.
#[derive(Clone)]
pub struct Actor {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
    /// User name; empty for nobody.
    pub name: String,
    /// Password or token.
    pub secret: String,
    /// Sent in place of name and secret.
    pub bearer: Option<String>,
}

impl Actor {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        match body {
            Some(body) => Actor::send(request.json(&body)).await,
            None => Actor::send(request).await,
        }
    }

    /// A request with these credentials, to be completed.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None if self.name.is_empty() => request,
            None => request.basic_auth(&self.name, Some(&self.secret)),
        }
    }

    pub async fn send(request: reqwest::RequestBuilder) -> Answer {
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let asked = format!("{} {}", request.method(), request.url());
        Answer::read(asked, client.execute(request).await.unwrap()).await
    }
}
