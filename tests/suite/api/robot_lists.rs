//! Lists of robot accounts, and what they may do.

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::{Value, json};

use crate::support::{PRIVATE, TestApp};

const ROBOTS: &str = "/api/v1/organization/acme/robots";

fn names(answer: &Value) -> Vec<&str> {
    answer["robots"].as_array().unwrap().iter().map(|robot| robot["name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn admins_see_tokens_and_nobody_else_does() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, eve) = (app.user("carol").await, app.user("eve").await);
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let robot = app.robot("acme", "ci").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;

    assert_eq!(owner.get(ROBOTS).await.is(200).json()["robots"][0]["token"], json!(robot.secret));
    assert!(!owner.get(&format!("{ROBOTS}?token=false")).await.is(200).text().contains("\"token\""));
    for who in [&carol, &auditor] {
        let seen = who.get(&format!("{ROBOTS}?token=true&permissions=true")).await.is(200);
        assert_eq!(names(&seen.json()), ["acme+ci"]);
        assert!(!seen.text().contains(&robot.secret) && !seen.text().contains("\"token\""), "{}", seen.shown());
    }
    let one = auditor.get(&format!("{ROBOTS}/ci")).await.is(200);
    assert!(!one.text().contains(&robot.secret), "{}", one.shown());
    auditor.post(&format!("{ROBOTS}/ci/regenerate"), json!({})).await.is(403);
    auditor.put(&format!("{ROBOTS}/new"), json!({})).await.is(403);
    carol.get(&format!("{ROBOTS}/ci")).await.is(403);
    eve.get(ROBOTS).await.is(403);
    app.anonymous().get(ROBOTS).await.is(401);
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::RepositoryAdmin]).await);
    narrow.get(ROBOTS).await.is(403);
}

#[actix_web::test]
async fn an_admin_whose_token_is_a_superusers_without_the_scope_gets_no_secrets() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.robot("acme", "ci").await;
    let narrow = app.bearer(&app.access_token(&app.admin(), &[ApiScope::OrganizationAdmin]).await);

    narrow.get(ROBOTS).await.is(403);
}

#[actix_web::test]
async fn robots_are_listed_in_pages_by_prefix_and_with_what_they_belong_to() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.team("acme", "ops", TeamRole::Member).await;
    for short in ["build", "ci", "ci2", "c_x"] {
        owner.put(&format!("{ROBOTS}/{short}"), json!({})).await.is(201);
    }
    let ci = app.actor("acme+ci", "");
    app.join("acme", "ops", &ci).await;
    app.grant("acme/web", &ci, "write").await;

    let first = owner.get(&format!("{ROBOTS}?limit=3&token=false")).await.is(200).json();
    let token = first["next_page"].as_str().unwrap();
    let rest = owner.get(&format!("{ROBOTS}?limit=3&next_page={token}")).await.is(200).json();

    assert_eq!(names(&first).len() + names(&rest).len(), 4);
    assert!(rest.get("next_page").is_none());
    assert_eq!(names(&owner.get(&format!("{ROBOTS}?prefix=ci")).await.json()), ["acme+ci", "acme+ci2"]);
    assert_eq!(names(&owner.get(&format!("{ROBOTS}?prefix=c_")).await.json()), ["acme+c_x"]);
    assert!(names(&owner.get(&format!("{ROBOTS}?prefix=%25")).await.json()).is_empty());
    let full = owner.get(&format!("{ROBOTS}?permissions=true&prefix=ci")).await.json();
    assert_eq!(
        (&full["robots"][0]["teams"][0]["name"], &full["robots"][0]["repositories"]),
        (&json!("ops"), &json!(["web"]))
    );
    assert_eq!((&full["robots"][1]["teams"], &full["robots"][1]["repositories"]), (&json!([]), &json!([])));
}

#[actix_web::test]
async fn what_is_granted_to_a_robot_is_listed() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let robot = app.robot("acme", "ci").await;
    app.repository("acme/web", PRIVATE).await;
    app.grant("acme/web", &robot, "write").await;
    let path = format!("{ROBOTS}/ci/permissions");

    let seen = owner.get(&path).await.is(200).json();

    assert_eq!(
        seen,
        json!({ "permissions": [{ "repository": { "name": "web", "is_public": false }, "role": "write" }] })
    );
    other.get(&path).await.is(403);
    robot.get(&path).await.is(403);
    owner.get(&format!("{ROBOTS}/none/permissions")).await.is(400);
}

#[actix_web::test]
async fn users_list_their_own_robots() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let made = carol.put("/api/v1/user/robots/laptop", json!({})).await.is(201).json();
    assert_eq!(made["unstructured_metadata"], json!(null));

    let mine = carol.get("/api/v1/user/robots").await.is(200).json();

    assert_eq!((names(&mine), &mine["robots"][0]["token"]), (vec!["carol+laptop"], &made["token"]));
    assert_eq!(carol.get("/api/v1/user/robots/laptop/permissions").await.is(200).json(), json!({ "permissions": [] }));
    app.anonymous().get("/api/v1/user/robots").await.is(401);
}
