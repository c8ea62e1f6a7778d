//! The repositories of a namespace: who sees which, what one does to several, how one begins.

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{Browser, PRIVATE, PUBLIC, TestApp, as_many};

const ROWS: &str = "#repositories tbody tr";

#[actix_web::test]
async fn strangers_see_what_everybody_may_and_no_more() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.organization("hidden").await;
    for (name, visibility) in [("acme/site", PUBLIC), ("acme/secret", PRIVATE), ("hidden/secret", PRIVATE)] {
        app.repository(name, visibility).await;
    }
    let carol = Browser::of(&app, &app.user("carol").await).await;

    for browser in [&Browser::new(&app), &carol] {
        let page = browser.open("/organization/acme").await.is(200).says("site").does_not_say("secret");
        assert_eq!((page.count(".tab-list a"), page.count(ROWS)), (1, 1), "{}", page.text());
        assert!(!page.has("#repositories input[type=checkbox]") && !page.has(".actions a"));
        for other in ["/organization/hidden", "/organization/nobody", "/organization/carol", "/user/acme"] {
            browser.open(other).await.is(404);
        }
    }
    carol.open("/organization/acme?tab=settings").await.is(404);
    let stranger = Browser::new(&app);
    let page = stranger.open("/organization/acme?tab=settings").await;
    assert!(page.path.starts_with("/signin?next="), "{}", page.path);
    carol.open("/organization/acme?tab=nonsense").await.is(200).says("site");
    carol.open("/organization/%3Cscript%3E").await.is(404);
}

#[actix_web::test]
async fn an_empty_organization_says_how_to_begin_and_notices_the_first_push() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    let page = browser.open("/organization/acme").await.is(200);
    let host = app.host();
    let page = page.says(&format!("docker login -u acme-owner {host}"));
    let page = page.says(&format!("docker push {host}/acme/alpine:3.22")).says("Waiting for the first push to acme");
    let wait = page.attribute("#waiting", "hx-get").unwrap();
    let ask = async || {
        let request = browser.request(reqwest::Method::GET, &wait);
        let request = request.header("hx-request", "true").header("hx-target", "repositories");
        browser.send(request.header("hx-trigger", "waiting")).await
    };
    ask().await.is(204);

    app.oci(&owner).push_image("acme/web", "v1").await;

    let arrived = ask().await.is(200).text();
    assert!(arrived.contains("/repository/acme/web") && !arrived.contains("id=\"waiting\""), "{arrived}");
    browser.open("/organization/acme").await.says("web").says("1 repository").does_not_say("Waiting");
}

#[actix_web::test]
async fn a_repository_is_created_in_its_dialog() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;

    let dialog = browser.open("/organization/acme").await.follow(".actions a").await.is(200);
    assert_eq!(dialog.form("create-repository").value("namespace"), Some("acme"));
    let refused = dialog.form("create-repository").fill("name", "Checkout \"<b>\" API").submit().await.is(422);
    assert!(refused.has("#name[aria-invalid]") && refused.has("[role=alert] a[href='#name']"));
    let form = refused.form("create-repository");
    assert_eq!(form.value("name"), Some("Checkout \"<b>\" API"));
    let made =
        form.fill("name", "team/checkout").fill("visibility", "public").fill("description", "<script>x</script>");
    made.submit().await;

    let list = browser.open("/organization/acme").await.is(200).says("team/checkout");
    assert_eq!(list.count(ROWS), 1);
    assert!(list.says("Public").has("a[href='/repository/acme/team/checkout']"));
    let again = browser.open("/repository?dialog=create&namespace=acme").await.form("create-repository");
    let again = again.fill("name", "team/checkout").submit().await.is(422);
    assert!(again.has("#name[aria-invalid]"), "{}", again.text());
    assert_eq!(browser.open("/repository?dialog=create").await.path, "/repository?dialog=create");
}

#[actix_web::test]
async fn who_may_not_create_is_not_offered_to() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    let carol = app.user("carol").await;
    app.team("acme", "readers", TeamRole::Member).await;
    app.join("acme", "readers", &carol).await;
    let browser = Browser::of(&app, &carol).await;

    assert!(!browser.open("/organization/acme").await.is(200).has(".actions a"));
    browser.open("/repository?dialog=create&namespace=acme").await.is(404);

    browser.visit().await;
    let new = [("namespace", "acme"), ("name", "mine"), ("visibility", PUBLIC), ("description", "")];
    browser.submit_meant("/repository", &new).await.is(403);
    browser.open("/organization/acme").await.does_not_say("mine");
}

#[actix_web::test]
async fn several_repositories_become_public_and_private_again() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    for name in ["acme/a-one", "acme/b-two", "acme/c-three"] {
        app.repository(name, PRIVATE).await;
    }
    let browser = Browser::of(&app, &owner).await;
    let is_public =
        async |name: &str| app.anonymous().get(&format!("/api/v1/repository/acme/{name}")).await.status == 200;

    let selection = browser.open("/organization/acme").await.form("selection");
    let question = selection.tick("repository", "a-one").tick("repository", "b-two").tick("dialog", "publish");
    let question = question.submit().await.is(200).says("Make 2 repositories public?").says("acme/a-one");
    let done = question.form("change-repositories").submit().await.is(200).says("2 repositories made public");
    assert!(is_public("a-one").await && is_public("b-two").await && !is_public("c-three").await);

    let undone = done.form("/organization/acme/repositories/visibility").submit().await;
    undone.is(200).says("2 repositories made private");
    assert!(!is_public("a-one").await && !is_public("b-two").await);
}

#[actix_web::test]
async fn deletion_names_what_is_lost_and_takes_nothing_else() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    app.repository("other/web", PUBLIC).await;
    for name in ["acme/web", "acme/api"] {
        app.oci(&owner).push_image(name, "v1").await;
    }
    let browser = Browser::of(&app, &owner).await;

    let question = browser.open("/organization/acme?dialog=delete&repository=web").await.is(200);
    let question = question.says("Delete this repository?").says("acme/web · 1 tag").says("For 7 days");
    let refused = question.form("change-repositories").fill("confirm", "acme").submit().await.is(422);
    assert!(refused.has("#confirm[aria-invalid]"), "{}", refused.text());
    let form = refused.form("change-repositories").fill("confirm", "acme/web");
    form.submit().await.is(200).says("1 repository deleted");
    browser.open("/organization/acme").await.says("api").does_not_say("web");

    let question = browser.open("/organization/acme?dialog=delete&repository=api&repository=../other/web").await;
    let question = question.is(200).says("Delete 2 repositories?");
    let done = question.form("change-repositories").fill("confirm", "acme").submit().await.is(200);
    done.says("1 repository deleted").says("../other/web was not changed");
    app.anonymous().get("/api/v1/repository/other/web").await.is(200);
}

#[actix_web::test]
async fn a_question_that_was_open_too_long_is_not_answered() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    let carol = app.user("carol").await;
    app.join("acme", "owners", &carol).await;
    let browser = Browser::of(&app, &carol).await;
    let delete = browser.open("/organization/acme?dialog=delete&repository=web").await.is(200);
    let create = browser.open("/repository?dialog=create&namespace=acme").await.is(200);

    owner.delete("/api/v1/organization/acme/team/owners/members/carol").await.is(204);

    delete.form("change-repositories").fill("confirm", "acme/web").submit().await.is(403);
    create.form("create-repository").fill("name", "new").submit().await.is(403);
    let page = browser.open("/organization/acme").await.is(200).says("web").does_not_say("new");
    assert!(!page.has("#selection"));
    let question = browser.open("/organization/acme?dialog=delete&repository=web").await.is(200);
    assert!(!question.has("dialog"));
}

#[actix_web::test]
async fn the_list_is_sorted_filtered_and_paged() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    app.repository("acme/r00", PUBLIC).await;
    let one = app.statements_for(&browser, "/organization/acme").await;
    for number in 1..60 {
        app.repository(&format!("acme/r{number:02}"), PRIVATE).await;
    }
    let many = app.statements_for(&browser, "/organization/acme").await;
    as_many(&one, &many);

    let first = browser.open("/organization/acme?sort=name").await.is(200).says("60 repositories");
    assert_eq!(first.count(ROWS), 50);
    assert_eq!(first.attribute("th[aria-sort=ascending] a", "href").unwrap(), "/organization/acme?sort=-name");
    let second = first.follow("a[rel=next]").await.is(200).says("r59").does_not_say("r49");
    assert_eq!(second.count(ROWS), 10);
    assert_eq!(second.follow("a[rel=prev]").await.count(ROWS), 50);
    let last = browser.open("/organization/acme?sort=-name").await;
    assert!(last.html.find("r59").unwrap() < last.html.find("r50").unwrap());

    assert_eq!(browser.open("/organization/acme?q=R5").await.count(ROWS), 10);
    let public = browser.open("/organization/acme?visibility=public").await.is(200).says("r00");
    assert_eq!(public.count(ROWS), 1);
    let none = browser.open("/organization/acme?q=%3Cb%3E").await.is(200).says("No repository matches “<b>”");
    assert_eq!(none.follow(".empty a").await.count(ROWS), 50);
    for odd in ["after=x", "before=1.n%00", "after=9.tr10&before=1.n4", "sort=%27", "visibility=x", "limit=-1"] {
        browser.open(&format!("/organization/acme?{odd}")).await.is(200);
    }
}

#[actix_web::test]
async fn names_as_long_as_they_can_be_are_shown() {
    let app = TestApp::start().await;
    let organization = "o".repeat(100);
    let owner = app.organization(&organization).await;
    let repository = format!("{organization}/{}", "r".repeat(154));
    app.repository(&repository, PUBLIC).await;
    let browser = Browser::of(&app, &owner).await;

    let page = browser.open(&format!("/organization/{organization}")).await.is(200);

    assert!(page.has(&format!("a[href='/repository/{repository}']")));
    let question = page.follow(".menu a.danger").await.is(200).says("Delete this repository?");
    question.form("change-repositories").fill("confirm", &repository).submit().await.says("1 repository deleted");
}

#[actix_web::test]
async fn ones_own_namespace_has_a_page_too() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    browser.open("/user/carol").await.is(200).says("docker push");
    let new = json!({ "namespace": "carol", "repository": "web", "visibility": PUBLIC, "description": "" });
    carol.post("/api/v1/repository", new).await.is(201);

    let page = browser.open("/user/carol").await.is(200).says("web");

    assert!(!page.has("a[href='/user/carol?tab=teams']"));
    assert!(page.follow("a[href='/user/carol?tab=settings']").await.is(200).has("a.btn[href='/account']"));
    let question = browser.open("/user/carol?dialog=hide&repository=web").await.is(200);
    question.form("change-repositories").submit().await.is(200).says("1 repository made private");
    Browser::new(&app).open("/user/carol").await.is(404);
}
