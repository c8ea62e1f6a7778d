//! From a user name and a secret to a principal.
//!
//! The user name says what the secret is: `$app` an application token, `$oauthtoken` an access token, `namespace+short` a
//! robot's token or what a signed identity was exchanged for, anything else a user's password. Quay's clients rely on these.
//!
//! Wrong passwords are counted on the account, so that guessing slows down however many machines guess: after a few
//! failures the account is locked for a second, then two, then four, up to five minutes. Robots are not locked: their
//! tokens cannot be guessed, and a lock would let anyone stop a deployment.
//!
//! The password of a user with a second factor is half of what is asked: [`SignIn::with_password`] says that a code is
//! needed and [`SignIn::with_code`] takes it. Programs, which have none, come with an application token.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use ring::hmac;
use tokio::sync::Semaphore;

use super::attempt::Attempt;
use super::queries::{SignInRow, sign_in_row};
use super::queue::HashingQueue;
use super::refresh::RefreshTokens;
use super::{lockout, password};
use crate::access::Ceiling;
use crate::db::schema::robots;
use crate::db::{Db, blocking};
use crate::entropy::Entropy;
use crate::error::{Error, Result, shown};
use crate::ids::UserId;
use crate::oci::RobotName;
use crate::principal::{AccessToken, Caller, Credential, Origin, Principal};
use crate::robot::{self, KeylessTokens};
use crate::time::{Clock, Timestamp};
use crate::token::{self, TokenKind};
use crate::vault::Vault;

pub use super::second_step::{Pending, SecondStep};

/// A password that was right is not hashed again for this long: scripts sign in for every command.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const REMEMBERED: u64 = 10_000;
/// Hashing takes a core and 19 MiB each time; more at once would only take memory.
const HASHING_AT_ONCE: usize = 2;
/// Failures of names that nobody has are forgotten after this long.
const UNKNOWN_FOR: Duration = Duration::from_secs(3600);

/// Checks credentials.
pub struct SignIn {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) vault: Vault,
    pub(super) tolerated_failures: u32,
    hashing: Arc<Semaphore>,
    queue: HashingQueue,
    /// Failures and locks of names that no user has.
    pub(super) unknown: moka::sync::Cache<String, (u32, Option<Timestamp>)>,
    pub(super) remembered: moka::sync::Cache<[u8; 32], ()>,
    pub(super) remembering_key: hmac::Key,
    refresh: RefreshTokens,
    keyless: Arc<KeylessTokens>,
}

/// What a valid credential makes of its bearer.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who it is.
    pub principal: Principal,
    /// What the credential allows at most.
    pub ceiling: Ceiling,
    /// What it was.
    pub credential: Credential,
}

/// What a right password leads to.
#[derive(Debug, Clone)]
pub enum FirstStep {
    /// That was all.
    Done(SignedIn),
    /// The user has a second factor.
    CodeNeeded(Pending),
}

impl SignedIn {
    fn unlimited(principal: Principal, credential: Credential) -> SignedIn {
        SignedIn { principal, ceiling: Ceiling::None, credential }
    }

    /// As a caller from somewhere.
    pub fn from(self, origin: Origin) -> Caller {
        let SignedIn { principal, ceiling, credential } = self;
        Caller { principal, ceiling, token_made_at: None, credential, origin }
    }
}

impl SignIn {
    /// Credentials of this database's users; an account is locked after more than `tolerated_failures` wrong passwords.
    ///
    /// # Errors
    /// As [`Vault::key_for`].
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        entropy: &dyn Entropy,
        vault: &Vault,
        tolerated_failures: u32,
    ) -> Result<SignIn> {
        let mut key = [0u8; 32];
        entropy.fill(&mut key);
        Ok(SignIn {
            db,
            clock,
            vault: vault.clone(),
            tolerated_failures,
            hashing: Arc::new(Semaphore::new(HASHING_AT_ONCE)),
            queue: HashingQueue::default(),
            unknown: moka::sync::Cache::builder().max_capacity(REMEMBERED).time_to_live(UNKNOWN_FOR).build(),
            remembered: moka::sync::Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build(),
            remembering_key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            refresh: RefreshTokens::new(vault)?,
            keyless: Arc::new(KeylessTokens::new(vault)?),
        })
    }

    /// Who this is.
    ///
    /// # Errors
    /// `Unauthenticated` with words for the person at the other end; `Paused` while the name is locked.
    pub async fn with(self: &Arc<Self>, username: &str, secret: &str, origin: &Origin) -> Result<SignedIn> {
        match username {
            "$app" => self.token(TokenKind::Application, secret, "application token").await,
            "$oauthtoken" => self.token(TokenKind::Access, secret, "access token").await,
            name if name.contains('+') => self.robot(name, secret).await,
            name if secret.starts_with(super::refresh::PREFIX) => self.client_key(name, secret).await,
            name => self.by_password_alone(name, secret, origin).await,
        }
    }

    /// The holder of an API access token.
    ///
    /// # Errors
    /// As [`SignIn::with`].
    pub async fn with_access_token(&self, secret: &str) -> Result<SignedIn> {
        self.token(TokenKind::Access, secret, "access token").await
    }

    /// The holder of a refresh token.
    ///
    /// # Errors
    /// As [`SignIn::with`].
    pub async fn with_refresh_token(self: &Arc<Self>, secret: &str) -> Result<SignedIn> {
        let (this, secret) = (self.clone(), secret.to_string());
        let holder = self.db.read(move |conn| this.refresh.check(conn, &secret)).await?;
        let ended = || Error::Unauthenticated("the refresh token has ended; sign in again".into());
        Ok(SignedIn::unlimited(holder.ok_or_else(ended)?, Credential::RegistryToken))
    }

    /// The holder of a key for command lines, which is a refresh token given as a password: good until the password changes.
    async fn client_key(self: &Arc<Self>, name: &str, secret: &str) -> Result<SignedIn> {
        let signed_in = self.with_refresh_token(secret).await.map_err(|_| wrong_password())?;
        match &signed_in.principal {
            Principal::User { name: holder, .. } if &**holder == name => Ok(signed_in),
            _ => Err(wrong_password()),
        }
    }

    /// Who this user is, by their password and nothing else, or that a code must follow: for browsers, and before something
    /// dangerous.
    ///
    /// # Errors
    /// As [`SignIn::with`].
    pub async fn with_password(self: &Arc<Self>, name: &str, password: &str, origin: &Origin) -> Result<FirstStep> {
        if name.contains('+') || name.starts_with('$') {
            return Err(wrong_password());
        }
        let row = self.user(name, password, origin).await?;
        if row.has_second_factor {
            // Failures are forgiven when the code was right too, or guesses of it would never add up.
            return Ok(FirstStep::CodeNeeded(Pending::of(&row, self.clock.now())));
        }
        self.welcome(row).await.map(FirstStep::Done)
    }

    /// The hash of a new password, in the same queue as passwords being checked: anybody may ask for this, and it costs.
    ///
    /// # Errors
    /// `Busy` if too many wait.
    pub async fn hash_new(
        self: &Arc<Self>,
        password: &str,
        entropy: Arc<dyn Entropy>,
        origin: &Origin,
    ) -> Result<String> {
        let place = self.queue.enter(origin.ip)?;
        let turn = self.hashing.clone().acquire_owned().await;
        let turn = turn.map_err(|closed| Error::internal("hashing a password", closed))?;
        let password = password.to_string();
        blocking(move || {
            let (_place, _turn) = (place, turn);
            password::hash(&password, &*entropy)
        })
        .await
    }

    /// A refresh token for somebody who signed in with a password or a robot's token.
    ///
    /// # Errors
    /// As the database's.
    pub async fn refresh_token(self: &Arc<Self>, holder: &Principal) -> Result<String> {
        let (this, holder) = (self.clone(), holder.clone());
        self.db.read(move |conn| this.refresh.issue(conn, &holder)).await
    }

    async fn token(&self, kind: TokenKind, secret: &str, called: &str) -> Result<SignedIn> {
        let (secret, now) = (secret.to_string(), self.clock.now());
        let found = self.db.read(move |conn| token::find(conn, kind, &secret, now)).await?;
        let wrong = || Error::Unauthenticated(format!("the {called} is wrong, expired or revoked"));
        let found = found.ok_or_else(wrong)?;
        self.note_token_use(&found, now).await;
        let token::Found { id, uuid, application, .. } = found;
        let credential = match kind {
            TokenKind::Application => Credential::ApplicationToken(uuid.into()),
            TokenKind::Access => Credential::AccessToken(Arc::new(AccessToken { id, uuid, application })),
        };
        Ok(SignedIn { principal: found.holder, ceiling: found.ceiling, credential })
    }

    /// Good to a minute, as with robots.
    async fn note_token_use(&self, found: &token::Found, now: Timestamp) {
        if found.last_used_at.is_some_and(|last| now.since(last) < Duration::from_secs(60)) {
            return;
        }
        let uuid = found.uuid.clone();
        if let Err(error) = self.db.write_relaxed(move |tx| token::note_use(tx, &uuid, now)).await {
            tracing::warn!(%error, "could not note when a token was used");
        }
    }

    async fn robot(&self, name: &str, secret: &str) -> Result<SignedIn> {
        let wrong = || Error::Unauthenticated(format!("robot account {} or its token is wrong", shown(name)));
        let name: RobotName = name.parse().map_err(|_| wrong())?;
        let (secret, now) = (secret.to_string(), self.clock.now());
        let keyless = self.keyless.clone();
        let credential =
            if KeylessTokens::looks_like_one(&secret) { Credential::Federated } else { Credential::RobotToken };
        let is_keyless = credential == Credential::Federated;
        let found = self.db.read(move |conn| match is_keyless {
            true => keyless.holder(conn, &name, &secret, now),
            false => robot::verify(conn, &name, &secret),
        });
        let (principal, last_used) = found.await?.ok_or_else(wrong)?;
        self.note_robot_use(&principal, last_used, now).await;
        Ok(SignedIn::unlimited(principal, credential))
    }

    /// "Last used" is good to a minute; a write for every token request would cost more than the request.
    async fn note_robot_use(&self, principal: &Principal, last_used: Option<Timestamp>, now: Timestamp) {
        let Principal::Robot { id, name, .. } = principal else { return };
        if last_used.is_some_and(|last| now.since(last) < Duration::from_secs(60)) {
            return;
        }
        let id = id.0;
        let noted = self.db.write_relaxed(move |tx| {
            diesel::update(robots::table.find(id)).set(robots::last_used_at.eq(now.0)).execute(&mut **tx)?;
            Ok(())
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, robot = &**name, "could not note when the robot account was used");
        }
    }

    /// A user by the password alone, as programs send it: not enough for those with a second factor.
    async fn by_password_alone(self: &Arc<Self>, name: &str, secret: &str, origin: &Origin) -> Result<SignedIn> {
        let row = self.user(name, secret, origin).await?;
        if row.has_second_factor {
            return Err(Error::Unauthenticated(format!(
                "{} signs in with a second factor, so the password is not enough here: use an application token, with \
                 the user name $app, or a robot account",
                row.name
            )));
        }
        self.welcome(row).await
    }

    /// The user, if the password is right and they are enabled.
    async fn user(self: &Arc<Self>, name: &str, secret: &str, origin: &Origin) -> Result<SignInRow> {
        let wanted = name.to_string();
        let row = match wanted.contains('\0') {
            true => None,
            false => self.db.read(move |conn| sign_in_row(conn, &wanted)).await?,
        };
        let attempt = Attempt::new(self, name, row, secret, origin.clone());
        if attempt.is_remembered() {
            return admit(attempt.row);
        }
        if let Some(until) = attempt.locked_until().filter(|until| *until > self.clock.now()) {
            let retry_after = until.since(self.clock.now());
            return Err(Error::Paused { who: shown(name), retry_after });
        }
        let place = self.queue.enter(origin.ip)?;
        let turn = self.hashing.clone().acquire_owned().await;
        let turn = turn.map_err(|closed| Error::internal("hashing a password", closed))?;
        let runtime = tokio::runtime::Handle::current();
        let (right, row) = blocking(move || {
            // Held until the work is done, and a failure counted, also when the client does not wait for it.
            let (_place, _turn) = (place, turn);
            let right = attempt.verify();
            if !right {
                runtime.block_on(attempt.count_failure())?;
            }
            Ok((right, attempt.row))
        })
        .await?;
        if right { admit(row) } else { Err(wrong_password()) }
    }

    async fn welcome(&self, row: SignInRow) -> Result<SignedIn> {
        if row.failed_sign_ins > 0 {
            let id = UserId(row.id);
            self.db.write_relaxed(move |tx| lockout::forgive(tx, id)).await?;
        }
        Ok(row.signed_in())
    }
}

impl SignInRow {
    pub(super) fn signed_in(self) -> SignedIn {
        let principal = Principal::User { id: UserId(self.id), name: self.name.into() };
        SignedIn::unlimited(principal, Credential::Password)
    }
}

fn admit(row: Option<SignInRow>) -> Result<SignInRow> {
    match row {
        Some(row) if row.enabled => Ok(row),
        Some(row) => Err(Error::Unauthenticated(format!("user {} is disabled", row.name))),
        None => Err(wrong_password()),
    }
}

/// The same words whether the user exists or not.
fn wrong_password() -> Error {
    Error::Unauthenticated("user name or password is wrong".into())
}
