//! The token service: who gets a token, and for what.

use std::time::Duration;

use domain::access::{ApiScope, Standing};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, PASSWORD, PRIVATE, PUBLIC, TestApp};

/// What a token allows, as `name:action,action`, from its claims.
fn allowed(token: &str) -> Vec<String> {
    let claims = super::jwt::claims(token);
    let entries = claims["access"].as_array().unwrap().iter();
    entries
        .map(|entry| {
            let actions: Vec<&str> = entry["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            format!("{}:{}", entry["name"].as_str().unwrap(), actions.join(","))
        })
        .collect()
}

async fn by_form(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = app.http().post(format!("{}/v2/auth", app.url));
    Actor::send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
}

#[actix_web::test]
async fn a_password_is_exchanged_for_a_token_of_five_minutes() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    let answer = app.oci(&carol).ask_token(&[]).await.is(200);

    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    assert_eq!(answer["token"], answer["access_token"]);
    assert_eq!(answer["expires_in"], 300);
    assert_eq!(answer["issued_at"], "2026-01-01T12:00:00Z");
    app.oci_with(answer["token"].as_str().unwrap()).get("/v2/").await.is(200);
}

#[actix_web::test]
async fn tokens_carry_what_was_asked_for_and_may_be_had() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("acme/open", PUBLIC).await;
    let (reader, writer, stranger) = (app.user("rita").await, app.user("walter").await, app.user("sam").await);
    app.grant("acme/web", &reader, "read").await;
    app.grant("acme/web", &writer, "write").await;
    let token_of = |who: &Actor, scope: &'static str| {
        let client = app.oci(who);
        async move { allowed(&client.token(&[scope]).await) }
    };

    assert_eq!(token_of(&reader, "repository:acme/web:pull,push,delete").await, ["acme/web:pull"]);
    assert_eq!(token_of(&writer, "repository:acme/web:pull,push").await, ["acme/web:pull,push"]);
    assert_eq!(token_of(&writer, "repository:acme/web:pull").await, ["acme/web:pull"]);
    assert_eq!(token_of(&writer, "repository:acme/web:*").await, ["acme/web:pull,push,delete"]);
    assert_eq!(token_of(&app.admin(), "repository:acme/web:*").await, ["acme/web:pull,push,delete,*"]);
    assert!(token_of(&stranger, "repository:acme/web:pull,push").await.is_empty());
    assert_eq!(token_of(&stranger, "repository:acme/open:pull,push").await, ["acme/open:pull"]);
    assert_eq!(token_of(&app.anonymous(), "repository:acme/open:pull,push").await, ["acme/open:pull"]);
    assert!(token_of(&app.anonymous(), "repository:acme/web:pull").await.is_empty());
}

#[actix_web::test]
async fn several_scopes_come_in_one_parameter_or_in_many() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    app.repository("acme/api", PUBLIC).await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);

    let one = client.token(&["repository:acme/web:pull repository:acme/api:pull"]).await;
    let many = client.token(&["repository:acme/web:pull", "repository:acme/api:pull"]).await;
    let repeated = client.token(&["repository:acme/web:pull", "repository:acme/web:push,pull"]).await;

    assert_eq!(allowed(&one), ["acme/web:pull", "acme/api:pull"]);
    assert_eq!(allowed(&many), ["acme/web:pull", "acme/api:pull"]);
    assert_eq!(allowed(&repeated), ["acme/web:pull"]);
}

#[actix_web::test]
async fn what_nobody_could_mean_is_left_out_and_nonsense_refused() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);

    let token = client.token(&["repository:NOT/A/NAME:pull", "plugin:acme/web:pull", "registry:other:*"]).await;

    assert!(allowed(&token).is_empty());
    client.ask_token(&["nonsense"]).await.refused(400, "INVALID_REQUEST");
    client.ask_token(&["repository:a/b:pull ".repeat(65).as_str()]).await.refused(400, "INVALID_REQUEST");
}

#[actix_web::test]
async fn a_narrow_token_stays_narrow() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    let token = app.oci(&carol).token(&["repository:carol/web:pull"]).await;
    let narrow = app.oci_with(&token);

    narrow.get("/v2/carol/web/manifests/v1").await.is(200);
    let refused = narrow.post("/v2/carol/web/blobs/uploads/").await.refused(401, "UNAUTHORIZED");

    let challenge = refused.header("www-authenticate");
    assert!(challenge.contains("scope=\"repository:carol/web:pull,push\""), "{challenge}");
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    narrow.get("/v2/carol/other/manifests/v1").await.is(404);
}

#[actix_web::test]
async fn the_form_does_what_the_query_does() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.repository("carol/web", PRIVATE).await;
    let fields = [
        ("grant_type", "password"),
        ("username", &carol.name),
        ("password", PASSWORD),
        ("service", app.host()),
        ("client_id", "suite"),
        ("scope", "repository:carol/web:pull repository:carol/api:push"),
    ];

    let answer = by_form(&app, &fields).await.is(200).json();

    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["scope"], "repository:carol/web:pull repository:carol/api:push");
    assert_eq!(answer.get("refresh_token"), None);
    app.oci_with(answer["access_token"].as_str().unwrap()).get("/v2/carol/web/tags/list").await.is(200);
}

#[actix_web::test]
async fn a_form_without_a_known_grant_is_refused() {
    let app = TestApp::start().await;

    by_form(&app, &[("grant_type", "authorization_code")]).await.refused(400, "INVALID_REQUEST");
    by_form(&app, &[]).await.refused(400, "INVALID_REQUEST");
    by_form(&app, &[("grant_type", "password"), ("username", "olivia"), ("password", "no")]).await.is(401);
    by_form(&app, &[("grant_type", "refresh_token"), ("refresh_token", "phr_nonsense")]).await.is(401);
    let long = "x".repeat(70_000);
    by_form(&app, &[("grant_type", "password"), ("username", &long)]).await.refused(400, "INVALID_REQUEST");
}

async fn refreshed(app: &TestApp, token: &str) -> Answer {
    by_form(app, &[("grant_type", "refresh_token"), ("refresh_token", token), ("service", app.host())]).await
}

async fn offline_token(app: &TestApp, who: &Actor) -> String {
    let query = [("offline_token", "true"), ("service", app.host()), ("client_id", "docker")];
    let answer = app.oci(who).ask_token_with(&query).await.is(200).json();
    answer["refresh_token"].as_str().expect("a refresh token was asked for").to_string()
}

#[actix_web::test]
async fn a_refresh_token_replaces_the_password_until_it_changes() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let refresh = offline_token(&app, &carol).await;

    let token = refreshed(&app, &refresh).await.is(200).json()["access_token"].as_str().unwrap().to_string();
    app.oci_with(&token).get("/v2/").await.is(200);

    app.set_password(&carol, "another password").await;
    refreshed(&app, &refresh).await.is(401);
}

#[actix_web::test]
async fn a_robots_refresh_token_ends_when_its_token_is_regenerated() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    let refresh = offline_token(&app, &robot).await;
    refreshed(&app, &refresh).await.is(200);

    app.admin().post("/api/v1/organization/acme/robots/ci/regenerate", json!({})).await.is(200);

    refreshed(&app, &refresh).await.is(401);
    app.oci(&robot).ask_token(&[]).await.is(401);
}

#[actix_web::test]
async fn a_refresh_token_is_its_holders_only() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let (hers, his) = (offline_token(&app, &carol).await, offline_token(&app, &dave).await);
    let swapped = format!("{}.{}", hers.split_once('.').unwrap().0, his.split_once('.').unwrap().1);

    refreshed(&app, &swapped).await.is(401);
    refreshed(&app, &hers[..hers.len() - 2]).await.is(401);
    app.set_enabled(&carol, false).await;
    refreshed(&app, &hers).await.is(401);
    refreshed(&app, &his).await.is(200);
}

#[actix_web::test]
async fn what_stands_for_a_token_gets_no_refresh_token() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let secret = app.application_token(&carol).await;
    let program = app.actor("$app", &secret);

    let answer = app.oci(&program).ask_token_with(&[("offline_token", "true")]).await.is(200).json();

    assert_eq!(answer.get("refresh_token"), None);
}

#[actix_web::test]
async fn robots_and_tokens_sign_in_by_their_user_names() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let (carol, robot) = (app.user("carol").await, app.robot("acme", "ci").await);
    app.grant("acme/web", &carol, "write").await;
    app.grant("acme/web", &robot, "read").await;
    let application = app.actor("$app", &app.application_token(&carol).await);
    let access = app.actor("$oauthtoken", &app.access_token(&carol, &[ApiScope::RepositoryRead]).await);
    let scope = ["repository:acme/web:pull,push"];

    assert_eq!(allowed(&app.oci(&robot).token(&scope).await), ["acme/web:pull"]);
    assert_eq!(allowed(&app.oci(&application).token(&scope).await), ["acme/web:pull,push"]);
    assert_eq!(allowed(&app.oci(&access).token(&scope).await), ["acme/web:pull"]);
    for wrong in [("$app", "pha_wrong"), ("$oauthtoken", "pht_wrong"), ("acme+ci", "wrong"), ("acme+none", "wrong")] {
        app.oci(&app.actor(wrong.0, wrong.1)).ask_token(&[]).await.refused(401, "UNAUTHORIZED");
    }
    // A token of one kind is none of the other.
    app.oci(&app.actor("$oauthtoken", &application.secret)).ask_token(&[]).await.is(401);
}

#[actix_web::test]
async fn wrong_credentials_do_not_say_what_was_wrong() {
    let app = TestApp::start().await;
    app.user("carol").await;

    let known = app.oci(&app.actor("carol", "wrong password")).ask_token(&[]).await.refused(401, "UNAUTHORIZED");
    let unknown = app.oci(&app.actor("nobody", "wrong password")).ask_token(&[]).await.refused(401, "UNAUTHORIZED");

    assert_eq!(known.message(), unknown.message());
    assert!(known.header("www-authenticate").starts_with("Bearer "));
}

#[actix_web::test]
async fn guessing_locks_an_account_for_longer_and_longer() {
    let app = TestApp::with(&[("limits.failed_sign_ins", "2")]).await;
    let carol = app.user("carol").await;
    let (wrong, right) = (app.oci(&app.actor("carol", "guess")), app.oci(&carol));
    for _ in 0..3 {
        wrong.ask_token(&[]).await.is(401);
    }

    for seconds in [1, 2, 4, 8] {
        let locked = right.ask_token(&[]).await.refused(429, "TOOMANYREQUESTS");
        assert_eq!(locked.header("retry-after"), seconds.to_string());
        app.clock.advance(Duration::from_secs(seconds));
        wrong.ask_token(&[]).await.is(401);
    }

    app.clock.advance(Duration::from_secs(16));
    right.ask_token(&[]).await.is(200);
    wrong.ask_token(&[]).await.is(401);
    right.ask_token(&[]).await.is(200);
}

#[actix_web::test]
async fn a_lock_lasts_five_minutes_at_most_and_stops_no_robot() {
    let app = TestApp::with(&[("limits.failed_sign_ins", "1")]).await;
    let carol = app.user("carol").await;
    let robot = app.robot("carol", "ci").await;
    for _ in 0..12 {
        app.oci(&app.actor("carol", "guess")).ask_token(&[]).await.is(401);
        app.clock.advance(Duration::from_secs(300));
    }
    app.oci(&app.actor("carol", "guess")).ask_token(&[]).await;

    let locked = app.oci(&carol).ask_token(&[]).await.is(429);

    assert!(locked.header("retry-after").parse::<u64>().unwrap() <= 300);
    app.oci(&robot).ask_token(&[]).await.is(200);
    app.clock.advance(Duration::from_secs(300));
    app.oci(&carol).ask_token(&[]).await.is(200);
}

#[actix_web::test]
async fn the_disabled_get_no_token() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let robot = app.robot("carol", "ci").await;
    let secret = app.application_token(&carol).await;
    app.set_enabled(&carol, false).await;

    for who in [carol, robot, app.actor("$app", &secret)] {
        app.oci(&who).ask_token(&["repository:carol/web:pull"]).await.refused(401, "UNAUTHORIZED");
        app.oci(&who).ask_token(&[]).await.refused(401, "UNAUTHORIZED");
    }
}

#[actix_web::test]
async fn nobody_gets_a_token_for_nothing() {
    let app = TestApp::start().await;

    app.oci(&app.anonymous()).ask_token(&[]).await.refused(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn a_token_is_not_exchanged_for_another() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let token = app.oci(&carol).token(&[]).await;

    let answer = app.bearer(&token).get("/v2/auth?scope=repository:carol/web:pull,push").await;

    answer.refused(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn malformed_credentials_are_refused_politely() {
    let app = TestApp::start().await;

    for header in ["Basic !!!", "Basic YQ==", "Basic", "Digest x", "Bearer", "Basic /////w==", "Bearer a.b.c"] {
        let request = app.http().get(format!("{}/v2/", app.url)).header("authorization", header);
        Actor::send(request).await.refused(401, "UNAUTHORIZED");
    }
}

#[actix_web::test]
async fn read_only_superusers_may_pull_everything_and_push_nothing() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;

    let scopes = ["repository:acme/web:pull,push,delete,*", "repository:audrey/own:pull,push"];

    assert_eq!(allowed(&app.oci(&auditor).token(&scopes).await), ["acme/web:pull"]);
}

#[actix_web::test]
async fn guessing_does_not_tell_which_names_exist() {
    let app = TestApp::with(&[("limits.failed_sign_ins", "1")]).await;
    app.user("carol").await;
    let mut statuses = Vec::new();
    for name in ["carol", "nobody"] {
        let guesser = app.oci(&app.actor(name, "guess"));
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(guesser.ask_token(&[]).await.status);
        }
        statuses.push(seen);
    }

    assert_eq!(statuses[0], statuses[1]);
}
