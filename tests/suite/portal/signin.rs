//! Signing in and out on a page.

use crate::support::{Browser, PASSWORD, TestApp, hidden_fields};

const USER: &str = "/api/v1/user/";

/// Fills in the form of the page and sends it.
async fn fill_in(browser: &Browser, page: &str, name: &str, password: &str) -> crate::support::Answer {
    let hidden = hidden_fields(page);
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("username", name), ("password", password)]);
    browser.submit("/signin", &fields).await
}

#[actix_web::test]
async fn the_form_signs_in_and_goes_on() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let browser = Browser::new(&app);

    let page = browser.get("/signin?next=%2Forganization%2Facme%3Ftab%3Dapps").await.is(200).text();
    let answer = fill_in(&browser, &page, "carol", PASSWORD).await.is(303);

    assert_eq!(answer.header("location"), "/organization/acme?tab=apps");
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
    assert_eq!(browser.get(USER).await.is(200).json()["username"], "carol");
    let page = browser.get("/signin").await.is(200).text();
    assert!(page.contains("signed in as <strong>carol</strong>"), "{page}");
    let hidden = hidden_fields(&page);
    let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.submit("/signout", &fields).await.is(303);
    browser.get(USER).await.is(401);
}

#[actix_web::test]
async fn what_went_wrong_is_said_in_place_and_alike_for_all_names() {
    let app = TestApp::with(&[("limits.failed_sign_ins", "2")]).await;
    app.user("carol").await;
    let browser = Browser::new(&app);
    let page = browser.get("/signin?next=/x").await.text();

    let known = fill_in(&browser, &page, "carol", "wrong").await.is(422).text();
    let unknown = fill_in(&browser, &page, "nobody", "wrong").await.is(422).text();
    assert_eq!(known.replace("carol", ""), unknown.replace("nobody", ""));
    assert!(known.contains("The username or the password is wrong."), "{known}");
    assert!(
        known.contains("value=\"carol\"") && known.contains("value=\"/x\"") && !known.contains("wrong\""),
        "{known}"
    );
    for _ in 0..2 {
        fill_in(&browser, &page, "carol", "wrong").await.is(422);
    }
    let paused = fill_in(&browser, &page, "carol", PASSWORD).await.is(429);
    assert_eq!(paused.header("retry-after"), "1");
    let odd = fill_in(&browser, &page, "<script>\"", "x").await.is(422).text();
    assert!(!odd.contains("<script>\""), "{odd}");
}

#[actix_web::test]
async fn passwords_are_tried_on_the_page_no_faster_than_by_programs() {
    let app = TestApp::with(&[("limits.sign_ins", "2")]).await;
    let browser = Browser::new(&app);
    let page = browser.get("/signin").await.text();
    for name in ["carol", "dave"] {
        fill_in(&browser, &page, name, "wrong").await.is(422);
    }

    let refused = fill_in(&browser, &page, "erin", "wrong").await.is(429);

    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    app.anonymous().post("/api/v1/signin", serde_json::json!({ "username": "erin", "password": "x" })).await.is(429);
}

#[actix_web::test]
async fn a_sign_in_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    app.user("mallory").await;
    let browser = Browser::new(&app);
    let fields = [("username", "mallory"), ("password", PASSWORD), ("next", "/")];

    // Without a visit, with a visit and no proof, with somebody else's proof.
    browser.submit("/signin", &fields).await.is(403);
    browser.get("/signin").await.is(200);
    browser.submit("/signin", &fields).await.is(403);
    let other = Browser::new(&app);
    let page = other.get("/signin").await.text();
    fill_in(&browser, &page, "mallory", PASSWORD).await.is(403);
    // A browser says where a form comes from.
    let page = browser.get("/signin").await.text();
    let proof = hidden_fields(&page).into_iter().find(|(name, _)| name == "_csrf_token").unwrap().1;
    let body = format!("username=mallory&password={}&_csrf_token={proof}", PASSWORD.replace(' ', "+"));
    let request = browser.request("POST".parse().unwrap(), "/signin").header("origin", "https://evil.example");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    browser.send(request).await.is(403);
    browser.get(USER).await.is(401);
}

#[actix_web::test]
async fn a_sign_out_from_elsewhere_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;

    browser.submit("/signout", &[]).await;
    browser.get("/signout").await.is(405);

    browser.get(USER).await.is(200);
    browser.submit_meant("/signout", &[]).await.is(303);
    browser.get(USER).await.is(401);
}

#[actix_web::test]
async fn nobody_is_sent_to_another_site() {
    let app = TestApp::start().await;
    app.user("carol").await;

    for next in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/.//evil.example", "javascript:alert(1)"]
    {
        let browser = Browser::new(&app);
        let asked: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = browser.get(&format!("/signin?next={asked}")).await.is(200).text();
        assert!(!page.contains("evil.example") && !page.contains("javascript:"), "{page}");
        let hidden = hidden_fields(&page);
        let mut fields: Vec<(&str, &str)> = hidden
            .iter()
            .filter(|(name, _)| name != "next")
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.extend([("next", next), ("username", "carol"), ("password", PASSWORD)]);
        assert_eq!(browser.submit("/signin", &fields).await.is(303).header("location"), "/", "{next}");
    }
}

#[actix_web::test]
async fn the_page_is_guarded_like_every_page() {
    let app = TestApp::start().await;

    let page = app.anonymous().get("/signin").await.is(200);

    assert!(page.header("content-security-policy").contains("form-action 'self';"));
    assert_eq!((page.header("cache-control").as_str(), page.header("x-frame-options").as_str()), ("no-store", "DENY"));
}
