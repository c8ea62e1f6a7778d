//! Teams and their members.

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{PRIVATE, TestApp};

const OPS: &str = "/api/v1/organization/acme/team/ops";

#[actix_web::test]
async fn a_team_is_made_and_changed_by_the_same_request() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let made = owner.put(OPS, json!({ "role": "member", "description": "Operators" })).await.is(200).json();
    let changed = owner.put(OPS, json!({ "role": "creator" })).await.is(200).json();

    assert_eq!(
        (made["name"].as_str(), made["role"].as_str(), made["new_team"].as_bool()),
        (Some("ops"), Some("member"), Some(true))
    );
    assert_eq!((changed["role"].as_str(), changed["description"].as_str()), (Some("creator"), Some("Operators")));
    assert_eq!(changed["new_team"], false);
    let refused = owner.put(OPS, json!({ "role": "boss" })).await.is(400);
    assert_eq!(refused.message(), "Team roles are 'member', 'creator' and 'admin'; got 'boss'");
    owner.put("/api/v1/organization/acme/team/Not%20One", json!({ "role": "member" })).await.is(400);
    owner.put(OPS, json!({ "role": "member", "description": "a\0b" })).await.is(400);
}

#[actix_web::test]
async fn members_come_and_go() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    app.repository("acme/web", PRIVATE).await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.grant_team("acme/web", "ops", "read").await;
    let members = format!("{OPS}/members/carol");

    let added = owner.put(&members, json!({})).await.is(200).json();
    assert_eq!((added["name"].as_str(), added["is_robot"].as_bool()), (Some("carol"), Some(false)));
    owner.put(&members, json!({})).await.is(200);
    app.oci(&carol).get("/v2/acme/web/tags/list").await.is(200);

    owner.delete(&members).await.is(204);
    let refused = owner.delete(&members).await.is(400);
    assert_eq!(refused.message(), "User carol does not belong to team ops");
    app.oci(&carol).get("/v2/acme/web/tags/list").await.is(404);
}

#[actix_web::test]
async fn only_the_organizations_own_robots_are_members() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.robot("acme", "ci").await;
    app.robot("other", "ci").await;

    assert_eq!(owner.put(&format!("{OPS}/members/acme+ci"), json!({})).await.is(200).json()["is_robot"], true);
    for wrong in ["other+ci", "acme+none", "nobody", "acme", "+"] {
        let refused = owner.put(&format!("{OPS}/members/{wrong}"), json!({})).await;
        assert!(matches!(refused.status, 400 | 404), "{}", refused.shown());
    }
}

#[actix_web::test]
async fn only_organizations_have_teams_and_only_their_admins_make_them() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let carol = app.user("carol").await;
    app.team("acme", "makers", TeamRole::Creator).await;
    app.join("acme", "makers", &carol).await;

    carol.put("/api/v1/organization/carol/team/ops", json!({ "role": "member" })).await.is(400);
    carol.put(OPS, json!({ "role": "admin" })).await.is(403);
    carol.put("/api/v1/organization/acme/team/owners/members/carol", json!({})).await.is(403);
    carol.put("/api/v1/organization/none/team/ops", json!({ "role": "member" })).await.is(404);
}

#[actix_web::test]
async fn an_organization_keeps_an_admin_team() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    owner.put("/api/v1/organization/acme/team/owners", json!({ "role": "member" })).await.is(400);

    owner.put(OPS, json!({ "role": "member" })).await.is(200);
}

#[actix_web::test]
async fn the_last_owner_cannot_leave() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let left = owner.delete("/api/v1/organization/acme/team/owners/members/acme-owner").await;

    assert!((400..500).contains(&left.status), "{}", left.shown());
    owner.put(OPS, json!({ "role": "member" })).await.is(200);
}
