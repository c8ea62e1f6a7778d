//! The list of organizations and the dialog that creates one.

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{Browser, PRIVATE, TestApp};

#[actix_web::test]
async fn an_organization_is_created_on_the_page() {
    let app = TestApp::start().await;
    let carol = Browser::of(&app, &app.user("carol").await).await;

    let dialog = carol.open("/organization").await.is(200).says("You do not belong to an organization yet");
    let dialog = dialog.follow("a[href='/organization?dialog=create']").await.is(200);
    let refused = dialog.form("create-organization").fill("name", "Acme <b>").submit().await.is(422);
    assert!(refused.has("[role=alert] a[href='#name']") && refused.has("#name[aria-invalid]"));
    assert_eq!(refused.form("create-organization").value("name"), Some("Acme <b>"));
    refused.form("create-organization").fill("name", "acme").submit().await;

    carol.open("/organization").await.is(200).says("acme").says("Admin");
}

#[actix_web::test]
async fn a_form_without_the_proof_of_its_browser_changes_nothing() {
    let app = TestApp::start().await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    let proof = Browser::new(&app).open("/preferences").await.attribute("input[name=_csrf_token]", "value").unwrap();

    for fields in [vec![("name", "acme")], vec![("name", "acme"), ("_csrf_token", proof.as_str())]] {
        carol.submit("/organization", &fields).await.is(403);
    }

    carol.open("/organization").await.does_not_say("acme");
}

#[actix_web::test]
async fn whoever_is_not_signed_in_signs_in_and_comes_back() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);

    let page = browser.open("/organization?dialog=create").await.is(200);

    assert_eq!(page.path, "/signin?next=%2Forganization%3Fdialog%3Dcreate");
}

#[actix_web::test]
async fn the_list_says_what_is_in_each_organization_and_is_filtered_and_paged() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    for number in 0..60 {
        carol.post("/api/v1/organization/", json!({ "name": format!("org{number:02}") })).await.is(201);
    }
    app.repository("org07/web", PRIVATE).await;
    app.organization("theirs").await;
    app.team("theirs", "readers", TeamRole::Member).await;
    app.join("theirs", "readers", &carol).await;
    let carol = Browser::of(&app, &carol).await;

    let first = carol.open("/organization").await.is(200).says("org49").does_not_say("org50");
    assert_eq!(first.count("#organizations tbody tr"), 50);
    let second = first.follow("a[rel=next]").await.is(200).says("org50").does_not_say("org49");
    assert_eq!(second.follow("a[rel=prev]").await.count("#organizations tbody tr"), 50);

    let found = second.form("/organization").fill("q", "G07").submit().await.is(200);
    assert_eq!(found.count("#organizations tbody tr"), 1);
    let found = found.says("org07 1 1 1 Admin");
    assert_eq!(found.form("/organization").value("q"), Some("G07"));
    // How many repositories there are that a member may not see is not theirs to know.
    carol.open("/organization?q=theirs").await.is(200).says("theirs – – 2 Member");
    let none = carol.open("/organization?q=%3Cb%3E").await.is(200).says("no organization that matches “<b>”");
    assert_eq!(none.follow(".empty a").await.count("#organizations tbody tr"), 50);
    for odd in ["after=x", "before=1.n%00", "after=9.torg10&before=1.n4", "dialog=%27"] {
        carol.open(&format!("/organization?{odd}")).await.is(200);
    }
}

#[actix_web::test]
async fn a_filter_is_answered_with_the_list_alone_where_htmx_asks() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;

    let request = owner.request(reqwest::Method::GET, "/organization?q=ac").header("hx-request", "true");
    let list = owner.send(request.header("hx-target", "organizations")).await.is(200).text();

    assert!(list.contains("id=\"organizations\"") && list.contains("/organization/acme"), "{list}");
    assert!(!list.contains("<html"), "{list}");
}
