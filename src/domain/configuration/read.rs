//! What is, as a document.
//!
//! One namespace after the other, repositories a page at a time: the result is as large as the document, the questions
//! are not.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{
    Configuration, DefaultEntry, IdentityEntry, OrganizationEntry, RepositoryEntry, RobotEntry, TeamEntry, UserEntry,
    VERSION, Word,
};
use crate::access::{RepositoryRole, RepositoryState, Standing, TeamRole, Visibility};
use crate::db::Conn;
use crate::db::schema::{
    default_permissions, namespaces, repositories, repository_permissions, robot_federations, robots, team_members,
    teams, users,
};
use crate::error::Result;

const PAGE: i64 = 1_000;

/// What everything is now. Indexes: `namespaces.name` and the `…_by_namespace`/`…_by_organization` ones.
///
/// # Errors
/// As the database's.
pub fn read(conn: &mut Conn) -> Result<Configuration> {
    let mut found = Configuration { version: VERSION, ..Configuration::default() };
    let mut after = String::new();
    loop {
        let page = page_of_namespaces(conn, &after)?;
        let Some(last) = page.last() else { return Ok(found) };
        after.clone_from(&last.name);
        for namespace in page {
            if namespace.kind == "user" {
                let user = user(conn, &namespace)?;
                found.users.extend(user.map(|user| (namespace.name, user)));
            } else {
                let organization = organization(conn, &namespace)?;
                found.organizations.insert(namespace.name, organization);
            }
        }
    }
}

#[derive(Queryable)]
struct NamespaceRow {
    id: i64,
    name: String,
    kind: String,
    email: Option<String>,
    tag_expiration_s: i64,
}

fn page_of_namespaces(conn: &mut Conn, after: &str) -> Result<Vec<NamespaceRow>> {
    use namespaces as n;
    Ok(n::table
        .filter(n::name.gt(after))
        .filter(n::deleted_at.is_null())
        .select((n::id, n::name, n::kind, n::email, n::tag_expiration_s))
        .order(n::name)
        .limit(PAGE)
        .load(conn)?)
}

fn user(conn: &mut Conn, namespace: &NamespaceRow) -> Result<Option<UserEntry>> {
    let row: Option<(Option<String>, bool, Standing)> = users::table
        .filter(users::namespace_id.eq(namespace.id))
        .select((users::email, users::enabled, users::standing))
        .first(conn)
        .optional()?;
    let Some((email, enabled, standing)) = row else { return Ok(None) };
    Ok(Some(UserEntry {
        email,
        disabled: !enabled,
        standing: Word(standing),
        tag_expiration_s: namespace.tag_expiration_s,
        robots: robots_of(conn, namespace)?,
        repositories: repositories_of(conn, namespace)?,
    }))
}

fn organization(conn: &mut Conn, namespace: &NamespaceRow) -> Result<OrganizationEntry> {
    Ok(OrganizationEntry {
        email: namespace.email.clone(),
        tag_expiration_s: namespace.tag_expiration_s,
        teams: teams_of(conn, namespace)?,
        robots: robots_of(conn, namespace)?,
        default_permissions: defaults_of(conn, namespace)?,
        repositories: repositories_of(conn, namespace)?,
    })
}

fn teams_of(conn: &mut Conn, namespace: &NamespaceRow) -> Result<BTreeMap<String, TeamEntry>> {
    let rows: Vec<(i64, String, TeamRole, String)> = teams::table
        .filter(teams::organization_id.eq(namespace.id))
        .select((teams::id, teams::name, teams::role, teams::description))
        .order(teams::name)
        .load(conn)?;
    let mut found = BTreeMap::new();
    for (id, name, role, description) in rows {
        found.insert(name, TeamEntry { role: Word(role), description, members: members_of(conn, id)? });
    }
    Ok(found)
}

/// Name of a user, or namespace and short name of a robot account.
type Someone = (Option<String>, Option<String>, Option<String>);

fn name_of((user, owner, short): Someone) -> Option<String> {
    user.or_else(|| Some(format!("{}+{}", owner?, short?)))
}

fn members_of(conn: &mut Conn, team: i64) -> Result<BTreeSet<String>> {
    let rows: Vec<Someone> = team_members::table
        .left_join(users::table.on(users::id.nullable().eq(team_members::user_id)))
        .left_join(robots::table.on(robots::id.nullable().eq(team_members::robot_id)))
        .left_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(team_members::team_id.eq(team))
        .select((users::name.nullable(), namespaces::name.nullable(), robots::short_name.nullable()))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(name_of).collect())
}

fn robots_of(conn: &mut Conn, namespace: &NamespaceRow) -> Result<BTreeMap<String, RobotEntry>> {
    let rows: Vec<(String, String, String)> = robots::table
        .filter(robots::namespace_id.eq(namespace.id))
        .select((robots::short_name, robots::description, robots::metadata))
        .order(robots::short_name)
        .load(conn)?;
    let mut found: BTreeMap<String, RobotEntry> = rows
        .into_iter()
        .map(|(short, description, metadata)| {
            let metadata = serde_json::from_str(&metadata).unwrap_or_default();
            (short, RobotEntry { description, metadata, federation: BTreeSet::new() })
        })
        .collect();
    let identities: Vec<(String, String, String)> = robot_federations::table
        .inner_join(robots::table.on(robots::id.eq(robot_federations::robot_id)))
        .filter(robots::namespace_id.eq(namespace.id))
        .select((robots::short_name, robot_federations::issuer, robot_federations::subject))
        .load(conn)?;
    for (short, issuer, subject) in identities {
        if let Some(robot) = found.get_mut(&short) {
            robot.federation.insert(IdentityEntry { issuer, subject });
        }
    }
    Ok(found)
}

fn defaults_of(conn: &mut Conn, namespace: &NamespaceRow) -> Result<BTreeSet<DefaultEntry>> {
    use default_permissions as d;
    let (creators, creator_robots) = diesel::alias!(users as creators, robots as creator_robots);
    type Row = (Option<String>, Option<String>, Someone2, Option<String>, RepositoryRole);
    type Someone2 = (Option<String>, Option<String>);
    // A rule's robot accounts are of the organization itself.
    let rows: Vec<Row> = d::table
        .left_join(creators.on(creators.field(users::id).nullable().eq(d::creator_user_id)))
        .left_join(creator_robots.on(creator_robots.field(robots::id).nullable().eq(d::creator_robot_id)))
        .left_join(users::table.on(users::id.nullable().eq(d::user_id)))
        .left_join(robots::table.on(robots::id.nullable().eq(d::robot_id)))
        .left_join(teams::table.on(teams::id.nullable().eq(d::team_id)))
        .filter(d::organization_id.eq(namespace.id))
        .select((
            creators.field(users::name).nullable(),
            creator_robots.field(robots::short_name).nullable(),
            (users::name.nullable(), robots::short_name.nullable()),
            teams::name.nullable(),
            d::role,
        ))
        .load(conn)?;
    let own = |short: Option<String>| short.map(|short| format!("{}+{short}", namespace.name));
    let entry = |(creator, creator_robot, (user, robot), team, role): Row| DefaultEntry {
        created_by: creator.or_else(|| own(creator_robot)),
        user: user.or_else(|| own(robot)),
        team,
        role: Word(role),
    };
    Ok(rows.into_iter().map(entry).collect())
}

fn repositories_of(conn: &mut Conn, namespace: &NamespaceRow) -> Result<BTreeMap<String, RepositoryEntry>> {
    use repositories as r;
    let mut found = BTreeMap::new();
    let mut after = String::new();
    loop {
        let rows: Vec<(i64, String, Visibility, String, String)> = r::table
            .filter(r::namespace_id.eq(namespace.id))
            .filter(r::deleted_at.is_null())
            .filter(r::name.gt(&after))
            .select((r::id, r::name, r::visibility, r::state, r::description))
            .order(r::name)
            .limit(PAGE)
            .load(conn)?;
        let Some((.., last, _, _, _)) = rows.last() else { return Ok(found) };
        after.clone_from(last);
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let mut grants = grants_on(conn, &ids)?;
        for (id, name, visibility, state, description) in rows {
            let (mut users, teams) = grants.remove(&id).unwrap_or_default();
            // Who owns the namespace needs no grant, and cannot be given one.
            if namespace.kind == "user" {
                users.remove(&namespace.name);
            }
            let state = Word(RepositoryState::from_word(&state).unwrap_or(RepositoryState::Normal));
            let path = name.split_once('/').map_or(name.as_str(), |(_, path)| path).to_string();
            found.insert(path, RepositoryEntry { visibility: Word(visibility), state, description, users, teams });
        }
    }
}

type Grants = (BTreeMap<String, Word<RepositoryRole>>, BTreeMap<String, Word<RepositoryRole>>);

fn grants_on(conn: &mut Conn, ids: &[i64]) -> Result<BTreeMap<i64, Grants>> {
    use repository_permissions as p;
    type Row = (i64, Someone, Option<String>, RepositoryRole);
    let rows: Vec<Row> = p::table
        .left_join(users::table.on(users::id.nullable().eq(p::user_id)))
        .left_join(robots::table.on(robots::id.nullable().eq(p::robot_id)))
        .left_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .left_join(teams::table.on(teams::id.nullable().eq(p::team_id)))
        .filter(p::repository_id.eq_any(ids))
        .select((
            p::repository_id,
            (users::name.nullable(), namespaces::name.nullable(), robots::short_name.nullable()),
            teams::name.nullable(),
            p::role,
        ))
        .load(conn)?;
    let mut found: BTreeMap<i64, Grants> = BTreeMap::new();
    for (repository, someone, team, role) in rows {
        let (users, teams) = found.entry(repository).or_default();
        if let Some(team) = team {
            teams.insert(team, Word(role));
        } else if let Some(name) = name_of(someone) {
            users.insert(name, Word(role));
        }
    }
    Ok(found)
}
