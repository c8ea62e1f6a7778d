//! Robot accounts without a stored secret: a signed identity is exchanged for a token that is good for an hour.
//!
//! That token is signed like a registry token, under a key of its own and for an audience of its own, so that neither
//! passes for the other. It ends with its hour, with the identity it was exchanged for, and with a new token of the robot
//! account, whichever comes first.

use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::federation::{self, Identity};
use super::identity::{Documents, Identities, refused};
use crate::access::{Ceiling, jwt};
use crate::db::{Conn, Db};
use crate::error::{Error, Result, shown};
use crate::event::{self, Event, EventKind};
use crate::ids::RobotId;
use crate::oci::RobotName;
use crate::principal::{Caller, Credential, Origin, Principal};
use crate::time::{Clock, Timestamp};
use crate::vault::Vault;

const ISSUER: &str = "pierhead";
const AUDIENCE: &str = "pierhead robot accounts";
/// How long a token is good.
pub const LIFETIME: Duration = Duration::from_secs(3600);
const LEEWAY: i64 = 30;
const MAX_LENGTH: usize = 4 * 1024;

/// Exchanges signed identities for tokens.
pub struct Keyless {
    db: Db,
    clock: Arc<dyn Clock>,
    identities: Identities,
    tokens: KeylessTokens,
}

impl Keyless {
    /// Identities are checked by what `documents` reads, and must be made for `audience` if there is one.
    ///
    /// # Errors
    /// As [`Vault::key_for`].
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        vault: &Vault,
        documents: Arc<dyn Documents>,
        audience: Option<String>,
    ) -> Result<Keyless> {
        Ok(Keyless { db, clock, identities: Identities::new(documents, audience), tokens: KeylessTokens::new(vault)? })
    }

    /// A token for the robot account, for whoever presents an identity that stands for it.
    ///
    /// # Errors
    /// `Unauthenticated`: the same words whether there is no such robot account or it has no such identity.
    pub async fn exchange(&self, name: &str, signed: &str, origin: Origin) -> Result<String> {
        let identity = Identities::said(signed)?;
        let stranger = || refused("it does not stand for this robot account");
        let robot: RobotName = name.parse().map_err(|_| stranger())?;
        let (wanted, now) = (identity.clone(), self.clock.now());
        let found = self.db.read(move |conn| federation::holder(conn, &robot, &wanted)).await?;
        let (principal, row) = found.ok_or_else(stranger)?;
        self.identities.check(signed, &identity, now).await?;
        let token = self.tokens.issue(&principal, row, now)?;
        self.note(principal, identity, origin, now).await?;
        Ok(token)
    }

    async fn note(&self, principal: Principal, identity: Identity, origin: Origin, now: Timestamp) -> Result<()> {
        let Principal::Robot { namespace, name, .. } = &principal else { return Ok(()) };
        let owner = name.split('+').next().unwrap_or_default();
        let details = json!({ "robot": &**name, "issuer": identity.issuer, "subject": identity.subject });
        let event = Event::new(EventKind::FederatedRobotTokenExchange).namespace(*namespace, owner).details(details);
        let caller = Caller {
            principal,
            ceiling: Ceiling::None,
            token_made_at: None,
            credential: Credential::Federated,
            origin,
        };
        self.db.write(move |tx| event::record(tx, &caller, now, event.clone())).await
    }
}

/// Signs and checks the tokens of keyless robot accounts.
pub(crate) struct KeylessTokens {
    signing: EncodingKey,
    checking: DecodingKey,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    robot: i64,
    identity: i64,
    /// `iat` in milliseconds, to be compared with the moment the robot account's credentials changed.
    made_at: i64,
}

impl KeylessTokens {
    pub(crate) fn new(vault: &Vault) -> Result<KeylessTokens> {
        jwt::install();
        let seed = vault.key_for("tokens of keyless robot accounts")?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|refused| Error::internal("making the key of keyless robot accounts", refused.to_string()))?;
        Ok(KeylessTokens {
            signing: EncodingKey::from_ed_der(&seed),
            checking: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        })
    }

    /// Whether a secret is meant to be such a token: the stored ones have no dots.
    pub(crate) fn looks_like_one(secret: &str) -> bool {
        secret.contains('.')
    }

    fn issue(&self, robot: &Principal, identity: i64, now: Timestamp) -> Result<String> {
        let Principal::Robot { id, name, .. } = robot else {
            return Err(Error::internal("issuing a token", "only robot accounts are keyless"));
        };
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: name.to_string(),
            iat: now.seconds(),
            exp: now.plus(LIFETIME).seconds(),
            robot: id.0,
            identity,
            made_at: now.0,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.signing)
            .map_err(|source| Error::internal("signing a token", source))
    }

    /// The robot account of this name and when it was last used, if the token is its own and good.
    pub(crate) fn holder(
        &self,
        conn: &mut Conn,
        name: &RobotName,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Principal, Option<Timestamp>)>> {
        let Some(claims) = self.verified(token).filter(|claims| claims.sub == name.to_string()) else {
            return Ok(None);
        };
        if now.seconds() > claims.exp.saturating_add(LEEWAY) {
            let message = format!("the token of robot account {} has expired; exchange a new one", shown(&claims.sub));
            return Err(Error::Unauthenticated(message));
        }
        let (robot, made_at) = (RobotId(claims.robot), Timestamp(claims.made_at));
        let holder = federation::still_holds(conn, robot, claims.identity, made_at)?;
        Ok(holder.map(|(namespace, last_used)| {
            (Principal::Robot { id: robot, name: claims.sub.into(), namespace }, last_used)
        }))
    }

    fn verified(&self, token: &str) -> Option<Claims> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["iss", "aud", "exp"]);
        // Compared with the injected clock by the caller.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        Some(jsonwebtoken::decode::<Claims>(token, &self.checking, &rules).ok()?.claims)
    }
}
