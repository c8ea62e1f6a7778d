//! Where what somebody may see comes from, as conditions that each are a walk along an index.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::queries::CatalogReader;
use super::rows::{Among, KeyRow, RepositoryQuery, RepositorySort};
use crate::access::{Standing, Visibility};
use crate::db::Conn;
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, Key};
use crate::principal::Principal;

/// Grants up to this many are looked up and sorted; where there are more, the order of the list leads to a page's worth.
const FEW_GRANTS: i64 = 2_000;
/// Namespaces up to this many are walked one by one.
const ONE_BY_ONE: usize = 50;
const MAX_ADMINISTERED: i64 = 10_000;

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
        Principal::Anonymous | Principal::System(_) => "r.visibility = 'public'".to_string(),
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
            all.extend(grants(conn, reader, &inside)?);
            some(all)
        }
        Among::Starred => {
            let stars = format!("r.id IN (SELECT s.repository_id FROM stars s WHERE s.user_id = {})", who.0);
            some(vec![format!("{stars} AND {}", is_readable(reader))])
        }
        // Two walks, since the indexes begin with it.
        Among::Readable if everything => some(shown.iter().map(|one| format!("r.visibility = '{one}'")).collect()),
        Among::Readable | Among::Mine => {
            let mut all = namespaces(conn, who)?;
            for one in shown {
                let inside = format!("r.visibility = '{one}'");
                if query.among == Among::Readable && one == Visibility::Public {
                    all.push(inside);
                } else {
                    all.extend(grants(conn, reader, &inside)?);
                }
            }
            some(all)
        }
    })
}

fn namespaces(conn: &mut Conn, who: (i64, i64)) -> Result<Vec<String>> {
    if who == (-1, -1) {
        return Ok(Vec::new());
    }
    let question = diesel::sql_query(format!("{} LIMIT {MAX_ADMINISTERED}", administered(who)));
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    if rows.len() <= ONE_BY_ONE {
        return Ok(rows.into_iter().map(|row| format!("r.namespace_id = {}", row.id)).collect());
    }
    Ok(vec![format!("r.namespace_id IN ({})", administered(who))])
}

/// What is granted among what `inside` says, as no condition or one.
fn grants(conn: &mut Conn, reader: &CatalogReader, inside: &str) -> Result<Option<String>> {
    let who = ids(&reader.principal);
    if who == (-1, -1) {
        return Ok(None);
    }
    let granted = granted(who);
    let question = diesel::sql_query(format!("SELECT COUNT(*) AS id FROM ({granted} LIMIT {}) g", FEW_GRANTS + 1));
    let count: Row = on_backend!(conn, c => question.get_result(c))?;
    Ok(match count.id {
        0 => None,
        // The rows of the grants and no index of the list.
        few if few <= FEW_GRANTS => {
            let inside = inside.replace("r.namespace_id", "+r.namespace_id").replace("visibility", "visibility || ''");
            Some(format!("r.id IN ({granted}) AND {inside}"))
        }
        _ => Some(format!("{inside} AND {}", is_granted(who))),
    })
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
