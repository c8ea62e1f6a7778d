//! The code flow: consent makes a code, the application exchanges it for a token, once.
//!
//! Sources: RFC 6749, sections 4.1 and 5; RFC 7636 (PKCE).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use super::application::{self, Application, COLUMNS};
use super::grant;
use super::{Issued, minted};
use crate::access::{Admin, ApiScope, Authorized, Me};
use crate::db::Tx;
use crate::db::schema::{namespaces, oauth_applications, oauth_codes, users};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::event::EventKind;
use crate::ids::UserId;
use crate::principal::{Caller, Origin, Principal};
use crate::time::Timestamp;
use crate::token;
use crate::vault;

/// From consent to exchange.
const CODE_LIFETIME: Duration = Duration::from_secs(600);
const CODE_LENGTH: usize = 48;
/// A SHA-256 in base64url.
const CHALLENGE_LENGTH: usize = 43;

/// What a user consents to.
#[derive(Debug, Clone)]
pub struct Consent {
    /// To whom.
    pub application: Application,
    /// What for.
    pub scopes: Vec<ApiScope>,
    /// Where the code is sent.
    pub redirect_uri: String,
    /// PKCE: what the verifier must hash to.
    pub code_challenge: Option<String>,
}

/// What an application presents to get its token.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Who it is.
    pub client_id: String,
    /// The proof of it.
    pub client_secret: String,
    /// What it was sent.
    pub code: String,
    /// Where it was sent that.
    pub redirect_uri: String,
    /// PKCE.
    pub code_verifier: Option<String>,
}

/// Why there is no token, in the words of RFC 6749.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeError {
    /// The application is unknown or its secret is wrong.
    InvalidClient,
    /// The code is unknown, used, over, or meant for somebody else.
    InvalidGrant,
}

/// Lets an application act for the caller, by way of a code that is good once, for ten minutes.
///
/// # Errors
/// As [`grant::grant_token`]; `Invalid` for a challenge that is no SHA-256.
pub fn grant_code(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
    consent: &Consent,
) -> Result<String> {
    grant::require_person(me)?;
    let in_alphabet = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let fits = |text: &String| text.len() == CHALLENGE_LENGTH && text.chars().all(in_alphabet);
    if consent.code_challenge.as_ref().is_some_and(|challenge| !fits(challenge)) {
        let message = "code_challenge is the SHA-256 of the verifier in base64url: 43 characters";
        return Err(Error::invalid("code_challenge", message));
    }
    let code = entropy::plain_secret(entropy, CODE_LENGTH);
    diesel::insert_into(oauth_codes::table)
        .values((
            oauth_codes::digest.eq(vault::digest_of(&code)),
            oauth_codes::application_id.eq(consent.application.id.0),
            oauth_codes::user_id.eq(me.id.0),
            oauth_codes::scopes.eq(ApiScope::list(&consent.scopes)),
            oauth_codes::redirect_uri.eq(&consent.redirect_uri),
            oauth_codes::code_challenge.eq(&consent.code_challenge),
            oauth_codes::expires_at.eq(now.plus(CODE_LIFETIME).0),
        ))
        .execute(&mut **tx)?;
    let details = grant::asked(&consent.application, &consent.scopes);
    grant::record(tx, me, now, EventKind::AuthorizeApplication, details)?;
    Ok(code)
}

/// Gives an application the token for its code. A code is spent by being presented, right or wrong, so the inner refusal
/// must be committed. Indexes: `oauth_applications.client_id`, `oauth_codes.digest`.
///
/// # Errors
/// As the database's; refusals are in the inner result.
pub fn exchange(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    now: Timestamp,
    origin: &Origin,
    asked: &Exchange,
) -> Result<Result<Issued, ExchangeError>> {
    let Some(application) = client(tx, asked)? else { return Ok(Err(ExchangeError::InvalidClient)) };
    let Some(spent) = spend(tx, &application, &asked.code)? else { return Ok(Err(ExchangeError::InvalidGrant)) };
    if !spent.is_for(asked, now) {
        return Ok(Err(ExchangeError::InvalidGrant));
    }
    let name: Option<String> = users::table
        .find(spent.user.0)
        .filter(users::enabled.eq(true))
        .select(users::name)
        .first(&mut **tx)
        .optional()?;
    let Some(name) = name else { return Ok(Err(ExchangeError::InvalidGrant)) };
    let principal = Principal::User { id: spent.user, name: name.into() };
    let (issued, made) = grant::issue(tx, &principal, entropy, now, &application, &spent.scopes)?;
    let caller = Caller { principal, ..Caller::anonymous(origin.clone()) };
    let what = (EventKind::CreateOauthApiToken, minted::details(&application, &made));
    grant::record_as(tx, &caller, spent.user, now, what)?;
    Ok(Ok(issued))
}

/// Removes codes that were over before `now`, at most `limit`; returns how many. Index: `oauth_codes_by_expiry`.
///
/// # Errors
/// As the database's.
pub fn sweep_codes(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<usize> {
    let over: Vec<Vec<u8>> = oauth_codes::table
        .filter(oauth_codes::expires_at.lt(now.0))
        .select(oauth_codes::digest)
        .order(oauth_codes::expires_at)
        .limit(limit)
        .load(&mut **tx)?;
    Ok(diesel::delete(oauth_codes::table.filter(oauth_codes::digest.eq_any(over))).execute(&mut **tx)?)
}

struct Spent {
    user: UserId,
    scopes: Vec<ApiScope>,
    redirect_uri: String,
    code_challenge: Option<String>,
    expires_at: Timestamp,
}

impl Spent {
    fn is_for(&self, asked: &Exchange, now: Timestamp) -> bool {
        let proven = match (&self.code_challenge, &asked.code_verifier) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(challenge), Some(verifier)) => {
                let hashed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
                vault::same(hashed.as_bytes(), challenge.as_bytes())
            }
        };
        proven && self.expires_at > now && self.redirect_uri == asked.redirect_uri && !self.scopes.is_empty()
    }
}

/// The application, if it is the one it says.
fn client(tx: &mut Tx<'_>, asked: &Exchange) -> Result<Option<Application>> {
    type Row = ((i64, String, String, String, String, String, Option<String>), Vec<u8>);
    if application::require_id(&asked.client_id).is_err() {
        return Ok(None);
    }
    let row: Option<Row> = oauth_applications::table
        .inner_join(namespaces::table.on(namespaces::id.eq(oauth_applications::organization_id)))
        .filter(oauth_applications::client_id.eq(&asked.client_id))
        .filter(namespaces::deleted_at.is_null())
        .select((COLUMNS, oauth_applications::secret_digest))
        .first(&mut **tx)
        .optional()?;
    let presented = vault::digest_of(&asked.client_secret);
    Ok(row.filter(|(_, known)| vault::same(known, &presented)).map(|(row, _)| application::application(row)))
}

/// The code's row, which is gone now: of two that come at once only one finds it.
fn spend(tx: &mut Tx<'_>, application: &Application, code: &str) -> Result<Option<Spent>> {
    type Row = (i64, String, String, Option<String>, i64);
    let row: Option<Row> = diesel::delete(
        oauth_codes::table
            .filter(oauth_codes::digest.eq(vault::digest_of(code)))
            .filter(oauth_codes::application_id.eq(application.id.0)),
    )
    .returning((
        oauth_codes::user_id,
        oauth_codes::scopes,
        oauth_codes::redirect_uri,
        oauth_codes::code_challenge,
        oauth_codes::expires_at,
    ))
    .get_result(&mut **tx)
    .optional()?;
    Ok(row.map(|(user, scopes, redirect_uri, code_challenge, expires_at)| Spent {
        user: UserId(user),
        scopes: token::scopes_of(&scopes),
        redirect_uri,
        code_challenge,
        expires_at: Timestamp(expires_at),
    }))
}
