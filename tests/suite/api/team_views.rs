//! Who is in a team and what it may do, and the end of a team.

use domain::access::{Standing, TeamRole};
use serde_json::json;

use super::happened;
use crate::support::{PRIVATE, PUBLIC, TestApp};

const OPS: &str = "/api/v1/organization/acme/team/ops";

#[actix_web::test]
async fn a_team_is_seen_by_those_in_it_and_by_admins() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, dave, eve) = (app.user("carol").await, app.user("dave").await, app.user("eve").await);
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let robot = app.robot("acme", "ci").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.team("acme", "dev", TeamRole::Creator).await;
    for who in [&carol, &robot] {
        app.join("acme", "ops", who).await;
    }
    app.join("acme", "dev", &dave).await;
    let path = format!("{OPS}/members");

    let seen = owner.get(&path).await.is(200).json();

    assert_eq!((&seen["name"], &seen["can_edit"]), (&json!("ops"), &json!(true)));
    let members = seen["members"].as_array().unwrap();
    assert_eq!(
        (&members[0]["name"], &members[0]["is_robot"], &members[0]["invited"]),
        (&json!("carol"), &json!(false), &json!(false))
    );
    assert_eq!(
        (&members[1]["name"], &members[1]["is_robot"], &members[1]["kind"]),
        (&json!("acme+ci"), &json!(true), &json!("user"))
    );
    assert_eq!(members[1]["avatar"]["kind"], "robot");
    for who in [&carol, &robot, &auditor] {
        assert_eq!(who.get(&path).await.is(200).json()["can_edit"], json!(false));
    }
    for who in [&dave, &eve] {
        who.get(&path).await.is(403);
    }
    app.anonymous().get(&path).await.is(401);
    dave.get("/api/v1/organization/acme/team/none/members").await.is(403);
    owner.get("/api/v1/organization/acme/team/none/members").await.is(404);
    let first = owner.get(&format!("{path}?limit=1")).await.is(200).json();
    let token = first["next_page"].as_str().unwrap();
    let rest = owner.get(&format!("{path}?limit=1&next_page={token}")).await.is(200).json();
    assert_eq!(rest["members"][0]["name"], "acme+ci");
}

#[actix_web::test]
async fn what_is_granted_to_a_team_is_listed() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("acme/site/main", PUBLIC).await;
    app.grant_team("acme/web", "ops", "write").await;
    app.grant_team("acme/site/main", "ops", "read").await;
    let path = format!("{OPS}/permissions");

    let seen = owner.get(&path).await.is(200).json();

    assert_eq!(
        seen["permissions"],
        json!([
            { "repository": { "name": "site/main", "is_public": true }, "role": "read" },
            { "repository": { "name": "web", "is_public": false }, "role": "write" },
        ])
    );
    let first = owner.get(&format!("{path}?limit=1")).await.is(200).json();
    let token = first["next_page"].as_str().unwrap();
    let rest = owner.get(&format!("{path}?limit=1&next_page={token}")).await.is(200).json();
    assert_eq!(rest["permissions"][0]["repository"]["name"], "web");
    auditor.get(&path).await.is(200);
    carol.get(&path).await.is(403);
    owner.get("/api/v1/organization/acme/team/none/permissions").await.is(404);
}

#[actix_web::test]
async fn a_deleted_team_takes_its_grants_with_it() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let carol = app.user("carol").await;
    app.repository("acme/web", PRIVATE).await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    app.grant_team("acme/web", "ops", "read").await;
    app.oci(&carol).get("/v2/acme/web/tags/list").await.is(200);

    for who in [&other, &carol] {
        who.delete(OPS).await.is(403);
    }
    owner.delete(OPS).await.is(204);

    assert_eq!(happened::last_by(&app, &owner).await, ("org_delete_team".into(), json!({ "team": "ops" })));
    app.oci(&carol).get("/v2/acme/web/tags/list").await.is(404);
    let refused = owner.delete(OPS).await.is(400);
    assert_eq!(refused.message(), "Team 'ops' is not a team in org 'acme'");
}

#[actix_web::test]
async fn somebody_always_administers_an_organization() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    let robot = app.robot("acme", "ci").await;
    let owners = "/api/v1/organization/acme/team/owners";

    let refused = owner.delete(owners).await.is(400);
    assert_eq!(refused.message(), "acme needs at least one admin team; make another one first");
    // Another admin team is no help while only a robot account is in it.
    app.team("acme", "lords", TeamRole::Admin).await;
    app.join("acme", "lords", &robot).await;
    for refused in [owner.delete(owners).await, owner.put(owners, json!({ "role": "member" })).await] {
        assert_eq!(refused.is(400).message(), "acme would be left without an admin; add another one first");
    }
    owner.delete(&format!("{owners}/members/acme-owner")).await.is(400);
    app.join("acme", "lords", &carol).await;
    owner.delete(owners).await.is(204);
    carol.delete("/api/v1/organization/acme/team/lords/members/carol").await.is(400);
}

#[actix_web::test]
async fn a_change_of_a_team_is_written_down_as_what_it_was() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let made = owner.put(OPS, json!({ "role": "member", "description": "x" })).await.is(200).json();
    assert_eq!(made["avatar"]["kind"], "team");

    owner.put(OPS, json!({ "role": "member", "description": "y" })).await.is(200);
    owner.put(OPS, json!({ "role": "creator" })).await.is(200);
    owner.put(OPS, json!({ "role": "creator", "description": "y" })).await.is(200);

    let expected = ["org_create_team", "org_set_team_description", "org_set_team_role"];
    assert_eq!(happened::kinds(&app, &owner, 3).await, expected);
}

#[actix_web::test]
async fn features_that_are_off_answer_as_quay_does() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.team("acme", "ops", TeamRole::Member).await;

    let off = owner.post(&format!("{OPS}/syncing"), json!({ "group_dn": "cn=x" })).await.is(405);
    assert_eq!(off.header("allow"), "");
    owner.put(&format!("{OPS}/invite/x@example.com"), json!({})).await.is(405);
    let refused = owner.put(&format!("{OPS}/members/nobody"), json!({})).await.is(400);
    assert_eq!(refused.message(), "Unknown user");
}
