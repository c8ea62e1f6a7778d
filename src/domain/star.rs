//! Stars: repositories people want to find again.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::access::{Admin, ApiScope, Authorized, Me, Read, Standing, Visibility};
use crate::db::schema::stars;
use crate::db::{Conn, Tx, prepared};
use crate::error::Result;
use crate::ids::{RepositoryId, UserId};
use crate::oci::RepositoryName;
use crate::on_backend;
use crate::page::Limit;
use crate::repository::Repository;
use crate::time::Timestamp;

/// A repository with the caller's star.
#[derive(Debug, Clone, QueryableByName)]
pub struct Starred {
    /// Row.
    #[diesel(sql_type = BigInt)]
    pub repository_id: i64,
    /// Whole name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Markdown.
    #[diesel(sql_type = Text)]
    pub description: String,
    /// Who may pull it.
    #[diesel(sql_type = Text)]
    pub visibility: Visibility,
}

/// Parameters in the order they appear, which is how SQLite counts them. Stars outlive the right to see: what one may not see any more is left out, not named.
const VISIBLE: &str = "\
SELECT s.repository_id AS repository_id, r.name AS name, r.description AS description, r.visibility AS visibility \
FROM stars s JOIN repositories r ON r.id = s.repository_id \
WHERE s.user_id = $1 AND s.repository_id > $2 AND r.deleted_at IS NULL AND (r.visibility = 'public' OR ($3 AND ($4 \
 OR r.namespace_id IN (SELECT u.namespace_id FROM users u WHERE u.id = $1 \
   UNION SELECT t.organization_id FROM team_members m JOIN teams t ON t.id = m.team_id \
     WHERE t.role = 'admin' AND m.user_id = $1) \
 OR EXISTS (SELECT 1 FROM repository_permissions p WHERE p.repository_id = r.id AND (p.user_id = $1 OR p.team_id IN \
   (SELECT m.team_id FROM team_members m WHERE m.user_id = $1)))))) \
AND LOWER(r.name) LIKE LOWER($5) ESCAPE '\\' ORDER BY s.repository_id LIMIT $6";

/// Repositories the caller starred and may see, by row, after `after`, at most `limit`; public ones only by a token that
/// reads no repositories. Index: the primary key of `stars`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    me: &Authorized<Me, Admin>,
    standing: Standing,
    after: RepositoryId,
    limit: impl Into<Limit>,
) -> Result<Vec<Starred>> {
    let limit = limit.into();
    let reads = me.caller().ceiling.covers(ApiScope::RepositoryRead);
    let question = prepared(VISIBLE)
        .bind::<BigInt, _>(me.id.0)
        .bind::<BigInt, _>(after.0)
        .bind::<Bool, _>(reads)
        .bind::<Bool, _>(standing >= Standing::ReadOnlySuperuser)
        .bind::<Text, _>(limit.pattern_behind_namespace())
        .bind::<BigInt, _>(limit.rows);
    Ok(on_backend!(conn, c => question.load(c))?)
}

/// Gives the repository the caller's star; nothing happens if it has it.
///
/// # Errors
/// As the database's.
pub fn add(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    repository: &Authorized<Repository, Read>,
    now: Timestamp,
) -> Result<()> {
    let row = (stars::user_id.eq(me.id.0), stars::repository_id.eq(repository.id.0), stars::created_at.eq(now.0));
    let new =
        on_backend!(&mut *tx, c => diesel::insert_into(stars::table).values(row).on_conflict_do_nothing().execute(c))?;
    tx.count_stars(repository.id, i64::from(new > 0));
    Ok(())
}

/// Takes all stars of a user away. Index: the primary key of `stars`.
pub(crate) fn remove_all(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    let starred = stars::table.filter(stars::user_id.eq(user.0));
    let repositories: Vec<i64> = starred.select(stars::repository_id).load(&mut **tx)?;
    diesel::delete(starred).execute(&mut **tx)?;
    for repository in repositories {
        tx.count_stars(RepositoryId(repository), -1);
    }
    Ok(())
}

/// Takes the caller's star off a repository, whether they may still see it or not; nothing happens if it has none.
///
/// # Errors
/// As the database's.
pub fn remove(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, name: &RepositoryName) -> Result<()> {
    use crate::db::schema::repositories;
    let named: Option<i64> = repositories::table
        .filter(repositories::name.eq(name.as_str()))
        .select(repositories::id)
        .first(&mut **tx)
        .optional()?;
    let Some(named) = named else { return Ok(()) };
    let gone = diesel::delete(stars::table.find((me.id.0, named))).execute(&mut **tx)?;
    tx.count_stars(RepositoryId(named), -i64::from(gone > 0));
    Ok(())
}
