//! What was deleted and can come back.

use diesel::prelude::*;

use super::BURIED;
use crate::access::{Authorized, Inspect, Instance};
use crate::db::schema::{namespaces, repositories};
use crate::db::{Conn, text_enum};
use crate::error::Result;
use crate::organization::Namespace;
use crate::time::Timestamp;

text_enum! {
    /// What kind of thing was deleted.
    DeletedKind {
        /// An organization.
        Organization = "organization",
        /// A repository, alone.
        Repository = "repository",
        /// A user.
        User = "user",
    }
}

/// Something deleted that can come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Of what kind.
    pub kind: DeletedKind,
    /// Its row: of the namespace for organizations and users, of the repository for repositories.
    pub id: i64,
    /// The name it had.
    pub name: String,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

impl Deleted {
    /// Where it is in the list.
    pub fn key(&self) -> (i64, i64, bool) {
        (self.deleted_at.0, self.id, self.kind == DeletedKind::Repository)
    }
}

/// What was deleted and can come back, oldest first, after the key `after`, at most `limit`. Repositories that went with
/// their namespace come back with it and are not listed. Indexes: `namespaces_by_deletion`,
/// `repositories_deleted_alone`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    _instance: &Authorized<Instance, Inspect>,
    after: Option<(i64, i64, bool)>,
    limit: i64,
) -> Result<Vec<Deleted>> {
    let (at, id, was_repository) = after.unwrap_or((i64::MIN, i64::MIN, false));
    // At the key's moment and row only a repository can follow, and only if the key was not one.
    let namespaces_after = id;
    let repositories_after = if was_repository { id } else { id.saturating_sub(1) };
    type Row = (i64, Option<String>, Option<i64>);
    let later =
        namespaces::deleted_at.gt(at).or(namespaces::deleted_at.eq(at).and(namespaces::id.gt(namespaces_after)));
    let gone: Vec<(i64, Option<String>, Option<i64>, String)> = namespaces::table
        .filter(namespaces::deleted_at.is_not_null())
        .filter(namespaces::deleted_at.ge(at))
        .filter(later)
        .select((namespaces::id, namespaces::deleted_name, namespaces::deleted_at, namespaces::kind))
        .order((namespaces::deleted_at, namespaces::id))
        .limit(limit)
        .load(conn)?;
    let later = repositories::deleted_at
        .gt(at)
        .or(repositories::deleted_at.eq(at).and(repositories::id.gt(repositories_after)));
    let alone: Vec<Row> = repositories::table
        .filter(repositories::deleted_name.is_not_null())
        .filter(repositories::deleted_at.ge(at))
        .filter(later)
        .select((repositories::id, repositories::deleted_name, repositories::deleted_at))
        .order((repositories::deleted_at, repositories::id))
        .limit(limit)
        .load(conn)?;
    let made = |kind, (id, name, at): Row| Deleted {
        kind,
        id,
        name: name.unwrap_or_default(),
        deleted_at: Timestamp(at.unwrap_or(0)),
    };
    let mut all: Vec<Deleted> = alone.into_iter().map(|row| made(DeletedKind::Repository, row)).collect();
    all.extend(gone.into_iter().map(|(id, name, at, kind)| {
        let kind = if kind == "user" { DeletedKind::User } else { DeletedKind::Organization };
        made(kind, (id, name, at))
    }));
    all.sort_by_key(Deleted::key);
    all.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(all)
}

/// Repositories of the namespace that were deleted alone, not before `since`, and can come back: the last one first,
/// before the moment and row `after`, at most `limit`. Looks at all that are deleted in the namespace. Index:
/// `repositories_by_namespace`, from [`BURIED`] on.
///
/// # Errors
/// As the database's.
pub fn list_of(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Inspect>,
    since: Timestamp,
    after: Option<(i64, i64)>,
    limit: i64,
) -> Result<Vec<Deleted>> {
    use repositories as r;
    let (at, id) = after.unwrap_or((i64::MAX, i64::MAX));
    let rows: Vec<(i64, Option<String>, Option<i64>)> = r::table
        .filter(r::namespace_id.eq(namespace.id.0))
        .filter(r::name.ge(BURIED))
        .filter(r::deleted_name.is_not_null())
        .filter(r::deleted_at.ge(since.0))
        .filter(r::deleted_at.lt(at).or(r::deleted_at.eq(at).and(r::id.lt(id))))
        .select((r::id, r::deleted_name, r::deleted_at))
        .order((r::deleted_at.desc(), r::id.desc()))
        .limit(limit)
        .load(conn)?;
    let made = |(id, name, at): (i64, Option<String>, Option<i64>)| Deleted {
        kind: DeletedKind::Repository,
        id,
        name: name.unwrap_or_default(),
        deleted_at: Timestamp(at.unwrap_or(0)),
    };
    Ok(rows.into_iter().map(made).collect())
}
