//! The list of repositories somebody may see, page by page in the order of their names.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::queries::CatalogReader;
use crate::access::{RepositoryState, Standing, Visibility};
use crate::db::schema::{event_days, repositories, stars};
use crate::db::{Conn, among, fixed, prepared};
use crate::error::Result;
use crate::event::EventKind;
use crate::ids::UserId;
use crate::oci::{NamespaceName, RepositoryName};
use crate::on_backend;
use crate::principal::Principal;
use crate::time::Timestamp;

/// How many names a search by a part of the name looks at before it answers with what it found; the next page goes on.
const SEARCHED: i64 = 5_000;
/// What popularity counts.
const POPULAR_DAYS: i64 = 90;

/// Which repositories are meant.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Only in this namespace.
    pub namespace: Option<NamespaceName>,
    /// Whether those everybody may read are meant too; otherwise only those the reader has a role on.
    pub with_public: bool,
    /// Only those the reader starred.
    pub starred: bool,
    /// Only those whose name, behind the namespace, contains this.
    pub containing: Option<String>,
    /// Whether the reader administers the namespace: then all in it are theirs to see.
    pub administers: bool,
    /// Go on after this name.
    pub after: String,
    /// At most so many.
    pub limit: i64,
}

/// A repository in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Row.
    pub id: i64,
    /// Whole name.
    pub name: RepositoryName,
    /// Markdown.
    pub description: String,
    /// Who may pull it without a grant.
    pub visibility: Visibility,
    /// Whether it can be pushed to.
    pub state: RepositoryState,
    /// When a tag last moved.
    pub pushed_at: Option<Timestamp>,
    /// Whether the reader starred it.
    pub starred: bool,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Names granted to the reader or to a team of theirs. SQLite numbers parameters as they first appear.
const GRANTED: &str = "\
SELECT r.name AS name FROM repositories r WHERE r.name > $1 AND r.name < $2 AND +r.deleted_at IS NULL AND r.id IN ( \
  SELECT p.repository_id FROM repository_permissions p WHERE p.user_id = $3 OR p.robot_id = $4 \
  UNION SELECT p.repository_id FROM repository_permissions p WHERE p.team_id IN ( \
    SELECT m.team_id FROM team_members m WHERE m.user_id = $3 OR m.robot_id = $4)) \
ORDER BY r.name LIMIT $5";

/// Rows of the namespaces a user or robot account administers.
const ADMINISTERED: &str = "\
SELECT u.namespace_id AS id FROM users u WHERE u.id = $1 \
UNION SELECT t.organization_id AS id FROM team_members m JOIN teams t ON t.id = m.team_id \
  WHERE t.role = 'admin' AND (m.user_id = $1 OR m.robot_id = $2) ORDER BY id LIMIT $3";

/// More namespaces than this one by one would cost more than all at once.
const ONE_BY_ONE: usize = 50;
const MAX_ADMINISTERED: i64 = 10_000;

/// Almost every row is one that was not deleted, which is why the index by deletion must not be used: hence the plus.
const NOT_DELETED: &str = "+repositories.deleted_at IS NULL";

/// People star few repositories, so the stars are where the walk begins.
const STARRED: &str = "\
SELECT r.name AS name FROM stars s JOIN repositories r ON r.id = s.repository_id \
WHERE s.user_id = $1 AND r.name > $2 AND r.name < $3 AND +r.deleted_at IS NULL AND (r.visibility = 'public' OR $4 = 1 \
 OR r.namespace_id IN (SELECT u.namespace_id FROM users u WHERE u.id = $1 \
   UNION SELECT t.organization_id FROM team_members m JOIN teams t ON t.id = m.team_id \
     WHERE t.role = 'admin' AND m.user_id = $1) \
 OR EXISTS (SELECT 1 FROM repository_permissions p WHERE p.repository_id = r.id AND (p.user_id = $1 \
   OR p.team_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = $1)))) \
ORDER BY r.name LIMIT $5";

/// A page of the list, and the name it goes on after, if it does.
///
/// A statement for each way to see something, and two for the rows. Indexes: `repositories.name`, `repositories_by_visibility`, `repositories_by_namespace`,
/// `repository_permissions_by_*`, `stars` primary key.
///
/// # Errors
/// As the database's.
pub fn list(conn: &mut Conn, reader: &CatalogReader, query: &ListQuery) -> Result<(Vec<Listed>, Option<String>)> {
    let limit = usize::try_from(query.limit).unwrap_or(0);
    let (names, next) = match query.containing.as_deref().map(str::to_lowercase) {
        None => {
            let mut names = names(conn, reader, query, query.limit + 1)?;
            let more = names.len() > limit;
            names.truncate(limit);
            let next = names.last().filter(|_| more).cloned();
            (names, next)
        }
        Some(part) => {
            let all = names(conn, reader, query, SEARCHED)?;
            let whole = all.len() < usize::try_from(SEARCHED).unwrap_or(0);
            let end = all.last().cloned();
            let behind = |name: &str| name.split_once('/').is_some_and(|(_, path)| path.contains(&part));
            let mut hits: Vec<String> = all.into_iter().filter(|name| behind(name)).take(limit + 1).collect();
            let more = hits.len() > limit;
            hits.truncate(limit);
            let next = if more { hits.last().cloned() } else { end.filter(|_| !whole) };
            (hits, next)
        }
    };
    Ok((rows(conn, reader, names)?, next))
}

fn names(conn: &mut Conn, reader: &CatalogReader, query: &ListQuery, limit: i64) -> Result<Vec<String>> {
    let (first, end) = match &query.namespace {
        // '0' follows '/', so these are the names that begin with the namespace and a slash.
        Some(namespace) => (format!("{namespace}/"), format!("{namespace}0")),
        None => (String::new(), "~".to_string()),
    };
    let after = if query.after > first { query.after.clone() } else { first };
    let everything = reader.standing >= Standing::ReadOnlySuperuser;
    let (user, robot) = match &reader.principal {
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => (-1, -1),
    };
    let range = Range { after, end, limit };
    if query.starred {
        let question = prepared(STARRED)
            .bind::<BigInt, _>(user)
            .bind::<Text, _>(range.after)
            .bind::<Text, _>(range.end)
            .bind::<BigInt, _>(i64::from(everything))
            .bind::<BigInt, _>(limit);
        let rows: Vec<Name> = on_backend!(conn, c => question.load(c))?;
        return Ok(rows.into_iter().map(|row| row.name).collect());
    }
    if everything || query.administers {
        return range.of(conn, Part::Everything);
    }
    let mut names = granted(conn, &range, (user, robot))?;
    if query.with_public {
        names.extend(range.of(conn, Part::Public)?);
    }
    // Where a namespace is asked for it is none the reader administers.
    if query.namespace.is_none() {
        let namespaces = administered(conn, (user, robot))?;
        if namespaces.len() <= ONE_BY_ONE {
            for namespace in namespaces {
                names.extend(range.of(conn, Part::Namespaces(vec![namespace]))?);
            }
        } else {
            names.extend(range.of(conn, Part::Namespaces(namespaces))?);
        }
    }
    names.sort_unstable();
    names.dedup();
    names.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(names)
}

/// Names after one and before another, at most so many.
struct Range {
    after: String,
    end: String,
    limit: i64,
}

enum Part {
    Everything,
    Public,
    Namespaces(Vec<i64>),
}

impl Range {
    /// One walk along one index that stops after a page.
    fn of(&self, conn: &mut Conn, part: Part) -> Result<Vec<String>> {
        let question = repositories::table
            .filter(repositories::name.gt(&self.after))
            .filter(repositories::name.lt(&self.end))
            .filter(fixed::<Bool>(NOT_DELETED))
            .select(repositories::name)
            .order(repositories::name)
            .limit(self.limit)
            .into_boxed();
        let question = match part {
            Part::Everything => question,
            Part::Public => question.filter(repositories::visibility.eq(Visibility::Public)),
            Part::Namespaces(ids) => match ids.as_slice() {
                [one] => question.filter(repositories::namespace_id.eq(*one)),
                _ => question.filter(repositories::namespace_id.eq_any(ids)),
            },
        };
        Ok(question.load(conn)?)
    }
}

fn granted(conn: &mut Conn, range: &Range, (user, robot): (i64, i64)) -> Result<Vec<String>> {
    let question = prepared(GRANTED)
        .bind::<Text, _>(&range.after)
        .bind::<Text, _>(&range.end)
        .bind::<BigInt, _>(user)
        .bind::<BigInt, _>(robot)
        .bind::<BigInt, _>(range.limit);
    let rows: Vec<Name> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

fn administered(conn: &mut Conn, (user, robot): (i64, i64)) -> Result<Vec<i64>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let question =
        prepared(ADMINISTERED).bind::<BigInt, _>(user).bind::<BigInt, _>(robot).bind::<BigInt, _>(MAX_ADMINISTERED);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn rows(conn: &mut Conn, reader: &CatalogReader, names: Vec<String>) -> Result<Vec<Listed>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (i64, String, String, Visibility, RepositoryState, Option<i64>);
    let rows: Vec<Row> = repositories::table
        .filter(repositories::name.eq_any(names))
        .select((
            repositories::id,
            repositories::name,
            repositories::description,
            repositories::visibility,
            repositories::state,
            repositories::pushed_at,
        ))
        .order(repositories::name)
        .load(conn)?;
    let starred = match &reader.principal {
        Principal::User { id, .. } => stars_among(conn, *id, rows.iter().map(|row| row.0).collect())?,
        _ => HashSet::new(),
    };
    let listed = |(id, name, description, visibility, state, pushed_at): Row| {
        Some(Listed {
            id,
            name: name.parse().ok()?,
            description,
            visibility,
            state,
            pushed_at: pushed_at.map(Timestamp),
            starred: starred.contains(&id),
        })
    };
    Ok(rows.into_iter().filter_map(listed).collect())
}

/// Index: `stars` primary key.
pub(super) fn stars_among(conn: &mut Conn, user: UserId, repositories: Vec<i64>) -> Result<HashSet<i64>> {
    let found: Vec<i64> = stars::table
        .filter(stars::user_id.eq(user.0))
        .filter(among(stars::repository_id, &repositories))
        .select(stars::repository_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// How often each of these repositories was pulled from and pushed to in the last ninety days, today not counted.
///
/// Indexes: the primary key of `repositories`, `event_days_by_scope`.
///
/// # Errors
/// As the database's.
pub fn popularity(conn: &mut Conn, now: Timestamp, of: Vec<i64>) -> Result<HashMap<i64, i64>> {
    let since = day_of(now) - POPULAR_DAYS;
    let counted = [EventKind::PullRepo.as_str(), EventKind::PushRepo.as_str()];
    let found: Vec<(i64, Option<i64>)> = repositories::table
        .inner_join(event_days::table.on(
            event_days::namespace_id.eq(repositories::namespace_id).and(event_days::repository_id.eq(repositories::id)),
        ))
        .filter(among(repositories::id, &of))
        .filter(event_days::day.ge(since))
        .filter(event_days::kind.eq_any(counted))
        .group_by(event_days::repository_id)
        .select((event_days::repository_id, fixed::<Nullable<BigInt>>("CAST(SUM(times) AS BIGINT)")))
        .load(conn)?;
    Ok(found.into_iter().map(|(id, times)| (id, times.unwrap_or(0))).collect())
}

/// Days since 1970, as `event_days` counts them.
pub(super) fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(MILLISECONDS_OF_DAY)
}

pub(super) const MILLISECONDS_OF_DAY: i64 = 24 * 60 * 60 * 1000;
