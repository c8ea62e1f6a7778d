//! A registry client that signs in as Docker does: asks, is challenged, fetches a token, asks again.

use std::cell::RefCell;

use bytes::Bytes;
use domain::oci::{Algorithm, Digest};
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::app::TestApp;
use super::image::Image;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.expect("the body arrives") }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The first error's code, as the specification has it.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_string()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{} {:?}", self.text(), self.headers);
        self
    }

    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Answer {
        let answer = self.is(status);
        assert_eq!(answer.code(), code, "{}", answer.text());
        answer
    }
}

/// A client with credentials and the last token it was given.
pub struct Oci<'a> {
    app: &'a TestApp,
    name: String,
    secret: String,
    token: RefCell<Option<String>>,
}

impl<'a> Oci<'a> {
    pub fn new(app: &'a TestApp, name: &str, secret: &str) -> Oci<'a> {
        Oci { app, name: name.to_string(), secret: secret.to_string(), token: RefCell::new(None) }
    }

    /// A client that holds this token and nothing else.
    pub fn with_token(app: &'a TestApp, token: &str) -> Oci<'a> {
        let client = Oci::new(app, "", "");
        *client.token.borrow_mut() = Some(token.to_string());
        client
    }

    /// A token for these scopes; fails the test if there is none.
    pub async fn token(&self, scopes: &[&str]) -> String {
        let answer = self.token_answer(scopes).await.is(200);
        answer.json()["token"].as_str().unwrap().to_string()
    }

    pub async fn token_answer(&self, scopes: &[&str]) -> Answer {
        let query: Vec<(&str, &str)> = scopes.iter().map(|scope| ("scope", *scope)).collect();
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let mut request = self.app.request(Method::GET, &format!("/v2/auth?service=test&{query}"));
        if !self.name.is_empty() {
            request = request.basic_auth(&self.name, Some(&self.secret));
        }
        Answer::of(request).await
    }

    /// Sends a request with the token in hand; if challenged, fetches the token named and sends it again.
    pub async fn send(&self, method: Method, path: &str, adorn: impl Fn(RequestBuilder) -> RequestBuilder) -> Answer {
        // A mount without a source learns only with a token for the target which source it could read.
        for _ in 0..2 {
            let answer = self.send_once(method.clone(), path, &adorn).await;
            let challenge = answer.header(WWW_AUTHENTICATE.as_str());
            let Some(scope) = scope_of(challenge).filter(|_| answer.status == 401) else { return answer };
            let token = self.token_answer(&[&scope]).await;
            if token.status != 200 {
                return token;
            }
            *self.token.borrow_mut() = Some(token.json()["token"].as_str().unwrap().to_string());
        }
        self.send_once(method, path, &adorn).await
    }

    pub async fn send_once(
        &self,
        method: Method,
        path: &str,
        adorn: &impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Answer {
        let mut request = adorn(self.app.request(method, path));
        if let Some(token) = self.token.borrow().as_ref() {
            request = request.bearer_auth(token);
        }
        Answer::of(request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    pub async fn head(&self, path: &str) -> Answer {
        self.send(Method::HEAD, path, |request| request).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, |request| request).await
    }

    pub async fn post(&self, path: &str) -> Answer {
        self.send(Method::POST, path, |request| request).await
    }

    pub async fn put(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> Answer {
        let body: Bytes = body.into();
        self.send(Method::PUT, path, |request| {
            let request = request.body(body.clone());
            if content_type.is_empty() { request } else { request.header("content-type", content_type) }
        })
        .await
    }

    /// Begins an upload; returns its path.
    pub async fn begin_upload(&self, repository: &str) -> String {
        let answer = self.post(&format!("/v2/{repository}/blobs/uploads/")).await.is(202);
        answer.header("location").to_string()
    }

    /// Pushes a blob in two requests and returns its digest.
    pub async fn push_blob(&self, repository: &str, content: &[u8]) -> Digest {
        let digest = Digest::of(Algorithm::Sha256, content);
        let path = self.begin_upload(repository).await;
        let answer = self.put(&format!("{path}?digest={digest}"), "", content.to_vec()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        digest
    }

    /// Pushes a manifest under a tag or digest.
    pub async fn push_manifest(&self, repository: &str, reference: &str, media_type: &str, body: &[u8]) -> Answer {
        self.put(&format!("/v2/{repository}/manifests/{reference}"), media_type, body.to_vec()).await
    }

    /// Pushes an image with all its blobs.
    pub async fn push_image(&self, repository: &str, tag: &str, image: &Image) -> Digest {
        for blob in &image.blobs {
            self.push_blob(repository, blob).await;
        }
        self.push_manifest(repository, tag, image.media_type, &image.manifest).await.is(201);
        image.digest()
    }
}

fn scope_of(challenge: &str) -> Option<String> {
    let (_, rest) = challenge.split_once("scope=\"")?;
    Some(rest.split_once('"')?.0.to_string())
}
