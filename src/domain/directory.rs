//! Finding users, organizations, teams and robot accounts by the beginning of their names.
//!
//! Every question is a range of a name index: names have no letter after `~`, so those that begin with `ac` are those
//! from `ac` up to `ac~`. What is deleted begins with `~` itself and is in none of these ranges.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::db::Conn;
use crate::db::schema::{namespaces, robots, team_members, teams, users};
use crate::deletion::BURIED;
use crate::error::Result;
use crate::ids::NamespaceId;
use crate::principal::Principal;

/// The longest beginning that is looked for; no name is longer.
const MAX_PREFIX: usize = 255;

/// The range of names that begin with `prefix`; `None` if no name can.
pub(crate) fn range(prefix: &str) -> Option<(String, String)> {
    let letters = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || b"._-/".contains(&letter);
    let possible = !prefix.is_empty() && prefix.len() <= MAX_PREFIX && prefix.bytes().all(letters);
    possible.then(|| (prefix.to_string(), format!("{prefix}{BURIED}")))
}

/// Names of users that begin with `prefix`, in their order, at most `limit`. Index: `namespaces_by_kind`.
///
/// # Errors
/// As the database's.
pub fn users(conn: &mut Conn, prefix: &str, limit: i64) -> Result<Vec<String>> {
    namespaces_of_kind(conn, "user", prefix, limit)
}

/// As [`users()`], for organizations.
///
/// # Errors
/// As the database's.
pub fn organizations(conn: &mut Conn, prefix: &str, limit: i64) -> Result<Vec<String>> {
    namespaces_of_kind(conn, "organization", prefix, limit)
}

fn namespaces_of_kind(conn: &mut Conn, kind: &str, prefix: &str, limit: i64) -> Result<Vec<String>> {
    let Some((from, to)) = range(prefix) else { return Ok(vec![]) };
    Ok(namespaces::table
        .filter(namespaces::kind.eq(kind))
        .filter(namespaces::name.ge(from))
        .filter(namespaces::name.lt(to))
        .select(namespaces::name)
        .order(namespaces::name)
        .limit(limit)
        .load(conn)?)
}

/// Names of an organization's teams that begin with `prefix`. The caller has shown that they belong to it. Index:
/// `teams (organization_id, name)`.
///
/// # Errors
/// As the database's.
pub fn teams_of(conn: &mut Conn, organization: NamespaceId, prefix: &str, limit: i64) -> Result<Vec<String>> {
    let Some((from, to)) = range(prefix) else { return Ok(vec![]) };
    Ok(teams::table
        .filter(teams::organization_id.eq(organization.0))
        .filter(teams::name.ge(from))
        .filter(teams::name.lt(to))
        .select(teams::name)
        .order(teams::name)
        .limit(limit)
        .load(conn)?)
}

/// Short names of a namespace's robot accounts that begin with `prefix`; all of them where it is empty. The caller has
/// shown that they belong to it. Index: `robots (namespace_id, short_name)`.
///
/// # Errors
/// As the database's.
pub fn robots_of(conn: &mut Conn, namespace: NamespaceId, prefix: &str, limit: i64) -> Result<Vec<String>> {
    let (from, to) = match prefix {
        "" => (String::new(), BURIED.to_string()),
        _ => match range(prefix) {
            Some(range) => range,
            None => return Ok(vec![]),
        },
    };
    Ok(robots::table
        .filter(robots::namespace_id.eq(namespace.0))
        .filter(robots::short_name.ge(from))
        .filter(robots::short_name.lt(to))
        .select(robots::short_name)
        .order(robots::short_name)
        .limit(limit)
        .load(conn)?)
}

/// Teams that the principal belongs to and whose names begin with `prefix`, each with its organization. Indexes:
/// `team_members_by_user`, `team_members_by_robot`.
///
/// # Errors
/// As the database's.
pub fn teams_of_member(
    conn: &mut Conn,
    principal: &Principal,
    prefix: &str,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let Some((from, to)) = range(prefix) else { return Ok(vec![]) };
    let (user, robot) = match principal {
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => return Ok(vec![]),
    };
    Ok(team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(teams::organization_id)))
        .filter(team_members::user_id.eq(user).or(team_members::robot_id.eq(robot)))
        .filter(namespaces::deleted_at.is_null())
        .filter(teams::name.ge(from))
        .filter(teams::name.lt(to))
        .select((namespaces::name, teams::name))
        .order((teams::name, namespaces::name))
        .limit(limit)
        .load(conn)?)
}

/// Whole names of robot accounts that begin with `prefix` after their namespace, in the user's own namespace and in
/// organizations the principal belongs to. Indexes: `robots (namespace_id, short_name)`, `team_members_by_user`,
/// `team_members_by_robot`.
///
/// # Errors
/// As the database's.
pub fn robots_of_member(conn: &mut Conn, principal: &Principal, prefix: &str, limit: i64) -> Result<Vec<String>> {
    let Some((from, to)) = range(prefix) else { return Ok(vec![]) };
    let (user, robot) = match principal {
        Principal::User { id, .. } => (id.0, -1),
        Principal::Robot { id, .. } => (-1, id.0),
        Principal::Anonymous | Principal::System(_) => return Ok(vec![]),
    };
    let organizations = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(team_members::user_id.eq(user).or(team_members::robot_id.eq(robot)))
        .select(teams::organization_id);
    let own = users::table.find(user).select(users::namespace_id);
    let rows: Vec<(String, String)> = robots::table
        .inner_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(robots::namespace_id.eq_any(organizations).or(robots::namespace_id.eq_any(own)))
        .filter(namespaces::deleted_at.is_null())
        .filter(robots::short_name.ge(from))
        .filter(robots::short_name.lt(to))
        .select((namespaces::name, robots::short_name))
        .order((robots::short_name, namespaces::name))
        .limit(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(|(namespace, short)| format!("{namespace}+{short}")).collect())
}

/// Which of these users belong to a team of the organization. Indexes: `users.name`, `team_members_by_user`.
///
/// # Errors
/// As the database's.
pub fn members_among(conn: &mut Conn, organization: NamespaceId, names: &[String]) -> Result<HashSet<String>> {
    let members: Vec<String> = users::table
        .inner_join(team_members::table.on(team_members::user_id.eq(users::id.nullable())))
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(users::name.eq_any(names))
        .filter(teams::organization_id.eq(organization.0))
        .select(users::name)
        .distinct()
        .load(conn)?;
    Ok(members.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_begin_a_name_is_looked_for() {
        assert_eq!(range("ac"), Some(("ac".into(), "ac~".into())));
        for wrong in ["", "~", "~n1~acme", "%", "A", "é", "a b", &"a".repeat(256)] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
    }
}
