//! The tags of a repository on its page: filter, order, choose, delete and bring back.

use crate::support::{Browser, Image, TestApp};

const PAGE: &str = "/repository/carol/web?tab=tags";

/// A repository with these tags, each an image of its own, and its owner's browser.
async fn with_tags(app: &TestApp, tags: &[&str]) -> Browser {
    let carol = app.user("carol").await;
    let oci = app.oci(&carol);
    for (number, tag) in tags.iter().enumerate() {
        oci.push("carol/web", tag, &Image::new(&format!("layer {number}"))).await.is(201);
    }
    Browser::of(app, &carol).await
}

#[actix_web::test]
async fn an_empty_repository_says_how_to_fill_it() {
    let app = TestApp::start().await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    carol.post("/api/v1/repository", serde_json::json!({ "namespace": "carol", "repository": "web", "visibility": "private", "description": "" })).await.is(201);

    let page = carol.open(PAGE).await.is(200);

    page.says(&format!("docker push {}/carol/web:latest", app.host()));
}

#[actix_web::test]
async fn tags_are_filtered_by_a_part_of_the_name_and_by_an_expression() {
    let app = TestApp::start().await;
    let carol = with_tags(&app, &["1.0", "1.1", "latest"]).await;

    let page = carol.open(PAGE).await.is(200).says("latest").says("3 tags");
    let found = page.form("/repository/carol/web").fill("q", "1.").submit().await.is(200);
    assert_eq!(found.count("tbody th a.name"), 2, "{}", found.text());
    let found = carol.open(&format!("{PAGE}&q=%5E1%5C.1%24&regex=on")).await.is(200);
    assert_eq!(found.count("tbody th a.name"), 1, "{}", found.text());
    carol.open(&format!("{PAGE}&q=%5B&regex=on")).await.is(200).says("regular expression");
    carol.open(&format!("{PAGE}&q=nothing")).await.is(200).says("No tag matches");
    carol.open(&format!("{PAGE}&sort=password&order=sideways&limit=9999&after=x")).await.is(200).says("latest");
}

#[actix_web::test]
async fn chosen_tags_are_deleted_and_brought_back() {
    let app = TestApp::start().await;
    let carol = with_tags(&app, &["1.0", "1.1", "latest"]).await;

    let page = carol.open(PAGE).await.is(200);
    let dialog = page.form("selection").tick("tag", "1.0").tick("tag", "1.1").tick("dialog", "delete").submit().await;
    let deleted = dialog.is(200).says("Delete 2 tags?").form("dialog-form").submit().await.is(200);
    assert_eq!(deleted.count("tbody th a.name"), 1, "{}", deleted.text());
    let back = deleted.form("/repository/carol/web/-/tags/restoration").submit().await.is(200);

    assert_eq!(back.count("tbody th a.name"), 3, "{}", back.text());
}

#[actix_web::test]
async fn an_overwritten_tag_is_restored_from_the_history() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let oci = app.oci(&carol);
    let first = Image::new("first");
    oci.push("carol/web", "latest", &first).await.is(201);
    oci.push("carol/web", "latest", &Image::new("second")).await.is(201);
    let carol = Browser::of(&app, &carol).await;

    let history = carol.open("/repository/carol/web?tab=history").await.is(200).says("was moved from");
    history.form("/repository/carol/web/-/tags/reversion").submit().await.is(200).says("was restored to");

    carol.open(PAGE).await.is(200).says(&first.digest()["sha256:".len()..][..12]);
}

#[actix_web::test]
async fn a_tag_gets_an_end_a_twin_and_a_label() {
    let app = TestApp::start().await;
    let carol = with_tags(&app, &["1.0"]).await;

    let dialog = carol.open(&format!("{PAGE}&dialog=expire&tag=1.0")).await.is(200);
    let past = dialog.form("dialog-form").fill("at", "2001-01-01T00:00").submit().await.is(422);
    past.says("in the future").form("dialog-form").fill("at", "2099-01-01T00:00").submit().await.is(200);
    let dialog = carol.open(&format!("{PAGE}&dialog=add&tag=1.0")).await.is(200);
    let wrong = dialog.form("dialog-form").fill("name", "<b>").submit().await.is(422);
    wrong.form("dialog-form").fill("name", "stable").submit().await.is(200).says("stable");
    let dialog = carol.open(&format!("{PAGE}&dialog=labels&tag=1.0")).await.is(200);
    let wrong = dialog.form("dialog-form").fill("key", "<script>").fill("value", "x").submit().await.is(422);
    assert_eq!(wrong.form("dialog-form").value("key"), Some("<script>"));
    let labelled = wrong.form("dialog-form").fill("key", "stage").fill("value", "<i>prod</i>").submit().await.is(200);

    assert!(labelled.text().contains("<i>prod</i>"), "{}", labelled.text());
    labelled.form("/repository/carol/web/-/labels/deletion").submit().await.is(200).says("No labels yet");
}

#[actix_web::test]
async fn who_may_only_read_sees_no_way_to_change_and_finds_none() {
    let app = TestApp::start().await;
    let carol = with_tags(&app, &["1.0"]).await;
    let dave = Browser::of(&app, &app.user("dave").await).await;
    dave.open(PAGE).await.is(404);
    carol
        .post("/api/v1/repository/carol/web/changevisibility", serde_json::json!({ "visibility": "public" }))
        .await
        .is(200);

    let page = dave.open(&format!("{PAGE}&dialog=delete&tag=1.0")).await.is(200);
    assert!(!page.has_form("selection") && !page.has_form("dialog-form"));
    let forged = dave.submit_meant("/repository/carol/web/-/tags/deletion", &[("tag", "1.0")]).await;

    forged.is(403);
    carol.open(PAGE).await.says("1.0");
    Browser::new(&app).open(PAGE).await.is(200).says("1.0");
}
