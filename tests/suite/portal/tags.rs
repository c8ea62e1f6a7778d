//! The tags of a repository on its page: filter, order, choose, delete and bring back.

use reqwest::Method;

use crate::support::{Browser, Image, Page, TestApp};

const PAGE: &str = "/repository/carol/web?tab=tags";
const NAMES: &str = "tbody th a.name";

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
async fn what_is_deleted_permanently_is_not_in_the_history() {
    let app = TestApp::start().await;
    let carol = with_tags(&app, &["1.0", "1.1"]).await;
    let restorable = async |tag: &str| {
        let history = carol.open(&format!("/repository/carol/web?tab=history&q={tag}")).await.is(200);
        history.count("form[action$='/-/tags/reversion'] button")
    };

    for (tag, permanently) in [("1.0", true), ("1.1", false)] {
        let dialog = carol.open(&format!("{PAGE}&dialog=delete&tag={tag}")).await.is(200);
        let form = dialog.form("dialog-form");
        let form = if permanently { form.tick("permanently", "yes") } else { form };
        let deleted = form.submit().await.is(200);
        assert_eq!(deleted.has_form("/repository/carol/web/-/tags/restoration"), !permanently, "{tag}");
    }

    assert_eq!((restorable("1.0").await, restorable("1.1").await > 0), (0, true));
}

/// A repository with the tags `1.00` to `1.26`, and its owner's browser.
async fn with_many(app: &TestApp) -> Browser {
    let carol = app.user("carol").await;
    let (oci, image) = (app.oci(&carol), Image::new("one"));
    for number in 0..27 {
        oci.push("carol/web", &format!("1.{number:02}"), &image).await.is(201);
    }
    Browser::of(app, &carol).await
}

/// The second page of them, filtered and sorted: `1.01` and `1.00`.
async fn second_page(carol: &Browser) -> Page<'_> {
    let first = carol.open(&format!("{PAGE}&q=1.&sort=name&order=desc&limit=25")).await.is(200);
    first.follow("a[rel=next]").await.is(200)
}

#[actix_web::test]
async fn a_list_is_asked_for_again_as_it_is() {
    let app = TestApp::start().await;
    let carol = with_many(&app).await;

    let page = second_page(&carol).await;

    let live = page.attribute("#tags [data-live]", "hx-get").unwrap();
    assert_eq!((live.as_str(), page.count(NAMES)), (page.path.as_str(), 2), "{}", page.text());
    let asked = carol.request(Method::GET, &live).header("hx-request", "true").header("hx-target", "tags");
    let block = carol.send(asked).await.is(200).text();
    assert!(block.contains("data-live") && !block.contains("<html"), "the block brings the next question: {block}");
    let found = page.form("/repository/carol/web").fill("q", "1.2").submit().await.is(200);
    assert_eq!(found.attribute("th[aria-sort]", "aria-sort").as_deref(), Some("descending"), "{}", found.path);
    let open = carol.open(&format!("{live}&open=1.01")).await.is(200);
    assert_eq!(open.attribute("#live-1\\.01", "hx-get"), Some(open.path.clone()));
}

#[actix_web::test]
async fn a_dialog_leads_back_to_the_page_of_the_list_that_it_came_from() {
    let app = TestApp::start().await;
    let carol = with_many(&app).await;
    let page = second_page(&carol).await;

    let more = page.follow("nav[aria-label='Rows per page'] a[href*='limit=50']").await.is(200);
    assert_eq!((more.count(NAMES), more.has("nav a[href*='limit=25']")), (27, true));
    let dialog = page.form("selection").tick("tag", "1.00").tick("dialog", "delete").submit().await.is(200);
    assert_eq!(dialog.attribute("a[data-close]", "href"), Some(page.path.clone()));
    assert_eq!(dialog.count(NAMES), 2, "the same page is behind it");
    let deleted = dialog.form("dialog-form").submit().await.is(200);
    assert_eq!((deleted.path.as_str(), deleted.count(NAMES)), (page.path.as_str(), 1));
    let about = |dialog: &str, tag: &str| format!("{}&dialog={dialog}&tag={tag}", page.path);
    let dialog = carol.open(&about("add", "1.01")).await.is(200);
    let wrong = dialog.form("dialog-form").fill("name", "<b>").submit().await.is(422);
    assert_eq!(wrong.count(NAMES), 1, "a refused form has the same page behind it");
    let added = wrong.form("dialog-form").fill("name", "twin").submit().await.is(200);
    assert_eq!(added.path, page.path);
    let dialog = carol.open(&about("labels", "1.01")).await.is(200);
    let labelled = dialog.form("dialog-form").fill("key", "stage").fill("value", "x").submit().await.is(200);
    assert_eq!(labelled.attribute("a[data-close]", "href"), Some(page.path.clone()));

    let dialog = carol.open(&about("delete", "1.01")).await.is(200);
    let rest = dialog.form("dialog-form").submit().await.is(200);
    assert_eq!(rest.count(NAMES), 25, "where the page is gone the list begins anew");
    let elsewhere = [("tag", "1.05"), ("never", "yes"), ("back", "//evil.test/repository/carol/web?tab=tags")];
    let ended = carol.submit_meant("/repository/carol/web/-/tags/expiration", &elsewhere).await.is(303);
    assert_eq!(ended.header("location"), PAGE);
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

#[actix_web::test]
async fn the_script_has_its_words_in_the_readers_language() {
    let app = TestApp::start().await;
    let carol = with_tags(&app, &["1.0"]).await;
    let nobody = Browser::new(&app);
    for browser in [&carol, &nobody] {
        browser.plant("pierhead_language=de");
    }

    let (inside, outside) = (carol.open(PAGE).await.is(200), nobody.open("/signin").await.is(200));

    assert_eq!(inside.attribute("body", "data-dismiss-notice").as_deref(), Some("Hinweis schließen"));
    for page in [inside, outside] {
        assert_eq!(page.attribute("body", "data-copied").as_deref(), Some("Kopiert"), "{}", page.path);
    }
}
