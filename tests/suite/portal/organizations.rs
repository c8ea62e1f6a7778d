//! The list of organizations and the dialog that creates one.

use crate::support::{Browser, TestApp};

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
