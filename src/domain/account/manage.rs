//! What superusers do with users.

use diesel::prelude::*;
use serde_json::json;

use super::queries::{self, User};
use crate::access::{Admin, Authorized, Inspect, Instance};
use crate::db::schema::{namespaces, tokens, users};
use crate::db::{Backend, Conn, Tx};
use crate::deletion::BURIED;
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::token::TokenKind;
use crate::words::no_address;

/// Letters of generated passwords: as many as Quay's.
const GENERATED: usize = 32;

/// A password for somebody else, who is to change it.
pub fn generated_password(entropy: &dyn Entropy) -> String {
    entropy::robot_token(entropy).chars().take(GENERATED).collect()
}

/// Users in the order of their names, after `after`, at most `limit`; only enabled ones if wanted. Indexes: `users.name`,
/// `users_by_enabled`.
///
/// # Errors
/// As the database's.
pub fn list_for_superusers(
    conn: &mut Conn,
    _instance: &Authorized<Instance, Inspect>,
    after: &str,
    limit: i64,
    only_enabled: bool,
) -> Result<Vec<User>> {
    if only_enabled { queries::list_enabled(conn, after, limit) } else { queries::list(conn, after, limit) }
}

/// Gives a user another address. Indexes: `users.name`, `users_by_email`.
///
/// # Errors
/// `NotFound`; `Invalid` if it is none or another user has it.
pub fn change_email(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    name: &str,
    email: &str,
) -> Result<()> {
    let user = queries::by_name(tx, name)?;
    if user.email.as_deref() == Some(email) {
        return Ok(());
    }
    require_email_free(tx, email)?;
    diesel::update(users::table.find(user.id.0)).set(users::email.eq(email)).execute(&mut **tx)?;
    diesel::update(namespaces::table.find(user.namespace.0)).set(namespaces::email.eq(email)).execute(&mut **tx)?;
    let details = json!({ "username": name, "email": email, "old_email": user.email });
    let event = Event::new(EventKind::UserChangeEmail).namespace(user.namespace, name).details(details);
    event::record(tx, instance.caller(), now, event)
}

/// Refuses an address that is none or that a user has. Index: `users_by_email`.
///
/// # Errors
/// `Invalid`.
pub fn require_email_free(conn: &mut Conn, email: &str) -> Result<()> {
    if email.len() > 254 || !email.contains('@') || email.contains(char::is_whitespace) {
        return Err(no_address("email"));
    }
    let known: Option<i64> = users::table
        .filter(users::email.eq(email))
        .filter(users::name.lt(BURIED))
        .select(users::id)
        .first(conn)
        .optional()?;
    match known {
        Some(_) => Err(Error::invalid(
            "email",
            sentence!("said-email-taken", "A different account is already using this e-mail address"),
        )),
        None => Ok(()),
    }
}

/// Somebody's application token as a list shows it: without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ListedToken {
    /// Row.
    pub id: i64,
    /// What it is known by.
    pub uuid: String,
    /// For people to tell it from others.
    pub title: String,
    /// Whose it is.
    pub user: String,
    /// In milliseconds since 1970.
    pub created_at: i64,
    /// When it ends, if it does.
    pub expires_at: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

/// Everybody's application tokens, oldest first, after the row `after`, at most `limit`; only those that end before
/// `ending_before` if that is given. Index: primary key.
///
/// # Errors
/// As the database's.
pub fn list_application_tokens(
    conn: &mut Conn,
    _instance: &Authorized<Instance, Inspect>,
    after: i64,
    limit: i64,
    ending_before: Option<Timestamp>,
) -> Result<Vec<ListedToken>> {
    let mut wanted = tokens::table
        .inner_join(users::table.on(users::id.nullable().eq(tokens::user_id)))
        .filter(tokens::kind.eq(TokenKind::Application))
        .filter(tokens::id.gt(after))
        .into_boxed::<Backend>();
    if let Some(before) = ending_before {
        wanted = wanted.filter(tokens::expires_at.lt(before.0));
    }
    Ok(wanted
        .select((
            tokens::id,
            tokens::uuid,
            tokens::title,
            users::name,
            tokens::created_at,
            tokens::expires_at,
            tokens::last_used_at,
        ))
        .order(tokens::id)
        .limit(limit)
        .load(conn)?)
}
