//! Invitations to teams.

use std::time::Duration;

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::json;

use super::happened;
use crate::support::{Actor, TestApp};

const CAROL: &str = "/api/v1/organization/acme/team/ops/members/carol";
const MEMBERS: &str = "/api/v1/organization/acme/team/ops/members?includePending=true";
const MINE: &str = "/api/v1/user/invitations";

async fn acme() -> (TestApp, Actor, Actor) {
    let app = TestApp::with(&[("access.require_team_invitation", "true")]).await;
    let owner = app.organization("acme").await;
    app.team("acme", "ops", TeamRole::Member).await;
    let carol = app.user("carol").await;
    (app, owner, carol)
}

async fn code(who: &Actor) -> String {
    who.get(MINE).await.is(200).json()["invitations"][0]["code"].as_str().unwrap().to_string()
}

#[actix_web::test]
async fn a_user_from_outside_is_asked_first() {
    let (app, owner, carol) = acme().await;

    let answer = owner.put(CAROL, json!({})).await.is(200).json();

    assert_eq!((&answer["name"], &answer["invited"]), (&json!("carol"), &json!(true)));
    assert_eq!(happened::last_by(&app, &owner).await.0, "org_invite_team_member");
    let pending = owner.get(MEMBERS).await.is(200).json();
    assert_eq!((&pending["members"][0]["name"], &pending["members"][0]["invited"]), (&json!("carol"), &json!(true)));
    assert_eq!(owner.get(MEMBERS.split('?').next().unwrap()).await.json()["members"], json!([]));
    let mine = carol.get(MINE).await.is(200).json();
    assert_eq!(
        (&mine["invitations"][0]["organization"]["name"], &mine["invitations"][0]["team"]["name"]),
        (&json!("acme"), &json!("ops"))
    );
    assert_eq!(mine["invitations"][0]["inviter"], json!(owner.name));

    let accepted = carol.put(&format!("/api/v1/teaminvite/{}", code(&carol).await), json!({})).await.is(200).json();

    assert_eq!(accepted, json!({ "org": "acme", "team": "ops" }));
    assert_eq!(happened::last_by(&app, &carol).await.0, "org_team_member_invite_accepted");
    assert_eq!(owner.get(MEMBERS).await.json()["members"][0]["invited"], json!(false));
    assert_eq!(carol.get(MINE).await.json()["invitations"], json!([]));
    // Now one of the organization, she joins other teams at once.
    app.team("acme", "dev", TeamRole::Member).await;
    let joined = owner.put("/api/v1/organization/acme/team/dev/members/carol", json!({})).await.is(200).json();
    assert_eq!(joined["invited"], json!(false));
}

#[actix_web::test]
async fn an_invitation_is_worth_nothing_to_others_or_later() {
    let (app, owner, carol) = acme().await;
    let dave = app.user("dave").await;
    owner.put(CAROL, json!({})).await.is(200);
    let path = format!("/api/v1/teaminvite/{}", code(&carol).await);
    let narrow = app.bearer(&app.access_token(&carol, &[ApiScope::RepositoryRead]).await);

    dave.put(&path, json!({})).await.is(404);
    dave.delete(&path).await.is(404);
    narrow.put(&path, json!({})).await.is(403);
    narrow.get(MINE).await.is(403);
    app.anonymous().put(&path, json!({})).await.is(401);
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    auditor.put(&path, json!({})).await.is(403);
    carol.put("/api/v1/teaminvite/none", json!({})).await.is(404);
    assert_eq!(dave.get(MINE).await.is(200).json()["invitations"], json!([]));
    app.clock.advance(Duration::from_secs(15 * 24 * 3600));
    carol.put(&path, json!({})).await.is(404);
    assert_eq!(carol.get(MINE).await.json()["invitations"], json!([]));
    owner.put(CAROL, json!({})).await.is(200);
    carol.put(&path, json!({})).await.is(404);
    carol.put(&format!("/api/v1/teaminvite/{}", code(&carol).await), json!({})).await.is(200);
}

#[actix_web::test]
async fn an_invitation_is_declined_or_taken_back() {
    let (app, owner, carol) = acme().await;
    owner.put(CAROL, json!({})).await.is(200);
    let path = format!("/api/v1/teaminvite/{}", code(&carol).await);

    carol.delete(&path).await.is(204);

    assert_eq!(happened::last_by(&app, &carol).await.0, "org_team_member_invite_declined");
    carol.put(&path, json!({})).await.is(404);
    owner.put(CAROL, json!({})).await.is(200);
    let second = format!("/api/v1/teaminvite/{}", code(&carol).await);
    owner.delete(CAROL).await.is(204);
    assert_eq!(happened::last_by(&app, &owner).await.0, "org_delete_team_member_invite");
    carol.put(&second, json!({})).await.is(404);
    owner.delete(CAROL).await.is(400);
}

#[actix_web::test]
async fn robot_accounts_are_not_asked() {
    let (app, owner, _) = acme().await;
    app.robot("acme", "ci").await;

    let answer = owner.put("/api/v1/organization/acme/team/ops/members/acme+ci", json!({})).await.is(200).json();

    assert_eq!((&answer["is_robot"], &answer["invited"]), (&json!(true), &json!(false)));
}
