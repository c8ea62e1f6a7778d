//! A client of the registry, as Docker is one: asks, is challenged, fetches a token, asks again.

use std::collections::HashMap;
use std::sync::Mutex;

use reqwest::Method;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE};

use super::{Actor, Answer, Image, OCI_INDEX, OCI_MANIFEST, digest_of};

pub struct Oci {
    http: reqwest::Client,
    url: String,
    who: Option<Actor>,
    /// Sent with every request; there is no other.
    fixed: Option<String>,
    /// Tokens by the scope they were fetched for.
    tokens: Mutex<HashMap<String, String>>,
}

/// A request, kept so that it can be sent again with a token.
pub struct Call<'c> {
    client: &'c Oci,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Oci {
    pub(super) fn new(http: reqwest::Client, url: String, who: Option<Actor>) -> Oci {
        Oci { http, url, who, fixed: None, tokens: Mutex::default() }
    }

    pub(super) fn with_token(http: reqwest::Client, url: String, token: &str) -> Oci {
        Oci { http, url, who: None, fixed: Some(token.to_string()), tokens: Mutex::default() }
    }

    /// A request; `path` may be what a `Location` said.
    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        let path = path.strip_prefix(&self.url).unwrap_or(path).to_string();
        Call { client: self, method: method.parse().unwrap(), path, headers: vec![], body: None }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send().await
    }

    pub async fn head(&self, path: &str) -> Answer {
        self.call("HEAD", path).send().await
    }

    pub async fn post(&self, path: &str) -> Answer {
        self.call("POST", path).body(b"").send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path).send().await
    }

    /// Asks the token service for these scopes, each in a parameter of its own.
    pub async fn ask_token(&self, scopes: &[&str]) -> Answer {
        let pairs: Vec<(&str, &str)> = scopes.iter().map(|scope| ("scope", *scope)).collect();
        self.ask_token_with(&pairs).await
    }

    pub async fn ask_token_with(&self, query: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let url = format!("{}/v2/auth?{query}", self.url);
        let mut request = self.http.get(&url);
        if let Some(who) = &self.who {
            request = request.basic_auth(&who.name, Some(&who.secret));
        }
        Actor::send(request).await
    }

    /// A token for these scopes, or for as much of them as one may have.
    pub async fn token(&self, scopes: &[&str]) -> String {
        self.ask_token(scopes).await.is(200).json()["token"].as_str().unwrap().to_string()
    }

    /// Uploads a blob in two requests, as most clients do, and returns its digest.
    pub async fn push_blob(&self, repository: &str, bytes: &[u8]) -> String {
        let digest = digest_of(bytes);
        let upload = self.begin(repository).await;
        self.finish(&upload, &digest, bytes).await.is(201);
        digest
    }

    /// Begins an upload and returns its location.
    pub async fn begin(&self, repository: &str) -> String {
        self.post(&format!("/v2/{repository}/blobs/uploads/")).await.is(202).header("location")
    }

    pub async fn patch(&self, upload: &str, bytes: &[u8]) -> Answer {
        self.call("PATCH", upload).header(CONTENT_TYPE.as_str(), "application/octet-stream").body(bytes).send().await
    }

    /// Appends a chunk that says where it belongs.
    pub async fn chunk(&self, upload: &str, start: usize, bytes: &[u8]) -> Answer {
        let range = format!("{start}-{}", start + bytes.len() - 1);
        self.call("PATCH", upload).header(CONTENT_RANGE.as_str(), &range).body(bytes).send().await
    }

    pub async fn finish(&self, upload: &str, digest: &str, bytes: &[u8]) -> Answer {
        self.call("PUT", &format!("{upload}?digest={digest}")).body(bytes).send().await
    }

    pub async fn put_manifest(&self, repository: &str, reference: &str, media_type: &str, bytes: &[u8]) -> Answer {
        let path = format!("/v2/{repository}/manifests/{reference}");
        self.call("PUT", &path).header(CONTENT_TYPE.as_str(), media_type).body(bytes).send().await
    }

    pub async fn get_manifest(&self, repository: &str, reference: &str) -> Answer {
        self.get(&format!("/v2/{repository}/manifests/{reference}")).await
    }

    pub async fn push_blobs_of(&self, repository: &str, image: &Image) {
        self.push_blob(repository, &image.config).await;
        self.push_blob(repository, &image.layer).await;
    }

    /// Pushes an image with its blobs under a tag or digest.
    pub async fn push(&self, repository: &str, reference: &str, image: &Image) -> Answer {
        self.push_blobs_of(repository, image).await;
        self.put_manifest(repository, reference, OCI_MANIFEST, &image.manifest).await.is(201)
    }

    /// Pushes a small image of this tag's own and returns it.
    pub async fn push_image(&self, repository: &str, tag: &str) -> Image {
        let image = Image::new(&format!("{repository}:{tag}"));
        self.push(repository, tag, &image).await;
        image
    }

    pub async fn put_index(&self, repository: &str, reference: &str, manifests: &[serde_json::Value]) -> Answer {
        let index = serde_json::json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests });
        self.put_manifest(repository, reference, OCI_INDEX, index.to_string().as_bytes()).await
    }

    fn remembered(&self, scope: &str) -> Option<String> {
        self.tokens.lock().unwrap().get(scope).cloned()
    }
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_string(), value.to_string()));
        self
    }

    pub fn body(mut self, bytes: &[u8]) -> Self {
        self.body = Some(bytes.to_vec());
        self
    }

    /// Follows one challenge, unless the client has a token of its own or there is nobody to sign in.
    pub async fn send(self) -> Answer {
        let client = self.client;
        if client.fixed.is_some() {
            return self.send_with(client.fixed.as_deref()).await;
        }
        let likely = likely_scope(&self.method, &self.path).and_then(|scope| client.remembered(&scope));
        let first = self.send_with(likely.as_deref()).await;
        let Some(challenge) = first.maybe_header("www-authenticate").filter(|_| first.status == 401) else {
            return first;
        };
        let (realm, service) = (parameter(&challenge, "realm").unwrap(), parameter(&challenge, "service").unwrap());
        assert_eq!(realm, format!("{}/v2/auth", client.url));
        let scope = parameter(&challenge, "scope").unwrap_or_default();
        let answer = client.ask_token_with(&[("service", &service), ("scope", &scope)]).await;
        if answer.status != 200 {
            return first;
        }
        let token = answer.json()["token"].as_str().unwrap().to_string();
        client.tokens.lock().unwrap().insert(scope, token.clone());
        self.send_with(Some(&token)).await
    }

    async fn send_with(&self, token: Option<&str>) -> Answer {
        let mut request = self.client.http.request(self.method.clone(), format!("{}{}", self.client.url, self.path));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Actor::send(request).await
    }
}

/// What a challenge for this request would name: saves asking twice.
fn likely_scope(method: &Method, path: &str) -> Option<String> {
    let rest = path.strip_prefix("/v2/")?;
    let end = ["/manifests/", "/blobs/", "/tags/", "/referrers/"].iter().filter_map(|part| rest.find(part)).min()?;
    let pushing = !method.is_safe() || rest.contains("/blobs/uploads");
    Some(format!("repository:{}:{}", &rest[..end], if pushing { "pull,push" } else { "pull" }))
}

/// A quoted parameter of a challenge.
pub fn parameter(challenge: &str, name: &str) -> Option<String> {
    let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_string())
}
