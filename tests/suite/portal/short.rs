//! Short addresses, as images are written and as Quay's pages are called.

use crate::support::{Actor, Browser, Image, TestApp};

/// An organization with one image, its owner, and the image's digest.
async fn acme() -> (TestApp, Actor, String) {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let pushed = app.oci(&owner).push("acme/web", "1.4", &Image::new("one")).await.is(201);
    let digest = pushed.header("docker-content-digest").to_string();
    (app, owner, digest)
}

/// Where an address leads; what does not lead on is its status.
async fn led(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    match answer.status {
        303 => answer.header("location").to_string(),
        status => status.to_string(),
    }
}

#[actix_web::test]
async fn names_of_images_lead_to_their_pages() {
    let (app, owner, digest) = acme().await;
    let browser = Browser::of(&app, &owner).await;

    for (short, page) in [
        ("/acme", "/organization/acme"),
        ("/acme/", "/organization/acme"),
        ("/acme-owner", "/user/acme-owner"),
        ("/acme/web", "/repository/acme/web"),
        ("/acme/web/", "/repository/acme/web"),
        ("/acme/web:1.4", "/repository/acme/web/tag/1.4"),
        ("/organization/acme/", "/organization/acme"),
        ("/repository/acme/web/", "/repository/acme/web"),
    ] {
        assert_eq!(led(&browser, short).await, page, "{short}");
        browser.open(short).await.is(200);
    }
    let by_digest = format!("/repository/acme/web/manifest/{digest}");
    assert_eq!(led(&browser, &format!("/acme/web@{digest}")).await, by_digest);
}

#[actix_web::test]
async fn they_lead_nowhere_for_who_sees_nothing_there() {
    let (app, ..) = acme().await;
    let stranger = Browser::of(&app, &app.user("dave").await).await;

    for browser in [&stranger, &Browser::new(&app)] {
        for short in ["/acme", "/acme/web", "/acme/web:1.4", "/nobody/nothing", "/acme/web:", "/acme:1.4", "/a@b@c"] {
            assert_eq!(led(browser, short).await, "404", "{short}");
        }
    }
    for odd in ["//evil.example/", "//evil.example", "/%5Cevil.example/", "/acme//web", "/acme/web:a:b"] {
        assert_eq!(led(&stranger, odd).await, "404", "{odd}");
    }
    stranger.submit_meant("/acme", &[]).await.is(404);
}

#[actix_web::test]
async fn tabs_have_quays_names_as_well() {
    let (app, owner, _) = acme().await;
    let browser = Browser::of(&app, &owner).await;

    for (quays, ours) in [
        ("/organization/acme?tab=Robotaccounts", "robots"),
        ("/organization/acme?tab=Teamsandmembership", "teams"),
        ("/organization/acme?tab=Defaultpermissions", "default-permissions"),
        ("/organization/acme?tab=OAuthApplications", "applications"),
        ("/organization/acme?tab=Settings", "settings"),
        ("/repository/acme/web?tab=tagHistory", "history"),
    ] {
        let page = browser.open(quays).await.is(200);
        let current = page.attribute("nav.tabs a[aria-current]", "href");
        assert!(current.as_ref().is_some_and(|url| url.ends_with(&format!("tab={ours}"))), "{quays}: {current:?}");
    }
}

#[actix_web::test]
async fn the_pull_command_names_a_tag_that_is_there() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (oci, browser) = (app.oci(&carol), Browser::of(&app, &carol).await);
    let new =
        serde_json::json!({ "namespace": "carol", "repository": "web", "visibility": "private", "description": "" });
    carol.post("/api/v1/repository", new).await.is(201);
    let empty = browser.open("/repository/carol/web").await.is(200);
    assert!(!empty.html.contains("docker pull"), "there is nothing to pull");

    oci.push("carol/web", "v1", &Image::new("one")).await.is(201);
    browser.open("/repository/carol/web").await.is(200).says(&format!("docker pull {}/carol/web:v1", app.host()));
    oci.push("carol/web", "latest", &Image::new("two")).await.is(201);
    oci.push("carol/web", "v2", &Image::new("three")).await.is(201);
    browser.open("/repository/carol/web").await.is(200).says(&format!("podman pull {}/carol/web:latest", app.host()));
}

#[actix_web::test]
async fn whoever_search_finds_has_a_page() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let dave = Browser::of(&app, &app.user("dave").await).await;

    dave.open("/search?q=carol").await.is(200).follow("a[href='/user/carol']").await.is(200);
    Browser::new(&app).open("/user/carol").await.is(404);
}
