//! Checking what an identity provider signed, by the keys it publishes (OpenID Connect).
//!
//! Keys are asked for only where a robot account names the provider, remembered for a while, and asked for again at most
//! once a minute when a token names a key that is not among them, so that made-up tokens do not make this registry knock
//! at somebody's door.
//!
//! Source: OpenID Connect Discovery 1.0; RFC 7517; RFC 7519.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::federation::Identity;
use crate::error::{Error, Result, shown};
use crate::time::Timestamp;

/// Clocks of provider and registry may differ by this much.
const LEEWAY: i64 = 60;
const MAX_TOKEN: usize = 16 * 1024;
const MAX_KEYS: usize = 100;
/// Keys are taken as they were for this long, or until they fail.
const KEYS_GOOD_FOR: Duration = Duration::from_secs(600);
/// The least time between two looks at the same provider.
const LOOK_EVERY: Duration = Duration::from_secs(60);
const PROVIDERS: u64 = 1_000;
/// A key for signing, known only to one party: what is shared with this registry (HMAC) proves nothing.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Reads what other services publish. Errors are words for people.
pub trait Documents: Send + Sync {
    /// Whether this address may be asked at all: `https`, or a place that the operator allowed.
    ///
    /// # Errors
    /// Why not.
    fn check(&self, url: &str) -> Result<(), String>;

    /// The document at this address.
    ///
    /// # Errors
    /// Why there is none.
    fn fetch<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, String>>;
}

/// Checks signed identities.
pub(super) struct Identities {
    documents: Arc<dyn Documents>,
    audience: Option<String>,
    known: moka::sync::Cache<String, Arc<Mutex<Option<Keys>>>>,
}

/// What a provider published, when it was last asked.
struct Keys {
    asked_at: Timestamp,
    keys: Result<Vec<Jwk>, String>,
}

/// What a token says about itself; to be believed once its signature is checked.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    nbf: Option<i64>,
    aud: Option<Audience>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

impl Identities {
    pub(super) fn new(documents: Arc<dyn Documents>, audience: Option<String>) -> Identities {
        let known =
            moka::sync::Cache::builder().max_capacity(PROVIDERS).time_to_idle(Duration::from_secs(24 * 3600)).build();
        Identities { documents, audience, known }
    }

    /// Whose identity a token says it is. Nothing is checked yet.
    ///
    /// # Errors
    /// `Unauthenticated` if it cannot be read.
    pub(super) fn said(token: &str) -> Result<Identity> {
        if token.len() > MAX_TOKEN {
            return Err(refused("it is too long"));
        }
        let claims: Claims = jsonwebtoken::dangerous::insecure_decode(token)
            .map_err(|_| refused("it is no JSON Web Token with iss, sub and exp"))?
            .claims;
        Ok(Identity { issuer: claims.iss, subject: claims.sub })
    }

    /// Checks that the provider of this identity signed the token, for it, for us, for now.
    ///
    /// # Errors
    /// `Unauthenticated`, with the reason.
    pub(super) async fn check(&self, token: &str, identity: &Identity, now: Timestamp) -> Result<()> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused("its header cannot be read"))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(refused("it is not signed with RSA, ECDSA or Ed25519"));
        }
        let keys = self.keys(&identity.issuer, header.kid.as_deref(), now).await?;
        let signed = keys.iter().find_map(|key| verified(token, key, header.alg));
        let claims = signed.ok_or_else(|| refused("none of its issuer's keys signed it"))?;
        if claims.iss != identity.issuer || claims.sub != identity.subject {
            return Err(refused("it is another identity's"));
        }
        self.check_claims(&claims, now.seconds())
    }

    fn check_claims(&self, claims: &Claims, now: i64) -> Result<()> {
        if now > claims.exp.saturating_add(LEEWAY) {
            return Err(refused("it has expired"));
        }
        if claims.nbf.is_some_and(|from| from > now.saturating_add(LEEWAY)) {
            return Err(refused("it is not valid yet; check the clocks"));
        }
        let Some(wanted) = &self.audience else { return Ok(()) };
        let fits = match &claims.aud {
            None => false,
            Some(Audience::One(audience)) => audience == wanted,
            Some(Audience::Several(audiences)) => audiences.contains(wanted),
        };
        if fits { Ok(()) } else { Err(refused(&format!("its audience is not {wanted}"))) }
    }

    /// The provider's keys with this id, or all of them if the token names none.
    async fn keys(&self, issuer: &str, kid: Option<&str>, now: Timestamp) -> Result<Vec<Jwk>> {
        let entry = self.known.get_with(issuer.to_string(), Arc::default);
        // One look at a time; whoever comes meanwhile waits for its outcome.
        let mut known = entry.lock().await;
        let fitting = |keys: &Keys| {
            let all = keys.keys.as_ref().ok()?;
            let of_id = |key: &&Jwk| kid.is_none() || key.common.key_id.as_deref() == kid;
            let fitting: Vec<Jwk> = all.iter().filter(of_id).cloned().collect();
            (!fitting.is_empty()).then_some(fitting)
        };
        if let Some(keys) = known.as_ref() {
            let age = now.since(keys.asked_at);
            match fitting(keys) {
                Some(fitting) if age < KEYS_GOOD_FOR => return Ok(fitting),
                None if age < LOOK_EVERY => return Err(no_key(keys)),
                _ => {}
            }
        }
        let keys = known.insert(Keys { asked_at: now, keys: self.published(issuer).await });
        fitting(keys).ok_or_else(|| no_key(keys))
    }

    async fn published(&self, issuer: &str) -> Result<Vec<Jwk>, String> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let discovery: Discovery = self.document(&address).await?;
        if discovery.issuer != issuer {
            return Err(format!("{address} speaks of another issuer"));
        }
        let set: KeySet = self.document(&discovery.jwks_uri).await?;
        // A key of a kind unknown here is none of ours; the others are good all the same.
        let read = set.keys.into_iter().take(MAX_KEYS).filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let signs =
            |key: &Jwk| key.common.public_key_use.as_ref().is_none_or(|r#use| *r#use == PublicKeyUse::Signature);
        Ok(read.filter(signs).collect())
    }

    async fn document<T: serde::de::DeserializeOwned>(&self, address: &str) -> Result<T, String> {
        self.documents.check(address)?;
        let body = self.documents.fetch(address).await?;
        serde_json::from_slice(&body).map_err(|error| format!("{address} is not what was expected: {error}"))
    }
}

/// What the token says, if this key signed it. Times and names are compared afterwards, against the injected clock.
fn verified(token: &str, key: &Jwk, algorithm: Algorithm) -> Option<Claims> {
    let mut rules = Validation::new(algorithm);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    let key = DecodingKey::from_jwk(key).ok()?;
    Some(jsonwebtoken::decode::<Claims>(token, &key, &rules).ok()?.claims)
}

fn no_key(keys: &Keys) -> Error {
    match &keys.keys {
        Ok(_) => refused("its issuer publishes no such key"),
        Err(reason) => {
            // The reason may tell about this network; it is for the operator.
            tracing::warn!(reason, "the keys of an identity provider could not be read");
            refused("the keys of its issuer could not be read; the registry's log has the reason")
        }
    }
}

/// A refusal of the signed identity.
pub(super) fn refused(why: &str) -> Error {
    Error::Unauthenticated(format!("the signed identity is not accepted: {}", shown(why)))
}
