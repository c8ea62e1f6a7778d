//! Organizations.

use domain::access::Standing;
use serde_json::json;

use crate::support::TestApp;

const PATH: &str = "/api/v1/organization/";

#[actix_web::test]
async fn whoever_makes_an_organization_owns_it() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);

    let made = carol.post(PATH, json!({ "name": "acme", "email": "acme@example.com" })).await.is(201);

    assert_eq!(made.json(), json!("Created"));
    carol.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    dave.put("/api/v1/organization/acme/robots/cd", json!({})).await.is(403);
    carol.post("/api/v1/organization", json!({ "name": "without-slash" })).await.is(201);
}

#[actix_web::test]
async fn a_name_is_given_once_to_users_and_organizations() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    carol.post(PATH, json!({ "name": "acme" })).await.is(201);

    for taken in ["acme", "carol", "olivia"] {
        let refused = carol.post(PATH, json!({ "name": taken })).await.is(400);
        assert_eq!(refused.message(), format!("A user or organization with the name {taken} already exists"));
    }
}

#[actix_web::test]
async fn names_that_are_none_are_refused() {
    let app = TestApp::start().await;
    for wrong in ["", "a", "Acme", "ac me", "ac/me", "ac+me", "..", "a\0b", "<b>", &"a".repeat(256)] {
        let refused = app.admin().post(PATH, json!({ "name": wrong })).await.is(400);
        assert!(refused.message().contains("2 to 255 lower-case letters"), "{}", refused.shown());
    }
    app.admin().post(PATH, json!({})).await.is(400);
    app.admin().post(PATH, json!({ "name": 7 })).await.is(400);
}

#[actix_web::test]
async fn an_odd_email_is_no_fault_of_the_server() {
    let app = TestApp::start().await;

    let answer = app.admin().post(PATH, json!({ "name": "acme", "email": "a\0b" })).await;

    assert!(answer.status < 500, "{}", answer.shown());
}

#[actix_web::test]
async fn robots_read_only_superusers_and_strangers_make_none() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;

    for who in [robot, auditor] {
        who.post(PATH, json!({ "name": "newcorp" })).await.is(403);
    }
    app.anonymous().post(PATH, json!({ "name": "newcorp" })).await.is(401);
    app.admin().post(PATH, json!({ "name": "newcorp" })).await.is(201);
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;

    let answer = app.admin().post(PATH, json!({ "name": "x".repeat(300_000) })).await;

    assert!(matches!(answer.status, 400 | 413), "{}", answer.shown());
}
