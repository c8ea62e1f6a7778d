//! Information and settings of a repository, the list of all, the search.

use domain::access::TeamRole;

use crate::support::{Browser, Image, PASSWORD, PRIVATE, PUBLIC, TestApp};

const WEB: &str = "/repository/carol/web";

async fn carol_with_web(app: &TestApp) -> Browser {
    let carol = app.user("carol").await;
    app.oci(&carol).push("carol/web", "1.0", &Image::new("web")).await.is(201);
    Browser::of(app, &carol).await
}

#[actix_web::test]
async fn a_description_is_written_and_shown_without_what_could_run() {
    let app = TestApp::start().await;
    let carol = carol_with_web(&app).await;

    let dialog = carol.open(&format!("{WEB}?dialog=description")).await.is(200);
    let text = "# Web\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) **bold** <b hx-get=\"/x\">y</b>";
    let page = dialog.form("dialog-form").fill("description", text).submit().await.is(200);

    assert!(page.has("article.prose strong") && !page.has("article.prose script"), "{}", page.html);
    assert!(!page.html.contains("javascript:") && !page.has("article.prose [hx-get]"), "{}", page.html);
}

#[actix_web::test]
async fn permissions_are_given_changed_and_taken_on_the_page() {
    let app = TestApp::start().await;
    let carol = carol_with_web(&app).await;
    let dave = Browser::of(&app, &app.user("dave").await).await;

    let page = carol.open(&format!("{WEB}?tab=settings")).await.is(200);
    let wrong = page.form("add-permission").fill("who", "nobody<i>").submit().await.is(422);
    assert!(wrong.has("#who[aria-invalid]") && wrong.text().contains("nobody<i>"));
    let page = wrong.form("add-permission").fill("who", "dave").fill("role", "write").submit().await.is(200);
    dave.open(WEB).await.is(200).says("web");
    dave.open(&format!("{WEB}?tab=settings")).await.is(403);
    assert_eq!(page.count("tbody select[name=role]"), 2, "{}", page.text());
    let taken = [("name", "dave"), ("kind", "user"), ("role", "")];
    let change = format!("{WEB}/-/permissions/change");
    carol.submit_meant(&change, &taken).await.is(303);
    dave.open(WEB).await.is(404);

    let notice = carol.open(&format!("{WEB}?tab=settings")).await.is(200).says("dave has no permission of their own");
    let value = |field: &str| notice.attribute(&format!(".toast input[name={field}]"), "value").unwrap();
    assert_eq!(notice.attribute(".toast form", "action"), Some(change.clone()));
    let undo = ["name", "kind", "role"].map(|field| (field, value(field)));
    carol.submit_meant(&change, &undo.each_ref().map(|(field, value)| (*field, value.as_str()))).await.is(303);

    dave.open(WEB).await.is(200);
    assert!(carol.open(&format!("{WEB}?tab=settings")).await.has("option[value=write][selected]"));
}

#[actix_web::test]
async fn a_team_is_meant_where_nobody_else_has_the_name_that_was_typed() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.team("acme", "ops", TeamRole::Member).await;
    let owner = Browser::of(&app, &owner).await;

    let page = owner.open("/repository/acme/web?tab=settings").await.is(200);
    let page = page.form("add-permission").fill("who", "ops").fill("role", "read").submit().await.is(200);
    assert!(page.has("tbody input[name=kind][value=team]"), "{}", page.html);
    let wrong = page.form("add-permission").fill("who", "nobody").submit().await.is(422);
    wrong.says("nobody").does_not_say("team nobody");
}

#[actix_web::test]
async fn a_repository_is_deleted_by_typing_its_name_only() {
    let app = TestApp::start().await;
    let carol = carol_with_web(&app).await;

    let page = carol.open(&format!("{WEB}?tab=settings")).await.is(200);
    let wrong =
        page.form("delete-repository").fill("confirm", "web").submit().await.is(422).says("That is not the name");
    wrong.form("delete-repository").fill("confirm", "carol/web").submit().await.is(200).says("deleted");

    carol.open(WEB).await.is(404);
}

#[actix_web::test]
async fn visibility_and_state_change_on_the_page() {
    let app = TestApp::start().await;
    let carol = carol_with_web(&app).await;

    let page = carol.open(&format!("{WEB}?tab=settings")).await.is(200);
    let page = page.form(&format!("{WEB}/-/visibility")).submit().await.is(200).says("Everybody may pull");
    page.form(&format!("{WEB}/-/state")).submit().await.is(200).says("Read-only");

    Browser::new(&app).open(WEB).await.is(200);
    let oci = app.oci(&app.actor("carol", PASSWORD));
    oci.post("/v2/carol/web/blobs/uploads/").await.is(403);
}

#[actix_web::test]
async fn the_lists_and_the_search_show_what_one_may_see() {
    let app = TestApp::start().await;
    let carol = carol_with_web(&app).await;
    let dave = Browser::of(&app, &app.user("dave").await).await;

    carol.open("/").await.is(200).says("Hello, carol").says("web");
    carol.open("/repository").await.is(200).says("carol/");
    carol.open("/repository?q=we").await.is(200).says("web");
    carol.open("/search?q=web").await.is(200).says("carol/web");
    carol.open("/search/instant?q=web").await.is(200).says("carol/web");
    for page in ["/repository?q=web", "/search?q=web", "/search/instant?q=web", "/search?q=1.0"] {
        dave.open(page).await.is(200).does_not_say("carol/web");
    }
    carol.open("/search?q=%3Cscript%3E%25_%00").await.is(200);
}

#[actix_web::test]
async fn a_search_says_that_there_is_more_than_it_shows() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    for number in 0..26 {
        app.repository(&format!("acme/web{number:02}"), PUBLIC).await;
    }
    let stranger = Browser::new(&app);

    let found = stranger.open("/search?q=web").await.is(200).says("25+ results for “web”");
    assert_eq!(found.count("ul.rows > li"), 25);
    let all = found.follow("a[href='/repository?q=web']").await.is(200);
    assert_eq!(all.count("tbody tr"), 26);

    stranger.open("/search?q=web07").await.is(200).says("1 result for “web07”").does_not_say("The first 25");
}

#[actix_web::test]
async fn a_star_is_given_and_taken() {
    let app = TestApp::start().await;
    let carol = carol_with_web(&app).await;

    let page = carol.open(WEB).await.is(200);
    page.form(&format!("{WEB}/-/star")).submit().await.is(200);
    let page = carol.open("/repository?among=starred").await.is(200).says("web");
    assert_eq!(page.count("tbody tr"), 1);
    carol.open(WEB).await.form(&format!("{WEB}/-/star")).submit().await.is(200);

    carol.open("/repository?among=starred").await.is(200).says("No repository matches");
}
