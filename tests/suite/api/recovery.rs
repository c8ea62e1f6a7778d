//! A new password by a link that somebody handed over.

use std::time::Duration;

use domain::principal::Origin;
use domain::{Error, Thing};
use pierhead::web::recovery;
use serde_json::json;

use crate::support::{Browser, TestApp};

const USER: &str = "/api/v1/user/";
const NEW_PASSWORD: &str = "another-horse";

/// The secret of a link that the superuser makes.
async fn link(app: &TestApp, user: &str) -> String {
    let made = app.admin().post(&format!("/api/v1/superuser/users/{user}/recovery"), json!({})).await.is(200).json();
    let url = made["url"].as_str().unwrap().to_string();
    let secret = url.strip_prefix(&format!("{}/recovery?code=", app.url));
    secret.unwrap_or_else(|| panic!("{url}")).to_string()
}

async fn redeem(app: &TestApp, secret: &str, password: &str) -> domain::Result<String> {
    recovery::redeem(&app.services, Origin::default(), secret, password).await.map(|done| done.user_name)
}

fn is_unknown<T>(answer: domain::Result<T>) -> bool {
    matches!(answer, Err(Error::NotFound(Thing::Recovery)))
}

#[actix_web::test]
async fn a_link_sets_one_new_password() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let secret = link(&app, "carol").await;

    assert_eq!(recovery::find(&app.services, &secret).await.unwrap().unwrap().user_name, "carol");
    assert!(matches!(redeem(&app, &secret, "short").await, Err(Error::Invalid { field: "password", .. })));
    browser.get(USER).await.is(200);
    assert_eq!(redeem(&app, &secret, NEW_PASSWORD).await.unwrap(), "carol");

    browser.get(USER).await.is(401);
    carol.get(USER).await.is(401);
    app.actor("carol", NEW_PASSWORD).get(USER).await.is(200);
    assert!(is_unknown(redeem(&app, &secret, "a third password").await));
    assert!(recovery::find(&app.services, &secret).await.unwrap().is_none());
    let happened = app.happened(&["user_create_recovery", "account_recover"]).await;
    let actors: Vec<&str> = happened.iter().map(|event| event.actor_name.as_str()).collect();
    assert_eq!(actors, ["olivia", "carol"]);
    assert!(!happened[0].details().to_string().contains(&secret));
}

#[actix_web::test]
async fn a_link_ends_after_a_day_with_another_and_with_the_password() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let gone = async |secret: &str| is_unknown(redeem(&app, secret, NEW_PASSWORD).await);

    let old = link(&app, "carol").await;
    app.clock.advance(Duration::from_secs(24 * 3600));
    assert!(gone(&old).await);
    let (first, second) = (link(&app, "carol").await, link(&app, "carol").await);
    assert!(gone(&first).await);
    app.set_password(&carol, "set by a superuser").await;
    assert!(gone(&second).await);
    let third = link(&app, "carol").await;
    app.set_enabled(&carol, false).await;
    assert!(gone(&third).await);
    app.admin().post("/api/v1/superuser/users/carol/recovery", json!({})).await.is(403);
    for made_up in ["", "phl_", "phl_made-up", "carol"] {
        assert!(gone(made_up).await);
    }
}

#[actix_web::test]
async fn links_nobody_used_are_swept() {
    let app = TestApp::start().await;
    app.user("carol").await;
    link(&app, "carol").await;
    app.clock.advance(Duration::from_secs(24 * 3600 + 1));

    let now = domain::time::Clock::now(&*app.clock);
    let swept = app.change(move |tx| domain::account::sweep_recoveries(tx, now, 10)).await;

    assert_eq!(swept, 1);
}
