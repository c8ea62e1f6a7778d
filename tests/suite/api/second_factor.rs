//! Signing in with a code beside the password.

use std::time::Duration;

use domain::access::{ApiScope, Standing};
use domain::second_factor::{self, State};
use domain::time::Clock;
use pierhead::web::sign_in::{self, Begun, Completed};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, PASSWORD, TestApp};

const USER: &str = "/api/v1/user/";
const STEP: Duration = Duration::from_secs(30);

async fn sign_in(browser: &Browser, code: &str) -> Answer {
    browser.visit().await;
    browser.post("/api/v1/signin", json!({ "username": "carol", "password": PASSWORD, "code": code })).await
}

async fn state(app: &TestApp, browser: &Browser) -> State {
    let me = app.account_of(browser).await;
    app.services.db.read(move |conn| second_factor::state(conn, &me)).await.unwrap()
}

#[actix_web::test]
async fn a_sign_in_needs_a_code_once_the_factor_is_on() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (here, elsewhere) = (Browser::of(&app, &carol).await, Browser::of(&app, &carol).await);
    let (authenticator, codes) = app.second_factor(&here).await;

    // What was opened by the password alone is over; the browser that has shown a code goes on.
    here.get(USER).await.is(200);
    elsewhere.get(USER).await.is(401);
    let refused = elsewhere.sign_in("carol", PASSWORD).await.is(403);
    assert_eq!(
        (&refused.json()["needsSecondFactor"], &refused.json()["invalidCredentials"]),
        (&json!(true), &json!(false))
    );
    elsewhere.get(USER).await.is(401);
    assert_eq!(elsewhere.sign_in("carol", "wrong").await.is(403).json()["needsSecondFactor"], Value::Null);
    // The code that switched it on was used by that.
    sign_in(&elsewhere, &authenticator.code(app.clock.now())).await.is(403);
    app.clock.advance(STEP);
    let wrong = sign_in(&elsewhere, "000000").await.is(403).json();
    assert_eq!((&wrong["needsSecondFactor"], &wrong["invalidCredentials"]), (&json!(true), &json!(true)));
    let code = authenticator.code(app.clock.now());
    sign_in(&elsewhere, &code).await.is(200);
    elsewhere.get(USER).await.is(200);
    sign_in(&Browser::new(&app), &code).await.is(403);
    let kinds = ["account_enable_second_factor", "login_success"];
    let happened = app.happened(&kinds).await;
    assert_eq!(happened.last().unwrap().details()["second_factor"], "code");
    assert_eq!(happened.iter().filter(|event| event.kind == kinds[0]).count(), 1);
    assert_eq!(codes.len(), 10);
}

#[actix_web::test]
async fn nothing_is_asked_for_until_the_first_code() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let (vault, entropy, now) = (app.services.vault.clone(), app.services.entropy.clone(), app.clock.now());
    let me = app.account_of(&browser).await;
    let begun = app.change(move |tx| second_factor::begin(tx, &me, (&vault, &*entropy), now, "registry.example.com"));
    let secret = begun.await;

    Browser::of(&app, &carol).await.get(USER).await.is(200);
    carol.get(USER).await.is(200);
    assert!(secret.url.starts_with("otpauth://totp/registry.example.com:carol?secret="), "{}", secret.url);
    let (me, vault) = (app.account_of(&browser).await, app.services.vault.clone());
    let db = &app.services.db;
    let shown = db.read(move |conn| second_factor::begun(conn, &me, &vault, "registry.example.com")).await;
    assert!(shown.unwrap().unwrap() == secret);
    let (vault, entropy) = (app.services.vault.clone(), app.services.entropy.clone());
    let me = app.account_of(&browser).await;
    let wrong = app.services.db.write(move |tx| second_factor::confirm(tx, &me, (&vault, &*entropy), now, "000000"));
    assert!(matches!(wrong.await, Err(domain::Error::Invalid { field: "code", .. })));
    assert_eq!(state(&app, &browser).await, State { active_since: None, begun: true, recovery_codes: 0 });
}

#[actix_web::test]
async fn a_recovery_code_counts_once() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let (_, codes) = app.second_factor(&browser).await;

    sign_in(&Browser::new(&app), &codes[3]).await.is(200);
    sign_in(&Browser::new(&app), &codes[3]).await.is(403);
    let typed = codes[4].to_lowercase().replace('-', " ");
    sign_in(&Browser::new(&app), &typed).await.is(200);
    assert_eq!(state(&app, &browser).await.recovery_codes, 8);
    assert_eq!(app.happened(&["login_success"]).await.last().unwrap().details()["second_factor"], "recovery_code");

    let (me, entropy, now) = (app.account_of(&browser).await, app.services.entropy.clone(), app.clock.now());
    let fresh = app.change(move |tx| second_factor::regenerate_recovery_codes(tx, &me, &*entropy, now)).await;
    sign_in(&Browser::new(&app), &codes[5]).await.is(403);
    sign_in(&Browser::new(&app), &fresh[0]).await.is(200);
    assert_eq!(state(&app, &browser).await.recovery_codes, 9);
    assert_eq!(app.happened(&["account_regenerate_recovery_codes"]).await.len(), 1);
}

#[actix_web::test]
async fn wrong_codes_lock_the_account_however_often_the_password_is_right() {
    let app = TestApp::with(&[("limits.failed_sign_ins", "1")]).await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let (authenticator, _) = app.second_factor(&browser).await;
    app.clock.advance(STEP);

    let guesser = Browser::new(&app);
    sign_in(&guesser, "000000").await.is(403);
    guesser.sign_in("carol", PASSWORD).await.is(403);
    sign_in(&guesser, "000001").await.is(403);

    let paused = sign_in(&guesser, &authenticator.code(app.clock.now())).await.is(429);
    assert_eq!(paused.header("retry-after"), "1");
    let failures = app.happened(&["login_failure"]).await;
    assert_eq!((failures.len(), &failures[1].details()["failures"]), (2, &json!(2)));
    assert_eq!(failures[1].details()["message"], "Invalid second factor.");
    app.clock.advance(Duration::from_secs(1));
    sign_in(&guesser, &authenticator.code(app.clock.now())).await.is(200);
    // Forgiven: the next failure is the first.
    app.clock.advance(STEP);
    sign_in(&guesser, "000000").await.is(403);
    sign_in(&guesser, &authenticator.code(app.clock.now())).await.is(200);
}

#[actix_web::test]
async fn programs_come_with_a_token_instead_of_the_password() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (application, principal) = (app.application_token(&carol).await, app.principal(&carol).await);
    let stored = app.services.sign_in.refresh_token(&principal).await.unwrap();
    let access = app.access_token(&carol, &[ApiScope::UserRead]).await;
    let robot = carol.put("/api/v1/user/robots/ci", json!({})).await.is(201).json();
    let robot = app.actor("carol+ci", robot["token"].as_str().unwrap());
    let browser = Browser::of(&app, &carol).await;
    app.second_factor(&browser).await;

    for refused in [carol.get(USER).await, app.oci(&carol).ask_token(&[]).await, carol.get("/v2/").await] {
        assert_eq!(refused.status, 401, "{}", refused.shown());
        assert!(refused.text().contains("use an application token"), "{}", refused.shown());
    }
    assert!(!app.actor("carol", "wrong").get(USER).await.is(401).text().contains("second factor"));
    assert!(app.services.sign_in.with_refresh_token(&stored).await.is_err(), "what Docker stored is over");

    let token = app.actor("$app", &application);
    token.get(USER).await.is(200);
    app.oci(&token).ask_token(&[]).await.is(200);
    app.oci(&robot).ask_token(&[]).await.is(200);
    app.bearer(&access).get(USER).await.is(200);
    let key = browser.post("/api/v1/user/clientkey", json!({ "password": PASSWORD })).await.is(200).json();
    app.oci(&app.actor("carol", key["key"].as_str().unwrap())).ask_token(&[]).await.is(200);
    token.post("/api/v1/user/clientkey", json!({ "password": PASSWORD })).await.is(403);
}

#[actix_web::test]
async fn something_dangerous_needs_a_code_too() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let (authenticator, codes) = app.second_factor(&browser).await;
    app.clock.advance(Duration::from_secs(601));
    let verify = async |body: Value| browser.post("/api/v1/signin/verify", body).await;

    browser.put(USER, json!({ "company": "ACME" })).await.is(401);
    assert_eq!(verify(json!({ "password": PASSWORD })).await.is(403).json()["needsSecondFactor"], true);
    verify(json!({ "password": PASSWORD, "code": "000000" })).await.is(403);
    verify(json!({ "password": "wrong", "code": codes[0] })).await.is(403);
    browser.put(USER, json!({ "company": "ACME" })).await.is(401);
    verify(json!({ "password": PASSWORD, "code": authenticator.code(app.clock.now()) })).await.is(200);
    browser.put(USER, json!({ "company": "ACME" })).await.is(200);
}

#[actix_web::test]
async fn superusers_switch_it_off_for_whoever_lost_it() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let auditor = app.user_with("audra", Standing::ReadOnlySuperuser).await;
    let browser = Browser::of(&app, &carol).await;
    app.second_factor(&browser).await;
    let factor = "/api/v1/superuser/users/carol/secondfactor";

    app.user("dave").await.delete(factor).await.is(403);
    auditor.delete(factor).await.is(403);
    app.admin().delete(factor).await.is(204);
    app.admin().delete(factor).await.is(404);

    carol.get(USER).await.is(200);
    Browser::of(&app, &carol).await.get(USER).await.is(200);
    let happened = app.happened(&["user_reset_second_factor"]).await;
    assert_eq!((happened.len(), happened[0].actor_name.as_str()), (1, "olivia"));
    assert_eq!(happened[0].details(), json!({ "username": "carol", "superuser": "olivia" }));
}

#[actix_web::test]
async fn its_user_switches_it_off_with_a_browser_and_no_token_does() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let token = app.application_token(&carol).await;
    let browser = Browser::of(&app, &carol).await;
    app.second_factor(&browser).await;
    let now = app.clock.now();

    let signed_in = app.services.sign_in.with("$app", &token, &Default::default()).await.unwrap();
    let caller = std::sync::Arc::new(signed_in.from(Default::default()));
    let me = app.services.access.myself(&caller, ApiScope::UserAdmin).await.unwrap();
    let refused = app.services.db.write(move |tx| second_factor::switch_off(tx, &me, now)).await;
    assert!(matches!(refused, Err(domain::Error::Refused(_))), "{refused:?}");
    let (me, again) = (app.account_of(&browser).await, app.account_of(&browser).await);
    app.change(move |tx| second_factor::switch_off(tx, &me, now)).await;
    let gone = app.services.db.write(move |tx| second_factor::switch_off(tx, &again, now)).await;
    assert!(matches!(gone, Err(domain::Error::NotFound(_))), "{gone:?}");

    assert_eq!(state(&app, &browser).await, State::default());
    carol.get(USER).await.is(200);
    assert_eq!(app.happened(&["account_disable_second_factor"]).await.len(), 1);
}

#[actix_web::test]
async fn the_proof_of_the_first_step_is_one_browsers_and_soon_over() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (authenticator, _) = app.second_factor(&Browser::of(&app, &carol).await).await;
    app.clock.advance(STEP);
    let (services, from) = (&app.services, domain::principal::Origin::default);
    let begin = async || match sign_in::begin(services, from(), "phv_hers", "carol", PASSWORD).await.unwrap() {
        Begun::CodeNeeded(proof) => proof,
        Begun::SignedIn(_) => panic!("a code is needed"),
    };
    let complete = async |browser: &str, proof: &str| {
        let code = authenticator.code(app.clock.now());
        sign_in::complete(services, from(), browser, proof, &code).await.unwrap()
    };

    let proof = begin().await;
    assert!(matches!(complete("phv_another", &proof).await, Completed::Ended));
    assert!(matches!(complete("phv_hers", "made up").await, Completed::Ended));
    assert!(matches!(complete("phv_hers", &proof).await, Completed::SignedIn(_)));
    assert!(matches!(complete("phv_hers", &proof).await, Completed::WrongCode));
    app.clock.advance(Duration::from_secs(300));
    assert!(matches!(complete("phv_hers", &proof).await, Completed::Ended));
    let proof = begin().await;
    app.clock.advance(Duration::from_secs(1));
    app.set_password(&carol, "another long password").await;
    assert!(matches!(complete("phv_hers", &proof).await, Completed::Ended));
}
