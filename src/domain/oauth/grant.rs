//! What users let applications do.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::application::{Application, COLUMNS, Public, application};
use super::minted::details;
use super::{Issued, TOKEN_LIFETIME};
use crate::access::{Admin, ApiScope, Authorized, Me};
use crate::account;
use crate::db::schema::{namespaces, oauth_applications, tokens};
use crate::db::{Conn, Tx};
use crate::entropy::Entropy;
use crate::error::{Error, Result, Thing, shown};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, TokenId, UserId};
use crate::page::Limit;
use crate::principal::{Caller, Principal};
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::token::{self, Kept, NewToken, TOKEN_COLUMNS, Token, TokenKind, TokenOrigin, TokenRow};

/// Tokens an application holds for one user at most. Applications that sign people in get one each time: beyond this the
/// oldest ends.
const MOST_FOR_ONE_USER: i64 = 100;

/// A token an application holds for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The token.
    pub token: Token,
    /// Who holds it.
    pub holder: Public,
}

/// Lets an application act for the caller: a token at once.
///
/// # Errors
/// `Refused` to credentials that do not allow everything the caller may do: consent is given by people, not by tokens.
pub fn grant_token(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
    application: &Application,
    scopes: &[ApiScope],
) -> Result<Issued> {
    require_person(me)?;
    let (issued, token) = issue(tx, &me.caller().principal, entropy, now, application, scopes)?;
    record(tx, me, now, EventKind::AuthorizeApplication, details(application, &token))?;
    Ok(issued)
}

/// Tokens applications hold for the caller, oldest first, after `after`, at most `limit`. Index: `tokens_granted`.
///
/// # Errors
/// As the database's.
pub fn grants(
    conn: &mut Conn,
    me: &Authorized<Me, Admin>,
    after: TokenId,
    limit: impl Into<Limit>,
) -> Result<Vec<Grant>> {
    let limit = limit.into();
    let mut question = tokens::table
        .inner_join(oauth_applications::table.on(oauth_applications::id.nullable().eq(tokens::application_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(oauth_applications::organization_id)))
        .filter(tokens::user_id.eq(me.id.0))
        .filter(tokens::application_id.is_not_null())
        .filter(tokens::id.gt(after.0))
        .filter(namespaces::deleted_at.is_null())
        .select((TOKEN_COLUMNS, COLUMNS, namespaces::name, namespaces::id))
        .order(tokens::id)
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("oauth_applications.name") {
        question = question.filter(has);
    }
    let rows: Vec<Row> = question.load(conn)?;
    Ok(rows.into_iter().map(grant).collect())
}

/// One of them. Index: `tokens.uuid`.
///
/// # Errors
/// `NotFound`.
pub fn find_grant(conn: &mut Conn, me: &Authorized<Me, Admin>, uuid: &str) -> Result<Grant> {
    let row: Option<Row> = tokens::table
        .inner_join(oauth_applications::table.on(oauth_applications::id.nullable().eq(tokens::application_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(oauth_applications::organization_id)))
        .filter(tokens::uuid.eq(uuid))
        .filter(tokens::user_id.eq(me.id.0))
        .filter(namespaces::deleted_at.is_null())
        .select((TOKEN_COLUMNS, COLUMNS, namespaces::name, namespaces::id))
        .first(conn)
        .optional()?;
    row.map(grant).ok_or_else(|| Error::NotFound(Thing::Token(shown(uuid))))
}

/// Takes back what the caller let an application do: its token ends with the commit.
///
/// # Errors
/// `NotFound`.
pub fn revoke_grant(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, uuid: &str) -> Result<()> {
    let gone = find_grant(tx, me, uuid)?;
    diesel::delete(tokens::table.find(gone.token.id.0)).execute(&mut **tx)?;
    record(tx, me, now, EventKind::RevokeApplication, details(&gone.holder.application, &gone.token))
}

/// A token that an application holds for a user.
pub(super) fn issue(
    tx: &mut Tx<'_>,
    user: &Principal,
    entropy: &dyn Entropy,
    now: Timestamp,
    application: &Application,
    scopes: &[ApiScope],
) -> Result<(Issued, Token)> {
    let new = NewToken {
        kind: TokenKind::Access,
        title: application.details.name.clone(),
        scopes: scopes.to_vec(),
        lifetime: Some(TOKEN_LIFETIME),
    };
    let secret = token::oauth_secret(entropy);
    let kept = Kept { secret: &secret, sealed: None, application: Some((application.id, TokenOrigin::Consent)) };
    let made = token::insert(tx, entropy, now, user, &new, &kept)?;
    if let Principal::User { id, .. } = user {
        end_oldest(tx, *id, application)?;
    }
    Ok((Issued { secret, lifetime: TOKEN_LIFETIME, scopes: scopes.to_vec() }, made))
}

/// Consent is a person's to give: a token must not widen itself.
pub(super) fn require_person(me: &Authorized<Me, Admin>) -> Result<()> {
    if me.caller().ceiling.is_unlimited() {
        return Ok(());
    }
    Err(Error::refused(sentence!("said-grant-browser", "sign in with a password to let an application act for you")))
}

pub(super) fn record(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    now: Timestamp,
    kind: EventKind,
    details: Value,
) -> Result<()> {
    record_as(tx, me.caller(), me.id, now, (kind, details))
}

/// In the log of the user concerned.
pub(super) fn record_as(
    tx: &mut Tx<'_>,
    caller: &Caller,
    user: UserId,
    now: Timestamp,
    what: (EventKind, Value),
) -> Result<()> {
    let user = account::by_id(tx, user)?;
    let event = Event::new(what.0).namespace(user.namespace, &user.name).details(what.1);
    event::record(tx, caller, now, event)
}

/// What events say about consent that is not a token yet.
pub(super) fn asked(application: &Application, scopes: &[ApiScope]) -> Value {
    let mut details = super::application::described(application);
    details["scope"] = json!(ApiScope::list(scopes));
    details
}

type Row = (TokenRow, (i64, String, String, String, String, String, Option<String>), String, i64);

fn grant((token_row, application_row, organization, id): Row) -> Grant {
    let application = application(application_row);
    Grant {
        token: token::token(token_row),
        holder: Public { application, organization, organization_id: NamespaceId(id) },
    }
}

fn end_oldest(tx: &mut Tx<'_>, user: UserId, application: &Application) -> Result<()> {
    let held = tokens::table
        .filter(tokens::user_id.eq(user.0))
        .filter(tokens::application_id.eq(application.id.0))
        .filter(tokens::origin.eq(TokenOrigin::Consent));
    let over: Option<i64> =
        held.select(tokens::id).order(tokens::id.desc()).offset(MOST_FOR_ONE_USER).first(&mut **tx).optional()?;
    let Some(over) = over else { return Ok(()) };
    diesel::delete(
        tokens::table
            .filter(tokens::user_id.eq(user.0))
            .filter(tokens::application_id.eq(application.id.0))
            .filter(tokens::origin.eq(TokenOrigin::Consent))
            .filter(tokens::id.le(over)),
    )
    .execute(&mut **tx)?;
    Ok(())
}
