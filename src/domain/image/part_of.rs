//! The indexes that list a manifest: the way back from one platform to all of them.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::access::{Authorized, Read};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::repository::Repository;
use crate::time::Timestamp;

/// Indexes that are shown.
const SHOWN: i64 = 5;
/// Places where a manifest is listed that are looked at, the newest first; most are in other repositories.
const LOOKED_AT: i64 = 500;

/// An index of the repository.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct PartOf {
    /// Its digest.
    #[diesel(sql_type = Text)]
    pub digest: String,
    /// The first, by name, of the tags that point at it now.
    #[diesel(sql_type = Nullable<Text>)]
    pub tag: Option<String>,
}

/// The newest indexes of the repository that list this manifest, five at most. One statement. Indexes:
/// `manifest_references_by_digest`, the primary keys of `repository_manifests` and `manifests`, `tags_by_manifest`.
///
/// # Errors
/// As the database's.
pub fn part_of(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    digest: &str,
    now: Timestamp,
) -> Result<Vec<PartOf>> {
    let question = prepared(
        "SELECT m.digest AS digest, (SELECT MIN(t.name) FROM tags t WHERE t.manifest_id = m.id AND t.repository_id = $repository \
           AND (t.expires_at IS NULL OR t.expires_at > $now)) AS tag \
         FROM (SELECT DISTINCT x.manifest_id AS id FROM (SELECT manifest_id, kind FROM manifest_references \
             WHERE digest = $digest ORDER BY manifest_id DESC LIMIT $looked) x WHERE x.kind = 'child') i \
         JOIN repository_manifests l ON l.manifest_id = i.id AND l.repository_id = $repository \
         JOIN manifests m ON m.id = i.id ORDER BY m.id DESC LIMIT $shown",
    )
    .with("repository", repository.id.0)
    .with("now", now.0)
    .with("digest", digest)
    .with("looked", LOOKED_AT)
    .with("shown", SHOWN);
    Ok(on_backend!(conn, c => question.load(c))?)
}
