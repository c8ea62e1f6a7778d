//! Pointing a tag somewhere and writing it down: every change of a tag ends here.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::expiry;
use crate::access::{Authorized, Write};
use crate::db::schema::{manifests, tag_events, tags};
use crate::db::{Conn, Tx, prepared};
use crate::error::Result;
use crate::ids::{ManifestId, RepositoryId};
use crate::oci::{Digest, TagName};
use crate::on_backend;
use crate::repository::Repository;
use crate::time::Timestamp;

/// Where a tag points now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// Row.
    pub id: i64,
    /// The manifest.
    pub digest: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

impl Head {
    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// Where a tag is to point.
pub(crate) struct Target<'a> {
    /// The manifest, which the repository has.
    pub manifest: ManifestId,
    /// Its digest.
    pub digest: &'a Digest,
    /// When the tag is to end.
    pub expires_at: Option<Timestamp>,
    /// Whether this brings back what was.
    pub reversion: bool,
}

/// What pointing a tag did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pointed {
    /// It pointed there already.
    Already,
    /// There was no such tag.
    New,
    /// It pointed at this digest before.
    Moved(String),
}

/// Where the tag points, over or not. Index: `tags (repository_id, name)`.
pub(crate) fn head(conn: &mut Conn, repository: RepositoryId, tag: &str) -> Result<Option<Head>> {
    let row: Option<(i64, String, Option<i64>)> = tags::table
        .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .filter(tags::repository_id.eq(repository.0))
        .filter(tags::name.eq(tag))
        .select((tags::id, manifests::digest, tags::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, digest, end)| Head { id, digest, expires_at: end.map(Timestamp) }))
}

/// Points a tag at a manifest and writes the move down, if it is one. A tag whose time is over is ended first.
pub(crate) fn point(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    tag: &TagName,
    target: &Target<'_>,
    now: Timestamp,
) -> Result<Pointed> {
    let mut before = head(tx, repository.id, tag.as_str())?;
    if let Some(over) = before.take_if(|head| head.is_over(now)) {
        expiry::end(tx, repository, tag.as_str(), &over, now)?;
    }
    let end = tags::expires_at.eq(target.expires_at.map(|end| end.0));
    if let Some(same) = before.as_ref().filter(|head| head.digest == target.digest.as_str()) {
        if same.expires_at != target.expires_at {
            diesel::update(tags::table.find(same.id)).set(end).execute(&mut **tx)?;
        }
        return Ok(Pointed::Already);
    }
    if put(tx, repository.id, tag, target, now)? {
        tx.count_tags(repository.id, 1);
    }
    let from = before.map(|head| head.digest);
    let step = Step {
        from: from.as_deref(),
        to: Some(target.digest.as_str()),
        reversion: target.reversion,
        actor: repository.caller().principal.name(),
        at: now,
    };
    note_step(tx, repository.id, tag.as_str(), &step)?;
    Ok(from.map_or(Pointed::New, Pointed::Moved))
}

/// Points the row there, making it if there is none; says whether it made one. Whether there is one is not decided by what
/// was asked before: another change may have been faster, and the count of tags must be right all the same.
fn put(tx: &mut Tx<'_>, repository: RepositoryId, tag: &TagName, target: &Target<'_>, now: Timestamp) -> Result<bool> {
    let end = tags::expires_at.eq(target.expires_at.map(|end| end.0));
    let size = tags::size.eq(size_here(tx, repository, target.manifest)?);
    let row = (
        tags::repository_id.eq(repository.0),
        tags::name.eq(tag.as_str()),
        tags::manifest_id.eq(target.manifest.0),
        tags::created_at.eq(now.0),
        tags::updated_at.eq(now.0),
        end,
        size,
    );
    let made =
        on_backend!(&mut *tx, c => diesel::insert_into(tags::table).values(row).on_conflict_do_nothing().execute(c))?;
    if made == 0 {
        diesel::update(tags::table.filter(tags::repository_id.eq(repository.0)).filter(tags::name.eq(tag.as_str())))
            .set((tags::manifest_id.eq(target.manifest.0), tags::updated_at.eq(now.0), end, size))
            .execute(&mut **tx)?;
    }
    Ok(made > 0)
}

/// Takes a tag's row away; says whether it was there.
pub(super) fn take(tx: &mut Tx<'_>, repository: RepositoryId, head: &Head) -> Result<bool> {
    let gone = diesel::delete(tags::table.find(head.id)).execute(&mut **tx)? > 0;
    tx.count_tags(repository, -i64::from(gone));
    Ok(gone)
}

/// The size of a manifest in a repository. Sizes that layers claim which nobody has are cut to 64 TiB, so that no sum is
/// too large for a number.
macro_rules! size_in {
    ($repository:literal, $manifest:literal) => {
        concat!(
            "(SELECT CASE WHEN m.content_size > 70368744177664 THEN 70368744177664 ELSE m.content_size END + COALESCE(( \
             SELECT CAST(SUM(CASE WHEN c.content_size > 70368744177664 THEN 70368744177664 ELSE c.content_size END) AS \
             BIGINT) FROM manifests c WHERE c.digest IN (SELECT x.digest FROM manifest_references x \
             WHERE x.manifest_id = m.id AND x.kind = 'child') AND EXISTS (SELECT 1 FROM repository_manifests l \
             WHERE l.repository_id = ",
            $repository,
            " AND l.manifest_id = c.id)), 0) FROM manifests m WHERE m.id = ",
            $manifest,
            ")"
        )
    };
}

/// Bytes of configuration and layers; of an index, of all that it lists and the repository has. Indexes: the primary keys
/// of `manifests`, `manifest_references` and `repository_manifests`, `manifests.digest`.
fn size_here(tx: &mut Tx<'_>, repository: RepositoryId, manifest: ManifestId) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        size: i64,
    }
    let question = prepared(concat!("SELECT ", size_in!("$1", "$2"), " AS size"))
        .bind::<BigInt, _>(repository.0)
        .bind::<BigInt, _>(manifest.0);
    let row: Row = on_backend!(&mut *tx, c => question.get_result(c))?;
    Ok(row.size)
}

/// Sizes anew the tags whose indexes list this manifest, which the repository just got or lost. Indexes:
/// `manifest_references_by_digest`, `tags_by_manifest`.
pub(crate) fn resize_indexes_of(tx: &mut Tx<'_>, repository: RepositoryId, child: &Digest) -> Result<()> {
    let resize = prepared(concat!(
        "UPDATE tags SET size = ",
        size_in!("tags.repository_id", "tags.manifest_id"),
        " WHERE repository_id = $1 AND manifest_id IN (SELECT x.manifest_id FROM manifest_references x \
         WHERE x.digest = $2 AND x.kind = 'child')"
    ))
    .bind::<BigInt, _>(repository.0)
    .bind::<Text, _>(child.as_str());
    on_backend!(&mut *tx, c => resize.execute(c))?;
    Ok(())
}

/// One step of a tag's history.
pub(crate) struct Step<'a> {
    /// Where it pointed.
    pub from: Option<&'a str>,
    /// Where it points since.
    pub to: Option<&'a str>,
    /// Whether that brings back what was.
    pub reversion: bool,
    /// Who did it.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Writes a step of a tag into its history.
pub(crate) fn note_step(tx: &mut Tx<'_>, repository: RepositoryId, tag: &str, step: &Step<'_>) -> Result<()> {
    diesel::insert_into(tag_events::table)
        .values((
            tag_events::repository_id.eq(repository.0),
            tag_events::tag.eq(tag),
            tag_events::from_digest.eq(step.from),
            tag_events::to_digest.eq(step.to),
            tag_events::actor.eq(step.actor),
            tag_events::at.eq(step.at.0),
            tag_events::reversion.eq(step.reversion),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Writes down that a tag is gone.
pub(crate) fn note_end(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &str,
    digest: &str,
    (actor, at): (&str, Timestamp),
) -> Result<()> {
    note_step(tx, repository, tag, &Step { from: Some(digest), to: None, reversion: false, actor, at })
}
