//! Which manifests name a digest as their subject.
//!
//! The index is made from the manifests themselves when they are pushed. What clients wrote under the fallback tag
//! (`sha256-<hex>`) before the registry knew referrers is looked at too, but only for which manifests it lists: what it
//! says about them is often wrong, so descriptors are rebuilt from what is stored.
//!
//! Source: OCI distribution specification, "Listing Referrers" and "Referrers Tag Schema".

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::access::{Authorized, Read};
use crate::db::schema::{manifest_references, manifests, repository_manifests, tags};
use crate::db::{Conn, fixed};
use crate::error::Result;
use crate::ids::ManifestId;
use crate::oci::Digest;
use crate::repository::Repository;
use crate::time::Timestamp;

/// At most so many manifests of a fallback index are looked at.
const FALLBACK_ENTRIES: i64 = 1_000;

/// A manifest that refers to a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// Row; pages go on after it.
    pub id: ManifestId,
    /// Digest.
    pub digest: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// What it is.
    pub artifact_type: Option<String>,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
}

type Row = (i64, String, String, i64, Option<String>, String);

/// Referrers of `subject` in the order they were first pushed, after `after`, at most `limit`; only of this artifact type
/// if one is given. Indexes: `repository_manifests_by_subject`, `tags (repository_id, name)`.
///
/// # Errors
/// As the database's.
pub fn referrers(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    (subject, now): (&Digest, Timestamp),
    artifact_type: Option<&str>,
    after: ManifestId,
    limit: i64,
) -> Result<Vec<Referrer>> {
    let listed = listed_by_fallback(conn, repository, subject, now)?;
    let mut question = repository_manifests::table
        .inner_join(manifests::table.on(manifests::id.eq(repository_manifests::manifest_id)))
        .filter(repository_manifests::repository_id.eq(repository.id.0))
        .filter(repository_manifests::manifest_id.gt(after.0))
        .select((
            manifests::id,
            manifests::digest,
            repository_manifests::media_type,
            fixed::<BigInt>("CAST(LENGTH(manifests.bytes) AS BIGINT)"),
            manifests::artifact_type,
            manifests::annotations,
        ))
        .order(repository_manifests::manifest_id)
        .limit(limit)
        .into_boxed();
    question = if listed.is_empty() {
        question.filter(repository_manifests::subject_digest.eq(subject.as_str()))
    } else {
        question.filter(repository_manifests::subject_digest.eq(subject.as_str()).or(manifests::digest.eq_any(listed)))
    };
    if let Some(artifact_type) = artifact_type {
        question = question.filter(manifests::artifact_type.eq(artifact_type));
    }
    let rows: Vec<Row> = question.load(conn)?;
    Ok(rows.into_iter().map(referrer).collect())
}

/// Digests listed by the index under the fallback tag that name no subject of their own.
fn listed_by_fallback(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    subject: &Digest,
    now: Timestamp,
) -> Result<Vec<String>> {
    let index: Option<i64> = tags::table
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::name.eq(subject.referrers_tag().as_str()))
        .filter(tags::expires_at.is_null().or(tags::expires_at.gt(now.0)))
        .select(tags::manifest_id)
        .first(conn)
        .optional()?;
    let Some(index) = index else { return Ok(Vec::new()) };
    Ok(manifest_references::table
        .inner_join(manifests::table.on(manifests::digest.eq(manifest_references::digest)))
        .filter(manifest_references::manifest_id.eq(index))
        .filter(manifest_references::kind.eq("child"))
        .filter(manifests::subject_digest.is_null())
        .filter(manifests::digest.ne(subject.as_str()))
        .select(manifests::digest)
        .limit(FALLBACK_ENTRIES)
        .load(conn)?)
}

fn referrer((id, digest, media_type, size, artifact_type, annotations): Row) -> Referrer {
    // Written by us from a parsed manifest; an unreadable one would only lose its annotations here.
    let annotations = serde_json::from_str(&annotations).unwrap_or_default();
    Referrer { id: ManifestId(id), digest, media_type, size, artifact_type, annotations }
}
