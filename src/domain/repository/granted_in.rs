//! What is granted to somebody directly within a namespace.

use diesel::prelude::*;

use super::Grantee;
use crate::access::{RepositoryRole, Visibility};
use crate::db::Conn;
use crate::db::schema::{repositories, repository_permissions};
use crate::error::Result;
use crate::organization::Namespace;
use crate::page::Limit;

/// A repository that is granted: its name within the namespace, who may pull it, the role.
pub type GrantedRepository = (String, Visibility, RepositoryRole);

/// Repositories of the namespace that are granted to a user, robot account or team, in the order of their names, after
/// `after`, at most `limit`. One statement. Indexes: `repository_permissions_by_user`, `…_by_robot`, `…_by_team`.
///
/// # Errors
/// As the database's.
pub(crate) fn granted_in(
    conn: &mut Conn,
    namespace: &Namespace,
    to: Grantee,
    after: &str,
    limit: &Limit,
) -> Result<Vec<GrantedRepository>> {
    use repository_permissions as p;
    let inside = format!("{}/", namespace.name);
    let mut question = p::table
        .inner_join(repositories::table.on(repositories::id.eq(p::repository_id)))
        .filter(repositories::namespace_id.eq(namespace.id.0))
        .filter(repositories::name.gt(format!("{inside}{after}")))
        .filter(repositories::deleted_at.is_null())
        .select((repositories::name, repositories::visibility, p::role))
        .order(repositories::name)
        .limit(limit.rows)
        .into_boxed();
    question = match to {
        Grantee::User(id) => question.filter(p::user_id.eq(id.0)),
        Grantee::Robot(id) => question.filter(p::robot_id.eq(id.0)),
        Grantee::Team(id) => question.filter(p::team_id.eq(id.0)),
    };
    if let Some(has) = limit.has_behind_namespace() {
        question = question.filter(has);
    }
    let rows: Vec<GrantedRepository> = question.load(conn)?;
    let short = |(name, visibility, role): GrantedRepository| {
        (name.strip_prefix(&inside).map(str::to_string).unwrap_or(name), visibility, role)
    };
    Ok(rows.into_iter().map(short).collect())
}
