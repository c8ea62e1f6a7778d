//! Robot accounts.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::happened;
use crate::support::{Actor, PRIVATE, TestApp};

const CI: &str = "/api/v1/organization/acme/robots/ci";

#[actix_web::test]
async fn a_robot_is_made_with_a_token_that_works() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let new = json!({ "description": "Builds", "unstructured_metadata": { "ticket": 7 } });
    let robot = owner.put(CI, new).await.is(201).json();

    assert_eq!((robot["name"].as_str(), robot["description"].as_str()), (Some("acme+ci"), Some("Builds")));
    assert_eq!(robot["unstructured_metadata"], json!({ "ticket": 7 }));
    assert_eq!(robot["created"], "Thu, 01 Jan 2026 12:00:00 -0000");
    assert_eq!(robot["last_accessed"], json!(null));
    let token = robot["token"].as_str().unwrap();
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
    app.actor("acme+ci", token).get("/v2/").await.is(200);
}

#[actix_web::test]
async fn what_holds_a_token_is_kept_by_nobody_on_the_way() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let asked = |method: Method| owner.request(method, CI).header("Idempotency-Key", "k1").json(&json!({}));

    let made = Actor::send(asked(Method::PUT)).await.is(201);
    let again = Actor::send(asked(Method::PUT)).await.is(201);
    let shown = owner.get(CI).await.is(200);
    let listed = owner.get("/api/v1/organization/acme/robots").await.is(200);
    let user = app.admin().post("/api/v1/superuser/users/", json!({ "username": "carol" })).await.is(200);
    let refused = app.anonymous().get(CI).await.is(401);

    assert_eq!(again.header("idempotency-replayed"), "true");
    for answer in [made, again, shown, listed, user, refused] {
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.shown());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{}", answer.shown());
    }
}

#[actix_web::test]
async fn a_second_robot_of_the_name_is_refused_in_quays_words() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    owner.put(CI, json!({})).await.is(201);

    let refused = owner.put(CI, json!({})).await.is(400);

    assert_eq!(refused.message(), "Existing robot with name: acme+ci");
    for field in ["detail", "error_message", "message"] {
        assert_eq!(refused.json()[field], "Existing robot with name: acme+ci");
    }
}

#[actix_web::test]
async fn a_robots_token_can_be_looked_up_again() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let made = owner.put(CI, json!({})).await.is(201).json();
    let robot = app.actor("acme+ci", made["token"].as_str().unwrap());
    app.clock.advance(Duration::from_secs(3600));
    robot.get("/v2/").await.is(200);

    let found = owner.get(CI).await.is(200).json();

    assert_eq!(found["token"], made["token"]);
    assert_eq!(found["last_accessed"], "Thu, 01 Jan 2026 13:00:00 -0000");
    let unknown = owner.get("/api/v1/organization/acme/robots/none").await.is(400);
    assert_eq!(unknown.message(), "Could not find robot with specified username: acme+none");
}

#[actix_web::test]
async fn a_regenerated_token_replaces_the_old_one_at_once() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let old = app.robot("acme", "ci").await;
    old.get("/v2/").await.is(200);

    let new = owner.post(&format!("{CI}/regenerate"), json!({})).await.is(200).json();

    let new = app.actor("acme+ci", new["token"].as_str().unwrap());
    assert_ne!(old.secret, new.secret);
    old.get("/v2/").await.is(401);
    new.get("/v2/").await.is(200);
    assert_eq!(owner.get(CI).await.is(200).json()["token"], json!(new.secret));
}

#[actix_web::test]
async fn a_deleted_robot_is_gone() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;

    owner.delete(CI).await.is(204);

    robot.get("/v2/").await.is(401);
    owner.get(CI).await.is(400);
    owner.delete(CI).await.is(400);
    owner.put(CI, json!({})).await.is(201);
}

#[actix_web::test]
async fn robots_of_others_are_not_to_be_seen() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let robot = app.robot("acme", "ci").await;

    for who in [&other, &robot] {
        let refused = who.get(CI).await.is(403);
        assert!(!refused.text().contains(&robot.secret));
        who.put("/api/v1/organization/acme/robots/mine", json!({})).await.is(403);
        who.post(&format!("{CI}/regenerate"), json!({})).await.is(403);
        who.delete(CI).await.is(403);
    }
    app.anonymous().get(CI).await.is(401);
    owner.get("/api/v1/organization/none/robots/ci").await.is(404);
    robot.get("/v2/").await.is(200);
}

#[actix_web::test]
async fn users_have_robots_of_their_own() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let path = "/api/v1/user/robots/laptop";

    let made = carol.put(path, json!({})).await.is(201).json();

    assert_eq!(made["name"], "carol+laptop");
    assert_eq!(carol.get(path).await.is(200).json()["token"], made["token"]);
    assert_eq!(carol.get("/api/v1/organization/carol/robots/laptop").await.is(200).json()["token"], made["token"]);
    dave.get(path).await.is(400);
    dave.get("/api/v1/organization/carol/robots/laptop").await.is(403);
    carol.post(&format!("{path}/regenerate"), json!({})).await.is(200);
    carol.delete(path).await.is(204);
}

#[actix_web::test]
async fn what_a_robot_cannot_be_called_is_refused() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    for wrong in ["a", "Ci", "c%20i", "c+i", "c%00i", &"a".repeat(255)] {
        let refused = owner.put(&format!("/api/v1/organization/acme/robots/{wrong}"), json!({})).await;
        assert!(matches!(refused.status, 400 | 404), "{}", refused.shown());
    }
    owner.put(CI, json!({ "description": "x".repeat(256) })).await.is(400);
    owner.put(CI, json!({ "unstructured_metadata": { "long": "x".repeat(20_000) } })).await.is(400);
    owner.put(CI, json!({ "description": "a\0b" })).await.is(400);
    let odd = owner.put(CI, json!({ "unstructured_metadata": { "a\0": "\0" } })).await;
    assert!(odd.status < 500, "{}", odd.shown());
}

#[actix_web::test]
async fn a_robot_starts_with_no_rights() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let robot = app.robot("acme", "ci").await;

    app.oci(&robot).get("/v2/acme/web/tags/list").await.refused(404, "NAME_UNKNOWN");
    app.oci(&robot).post("/v2/acme/new/blobs/uploads/").await.refused(403, "DENIED");
}

#[actix_web::test]
async fn what_is_said_about_a_robot_can_be_changed_and_its_token_stays() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    let other = app.organization("other").await;
    let say = async |who: &Actor, what: Value| who.ask(Method::PATCH, CI, Some(what)).await;

    let changed = say(&owner, json!({ "description": "Builds", "token": "mine", "name": "evil" })).await.is(200).json();

    assert_eq!((changed["name"].as_str(), changed["description"].as_str()), (Some("acme+ci"), Some("Builds")));
    assert_eq!(happened::last_by(&app, &owner).await.0, "change_robot");
    say(&owner, json!({ "unstructured_metadata": { "a": 1 } })).await.is(200);
    let seen = owner.get(CI).await.is(200).json();
    assert_eq!((&seen["description"], &seen["unstructured_metadata"]), (&json!("Builds"), &json!({ "a": 1 })));
    assert_eq!(seen["token"], json!(robot.secret));
    say(&owner, json!({ "description": "x".repeat(256) })).await.is(400);
    for who in [&other, &robot] {
        say(who, json!({ "description": "mine" })).await.is(403);
    }
    say(&app.anonymous(), json!({})).await.is(401);
}
