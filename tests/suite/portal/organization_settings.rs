//! The settings of an organization, and its end.

use std::time::Duration;

use crate::support::{Browser, PUBLIC, TestApp};

const SETTINGS: &str = "/organization/acme?tab=settings";

#[actix_web::test]
async fn settings_are_saved_and_faults_come_back_at_their_field() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    let page = browser.open(SETTINGS).await.is(200);

    let refused = page.form("general").fill("email", "<b>nothing").submit().await.is(422);
    assert!(refused.has("#email[aria-invalid]") && refused.has("[role=alert] a[href='#email']"));
    assert_eq!(refused.form("general").value("email"), Some("<b>nothing"));
    let form = refused.form("general").fill("email", "ops@acme.example").fill("tag_expiration_s", "86400");
    let saved = form.submit().await.is(200).says("Settings saved").says("ops@acme.example");

    assert_eq!(saved.form("general").value("tag_expiration_s"), Some("86400"));
    let api = owner.get("/api/v1/organization/acme").await.is(200).json();
    assert_eq!((api["email"].as_str(), api["tag_expiration_s"].as_i64()), (Some("ops@acme.example"), Some(86_400)));
    browser.visit().await;
    let odd = [("email", ""), ("tag_expiration_s", "5")];
    browser.submit_meant("/organization/acme/settings", &odd).await.is(422);
    // The address is for admins.
    app.repository("acme/web", PUBLIC).await;
    Browser::new(&app).open("/organization/acme").await.is(200).does_not_say("ops@acme.example");
}

#[actix_web::test]
async fn superusers_alone_give_it_another_name() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.organization("taken").await;
    assert!(!owner.open(SETTINGS).await.is(200).has_form("rename"));
    owner.visit().await;
    owner.submit_meant("/organization/acme/name", &[("name", "mine")]).await.is(404);
    let admin = Browser::of(&app, &app.admin()).await;
    admin.visit().await;
    app.clock.advance(app.services.settings.sessions.fresh_for + Duration::from_secs(1));
    let stale = admin.submit_meant("/organization/acme/name", &[("name", "mine")]).await.is(303);
    assert!(stale.header("location").starts_with("/signin/confirm?next="), "{}", stale.header("location"));
    let admin = Browser::of(&app, &app.admin()).await;

    let refused = admin.open(SETTINGS).await.is(200).form("rename").fill("name", "taken").submit().await.is(422);
    let renamed = refused.form("rename").fill("name", "apex").submit().await.is(200).says("acme is now apex");

    assert_eq!(renamed.path, "/organization/apex?tab=settings");
    owner.open(SETTINGS).await.is(404);
    owner.open("/organization/apex?tab=settings").await.is(200);
}

#[actix_web::test]
async fn a_user_has_no_settings_of_an_organization() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    browser.visit().await;
    let before = carol.get("/api/v1/user/").await.is(200).json();

    let changes = [("email", "other@example.com"), ("tag_expiration_s", "86400")];
    browser.submit_meant("/organization/carol/settings", &changes).await.is(404);

    assert_eq!(carol.get("/api/v1/user/").await.is(200).json()["email"], before["email"]);
}

#[actix_web::test]
async fn strangers_learn_of_no_user() {
    let app = TestApp::start().await;
    app.repository(&format!("{}/web", app.user("carol").await.name), crate::support::PRIVATE).await;
    let stranger = Browser::new(&app);

    for name in ["carol", "nobody"] {
        for path in ["", "?q=x", "?visibility=private", "?after=x"] {
            stranger.get(&format!("/user/{name}{path}")).await.is(404);
        }
        let tab = stranger.get(&format!("/user/{name}?tab=robots")).await.is(303);
        assert!(tab.header("location").starts_with("/signin"), "{}", tab.header("location"));
    }
}

#[actix_web::test]
async fn it_is_deleted_by_typing_its_name() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    let browser = Browser::of(&app, &owner).await;

    let question = browser.open(SETTINGS).await.is(200).follow("a[href$='dialog=delete']").await.is(200);
    let question = question.says("Delete organization acme?").says("1 repository").says("1 team").says("For 7 days");
    let refused = question.form("delete-organization").fill("confirm", "Acme").submit().await.is(422);
    assert!(refused.has("#confirm[aria-invalid]"));
    let done = refused.form("delete-organization").fill("confirm", "acme").submit().await.is(200);

    assert_eq!(done.path, "/organization");
    done.says("Organization acme deleted");
    browser.open("/organization/acme").await.is(404);
    assert_ne!(app.anonymous().get("/api/v1/repository/acme/web").await.status, 200);
}

#[actix_web::test]
async fn deletion_asks_for_the_password_if_it_was_long_ago() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    let question = browser.open("/organization/acme?tab=settings&dialog=delete").await.is(200);

    app.clock.advance(Duration::from_secs(3600));

    let late = browser.get("/organization/acme?tab=settings&dialog=delete").await.is(303);
    assert!(late.header("location").starts_with("/signin/confirm?next="), "{}", late.shown());
    let page = question.form("delete-organization").fill("confirm", "acme").submit().await;
    assert!(page.path.starts_with("/signin/confirm"), "{}", page.path);
    browser.open("/organization/acme").await.is(200);
}

#[actix_web::test]
async fn a_stale_form_of_settings_changes_nothing() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    app.join("acme", "owners", &carol).await;
    let browser = Browser::of(&app, &carol).await;
    let page = browser.open("/organization/acme?tab=settings&dialog=delete").await.is(200);

    owner.delete("/api/v1/organization/acme/team/owners/members/carol").await.is(204);

    page.form("general").fill("email", "carol@example.com").submit().await.is(403);
    page.form("delete-organization").fill("confirm", "acme").submit().await.is(403);
    let api = owner.get("/api/v1/organization/acme").await.is(200).json();
    assert_eq!(api["email"], "");
}
