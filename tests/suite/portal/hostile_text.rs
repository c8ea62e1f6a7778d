//! Text as long as it may be, longer than that, and with markup in it: kept as it is, shown as text, or refused.

use serde_json::json;

use crate::support::{Browser, Image, PRIVATE, Page, TestApp};

/// Nothing of ours has this element.
const MARKUP: &str = "<blink>\"'&amp;</blink>";

/// A field for free text.
struct Field {
    path: String,
    name: &'static str,
    /// Characters.
    longest: usize,
    more: Vec<(&'static str, &'static str)>,
    /// The page it can be read on.
    shown_on: String,
}

impl Field {
    fn new(path: &str, name: &'static str, longest: usize, shown_on: &str) -> Field {
        Field { path: path.to_string(), name, longest, more: Vec::new(), shown_on: shown_on.to_string() }
    }

    fn with(self, more: &[(&'static str, &'static str)]) -> Field {
        Field { more: more.to_vec(), ..self }
    }

    fn filled<'a>(&'a self, value: &'a str) -> Vec<(&'a str, &'a str)> {
        self.more.iter().copied().chain([(self.name, value)]).collect()
    }
}

/// What is free text in an organization, in a repository of it and in an account.
fn fields(client: &str) -> Vec<Field> {
    let application = format!("/organization/acme/applications/{client}");
    let applications = "/organization/acme?tab=applications";
    let tokens = format!("{applications}&dialog=manage&client={client}&view=tokens");
    let team = "/organization/acme/teams/ops";
    let robots = "/organization/acme?tab=robots";
    let token = [("scope", "user:read"), ("days", "30")];
    let profile = |name| Field::new("/account/profile", name, 255, "/account").with(&[("email", "owner@example.com")]);
    vec![
        Field::new(&format!("{team}/description"), "description", 1_000, team),
        Field::new("/organization/acme/robots/ci/description", "description", 255, robots),
        Field::new(&format!("{application}/details"), "name", 255, applications),
        Field::new(&format!("{application}/details"), "description", 10_000, applications).with(&[("name", "Board")]),
        Field::new(&format!("{application}/tokens"), "name", 255, &tokens).with(&token),
        Field::new("/account/tokens/application", "title", 255, "/account?tab=tokens"),
        Field::new("/account/tokens/personal", "title", 255, "/account?tab=tokens").with(&token),
        profile("given_name"),
        profile("family_name"),
        profile("company"),
        profile("location"),
    ]
}

/// The owner of `acme`, signed in, and the id of its application.
async fn acme(app: &TestApp) -> (Browser, String) {
    let owner = app.organization("acme").await;
    app.team("acme", "ops", domain::access::TeamRole::Member).await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", PRIVATE).await;
    let made = owner.post("/api/v1/organization/acme/applications", json!({ "name": "Board" })).await.is(200).json();
    (Browser::of(app, &owner).await, made["client_id"].as_str().unwrap().to_string())
}

/// `longest` characters that begin with markup.
fn long(longest: usize) -> String {
    let rest = longest - MARKUP.chars().count();
    format!("{MARKUP}{}", "x".repeat(rest))
}

fn shows(page: &Page<'_>, field: &Field) -> bool {
    let typed = page.attribute(&format!("input[name={}]", field.name), "value");
    page.text().contains(MARKUP) || typed.is_some_and(|value| value.starts_with(MARKUP))
}

#[actix_web::test]
async fn text_with_markup_is_kept_to_its_full_length_and_shown_as_text() {
    let app = TestApp::start().await;
    let (browser, client) = acme(&app).await;

    for field in fields(&client) {
        let answer = browser.submit_meant(&field.path, &field.filled(&long(field.longest))).await;

        assert!(matches!(answer.status, 200 | 303), "{} {}: {}", field.path, field.name, answer.shown());
        let page = browser.open(&field.shown_on).await.is(200);
        assert!(shows(&page, &field), "{} {}: {}", field.path, field.name, page.text());
        assert!(!page.has("blink"), "{} {}", field.path, field.name);
    }
}

#[actix_web::test]
async fn text_that_is_too_long_comes_back_to_be_mended() {
    let app = TestApp::start().await;
    let (browser, client) = acme(&app).await;

    for field in fields(&client) {
        for value in [long(field.longest + 1), long(100_000)] {
            let answer = browser.submit_meant(&field.path, &field.filled(&value)).await;

            let text = answer.text();
            assert_eq!(answer.status, 422, "{} {}: {}", field.path, field.name, answer.shown());
            assert!(text.contains("role=\"alert\"") && !text.contains("<blink"), "{} {}", field.path, field.name);
            let page = browser.open(&field.shown_on).await.is(200);
            assert!(!shows(&page, &field), "{} {}: nothing was kept", field.path, field.name);
        }
        let beyond = "x".repeat(300 * 1024);
        browser.submit_meant(&field.path, &field.filled(&beyond)).await.is(413);
    }
}

#[actix_web::test]
async fn no_character_is_more_than_a_form_can_say_no_to() {
    let app = TestApp::start().await;
    let (browser, client) = acme(&app).await;
    let names = [
        Field::new("/organization", "name", 0, ""),
        Field::new("/organization/acme/teams", "name", 0, "").with(&[("role", "member")]),
        Field::new("/organization/acme/robots", "name", 0, ""),
        Field::new("/organization/acme/settings", "email", 0, "").with(&[("tag_expiration_s", "0")]),
        Field::new("/organization/acme/teams/ops/members", "member", 0, ""),
        Field::new("/repository", "name", 0, "").with(&[("namespace", "acme"), ("visibility", "private")]),
        Field::new("/repository/acme/web/-/permissions", "who", 0, "").with(&[("who_kind", "user"), ("role", "read")]),
        Field::new("/repository/acme/web/-/description", "description", 0, ""),
        Field::new("/account/deletion", "confirm", 0, ""),
    ];

    for field in fields(&client).into_iter().chain(names) {
        // NUL, which PostgreSQL has no place for; what turns lines around; what is no character on its own.
        for odd in ["a\0b", "\u{202e}cba\u{feff}", "\u{301}", "\u{1b}[31m", "\r\n", "\u{10ffff}", "%00", "{{ 7 * 7 }}"]
        {
            let answer = browser.submit_meant(&field.path, &field.filled(odd)).await;
            assert!(
                matches!(answer.status, 200 | 303 | 404 | 422),
                "{} {} {odd:?}: {}",
                field.path,
                field.name,
                answer.shown()
            );
        }
    }
    browser.get("/api/v1/user/").await.is(200);
}

#[actix_web::test]
async fn what_is_written_for_readers_has_no_markup_of_its_own() {
    let app = TestApp::start().await;
    let (browser, _) = acme(&app).await;
    let olivia = Browser::of(&app, &app.admin()).await;
    let image = Image::new("web");
    app.oci(&app.admin()).push("acme/web", "v1", &image).await.is(201);
    let text = format!("{MARKUP}<script>alert(1)</script> [here](javascript:alert(1)) ![](x onerror=alert(1))");
    let digest = image.digest();

    browser.submit_meant("/repository/acme/web/-/description", &[("description", &text)]).await.is(303);
    for format in ["text/plain", "text/markdown"] {
        let message = [("content", text.as_str()), ("format", format), ("severity", "info")];
        olivia.submit_meant("/administration/messages", &message).await.is(303);
    }
    let label = [("tag", "v1"), ("digest", digest.as_str()), ("key", "note"), ("value", text.as_str())];
    browser.submit_meant("/repository/acme/web/-/labels/addition", &label).await.is(303);

    for path in [
        "/repository/acme/web",
        "/repository/acme/web?dialog=description",
        "/repository/acme/web?tab=tags&dialog=labels&tag=v1",
        "/repository/acme/web/tag/v1",
        "/repository",
        "/",
    ] {
        let page = browser.open(path).await.is(200);
        assert!(!page.has("blink") && !page.has("[onerror]") && !page.has("a[href^='javascript']"), "{path}");
        assert!(!page.html.contains("<script>alert"), "{path}");
    }
    let labels = browser.open("/repository/acme/web?tab=tags&dialog=labels&tag=v1").await;
    labels.says(&text.split_whitespace().collect::<Vec<_>>().join(" "));
}

#[actix_web::test]
async fn what_is_searched_for_comes_back_as_text() {
    let app = TestApp::start().await;
    let (browser, _) = acme(&app).await;
    let olivia = Browser::of(&app, &app.admin()).await;
    let asked = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", MARKUP).finish();
    let huge = format!("q={}", "x".repeat(4_000));

    for (who, path) in [
        (&browser, "/search?"),
        (&browser, "/search/instant?"),
        (&browser, "/repository?"),
        (&browser, "/organization/acme?"),
        (&browser, "/organization/acme?tab=teams&"),
        (&browser, "/organization/acme?tab=robots&"),
        (&browser, "/organization/acme?tab=logs&"),
        (&browser, "/repository/acme/web?tab=tags&"),
        (&browser, "/repository/acme/web?tab=history&"),
        (&browser, "/entities?namespace=acme&kinds=user&"),
        (&browser, "/organization/acme/repositories/candidates?"),
        (&olivia, "/administration/users?"),
        (&olivia, "/administration/organizations?"),
    ] {
        let page = who.open(&format!("{path}{asked}")).await.is(200);
        assert!(!page.has("blink") && !page.html.contains("<blink"), "{path}");
        for query in [huge.as_str(), "q=%00", "q=%FF", "q=%25_%5C"] {
            let answer = who.get(&format!("{path}{query}")).await;
            assert!(answer.status < 500, "{path} {query}: {}", answer.shown());
        }
    }
}
