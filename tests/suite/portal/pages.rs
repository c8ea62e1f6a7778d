//! What every page and file has.

use scraper::{Html, Selector};
use url::Url;

use crate::support::{Answer, Browser, Image, TestApp};

const PAGES: [(&str, u16); 5] =
    [("/", 200), ("/setup", 409), ("/setup/done?user=olivia", 200), ("/nothing", 404), ("/setup?x=y", 400)];

fn is_page(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{}", answer.shown());
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.maybe_header("x-request-id").is_some());
}

#[actix_web::test]
async fn every_page_tells_browsers_what_to_refuse() {
    let app = TestApp::start().await;
    for (path, status) in PAGES {
        is_page(&app.anonymous().get(path).await.is(status));
    }
    is_page(&app.anonymous().delete("/").await.is(405));

    let waiting = TestApp::not_set_up(&[]).await;
    let token = waiting.services.setup.renew(&*waiting.services.entropy);
    is_page(&waiting.anonymous().get(&format!("/setup?token={token}")).await.is(200));
    is_page(&waiting.anonymous().get("/setup?token=wrong").await.is(403));
}

#[actix_web::test]
async fn pages_load_their_files_from_here_and_browsers_keep_them() {
    let app = TestApp::start().await;
    let page = app.anonymous().get("/").await.is(200).text();
    let files: Vec<&str> = page
        .split(['"', '\''])
        .filter(|part| part.starts_with("/static/"))
        .map(|part| part.split('#').next().unwrap())
        .collect();
    assert!(files.len() >= 2, "{page}");

    for file in files {
        let first = app.anonymous().get(file).await.is(200);
        assert_eq!(first.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(first.header("x-content-type-options"), "nosniff");
        let known = app.http().get(format!("{}{file}", app.url)).header("if-none-match", first.header("etag"));
        crate::support::Actor::send(known).await.is(304);
    }
}

/// What a browser loads, follows or sends to.
const ADDRESSED_BY: [&str; 8] = ["src", "srcset", "href", "action", "formaction", "hx-get", "hx-post", "data-instant"];

/// Every address of a page with the attribute it is in.
fn addresses(html: &str) -> Vec<(&'static str, String)> {
    let document = Html::parse_document(html);
    let of = |name: &'static str| {
        let all = Selector::parse(&format!("[{name}]")).unwrap();
        let found = document.select(&all).filter_map(|tag| tag.attr(name));
        found.map(|address| (name, address.to_string())).collect::<Vec<_>>()
    };
    ADDRESSED_BY.into_iter().flat_map(of).collect()
}

fn leads_only_here(app: &TestApp, path: &str, html: &str) {
    let here = Url::parse(&app.url).unwrap();
    let found = addresses(html);
    for (attribute, address) in &found {
        let there = here.join(path).unwrap().join(address);
        let there = there.unwrap_or_else(|fault| panic!("{path} has {attribute}=\"{address}\": {fault}"));
        assert_eq!(there.origin(), here.origin(), "{path} has {attribute}=\"{address}\"");
    }
    assert!(found.iter().any(|(_, address)| address.starts_with("/static/")), "{path} has addresses: {found:?}");
}

#[actix_web::test]
async fn no_page_leads_to_another_server_by_itself() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let olivia = Browser::of(&app, &app.admin()).await;
    app.oci(&app.admin()).push("acme/web", "v1", &Image::new("web")).await.is(201);
    let members = [
        "/",
        "/organization",
        "/organization/acme",
        "/organization/acme?tab=teams",
        "/organization/acme?tab=robots&dialog=create",
        "/organization/acme?tab=settings",
        "/repository",
        "/repository/acme/web?tab=tags",
        "/repository/acme/web/tag/v1",
        "/repository/acme/web?tab=settings",
        "/account",
        "/account?tab=tokens",
        "/administration/users",
        "/administration/settings",
    ];

    for (path, status) in PAGES {
        leads_only_here(&app, path, &app.anonymous().get(path).await.is(status).text());
    }
    for path in members {
        leads_only_here(&app, path, &olivia.get(path).await.is(200).text());
    }
}

#[actix_web::test]
async fn other_versions_of_a_file_are_not_found() {
    let app = TestApp::start().await;

    for path in ["/static/css/pierhead.css", "/static/css/pierhead.0000000000000000.css", "/static/../Cargo.toml"] {
        app.anonymous().get(path).await.is(404);
    }
}

#[actix_web::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let app = TestApp::start().await;

    assert_eq!(app.anonymous().delete("/").await.is(405).header("allow"), "GET, HEAD");
    assert_eq!(app.anonymous().delete("/setup").await.is(405).header("allow"), "GET, HEAD, POST");
}

#[actix_web::test]
async fn addresses_come_back_as_text() {
    let app = TestApp::start().await;

    let page = app.anonymous().get("/%3Cscript%3Ealert(1)%3C/script%3E\"><i>").await.is(404).text();

    assert!(!page.contains("<script>alert") && !page.contains("<i>"), "{page}");
}

#[actix_web::test]
async fn a_made_up_host_does_not_reach_the_page_as_markup() {
    let app = TestApp::start().await;
    let request = app.http().get(format!("{}/", app.url)).header("host", "\"><script>alert(1)</script>");

    let page = crate::support::Actor::send(request).await;

    assert!(!page.text().contains("<script>alert"), "{}", page.shown());
}

#[actix_web::test]
async fn head_is_answered_without_a_body() {
    let app = TestApp::start().await;
    for path in ["/", "/favicon.ico", "/robots.txt"] {
        let head = app.anonymous().ask("HEAD".parse().unwrap(), path, None).await.is(200);
        assert!(head.body.is_empty());
    }
}
