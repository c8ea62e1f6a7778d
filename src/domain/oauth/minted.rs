//! Tokens that admins of an organization make for its applications.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::{Value, json};

use super::application::{self, Application};
use super::{Issued, TOKEN_LIFETIME};
use crate::access::{Admin, ApiScope, Authorized, Inspect};
use crate::db::schema::tokens;
use crate::db::{Conn, Tx};
use crate::entropy::Entropy;
use crate::error::{Error, Result, Thing, shown};
use crate::event::{self, Event, EventKind};
use crate::ids::TokenId;
use crate::organization::Namespace;
use crate::page::Limit;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::token::{self, Kept, NewToken, TOKEN_COLUMNS, Token, TokenKind, TokenOrigin, TokenRow};

/// How many an application has at most.
pub const MOST_MINTED: i64 = 500;

/// Makes a token for an application that stands for whoever makes it; returns it with its secret.
///
/// # Errors
/// `NotFound` for another organization's application; `Refused` if a scope allows more than the credentials it is made
/// with; `Invalid` for a name or lifetime that breaks a rule, or if the application has [`MOST_MINTED`].
pub fn mint(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
    client_id: &str,
    asked: (&str, &[ApiScope], Option<Duration>),
) -> Result<(Token, Issued)> {
    let application = application::named(tx, organization, client_id)?;
    let (name, scopes, lifetime) = asked;
    let caller = organization.caller();
    token::require_covered(caller, scopes)?;
    let lifetime = lifetime.unwrap_or(TOKEN_LIFETIME);
    let (title, scopes) = (name.trim().to_string(), scopes.to_vec());
    let new = NewToken { kind: TokenKind::Access, title, scopes: scopes.clone(), lifetime: Some(lifetime) };
    token::check_new(&new)?;
    require_room(tx, &application)?;
    let secret = token::oauth_secret(entropy);
    let kept = Kept { secret: &secret, sealed: None, application: Some((application.id, TokenOrigin::Minted)) };
    let made = token::insert(tx, entropy, now, &caller.principal, &new, &kept)?;
    record(tx, organization, now, EventKind::CreateOauthApiToken, details(&application, &made))?;
    Ok((made, Issued { secret, lifetime, scopes }))
}

/// Tokens made for an application, newest first, before `before`, at most `limit`. Index: `tokens_of_application`.
///
/// # Errors
/// `NotFound` for another organization's application.
pub fn minted(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    client_id: &str,
    before: Option<TokenId>,
    limit: impl Into<Limit>,
) -> Result<Vec<Token>> {
    let limit = limit.into();
    let application = application::find(conn, organization, None, client_id)?;
    let mut question = tokens::table
        .filter(tokens::application_id.eq(application.id.0))
        .filter(tokens::origin.eq(TokenOrigin::Minted))
        .filter(tokens::id.lt(before.map_or(i64::MAX, |id| id.0)))
        .select(TOKEN_COLUMNS)
        .order(tokens::id.desc())
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("tokens.title") {
        question = question.filter(has);
    }
    let rows: Vec<TokenRow> = question.load(conn)?;
    Ok(rows.into_iter().map(token::token).collect())
}

/// Revokes a token that was made for an application.
///
/// # Errors
/// `NotFound`, also for a token of another application.
pub fn revoke_minted(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    client_id: &str,
    uuid: &str,
) -> Result<()> {
    let application = application::named(tx, organization, client_id)?;
    let row: Option<TokenRow> = tokens::table
        .filter(tokens::uuid.eq(uuid))
        .filter(tokens::application_id.eq(application.id.0))
        .filter(tokens::origin.eq(TokenOrigin::Minted))
        .select(TOKEN_COLUMNS)
        .first(&mut **tx)
        .optional()?;
    let gone = token::token(row.ok_or_else(|| Error::NotFound(Thing::Token(shown(uuid))))?);
    diesel::delete(tokens::table.find(gone.id.0)).execute(&mut **tx)?;
    record(tx, organization, now, EventKind::RevokeOauthApiToken, details(&application, &gone))
}

fn require_room(conn: &mut Conn, application: &Application) -> Result<()> {
    let held: i64 = tokens::table
        .filter(tokens::application_id.eq(application.id.0))
        .filter(tokens::origin.eq(TokenOrigin::Minted))
        .count()
        .get_result(conn)?;
    if held < MOST_MINTED {
        return Ok(());
    }
    let name = &application.details.name;
    let message = sentence!(
        "said-application-tokens",
        "{name} has {held} tokens, as many as an application may; revoke some first",
        name = name,
        held = held
    );
    Err(Error::invalid("name", message))
}

pub(super) fn details(application: &Application, token: &Token) -> Value {
    let mut details = application::described(application);
    details["oauth_token_uuid"] = json!(token.uuid);
    details["token_display_name"] = json!(token.title);
    details["scope"] = json!(ApiScope::list(&token.scopes));
    details
}

fn record(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    kind: EventKind,
    mut details: Value,
) -> Result<()> {
    details["auth_method"] = json!(organization.caller().credential.kind_and_token().0);
    let event = Event::new(kind).namespace(organization.id, &organization.name).details(details);
    event::record(tx, organization.caller(), now, event)
}
