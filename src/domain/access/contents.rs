//! What is in a namespace, for whoever administers it: many repositories are asked for at once.

use std::sync::Arc;

use diesel::prelude::*;

use super::action::Admin;
use super::authorized::Authorized;
use super::role::{RepositoryRole, RepositoryState, Visibility};
use crate::db::Conn;
use crate::db::schema::repositories;
use crate::error::Result;
use crate::ids::RepositoryId;
use crate::oci::RepositoryName;
use crate::organization::Namespace;
use crate::repository::Repository;

impl Authorized<Namespace, Admin> {
    /// Those of the namespace's repositories that have one of these names, in the order of their names: whoever
    /// administers a namespace administers what is in it ([`policy`](super::policy)), as far as their token goes. One
    /// statement. Index: `repositories_by_namespace`.
    ///
    /// # Errors
    /// As the database's.
    pub fn repositories(
        &self,
        conn: &mut Conn,
        names: &[RepositoryName],
    ) -> Result<Vec<Authorized<Repository, Admin>>> {
        type Row = (i64, String, Visibility, RepositoryState);
        let wanted: Vec<&str> = names.iter().map(RepositoryName::as_str).collect();
        let rows: Vec<Row> = repositories::table
            .filter(repositories::namespace_id.eq(self.id.0))
            .filter(repositories::name.eq_any(wanted))
            .filter(repositories::deleted_at.is_null())
            .select((repositories::id, repositories::name, repositories::visibility, repositories::state))
            .order(repositories::name)
            .load(conn)?;
        let caller = self.shared_caller();
        let found = rows.into_iter().filter_map(|(id, name, visibility, state)| {
            let name: RepositoryName = name.parse().ok()?;
            let allowed = caller.ceiling.repository(&name) >= Some(RepositoryRole::Admin);
            let repository = Repository { id: RepositoryId(id), namespace: self.id, name, visibility, state };
            allowed.then(|| Authorized::new(Arc::new(repository), caller.clone()))
        });
        Ok(found.collect())
    }
}
