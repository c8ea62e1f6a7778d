//! Tokens that are not what they should be.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::Clock;
use domain::vault::Vault;
use pierhead::adapters::system::SystemEntropy;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use crate::support::TestApp;

fn part(token: &str, index: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()).unwrap()
}

pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// Header and claims, ready to be signed.
fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

fn signed_by(pair: &Ed25519KeyPair, header: &Value, claims: &Value) -> String {
    let text = unsigned(header, claims);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(pair.sign(text.as_bytes())))
}

/// The key the app signs with.
fn own_key(app: &TestApp) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&app.services.vault.key_for("registry tokens").unwrap()).unwrap()
}

fn foreign_key() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap()
}

async fn good_token(app: &TestApp) -> String {
    let carol = app.user("carol").await;
    let token = app.oci(&carol).token(&["repository:carol/web:pull"]).await;
    app.oci_with(&token).get("/v2/").await.is(200);
    token
}

async fn is_refused(app: &TestApp, token: &str, what: &str) {
    let answer = app.oci_with(token).get("/v2/").await;
    assert_eq!((answer.status, what), (401, what), "{}", answer.shown());
    assert_eq!(answer.code(), "UNAUTHORIZED", "{what}");
}

#[actix_web::test]
async fn a_token_signed_here_is_good_however_it_was_written() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;

    let again = signed_by(&own_key(&app), &part(&token, 0), &part(&token, 1));

    app.oci_with(&again).get("/v2/").await.is(200);
}

#[actix_web::test]
async fn a_changed_token_is_refused() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let (header, mut claims) = (part(&token, 0), claims(&token));
    let signature = token.rsplit_once('.').unwrap().1.to_string();

    claims["holder"] = json!({ "kind": "user", "id": 1 });

    is_refused(&app, &format!("{}.{signature}", unsigned(&header, &claims)), "other claims").await;
    let truncated = &token[..token.len() - 4];
    is_refused(&app, truncated, "half a signature").await;
    is_refused(&app, &token.replace('.', ""), "no parts").await;
    is_refused(&app, &format!("{token}."), "a part too many").await;
    is_refused(&app, &"a".repeat(20_000), "endless").await;
}

#[actix_web::test]
async fn a_token_without_a_signature_is_refused() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;

    for name in ["none", "None", "NONE", ""] {
        let mut header = part(&token, 0);
        header["alg"] = json!(name);
        is_refused(&app, &format!("{}.", unsigned(&header, &claims(&token))), name).await;
    }
}

#[actix_web::test]
async fn the_public_key_is_no_secret_to_sign_with() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let mut header = part(&token, 0);
    header["alg"] = json!("HS256");

    let text = unsigned(&header, &claims(&token));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, own_key(&app).public_key().as_ref());
    let tag = ring::hmac::sign(&key, text.as_bytes());

    is_refused(&app, &format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag)), "HS256").await;
}

#[actix_web::test]
async fn a_key_that_comes_with_the_token_is_not_believed() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let foreign = foreign_key();
    let key = URL_SAFE_NO_PAD.encode(foreign.public_key());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": key });

    for (name, value) in
        [("jwk", jwk), ("jku", json!("http://127.0.0.1:1/keys")), ("x5u", json!("http://127.0.0.1:1/"))]
    {
        let mut header = part(&token, 0);
        header[name] = value;
        is_refused(&app, &signed_by(&foreign, &header, &claims(&token)), name).await;
    }
}

#[actix_web::test]
async fn a_token_of_another_registry_is_refused() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let mut header = part(&token, 0);

    is_refused(&app, &signed_by(&foreign_key(), &header, &claims(&token)), "foreign key, our key id").await;
    header["kid"] = json!("another");
    is_refused(&app, &signed_by(&own_key(&app), &header, &claims(&token)), "our key, foreign key id").await;
    let mut other = claims(&token);
    other["iss"] = json!("somebody");
    is_refused(&app, &signed_by(&own_key(&app), &part(&token, 0), &other), "another issuer").await;
}

#[actix_web::test]
async fn a_token_for_another_service_is_refused() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let (header, mut elsewhere) = (part(&token, 0), claims(&token));
    elsewhere["aud"] = json!("registry.example.com");
    let foreign = Vault::new(&[7; 32], Arc::new(SystemEntropy)).unwrap().key_for("registry tokens").unwrap();
    let foreign = Ed25519KeyPair::from_seed_unchecked(&foreign).unwrap();

    is_refused(&app, &signed_by(&own_key(&app), &header, &elsewhere), "another audience").await;
    is_refused(&app, &signed_by(&foreign, &header, &claims(&token)), "another instance key").await;
}

#[actix_web::test]
async fn a_token_expires() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let copy = signed_by(&own_key(&app), &part(&token, 0), &claims(&token));

    app.clock.advance(Duration::from_secs(300));
    app.oci_with(&token).get("/v2/").await.is(200);
    app.clock.advance(Duration::from_secs(31));

    is_refused(&app, &token, "remembered").await;
    is_refused(&app, &copy, "never seen before").await;
}

#[actix_web::test]
async fn a_token_from_the_future_is_refused() {
    let app = TestApp::start().await;
    let token = good_token(&app).await;
    let mut later = claims(&token);
    later["nbf"] = json!(app.clock.now().seconds() + 60);

    is_refused(&app, &signed_by(&own_key(&app), &part(&token, 0), &later), "not yet valid").await;
}
