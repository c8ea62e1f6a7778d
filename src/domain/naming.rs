//! Giving a user or an organization another name, with everything that is named after it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use crate::access::{Admin, Authorized, Instance};
use crate::account;
use crate::db::schema::{namespaces, repositories, robots, users};
use crate::db::{Tx, fixed, prepared};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::NamespaceId;
use crate::oci::NamespaceName;
use crate::on_backend;
use crate::organization::{self, Listed};
use crate::sentence::sentence;
use crate::time::Timestamp;

/// What a repository's name may have.
const MAX_REPOSITORY_NAME: i64 = 255;

/// Renames an organization; its repositories and robot accounts are named after it from the commit on. Registry tokens
/// made before name what no longer exists; those of its robot accounts end.
///
/// # Errors
/// `NotFound`; `AlreadyExists` if somebody has the new name; `Invalid` if a repository's name would be too long.
pub fn rename_organization(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    name: &str,
    new: &NamespaceName,
) -> Result<Listed> {
    let found = organization::by_name(tx, name)?.filter(|namespace| namespace.is_organization);
    let namespace = found.ok_or_else(|| Error::NotFound(Thing::Organization(name.to_string())))?;
    if name != new.as_str() {
        rename(tx, now, namespace.id, name, new)?;
        record(tx, instance, now, EventKind::OrgChangeName, (namespace.id, name), new)?;
    }
    let email = namespaces::table.find(namespace.id.0).select(namespaces::email).first(&mut **tx)?;
    Ok(Listed { name: new.as_str().to_string(), email })
}

/// Renames a user; otherwise as [`rename_organization`]. Their registry tokens and sessions end too.
///
/// # Errors
/// As [`rename_organization`].
pub fn rename_user(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    name: &str,
    new: &NamespaceName,
) -> Result<()> {
    let user = account::by_name(tx, name)?;
    if name == new.as_str() {
        return Ok(());
    }
    rename(tx, now, user.namespace, name, new)?;
    record(tx, instance, now, EventKind::UserChangeName, (user.namespace, name), new)
}

/// Renames a namespace, its user if it is one's, and its repositories, and ends the registry tokens that carry the old
/// name.
///
/// # Errors
/// As [`rename_organization`].
pub(crate) fn rename(tx: &mut Tx<'_>, now: Timestamp, id: NamespaceId, old: &str, new: &NamespaceName) -> Result<()> {
    require_free(tx, new)?;
    // First, because it waits for repositories being created in the namespace right now, and they for it.
    diesel::update(namespaces::table.find(id.0)).set(namespaces::name.eq(new.as_str())).execute(&mut **tx).map_err(
        |error| match error {
            diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => taken(new),
            other => other.into(),
        },
    )?;
    move_repositories(tx, id, old, new)?;
    diesel::update(users::table.filter(users::namespace_id.eq(id.0)))
        .set((users::name.eq(new.as_str()), users::credentials_at.eq(now.0)))
        .execute(&mut **tx)?;
    diesel::update(robots::table.filter(robots::namespace_id.eq(id.0)))
        .set(robots::credentials_at.eq(now.0))
        .execute(&mut **tx)?;
    tx.touch_access();
    Ok(())
}

/// Refuses a name that somebody has or that is the registry's own. Index: `namespaces.name`.
///
/// # Errors
/// `AlreadyExists` or `Invalid`.
pub(crate) fn require_free(tx: &mut Tx<'_>, name: &NamespaceName) -> Result<()> {
    organization::require_no_page(name.as_str())?;
    match organization::by_name(tx, name.as_str())? {
        Some(_) => Err(taken(name)),
        None => Ok(()),
    }
}

/// Names a namespace's repositories after `new` instead of `old`, those deleted alone included: they come back under the
/// new name. Index: `repositories_by_namespace`.
///
/// # Errors
/// `Invalid` if one would be too long.
fn move_repositories(tx: &mut Tx<'_>, id: NamespaceId, old: &str, new: &NamespaceName) -> Result<()> {
    if old == new.as_str() {
        return Ok(());
    }
    require_short_names(tx, id, (old, 0), new)?;
    let rest = i64::try_from(old.len()).unwrap_or(0) + 1;
    for (column, which) in [("name", "deleted_at IS NULL"), ("deleted_name", "deleted_name IS NOT NULL")] {
        let statement = format!(
            "UPDATE repositories SET {column} = $1 || SUBSTR({column}, CAST($2 AS INTEGER)) \
             WHERE namespace_id = $3 AND {which}"
        );
        let change = prepared(statement).bind::<Text, _>(new.as_str()).bind::<BigInt, _>(rest).bind::<BigInt, _>(id.0);
        on_backend!(&mut *tx, c => change.execute(c))?;
    }
    Ok(())
}

/// Refuses a name that would make a repository's too long; `before` letters stand before the old one.
///
/// # Errors
/// `Invalid`.
pub(crate) fn require_short_names(
    tx: &mut Tx<'_>,
    id: NamespaceId,
    (old, before): (&str, i64),
    new: &NamespaceName,
) -> Result<()> {
    let longer = i64::try_from(new.as_str().len()).unwrap_or(0) - i64::try_from(old.len()).unwrap_or(0);
    if longer <= 0 {
        return Ok(());
    }
    let length = fixed::<BigInt>("LENGTH(repositories.name)");
    let long: Option<String> = repositories::table
        .filter(repositories::namespace_id.eq(id.0))
        .filter(repositories::deleted_name.is_null())
        .filter(length.gt(MAX_REPOSITORY_NAME - longer + before))
        .select(repositories::name)
        .first(&mut **tx)
        .optional()?;
    match long.and_then(|name| Some(name.split_once('/')?.1.to_string())) {
        Some(path) => {
            let name = format!("{new}/{path}");
            let message = sentence!("said-longer-name", "{name} would have more than 255 characters", name = name);
            Err(Error::invalid("name", message))
        }
        None => Ok(()),
    }
}

fn taken(name: &NamespaceName) -> Error {
    Error::AlreadyExists(Thing::Organization(name.as_str().to_string()))
}

fn record(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    kind: EventKind,
    (id, old): (NamespaceId, &str),
    new: &NamespaceName,
) -> Result<()> {
    let details = json!({ "old_name": old, "new_name": new.as_str() });
    event::record(tx, instance.caller(), now, Event::new(kind).namespace(id, new.as_str()).details(details))
}
