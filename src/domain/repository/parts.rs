//! Where what somebody may see comes from, as conditions that each are a walk along an index.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::along::{self, Order, Stretches, Walked};
use super::queries::CatalogReader;
use super::rows::{Among, KeyRow, RepositoryQuery, RepositorySort};
use crate::access::{Standing, Visibility};
use crate::db::{Conn, Statement, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::page::{Cursor, rows_of};
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
/// wait until all are known. Needs [`of_reader`], as all below that name a reader.
pub(crate) const GRANTED: &str = "\
SELECT p.repository_id FROM repository_permissions p WHERE p.user_id = $user \
UNION ALL SELECT p.repository_id FROM repository_permissions p WHERE p.robot_id = $robot \
UNION ALL SELECT p.repository_id FROM team_members m JOIN repository_permissions p ON p.team_id = m.team_id \
  WHERE m.user_id = $user OR m.robot_id = $robot";

/// That the repository `r` is granted to a reader, as a condition.
pub(crate) const IS_GRANTED: &str = "\
EXISTS (SELECT 1 FROM repository_permissions p WHERE p.repository_id = r.id AND (p.user_id = $user \
  OR p.robot_id = $robot OR p.team_id IN (SELECT m.team_id FROM team_members m WHERE m.user_id = $user \
  OR m.robot_id = $robot)))";

/// Namespaces a reader administers, as SQL that yields rows.
pub(crate) const ADMINISTERED: &str = "\
SELECT u.namespace_id AS id FROM users u WHERE u.id = $user \
UNION SELECT t.organization_id AS id FROM team_members m JOIN teams t ON t.id = m.team_id \
  WHERE t.role = 'admin' AND (m.user_id = $user OR m.robot_id = $robot)";

/// A statement with the reader that its conditions name.
pub(crate) fn of_reader(statement: Statement, (user, robot): (i64, i64)) -> Statement {
    statement.with("user", user).with("robot", robot)
}

/// That a reader may see the repository `r`, as a condition.
pub(crate) fn is_readable(reader: &CatalogReader) -> String {
    if reader.standing >= Standing::ReadOnlySuperuser {
        return "1 = 1".to_string();
    }
    match reader.principal {
        // No reason to begin with all public repositories: the condition is one on few that were found otherwise.
        Principal::Anonymous | Principal::System(_) => "r.visibility || '' = 'public'".to_string(),
        _ => format!("(r.visibility = 'public' OR r.namespace_id IN ({ADMINISTERED}) OR {IS_GRANTED})"),
    }
}

/// Conditions, each a walk; what any of them finds is in the list.
pub(super) struct Parts {
    conditions: Vec<String>,
    /// What the conditions name `$n0`, `$n1` and so on.
    namespaces: Vec<i64>,
    who: (i64, i64),
    everything: bool,
    /// The one of the conditions that is the rows of so many grants, and the same as a question about each repository: for
    /// when fewer repositories than that are looked at anyhow.
    granted: Option<(usize, i64, String)>,
    /// The same list as questions along indexes, for a reader to whom much is granted.
    along: Vec<Walked>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub(super) fn of(conn: &mut Conn, reader: &CatalogReader, query: &RepositoryQuery) -> Result<Parts> {
    let everything = reader.standing >= Standing::ReadOnlySuperuser;
    let who = ids(&reader.principal);
    let none = || Parts {
        conditions: Vec::new(),
        namespaces: Vec::new(),
        who,
        everything: false,
        granted: None,
        along: Vec::new(),
    };
    let some = |conditions: Vec<String>| Parts { conditions, ..none() };
    let shown: Vec<Visibility> =
        Visibility::ALL.iter().copied().filter(|one| query.visibility.is_none_or(|only| only == *one)).collect();
    let of_each = |condition: &str| -> Vec<String> {
        let walk = |one: &Visibility| format!("r.visibility = '{one}' AND {condition}");
        shown.iter().map(walk).collect()
    };
    Ok(match query.among {
        Among::Namespace { id, administers } => {
            let (inside, namespaces) = ("r.namespace_id = $n0".to_string(), vec![id.0]);
            if everything || administers {
                return Ok(Parts { conditions: vec![inside], namespaces, everything: true, ..none() });
            }
            // Along the namespace: joined with nothing, the visibility is no reason to take its index.
            let public = "r.visibility || '' = 'public'";
            let mut parts = Parts { namespaces, ..some(vec![format!("{inside} AND {public}")]) };
            let grants = grants(conn, who)?;
            if grants.are_many() {
                parts.along = vec![Walked { along: inside.clone(), which: Some(format!("{public} OR {IS_GRANTED}")) }];
            }
            match grants {
                Grants::None => {}
                Grants::Few(count) => parts.add_grants(count, "AND +r.namespace_id = $n0"),
                Grants::Many => parts.conditions.push(format!("{inside} AND {IS_GRANTED}")),
            }
            parts
        }
        Among::Starred => {
            let stars = "r.id IN (SELECT s.repository_id FROM stars s WHERE s.user_id = $user)";
            some(vec![format!("{stars} AND {}", is_readable(reader))])
        }
        // Two walks, since the indexes begin with it.
        Among::Readable if everything => some(of_each("1 = 1")),
        Among::Readable | Among::Mine => {
            let only_public = query.among == Among::Readable && query.visibility == Some(Visibility::Public);
            let Reach { mut conditions, namespaces, grants } = reach(conn, who, !only_public)?;
            // What is not public alone may lie anywhere.
            let along = match query.among == Among::Readable && grants.are_many() {
                true => asked_along(&shown, &conditions),
                false => Vec::new(),
            };
            if query.among == Among::Readable && shown.contains(&Visibility::Public) {
                conditions.push("r.visibility = 'public'".to_string());
            }
            let mut parts = Parts { namespaces, along, ..some(conditions) };
            match grants {
                Grants::None => {}
                Grants::Few(count) => parts.add_grants(count, ""),
                Grants::Many => parts.conditions.extend(of_each(IS_GRANTED)),
            }
            parts
        }
    })
}

/// Along what is public and what is not, asking of each whether they administer it or it is granted to them.
fn asked_along(shown: &[Visibility], administered: &[String]) -> Vec<Walked> {
    let mut reasons: Vec<String> = administered.iter().map(|condition| format!("+{condition}")).collect();
    reasons.push(IS_GRANTED.to_string());
    let walked = |one: &Visibility| Walked {
        along: format!("r.visibility = '{one}'"),
        which: (*one != Visibility::Public).then(|| reasons.join(" OR ")),
    };
    shown.iter().map(walked).collect()
}

/// What somebody may see besides what is public.
struct Reach {
    /// Those they administer: each, or all at once.
    conditions: Vec<String>,
    namespaces: Vec<i64>,
    grants: Grants,
}

/// What a reader administers, as a condition for each namespace or one for all, and what is granted to them if `grants`
/// matter. One statement.
fn reach(conn: &mut Conn, who: (i64, i64), grants: bool) -> Result<Reach> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        is_count: bool,
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    if who == (-1, -1) {
        return Ok(Reach { conditions: Vec::new(), namespaces: Vec::new(), grants: Grants::None });
    }
    let mut question = format!(
        "SELECT 1 = 0 AS is_count, id AS number FROM (SELECT id FROM ({ADMINISTERED}) n LIMIT {}) a",
        ONE_BY_ONE + 1
    );
    if grants {
        question.push_str(&format!(" UNION ALL SELECT 1 = 1, ({})", Grants::count()));
    }
    let rows: Vec<Row> = on_backend!(conn, c => of_reader(prepared(question), who).load(c))?;
    let (counts, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is_count);
    let grants = counts.first().map_or(Grants::None, |row| Grants::so_many(row.number));
    if rows.len() > ONE_BY_ONE {
        let conditions = vec![format!("r.namespace_id IN ({ADMINISTERED})")];
        return Ok(Reach { conditions, namespaces: Vec::new(), grants });
    }
    let namespaces: Vec<i64> = rows.into_iter().map(|row| row.number).collect();
    let conditions = (0..namespaces.len()).map(|at| format!("r.namespace_id = $n{at}")).collect();
    Ok(Reach { conditions, namespaces, grants })
}

/// How many repositories are granted to a reader, which decides how they are looked for.
enum Grants {
    None,
    /// As rows: up to [`FEW_GRANTS`].
    Few(i64),
    /// As a condition.
    Many,
}

fn grants(conn: &mut Conn, who: (i64, i64)) -> Result<Grants> {
    if who == (-1, -1) {
        return Ok(Grants::None);
    }
    let question = of_reader(prepared(Grants::count()), who);
    let found: Count = on_backend!(conn, c => question.get_result(c))?;
    Ok(Grants::so_many(found.count))
}

impl Grants {
    /// Whether walking along indexes may be faster than looking them up.
    fn are_many(&self) -> bool {
        match self {
            Grants::None => false,
            Grants::Few(count) => *count > along::WORTH_IT,
            Grants::Many => true,
        }
    }

    /// How many, as SQL that yields one number, one more than [`FEW_GRANTS`] at most.
    fn count() -> String {
        format!("SELECT COUNT(*) AS count FROM (SELECT * FROM ({GRANTED}) g LIMIT {}) c", FEW_GRANTS + 1)
    }

    fn so_many(count: i64) -> Grants {
        match count {
            0 => Grants::None,
            few if few <= FEW_GRANTS => Grants::Few(few),
            _ => Grants::Many,
        }
    }
}

impl Parts {
    /// What is granted, as the rows of the grants and no index of the list.
    fn add_grants(&mut self, count: i64, which: &str) {
        self.granted = Some((self.conditions.len(), count, format!("{IS_GRANTED} {which}")));
        self.conditions.push(format!("r.id IN ({GRANTED}) {which}"));
    }

    /// The conditions of the walks; one of all, where a few repositories are looked at anyhow.
    fn conditions(&self, among: Option<usize>) -> Vec<String> {
        let Some(among) = among else { return self.conditions.clone() };
        let among = i64::try_from(among).unwrap_or(i64::MAX);
        let instead = self.granted.as_ref().filter(|(_, count, _)| among < *count);
        let each = self.conditions.iter().enumerate().map(|(at, condition)| match instead {
            Some((place, _, other)) if *place == at => format!("({other})"),
            _ => format!("({condition})"),
        });
        vec![format!("({})", each.collect::<Vec<_>>().join(" OR "))]
    }

    /// Whether they are all repositories of a namespace.
    pub fn are_everything(&self) -> bool {
        self.everything
    }

    /// Repositories behind `from` in the direction of the walk, at most `limit`; only those of the rows `among`, if there
    /// are some. One statement, or three for a reader to whom much is granted. Indexes: `repositories.name`,
    /// `repositories_by_namespace`, `repositories_by_visibility`, `repositories_of_namespace_by_*`,
    /// `repositories_visible_by_*`.
    pub fn behind(
        &self,
        conn: &mut Conn,
        query: &RepositoryQuery,
        from: &Cursor,
        among: Option<&[i64]>,
        limit: usize,
    ) -> Result<(Vec<KeyRow>, RepositorySort)> {
        if self.conditions.is_empty() {
            return Ok((Vec::new(), query.sort));
        }
        let stretches = Stretches { walked: &self.along, namespaces: &self.namespaces, who: self.who };
        if among.is_none()
            && let Some(rows) = stretches.behind(conn, query, from, limit)?
        {
            return Ok((rows, query.sort));
        }
        let order = Order::of(query);
        let which = if among.is_some() { "AND r.id IN ($among) " } else { "" };
        let conditions = self.conditions(among.map(<[i64]>::len));
        let walks = conditions.iter().map(|condition| order.walk(condition, which));
        let question = order.merged(&walks.collect::<Vec<_>>(), "UNION");
        let mut question = stretches.bound(prepared(question), from).with("limit", rows_of(limit));
        if let Some(among) = among {
            question = question.with("among", among);
        }
        let rows: Vec<KeyRow> = on_backend!(conn, c => question.load(c))?;
        Ok((rows, query.sort))
    }
}
