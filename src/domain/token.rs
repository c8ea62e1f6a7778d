//! Long random secrets that stand for a user or a robot.
//!
//! Application tokens are for command lines (user name `$app`), access tokens for the API (`Authorization: Bearer`, or
//! user name `$oauthtoken`). They have 256 bits of their own, so a plain SHA-256 of them is kept, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;

use crate::access::{ApiScope, Ceiling};
use crate::db::schema::{namespaces, robots, tokens, users};
use crate::db::{Conn, Tx, text_enum};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::ids::{NamespaceId, RobotId, UserId};
use crate::principal::Principal;
use crate::time::Timestamp;
use crate::vault;

text_enum! {
    /// What a token is for.
    TokenKind {
        /// Command lines, in place of the password.
        Application = "application",
        /// The API.
        Access = "access",
    }
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            TokenKind::Application => "pha_",
            TokenKind::Access => "pht_",
        }
    }
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
    let (user, robot) = match holder {
        Principal::User { id, .. } => (Some(id.0), None),
        Principal::Robot { id, .. } => (None, Some(id.0)),
        _ => return Err(Error::Unauthenticated("only users and robots have tokens".into())),
    };
    let secret = entropy::secret_with_prefix(entropy, new.kind.prefix());
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    diesel::insert_into(tokens::table)
        .values((
            tokens::uuid.eq(entropy::uuid(entropy).to_string()),
            tokens::kind.eq(new.kind),
            tokens::user_id.eq(user),
            tokens::robot_id.eq(robot),
            tokens::title.eq(&new.title),
            tokens::scopes.eq(scopes.join(" ")),
            tokens::digest.eq(vault::digest_of(&secret)),
            tokens::created_at.eq(now.0),
            tokens::expires_at.eq(new.lifetime.map(|lifetime| now.plus(lifetime).0)),
        ))
        .execute(&mut **tx)?;
    Ok(secret)
}

/// A token that is good.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it is known by.
    pub uuid: String,
    /// Whom it stands for.
    pub holder: Principal,
    /// What it allows at most.
    pub ceiling: Ceiling,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Who holds this secret and what it allows, if it is a token of this kind that has not expired and its holder is enabled.
/// Index: `tokens.digest`.
///
/// # Errors
/// As the database's.
pub fn find(conn: &mut Conn, kind: TokenKind, secret: &str, now: Timestamp) -> Result<Option<Found>> {
    if !secret.starts_with(kind.prefix()) {
        return Ok(None);
    }
    type Row = (String, Option<i64>, Option<i64>, String, Option<i64>, Option<i64>);
    let row: Option<Row> = tokens::table
        .filter(tokens::digest.eq(vault::digest_of(secret)))
        .filter(tokens::kind.eq(kind))
        .select((
            tokens::uuid,
            tokens::user_id,
            tokens::robot_id,
            tokens::scopes,
            tokens::expires_at,
            tokens::last_used_at,
        ))
        .first(conn)
        .optional()?;
    let Some((uuid, user, robot, scopes, expires_at, last_used_at)) = row else { return Ok(None) };
    if expires_at.is_some_and(|expires| expires <= now.0) {
        return Ok(None);
    }
    let holder = match (user, robot) {
        (Some(user), _) => user_principal(conn, user)?,
        (_, Some(robot)) => robot_principal(conn, robot)?,
        _ => None,
    };
    let ceiling = match kind {
        TokenKind::Access => {
            Ceiling::Api(Arc::new(scopes.split_whitespace().filter_map(ApiScope::from_word).collect()))
        }
        TokenKind::Application => Ceiling::None,
    };
    let last_used_at = last_used_at.map(Timestamp);
    Ok(holder.map(|holder| Found { uuid, holder, ceiling, last_used_at }))
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
