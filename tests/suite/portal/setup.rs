//! First-time set-up, as whoever reads the server's output does it.

use crate::support::{Actor, Answer, Browser, PASSWORD, TestApp};

fn form<'a>(token: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("token", token),
        ("username", name),
        ("email", "amara@example.com"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ]
}

async fn submit(app: &TestApp, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = app.http().post(format!("{}/setup", app.url)).body(body);
    request = request.header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Actor::send(request).await
}

async fn waiting() -> (TestApp, String) {
    let app = TestApp::not_set_up(&[]).await;
    let token = app.services.setup.renew(&*app.services.entropy);
    (app, token)
}

/// The fields of the page's form with the values they have.
fn fields_of(page: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.to_string())
    };
    let tags = page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    tags.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))).collect()
}

#[actix_web::test]
async fn the_first_page_says_that_the_registry_waits() {
    let (app, _) = waiting().await;

    let page = app.anonymous().get("/").await.is(200).text();

    assert!(page.contains("Waiting to be set up"), "{page}");
    app.user_with("amara", domain::access::Standing::Superuser).await;
    assert!(app.anonymous().get("/").await.is(200).text().contains("Ready"));
}

#[actix_web::test]
async fn the_form_on_the_page_makes_the_administrator_once() {
    let (app, token) = waiting().await;
    let page = app.anonymous().get(&format!("/setup?token={token}")).await.is(200).text();
    let mut fields = fields_of(&page);
    for (name, value) in &mut fields {
        match name.as_str() {
            "username" => *value = "amara".into(),
            "password" | "password_again" => *value = PASSWORD.into(),
            _ => {}
        }
    }
    assert!(page.contains("action=\"/setup\"") && page.contains("method=\"post\""), "{page}");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let here = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin")];

    let made = submit(&app, &fields, &here).await.is(303);

    assert_eq!(made.header("location"), "/setup/done?user=amara");
    let done = app.anonymous().get(&made.header("location")).await.is(200).text();
    assert!(done.contains("docker login -u amara"), "{done}");
    assert_eq!(app.actor("amara", PASSWORD).get("/api/v1/user/").await.is(200).json()["super_user"], true);
    submit(&app, &form(&token, "second"), &here).await.is(409);
    app.anonymous().get(&format!("/setup?token={token}")).await.is(409);
    app.actor("second", PASSWORD).get("/v2/").await.is(401);
}

#[actix_web::test]
async fn the_first_administrator_signs_in_and_creates_an_organization() {
    let (app, token) = waiting().await;
    let browser = Browser::new(&app);

    let form = browser.open(&format!("/setup?token={token}")).await.is(200).form("/setup");
    let form = form.fill("username", "amara").fill("password", PASSWORD).fill("password_again", PASSWORD);
    let done = form.submit().await.is(200).says("The registry is set up").does_not_say("curl");
    let signin = done.follow("#sign-in").await.is(200);
    assert_eq!(signin.path, "/signin?next=%2Forganization%3Fdialog%3Dcreate");
    let signin = signin.form("/signin").fill("username", "amara").fill("password", PASSWORD);
    let dialog = signin.submit().await.is(200);
    let made = dialog.form("create-organization").fill("name", "acme").submit().await.is(200);

    made.says("Organization acme created");
    browser.open("/organization/acme").await.is(200);
}

#[actix_web::test]
async fn set_up_speaks_the_language_of_the_browser() {
    let (app, token) = waiting().await;
    let browser = Browser::new(&app);
    let in_german = async |path: &str| {
        let request = browser.request(reqwest::Method::GET, path).header("accept-language", "de-AT, en;q=0.5");
        browser.send(request).await
    };

    let page = in_german(&format!("/setup?token={token}")).await.is(200).text();
    let refused = in_german("/setup?token=wrong").await.is(403).text();
    submit(&app, &form(&token, "amara"), &[]).await.is(303);
    let done = in_german("/setup/done?user=amara").await.is(200).text();

    assert!(page.contains("<html lang=\"de\"") && page.contains("Diese Registry einrichten"), "{page}");
    assert!(refused.contains("Diese Adresse für die Einrichtung ist ungültig"), "{refused}");
    assert!(done.contains("Die Registry ist eingerichtet") && done.contains("Anmelden"), "{done}");
}

#[actix_web::test]
async fn without_the_right_word_nothing_happens() {
    let (app, token) = waiting().await;
    for wrong in ["", "wrong", &token[1..]] {
        app.anonymous().get(&format!("/setup?token={wrong}")).await.is(403);
        submit(&app, &form(wrong, "mallory"), &[]).await.is(403);
    }
    app.anonymous().get("/setup").await.is(403);
    // Starting again prints another word, and the old one ends.
    app.services.setup.renew(&*app.services.entropy);
    submit(&app, &form(&token, "mallory"), &[]).await.is(403);

    app.actor("mallory", PASSWORD).get("/v2/").await.is(401);
}

#[actix_web::test]
async fn where_no_word_was_printed_none_is_right() {
    let app = TestApp::not_set_up(&[]).await;

    submit(&app, &form("", "mallory"), &[]).await.is(403);
    app.anonymous().get("/setup?token=").await.is(403);
}

#[actix_web::test]
async fn a_form_from_elsewhere_is_refused() {
    let (app, token) = waiting().await;
    for headers in [
        [("origin", "https://evil.example")],
        [("origin", "null")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
    ] {
        submit(&app, &form(&token, "mallory"), &headers).await.is(403);
    }

    app.actor("mallory", PASSWORD).get("/v2/").await.is(401);
    submit(&app, &form(&token, "amara"), &[("origin", &app.url)]).await.is(303);
}

#[actix_web::test]
async fn a_wrong_form_comes_back_with_its_faults() {
    let (app, token) = waiting().await;
    let mut fields = form(&token, "Amara <b>");
    fields[3] = ("password", "short");

    let page = submit(&app, &fields, &[]).await.is(422).text();

    assert!(page.contains("Correct 2 things"), "{page}");
    assert!(page.contains("value=\"Amara &#60;b&#62;\"") && !page.contains("<b>"), "{page}");
    assert!(!page.contains("short\""), "{page}");
    let mut unknown = form(&token, "amara");
    unknown.push(("superuser", "yes"));
    submit(&app, &unknown, &[]).await.is(400);
    let long = "x".repeat(300_000);
    submit(&app, &form(&token, &long), &[]).await.is(413);
}

#[actix_web::test]
async fn the_administrator_named_in_the_settings_needs_no_set_up() {
    let admin = [("admin_username", "amara"), ("admin_password", "correct-horse")];
    let app = TestApp::not_set_up(&admin).await;

    app.actor("amara", "correct-horse").get("/v2/").await.is(200);

    app.anonymous().get("/setup?token=x").await.is(409);
    let app = app.restart().await;
    app.actor("amara", "correct-horse").get("/v2/").await.is(200);
}
