//! Signing in as a browser does, and what a browser's cookie allows.

use std::time::Duration;

use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp};

const USER: &str = "/api/v1/user/";

#[actix_web::test]
async fn a_sign_in_lasts_until_the_sign_out() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;

    assert_eq!(browser.get(USER).await.is(200).json()["username"], "carol");
    let cookie = browser.cookie().unwrap();
    browser.post("/api/v1/signout", json!({})).await.is(200);

    browser.get(USER).await.is(401);
    browser.plant(&cookie);
    browser.get(USER).await.is(401);
    let happened = app.happened(&["login_success", "logout_success"]).await;
    assert_eq!(happened.iter().map(|event| event.actor_name.as_str()).collect::<Vec<_>>(), ["carol", "carol"]);
}

#[actix_web::test]
async fn signing_in_needs_the_proof_of_a_visit() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let body = json!({ "username": "carol", "password": PASSWORD });

    let refused = app.anonymous().post("/api/v1/signin", body.clone()).await.is(403);
    assert!(refused.message().starts_with("CSRF token was invalid or missing"), "{}", refused.message());
    let (browser, other) = (Browser::new(&app), Browser::new(&app));
    browser.visit().await;
    other.visit().await;
    browser.ask_unmeant("POST".parse().unwrap(), "/api/v1/signin", body.clone()).await.is(403);
    // One visitor's proof does not go with another's cookie.
    other.plant(&browser.cookie().unwrap());
    other.post("/api/v1/signin", body).await.is(403);
}

#[actix_web::test]
async fn a_planted_cookie_is_not_signed_in() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (attacker, victim) = (Browser::new(&app), Browser::new(&app));
    attacker.visit().await;
    let planted = attacker.cookie().unwrap();
    victim.plant(&planted);

    victim.sign_in(&carol.name, PASSWORD).await.is(200);

    assert_ne!(victim.cookie().unwrap(), planted);
    attacker.get(USER).await.is(401);
    victim.get(USER).await.is(200);
    attacker.plant("pierhead_session=phs_made-up");
    attacker.get(USER).await.is(401);
}

#[actix_web::test]
async fn a_failed_sign_in_does_not_tell_who_exists() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let disabled = app.user("dave").await;
    app.set_enabled(&disabled, false).await;
    let browser = Browser::new(&app);

    let known = browser.sign_in("carol", "wrong").await.is(403);
    for (name, password) in [("nobody", "wrong"), ("dave", "wrong"), ("acme+ci", "wrong"), ("$app", "wrong"), ("", "")]
    {
        let other = browser.sign_in(name, password).await.is(403);
        assert_eq!((other.text(), other.headers.len()), (known.text(), known.headers.len()), "{name}");
    }
    assert_eq!(known.json()["invalidCredentials"], true);
    // Whoever has the password may be told more.
    let refused = browser.sign_in("dave", PASSWORD).await.is(403);
    assert_eq!(refused.message(), "This user has been disabled. Please contact your administrator.");
}

#[actix_web::test]
async fn guessing_is_paused_whether_the_name_exists_or_not() {
    let app = TestApp::with(&[("limits.failed_sign_ins", "1")]).await;
    app.user("carol").await;
    let browser = Browser::new(&app);

    for name in ["carol", "nobody"] {
        browser.sign_in(name, "wrong").await.is(403);
        browser.sign_in(name, "wrong").await.is(403);
        let paused = browser.sign_in(name, PASSWORD).await.is(429);
        assert_eq!(paused.header("retry-after"), "1");
    }
}

#[actix_web::test]
async fn a_sign_in_that_is_no_sign_in_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    browser.visit().await;

    let refused = browser.post("/api/v1/signin", json!({ "username": "carol" })).await.is(400);
    assert_eq!(refused.message(), "'password' is a required property");
    let wrong = browser.request("POST".parse().unwrap(), "/api/v1/signin").body("{bad");
    browser.send(wrong).await.is(403);
}

#[actix_web::test]
async fn what_changes_something_needs_the_proof() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", "private").await;
    let browser = Browser::of(&app, &owner).await;
    let application = browser.post("/api/v1/organization/acme/applications", json!({ "name": "tool" })).await.is(200);
    let client = application.json()["client_id"].as_str().unwrap().to_string();
    let apps = format!("/api/v1/organization/acme/applications/{client}");

    for (method, path) in [
        ("PUT", USER.to_string()),
        ("DELETE", USER.to_string()),
        ("POST", "/api/v1/user/convert".into()),
        ("POST", "/api/v1/user/clientkey".into()),
        ("POST", "/api/v1/user/apptoken".into()),
        ("DELETE", "/api/v1/user/apptoken/none".into()),
        ("POST", "/api/v1/user/tokens".into()),
        ("DELETE", "/api/v1/user/tokens/none".into()),
        ("DELETE", "/api/v1/user/sessions/none".into()),
        ("POST", "/api/v1/user/starred".into()),
        ("DELETE", "/api/v1/user/starred/acme/web".into()),
        ("DELETE", "/api/v1/user/authorizations/none".into()),
        ("POST", "/api/v1/signin/verify".into()),
        ("POST", "/api/v1/signout".into()),
        ("POST", "/api/v1/organization/".into()),
        ("POST", "/api/v1/organization/acme/applications".into()),
        ("PUT", apps.clone()),
        ("DELETE", apps.clone()),
        ("POST", format!("{apps}/resetclientsecret")),
        ("POST", format!("{apps}/tokens")),
        ("DELETE", format!("{apps}/tokens/none")),
        ("PUT", "/api/v1/organization/acme/robots/ci".into()),
        ("POST", "/api/v1/repository/acme/web/changevisibility".into()),
    ] {
        let refused = browser.ask_unmeant(method.parse().unwrap(), &path, json!({ "visibility": "public" })).await;
        assert_eq!(refused.status, 403, "{}", refused.shown());
        assert!(refused.message().contains("CSRF"), "{}", refused.shown());
    }
    browser.get(USER).await.is(200);
    browser.get(&apps).await.is(200);
}

#[actix_web::test]
async fn users_see_and_end_their_sessions() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let (here, elsewhere) = (Browser::of(&app, &carol).await, Browser::of(&app, &carol).await);
    let his = Browser::of(&app, &dave).await;

    let sessions = here.get("/api/v1/user/sessions").await.is(200).json()["sessions"].clone();
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!((&sessions[0]["current"], &sessions[1]["current"]), (&json!(false), &json!(true)));
    let other = format!("/api/v1/user/sessions/{}", sessions[0]["uuid"].as_str().unwrap());

    his.delete(&other).await.is(404);
    here.delete(&other).await.is(204);
    here.delete(&other).await.is(404);
    elsewhere.get(USER).await.is(401);
    here.get(USER).await.is(200);
    assert_eq!(app.happened(&["session_revoke"]).await.len(), 1);
    app.anonymous().get("/api/v1/user/sessions").await.is(401);
}

#[actix_web::test]
async fn a_session_ends_with_its_time_and_with_its_user() {
    let app = TestApp::with(&[("sessions.lifetime", "1h")]).await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let (hers, his) = (Browser::of(&app, &carol).await, Browser::of(&app, &dave).await);

    app.set_enabled(&dave, false).await;
    his.get(USER).await.is(401);
    app.set_enabled(&dave, true).await;
    hers.get(USER).await.is(200);
    app.clock.advance(Duration::from_secs(3600));
    hers.get(USER).await.is(401);
    his.get(USER).await.is(401);
}

#[actix_web::test]
async fn many_sessions_come_in_pages_and_the_oldest_ends() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let first = Browser::of(&app, &carol).await;
    let (id, now) = (app.principal(&carol).await, domain::time::Clock::now(&*app.clock));
    let domain::principal::Principal::User { id, .. } = id else { panic!("a user") };
    app.change(move |tx| {
        for _ in 0..200 {
            let lifetime = Duration::from_secs(3600);
            domain::session::start(
                tx,
                &pierhead::adapters::system::SystemEntropy,
                now,
                id,
                &Default::default(),
                lifetime,
            )?;
        }
        Ok(())
    })
    .await;

    first.get(USER).await.is(401);
    let (mut seen, mut path) = (0, "/api/v1/user/sessions".to_string());
    loop {
        let page = carol.get(&path).await.is(200).json();
        seen += page["sessions"].as_array().unwrap().len();
        let Some(next) = page["next_page"].as_str() else { break };
        path = format!("/api/v1/user/sessions?next_page={next}");
    }
    assert_eq!(seen, 200);
}

#[actix_web::test]
async fn ended_sessions_are_swept() {
    let app = TestApp::with(&[("sessions.lifetime", "1h")]).await;
    Browser::of(&app, &app.user("carol").await).await;
    app.clock.advance(Duration::from_secs(3601));

    let now = domain::time::Clock::now(&*app.clock);
    let swept = app.change(move |tx| domain::session::sweep_expired(tx, now, 10)).await;

    assert_eq!(swept, 1);
}
