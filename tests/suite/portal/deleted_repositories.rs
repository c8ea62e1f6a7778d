//! Repositories that were deleted, and their way back.

use domain::access::TeamRole;

use crate::support::{Browser, PRIVATE, Page, TestApp};

const VIEW: &str = "/organization/acme?view=deleted";
const RESTORATION: &str = "/organization/acme/repositories/restoration";

/// Deletes a repository in its settings.
async fn delete<'b>(browser: &'b Browser, name: &str) -> Page<'b> {
    let settings = browser.open(&format!("/repository/{name}?tab=settings")).await.is(200);
    settings.form("delete-repository").fill("confirm", name).submit().await.is(200).says("deleted")
}

#[actix_web::test]
async fn a_deletion_is_taken_back_from_its_notice() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    let owner = Browser::of(&app, &owner).await;

    let deleted = delete(&owner, "acme/web").await;
    owner.open("/repository/acme/web").await.is(404);
    let back = deleted.form(RESTORATION).submit().await.is(200).says("1 repository restored");

    assert_eq!(back.path, "/repository/acme/web");
    owner.open("/repository/acme/web?tab=tags").await.is(200).says("v1");
    deleted.form(RESTORATION).submit().await.is(404);
}

#[actix_web::test]
async fn several_that_were_deleted_together_come_back_together() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    for name in ["acme/web", "acme/api"] {
        app.repository(name, PRIVATE).await;
    }

    let question = owner.open("/organization/acme?dialog=delete&repository=web&repository=api").await.is(200);
    let deleted = question.form("change-repositories").fill("confirm", "acme").submit().await.is(200);
    let back = deleted.form(RESTORATION).submit().await.is(200).says("2 repositories restored");

    back.says("web").says("api");
}

#[actix_web::test]
async fn what_was_deleted_is_listed_and_restored_under_another_name_if_need_be() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.repository("acme/api", PRIVATE).await;
    app.repository("acme/web", PRIVATE).await;
    owner.open(VIEW).await.is(200).says("No repository of this namespace was deleted");
    delete(&owner, "acme/api").await;
    delete(&owner, "acme/web").await;
    app.repository("acme/web", PRIVATE).await;

    let list = owner.open("/organization/acme").await.follow(".pills a[href$='view=deleted']").await.is(200);
    assert_eq!(list.count("#deleted tbody tr"), 2);
    let list = list.says("acme/web").says("acme/api");
    let id = list.attribute("#deleted tbody input[name=repository]", "value").unwrap();
    let taken = list.form(&format!("restore-{id}")).submit().await.is(422);
    assert!(taken.has("dialog #name[aria-invalid]"), "{}", taken.text());
    let wrong = taken.form("restore").fill("name", "Not a name").submit().await.is(422);
    assert_eq!(wrong.form("restore").value("name"), Some("Not a name"));
    let back = wrong.form("restore").fill("name", "old-web").submit().await.is(200);

    assert_eq!(back.path, "/repository/acme/old-web");
    assert_eq!(owner.open(VIEW).await.is(200).count("#deleted tbody tr"), 1);
}

#[actix_web::test]
async fn what_belongs_to_others_or_is_gone_for_good_does_not_come_back() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let other = Browser::of(&app, &app.organization("other").await).await;
    for name in ["acme/web", "other/web"] {
        app.repository(name, PRIVATE).await;
    }
    let deleted = delete(&other, "other/web").await;
    let theirs = deleted.attribute(".toast input[name=repository]", "value").unwrap();
    let ours = delete(&owner, "acme/web").await.attribute(".toast input[name=repository]", "value").unwrap();

    owner.submit_meant(RESTORATION, &[("repository", &theirs)]).await.is(404);
    owner.submit_meant(RESTORATION, &[("repository", &ours), ("repository", &theirs)]).await.is(404);
    owner.submit_meant(RESTORATION, &[]).await.is(404);
    owner.open(VIEW).await.is(200).says("acme/web").does_not_say("other/web");
    app.sql("UPDATE repositories SET deleted_at = 1 WHERE deleted_name = 'acme/web'".into()).await;

    owner.submit_meant(RESTORATION, &[("repository", &ours)]).await.is(404);
    owner.open(VIEW).await.is(200).does_not_say("acme/web");
    other.open("/repository/other/web").await.is(404);
}

#[actix_web::test]
async fn whoever_does_not_administer_the_namespace_neither_sees_nor_restores() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let carol = app.user("carol").await;
    app.team("acme", "crew", TeamRole::Creator).await;
    app.join("acme", "crew", &carol).await;
    for name in ["acme/web", "acme/api"] {
        app.repository(name, PRIVATE).await;
        app.grant(name, &carol, "admin").await;
    }
    let carol = Browser::of(&app, &carol).await;
    let id = delete(&owner, "acme/api").await.attribute(".toast input[name=repository]", "value").unwrap();

    let page = carol.open(VIEW).await.is(200).does_not_say("acme/api");
    assert!(!page.has(".pills") && !page.has("#deleted"));
    carol.submit_meant(RESTORATION, &[("repository", &id)]).await.is(403);
    let deleted = delete(&carol, "acme/web").await;

    assert!(!deleted.has_form(RESTORATION));
}
