//! Tokens people make for themselves: application tokens for command lines, personal tokens for the API.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Kept, NewToken, TOKEN_COLUMNS, Token, TokenKind, TokenOrigin, TokenRow, insert, token};
use crate::access::{Admin, ApiScope, Authorized, Me};
use crate::account;
use crate::db::schema::tokens;
use crate::db::{Conn, Tx};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::vault::Vault;

/// How many of each kind somebody has at most.
pub const MOST_OWN_TOKENS: i64 = 100;
const MAX_TITLE: usize = 255;
/// Until revoked is a choice of its own.
const LONGEST: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
const SEALED_AS: &str = "application token";

/// A personal token to be made.
#[derive(Debug, Clone)]
pub struct NewPersonalToken {
    /// For people to tell it from others.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
    /// How long it is good; `None` until revoked.
    pub lifetime: Option<Duration>,
}

/// Makes an application token, which stands for the user's password on command lines; returns it with its secret.
///
/// # Errors
/// `Invalid` for a title that is none or too long, a lifetime that is none or over ten years, a hundred tokens; `Refused`
/// to credentials that do not allow everything the user may do.
pub fn create_application_token(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    title: &str,
    lifetime: Option<Duration>,
) -> Result<(Token, String)> {
    require_unlimited(me)?;
    let (vault, entropy) = tools;
    let new = NewToken { kind: TokenKind::Application, title: title.trim().to_string(), scopes: vec![], lifetime };
    check(tx, me, &new)?;
    let secret = entropy::secret_with_prefix(entropy, TokenKind::Application.prefix());
    let sealed = Some(vault.seal(SEALED_AS, &secret)?);
    let kept = Kept { sealed, ..Kept::of(&secret) };
    let made = insert(tx, entropy, now, &me.caller().principal, &new, &kept)?;
    let details = json!({ "app_specific_token_title": made.title, "app_specific_token": made.uuid });
    record(tx, me, now, EventKind::CreateAppSpecificToken, details)?;
    Ok((made, secret))
}

/// Makes a personal token; returns it with its secret, which is never seen again.
///
/// # Errors
/// As [`create_application_token`]; `Refused` if a scope allows more than the credentials it is made with.
pub fn create_personal_token(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
    new: &NewPersonalToken,
) -> Result<(Token, String)> {
    require_covered(me.caller(), &new.scopes)?;
    if new.scopes.is_empty() {
        return Err(Error::invalid("scopes", sentence!("said-scopes", "Name at least one scope, such as repo:read")));
    }
    let title = new.name.trim().to_string();
    let new = NewToken { kind: TokenKind::Access, title, scopes: new.scopes.clone(), lifetime: new.lifetime };
    check(tx, me, &new)?;
    let secret = entropy::secret_with_prefix(entropy, TokenKind::Access.prefix());
    let made = insert(tx, entropy, now, &me.caller().principal, &new, &Kept::of(&secret))?;
    record(tx, me, now, EventKind::CreatePersonalToken, described(&made))?;
    Ok((made, secret))
}

/// The caller's application tokens, newest first: at most a hundred; with `before`, those that end before it.
/// Index: `tokens_of_user`.
///
/// # Errors
/// As the database's.
pub fn application_tokens(
    conn: &mut Conn,
    me: &Authorized<Me, Admin>,
    before: Option<Timestamp>,
) -> Result<Vec<Token>> {
    let all = own(conn, me, TokenKind::Application)?;
    let ends_in_time = |token: &Token| before.is_none_or(|before| token.expires_at.is_some_and(|at| at < before));
    Ok(all.into_iter().filter(ends_in_time).collect())
}

/// One of the caller's application tokens with its secret, if that was kept. Index: `tokens.uuid`.
///
/// # Errors
/// `NotFound`; `Refused` as [`create_application_token`]; `Internal` if it was sealed under another instance key.
pub fn application_token(
    conn: &mut Conn,
    me: &Authorized<Me, Admin>,
    vault: &Vault,
    uuid: &str,
) -> Result<(Token, Option<String>)> {
    require_unlimited(me)?;
    let row: Option<(TokenRow, Option<Vec<u8>>)> = tokens::table
        .filter(tokens::uuid.eq(uuid))
        .filter(tokens::user_id.eq(me.id.0))
        .filter(tokens::kind.eq(TokenKind::Application))
        .select((TOKEN_COLUMNS, tokens::sealed))
        .first(conn)
        .optional()?;
    let (row, sealed) = row.ok_or_else(|| Error::NotFound(Thing::Token(crate::error::shown(uuid))))?;
    let secret = sealed.map(|sealed| vault.open(SEALED_AS, &sealed)).transpose()?;
    Ok((token(row), secret))
}

/// The caller's personal tokens, newest first: at most a hundred. Index: `tokens_of_user`.
///
/// # Errors
/// As the database's.
pub fn personal_tokens(conn: &mut Conn, me: &Authorized<Me, Admin>) -> Result<Vec<Token>> {
    own(conn, me, TokenKind::Access)
}

/// Revokes one of the caller's own tokens.
///
/// # Errors
/// `NotFound` for what is no token of this kind that the caller made for themselves.
pub fn revoke_own(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    now: Timestamp,
    kind: TokenKind,
    uuid: &str,
) -> Result<()> {
    let own = tokens::table
        .filter(tokens::uuid.eq(uuid))
        .filter(tokens::user_id.eq(me.id.0))
        .filter(tokens::kind.eq(kind))
        .filter(tokens::origin.eq(TokenOrigin::Personal));
    let row: Option<TokenRow> = own.select(TOKEN_COLUMNS).first(&mut **tx).optional()?;
    let gone = token(row.ok_or_else(|| Error::NotFound(Thing::Token(crate::error::shown(uuid))))?);
    diesel::delete(tokens::table.find(gone.id.0)).execute(&mut **tx)?;
    let (kind, details) = match kind {
        TokenKind::Application => {
            let details = json!({ "app_specific_token_title": gone.title, "app_specific_token": gone.uuid });
            (EventKind::RevokeAppSpecificToken, details)
        }
        TokenKind::Access => (EventKind::RevokePersonalToken, described(&gone)),
    };
    record(tx, me, now, kind, details)
}

/// Refuses scopes that allow more than the credentials of whoever makes a token.
pub(crate) fn require_covered(caller: &crate::principal::Caller, scopes: &[ApiScope]) -> Result<()> {
    match scopes.iter().find(|scope| !caller.ceiling.covers(**scope)) {
        None => Ok(()),
        Some(scope) => Err(Error::refused(format!(
            "the token that {} came with lacks the scope {scope}, so it cannot make one that has it",
            caller.principal.name()
        ))),
    }
}

/// The title and lifetime of a new token.
pub(crate) fn check_new(new: &NewToken) -> Result<()> {
    let length = new.title.chars().count();
    if length == 0 || length > MAX_TITLE || new.title.chars().any(char::is_control) {
        let message = sentence!(
            "said-token-title",
            "Tokens are called something, in at most {most} characters",
            most = MAX_TITLE
        );
        return Err(Error::invalid("title", message));
    }
    if new.lifetime.is_some_and(|lifetime| lifetime.is_zero() || lifetime > LONGEST) {
        return Err(Error::invalid(
            "expiration",
            sentence!("said-token-lifetime", "Tokens are good for one second to ten years"),
        ));
    }
    Ok(())
}

fn require_unlimited(me: &Authorized<Me, Admin>) -> Result<()> {
    if me.caller().ceiling.is_unlimited() {
        return Ok(());
    }
    Err(Error::refused(format!(
        "an application token allows everything {} may do; a token that lacks a scope neither makes nor shows one",
        me.name
    )))
}

fn check(conn: &mut Conn, me: &Authorized<Me, Admin>, new: &NewToken) -> Result<()> {
    check_new(new)?;
    let held: i64 = tokens::table
        .filter(tokens::user_id.eq(me.id.0))
        .filter(tokens::kind.eq(new.kind))
        .filter(tokens::origin.eq(TokenOrigin::Personal))
        .count()
        .get_result(conn)?;
    if held >= MOST_OWN_TOKENS {
        let message = sentence!(
            "said-tokens-full",
            "{name} has {held} tokens of this kind, as many as one may; revoke some first",
            name = me.name,
            held = held
        );
        return Err(Error::invalid("title", message));
    }
    Ok(())
}

fn own(conn: &mut Conn, me: &Authorized<Me, Admin>, kind: TokenKind) -> Result<Vec<Token>> {
    let rows: Vec<TokenRow> = tokens::table
        .filter(tokens::user_id.eq(me.id.0))
        .filter(tokens::kind.eq(kind))
        .filter(tokens::origin.eq(TokenOrigin::Personal))
        .select(TOKEN_COLUMNS)
        .order(tokens::id.desc())
        .limit(2 * MOST_OWN_TOKENS)
        .load(conn)?;
    Ok(rows.into_iter().map(token).collect())
}

fn described(token: &Token) -> Value {
    json!({ "name": token.title, "uuid": token.uuid, "scope": ApiScope::list(&token.scopes) })
}

fn record(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, kind: EventKind, details: Value) -> Result<()> {
    let user = account::by_id(tx, me.id)?;
    event::record(tx, me.caller(), now, Event::new(kind).namespace(user.namespace, &user.name).details(details))
}
