//! HTTP towards addresses that somebody else named.
//!
//! The only way out. A name is resolved here and the connection goes to an address that was looked at, so that a name
//! which answers differently the second time gains nothing. Redirects are followed by hand, three at most, each judged
//! like the first address. Time and size are bounded.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use domain::audit::Callbacks;
use domain::robot::Documents;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use super::egress::Egress;

const TIME: Duration = Duration::from_secs(10);
const CONNECT_TIME: Duration = Duration::from_secs(5);
const MAX_BODY: usize = 1024 * 1024;
const MAX_REDIRECTS: usize = 3;

/// Reads documents from other services, and sends them messages.
pub struct HttpClient {
    client: Client,
    egress: Arc<Egress>,
}

impl HttpClient {
    /// A client that connects to what `egress` allows, and believes the certificate authorities of this machine.
    ///
    /// # Errors
    /// If the TLS library refuses its own settings.
    pub fn new(egress: Egress) -> anyhow::Result<HttpClient> {
        // The library wants one for the process even where a client brings its own; the first one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let egress = Arc::new(egress);
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Arc::new(CheckedNames(egress.clone())))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIME)
            .timeout(TIME)
            .pool_max_idle_per_host(1)
            .user_agent(concat!("pierhead/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("making the HTTP client")?;
        Ok(HttpClient { client, egress })
    }

    async fn get(&self, address: &str) -> Result<Vec<u8>, String> {
        let mut url = self.egress.permitted(address)?;
        for _ in 0..=MAX_REDIRECTS {
            let request = self.client.get(url.clone()).header(ACCEPT, "application/json");
            let response = request.send().await.map_err(|error| format!("{url}: {}", cause(&error)))?;
            if !response.status().is_redirection() {
                return body(response).await.map_err(|why| format!("{url}: {why}"));
            }
            let next = target(&response, &url).ok_or_else(|| format!("{url} redirects nowhere"))?;
            url = self.egress.permitted(next.as_str()).map_err(|why| format!("{url} redirects to {next}: {why}"))?;
        }
        Err(format!("{address} redirects more than {MAX_REDIRECTS} times"))
    }
}

impl Documents for HttpClient {
    fn check(&self, url: &str) -> Result<(), String> {
        self.egress.permitted(url).map(|_| ())
    }

    fn fetch<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(async move {
            let late = |_| format!("{url} took longer than {} s", TIME.as_secs());
            // Over all redirects together.
            tokio::time::timeout(TIME, self.get(url)).await.map_err(late)?
        })
    }
}

impl Callbacks for HttpClient {
    /// A redirect counts as a refusal: the address is the one that was named, or none. Why there was no answer is for the
    /// operator: it would tell which names and addresses there are in here.
    fn post<'a>(&'a self, url: &'a str, message: &'a Value) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let url = self.egress.permitted(url)?;
            let request =
                self.client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(message.to_string());
            // The body of the answer is of no interest.
            let response = request.send().await.map_err(|error| {
                tracing::warn!(%url, error = cause(&error), "a callback could not be told");
                format!("{url} could not be reached on the public internet or at a place in egress.allow")
            })?;
            match response.status() {
                status if status.is_success() => Ok(()),
                status => Err(format!("{url} answered {status}")),
            }
        })
    }
}

fn target(response: &Response, from: &Url) -> Option<Url> {
    from.join(response.headers().get(LOCATION)?.to_str().ok()?).ok()
}

async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    if !response.status().is_success() {
        return Err(format!("answered {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(format!("answered more than {MAX_BODY} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What is at the bottom of it: the errors above only say that a request failed.
fn cause(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(below) = deepest.source() {
        deepest = below;
    }
    deepest.to_string()
}

fn tls() -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (known, _) = roots.add_parsable_certificates(found.certs);
    if known == 0 {
        tracing::warn!("this machine has no certificate authorities; HTTPS to other services will fail");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("choosing TLS versions")?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// Resolves names to addresses that may be connected to.
struct CheckedNames(Arc<Egress>);

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let egress = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|address| egress.allows_host(name.as_str(), address.ip())).collect();
            if allowed.is_empty() {
                let name = name.as_str();
                return Err(format!("{name} leads nowhere on the public internet; egress.allow can add it").into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
#[path = "http_client_tests.rs"]
mod tests;
