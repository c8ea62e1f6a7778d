//! From rules to grants.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, RepositoryRole};
use crate::db::schema::{default_permissions, repositories, repository_permissions};
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RepositoryId, RobotId, TeamId, UserId};
use crate::organization::Namespace;
use crate::principal::Principal;
use crate::repository::{Grantee, Repository, set_grant};
use crate::time::Timestamp;

/// More rules than an organization can have.
const MOST_RULES: i64 = 1_000;
/// Grants written at most in one transaction.
const GRANTS_AT_ONCE: i64 = 1_000;

/// What a batch did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Repositories that grant more now.
    pub repositories: u64,
    /// Grants that were added or raised.
    pub grants: u64,
    /// The repository after whose name the next batch goes on; `None` after the last.
    pub next: Option<String>,
}

/// Applies the organization's default permissions to a repository just created.
pub(crate) fn apply_to_new(
    tx: &mut Tx<'_>,
    repository: &Repository,
    creator: &Principal,
    now: Timestamp,
) -> Result<()> {
    let creator = Grantee::from_principal(creator);
    for (grantee, role) in chosen(rules(tx, repository.namespace)?, creator) {
        set_grant(tx, repository.id, &grantee, role, now)?;
    }
    Ok(())
}

/// Applies the rules for anybody to the organization's repositories whose whole names come after `after`, as many as one
/// transaction should carry. No role is lowered. Who created a repository is not asked: rules for one creator are for new repositories.
///
/// Indexes: `repositories_by_namespace`, `repository_permissions (repository_id, …)`.
///
/// # Errors
/// As the database's.
pub fn apply_to_existing(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    after: &str,
) -> Result<Applied> {
    let rules = chosen(rules(tx, organization.id)?, None);
    if rules.is_empty() {
        return Ok(Applied::default());
    }
    let at_once = (GRANTS_AT_ONCE / i64::try_from(rules.len()).unwrap_or(GRANTS_AT_ONCE)).max(1);
    let batch: Vec<(i64, String)> = repositories::table
        .filter(repositories::namespace_id.eq(organization.id.0))
        .filter(repositories::name.gt(after))
        .filter(repositories::deleted_at.is_null())
        .select((repositories::id, repositories::name))
        .order(repositories::name)
        .limit(at_once)
        .load(&mut **tx)?;
    let ids: Vec<i64> = batch.iter().map(|(id, _)| *id).collect();
    let held = grants_on(tx, &ids, &rules)?;
    let mut applied = Applied::default();
    for repository in &ids {
        let before = applied.grants;
        for (grantee, role) in &rules {
            if held.get(&(*repository, *grantee)) < Some(role) {
                set_grant(tx, RepositoryId(*repository), grantee, *role, now)?;
                applied.grants += 1;
            }
        }
        applied.repositories += u64::from(applied.grants > before);
    }
    let is_full = i64::try_from(batch.len()).is_ok_and(|length| length == at_once);
    applied.next = batch.into_iter().next_back().filter(|_| is_full).map(|(_, name)| name);
    if applied.grants > 0 {
        tx.touch_access();
        let details = json!({ "repositories": applied.repositories, "grants": applied.grants });
        let event = Event::new(EventKind::ApplyPrototypePermission)
            .namespace(organization.id, &organization.name)
            .details(details);
        event::record(tx, organization.caller(), now, event)?;
    }
    Ok(applied)
}

struct Rule {
    creator: Option<Grantee>,
    grantee: Grantee,
    role: RepositoryRole,
}

/// One role for each grantee; nothing for the creator, who is admin anyway.
fn chosen(rules: Vec<Rule>, creator: Option<Grantee>) -> Vec<(Grantee, RepositoryRole)> {
    let mut chosen: Vec<(Grantee, RepositoryRole, bool)> = Vec::new();
    for rule in rules {
        let specific = rule.creator.is_some();
        if (specific && rule.creator != creator) || Some(rule.grantee) == creator {
            continue;
        }
        match chosen.iter_mut().find(|(grantee, ..)| *grantee == rule.grantee) {
            Some(known) if known.2 && !specific => {}
            Some(known) => *known = (rule.grantee, rule.role, specific),
            None => chosen.push((rule.grantee, rule.role, specific)),
        }
    }
    chosen.into_iter().map(|(grantee, role, _)| (grantee, role)).collect()
}

/// Index: `default_permissions_by_organization`.
fn rules(conn: &mut Conn, organization: NamespaceId) -> Result<Vec<Rule>> {
    use default_permissions as d;
    type Row = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, RepositoryRole);
    let rows: Vec<Row> = d::table
        .filter(d::organization_id.eq(organization.0))
        .select((d::creator_user_id, d::creator_robot_id, d::user_id, d::robot_id, d::team_id, d::role))
        .order(d::id)
        .limit(MOST_RULES)
        .load(conn)?;
    let rule = |(creator_user, creator_robot, user, robot, team, role): Row| {
        let grantee = someone(user, robot, team)?;
        Some(Rule { creator: someone(creator_user, creator_robot, None), grantee, role })
    };
    Ok(rows.into_iter().filter_map(rule).collect())
}

/// What these repositories grant to the grantees of the rules.
fn grants_on(
    conn: &mut Conn,
    repositories: &[i64],
    rules: &[(Grantee, RepositoryRole)],
) -> Result<HashMap<(i64, Grantee), RepositoryRole>> {
    use repository_permissions as p;
    type Row = (i64, Option<i64>, Option<i64>, Option<i64>, RepositoryRole);
    let columns: Vec<_> = rules.iter().map(|(grantee, _)| grantee.columns()).collect();
    let users: Vec<i64> = columns.iter().filter_map(|(user, ..)| *user).collect();
    let robots: Vec<i64> = columns.iter().filter_map(|(_, robot, _)| *robot).collect();
    let teams: Vec<i64> = columns.iter().filter_map(|(.., team)| *team).collect();
    let theirs = p::user_id.eq_any(users).or(p::robot_id.eq_any(robots)).or(p::team_id.eq_any(teams));
    let rows: Vec<Row> = p::table
        .filter(p::repository_id.eq_any(repositories))
        .filter(theirs)
        .select((p::repository_id, p::user_id, p::robot_id, p::team_id, p::role))
        .load(conn)?;
    let held = |(repository, user, robot, team, role): Row| Some(((repository, someone(user, robot, team)?), role));
    Ok(rows.into_iter().filter_map(held).collect())
}

fn someone(user: Option<i64>, robot: Option<i64>, team: Option<i64>) -> Option<Grantee> {
    let user = user.map(|id| Grantee::User(UserId(id)));
    let robot = robot.map(|id| Grantee::Robot(RobotId(id)));
    user.or(robot).or(team.map(|id| Grantee::Team(TeamId(id))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64) -> Grantee {
        Grantee::User(UserId(id))
    }

    #[test]
    fn the_rule_for_this_creator_wins_whichever_was_made_first() {
        let general = || Rule { creator: None, grantee: user(2), role: RepositoryRole::Admin };
        let specific = || Rule { creator: Some(user(1)), grantee: user(2), role: RepositoryRole::Read };

        let expected = vec![(user(2), RepositoryRole::Read)];
        assert_eq!(chosen(vec![general(), specific()], Some(user(1))), expected);
        assert_eq!(chosen(vec![specific(), general()], Some(user(1))), expected);
        assert_eq!(chosen(vec![specific(), general()], Some(user(9))), vec![(user(2), RepositoryRole::Admin)]);
        assert_eq!(chosen(vec![specific()], None), vec![]);
    }

    #[test]
    fn the_creators_own_role_is_not_lowered() {
        let rule = Rule { creator: None, grantee: user(1), role: RepositoryRole::Read };
        assert_eq!(chosen(vec![rule], Some(user(1))), vec![]);
    }
}
