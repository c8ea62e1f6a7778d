//! Where what somebody may see comes from, as conditions that each are a walk along an index.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::queries::CatalogReader;
use super::rows::{Among, KeyRow, RepositoryQuery, RepositorySort};
use crate::access::{Standing, Visibility};
use crate::db::Conn;
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key};
use crate::principal::Principal;

/// Grants up to this many are looked up and sorted; where there are more, the order of the list leads to a page's worth.
const FEW_GRANTS: i64 = 10_000;
/// Namespaces up to this many are walked one by one.
const ONE_BY_ONE: usize = 50;

/// Rows of a reader as user and as robot account; one nobody has for what they are not.
pub(crate) fn ids(principal: &Principal) -> (i64, i64) {
    match principal {
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => (-1, -1),
    }
}

/// Repositories granted to a reader, as SQL that yields rows, some of them twice: whoever takes only some of them need not
/// wait until all are known.
pub(crate) fn granted((user, robot): (i64, i64)) -> String {
    format!(
        "SELECT p.repository_id FROM repository_permissions p WHERE p.user_id = {user} \
         UNION ALL SELECT p.repository_id FROM repository_permissions p WHERE p.robot_id = {robot} \
         UNION ALL SELECT p.repository_id FROM team_members m JOIN repository_permissions p ON p.team_id = m.team_id \
           WHERE m.user_id = {user} OR m.robot_id = {robot}"
    )
}

/// That the repository `r` is granted to a reader, as a condition.
pub(crate) fn is_granted((user, robot): (i64, i64)) -> String {
    format!(
        "EXISTS (SELECT 1 FROM repository_permissions p WHERE p.repository_id = r.id AND (p.user_id = {user} \
           OR p.robot_id = {robot} OR p.team_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = {user} \
           OR m.robot_id = {robot})))"
    )
}

/// Namespaces a reader administers, as SQL that yields rows.
pub(crate) fn administered((user, robot): (i64, i64)) -> String {
    format!(
        "SELECT u.namespace_id AS id FROM users u WHERE u.id = {user} \
         UNION SELECT t.organization_id AS id FROM team_members m JOIN teams t ON t.id = m.team_id \
           WHERE t.role = 'admin' AND (m.user_id = {user} OR m.robot_id = {robot})"
    )
}

/// That a reader may see the repository `r`, as a condition.
pub(crate) fn is_readable(reader: &CatalogReader) -> String {
    if reader.standing >= Standing::ReadOnlySuperuser {
        return "1 = 1".to_string();
    }
    let who = ids(&reader.principal);
    match reader.principal {
        // No reason to begin with all public repositories: the condition is one on few that were found otherwise.
        Principal::Anonymous | Principal::System(_) => "r.visibility || '' = 'public'".to_string(),
        _ => format!("(r.visibility = 'public' OR r.namespace_id IN ({}) OR {})", administered(who), is_granted(who)),
    }
}

/// Conditions, each a walk; what any of them finds is in the list.
pub(super) struct Parts {
    conditions: Vec<String>,
    everything: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

pub(super) fn of(conn: &mut Conn, reader: &CatalogReader, query: &RepositoryQuery) -> Result<Parts> {
    let everything = reader.standing >= Standing::ReadOnlySuperuser;
    let who = ids(&reader.principal);
    let some = |conditions: Vec<String>| Parts { conditions, everything: false };
    let shown: Vec<Visibility> =
        Visibility::ALL.iter().copied().filter(|one| query.visibility.is_none_or(|only| only == *one)).collect();
    Ok(match query.among {
        Among::Namespace { id, administers } => {
            let inside = format!("r.namespace_id = {}", id.0);
            if everything || administers {
                return Ok(Parts { conditions: vec![inside], everything: true });
            }
            // Along the namespace: joined with nothing, the visibility is no reason to take its index.
            let mut all = vec![format!("{inside} AND r.visibility || '' = 'public'")];
            all.extend(Grants::of(conn, who)?.among(&inside));
            some(all)
        }
        Among::Starred => {
            let stars = format!("r.id IN (SELECT s.repository_id FROM stars s WHERE s.user_id = {})", who.0);
            some(vec![format!("{stars} AND {}", is_readable(reader))])
        }
        // Two walks, since the indexes begin with it.
        Among::Readable if everything => some(shown.iter().map(|one| format!("r.visibility = '{one}'")).collect()),
        Among::Readable | Among::Mine => {
            let only_public = query.among == Among::Readable && query.visibility == Some(Visibility::Public);
            let (mut all, grants) = reach(conn, who, !only_public)?;
            for one in shown {
                let inside = format!("r.visibility = '{one}'");
                if query.among == Among::Readable && one == Visibility::Public {
                    all.push(inside);
                } else {
                    all.extend(grants.among(&inside));
                }
            }
            some(all)
        }
    })
}

/// What a reader administers, as a condition for each namespace or one for all, and what is granted to them if `grants`
/// matter. One statement.
fn reach(conn: &mut Conn, who: (i64, i64), grants: bool) -> Result<(Vec<String>, Grants)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        is_count: bool,
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    if who == (-1, -1) {
        return Ok((Vec::new(), Grants::None));
    }
    let namespaces = administered(who);
    let mut question = format!(
        "SELECT 1 = 0 AS is_count, id AS number FROM (SELECT id FROM ({namespaces}) n LIMIT {}) a",
        ONE_BY_ONE + 1
    );
    if grants {
        question.push_str(&format!(" UNION ALL SELECT 1 = 1, ({})", Grants::count(&granted(who))));
    }
    let rows: Vec<Row> = on_backend!(conn, c => diesel::sql_query(question).load(c))?;
    let (counts, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is_count);
    let grants = counts.first().map_or(Grants::None, |row| Grants::so_many(row.number, who));
    if rows.len() > ONE_BY_ONE {
        return Ok((vec![format!("r.namespace_id IN ({namespaces})")], grants));
    }
    Ok((rows.into_iter().map(|row| format!("r.namespace_id = {}", row.number)).collect(), grants))
}

/// How many repositories are granted to a reader, which decides how they are looked for.
enum Grants {
    None,
    /// As rows: up to [`FEW_GRANTS`].
    Few(String),
    /// As a condition.
    Many(String),
}

impl Grants {
    fn of(conn: &mut Conn, who: (i64, i64)) -> Result<Grants> {
        if who == (-1, -1) {
            return Ok(Grants::None);
        }
        let question = diesel::sql_query(Self::count(&granted(who)));
        let count: Row = on_backend!(conn, c => question.get_result(c))?;
        Ok(Self::so_many(count.id, who))
    }

    /// How many, as SQL that yields one number, one more than [`FEW_GRANTS`] at most.
    fn count(granted: &str) -> String {
        format!("SELECT COUNT(*) AS id FROM (SELECT * FROM ({granted}) g LIMIT {}) c", FEW_GRANTS + 1)
    }

    fn so_many(count: i64, who: (i64, i64)) -> Grants {
        match count {
            0 => Grants::None,
            few if few <= FEW_GRANTS => Grants::Few(granted(who)),
            _ => Grants::Many(is_granted(who)),
        }
    }

    /// What is granted among what `inside` says, as no condition or one.
    fn among(&self, inside: &str) -> Option<String> {
        match self {
            Grants::None => None,
            // The rows of the grants and no index of the list.
            Grants::Few(granted) => {
                let inside =
                    inside.replace("r.namespace_id", "+r.namespace_id").replace("visibility", "visibility || ''");
                Some(format!("r.id IN ({granted}) AND {inside}"))
            }
            Grants::Many(is_granted) => Some(format!("{inside} AND {is_granted}")),
        }
    }
}

impl Parts {
    /// Whether they are all repositories of a namespace.
    pub fn are_everything(&self) -> bool {
        self.everything
    }

    /// Repositories behind `from` in the direction of the walk, at most `limit`; `which` limits them further. One
    /// statement. Indexes: `repositories.name`, `repositories_by_namespace`, `repositories_by_visibility`,
    /// `repositories_of_namespace_by_*`, `repositories_visible_by_*`.
    pub fn behind(
        &self,
        conn: &mut Conn,
        query: &RepositoryQuery,
        from: &Cursor,
        which: &str,
        limit: usize,
    ) -> Result<(Vec<KeyRow>, RepositorySort)> {
        if self.conditions.is_empty() {
            return Ok((Vec::new(), query.sort));
        }
        let (walk, column) = (query.walk(), query.sort.column());
        let (behind, direction) = (walk.behind(), walk.direction());
        let number = if query.sort == RepositorySort::Name { "id" } else { column };
        let visibility = query.visibility.map_or(String::new(), |one| format!("AND r.visibility || '' = '{one}' "));
        let text = match &from.key {
            Key::Text(text) => text.clone(),
            Key::Number(_) => String::new(),
        };
        let place = match from.key {
            Key::Text(_) => format!("(r.name, r.id) {behind} ($1, {})", from.id),
            Key::Number(number) => format!("(r.{column}, r.id) {behind} ({number}, {}) AND $1 = ''", from.id),
        };
        let walks: Vec<String> = self
            .conditions
            .iter()
            .map(|condition| {
                format!(
                    "SELECT * FROM (SELECT r.id AS id, r.name AS name, r.{number} AS number FROM repositories r \
                     WHERE {condition} AND {place} AND r.deleted_at IS NULL {visibility}{which}\
                     ORDER BY r.{column} {direction}, r.id {direction} LIMIT {limit}) part"
                )
            })
            .collect();
        let order = if query.sort == RepositorySort::Name { "name" } else { "number" };
        let question = format!(
            "SELECT id, name, number FROM ({}) parts ORDER BY {order} {direction}, id {direction} LIMIT {limit}",
            walks.join(" UNION ")
        );
        let question = diesel::sql_query(question).bind::<Text, _>(text);
        let rows: Vec<KeyRow> = on_backend!(conn, c => question.load(c))?;
        Ok((rows, query.sort))
    }
}
