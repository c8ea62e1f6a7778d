//! The short-lived tokens of the token service.
//!
//! JSON Web Tokens signed with Ed25519 under a key derived from the instance key, so that every replica can check what
//! any other signed. A token says who its holder is and which actions it was asked for and granted; it is a ceiling, not
//! a right: permissions are looked up anew on each request, so disabling a user or dropping a grant needs no waiting for
//! tokens to expire. Repositories are named, not numbered, and a re-created repository has no grants of the old one.
//!
//! Only one algorithm and one key are ever accepted: what a token's header says about either is never trusted.
//!
//! Source: distribution "Token Authentication Specification"; RFC 7519; RFC 8037.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error as JwtError, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use signature::{Error as SignatureError, Signer, Verifier};

use super::ceiling::Ceiling;
use super::scope::{Actions, ResourceKind, ResourceScope};
use crate::error::{Error, Result};
use crate::ids::{NamespaceId, RobotId, UserId};
use crate::principal::Principal;
use crate::time::Timestamp;
use crate::vault::Vault;

const ISSUER: &str = "pierhead";
/// Clocks of replicas may differ by this much.
const LEEWAY: i64 = 30;
/// Longer ones are refused unread: ours stay far below.
const MAX_LENGTH: usize = 64 * 1024;
const REMEMBERED: u64 = 10_000;

/// Signs and checks registry tokens.
pub struct RegistryTokens {
    signing: EncodingKey,
    checking: DecodingKey,
    key_id: String,
    public: Vec<u8>,
    audience: String,
    /// Signatures cost more than everything else on a pull; a token that was good stays good until it expires.
    remembered: moka::sync::Cache<Box<str>, Arc<Checked>>,
}

/// A token that was checked.
#[derive(Debug)]
pub struct Checked {
    /// Its holder.
    pub principal: Principal,
    /// What it allows at most.
    pub ceiling: Ceiling,
    /// When it was made.
    pub made_at: Timestamp,
    expires: i64,
}

/// Why a token was refused; the words are for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Anything else, in words.
    #[error("the token is not valid: {0}")]
    Invalid(String),
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
    access: Vec<Access>,
    holder: Holder,
    /// Whether a superuser's rights may be used.
    superuser: bool,
    /// `iat` in milliseconds, to be compared with the moment a credential changed.
    made_at: i64,
}

/// One entry of the `access` claim, as the specification has it.
#[derive(Serialize, Deserialize)]
struct Access {
    r#type: String,
    name: String,
    actions: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Holder {
    Anonymous,
    User { id: i64 },
    Robot { id: i64, namespace: i64 },
}

impl RegistryTokens {
    /// Tokens for the service called `audience` (the host of the external URL).
    ///
    /// # Errors
    /// `Internal` only if the cryptographic library refuses the derived key.
    pub fn new(vault: &Vault, audience: &str) -> Result<RegistryTokens> {
        install_ed25519();
        let seed = vault.key_for("registry tokens")?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|refused| Error::internal("making the token key", refused.to_string()))?;
        let public = pair.public_key().as_ref();
        Ok(RegistryTokens {
            signing: EncodingKey::from_ed_der(&seed),
            checking: DecodingKey::from_ed_der(public),
            key_id: hex_of(&sha2::Sha256::digest(public)[..12]),
            public: public.to_vec(),
            audience: audience.to_string(),
            remembered: moka::sync::Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(Duration::from_secs(300))
                .build(),
        })
    }

    /// The name of the service the tokens are for.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// A token for `principal`, good for `access`, with or without a superuser's rights, from `now` on, for `lifetime`.
    ///
    /// # Errors
    /// `Internal` for principals that have no tokens (the system) or if signing fails.
    pub fn issue(
        &self,
        principal: &Principal,
        (access, superuser): (&[ResourceScope], bool),
        id: uuid::Uuid,
        now: Timestamp,
        lifetime: Duration,
    ) -> Result<String> {
        let holder = match principal {
            Principal::Anonymous => Holder::Anonymous,
            Principal::User { id, .. } => Holder::User { id: id.0 },
            Principal::Robot { id, namespace, .. } => Holder::Robot { id: id.0, namespace: namespace.0 },
            Principal::System(_) => return Err(Error::internal("issuing a token", "the system needs none")),
        };
        let claims = Claims {
            iss: ISSUER.to_string(),
            aud: self.audience.clone(),
            sub: principal.name().to_string(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.plus(lifetime).seconds(),
            jti: id.simple().to_string(),
            access: access.iter().map(Access::from).collect(),
            holder,
            superuser,
            made_at: now.0,
        };
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.signing)
            .map_err(|source| Error::internal("signing a token", source))
    }

    /// What the key is called in the tokens it signed.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The Ed25519 key that anybody can check the tokens with.
    pub fn public_key(&self) -> &[u8] {
        &self.public
    }

    /// What the token says, if this registry signed it for itself and its time has not passed.
    ///
    /// # Errors
    /// A [`TokenFault`] that can be shown to the client.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Arc<Checked>, TokenFault> {
        if let Some(known) = self.remembered.get(token) {
            return if now.seconds() > known.expires + LEEWAY { Err(TokenFault::Expired) } else { Ok(known) };
        }
        if token.len() > MAX_LENGTH {
            return Err(TokenFault::Invalid("it is too long".into()));
        }
        let claims = self.verified(token)?;
        if now.seconds() > claims.exp + LEEWAY {
            return Err(TokenFault::Expired);
        }
        if claims.nbf > now.seconds() + LEEWAY {
            return Err(TokenFault::Invalid("it is not valid yet; check the clocks of client and server".into()));
        }
        let checked = Arc::new(Checked::from(claims));
        self.remembered.insert(token.into(), checked.clone());
        Ok(checked)
    }

    fn verified(&self, token: &str) -> Result<Claims, TokenFault> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[&self.audience]);
        rules.set_required_spec_claims(&["iss", "aud", "exp"]);
        // Times are compared above, against the injected clock.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let data = jsonwebtoken::decode::<Claims>(token, &self.checking, &rules).map_err(|error| {
            TokenFault::Invalid(match error.kind() {
                ErrorKind::InvalidSignature => "it was not signed by this registry".into(),
                ErrorKind::InvalidAudience => format!("it is not for {}", self.audience),
                ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => "its algorithm is not ours".into(),
                ErrorKind::InvalidIssuer => "it comes from another issuer".into(),
                _ => "it cannot be read".into(),
            })
        })?;
        if data.header.kid.as_deref() != Some(self.key_id.as_str()) {
            return Err(TokenFault::Invalid("it was signed with a key that is not in use".into()));
        }
        Ok(data.claims)
    }
}

impl From<&ResourceScope> for Access {
    fn from(scope: &ResourceScope) -> Access {
        Access {
            r#type: scope.kind.to_string(),
            name: scope.name.clone(),
            actions: scope.actions.iter().map(|action| action.as_str().to_string()).collect(),
        }
    }
}

impl From<Claims> for Checked {
    fn from(claims: Claims) -> Checked {
        let name: Arc<str> = claims.sub.into();
        let principal = match claims.holder {
            Holder::Anonymous => Principal::Anonymous,
            Holder::User { id } => Principal::User { id: UserId(id), name },
            Holder::Robot { id, namespace } => {
                Principal::Robot { id: RobotId(id), name, namespace: NamespaceId(namespace) }
            }
        };
        let scopes = claims.access.into_iter().map(|entry| ResourceScope {
            kind: if entry.r#type == "repository" { ResourceKind::Repository } else { ResourceKind::Registry },
            name: entry.name,
            actions: Actions::parse(&entry.actions.join(",")),
        });
        let ceiling = Ceiling::Registry { scopes: Arc::new(scopes.collect()), superuser: claims.superuser };
        Checked { principal, ceiling, made_at: Timestamp(claims.made_at), expires: claims.exp }
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gives `jsonwebtoken` the Ed25519 of `ring`, which is in the program anyway; its own choices would bring an RSA
/// implementation with a known timing weakness.
fn install_ed25519() {
    static PROVIDER: CryptoProvider = CryptoProvider {
        signer_factory: |algorithm, key| {
            only_ed25519(*algorithm)?;
            let pair = Ed25519KeyPair::from_seed_unchecked(key.as_bytes()).map_err(|_| invalid_key())?;
            Ok(Box::new(Ed25519Signer(pair)))
        },
        verifier_factory: |algorithm, key| {
            only_ed25519(*algorithm)?;
            Ok(Box::new(Ed25519Verifier(UnparsedPublicKey::new(&ED25519, key.try_get_as_bytes()?.to_vec()))))
        },
        key_utils: KeyUtils::new_unimplemented(),
    };
    // The first one stays; it is the same one.
    let _ = PROVIDER.install_default();
}

fn only_ed25519(algorithm: Algorithm) -> Result<(), JwtError> {
    if algorithm == Algorithm::EdDSA { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

fn invalid_key() -> JwtError {
    ErrorKind::InvalidEddsaKey.into()
}

struct Ed25519Signer(Ed25519KeyPair);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(UnparsedPublicKey<Vec<u8>>);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        self.0.verify(message, signature).map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
