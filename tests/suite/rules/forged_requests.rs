//! Whatever changes something by a cookie needs the proof that it was meant: every route of the API and every form of
//! the portal, also the next one.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use super::routes_complete::handlers_given;
use super::{page_matrix, route_matrix::routes, sources};
use crate::support::{Actor, Answer, Browser, Image, PRIVATE, TestApp, digest_of, hidden_fields};

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

/// Forms of the portal that no cookie makes stronger; each has a test of its own.
const BY_OTHER_PROOF: [&str; 2] = [
    // The set-up word.
    "portal/setup::submit",
    // The application's secret.
    "portal/exchange::exchange",
];

/// With one of everything that routes name.
async fn registry() -> TestApp {
    let app = TestApp::with(&[("accounts.registration", "true"), ("limits.sign_ins", "0")]).await;
    app.organization("acme").await;
    app.user("dummy").await;
    app.robot("acme", "matrix").await;
    app.team("acme", "spare", domain::access::TeamRole::Member).await;
    app.repository("acme/private", PRIVATE).await;
    app
}

#[actix_web::test]
async fn no_route_of_the_api_takes_a_change_by_cookie_alone() {
    let app = registry().await;
    let admin = app.admin();
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

#[test]
fn every_form_of_the_source_is_in_the_table_as_one() {
    let received: BTreeSet<String> =
        sources("src/portal", "rs").iter().flat_map(|source| handlers_given(source, &["web::post().to("])).collect();
    let sent: BTreeSet<String> =
        page_matrix::routes().filter(|page| page.fields().is_some()).map(|page| page.handler.to_string()).collect();

    assert!(received.len() > 50, "the source is read as it is written: {received:#?}");
    assert_eq!(received.difference(&sent).collect::<Vec<_>>(), [] as [&String; 0], "not in page_matrix/ as a form");
}

#[actix_web::test]
async fn no_form_of_the_portal_is_taken_by_cookie_alone() {
    let app = registry().await;
    let admin = app.admin();
    let image = Image::new("matrix");
    app.oci(&admin).push("acme/private", "v1", &image).await.is(201);
    let browser = Browser::of(&app, &admin).await;
    let stranger = Browser::new(&app);
    stranger.visit().await;
    let anothers = proof_of(&stranger).await;
    let before = state(&app, &admin, &browser).await;

    let (mut tried, mut taken) = (0, Vec::new());
    for form in page_matrix::routes().filter(|form| !BY_OTHER_PROOF.contains(&form.handler)) {
        let Some(fields) = form.fields() else { continue };
        let filled = |text: &str| {
            let text = text.replace("{repository}", "acme/private").replace("{me}", "olivia");
            text.replace("{image}", &image.digest()).replace("{visibility}", "public")
        };
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| (name.to_string(), filled(value))).collect();
        for proof in [None, Some(""), Some("nonsense"), Some(anothers.as_str())] {
            let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let fields: Vec<(&str, &str)> = fields.chain(proof.map(|proof| ("_csrf_token", proof))).collect();

            let refused = browser.submit(&filled(form.path), &fields).await;

            if !is_refused(&refused) {
                taken.push(format!("{} with {proof:?}: {}", form.handler, refused.shown()));
            }
            tried += 1;
        }
    }
    assert!(taken.is_empty(), "{taken:#?}");
    assert!(tried > 4 * 60, "only {tried} forms were tried");
    assert_eq!(state(&app, &admin, &browser).await, before, "nothing was changed");
}

#[actix_web::test]
async fn nobody_is_signed_out_by_a_form_of_another_site() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let session = browser.cookie();

    assert!(is_refused(&browser.submit("/signout", &[]).await));

    assert_eq!(browser.cookie(), session);
    browser.get("/api/v1/user/").await.is(200);
    browser.submit_meant("/signout", &[]).await.is(303);
    browser.get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn set_up_takes_the_word_that_was_printed_and_no_cookie_in_its_place() {
    let app = TestApp::not_set_up(&[]).await;
    let _printed = app.services.setup.renew(&*app.services.entropy);
    let browser = Browser::new(&app);
    browser.visit().await;
    let first =
        [("username", "mallory"), ("password", "long enough"), ("password_again", "long enough"), ("email", "")];

    for token in ["", "nonsense"] {
        let refused = browser.submit_meant("/setup", &[&first[..], &[("token", token)]].concat()).await;
        assert!((400..500).contains(&refused.status), "{}", refused.shown());
    }

    assert!(app.happened(&["user_create"]).await.is_empty());
    app.anonymous().get("/setup?token=wrong").await.is(403);
}

#[actix_web::test]
async fn codes_are_exchanged_for_the_secret_of_their_application_and_no_cookie_in_its_place() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.admin()).await;
    let asked = [("grant_type", "authorization_code"), ("client_id", "NOSUCH"), ("code", "none")];

    let refused = browser.submit_meant("/oauth/access_token", &asked).await;

    assert!(matches!(refused.status, 400 | 401), "{}", refused.shown());
    assert!(refused.maybe_header("set-cookie").is_none() && !refused.text().contains("access_token\""));
}

/// A page that says why, with nothing that a browser would keep or follow.
fn is_refused(answer: &Answer) -> bool {
    answer.status == 403 && answer.maybe_header("location").is_none() && answer.maybe_header("set-cookie").is_none()
}

/// What goes with another browser's cookie.
async fn proof_of(browser: &Browser) -> String {
    let page = browser.get("/signin").await.is(200).text();
    hidden_fields(&page).into_iter().find(|(name, _)| name == "_csrf_token").expect("its form has a proof").1
}

/// What the forms would change, as far as it can be seen: what happened, and what is written down without that.
async fn state(app: &TestApp, admin: &Actor, browser: &Browser) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in ["superuser/logs", "user/", "user/starred", "repository?namespace=acme", "superuser/users", "messages"]
    {
        seen.push(admin.get(&format!("/api/v1/{path}")).await.is(200).json());
    }
    let preferences = browser.open("/account?tab=preferences").await.is(200).form("preferences");
    for name in ["theme", "language", "time_zone"] {
        seen.push(json!(preferences.value(name)));
    }
    seen.push(json!(app.session_of(browser).await.is_some()));
    seen
}
