//! Where else the layers of a manifest are.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::access::{ApiScope, Authorized, Read, Standing};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::ids::ManifestId;
use crate::on_backend;
use crate::principal::Principal;
use crate::repository::Repository;

/// Names shown of one layer.
const SHOWN: usize = 20;
/// Links looked at for one layer, newest repositories first: a base layer may be in very many that the caller may not
/// know of.
const LOOKED_AT: i64 = 5_000;
/// Layers looked at.
const LAYERS: i64 = 500;

/// Other repositories that have a layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    /// Names of those the caller may read, newest repository first; at most twenty.
    pub names: Vec<String>,
    /// Whether there are more that the caller may read.
    pub more: bool,
}

/// For each layer at most so many names as are shown and one more. What the caller may read is the rule of
/// [`crate::access::policy`]: public ones, those in namespaces they administer, those granted to them or their teams.
const QUESTION: &str = "\
SELECT b.digest AS digest, (SELECT string_agg(n.name, ',') FROM ( \
  SELECT r.name AS name FROM ( \
    SELECT x.repository_id FROM repository_blobs x WHERE x.blob_id = b.id AND x.repository_id <> $1 \
    ORDER BY x.repository_id DESC LIMIT $2) c \
  JOIN repositories r ON r.id = c.repository_id \
  WHERE r.deleted_at IS NULL AND (r.visibility = 'public' OR $3 = 1 \
    OR r.namespace_id IN (SELECT u.namespace_id FROM users u WHERE u.id = $4 \
      UNION SELECT t.organization_id FROM team_members m JOIN teams t ON t.id = m.team_id \
        WHERE t.role = 'admin' AND (m.user_id = $4 OR m.robot_id = $5)) \
    OR EXISTS (SELECT 1 FROM repository_permissions p WHERE p.repository_id = r.id AND (p.user_id = $4 \
      OR p.robot_id = $5 OR p.team_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = $4 OR m.robot_id = $5)))) \
  ORDER BY r.id DESC LIMIT $6) n) AS names \
FROM repository_manifests rm \
JOIN manifest_references mr ON mr.manifest_id = rm.manifest_id AND mr.kind = 'layer' \
JOIN blobs b ON b.digest = mr.digest \
WHERE rm.repository_id = $1 AND rm.manifest_id = $7 ORDER BY mr.position LIMIT $8";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    digest: String,
    #[diesel(sql_type = Nullable<Text>)]
    names: Option<String>,
}

/// Other repositories that have the layers of a manifest, by digest; layers nobody else has are not in it. `standing` is
/// how the caller stands to the registry with the token considered ([`crate::access::Access::standing`]).
///
/// One statement. Indexes: `manifest_references` primary key, `blobs.digest`, `repository_blobs_by_blob`, primary key of
/// `repositories`, `repository_permissions_by_repository`. A layer in more repositories than are looked at may be in some
/// that are not named.
///
/// # Errors
/// As the database's.
pub fn shared_layers(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    standing: Standing,
    manifest: ManifestId,
) -> Result<HashMap<String, Shared>> {
    let caller = repository.caller();
    // A token for a few repositories shows no more than those; it is not worth asking about each.
    let (user, robot) = match &caller.principal {
        _ if !caller.ceiling.covers(ApiScope::RepositoryRead) => (-1, -1),
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => (-1, -1),
    };
    let everything = standing >= Standing::ReadOnlySuperuser && caller.ceiling.covers(ApiScope::RepositoryRead);
    let question = prepared(QUESTION)
        .bind::<BigInt, _>(repository.id.0)
        .bind::<BigInt, _>(LOOKED_AT)
        .bind::<BigInt, _>(i64::from(everything))
        .bind::<BigInt, _>(user)
        .bind::<BigInt, _>(robot)
        .bind::<BigInt, _>(i64::try_from(SHOWN + 1).unwrap_or(i64::MAX))
        .bind::<BigInt, _>(manifest.0)
        .bind::<BigInt, _>(LAYERS);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().filter_map(|row| Some((row.digest, shared(&row.names?)))).collect())
}

/// Names of repositories have no commas.
fn shared(joined: &str) -> Shared {
    let mut names: Vec<String> = joined.split(',').map(str::to_string).collect();
    let more = names.len() > SHOWN;
    names.truncate(SHOWN);
    Shared { names, more }
}
