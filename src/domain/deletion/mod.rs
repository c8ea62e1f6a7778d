//! Deletion with a way back.
//!
//! What is deleted loses its name at once: the row is renamed to a word that no name can be (`~r7~acme/web`), so that no
//! look-up reaches it and somebody else can take the name. Tokens, sessions and uploads end with the commit. A while
//! later a sweep ([`purge`]) removes the rows for good; until then superusers can bring it back ([`restore`]), and admins
//! of a namespace what was deleted in it ([`restore_repository`]).
//!
//! Repositories go with their namespace in one statement. Those that went with it have no `deleted_name` of their own,
//! which tells them from those deleted before.
//!
//! Invariant: a row's name begins with `~` exactly while `deleted_at` is set. `~` comes after every letter a name can
//! have, so lists that walk a name index stop there ([`BURIED`]).

mod delete;
mod list;
mod purge;
mod restore;

use diesel::prelude::*;

use crate::db::Tx;
use crate::db::schema::{namespaces, repositories};
use crate::error::{Error, Result, Thing};
use crate::organization::Namespace;
use crate::repository::Repository;

pub use delete::{organization, own_account, repository, user};
pub use list::{Deleted, DeletedKind, list, list_of};
pub use purge::purge;
pub use restore::{restore, restore_repository};

/// Begins the name of everything deleted, and comes after the names of everything that is not.
pub const BURIED: &str = "~";

/// What is put before the name of a deleted namespace, and of all its repositories.
fn namespace_prefix(id: i64) -> String {
    format!("{BURIED}n{id}{BURIED}")
}

/// What is put before the name of a repository that is deleted alone.
fn repository_prefix(id: i64) -> String {
    format!("{BURIED}r{id}{BURIED}")
}

/// Refuses a change whose repository was deleted since it was looked up. To be called after the row that refers to the
/// repository is written: on PostgreSQL that waits for a deletion under way, so that nothing lands in what is gone.
///
/// # Errors
/// `NotFound`.
pub(crate) fn require_live(tx: &mut Tx<'_>, repository: &Repository) -> Result<()> {
    let live: Option<i64> = repositories::table
        .find(repository.id.0)
        .filter(repositories::deleted_at.is_null())
        .select(repositories::id)
        .first(&mut **tx)
        .optional()?;
    live.map(|_| ()).ok_or_else(|| Error::NotFound(Thing::Repository(repository.name.as_str().to_string())))
}

/// As [`require_live`], for a namespace that was deleted or renamed since it was looked up: a repository that still got
/// its old name would belong to whoever takes the name next.
///
/// # Errors
/// `NotFound`.
pub(crate) fn require_live_namespace(tx: &mut Tx<'_>, namespace: &Namespace) -> Result<()> {
    let name: Option<String> =
        namespaces::table.find(namespace.id.0).select(namespaces::name).first(&mut **tx).optional()?;
    match name {
        Some(name) if name == namespace.name => Ok(()),
        _ => Err(Error::NotFound(Thing::Namespace(namespace.name.clone()))),
    }
}

/// Somebody may have taken the name between the question and the change.
fn taken(error: diesel::result::Error, thing: Thing) -> Error {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    match error {
        Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Error::AlreadyExists(thing),
        other => other.into(),
    }
}
