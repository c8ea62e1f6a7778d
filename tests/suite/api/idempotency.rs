//! Requests sent twice under one `Idempotency-Key`.

use std::time::Duration;

use domain::access::ApiScope;
use domain::idempotency::{self, Claim, Claimed, KEPT_FOR};
use domain::time::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestApp};

const ROBOT: &str = "/api/v1/organization/acme/robots/ci";

async fn put(who: &Actor, path: &str, key: &str, body: Value) -> Answer {
    Actor::send(who.request(Method::PUT, path).header("Idempotency-Key", key).json(&body)).await
}

async fn post(who: &Actor, path: &str, key: &str, body: Value) -> Answer {
    Actor::send(who.request(Method::POST, path).header("Idempotency-Key", key).json(&body)).await
}

#[actix_web::test]
async fn the_second_request_gets_the_answer_to_the_first() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let first = put(&owner, ROBOT, "k1", json!({ "description": "x" })).await.is(201);
    let second = put(&owner, ROBOT, "k1", json!({ "description": "x" })).await.is(201);

    assert_eq!(first.maybe_header("idempotency-replayed"), None);
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!((second.json(), second.header("content-type")), (first.json(), first.header("content-type")));
    // Without the key, or with another, it is another request: the robot account exists.
    owner.put(ROBOT, json!({ "description": "x" })).await.is(400);
    put(&owner, ROBOT, "k2", json!({ "description": "x" })).await.is(400);
}

#[actix_web::test]
async fn a_key_stands_for_one_request() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    put(&owner, ROBOT, "k1", json!({})).await.is(201);

    put(&owner, ROBOT, "k1", json!({ "description": "another" })).await.is(422);
    put(&owner, &ROBOT.replace("ci", "cd"), "k1", json!({})).await.is(422);
    put(&owner, ROBOT, "", json!({})).await.is(400);
    put(&owner, ROBOT, &"x".repeat(300), json!({})).await.is(400);
}

#[actix_web::test]
async fn nobody_gets_an_answer_that_was_anothers() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::RepositoryRead]).await);
    put(&owner, ROBOT, "k1", json!({})).await.is(201);

    put(&other, ROBOT, "k1", json!({})).await.is(403);
    put(&narrow, ROBOT, "k1", json!({})).await.is(403);
    put(&app.anonymous(), ROBOT, "k1", json!({})).await.is(401);
    put(&app.actor(&owner.name, "wrong"), ROBOT, "k1", json!({})).await.is(401);
}

#[actix_web::test]
async fn a_refusal_leaves_the_key_free() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    post(&owner, "/api/v1/repository", "k1", json!({ "repository": "web" })).await.is(400);

    let new = json!({ "namespace": "acme", "repository": "web", "visibility": "private" });
    post(&owner, "/api/v1/repository", "k1", new.clone()).await.is(201);
    post(&owner, "/api/v1/repository", "k1", new).await.is(201);
}

#[actix_web::test]
async fn no_secret_of_an_answer_is_kept_in_clear() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let made = put(&owner, ROBOT, "k1", json!({})).await.is(201).json();

    let kept: Vec<Option<String>> = app
        .services
        .db
        .read(|conn| {
            use diesel::prelude::*;
            Ok(domain::db::schema::idempotency_keys::table
                .select(domain::db::schema::idempotency_keys::answer)
                .load(conn)?)
        })
        .await
        .unwrap();

    let kept = kept[0].clone().unwrap();
    let token = made["token"].as_str().unwrap();
    assert!(kept.len() > 100 && !kept.contains(token) && !kept.contains("acme"));
}

#[actix_web::test]
async fn a_key_in_use_is_busy_and_ends_after_a_day() {
    let app = TestApp::start().await;
    let claim = Claim { holder: "user:1/password/".into(), key: "k1".into(), request: vec![1], kept_for: KEPT_FOR };
    let ask = async || {
        let (claim, now, vault) = (claim.clone(), app.clock.now(), app.services.vault.clone());
        app.change(move |tx| idempotency::claim(tx, &vault, now, &claim)).await
    };

    assert_eq!(ask().await, Claimed::Yours);
    assert_eq!(ask().await, Claimed::InProgress);
    app.clock.advance(idempotency::ABANDONED_AFTER);
    assert_eq!(ask().await, Claimed::Yours);
    let (kept, vault) = (claim.clone(), app.services.vault.clone());
    app.change(move |tx| idempotency::keep(tx, &vault, &kept, 201, "made")).await;
    assert_eq!(ask().await, Claimed::Done(201, "made".into()));
    app.clock.advance(Duration::from_secs(24 * 3600));
    let now = app.clock.now();
    assert_eq!(app.change(move |tx| idempotency::expire(tx, now, 10)).await, 1);
    assert_eq!(ask().await, Claimed::Yours);
}

#[actix_web::test]
async fn of_requests_sent_at_once_one_is_done() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let ask = || put(&owner, ROBOT, "k1", json!({}));

    let answers = tokio::join!(ask(), ask(), ask(), ask());

    let answers = [answers.0, answers.1, answers.2, answers.3];
    assert!(
        answers.iter().all(|answer| matches!(answer.status, 201 | 409)),
        "{answers:?}",
        answers = answers.map(|a| a.status)
    );
}
