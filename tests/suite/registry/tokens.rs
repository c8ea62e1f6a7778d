//! What a bearer token can and cannot be made to do.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::registry_token::RegistryTokens;
use domain::ids::UserId;
use domain::principal::Principal;
use domain::time::Clock;
use domain::vault::Vault;
use pierhead::adapters::system::SystemEntropy;
use ring::hmac;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::support::{Answer, Oci, TestApp};

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn try_base(app: &TestApp, token: &str) -> Answer {
    Oci::with_token(app, token).send_once(reqwest::Method::GET, "/v2/", &|request| request).await
}

#[actix_web::test]
async fn scopes_are_narrowed_to_what_one_may_do() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    app.repository(&carol, "carol/web", "private").await;
    carol.grant("carol/web", "mallory", "read").await;
    let access = |token: &str| part(token, 1)["access"].clone();

    let all = mallory.oci().token(&["repository:carol/web:pull,push,delete,*"]).await;
    assert_eq!(access(&all), json!([{ "type": "repository", "name": "carol/web", "actions": ["pull"] }]));
    let own = mallory.oci().token(&["repository:mallory/new:*"]).await;
    assert_eq!(access(&own)[0]["actions"], json!(["pull", "push", "delete", "*"]));
    let several =
        mallory.oci().token(&["repository:carol/web:pull repository:mallory/new:pull", "repository:x/y:pull"]).await;
    assert_eq!(access(&several).as_array().unwrap().len(), 2);
    let odd =
        mallory.oci().token(&["", "repository:NOT-A-NAME:pull", "gadget:x:pull", "repository:carol/web:fly"]).await;
    assert_eq!(access(&odd), json!([]));
    let host = format!("repository:{}/carol/web:pull", app.address);
    assert_eq!(access(&mallory.oci().token(&[&host]).await)[0]["name"], "carol/web");
}

#[actix_web::test]
async fn malformed_and_endless_scopes_are_refused() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let many: Vec<String> = (0..100).map(|i| format!("repository:carol/r{i}:pull")).collect();

    for scope in ["repository", "repository:carol/web", ":::"] {
        oci.token_answer(&[scope]).await.refused(400, "INVALID_REQUEST");
    }
    oci.token_answer(&[&many.join(" ")]).await.refused(400, "INVALID_REQUEST");
    oci.token_answer(&[&format!("repository:{}:pull", "a".repeat(5_000))]).await.refused(400, "INVALID_REQUEST");
}

#[actix_web::test]
async fn nobody_but_the_registry_can_make_tokens() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let good = carol.oci().token(&[]).await;
    try_base(&app, &good).await.is(200);
    let (header, claims) = (part(&good, 0), part(&good, 1));
    let signature = good.rsplit('.').next().unwrap();

    let with_header = |header: &Value| format!("{}.{}.{signature}", encode(header), encode(&claims));
    let mut other_user = claims.clone();
    other_user["holder"]["id"] = json!(999);
    let mut longer = claims.clone();
    longer["exp"] = json!(4_000_000_000_u64);
    let hmac_signed = {
        let header = json!({ "alg": "HS256", "typ": "JWT", "kid": header["kid"] });
        let text = format!("{}.{}", encode(&header), encode(&claims));
        let key = hmac::Key::new(hmac::HMAC_SHA256, header["kid"].as_str().unwrap().as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(hmac::sign(&key, text.as_bytes())))
    };
    let forged = [
        with_header(&json!({ "alg": "none", "typ": "JWT" })),
        format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&claims)),
        with_header(&json!({ "alg": "EdDSA", "kid": "another" })),
        with_header(
            &json!({ "alg": "EdDSA", "kid": header["kid"], "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "AA" } }),
        ),
        format!("{}.{}.{signature}", encode(&header), encode(&other_user)),
        format!("{}.{}.{signature}", encode(&header), encode(&longer)),
        hmac_signed,
        good[..good.len() - 4].to_string(),
        format!("{good}AAAA"),
        String::from("a.b.c"),
        String::from("..."),
        "x".repeat(100_000),
    ];
    for token in forged {
        let refused = try_base(&app, &token).await;
        assert!(refused.status == 401 || refused.status == 431, "{} for {token:.60}", refused.status);
    }
}

#[actix_web::test]
async fn foreign_keys_other_audiences_and_old_tokens_are_refused() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let principal = Principal::User { id: UserId(1), name: "carol".into() };
    let (now, minute) = (app.clock.now(), Duration::from_secs(60));
    let audience = app.services.tokens.audience().to_string();
    let foreign_vault = Vault::new(&[9; 32], Arc::new(SystemEntropy)).unwrap();
    let issue =
        |tokens: &RegistryTokens| tokens.issue(&principal, (&[], true), uuid::Uuid::nil(), now, minute).unwrap();

    let foreign_key = issue(&RegistryTokens::new(&foreign_vault, &audience).unwrap());
    let elsewhere = issue(&RegistryTokens::new(&app.services.vault, "registry.elsewhere.test").unwrap());
    let own = issue(&app.services.tokens);

    try_base(&app, &foreign_key).await.is(401);
    let refused = try_base(&app, &elsewhere).await.is(401);
    assert!(refused.text().contains(&format!("not for {audience}")), "{}", refused.text());
    try_base(&app, &own).await.is(200);
    app.clock.advance(Duration::from_secs(89));
    try_base(&app, &own).await.is(200);
    app.clock.advance(Duration::from_secs(2));
    let expired = try_base(&app, &own).await.is(401);
    assert!(expired.text().contains("expired"), "{}", expired.text());
}

#[actix_web::test]
async fn registry_tokens_and_api_tokens_are_not_each_other() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let registry = carol.oci().token(&["repository:carol/web:pull,push"]).await;

    let as_api = app.client.get(app.url("/api/v1/user/")).bearer_auth(&registry);
    Answer::of(as_api).await.is(401);
    let exchanged = app.client.get(app.url("/v2/auth?scope=repository:carol/other:pull,push")).bearer_auth(&registry);
    Answer::of(exchanged).await.is(401);
    for garbage in ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer", "Digest x", "Basic \u{e9}"] {
        let request = app.client.get(app.url("/v2/")).header("authorization", garbage.as_bytes());
        Answer::of(request).await.is(401);
    }
}
