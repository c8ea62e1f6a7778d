//! A registry client: what Docker does, one request at a time.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::server::{ADMIN, ADMIN_PASSWORD};

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Longer than anything should take; a request that hangs fails the test.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who talks to one server, with a bearer token or without.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    authorization: Option<String>,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{} with a body that is not JSON: {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(2_000).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The first code of an answer in the specification's form.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_string()
    }

    /// Insists on a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// `sha256:…` of some bytes.
pub fn digest_of(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn connections() -> reqwest::Client {
    // The server this client talks to is another process, so nobody has chosen one here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap()
}

/// Sends a request and reads the whole answer.
pub async fn send(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
}

impl Client {
    /// Nobody in particular.
    pub fn anonymous(url: &str) -> Client {
        Client { http: connections(), base: url.to_string(), authorization: None }
    }

    /// The same caller with connections of its own: they belong to the runtime that first used them.
    pub fn again(&self) -> Client {
        Client { http: connections(), ..self.clone() }
    }

    /// The administrator, by name and password.
    pub fn admin(url: &str) -> Client {
        Client::anonymous(url).with_password(ADMIN, ADMIN_PASSWORD)
    }

    /// The administrator with a token for everything in these repositories.
    pub async fn admin_of(url: &str, repositories: &[&str]) -> Client {
        let token = Client::admin(url).token(repositories).await;
        Client::anonymous(url).with_token(&token)
    }

    pub fn with_password(self, name: &str, password: &str) -> Client {
        Client { authorization: Some(format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))), ..self }
    }

    pub fn with_token(self, token: &str) -> Client {
        Client { authorization: Some(format!("Bearer {token}")), ..self }
    }

    /// The same caller at another server.
    pub fn at(&self, url: &str) -> Client {
        Client { base: url.to_string(), ..self.clone() }
    }

    /// A token to pull from and push to repositories.
    pub async fn token(&self, repositories: &[&str]) -> String {
        let scopes: Vec<String> =
            repositories.iter().map(|name| format!("&scope=repository:{name}:pull,push")).collect();
        let path = format!("/v2/auth?service=test{}", scopes.concat());
        self.get(&path).await.is(200).json()["token"].as_str().unwrap().to_string()
    }

    /// A request to a path, or to a `Location` the server gave.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_string() } else { format!("{}{path}", self.base) };
        let request = self.http.request(method, url);
        match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await.unwrap()
    }

    pub async fn head(&self, path: &str) -> Answer {
        send(self.request(Method::HEAD, path)).await.unwrap()
    }

    /// Begins an upload and returns where it goes on.
    pub async fn begin_upload(&self, repository: &str) -> String {
        let answer = send(self.request(Method::POST, &format!("/v2/{repository}/blobs/uploads/"))).await.unwrap();
        answer.is(202).header(LOCATION.as_str()).to_string()
    }

    /// Pushes a blob in one request; whatever comes of it.
    pub async fn try_push_blob(&self, repository: &str, bytes: &[u8]) -> Result<Answer, reqwest::Error> {
        let path = format!("/v2/{repository}/blobs/uploads/?digest={}", digest_of(bytes));
        send(self.request(Method::POST, &path).body(bytes.to_vec())).await
    }

    /// Pushes a blob and returns its digest.
    pub async fn push_blob(&self, repository: &str, bytes: &[u8]) -> String {
        self.try_push_blob(repository, bytes).await.unwrap().is(201);
        digest_of(bytes)
    }

    /// Pushes a manifest; whatever comes of it.
    pub async fn try_push_manifest(
        &self,
        repository: &str,
        reference: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<Answer, reqwest::Error> {
        let request = self.request(Method::PUT, &format!("/v2/{repository}/manifests/{reference}"));
        send(request.header(CONTENT_TYPE, media_type).body(bytes.to_vec())).await
    }
}
