//! Long random secrets that stand for a user or a robot.
//!
//! Application tokens are for command lines (user name `$app`), access tokens for the API (`Authorization: Bearer`, or
//! user name `$oauthtoken`). They have 200 bits of their own or more, so a plain SHA-256 of them is kept to check them by.
//! Application tokens can be looked up again by whoever made them and are kept sealed beside it.
//!
//! A token counts as long as its holder is enabled and, if an OAuth application holds it, the application is there.

mod own;

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;

use crate::access::{ApiScope, Ceiling};
use crate::db::schema::{namespaces, oauth_applications, robots, tokens, users};
use crate::db::{Conn, Tx, text_enum};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::ids::{ApplicationId, NamespaceId, RobotId, TokenId, UserId};
use crate::principal::{ApplicationShown, Principal};
use crate::time::Timestamp;
use crate::vault;

pub use own::{
    MOST_OWN_TOKENS, NewPersonalToken, application_token, application_tokens, create_application_token,
    create_personal_token, personal_tokens, revoke_own,
};
pub(crate) use own::{check_new, require_covered};

text_enum! {
    /// What a token is for.
    TokenKind {
        /// Command lines, in place of the password.
        Application = "application",
        /// The API.
        Access = "access",
    }
}

text_enum! {
    /// How a token came about.
    TokenOrigin {
        /// Its holder made it for themselves.
        Personal = "personal",
        /// Its holder let an OAuth application act for them.
        Consent = "consent",
        /// An admin of an organization made it for an OAuth application.
        Minted = "minted",
    }
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            TokenKind::Application => "pha_",
            TokenKind::Access => "pht_",
        }
    }

    /// What all tokens of the kind begin with, those of OAuth applications included.
    fn mark(self) -> &'static str {
        match self {
            TokenKind::Application => "pha",
            TokenKind::Access => OAUTH_MARK,
        }
    }
}

/// Tokens of OAuth applications have letters and digits only, as Quay's: scripts cut them out of redirects by that.
const OAUTH_MARK: &str = "pht";
const OAUTH_LENGTH: usize = 48;

/// A secret for a token that an OAuth application holds.
pub(crate) fn oauth_secret(entropy: &dyn Entropy) -> String {
    format!("{OAUTH_MARK}{}", entropy::plain_secret(entropy, OAUTH_LENGTH))
}

/// A token as its owner sees it, without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Row; rises with time.
    pub id: TokenId,
    /// What it is known by.
    pub uuid: String,
    /// For people.
    pub title: String,
    /// Access tokens: what it may be used for.
    pub scopes: Vec<ApiScope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: String,
}

pub(crate) type TokenRow = (i64, String, String, String, i64, Option<i64>, Option<i64>, String);
pub(crate) type TokenColumns = (
    tokens::id,
    tokens::uuid,
    tokens::title,
    tokens::scopes,
    tokens::created_at,
    tokens::expires_at,
    tokens::last_used_at,
    tokens::created_by,
);
pub(crate) const TOKEN_COLUMNS: TokenColumns = (
    tokens::id,
    tokens::uuid,
    tokens::title,
    tokens::scopes,
    tokens::created_at,
    tokens::expires_at,
    tokens::last_used_at,
    tokens::created_by,
);

pub(crate) fn token((id, uuid, title, scopes, created_at, expires_at, last_used_at, created_by): TokenRow) -> Token {
    Token {
        id: TokenId(id),
        uuid,
        title,
        scopes: scopes_of(&scopes),
        created_at: Timestamp(created_at),
        expires_at: expires_at.map(Timestamp),
        last_used_at: last_used_at.map(Timestamp),
        created_by,
    }
}

/// The scopes in a stored list; what this version does not know allows nothing.
pub(crate) fn scopes_of(stored: &str) -> Vec<ApiScope> {
    stored.split_whitespace().filter_map(ApiScope::from_word).collect()
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// For what.
    pub kind: TokenKind,
    /// For people to tell it from others.
    pub title: String,
    /// Access tokens: what it may be used for.
    pub scopes: Vec<ApiScope>,
    /// How long it is good; `None` until revoked.
    pub lifetime: Option<Duration>,
}

/// Makes a token for the user or robot and returns its secret: the only time it is seen.
///
/// # Errors
/// `Unauthenticated` for anyone else.
pub fn issue(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    now: Timestamp,
    holder: &Principal,
    new: &NewToken,
) -> Result<String> {
    let secret = entropy::secret_with_prefix(entropy, new.kind.prefix());
    insert(tx, entropy, now, holder, new, &Kept::of(&secret))?;
    Ok(secret)
}

/// How a new token is kept.
pub(crate) struct Kept<'t> {
    /// The secret, of which the digest is kept.
    pub secret: &'t str,
    /// The secret under seal, if it is to be looked up again.
    pub sealed: Option<Vec<u8>>,
    /// The OAuth application that holds it, and how it came to.
    pub application: Option<(ApplicationId, TokenOrigin)>,
}

impl<'t> Kept<'t> {
    fn of(secret: &'t str) -> Kept<'t> {
        Kept { secret, sealed: None, application: None }
    }
}

/// Writes a token down.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    now: Timestamp,
    holder: &Principal,
    new: &NewToken,
    kept: &Kept<'_>,
) -> Result<Token> {
    let (user, robot) = match holder {
        Principal::User { id, .. } => (Some(id.0), None),
        Principal::Robot { id, .. } => (None, Some(id.0)),
        _ => return Err(Error::Unauthenticated("only users and robots have tokens".into())),
    };
    let (application, origin) = kept.application.map_or((None, TokenOrigin::Personal), |(id, how)| (Some(id.0), how));
    let uuid = entropy::uuid(entropy).to_string();
    let expires_at = new.lifetime.map(|lifetime| now.plus(lifetime));
    let id: i64 = diesel::insert_into(tokens::table)
        .values((
            tokens::uuid.eq(&uuid),
            tokens::kind.eq(new.kind),
            tokens::user_id.eq(user),
            tokens::robot_id.eq(robot),
            tokens::title.eq(&new.title),
            tokens::scopes.eq(ApiScope::list(&new.scopes)),
            tokens::digest.eq(vault::digest_of(kept.secret)),
            tokens::created_at.eq(now.0),
            tokens::expires_at.eq(expires_at.map(|at| at.0)),
            tokens::application_id.eq(application),
            tokens::origin.eq(origin),
            tokens::created_by.eq(holder.name()),
            tokens::sealed.eq(kept.sealed.clone()),
        ))
        .returning(tokens::id)
        .get_result(&mut **tx)?;
    Ok(Token {
        id: TokenId(id),
        uuid,
        title: new.title.clone(),
        scopes: new.scopes.clone(),
        created_at: now,
        expires_at,
        last_used_at: None,
        created_by: holder.name().to_string(),
    })
}

/// A token that is good.
#[derive(Debug, Clone)]
pub struct Found {
    /// Row.
    pub id: TokenId,
    /// What it is known by.
    pub uuid: String,
    /// The OAuth application that holds it, if one does.
    pub application: Option<ApplicationShown>,
    /// Whom it stands for.
    pub holder: Principal,
    /// What it allows at most.
    pub ceiling: Ceiling,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Who holds this secret and what it allows, if it is a token of this kind that has not expired, its holder is enabled and
/// the application it was made for is still there. Index: `tokens.digest`.
///
/// # Errors
/// As the database's.
pub fn find(conn: &mut Conn, kind: TokenKind, secret: &str, now: Timestamp) -> Result<Option<Found>> {
    if !secret.starts_with(kind.mark()) {
        return Ok(None);
    }
    type Row = (i64, String, Option<i64>, Option<i64>, String, Option<i64>, Option<i64>, Option<i64>);
    let row: Option<Row> = tokens::table
        .filter(tokens::digest.eq(vault::digest_of(secret)))
        .filter(tokens::kind.eq(kind))
        .select((
            tokens::id,
            tokens::uuid,
            tokens::user_id,
            tokens::robot_id,
            tokens::scopes,
            tokens::expires_at,
            tokens::last_used_at,
            tokens::application_id,
        ))
        .first(conn)
        .optional()?;
    let Some((id, uuid, user, robot, scopes, expires_at, last_used_at, holding)) = row else { return Ok(None) };
    if expires_at.is_some_and(|expires| expires <= now.0) {
        return Ok(None);
    }
    let application = holding.map(|id| application_shown(conn, id)).transpose()?.flatten();
    if holding.is_some() && application.is_none() {
        return Ok(None);
    }
    let holder = match (user, robot) {
        (Some(user), _) => user_principal(conn, user)?,
        (_, Some(robot)) => robot_principal(conn, robot)?,
        _ => None,
    };
    let ceiling = match kind {
        TokenKind::Access => Ceiling::Api(Arc::new(scopes_of(&scopes))),
        TokenKind::Application => Ceiling::None,
    };
    let last_used_at = last_used_at.map(Timestamp);
    Ok(holder.map(|holder| Found { id: TokenId(id), uuid, application, holder, ceiling, last_used_at }))
}

/// Notes that the token was used.
///
/// # Errors
/// As the database's.
pub fn note_use(tx: &mut Tx<'_>, uuid: &str, now: Timestamp) -> Result<()> {
    diesel::update(tokens::table.filter(tokens::uuid.eq(uuid)))
        .set(tokens::last_used_at.eq(now.0))
        .execute(&mut **tx)?;
    Ok(())
}

/// Removes the tokens that expired before `now`, at most `limit`; returns how many.
///
/// # Errors
/// As the database's.
pub fn sweep_expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<usize> {
    let over: Vec<i64> = tokens::table
        .filter(tokens::expires_at.lt(now.0))
        .select(tokens::id)
        .order(tokens::expires_at)
        .limit(limit)
        .load(&mut **tx)?;
    Ok(diesel::delete(tokens::table.filter(tokens::id.eq_any(over))).execute(&mut **tx)?)
}

/// An application, if it is there and its organization is not deleted.
fn application_shown(conn: &mut Conn, id: i64) -> Result<Option<ApplicationShown>> {
    let row: Option<(String, String)> = oauth_applications::table
        .find(id)
        .inner_join(namespaces::table.on(namespaces::id.eq(oauth_applications::organization_id)))
        .filter(namespaces::deleted_at.is_null())
        .select((oauth_applications::client_id, oauth_applications::name))
        .first(conn)
        .optional()?;
    Ok(row.map(|(client_id, name)| ApplicationShown { client_id, name }))
}

fn user_principal(conn: &mut Conn, id: i64) -> Result<Option<Principal>> {
    let name: Option<String> =
        users::table.find(id).filter(users::enabled.eq(true)).select(users::name).first(conn).optional()?;
    Ok(name.map(|name| Principal::User { id: UserId(id), name: name.into() }))
}

fn robot_principal(conn: &mut Conn, id: i64) -> Result<Option<Principal>> {
    let row: Option<(String, String, i64)> = robots::table
        .find(id)
        .inner_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(namespaces::deleted_at.is_null())
        .select((namespaces::name, robots::short_name, robots::namespace_id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(namespace, short, owner)| Principal::Robot {
        id: RobotId(id),
        name: format!("{namespace}+{short}").into(),
        namespace: NamespaceId(owner),
    }))
}
