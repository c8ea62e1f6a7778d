//! Usage logs on pages: what they say, filters, pages, and handing them out.

use std::time::Duration;

use domain::access::Standing;

use crate::support::{Browser, TestApp};

const TAB: &str = "/organization/acme?tab=logs";

#[actix_web::test]
async fn the_log_says_what_happened_in_the_readers_language() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", "private").await;
    let owner = Browser::of(&app, &acme).await;

    let page = owner.open(TAB).await.is(200);
    let page = page.says("Robot account acme+ci was created").says("Repository acme/web was created");
    let page = page.says("Organization acme was created").says("acme-owner");
    assert!(page.has("#logs svg[role=img]") && page.has("#logs a[href='/repository/acme/web']"));
    owner.plant("pierhead_language=de");
    owner.open(TAB).await.is(200).says("Roboterkonto acme+ci wurde angelegt").says("Nutzungsprotokoll");
}

#[actix_web::test]
async fn filters_are_in_the_address() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", "private").await;
    let owner = Browser::of(&app, &acme).await;

    let robots = owner.open(&format!("{TAB}&kind=create_robot")).await.is(200);
    let robots = robots.says("acme+ci was created").does_not_say("Repository acme/web was created");
    assert!(robots.has("option[value=create_robot][selected]"));
    let by_owner = owner.open(&format!("{TAB}&performer=acme-owner")).await.is(200);
    by_owner.says("Organization acme was created").does_not_say("Robot account acme+ci was");
    let of_web = owner.open(&format!("{TAB}&repository=web")).await.is(200);
    of_web.says("Repository acme/web was created").does_not_say("Organization acme was created");
    let none = owner.open(&format!("{TAB}&q=%3Cb%3Enothing")).await.is(200);
    none.says("nothing that fits the filters").follow("a.btn[href='/organization/acme?tab=logs']").await.is(200);
    let before = owner.open(&format!("{TAB}&from=2001-01-01&to=2001-01-02")).await.is(200);
    assert_eq!(before.count("#logs table.stack tbody tr"), 0);
    for odd in ["kind=nonsense", "from=nonsense&to=%00", "after=x", "after=1.x", "open=x", "q=%00"] {
        owner.open(&format!("{TAB}&{odd}")).await.is(200).says("Organization acme was created");
    }
}

#[actix_web::test]
async fn long_logs_go_on_by_key_and_entries_open() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    let owner = Browser::of(&app, &acme).await;
    for number in 0..51 {
        app.robot("acme", &format!("r{number:02}")).await;
        app.clock.advance(Duration::from_secs(1));
    }

    let first =
        owner.open(&format!("{TAB}&kind=create_robot")).await.is(200).says("acme+r50 ").does_not_say("acme+r00 ");
    let second = first.follow("a[rel=next]").await.is(200).says("acme+r00 ").does_not_say("acme+r50 ");
    assert!(!second.has("a[rel=next]"));
    let opened = second.follow("a.expander").await.is(200).says("\"kind\": \"create_robot\"");
    assert!(opened.has("a.expander[aria-expanded=true]"));
    let closed = opened.follow("a.expander[aria-expanded=true]").await.is(200).says("acme+r00 ");
    assert!(!closed.has("tr.detail"));
}

#[actix_web::test]
async fn a_log_is_handed_out_as_a_file_without_formulas() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    let owner = Browser::of(&app, &acme).await;
    app.robot("acme", "ci").await;
    let link = |page: &crate::support::Page<'_>, format: &str| {
        page.attribute(&format!("a[download][href*='format={format}']"), "href").unwrap()
    };
    let evil = acme.request(reqwest::Method::PUT, "/api/v1/organization/acme/robots/evil");
    let evil = evil.header("User-Agent", "=HYPERLINK(\"http://evil.example\")").json(&serde_json::json!({}));
    crate::support::Actor::send(evil).await.is(201);

    let page = owner.open(&format!("{TAB}&kind=create_robot")).await.is(200);
    let csv = owner.get(&link(&page, "csv")).await.is(200);
    assert!(csv.header("content-disposition").starts_with("attachment; filename=\"logs.csv\""));
    assert_eq!(csv.header("cache-control"), "no-store");
    let text = csv.text();
    assert!(text.contains("'=HYPERLINK") && text.contains("create_robot") && !text.contains("org_create"), "{text}");
    let lines = owner.get(&link(&page, "jsonl")).await.is(200).text();
    assert!(lines.lines().all(|line| line.starts_with('{')) && lines.lines().count() == 2, "{lines}");
}

#[actix_web::test]
async fn a_link_is_made_listed_and_followed() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    let owner = Browser::of(&app, &acme).await;

    let dialog = owner.open(&format!("{TAB}&dialog=export")).await.is(200);
    let bad = dialog.form("export-logs").fill("callback_url", "gopher://x").fill("callback_email", "nobody");
    let bad = bad.fill("from", "nonsense").submit().await.is(422).says("acme");
    for field in ["callback_url", "callback_email", "from"] {
        assert!(bad.has(&format!("#{field}[aria-invalid]")), "{field}");
    }
    let bad = bad.form("export-logs").fill("from", "2026-02-02").fill("to", "2026-02-01").submit().await.is(422);
    assert!(bad.has("#to[aria-invalid]"));
    let dialog = owner.open(&format!("{TAB}&dialog=export")).await.is(200);
    let made = dialog.form("export-logs").submit().await.is(200).says("good for 24 hours");
    let url = made.attribute("dialog a[download]", "href").unwrap();
    let path = url[url.find("/exportedlogs").unwrap()..].to_string();
    assert!(Browser::new(&app).get(&path).await.is(200).text().contains("org_create"));
}

#[actix_web::test]
async fn logs_are_for_those_who_administer_what_they_are_about() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let auditor = Browser::of(&app, &auditor).await;
    let proof = browser.open("/organization?dialog=create").await.attribute("input[name=_csrf_token]", "value");
    let proof = proof.unwrap();

    browser.get(TAB).await.is(404);
    let fields = [("_csrf_token", proof.as_str()), ("from", "2026-01-01"), ("to", "2026-01-02")];
    for path in [
        "/organization/acme/logs/exports",
        "/user/acme/logs/exports",
        "/administration/logs/exports",
        "/repository/acme/web/-/logs/exports",
    ] {
        let status = browser.submit(path, &fields).await.status;
        assert!(matches!(status, 403 | 404), "{path}: {status}");
    }
    let own = browser.open("/user/carol?tab=logs&kind=login_success").await.is(200);
    assert_eq!(own.count("#logs table.stack tbody tr"), 1);
    let page = auditor.open(&format!("{TAB}&dialog=export")).await.is(200).says("Organization acme was created");
    assert!(!page.has("dialog") && !page.has("a[href*='dialog=export']"));
    let theirs = auditor.open("/user/carol?tab=logs&kind=login_success").await.is(200);
    assert_eq!(theirs.count("#logs table.stack tbody tr"), 1);
    assert!(!theirs.has("a[download]"), "the API hands users' logs to themselves alone");
}
