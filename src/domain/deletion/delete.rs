//! Taking things away, with a way back.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::{namespace_prefix, repository_prefix};
use crate::access::{Admin, Authorized, Me, Standing};
use crate::account;
use crate::db::schema::{
    default_permissions, oauth_codes, password_recoveries, repository_permissions, sessions, team_invitations,
    team_members, tokens, uploads, users,
};
use crate::db::{Tx, prepared};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::NamespaceId;
use crate::on_backend;
use crate::organization::Namespace;
use crate::principal::{Caller, Principal};
use crate::repository::Repository;
use crate::sentence::sentence;
use crate::star;
use crate::time::Timestamp;

/// Deletes a repository: its name is free with the commit, its content stays until it is purged.
///
/// # Errors
/// `NotFound` if it is deleted already.
pub fn repository(tx: &mut Tx<'_>, repository: &Authorized<Repository, Admin>, now: Timestamp) -> Result<()> {
    // The name is taken from the row: the namespace may have been renamed since it was looked up.
    let bury = prepared(
        "UPDATE repositories SET deleted_name = name, name = $1 || name, deleted_at = $2 \
         WHERE id = $3 AND deleted_at IS NULL",
    )
    .bind::<Text, _>(repository_prefix(repository.id.0))
    .bind::<BigInt, _>(now.0)
    .bind::<BigInt, _>(repository.id.0);
    if on_backend!(&mut *tx, c => bury.execute(c))? == 0 {
        return Err(Error::NotFound(Thing::Repository(repository.name.as_str().to_string())));
    }
    diesel::delete(uploads::table.filter(uploads::repository_id.eq(repository.id.0))).execute(&mut **tx)?;
    tx.touch_access();
    tx.touch_content(repository.id);
    event::record(tx, repository.caller(), now, Event::new(EventKind::DeleteRepo).repository(repository))
}

/// Deletes an organization with its repositories, robot accounts and applications.
///
/// # Errors
/// `NotFound` if it is deleted already or a user's namespace.
pub fn organization(tx: &mut Tx<'_>, organization: &Authorized<Namespace, Admin>, now: Timestamp) -> Result<()> {
    if !organization.is_organization {
        return Err(Error::NotFound(Thing::Organization(organization.name.clone())));
    }
    bury(tx, now, organization.id, || Thing::Organization(organization.name.clone()))?;
    let event = Event::new(EventKind::OrgDelete).namespace(organization.id, &organization.name);
    event::record(tx, organization.caller(), now, event)
}

/// Deletes the caller's own account, as [`user`] does.
///
/// # Errors
/// As [`user`].
pub fn own_account(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp) -> Result<()> {
    let name = account::by_id(tx, me.id)?.name;
    user(tx, me.caller(), now, &name)
}

/// Deletes a user with their namespace. Their memberships in organizations and their grants on repositories of others
/// end for good; what is in their namespace can be restored. Callers have shown that they may: superusers, or the user.
///
/// # Errors
/// `NotFound`; `Invalid` for a superuser, and for users who delete themselves while they are the only admin of an organization.
pub fn user(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, name: &str) -> Result<()> {
    let user = account::by_name(tx, name)?;
    if user.standing == Standing::Superuser {
        return Err(Error::invalid("username", sentence!("said-delete-superuser", "Cannot delete a superuser")));
    }
    if matches!(caller.principal, Principal::User { id, .. } if id == user.id) {
        account::require_replaceable(tx, &user)?;
    }
    bury(tx, now, user.namespace, || Thing::User(name.to_string()))?;
    let (id, buried) = (user.id.0, format!("{}{name}", namespace_prefix(user.namespace.0)));
    diesel::update(users::table.find(id))
        .set((
            users::name.eq(buried),
            users::disabled_by_deletion.eq(user.enabled),
            users::enabled.eq(false),
            users::credentials_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    diesel::delete(sessions::table.filter(sessions::user_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(password_recoveries::table.find(id)).execute(&mut **tx)?;
    diesel::delete(tokens::table.filter(tokens::user_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(oauth_codes::table.filter(oauth_codes::user_id.eq(id))).execute(&mut **tx)?;
    star::remove_all(tx, user.id)?;
    diesel::delete(team_invitations::table.filter(team_invitations::user_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(team_members::table.filter(team_members::user_id.eq(id))).execute(&mut **tx)?;
    diesel::delete(repository_permissions::table.filter(repository_permissions::user_id.eq(id))).execute(&mut **tx)?;
    let rules = default_permissions::user_id.eq(id).or(default_permissions::creator_user_id.eq(id));
    diesel::delete(default_permissions::table.filter(rules)).execute(&mut **tx)?;
    let event = Event::new(EventKind::UserDelete).namespace(user.namespace, name).details(json!({ "username": name }));
    event::record(tx, caller, now, event)
}

/// Renames a namespace and its repositories out of everybody's reach and ends what was open in them.
fn bury(tx: &mut Tx<'_>, now: Timestamp, id: NamespaceId, thing: impl Fn() -> Thing) -> Result<()> {
    let prefix = namespace_prefix(id.0);
    let namespace = prepared(
        "UPDATE namespaces SET deleted_name = name, name = $1 || name, deleted_at = $2 \
         WHERE id = $3 AND deleted_at IS NULL",
    )
    .bind::<Text, _>(&prefix)
    .bind::<BigInt, _>(now.0)
    .bind::<BigInt, _>(id.0);
    if on_backend!(&mut *tx, c => namespace.execute(c))? == 0 {
        return Err(Error::NotFound(thing()));
    }
    let below = prepared(
        "UPDATE repositories SET name = $1 || name, deleted_at = COALESCE(deleted_at, $2) WHERE namespace_id = $3",
    )
    .bind::<Text, _>(&prefix)
    .bind::<BigInt, _>(now.0)
    .bind::<BigInt, _>(id.0);
    on_backend!(&mut *tx, c => below.execute(c))?;
    for statement in ENDED {
        let end = prepared(statement).bind::<BigInt, _>(id.0);
        on_backend!(&mut *tx, c => end.execute(c))?;
    }
    let robots = prepared("UPDATE robots SET credentials_at = $1 WHERE namespace_id = $2")
        .bind::<BigInt, _>(now.0)
        .bind::<BigInt, _>(id.0);
    on_backend!(&mut *tx, c => robots.execute(c))?;
    tx.touch_access();
    Ok(())
}

/// What ends with a namespace and does not come back. Indexes: `uploads_by_repository`, `tokens_by_robot`,
/// `tokens_by_application`, `oauth_codes_by_application`.
const ENDED: [&str; 4] = [
    "DELETE FROM uploads WHERE repository_id IN (SELECT id FROM repositories WHERE namespace_id = $1)",
    "DELETE FROM tokens WHERE robot_id IN (SELECT id FROM robots WHERE namespace_id = $1)",
    "DELETE FROM tokens WHERE application_id IN (SELECT id FROM oauth_applications WHERE organization_id = $1)",
    "DELETE FROM oauth_codes WHERE application_id IN (SELECT id FROM oauth_applications WHERE organization_id = $1)",
];
