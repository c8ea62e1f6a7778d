use std::time::Duration;

use domain::access::ApiScope;
use domain::token::{NewToken, TokenKind};
use serde_json::{Value, json};

use crate::support::{Answer, Image, Oci, TestApp};

async fn token_with_password(app: &TestApp, name: &str, password: &str) -> Answer {
    Oci::new(app, name, password).token_answer(&[]).await
}

#[actix_web::test]
async fn a_right_password_is_answered_with_everything_clients_look_for() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    let answer = carol.oci().token_answer(&["repository:carol/web:pull"]).await.is(200).json();

    assert_eq!(answer["token"], answer["access_token"]);
    assert_eq!(answer["expires_in"], 300);
    assert!(answer["issued_at"].as_str().unwrap().ends_with('Z'));
}

#[actix_web::test]
async fn wrong_names_and_wrong_passwords_are_told_in_the_same_words() {
    let app = TestApp::start().await;
    app.user("carol").await;

    let wrong = token_with_password(&app, "carol", "not it").await.refused(401, "UNAUTHORIZED");
    let nobody = token_with_password(&app, "nobody", "not it").await.refused(401, "UNAUTHORIZED");

    assert_eq!(wrong.text(), nobody.text());
    token_with_password(&app, "carol+nothing", "x").await.is(401);
    token_with_password(&app, "$app", "pha_x").await.is(401);
    token_with_password(&app, "$oauthtoken", "x").await.is(401);
}

#[actix_web::test]
async fn guessing_is_slowed_down_more_and_more_and_a_right_password_ends_it() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    for _ in 0..6 {
        token_with_password(&app, "carol", "guess").await.is(401);
    }

    let locked = token_with_password(&app, "carol", &carol.secret).await.refused(429, "TOOMANYREQUESTS");
    assert_eq!(locked.header("retry-after"), "1");
    app.clock.advance(Duration::from_secs(2));
    token_with_password(&app, "carol", "guess").await.is(401);
    let longer = token_with_password(&app, "carol", &carol.secret).await.is(429);
    assert_eq!(longer.header("retry-after"), "2");

    app.clock.advance(Duration::from_secs(3));
    token_with_password(&app, "carol", &carol.secret).await.is(200);
    token_with_password(&app, "carol", "guess").await.is(401);
    token_with_password(&app, "carol", &carol.secret).await.is(200);
}

#[actix_web::test]
async fn a_disabled_user_is_told_so_only_with_the_right_password() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.set_enabled("carol", false).await;

    let right = token_with_password(&app, "carol", &carol.secret).await.is(401);
    let wrong = token_with_password(&app, "carol", "guess").await.is(401);

    assert!(right.text().contains("disabled") && !wrong.text().contains("disabled"));
}

#[actix_web::test]
async fn application_and_access_tokens_sign_in_under_their_own_names() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    carol.oci().push_image("carol/web", "v1", &Image::of("web")).await;
    let new = |kind, scopes| NewToken { kind, title: "test".into(), scopes, lifetime: Some(Duration::from_secs(3600)) };
    let application = carol.long_token(new(TokenKind::Application, vec![])).await;
    let reading = carol.long_token(new(TokenKind::Access, vec![ApiScope::RepositoryRead])).await;

    Oci::new(&app, "$app", &application).push_image("carol/web", "v2", &Image::of("two")).await;
    let limited = Oci::new(&app, "$oauthtoken", &reading);
    limited.get("/v2/carol/web/manifests/v1").await.is(200);
    limited.post("/v2/carol/web/blobs/uploads/").await.is(401);
    Oci::new(&app, "$oauthtoken", &application).token_answer(&[]).await.is(401);

    app.clock.advance(Duration::from_secs(3601));
    Oci::new(&app, "$app", &application).token_answer(&[]).await.is(401);
}

async fn form(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = app.client.post(app.url("/v2/auth")).header("content-type", "application/x-www-form-urlencoded");
    Answer::of(request.body(body)).await
}

#[actix_web::test]
async fn the_form_gives_refresh_tokens_that_end_with_the_password() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let fields = [
        ("grant_type", "password"),
        ("username", "carol"),
        ("password", carol.secret.as_str()),
        ("service", "any"),
        ("client_id", "test"),
        ("access_type", "offline"),
        ("scope", "repository:carol/web:pull,push repository:mallory/web:pull"),
    ];

    let first: Value = form(&app, &fields).await.is(200).json();
    assert_eq!(first["scope"], "repository:carol/web:pull,push");
    let refresh = first["refresh_token"].as_str().unwrap().to_string();
    let again =
        [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", "repository:carol/web:pull")];
    let second: Value = form(&app, &again).await.is(200).json();
    Oci::with_token(&app, second["access_token"].as_str().unwrap()).get("/v2/").await.is(200);

    let hash = domain::account::password::hash("another password", &pierhead::adapters::system::SystemEntropy).unwrap();
    let changed = app.services.db.write(move |tx| {
        let system = domain::principal::Caller::system("test");
        domain::account::set_password(tx, &system, domain::time::Timestamp(1), "carol", &hash)
    });
    changed.await.unwrap();
    form(&app, &again).await.refused(401, "UNAUTHORIZED");
    form(&app, &[("grant_type", "refresh_token"), ("refresh_token", "phr_made.up")]).await.is(401);
    form(&app, &[("grant_type", "magic")]).await.refused(400, "INVALID_REQUEST");
}

#[actix_web::test]
async fn docker_gets_a_refresh_token_that_ends_with_the_robots_token() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let robot = app.robot(&carol, "carol", "ci").await;
    let offline = |name: String, secret: String| {
        app.client.get(app.url("/v2/auth?offline_token=true&client_id=docker")).basic_auth(name, Some(secret))
    };
    let refresh = Answer::of(offline(robot.name.clone(), robot.secret.clone())).await.is(200).json();
    let refresh = refresh["refresh_token"].as_str().unwrap().to_string();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    form(&app, &fields).await.is(200);

    carol.post("/api/v1/user/robots/ci/regenerate", json!({})).await.is(200);

    form(&app, &fields).await.is(401);
    let new = NewToken { kind: TokenKind::Application, title: String::new(), scopes: vec![], lifetime: None };
    let application = carol.long_token(new).await;
    let answer = Answer::of(offline("$app".into(), application)).await.is(200).json();
    assert_eq!(answer["refresh_token"], Value::Null);
}
