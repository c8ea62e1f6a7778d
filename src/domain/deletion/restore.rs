//! Bringing things back.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;

use super::{DeletedKind, namespace_prefix, taken};
use crate::access::{Admin, Authorized, Instance, RepositoryState, Visibility};
use crate::db::schema::{namespaces, repositories, users};
use crate::db::{Tx, prepared};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RepositoryId};
use crate::naming;
use crate::oci::{NamespaceName, RepositoryName};
use crate::on_backend;
use crate::organization::Namespace;
use crate::principal::Caller;
use crate::repository::{Repository, grams};
use crate::sentence::sentence;
use crate::time::Timestamp;

/// Brings something deleted back under its old name or under `new_name`; returns the name it has now. A repository stays
/// in its namespace, so its new name is the part after that. Sessions, tokens and, for users, memberships elsewhere do
/// not come back.
///
/// # Errors
/// `NotFound` if there is nothing such; `AlreadyExists` if the name is taken meanwhile; `Refused` for a repository whose
/// namespace is deleted too; `Invalid` or `Content` for a name that is none.
pub fn restore(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    (kind, id): (DeletedKind, i64),
    new_name: Option<&str>,
) -> Result<String> {
    match kind {
        DeletedKind::Repository => Buried::find(tx, id)?.restore(tx, instance.caller(), now, new_name),
        DeletedKind::Organization | DeletedKind::User => namespace(tx, instance, now, (kind, id), new_name),
    }
}

/// Brings a repository of the namespace back that was deleted alone, not before `since`, under its old name or under
/// `new_name`, the part after the namespace; returns the whole name it has now.
///
/// # Errors
/// `NotFound` if there is nothing such in this namespace; else as [`restore`].
pub fn restore_repository(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    (now, since): (Timestamp, Timestamp),
    id: RepositoryId,
    new_name: Option<&str>,
) -> Result<String> {
    let buried = Buried::find(tx, id.0)?;
    if buried.namespace != namespace.id || buried.deleted_at < since {
        return Err(unknown(id.0));
    }
    buried.restore(tx, namespace.caller(), now, new_name)
}

fn unknown(id: i64) -> Error {
    Error::NotFound(Thing::Repository(id.to_string()))
}

/// A repository that was deleted alone.
struct Buried {
    id: i64,
    namespace: NamespaceId,
    namespace_name: String,
    /// Whether its namespace is deleted too.
    is_below: bool,
    old: String,
    deleted_at: Timestamp,
    visibility: Visibility,
    state: RepositoryState,
}

impl Buried {
    fn find(tx: &mut Tx<'_>, id: i64) -> Result<Buried> {
        type Owner = (i64, String, Option<i64>);
        type Row = (Owner, Option<String>, Option<i64>, Visibility, RepositoryState);
        let row: Option<Row> = repositories::table
            .inner_join(namespaces::table.on(namespaces::id.eq(repositories::namespace_id)))
            .filter(repositories::id.eq(id))
            .select((
                (namespaces::id, namespaces::name, namespaces::deleted_at),
                repositories::deleted_name,
                repositories::deleted_at,
                repositories::visibility,
                repositories::state,
            ))
            .first(&mut **tx)
            .optional()?;
        let ((namespace, namespace_name, namespace_deleted_at), old, at, visibility, state) =
            row.ok_or_else(|| unknown(id))?;
        Ok(Buried {
            id,
            namespace: NamespaceId(namespace),
            namespace_name,
            is_below: namespace_deleted_at.is_some(),
            old: old.ok_or_else(|| unknown(id))?,
            deleted_at: Timestamp(at.unwrap_or(0)),
            visibility,
            state,
        })
    }

    fn restore(self, tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, new_name: Option<&str>) -> Result<String> {
        let Buried { id, old, .. } = self;
        if self.is_below {
            let message = sentence!(
                "said-namespace-deleted",
                "the namespace of {name} is deleted too; restore that first",
                name = old
            );
            return Err(Error::refused(message));
        }
        let name: RepositoryName = match new_name {
            Some(path) => format!("{}/{path}", self.namespace_name).parse()?,
            None => old.parse()?,
        };
        let thing = || Thing::Repository(name.as_str().to_string());
        let known: Option<i64> = repositories::table
            .filter(repositories::name.eq(name.as_str()))
            .select(repositories::id)
            .first(&mut **tx)
            .optional()?;
        if known.is_some() {
            return Err(Error::AlreadyExists(thing()));
        }
        diesel::update(repositories::table.find(id))
            .set((
                repositories::name.eq(name.as_str()),
                repositories::deleted_at.eq(None::<i64>),
                repositories::deleted_name.eq(None::<String>),
            ))
            .execute(&mut **tx)
            .map_err(|error| taken(error, thing()))?;
        grams::remove(tx, id, &old)?;
        grams::add(tx, id, name.as_str())?;
        tx.touch_access();
        let (visibility, state) = (self.visibility, self.state);
        let restored =
            Repository { id: RepositoryId(id), namespace: self.namespace, name: name.clone(), visibility, state };
        let details = json!({ "old_name": old });
        let event = Event::new(EventKind::RestoreRepo).repository(&restored).details(details);
        event::record(tx, caller, now, event)?;
        Ok(name.as_str().to_string())
    }
}

fn namespace(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: Timestamp,
    (kind, id): (DeletedKind, i64),
    new_name: Option<&str>,
) -> Result<String> {
    let gone: Option<(Option<String>, String)> = namespaces::table
        .find(id)
        .filter(namespaces::deleted_at.is_not_null())
        .filter(namespaces::kind.eq(kind.as_str()))
        .select((namespaces::deleted_name, namespaces::name))
        .first(&mut **tx)
        .optional()?;
    let unknown = || Error::NotFound(Thing::Namespace(id.to_string()));
    let (old, buried) = gone.and_then(|(old, buried)| Some((old?, buried))).ok_or_else(unknown)?;
    let name: NamespaceName = new_name.unwrap_or(&old).parse()?;
    naming::require_free(tx, &name)?;
    unbury(tx, id, &old, &name)?;
    let thing = || Thing::Namespace(name.as_str().to_string());
    diesel::update(namespaces::table.find(id))
        .set((
            namespaces::name.eq(name.as_str()),
            namespaces::deleted_at.eq(None::<i64>),
            namespaces::deleted_name.eq(None::<String>),
        ))
        .execute(&mut **tx)
        .map_err(|error| taken(error, thing()))?;
    diesel::update(users::table.filter(users::namespace_id.eq(id)).filter(users::name.eq(buried)))
        .set((
            users::name.eq(name.as_str()),
            users::enabled.eq(users::disabled_by_deletion),
            users::disabled_by_deletion.eq(false),
        ))
        .execute(&mut **tx)?;
    tx.touch_access();
    let what = if kind == DeletedKind::User { EventKind::UserRestore } else { EventKind::OrgRestore };
    let event = Event::new(what).namespace(NamespaceId(id), name.as_str()).details(json!({ "old_name": old }));
    event::record(tx, instance.caller(), now, event)?;
    Ok(name.as_str().to_string())
}

/// Names the repositories of a deleted namespace after `new`. Those deleted alone stay deleted. In one statement: in
/// between, names that somebody else has now would be there twice.
fn unbury(tx: &mut Tx<'_>, id: i64, old: &str, new: &NamespaceName) -> Result<()> {
    let prefix = namespace_prefix(id);
    let (before, named) = (length(&prefix), length(old));
    naming::require_short_names(tx, NamespaceId(id), (old, before), new)?;
    let back = prepared(
        "UPDATE repositories SET \
         name = CASE WHEN deleted_name IS NULL THEN $1 || SUBSTR(name, CAST($2 AS INTEGER)) \
           ELSE SUBSTR(name, CAST($3 AS INTEGER)) END, \
         deleted_name = CASE WHEN deleted_name IS NULL THEN NULL \
           ELSE $1 || SUBSTR(deleted_name, CAST($4 AS INTEGER)) END, \
         deleted_at = CASE WHEN deleted_name IS NULL THEN NULL ELSE deleted_at END \
         WHERE namespace_id = $5",
    )
    .bind::<Text, _>(new.as_str())
    .bind::<BigInt, _>(before + named + 1)
    .bind::<BigInt, _>(before + 1)
    .bind::<BigInt, _>(named + 1)
    .bind::<BigInt, _>(id);
    on_backend!(&mut *tx, c => back.execute(c))?;
    Ok(())
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(0)
}
