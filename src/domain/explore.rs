//! One box to find everything: repositories, organizations, users, tags and digests.
//!
//! What is found is what the reader may see anyway; the rest is not counted, not named and not hinted at. What is exactly
//! the text comes first, then what begins with it, then what contains it; among equals what is pulled most. Each kind is
//! one statement or few that look at a bounded number of rows, so that the answer is there while somebody types.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};

use crate::access::{Standing, Visibility};
use crate::db::{Conn, like_pattern, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::rows_of;
use crate::principal::Principal;
use crate::repository::grams::{self, Part};
use crate::repository::parts::{ADMINISTERED, GRANTED, ids, is_readable, of_reader};
use crate::repository::{self, Among, CatalogReader, RepositoryQuery, RepositorySort, SearchHit, rows};

/// A longer text is no name of anything, digests included.
const MAX_TEXT: usize = 255;
/// Repositories whose name has the rarest part of the text that are looked at.
const LOOKED_AT: usize = 500;
/// Namespaces a text is looked for in, beside those that begin with it.
const NAMESPACES: usize = 2_000;
/// Tags, and repositories of the reader's own, that are looked at for a tag.
const TAGS: usize = 100;
const OWN: usize = 200;
/// Fewer digits of a digest are as well a name.
const MIN_DIGITS: usize = 7;

/// A repository that was found.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct FoundRepository {
    /// Whole name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Who may pull it.
    #[diesel(sql_type = Text)]
    pub visibility: Visibility,
    /// The beginning of what it says about itself.
    #[diesel(sql_type = Text)]
    pub description: String,
    /// How often it was pulled from.
    #[diesel(sql_type = BigInt)]
    pub pulls: i64,
}

/// A tag that was found.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct FoundTag {
    /// Whole name of its repository.
    #[diesel(sql_type = Text)]
    pub repository: String,
    /// Name.
    #[diesel(sql_type = Text)]
    pub tag: String,
}

/// A manifest that was found.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct FoundManifest {
    /// Whole name of its repository.
    #[diesel(sql_type = Text)]
    pub repository: String,
    /// Its digest.
    #[diesel(sql_type = Text)]
    pub digest: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Repositories.
    pub repositories: Vec<FoundRepository>,
    /// Names of organizations; for nobody in particular those with public repositories.
    pub organizations: Vec<String>,
    /// Names of users, for who is signed in.
    pub users: Vec<String>,
    /// Tags of this name, or that begin with it.
    pub tags: Vec<FoundTag>,
    /// Manifests whose digest begins so.
    pub manifests: Vec<FoundManifest>,
}

/// Finds `text`, at most `limit` of each kind. Ten statements at most.
///
/// # Errors
/// As the database's.
pub fn find(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Found> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_TEXT || text.contains('\0') {
        return Ok(Found::default());
    }
    let (organizations, users) = namespaces(conn, reader, &text.to_lowercase(), limit)?;
    Ok(Found {
        repositories: repositories(conn, reader, &text.to_lowercase(), limit)?,
        organizations,
        users,
        tags: tags(conn, reader, text, limit)?,
        manifests: manifests(conn, reader, &text.to_lowercase(), limit)?,
    })
}

/// Repositories by their names: behind the namespace, or, where the text has a slash, from the beginning.
///
/// Indexes: the primary key of `repository_grams`, `repositories.name`.
///
/// # Errors
/// As the database's.
pub fn repositories(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Vec<FoundRepository>> {
    if text.contains('/') {
        return ranked(conn, reader, (text, "r.name"), None, limit);
    }
    for part in [Part::Any, Part::Beginning, Part::Whole] {
        if let Some(found) = grams::having(conn, text, part, LOOKED_AT)? {
            if found.is_empty() {
                return Ok(Vec::new());
            }
            let path = match conn {
                Conn::Sqlite(_) => "SUBSTR(r.name, INSTR(r.name, '/') + 1)",
                Conn::Postgres(_) => "SUBSTR(r.name, STRPOS(r.name, '/') + 1)",
            };
            return ranked(conn, reader, (text, path), Some(&found), limit);
        }
    }
    // So many are called so that those pulled most are a good answer.
    let query = RepositoryQuery {
        sort: RepositorySort::Pulls,
        containing: Some(text.to_string()),
        ..RepositoryQuery::of(Among::Readable, limit)
    };
    let page = rows(conn, reader, &query)?.page;
    let found = page.rows.into_iter().map(|row| FoundRepository {
        name: row.name,
        visibility: row.visibility,
        description: row.description,
        pulls: row.pulls,
    });
    Ok(found.collect())
}

/// As [`repositories`], with what Quay's search shows of each. What is too short or has a slash may be any part of the
/// first few thousand names.
///
/// # Errors
/// As the database's.
pub fn hits(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Vec<SearchHit>> {
    let text = text.to_lowercase();
    if text.len() < grams::LENGTH || text.contains('/') {
        return repository::find(conn, reader, &text, limit);
    }
    let names: Vec<String> = repositories(conn, reader, &text, limit)?.into_iter().map(|found| found.name).collect();
    let mut hits = repository::hits(conn, names.clone())?;
    hits.sort_by_key(|hit| names.iter().position(|name| *name == hit.name));
    Ok(hits)
}

/// Those of the rows `among`, or else those whose whole name begins so.
fn ranked(
    conn: &mut Conn,
    reader: &CatalogReader,
    (text, name): (&str, &str),
    among: Option<&[i64]>,
    limit: usize,
) -> Result<Vec<FoundRepository>> {
    let beginning = format!(
        "SELECT n.id FROM repositories n WHERE n.name >= $1 AND n.name < $1 || '~' ORDER BY n.name LIMIT {LOOKED_AT}"
    );
    let some = if among.is_some() { "$2" } else { beginning.as_str() };
    let question = prepared(format!(
        "SELECT r.name AS name, r.visibility AS visibility, SUBSTR(r.description, 1, 200) AS description, \
          r.pulls AS pulls, CASE WHEN {name} = $1 THEN 0 WHEN SUBSTR({name}, 1, LENGTH($1)) = $1 THEN 1 ELSE 2 END AS rank \
         FROM repositories r WHERE r.id IN ({some}) AND +r.deleted_at IS NULL AND {} \
         ORDER BY rank, r.pulls DESC, r.name LIMIT $limit",
        is_readable(reader)
    ))
    .bind::<Text, _>(text)
    .numbers(among.unwrap_or_default());
    let question = of_reader(question, ids(&reader.principal)).with("limit", rows_of(limit));
    Ok(on_backend!(conn, c => question.load(c))?)
}

#[derive(QueryableByName)]
struct NamespaceRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_organization: bool,
    #[diesel(sql_type = Integer)]
    #[expect(dead_code, reason = "what the statement sorts by")]
    rank: i32,
}

/// Organizations and users. Index: `namespaces_by_kind`.
fn namespaces(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<(Vec<String>, Vec<String>)> {
    let signed_in = !matches!(reader.principal, Principal::Anonymous);
    let seen = match signed_in || reader.standing > Standing::Plain {
        true => "",
        false => {
            // Along the namespace, not along all that is public.
            "AND EXISTS (SELECT 1 FROM repositories r WHERE r.namespace_id = n.id AND r.visibility || '' = 'public' \
             AND r.deleted_at IS NULL)"
        }
    };
    let kinds = if signed_in { &["organization", "user"][..] } else { &["organization"] };
    let of_kind = |kind: &&str| {
        let is_organization = if *kind == "organization" { "1 = 1" } else { "1 = 0" };
        format!(
            "SELECT * FROM (SELECT n.name AS name, {is_organization} AS is_organization, \
               CASE WHEN n.name = $1 THEN 0 WHEN n.name >= $1 AND n.name < $1 || '~' THEN 1 ELSE 2 END AS rank FROM ( \
               SELECT * FROM (SELECT id, name FROM namespaces WHERE kind = '{kind}' AND name >= $1 AND name < $1 || '~' \
                 ORDER BY name LIMIT $limit) first_ones \
               UNION SELECT id, name FROM (SELECT id, name FROM namespaces WHERE kind = '{kind}' AND name < '~' \
                 ORDER BY name LIMIT {NAMESPACES}) looked_at WHERE name LIKE $2 ESCAPE '\\') n \
             WHERE n.name < '~' {seen} ORDER BY rank, name LIMIT $limit) of_kind"
        )
    };
    let all: Vec<String> = kinds.iter().map(of_kind).collect();
    let question = prepared(format!("{} ORDER BY is_organization, rank, name", all.join(" UNION ALL ")))
        .bind::<Text, _>(text)
        .bind::<Text, _>(like_pattern(text))
        .with("limit", rows_of(limit));
    let found: Vec<NamespaceRow> = on_backend!(conn, c => question.load(c))?;
    let (organizations, users): (Vec<NamespaceRow>, Vec<NamespaceRow>) =
        found.into_iter().partition(|row| row.is_organization);
    let names = |rows: Vec<NamespaceRow>| rows.into_iter().map(|row| row.name).collect();
    Ok((names(organizations), names(users)))
}

/// Tags of this name, then those that begin with it: anybody's, and, since those may all be out of sight, those of what is
/// granted to the reader and of some in namespaces they administer. The cross joins keep SQLite from beginning at the
/// other end.
///
/// Indexes: `tags_by_name`, `tags (repository_id, name)`, `repositories_by_namespace`.
fn tags(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Vec<FoundTag>> {
    if text.parse::<crate::oci::TagName>().is_err() {
        return Ok(Vec::new());
    }
    let who = ids(&reader.principal);
    let walk = |rank: u8, which: &str, order: &str| {
        format!(
            "SELECT * FROM (SELECT t.id AS id, {rank} AS rank FROM tags t WHERE {which} ORDER BY {order} LIMIT {TAGS}) w{rank}"
        )
    };
    let mut walks = vec![
        walk(0, "t.name = $1", "t.repository_id"),
        walk(2, "t.name > $1 AND t.name < $1 || '~'", "t.name, t.repository_id"),
    ];
    if who != (-1, -1) {
        walks.push(format!(
            "SELECT t.id AS id, 0 AS rank FROM (SELECT * FROM ({GRANTED}) all_of_them LIMIT {OWN}) g CROSS JOIN tags t \
             WHERE t.repository_id = g.repository_id AND t.name = $1"
        ));
        walks.push(format!(
            "SELECT t.id AS id, 0 AS rank FROM (SELECT o.id FROM repositories o WHERE o.namespace_id IN ({ADMINISTERED}) \
              AND o.deleted_at IS NULL LIMIT {OWN}) o CROSS JOIN tags t \
             WHERE t.repository_id = o.id AND t.name = $1"
        ));
    }
    let question = prepared(format!(
        "SELECT r.name AS repository, t.name AS tag FROM (SELECT id, MIN(rank) AS rank FROM ({}) w GROUP BY id) found \
         JOIN tags t ON t.id = found.id JOIN repositories r ON r.id = t.repository_id \
         WHERE +r.deleted_at IS NULL AND {} ORDER BY found.rank, r.pulls DESC, r.name, t.name LIMIT $limit",
        walks.join(" UNION ALL "),
        is_readable(reader)
    ))
    .bind::<Text, _>(text);
    let question = of_reader(question, who).with("limit", rows_of(limit));
    Ok(on_backend!(conn, c => question.load(c))?)
}

/// Manifests whose digest begins so, with or without its algorithm. Indexes: `manifests.digest`,
/// `repository_manifests_by_manifest`.
fn manifests(conn: &mut Conn, reader: &CatalogReader, text: &str, limit: usize) -> Result<Vec<FoundManifest>> {
    let (algorithm, digits) = text.split_once(':').unwrap_or(("sha256", text));
    let is_digest = matches!(algorithm, "sha256" | "sha512")
        && digits.len() >= MIN_DIGITS
        && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !is_digest {
        return Ok(Vec::new());
    }
    let question = prepared(format!(
        "SELECT r.name AS repository, m.digest AS digest FROM (SELECT few.digest AS digest, l.repository_id AS repository_id \
           FROM (SELECT id, digest FROM manifests WHERE digest >= $1 AND digest < $1 || 'g' ORDER BY digest LIMIT 20) few \
           JOIN repository_manifests l ON l.manifest_id = few.id LIMIT {LOOKED_AT}) m \
         JOIN repositories r ON r.id = m.repository_id \
         WHERE +r.deleted_at IS NULL AND {} ORDER BY m.digest, r.pulls DESC, r.name LIMIT $limit",
        is_readable(reader)
    ))
    .bind::<Text, _>(format!("{algorithm}:{digits}"));
    let question = of_reader(question, ids(&reader.principal)).with("limit", rows_of(limit));
    Ok(on_backend!(conn, c => question.load(c))?)
}
