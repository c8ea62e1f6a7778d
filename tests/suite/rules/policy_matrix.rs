//! Every kind of caller against every kind of repository, as the policy decides.

use std::fmt::Write;

use domain::access::policy::{Facts, namespace_role, repository_role};
use domain::access::{RepositoryRole, Standing, TeamRole, Visibility};

use super::table::assert_same;

fn callers() -> Vec<(String, Facts)> {
    let base = Facts::anonymous(Visibility::Private);
    let mut callers = vec![
        ("anonymous or a stranger".to_string(), base),
        ("owner of the namespace".to_string(), Facts { owns_namespace: true, ..base }),
        ("disabled owner".to_string(), Facts { owns_namespace: true, active: false, ..base }),
        ("disabled superuser".to_string(), Facts { standing: Standing::Superuser, active: false, ..base }),
    ];
    for role in TeamRole::ALL {
        callers.push((format!("in a {role} team"), Facts { team_role: Some(*role), ..base }));
    }
    for role in RepositoryRole::ALL {
        callers.push((format!("granted {role}"), Facts { granted: Some(*role), ..base }));
        let both = Facts { granted: Some(*role), team_role: Some(TeamRole::Member), ..base };
        callers.push((format!("in a member team, granted {role}"), both));
        callers.push((format!("disabled, granted {role}"), Facts { granted: Some(*role), active: false, ..base }));
    }
    for standing in [Standing::ReadOnlySuperuser, Standing::Superuser] {
        callers.push((standing.to_string(), Facts { standing, ..base }));
        let granted = Facts { standing, granted: Some(RepositoryRole::Admin), owns_namespace: true, ..base };
        callers.push((format!("{standing} that owns the namespace"), granted));
    }
    callers
}

fn may(allowed: bool) -> &'static str {
    if allowed { "yes" } else { "-" }
}

#[test]
fn the_policy_decides_as_the_table_says() {
    let mut table = String::from(
        "# Who may do what. Written by the test `policy_matrix`; a change here is a change of the rules.\n\n",
    );
    writeln!(
        table,
        "{:<42} {:<8} {:>5} {:>6} {:>6} {:>7} {:>7}",
        "caller", "repo", "pull", "push", "admin", "create", "manage"
    )
    .unwrap();
    for (name, facts) in callers() {
        for visibility in [Visibility::Private, Visibility::Public] {
            let facts = Facts { visibility, ..facts };
            let (role, namespace) = (repository_role(&facts), namespace_role(&facts));
            writeln!(
                table,
                "{name:<42} {visibility:<8} {:>5} {:>6} {:>6} {:>7} {:>7}",
                may(role >= Some(RepositoryRole::Read)),
                may(role >= Some(RepositoryRole::Write)),
                may(role >= Some(RepositoryRole::Admin)),
                may(namespace >= Some(TeamRole::Creator)),
                may(namespace >= Some(TeamRole::Admin)),
            )
            .unwrap();
        }
    }
    assert_same("policy_matrix.txt", &table);
}
