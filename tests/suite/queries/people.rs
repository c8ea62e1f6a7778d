//! What the pages of organizations and the first page show of people.

use std::time::Duration;

use domain::access::{ApiScope, Inspect, Read, TeamRole};
use domain::home;
use domain::organization::{self, NameQuery};
use domain::page::Place;
use domain::time::Clock;
use domain::{robot, tag, team};
use serde_json::json;

use super::kept::recount;
use super::{caller, to_write};
use crate::support::{PRIVATE, TestApp};

fn query() -> NameQuery {
    NameQuery { limit: 10, ..NameQuery::default() }
}

/// Each kept count of organizations, teams and robot accounts beside what counting says.
const OF_ORGANIZATIONS: &str = "\
SELECT 'repositories of ' || n.name AS what, n.repositories AS kept, \
   (SELECT COUNT(*) FROM repositories r WHERE r.namespace_id = n.id AND r.deleted_at IS NULL) AS counted \
   FROM namespaces n WHERE n.deleted_at IS NULL \
UNION ALL SELECT 'teams of ' || n.name, n.teams, (SELECT COUNT(*) FROM teams t WHERE t.organization_id = n.id) \
   FROM namespaces n \
UNION ALL SELECT 'robots of ' || n.name, n.robots, (SELECT COUNT(*) FROM robots b WHERE b.namespace_id = n.id) \
   FROM namespaces n \
UNION ALL SELECT 'members of ' || n.name, n.members, (SELECT COUNT(DISTINCT m.user_id) FROM team_members m \
   JOIN teams t ON t.id = m.team_id WHERE t.organization_id = n.id) FROM namespaces n \
UNION ALL SELECT 'members of team ' || t.name, t.members, (SELECT COUNT(*) FROM team_members m WHERE m.team_id = t.id) \
   FROM teams t \
UNION ALL SELECT 'repositories of team ' || t.name, t.repositories, (SELECT COUNT(*) FROM repository_permissions p \
   JOIN repositories r ON r.id = p.repository_id WHERE p.team_id = t.id AND r.deleted_name IS NULL) FROM teams t \
UNION ALL SELECT 'teams of robot ' || b.short_name, b.teams, (SELECT COUNT(*) FROM team_members m \
   WHERE m.robot_id = b.id) FROM robots b \
UNION ALL SELECT 'repositories of robot ' || b.short_name, b.repositories, (SELECT COUNT(*) FROM \
   repository_permissions p JOIN repositories r ON r.id = p.repository_id WHERE p.robot_id = b.id \
   AND r.deleted_name IS NULL) FROM robots b \
UNION ALL SELECT 'teams of member ' || m.user_id, m.teams, (SELECT COUNT(*) FROM team_members x \
   JOIN teams t ON t.id = x.team_id WHERE t.organization_id = m.organization_id AND x.user_id = m.user_id) \
   FROM organization_members m \
UNION ALL SELECT 'granted to ' || g.user_id, g.repositories, (SELECT COUNT(*) FROM repository_permissions p \
   JOIN repositories r ON r.id = p.repository_id WHERE p.user_id = g.user_id AND r.namespace_id = g.namespace_id \
   AND r.deleted_name IS NULL) FROM namespace_grantees g \
UNION ALL SELECT 'grantees of ' || n.name, (SELECT COUNT(*) FROM namespace_grantees g WHERE g.namespace_id = n.id), \
   (SELECT COUNT(DISTINCT p.user_id) FROM repository_permissions p JOIN repositories r ON r.id = p.repository_id \
   WHERE r.namespace_id = n.id AND r.deleted_name IS NULL) FROM namespaces n";

#[actix_web::test]
async fn what_is_kept_of_an_organization_is_what_counting_says() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, walter) = (app.user("carol").await, app.user("walter").await);
    for (name, role) in [("ops", TeamRole::Member), ("dev", TeamRole::Creator), ("all", TeamRole::Member)] {
        app.team("acme", name, role).await;
        app.join("acme", name, &carol).await;
    }
    app.join("acme", "ops", &walter).await;
    let (ci, other) = (app.robot("acme", "ci").await, app.robot("acme", "other").await);
    for robot in [&ci, &other] {
        app.join("acme", "ops", robot).await;
    }
    for name in ["acme/web", "acme/api", "acme/old", "acme/gone"] {
        app.repository(name, PRIVATE).await;
        app.grant_team(name, "ops", "read").await;
        app.grant_team(name, "dev", "write").await;
        app.grant(name, &ci, "write").await;
        app.grant(name, &walter, "read").await;
    }
    app.grant_team("acme/web", "ops", "write").await;
    assert_eq!(recount(&app, OF_ORGANIZATIONS).await, 5 * 5 + 4 * 2 + 2 * 2 + 3 + 2);

    owner.delete("/api/v1/organization/acme/team/dev").await.is(204);
    owner.delete("/api/v1/organization/acme/team/ops/members/walter").await.is(204);
    owner.delete("/api/v1/organization/acme/robots/other").await.is(204);
    owner.delete("/api/v1/repository/acme/web/permissions/team/ops").await.is(204);
    owner.delete("/api/v1/repository/acme/old").await.is(204);
    app.delete_repository("acme/gone").await;
    recount(&app, OF_ORGANIZATIONS).await;
    let deleted = app.admin().get("/api/v1/superuser/deleted").await.is(200).json()["deleted"].clone();
    let old = deleted.as_array().unwrap().iter().find(|one| one["name"] == "acme/old").unwrap()["id"].clone();
    app.admin().post(&format!("/api/v1/superuser/deleted/repository/{old}/restore"), json!({})).await.is(200);
    recount(&app, OF_ORGANIZATIONS).await;
    app.admin().delete("/api/v1/superuser/users/carol").await.is(204);
    recount(&app, OF_ORGANIZATIONS).await;

    owner.delete("/api/v1/organization/acme").await.is(204);
    app.clock.advance(Duration::from_secs(400 * 24 * 3600));
    let before = app.clock.now();
    while app.change(move |tx| domain::deletion::purge(tx, before, 1_000)).await > 0 {}

    let left = recount(&app, OF_ORGANIZATIONS).await;
    assert!(left > 0);
}

#[actix_web::test]
async fn an_organization_is_listed_with_what_is_in_it_and_ones_role() {
    let app = TestApp::start().await;
    let (owner, carol) = (app.organization("acme").await, app.user("carol").await);
    app.organization("beta").await;
    app.organization("other").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.team("acme", "dev", TeamRole::Creator).await;
    for team in ["ops", "dev"] {
        app.join("acme", team, &carol).await;
    }
    app.join("beta", "owners", &carol).await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", PRIVATE).await;
    let me = app.services.access.myself(&caller(&app, &carol).await, ApiScope::UserRead).await.unwrap();

    let of = me.clone();
    let all = app.services.db.read(move |conn| organization::memberships(conn, &of, &query())).await.unwrap();
    let of = me.clone();
    let second = app.services.db.read(move |conn| {
        let first = organization::memberships(conn, &of, &NameQuery { limit: 1, ..query() })?;
        let place = Place::After(first.next.expect("there is another"));
        organization::memberships(conn, &of, &NameQuery { limit: 1, place, ..query() })
    });
    let part = NameQuery { containing: Some("BET".into()), ..query() };
    let found = app.services.db.read(move |conn| organization::memberships(conn, &me, &part)).await.unwrap();
    let owner = caller(&app, &owner).await;
    let acme = app.services.access.namespace::<Read>(&owner, "acme", ApiScope::OrganizationAdmin).await.unwrap();
    let header = app.services.db.read(move |conn| organization::header(conn, &acme)).await.unwrap();

    let shown: Vec<_> = all.rows.iter().map(|one| (one.name.as_str(), one.role)).collect();
    assert_eq!(shown, [("acme", TeamRole::Creator), ("beta", TeamRole::Admin)]);
    let counts = all.rows[0].counts;
    assert_eq!((counts.repositories, counts.teams, counts.members, counts.robots), (1, 3, 2, 1));
    assert_eq!(second.await.unwrap().rows[0].name, "beta");
    assert_eq!(found.rows.len(), 1);
    assert_eq!(header.counts, counts);
}

#[actix_web::test]
async fn teams_members_collaborators_and_robots_are_paged_and_filtered() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, walter) = (app.user("carol").await, app.user("walter").await);
    for number in 0..7 {
        app.team("acme", &format!("team{number}"), TeamRole::Member).await;
    }
    app.join("acme", "team3", &carol).await;
    let ci = app.robot("acme", "ci").await;
    app.robot("acme", "deploy").await;
    app.join("acme", "team3", &ci).await;
    app.repository("acme/web", PRIVATE).await;
    app.grant("acme/web", &walter, "read").await;
    app.grant("acme/web", &ci, "write").await;
    app.grant_team("acme/web", "team3", "read").await;
    let (owners, members) = (caller(&app, &owner).await, caller(&app, &carol).await);
    let access = &app.services.access;
    let read = access.namespace::<Read>(&members, "acme", ApiScope::OrganizationAdmin).await.unwrap();
    let inspect = access.namespace::<Inspect>(&owners, "acme", ApiScope::OrganizationAdmin).await.unwrap();

    let answers = app.services.db.read(move |conn| {
        let teams = team::rows(conn, &read, &NameQuery { limit: 3, ..query() })?;
        let place = Place::After(teams.next.clone().expect("there are more"));
        let more = team::rows(conn, &read, &NameQuery { limit: 3, place, ..query() })?;
        let filtered = team::rows(conn, &read, &NameQuery { containing: Some("M3".into()), ..query() })?;
        let members = organization::member_rows(conn, &inspect, &query())?;
        let collaborators = organization::collaborator_rows(conn, &inspect, &query())?;
        let robots = robot::list(conn, &read, "", "", 10_i64)?;
        Ok((teams, more, filtered, members, collaborators, robots))
    });
    let (teams, more, filtered, members, collaborators, robots) = answers.await.unwrap();

    let names = |page: &domain::page::Page<team::TeamListRow>| -> Vec<String> {
        page.rows.iter().map(|row| row.name.clone()).collect()
    };
    assert_eq!(names(&teams), ["owners", "team0", "team1"]);
    assert_eq!((names(&more), more.previous.is_some()), (vec!["team2".into(), "team3".into(), "team4".into()], true));
    let team = &filtered.rows[0];
    assert_eq!((team.members, team.repositories, team.is_mine, filtered.rows.len()), (2, 1, true, 1));
    assert!(!teams.rows[0].is_mine);
    let people: Vec<_> = members.rows.iter().map(|one| (one.name.as_str(), one.teams.names.join(" "))).collect();
    assert_eq!(people, [("acme-owner", "owners".to_string()), ("carol", "team3".to_string())]);
    // Who made the repository has a permission of their own on it.
    let outside: Vec<_> = collaborators.rows.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(outside, ["olivia", "walter"]);
    assert_eq!(collaborators.rows[1].repositories, 1);
    let shown: Vec<_> = robots.iter().map(|one| (one.short_name.as_str(), one.teams, one.repositories)).collect();
    assert_eq!(shown, [("ci", 1, 1), ("deploy", 0, 0)]);
}

#[actix_web::test]
async fn an_account_with_many_grants_does_not_hide_those_of_others() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (anna, zoe) = (app.user("anna").await, app.user("zoe").await);
    let (busy, idle) = (app.robot("acme", "busy").await, app.robot("acme", "idle").await);
    for number in 0..22 {
        let (name, team) = (format!("acme/a{number:02}"), format!("t{number:02}"));
        app.repository(&name, PRIVATE).await;
        app.grant(&name, &anna, "read").await;
        app.grant(&name, &busy, "read").await;
        app.team("acme", &team, TeamRole::Member).await;
        app.join("acme", &team, &busy).await;
    }
    app.repository("acme/zz", PRIVATE).await;
    app.grant("acme/zz", &zoe, "read").await;
    app.grant("acme/zz", &idle, "read").await;
    app.join("acme", "t21", &idle).await;
    let owners = caller(&app, &owner).await;
    let access = &app.services.access;
    let read = access.namespace::<Read>(&owners, "acme", ApiScope::OrganizationAdmin).await.unwrap();
    let inspect = access.namespace::<Inspect>(&owners, "acme", ApiScope::OrganizationAdmin).await.unwrap();

    let answers = app.services.db.read(move |conn| {
        let listed = organization::collaborator_rows(conn, &inspect, &query())?.rows;
        let alone = |name: &str, conn: &mut _| organization::person(conn, &inspect, name);
        let people = [alone("anna", conn)?, alone("olivia", conn)?, alone("zoe", conn)?];
        let all = organization::collaborators(conn, &inspect, "", 10_i64)?;
        let robots = robot::list(conn, &read, "", "", 10_i64)?;
        let teams = robot::teams(conn, &inspect, &robots, 3)?;
        let repositories = robot::repositories(conn, &inspect, &robots, 3)?;
        let by_name = |of: robot::Belongings| robots.iter().map(|robot| of[&robot.id].clone()).collect::<Vec<_>>();
        Ok(((listed, people), all, by_name(teams), by_name(repositories)))
    });
    let ((listed, people), all, teams, repositories) = answers.await.unwrap();

    let named = |person: &organization::Person| {
        (person.name.clone(), person.repositories.names.len(), person.repositories.count, person.repositories.is_cut())
    };
    // Who made the repositories has a permission of their own on each.
    let counted: Vec<_> = listed.iter().map(|person| (person.name.as_str(), person.repositories)).collect();
    assert_eq!(counted, [("anna", 22), ("olivia", 23), ("zoe", 1)]);
    let shown: Vec<_> = people.iter().map(named).collect();
    assert_eq!(shown[0], ("anna".to_string(), 20, 22, true));
    assert_eq!((&shown[1].0, shown[1].2), (&"olivia".to_string(), 23));
    assert_eq!(shown[2], ("zoe".to_string(), 1, 1, false));
    assert_eq!((people[0].repositories.names[0].as_str(), people[2].repositories.names[0].as_str()), ("a00", "zz"));
    assert_eq!(named(&all[0]), ("anna".to_string(), 22, 22, false));
    assert_eq!((teams[0].names.join(" "), teams[0].count), ("t00 t01 t02".to_string(), 22));
    assert_eq!((teams[1].names.join(" "), teams[1].count), ("t21".to_string(), 1));
    assert_eq!((repositories[0].names.join(" "), repositories[0].count), ("a00 a01 a02".to_string(), 22));
    assert_eq!((repositories[1].names.join(" "), repositories[1].count), ("zz".to_string(), 1));
}

#[actix_web::test]
async fn what_ends_soon_and_waits_for_an_answer_needs_attention() {
    let app = TestApp::with(&[("access.require_team_invitation", "true")]).await;
    let (owner, carol) = (app.organization("acme").await, app.user("carol").await);
    app.oci(&carol).push_image("carol/web", "v1").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    let now = app.clock.now();
    let day = Duration::from_secs(24 * 3600);
    for (who, name) in [(&carol, "carol/web"), (&owner, "acme/web")] {
        let repository = to_write(&app, who, name).await;
        let end = Some(now.plus(day));
        app.change(move |tx| tag::set_expirations(tx, &repository, now, &[("v1".parse()?, end)])).await;
    }
    let me = app.services.access.myself(&caller(&app, &carol).await, ApiScope::UserAdmin).await.unwrap();
    for days in [10, 40] {
        let of = me.clone();
        app.change(move |tx| {
            let new = domain::token::NewPersonalToken {
                name: format!("in {days} days"),
                scopes: vec![ApiScope::RepositoryRead],
                lifetime: Some(day * days),
            };
            domain::token::create_personal_token(tx, &of, &pierhead::adapters::system::SystemEntropy, now, &new)
        })
        .await;
    }
    owner.put("/api/v1/organization/acme/team/owners/members/carol", json!({})).await;

    let found = app.services.db.read(move |conn| home::attention(conn, &me, now)).await.unwrap();

    assert_eq!(found.tokens.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["in 10 days"]);
    let tags: Vec<_> = found.tags.iter().map(|one| (one.repository.as_str(), one.tag.as_str(), one.at)).collect();
    assert_eq!(tags, [("carol/web", "v1", now.plus(day))]);
    let waiting: Vec<_> = found.invitations.iter().map(|one| (one.organization.as_str(), one.team.as_str())).collect();
    assert_eq!(waiting, [("acme", "owners")]);
    assert_eq!(found.count(), 3);
}
