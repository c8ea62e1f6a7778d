//! What can be done to users. Callers have shown that they may: first-time set-up, the command line, superusers.

use diesel::prelude::*;
use serde_json::json;

use super::queries::{self, User};
use crate::access::Standing;
use crate::db::Tx;
use crate::db::schema::{password_recoveries, users};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, UserId};
use crate::oci::NamespaceName;
use crate::organization;
use crate::principal::{Caller, Principal};
use crate::time::Timestamp;

/// A user to be created. The password is hashed beforehand, outside the transaction.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Name; also of the namespace.
    pub name: NamespaceName,
    /// Address.
    pub email: Option<String>,
    /// See [`super::password::hash`].
    pub password_hash: Option<String>,
    /// Standing to the registry.
    pub standing: Standing,
}

/// Creates a user and their namespace.
///
/// # Errors
/// `AlreadyExists` if a user or organization has the name.
pub fn create(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, new: &NewUser) -> Result<User> {
    let name = new.name.as_str();
    let taken = || Error::AlreadyExists(Thing::User(name.to_string()));
    let namespace = organization::insert_namespace(tx, name, "user", new.email.as_deref(), now)?.ok_or_else(taken)?;
    let id: i64 = diesel::insert_into(users::table)
        .values((
            users::namespace_id.eq(namespace.0),
            users::name.eq(name),
            users::email.eq(&new.email),
            users::password_hash.eq(&new.password_hash),
            users::standing.eq(new.standing),
            users::enabled.eq(true),
            users::credentials_at.eq(now.0),
            users::created_at.eq(now.0),
        ))
        .returning(users::id)
        .get_result(&mut **tx)?;
    tx.touch_access();
    let details = json!({ "username": name, "email": new.email, "standing": new.standing.as_str() });
    event::record(tx, caller, now, Event::new(EventKind::UserCreate).namespace(namespace, name).details(details))?;
    Ok(User {
        id: UserId(id),
        namespace,
        name: name.to_string(),
        email: new.email.clone(),
        enabled: true,
        standing: new.standing,
        created_at: now,
    })
}

/// Creates a user who asked for an account of their own.
///
/// # Errors
/// As [`create`]; `Invalid` if somebody has the address.
pub fn register(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, new: &NewUser) -> Result<User> {
    if let Some(email) = &new.email {
        super::profile::require_address("email", email)?;
        super::require_unused_email(tx, email, None)?;
    }
    create(tx, caller, now, new)
}

/// Sets a user's password and ends what the old one opened: registry and refresh tokens made from it, a lock.
///
/// # Errors
/// `NotFound`.
pub fn set_password(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, name: &str, hash: &str) -> Result<()> {
    let user = queries::by_name(tx, name)?;
    replace_password(tx, user.id, now, hash)?;
    changed(tx, caller, now, EventKind::UserChangePassword, &user, json!({}))
}

/// Puts a password in the place of another, with all that ends by it.
pub(super) fn replace_password(tx: &mut Tx<'_>, id: UserId, now: Timestamp, hash: &str) -> Result<()> {
    diesel::update(users::table.find(id.0))
        .set((
            users::password_hash.eq(hash),
            users::credentials_at.eq(now.0),
            users::failed_sign_ins.eq(0),
            users::locked_until.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    // Whoever holds a link was to replace the password that is gone.
    diesel::delete(password_recoveries::table.find(id.0)).execute(&mut **tx)?;
    tx.touch_access();
    Ok(())
}

/// Enables or disables a user; a disabled user's credentials and robots count for nothing from the commit on.
///
/// # Errors
/// `NotFound`.
pub fn set_enabled(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, name: &str, enabled: bool) -> Result<()> {
    let user = queries::by_name(tx, name)?;
    diesel::update(users::table.find(user.id.0)).set(users::enabled.eq(enabled)).execute(&mut **tx)?;
    tx.touch_access();
    let kind = if enabled { EventKind::UserEnable } else { EventKind::UserDisable };
    changed(tx, caller, now, kind, &user, json!({}))
}

/// Gives a user another standing to the registry.
///
/// # Errors
/// `NotFound`.
pub fn raise_standing(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, name: &str, standing: Standing) -> Result<()> {
    let user = queries::by_name(tx, name)?;
    diesel::update(users::table.find(user.id.0)).set(users::standing.eq(standing)).execute(&mut **tx)?;
    tx.touch_access();
    changed(tx, caller, now, EventKind::UserChangeStanding, &user, json!({ "standing": standing.as_str() }))
}

fn changed(
    tx: &mut Tx<'_>,
    caller: &Caller,
    now: Timestamp,
    kind: EventKind,
    user: &User,
    mut details: serde_json::Value,
) -> Result<()> {
    let namespace: NamespaceId = user.namespace;
    details["username"] = json!(user.name);
    // Quay's word for whoever did it to somebody else.
    if !matches!(&caller.principal, Principal::User { id, .. } if *id == user.id) {
        details["superuser"] = json!(caller.principal.name());
    }
    event::record(tx, caller, now, Event::new(kind).namespace(namespace, &user.name).details(details))
}
