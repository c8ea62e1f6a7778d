//! A repository at a glance, and what was pushed last.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::list::stars_among;
use super::{Repository, RepositoryRow};
use crate::access::{Authorized, Read};
use crate::db::schema::{namespaces, repositories};
use crate::db::{Conn, fixed, prepared};
use crate::error::{Error, Result, Thing};
use crate::on_backend;
use crate::principal::Principal;
use crate::tag::names_signature;
use crate::time::Timestamp;

/// A tag to pull by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledBy {
    /// Its name.
    pub tag: String,
    /// What it points at, where that says so.
    pub artifact_type: Option<String>,
}

impl PulledBy {
    /// Of what [`PULLED_BY`] yields; names of tags have no space.
    fn of(row: &str) -> PulledBy {
        let (tag, artifact_type) = row.split_once(' ').unwrap_or((row, ""));
        let artifact_type = Some(artifact_type.to_string()).filter(|one| !one.is_empty());
        PulledBy { tag: tag.to_string(), artifact_type }
    }
}

/// What the head of each of a repository's pages, and the first of them, show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Markdown.
    pub description: String,
    /// Whether an organization owns it, not a user.
    pub is_organization: bool,
    /// How long a tag that is gone can be brought back, in seconds.
    pub tag_expiration_s: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When a tag last moved.
    pub pushed_at: Option<Timestamp>,
    /// What there is to pull: `latest`, or else the tag that moved last.
    pub pulled_by: Option<PulledBy>,
    /// How many tags it has.
    pub tags: i64,
    /// Bytes of its blobs.
    pub size: i64,
    /// How often it was pulled from.
    pub pulls: i64,
    /// How many people starred it.
    pub stars: i64,
    /// Whether the caller did.
    pub starred: bool,
}

/// The tag, a space and what it points at. Names of signatures say what an image is, and are none to pull.
const PULLED_BY: &str = concat!(
    "(SELECT p.name || ' ' || COALESCE(m.artifact_type, '') FROM tags p JOIN manifests m ON m.id = p.manifest_id \
     WHERE p.id = COALESCE((SELECT t.id FROM tags t WHERE t.repository_id = repositories.id AND t.name = 'latest'), \
     (SELECT t.id FROM tags t WHERE t.repository_id = repositories.id AND NOT ",
    names_signature!(),
    " ORDER BY t.updated_at DESC, t.id DESC LIMIT 1)))"
);

/// A repository at a glance: two statements. Primary keys of `repositories`, `namespaces` and `stars`; `tags (repository_id,
/// name)`, `tags_by_time`.
///
/// # Errors
/// `NotFound` if it went away meanwhile.
pub fn overview(conn: &mut Conn, repository: &Authorized<Repository, Read>) -> Result<Overview> {
    use repositories as r;
    type Row = ((String, String, i64, Option<String>), (i64, Option<i64>), (i64, i64, i64, i64));
    let row: Option<Row> = r::table
        .inner_join(namespaces::table.on(namespaces::id.eq(r::namespace_id)))
        .filter(r::id.eq(repository.id.0))
        .select((
            (r::description, namespaces::kind, namespaces::tag_expiration_s, fixed::<Nullable<Text>>(PULLED_BY)),
            (r::created_at, r::pushed_at),
            (r::tags, r::size, r::pulls, r::stars),
        ))
        .first(conn)
        .optional()?;
    let gone = || Error::NotFound(Thing::Repository(repository.name.as_str().to_string()));
    let ((description, kind, tag_expiration_s, pulled_by), (created_at, pushed_at), (tags, size, pulls, stars)) =
        row.ok_or_else(gone)?;
    let starred = match repository.caller().principal {
        Principal::User { id, .. } => !stars_among(conn, id, vec![repository.id.0])?.is_empty(),
        _ => false,
    };
    Ok(Overview {
        description,
        is_organization: kind == "organization",
        tag_expiration_s,
        created_at: Timestamp(created_at),
        pushed_at: pushed_at.map(Timestamp),
        pulled_by: pulled_by.as_deref().map(PulledBy::of),
        tags,
        size,
        pulls,
        stars,
        starred,
    })
}

/// When a tag last moved in a repository. Primary key.
///
/// # Errors
/// As the database's.
pub fn pushed_at(conn: &mut Conn, repository: &Authorized<Repository, Read>) -> Result<Option<Timestamp>> {
    let at: Option<Option<i64>> =
        repositories::table.find(repository.id.0).select(repositories::pushed_at).first(conn).optional()?;
    Ok(at.flatten().map(Timestamp))
}

/// The latest move of a tag in a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestPush {
    /// The tag.
    pub tag: String,
    /// Who moved it.
    pub actor: String,
}

/// Which tag moved last in each of these repositories of a page, by row. One statement. Index: `tag_events_by_time`.
///
/// # Errors
/// As the database's.
pub fn latest_pushes(conn: &mut Conn, of: &[RepositoryRow]) -> Result<HashMap<i64, LatestPush>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
        #[diesel(sql_type = Text)]
        tag: String,
        #[diesel(sql_type = Text)]
        actor: String,
    }
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<i64> = of.iter().map(|row| row.id).collect();
    let question = prepared(
        "SELECT e.repository_id AS id, e.tag AS tag, e.actor AS actor FROM repositories r JOIN tag_events e ON e.id = \
         (SELECT l.id FROM tag_events l WHERE l.repository_id = r.id AND l.to_digest IS NOT NULL \
          ORDER BY l.id DESC LIMIT 1) WHERE r.id IN ($1)",
    )
    .numbers(&ids);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(|row| (row.id, LatestPush { tag: row.tag, actor: row.actor })).collect())
}
