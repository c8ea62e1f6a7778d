//! The one query behind every permission check.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::policy::Facts;
use super::role::{RepositoryRole, RepositoryState, Standing, TeamRole, Visibility};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::ids::{NamespaceId, RepositoryId};
use crate::oci::RepositoryName;
use crate::on_backend;
use crate::principal::Principal;
use crate::repository::Repository;
use crate::time::Timestamp;

/// What is known about a caller and a name.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// The namespace, if there is one of that name.
    pub namespace: Option<NamespaceId>,
    /// Whether that is an organization's.
    pub is_organization: bool,
    /// The repository, if there is one of that name.
    pub repository: Option<Repository>,
    /// Registry tokens made before this moment count no more.
    pub credentials_at: Timestamp,
    /// What the policy decides from. `visibility` is private where there is no repository.
    pub facts: Facts,
}

/// Ids that belong to nobody stand in for "not a user" and "not a robot", so that one statement serves every caller.
const NOBODY: i64 = -1;

/// Starts from one row that always exists, so that a disabled caller is noticed for unknown names too. The ranks in the
/// subqueries follow the order of the role enums. Indexes: `namespaces.name`, `repositories.name`,
/// `repository_permissions_by_*`, `team_members_by_*`.
const QUESTION: &str = "\
SELECT n.id AS namespace_id, n.kind AS namespace_kind, r.id AS repository_id, r.visibility AS visibility, r.state AS state, \
 u.enabled AS user_enabled, COALESCE(u.credentials_at, b.credentials_at) AS credentials_at, u.standing AS standing, u.namespace_id AS own_namespace_id, \
 CASE WHEN b.id IS NULL THEN NULL ELSE bn.deleted_at IS NULL AND COALESCE(o.enabled, b.id = b.id) END AS robot_enabled, \
 (SELECT MAX(CASE t.role WHEN 'admin' THEN 3 WHEN 'creator' THEN 2 ELSE 1 END) FROM team_members m \
   JOIN teams t ON t.id = m.team_id WHERE t.organization_id = n.id AND m.user_id = $1) AS user_team_rank, \
 (SELECT MAX(CASE t.role WHEN 'admin' THEN 3 WHEN 'creator' THEN 2 ELSE 1 END) FROM team_members m \
   JOIN teams t ON t.id = m.team_id WHERE t.organization_id = n.id AND m.robot_id = $2) AS robot_team_rank, \
 (SELECT MAX(CASE p.role WHEN 'admin' THEN 3 WHEN 'write' THEN 2 ELSE 1 END) FROM repository_permissions p \
   WHERE p.repository_id = r.id AND (p.user_id = $1 OR p.robot_id = $2 OR p.team_id IN \
     (SELECT m.team_id FROM team_members m WHERE m.user_id = $1 OR m.robot_id = $2))) AS grant_rank \
FROM (SELECT 1 AS one) caller \
LEFT JOIN users u ON u.id = $1 \
LEFT JOIN robots b ON b.id = $2 \
LEFT JOIN users o ON o.namespace_id = b.namespace_id \
LEFT JOIN namespaces bn ON bn.id = b.namespace_id \
LEFT JOIN namespaces n ON n.name = $3 \
LEFT JOIN repositories r ON r.name = $4";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<BigInt>)]
    namespace_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    namespace_kind: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    repository_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    visibility: Option<Visibility>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<RepositoryState>,
    #[diesel(sql_type = Nullable<Bool>)]
    user_enabled: Option<bool>,
    #[diesel(sql_type = Nullable<BigInt>)]
    credentials_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    standing: Option<Standing>,
    #[diesel(sql_type = Nullable<BigInt>)]
    own_namespace_id: Option<i64>,
    #[diesel(sql_type = Nullable<Bool>)]
    robot_enabled: Option<bool>,
    #[diesel(sql_type = Nullable<Integer>)]
    user_team_rank: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    robot_team_rank: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    grant_rank: Option<i32>,
}

/// Asks the database about a caller and a name: `namespace` must be the first part of `repository` where that is given.
///
/// # Errors
/// As the database's.
pub(super) fn load(
    conn: &mut Conn,
    principal: &Principal,
    namespace: &str,
    repository: Option<&RepositoryName>,
) -> Result<Known> {
    let (user, robot) = match principal {
        Principal::User { id, .. } => (id.0, NOBODY),
        Principal::Robot { id, .. } => (NOBODY, id.0),
        Principal::Anonymous | Principal::System(_) => (NOBODY, NOBODY),
    };
    let question = prepared(QUESTION)
        .bind::<BigInt, _>(user)
        .bind::<BigInt, _>(robot)
        .bind::<Text, _>(namespace)
        .bind::<Text, _>(repository.map_or("", RepositoryName::as_str));
    let row: Row = on_backend!(conn, c => question.get_result(c))?;
    Ok(known(&row, principal, repository))
}

fn known(row: &Row, principal: &Principal, name: Option<&RepositoryName>) -> Known {
    let namespace = row.namespace_id.map(NamespaceId);
    let visibility = row.visibility.unwrap_or(Visibility::Private);
    let facts = match principal {
        Principal::Anonymous => Facts::anonymous(visibility),
        Principal::System(_) => Facts { standing: Standing::Superuser, ..Facts::anonymous(visibility) },
        Principal::User { .. } | Principal::Robot { .. } => Facts {
            // A row that is gone is as good as disabled.
            active: row.user_enabled.or(row.robot_enabled).unwrap_or(false),
            standing: row.standing.unwrap_or(Standing::Plain),
            owns_namespace: row.own_namespace_id.is_some()
                && row.own_namespace_id == row.namespace_id
                && row.namespace_kind.as_deref() == Some("user"),
            team_role: team_role(row.user_team_rank.max(row.robot_team_rank)),
            granted: repository_role(row.grant_rank),
            visibility,
        },
    };
    let repository = match (row.repository_id, namespace, name) {
        (Some(id), Some(namespace), Some(name)) => {
            let state = row.state.unwrap_or(RepositoryState::Normal);
            Some(Repository { id: RepositoryId(id), namespace, name: name.clone(), visibility, state })
        }
        _ => None,
    };
    Known {
        is_organization: row.namespace_kind.as_deref() == Some("organization"),
        namespace,
        repository,
        credentials_at: Timestamp(row.credentials_at.unwrap_or(0)),
        facts,
    }
}

fn team_role(rank: Option<i32>) -> Option<TeamRole> {
    rank.and_then(|rank| TeamRole::ALL.get(usize::try_from(rank - 1).ok()?).copied())
}

fn repository_role(rank: Option<i32>) -> Option<RepositoryRole> {
    rank.and_then(|rank| RepositoryRole::ALL.get(usize::try_from(rank - 1).ok()?).copied())
}
