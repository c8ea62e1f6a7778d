//! Tokens people make for themselves.

use std::time::Duration;

use domain::access::{ApiScope, Standing};
use serde_json::{Value, json};

use crate::support::{Actor, Browser, TestApp};

const APP: &str = "/api/v1/user/apptoken";
const TOKENS: &str = "/api/v1/user/tokens";
const USER: &str = "/api/v1/user/";

async fn made(who: &Actor, path: &str, new: Value) -> Value {
    who.post(path, new).await.is(200).json()["token"].clone()
}

fn at(path: &str, token: &Value) -> String {
    format!("{path}/{}", token["uuid"].as_str().unwrap())
}

#[actix_web::test]
async fn an_application_token_stands_for_the_password_and_is_shown_again() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    let token = made(&carol, APP, json!({ "title": "laptop" })).await;

    assert_eq!(
        (&token["title"], &token["expiration"], &token["last_accessed"]),
        (&json!("laptop"), &Value::Null, &Value::Null)
    );
    assert_eq!(token["created"], "Thu, 01 Jan 2026 12:00:00 -0000");
    let secret = token["token_code"].as_str().unwrap();
    let program = app.actor("$app", secret);
    program.get("/v2/").await.is(200);
    assert_eq!(program.get(USER).await.is(200).json()["username"], "carol");
    let again = carol.get(&at(APP, &token)).await.is(200).json()["token"].clone();
    assert_eq!((&again["token_code"], &again["last_accessed"]), (&token["token_code"], &token["created"]));
    let listed = carol.get(APP).await.is(200).json();
    assert_eq!((&listed["only_expiring"], listed["tokens"].as_array().unwrap().len()), (&Value::Null, 1));
    assert!(listed["tokens"][0].get("token_code").is_none());
    let happened = app.happened(&["create_app_specific_token"]).await;
    assert_eq!(happened[0].details()["app_specific_token_title"], "laptop");
    assert!(!happened[0].details().to_string().contains(secret));
}

#[actix_web::test]
async fn a_revoked_token_is_dead_at_once() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let token = made(&carol, APP, json!({ "title": "laptop" })).await;
    let program = app.actor("$app", token["token_code"].as_str().unwrap());
    program.get(USER).await.is(200);

    carol.delete(&at(APP, &token)).await.is(204);

    program.get(USER).await.is(401);
    carol.delete(&at(APP, &token)).await.is(404);
    carol.get(&at(APP, &token)).await.is(404);
    assert_eq!(app.happened(&["revoke_app_specific_token"]).await.len(), 1);
}

#[actix_web::test]
async fn tokens_end_with_their_time_and_with_their_user() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let short = made(&carol, APP, json!({ "title": "short", "expiration": 3600 })).await;
    let personal = made(&carol, TOKENS, json!({ "name": "ci", "scopes": ["user:read"] })).await;
    made(&carol, APP, json!({ "title": "long" })).await;
    let personal = app.bearer(personal["token"].as_str().unwrap());

    let expiring = carol.get(&format!("{APP}?expiring=true")).await.is(200).json();
    assert_eq!((&expiring["only_expiring"], expiring["tokens"].as_array().unwrap().len()), (&json!(true), 1));
    assert_eq!(expiring["tokens"][0]["expiration"], "Thu, 01 Jan 2026 13:00:00 -0000");
    let program = app.actor("$app", short["token_code"].as_str().unwrap());
    program.get(USER).await.is(200);
    app.clock.advance(Duration::from_secs(3600));
    program.get(USER).await.is(401);
    personal.get(USER).await.is(200);
    app.set_enabled(&carol, false).await;
    personal.get(USER).await.is(401);
}

#[actix_web::test]
async fn tokens_of_others_are_not_to_be_seen() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let application = made(&carol, APP, json!({ "title": "laptop" })).await;
    let personal = made(&carol, TOKENS, json!({ "name": "ci", "scopes": ["user:read"] })).await;

    for who in [&dave, &app.admin()] {
        who.get(&at(APP, &application)).await.is(404);
        who.delete(&at(APP, &application)).await.is(404);
        who.delete(&at(TOKENS, &personal)).await.is(404);
        assert_eq!(who.get(TOKENS).await.is(200).json()["tokens"], json!([]));
    }
    carol.get(&format!("{APP}/a%00b")).await.is(404);
    carol.delete(&format!("{TOKENS}/a%00b")).await.is(404);
    // Nor does one kind pass for the other.
    carol.get(&at(APP, &personal)).await.is(404);
    carol.delete(&at(TOKENS, &application)).await.is(404);
    for path in [APP, TOKENS] {
        app.anonymous().get(path).await.is(401);
        app.anonymous().post(path, json!({ "title": "x" })).await.is(401);
    }
}

#[actix_web::test]
async fn a_personal_token_allows_what_its_scopes_say() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    let new = json!({ "name": "ci", "scopes": ["user:read", "repo:read"], "expiration": 7200 });
    let token = made(&carol, TOKENS, new).await;

    assert_eq!((&token["name"], &token["scopes"]), (&json!("ci"), &json!(["user:read", "repo:read"])));
    assert_eq!(token["expiration"], "Thu, 01 Jan 2026 14:00:00 -0000");
    let program = app.bearer(token["token"].as_str().unwrap());
    program.get(USER).await.is(200);
    program.put(USER, json!({ "company": "ACME" })).await.is(403);
    let listed = carol.get(TOKENS).await.is(200).json()["tokens"][0].clone();
    assert_eq!(
        (&listed["uuid"], &listed["last_accessed"]),
        (&token["uuid"], &json!("Thu, 01 Jan 2026 12:00:00 -0000"))
    );
    assert!(listed.get("token").is_none());
    carol.delete(&at(TOKENS, &token)).await.is(204);
    program.get(USER).await.is(401);
    let happened = app.happened(&["create_personal_token", "revoke_personal_token"]).await;
    assert_eq!((happened.len(), &happened[0].details()["scope"]), (2, &json!("user:read repo:read")));
}

#[actix_web::test]
async fn a_token_makes_none_that_allows_more() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let narrow = app.bearer(&app.access_token(&carol, &[ApiScope::UserAdmin, ApiScope::RepositoryAdmin]).await);
    let laptop = made(&carol, APP, json!({ "title": "laptop" })).await;

    let new = |scopes: &[&str]| json!({ "name": "ci", "scopes": scopes });
    narrow.post(TOKENS, new(&["repo:read", "repo:write", "user:read"])).await.is(200);
    for scope in ["repo:create", "org:admin"] {
        narrow.post(TOKENS, new(&["repo:read", scope])).await.is(403);
    }
    // An application token allows everything.
    narrow.post(APP, json!({ "title": "x" })).await.is(403);
    narrow.get(&at(APP, &laptop)).await.is(403);
    let everything = app.bearer(&app.access_token(&carol, ApiScope::ALL).await);
    everything.post(APP, json!({ "title": "x" })).await.is(200);
    // Nobody has a superuser's token before they are one.
    carol.post(TOKENS, new(&["super:user"])).await.is(403);
    app.admin().post(TOKENS, new(&["super:user"])).await.is(200);
}

#[actix_web::test]
async fn what_a_token_cannot_be_is_refused() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    for wrong in [
        json!({}),
        json!({ "title": "" }),
        json!({ "title": " " }),
        json!({ "title": "x".repeat(256) }),
        json!({ "title": "a\0b" }),
        json!({ "title": "x", "expiration": 0 }),
        json!({ "title": "x", "expiration": u64::MAX }),
    ] {
        carol.post(APP, wrong).await.is(400);
    }
    for wrong in [
        json!({ "name": "x" }),
        json!({ "name": "x", "scopes": [] }),
        json!({ "name": "x", "scopes": ["bogus:scope"] }),
    ] {
        carol.post(TOKENS, wrong).await.is(400);
    }
    assert_eq!(carol.post(APP, json!({})).await.message(), "'title' is a required property");
}

#[actix_web::test]
async fn nobody_has_more_than_a_hundred_of_a_kind() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    for _ in 0..100 {
        app.application_token(&carol).await;
    }

    let refused = carol.post(APP, json!({ "title": "one more" })).await.is(400);

    assert!(refused.message().contains("revoke some first"), "{}", refused.message());
    assert_eq!(carol.get(APP).await.json()["tokens"].as_array().unwrap().len(), 100);
    carol.post(TOKENS, json!({ "name": "ci", "scopes": ["repo:read"] })).await.is(200);
}

#[actix_web::test]
async fn making_and_showing_needs_a_fresh_sign_in() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let token = made(&carol, APP, json!({ "title": "laptop" })).await;
    let browser = Browser::of(&app, &carol).await;
    app.clock.advance(Duration::from_secs(3600));

    browser.get(APP).await.is(200);
    browser.get(&at(APP, &token)).await.is(401);
    browser.delete(&at(APP, &token)).await.is(401);
    browser.post(TOKENS, json!({ "name": "x", "scopes": ["repo:read"] })).await.is(401);
}

#[actix_web::test]
async fn robots_and_read_only_superusers_speak_to_the_api_with_names_and_tokens() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", "private").await;
    let robot = app.robot("acme", "ci").await;
    app.grant("acme/web", &robot, "admin").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;

    robot.post("/api/v1/repository/acme/web/changevisibility", json!({ "visibility": "public" })).await.is(200);
    robot.post(APP, json!({ "title": "x" })).await.is(401);
    let token = made(&auditor, APP, json!({ "title": "laptop" })).await;
    let program = app.actor("$app", token["token_code"].as_str().unwrap());
    assert_eq!(program.get(USER).await.is(200).json()["global_readonly_super_user"], true);
    program.post("/api/v1/organization/", json!({ "name": "newcorp" })).await.is(403);
}
