//! Whatever changes something by a cookie needs the proof that it was meant: every route of the API, also the next one.

use reqwest::Method;
use serde_json::json;

use super::route_matrix::routes;
use crate::support::{Browser, PRIVATE, TestApp, digest_of};

/// What asks for no cookie, or is nothing that could be changed.
const EXEMPT: [&str; 6] = [
    // The first user: there is no session yet, and nobody's afterwards.
    "api/initialize::initialize",
    "api/teams::no_such_method",
    "api/later::",
    "api/builds::",
    "api/keys::",
    "api/account::no_notification",
];

#[actix_web::test]
async fn no_route_of_the_api_takes_a_change_by_cookie_alone() {
    let app = TestApp::with(&[("accounts.registration", "true")]).await;
    let admin = app.admin();
    app.organization("acme").await;
    app.user("dummy").await;
    app.robot("acme", "matrix").await;
    app.team("acme", "spare", domain::access::TeamRole::Member).await;
    app.repository("acme/private", PRIVATE).await;
    let browser = Browser::of(&app, &admin).await;
    browser.put("/api/v1/user/robots/matrix", json!({})).await.is(201);
    let log = async || admin.get("/api/v1/superuser/logs").await.is(200).json()["logs"].clone();
    let before = log().await;

    let (mut tried, mut taken) = (0, Vec::new());
    for route in routes().filter(|route| route.path.starts_with("/api/v1/")) {
        if matches!(route.method, "GET" | "HEAD") || EXEMPT.iter().any(|exempt| route.handler.starts_with(exempt)) {
            continue;
        }
        let path = route.path.replace("{repository}", "acme/private").replace("{me}", "dummy");
        let path = path.replace("{layer}", &digest_of(b"nothing"));
        let method: Method = route.method.parse().unwrap();

        let refused = browser.ask_unmeant(method, &path, json!({})).await;

        if refused.status != 403 || !refused.message().contains("CSRF") {
            taken.push(format!("{} {}", route.handler, refused.shown()));
        }
        tried += 1;
    }
    assert!(taken.is_empty(), "{taken:#?}");
    assert!(tried > 60, "only {tried} routes were tried");
    assert_eq!(log().await, before, "nothing was changed");
    browser.get("/api/v1/user/").await.is(200);
}
