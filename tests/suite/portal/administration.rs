//! The pages for superusers: who sees them, and what is done there.

use std::time::Duration;

use domain::access::Standing;
use domain::time::Clock;
use serde_json::json;

use crate::support::{Browser, TestApp};

const USERS: &str = "/administration/users";
const PAGES: [&str; 11] = [
    "/administration/users",
    "/administration/organizations",
    "/administration/organizations?tab=deleted",
    "/administration/sessions",
    "/administration/jobs",
    "/administration/storage",
    "/administration/logs",
    "/administration/messages",
    "/administration/health",
    "/administration/settings",
    "/administration/users?dialog=deletion&user=carol",
];
/// Changes, with what must not come of them.
const CHANGES: [(&str, &[(&str, &str)]); 12] = [
    ("/administration/users", &[("name", "made-by-nobody")]),
    ("/administration/users/carol/email", &[("value", "taken@example.com")]),
    ("/administration/users/carol/password", &[("value", "another password")]),
    ("/administration/users/carol/recovery", &[]),
    ("/administration/users/carol/superuser", &[]),
    ("/administration/users/carol/disable", &[]),
    ("/administration/users/carol/deletion", &[("value", "carol")]),
    ("/administration/organizations/acme/deletion", &[("value", "acme")]),
    ("/administration/organizations/acme/ownership", &[]),
    ("/administration/jobs/purge_deleted/run", &[]),
    ("/administration/messages", &[("content", "Hello"), ("format", "text/plain"), ("severity", "info")]),
    ("/administration/deleted/user/1/restoration", &[]),
];

async fn olivia(app: &TestApp) -> Browser {
    Browser::of(app, &app.admin()).await
}

#[actix_web::test]
async fn superusers_see_the_pages_and_nobody_else_does() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    let rita = Browser::of(&app, &app.user_with("rita", Standing::ReadOnlySuperuser).await).await;
    let (olivia, nobody) = (olivia(&app).await, Browser::new(&app));

    for path in PAGES {
        olivia.open(path).await.is(200);
        let page = rita.open(path).await.is(200);
        assert_eq!(page.count("main form[method=post]"), 0, "{path} lets a read-only superuser change something");
        assert!(!page.has("main [popovertarget]") && !page.has("main dialog"), "{path} has controls");
        carol.open(path).await.is(404);
        assert!(nobody.open(path).await.is(200).path.starts_with("/signin?next="), "{path}");
    }
    assert!(olivia.open(PAGES[10]).await.has("dialog form#change-user"));
    assert!(olivia.open(USERS).await.has("main [popovertarget]"));
    assert!(!carol.open("/").await.has("#nav-admin"));
}

#[actix_web::test]
async fn nobody_but_superusers_changes_anything() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let dora = app.user("carol").await;
    let carol = Browser::of(&app, &dora).await;
    let rita = Browser::of(&app, &app.user_with("rita", Standing::ReadOnlySuperuser).await).await;

    for (path, fields) in CHANGES {
        rita.submit_meant(path, fields).await.is(403);
        carol.submit_meant(path, fields).await.is(404);
    }

    dora.get("/api/v1/user/").await.is(200);
    let olivia = olivia(&app).await;
    let users = olivia.open(USERS).await.says("carol@example.com").does_not_say("made-by-nobody");
    users.does_not_say("taken@example.com");
    app.admin().get("/api/v1/organization/acme").await.is(200);
}

#[actix_web::test]
async fn changes_need_a_password_given_a_short_while_ago() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let olivia = olivia(&app).await;
    app.clock.advance(app.services.settings.sessions.fresh_for + Duration::from_secs(1));

    olivia.open(USERS).await.is(200).says("carol");
    let asked = olivia.get("/administration/users?dialog=disable&user=carol").await.is(303);
    let sent = olivia.submit_meant("/administration/users/carol/disable", &[]).await.is(303);

    for answer in [asked, sent] {
        assert!(answer.header("location").starts_with("/signin/confirm?next="), "{}", answer.header("location"));
    }
    app.actor("carol", crate::support::PASSWORD).get("/api/v1/user/").await.is(200);
}

#[actix_web::test]
async fn a_user_is_made_with_a_password_that_is_shown_once() {
    let app = TestApp::start().await;
    let olivia = olivia(&app).await;

    let dialog = olivia.open(USERS).await.follow("a[href='/administration/users?dialog=create']").await.is(200);
    let refused = dialog.form("create-user").fill("name", "Bad <b> Name").submit().await.is(422);
    assert_eq!(refused.form("create-user").value("name"), Some("Bad <b> Name"));
    assert!(refused.has("#name[aria-invalid]"));
    let form = refused.form("create-user").fill("name", "dora").fill("email", "dora@example.com");
    let made = form.submit().await.is(200).says("User dora created");
    let password = made.attribute("dialog button[data-copy]", "data-copy").unwrap();

    app.actor("dora", &password).get("/api/v1/user/").await.is(200);
    let list = olivia.open(USERS).await.is(200).says("dora@example.com");
    assert!(!list.html.contains(&password));
    for taken in [("name", "dora"), ("email", "dora@example.com")] {
        let form = olivia.open("/administration/users?dialog=create").await.form("create-user");
        let form = form.fill("name", "other").fill("email", "other@example.com").fill(taken.0, taken.1);
        let refused = form.submit().await.is(422);
        assert!(refused.has("[role=alert]"), "{taken:?}");
    }
}

#[actix_web::test]
async fn users_are_changed_in_their_dialogs() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let olivia = olivia(&app).await;
    let ask = |change: &str, user: &str| format!("{USERS}?dialog={change}&user={user}");

    let form = olivia.open(&ask("email", "carol")).await.form("change-user");
    assert_eq!(form.value("value"), Some("carol@example.com"));
    let refused = form.fill("value", "olivia@example.com").submit().await.is(422);
    assert!(refused.has("#value[aria-invalid]"));
    refused.form("change-user").fill("value", "c@example.org").submit().await.says("c@example.org");

    let form = olivia.open(&ask("password", "carol")).await.form("change-user");
    let refused = form.fill("value", "short").submit().await.is(422);
    assert_eq!(refused.form("change-user").value("value"), Some(""));
    refused.form("change-user").fill("value", "another password").submit().await.is(200);
    carol.get("/api/v1/user/").await.is(401);
    let carol = app.actor("carol", "another password");
    carol.get("/api/v1/user/").await.is(200);

    let gone = olivia.open(&ask("disable", "carol")).await.form("change-user").submit().await.says("carol is disabled");
    carol.get("/api/v1/user/").await.is(401);
    gone.form("/administration/users/carol/enable").submit().await.says("carol is enabled");
    carol.get("/api/v1/user/").await.is(200);

    let form = olivia.open(&ask("name", "carol")).await.form("change-user");
    form.fill("value", "caroline").submit().await.is(200).says("caroline");
    app.actor("caroline", "another password").get("/api/v1/user/").await.is(200);
    let refused = olivia.open(&ask("second-factor", "caroline")).await.form("change-user").submit().await;
    assert!(refused.is(422).has("[role=alert]"));
}

#[actix_web::test]
async fn a_recovery_link_is_shown_once_and_sets_a_password() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let olivia = olivia(&app).await;

    let form = olivia.open("/administration/users?dialog=recovery&user=carol").await.form("change-user");
    let made = form.submit().await.is(200).says("it works once");

    let link = made.attribute("dialog button[data-copy]", "data-copy").unwrap();
    assert!(link.contains("/recovery?code=phl_"), "{link}");
    assert!(!olivia.open(USERS).await.html.contains("phl_"));
    let again = olivia.open("/administration/users/carol/recovery").await.is(200);
    assert!(again.has("form#change-user") && !again.html.contains("phl_"));
}

#[actix_web::test]
async fn a_lost_second_factor_is_reset() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    app.second_factor(&browser).await;
    let olivia = olivia(&app).await;

    let form = olivia.open("/administration/users?dialog=second-factor&user=carol").await.form("change-user");
    form.submit().await.is(200).says("carol has no second factor any more");

    Browser::of(&app, &app.actor("carol", crate::support::PASSWORD)).await.open("/organization").await.is(200);
}

#[actix_web::test]
async fn users_become_superusers_and_ordinary_again() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let olivia = olivia(&app).await;
    let send = async |change: &str| {
        let page = olivia.open(&format!("{USERS}?dialog={change}&user=carol")).await.is(200);
        page.form("change-user").submit().await.is(200)
    };

    send("superuser").await.says("carol is a superuser now");
    browser.open("/administration/users?dialog=create").await.is(200).form("create-user");
    assert!(!olivia.open(&format!("{USERS}?dialog=deletion&user=carol")).await.has("dialog"));
    send("read-only-superuser").await;
    assert!(!browser.open(USERS).await.is(200).has("main [popovertarget]"));
    send("plain").await.says("carol is an ordinary user now");
    browser.open(USERS).await.is(404);
    // Whoever took it from themselves could not give it back.
    for change in ["plain", "read-only-superuser", "disable", "deletion", "ownership"] {
        let said = olivia.submit_meant(&format!("{USERS}/olivia/{change}"), &[("value", "olivia")]).await.is(303);
        assert_eq!(said.header("location"), USERS, "{change}");
    }
    olivia.open(USERS).await.is(200).says("cannot be done to olivia");
}

#[actix_web::test]
async fn a_user_is_deleted_by_name_and_brought_back() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.repository("carol/tools", "private").await;
    let olivia = olivia(&app).await;

    let dialog = olivia.open("/administration/users?dialog=deletion&user=carol").await.says("1 repository");
    let refused = dialog.form("change-user").fill("value", "karol").submit().await.is(422).says("Type carol");
    refused.form("change-user").fill("value", "carol").submit().await.is(200).says("User carol deleted");
    carol.get("/api/v1/user/").await.is(401);

    let deleted = olivia.open("/administration/organizations?tab=deleted").await.says("carol");
    let dialog = deleted.follow("#deleted a[data-dialog]").await.is(200).says("Restore carol");
    dialog.form("restore").submit().await.is(200).says("carol is back");
    carol.get("/api/v1/user/").await.is(200);
}

#[actix_web::test]
async fn the_ownership_of_a_user_is_taken() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let olivia = olivia(&app).await;

    let dialog = olivia.open("/administration/users?dialog=ownership&user=carol").await.says("becomes an organization");
    dialog.form("change-user").fill("value", "carol").submit().await.is(200).says("you own it");

    carol.get("/api/v1/user/").await.is(401);
    olivia.open("/organization").await.says("carol");
}

#[actix_web::test]
async fn users_are_filtered_and_sorted() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.set_enabled(&app.user("dora").await, false).await;
    app.user_with("rita", Standing::ReadOnlySuperuser).await;
    let olivia = olivia(&app).await;
    app.clock.advance(Duration::from_secs(60));
    Browser::of(&app, &carol).await;

    olivia.open("/administration/users?q=DORA").await.says("dora@example.com").does_not_say("carol@example.com");
    olivia.open("/administration/users?state=disabled").await.says("dora@").does_not_say("carol@");
    olivia.open("/administration/users?state=superusers").await.says("rita@").does_not_say("carol@");
    olivia.open("/administration/users?q=%3Cb%3E").await.says("No user matches").does_not_say("dora@");
    let first = async |sort: &str| {
        let page = olivia.open(&format!("/administration/users?sort={sort}")).await.is(200);
        page.attribute("tbody a.name", "href").unwrap()
    };
    assert_eq!(first("").await, "/user/carol");
    assert_eq!(first("-name").await, "/user/rita");
    assert_eq!(first("-signed-in").await, "/user/carol");
}

#[actix_web::test]
async fn organizations_of_everybody_are_renamed_owned_and_deleted() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.organization("zulu").await;
    let olivia = olivia(&app).await;
    let ask = |change: &str, name: &str| format!("/administration/organizations?dialog={change}&organization={name}");

    olivia.open("/administration/organizations?q=acm").await.says("acme").does_not_say("zulu");
    let form = olivia.open(&ask("name", "acme")).await.form("change-organization");
    let refused = form.fill("value", "zulu").submit().await.is(422);
    assert!(refused.has("#value[aria-invalid]"));
    refused.form("change-organization").fill("value", "acme-corp").submit().await.is(200).says("acme-corp");

    olivia
        .open(&ask("ownership", "acme-corp"))
        .await
        .form("change-organization")
        .submit()
        .await
        .says("You own acme-corp");
    olivia.open("/organization").await.says("acme-corp");

    let dialog = olivia.open(&ask("deletion", "acme-corp")).await.form("change-organization");
    let refused = dialog.fill("value", "acme").submit().await.is(422);
    refused
        .form("change-organization")
        .fill("value", "acme-corp")
        .submit()
        .await
        .says("Organization acme-corp deleted");
    app.organization("acme-corp").await;
    let deleted = olivia.open("/administration/organizations?tab=deleted").await.says("acme-corp");
    let dialog = deleted.follow("#deleted a[data-dialog]").await.is(200);
    let taken = dialog.form("restore").submit().await.is(422).says("Somebody has this name");
    taken.form("restore").fill("name", "acme-again").submit().await.is(200).says("acme-again is back");
    olivia.open(&ask("deletion", "olivia")).await.is(404);
}

#[actix_web::test]
async fn jobs_say_how_they_do_and_run_when_asked() {
    let app = TestApp::start().await;
    let olivia = olivia(&app).await;
    let now = app.clock.now();
    let board = &app.services.sweeps;
    assert!(!olivia.open("/administration/jobs").await.has("#nav .count-danger"));
    board.begins("purge_deleted", now);
    board.ended("purge_deleted", now.plus(Duration::from_secs(2)), Err("no <b>disk</b>".into()));
    board.begins("expire_tags", now);
    board.ended("expire_tags", now.plus(Duration::from_millis(5)), Ok(41));

    let page = olivia.open("/administration/jobs?state=failed").await.is(200);
    let page = page.says("no <b>disk</b>").says("2 seconds");
    assert_eq!((page.count("tr[id^=job-]"), page.count("#nav .count-danger")), (1, 1));
    let all = olivia.open("/administration/jobs").await.says("41").says("5 ms");
    assert!(all.has("[hx-trigger='every 5s']"));
    all.form("/administration/jobs/purge_deleted/run").submit().await.is(200).says("purge_deleted runs as soon as");

    let woken = tokio::time::timeout(Duration::from_secs(5), board.wake("purge_deleted").notified()).await;
    assert!(woken.is_ok());
    olivia.submit_meant("/administration/jobs/none/run", &[]).await.is(404);
    let request = olivia.request(reqwest::Method::GET, "/administration/jobs");
    let block = olivia.send(request.header("HX-Request", "true").header("HX-Target", "jobs")).await.is(200).text();
    assert!(block.contains("id=\"jobs\"") && !block.contains("<html"), "{block}");
}

#[actix_web::test]
async fn a_callback_of_an_export_that_failed_is_tried_again() {
    let app = TestApp::with(&[("egress.allow", "127.0.0.1/32")]).await;
    let asked = json!({ "callback_url": "http://127.0.0.1:9/nobody" });
    app.organization("acme").await.post("/api/v1/organization/acme/exportlogs", asked).await.is(200);
    pierhead::jobs::tell_exports(app.services.clone()).await.unwrap();
    let olivia = olivia(&app).await;

    let page = olivia.open("/administration/jobs").await.says("http://127.0.0.1:9/nobody");
    let action = page.attribute("#exports form", "action").unwrap();
    page.form(&action).submit().await.is(200).says("The callback is tried again");

    let now = app.clock.now();
    let due = app.services.db.read(move |conn| domain::audit::due(conn, now, 10)).await.unwrap();
    assert_eq!(due.len(), 1);
    olivia.submit_meant("/administration/exports/none/retry", &[]).await.is(404);
}

#[actix_web::test]
async fn messages_stand_above_every_page_without_what_could_run() {
    let app = TestApp::start().await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    let olivia = olivia(&app).await;
    let post = async |content: &str, format: &str, severity: &str| {
        let form = olivia.open("/administration/messages?dialog=create").await.form("create-message");
        form.fill("content", content).fill("format", format).fill("severity", severity).submit().await
    };

    post("  ", "text/plain", "info").await.is(422);
    post("Down **tonight** <script>alert(1)</script>", "text/markdown", "error").await.is(200);
    post("1 < 2 <script>alert(2)</script>", "text/plain", "info").await.is(200);

    let page = carol.open("/organization").await.is(200).says("Down tonight").says("1 < 2 <script>alert(2)</script>");
    assert!(page.has(".banner-danger .prose strong") && page.has(".banner-info p"));
    assert!(!page.has(".banner script"));
    let list = olivia.open("/administration/messages").await;
    let delete = list.attribute("#messages form", "action").unwrap();
    list.form(&delete).submit().await.says("Message deleted").does_not_say("Down tonight");
}

#[actix_web::test]
async fn storage_names_what_is_stored_and_what_is_left() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", "private").await;

    let olivia = olivia(&app).await;
    let page = olivia.open("/administration/storage").await.is(200);

    let page = page.says("0 blobs").says("Free on the disk").says("Uploads in progress");
    assert!(page.has("#largest a[href='/repository/acme/web']"));
}

#[actix_web::test]
async fn settings_are_shown_without_secrets() {
    let app = TestApp::with(&[("metrics.token", "a-token-nobody-is-to-see")]).await;
    let olivia = olivia(&app).await;

    let page = olivia.open("/administration/settings?given=yes").await.is(200).says("metrics.token").says("***");
    assert!(!page.html.contains("nobody-is-to-see"));
    page.does_not_say("limits.blob_size");
    olivia.open("/administration/settings?q=BLOB_SIZE").await.says("limits.blob_size").does_not_say("metrics.token");
}

#[actix_web::test]
async fn health_says_what_works() {
    let app = TestApp::start().await;

    let olivia = olivia(&app).await;
    let page = olivia.open("/administration/health").await.is(200);

    page.says("The registry works").says(env!("CARGO_PKG_VERSION")).says("Running for");
}

#[actix_web::test]
async fn anybodys_session_is_ended() {
    let app = TestApp::start().await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    let olivia = olivia(&app).await;
    carol.open("/organization").await.is(200);

    let page = olivia.open("/administration/sessions").await.says("carol").says("This browser");
    let end = page.attribute("#sessions form", "action").unwrap();
    assert_eq!(page.count("#sessions form"), 1, "one's own is ended by signing out");
    page.form(&end).submit().await.is(200).says("signed out").does_not_say("carol");

    assert!(carol.open("/organization").await.path.starts_with("/signin"));
    olivia.submit_meant("/administration/sessions/none/end", &[]).await.is(404);
}
