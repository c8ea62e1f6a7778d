//! What surrounds a sign-in: the second step, the password once more, an account of one's own, a forgotten password.

use std::time::Duration;

use domain::time::Clock;
use serde_json::json;

use crate::support::{Browser, PASSWORD, Page, TestApp};

const USER: &str = "/api/v1/user/";
const STEP: Duration = Duration::from_secs(30);
const LONG: Duration = Duration::from_secs(3_600);

async fn first_step<'b>(browser: &'b Browser, next: &str) -> Page<'b> {
    let page = browser.open(&format!("/signin?next={next}")).await.is(200);
    page.form("/signin").fill("username", "carol").fill("password", PASSWORD).submit().await
}

#[actix_web::test]
async fn a_second_step_asks_for_a_code_and_goes_on() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (authenticator, codes) = app.second_factor(&Browser::of(&app, &carol).await).await;
    app.clock.advance(STEP);
    let browser = Browser::new(&app);

    let step = first_step(&browser, "%2Faccount%3Ftab%3Dsessions").await.is(200).says("Enter a code");
    browser.get(USER).await.is(401);
    let visitor = browser.cookie();
    let again = step.form("/signin/code").fill("code", "000000").submit().await.is(422).says("was used before");
    assert!(again.has("#code[aria-invalid]"));
    let code = authenticator.code(app.clock.now());
    let page = again.form("/signin/code").fill("code", &code).submit().await.is(200);

    assert_eq!(page.path, "/account?tab=sessions");
    assert_ne!(browser.cookie(), visitor, "the cookie from before the sign-in is worth nothing");
    browser.get(USER).await.is(200);
    // A recovery code is as good, however it is typed, once.
    for status in [200, 422] {
        let other = Browser::new(&app);
        let typed = codes[0].to_lowercase().replace('-', " ");
        first_step(&other, "").await.form("/signin/code").fill("code", &typed).submit().await.is(status);
        assert_eq!(other.get(USER).await.status, if status == 200 { 200 } else { 401 });
    }
}

#[actix_web::test]
async fn the_second_step_belongs_to_its_browser_and_to_its_time() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (authenticator, _) = app.second_factor(&Browser::of(&app, &carol).await).await;
    app.clock.advance(STEP);
    let (mine, other) = (Browser::new(&app), Browser::new(&app));
    let step = first_step(&mine, "").await.form("/signin/code").value("step").unwrap().to_string();
    other.visit().await;

    let code = authenticator.code(app.clock.now());
    let fields = [("step", step.as_str()), ("code", &code), ("next", "/")];
    other.submit_meant("/signin/code", &fields).await.is(422);
    other.get(USER).await.is(401);
    mine.submit("/signin/code", &fields).await.is(403);
    let open = first_step(&mine, "%2F%2Fevil.example").await;
    assert_eq!(open.form("/signin/code").value("next"), Some("/"));
    app.clock.advance(LONG);
    let late = open.form("/signin/code").fill("code", &authenticator.code(app.clock.now())).submit().await;
    late.is(422).says("took too long").form("/signin");
    mine.get(USER).await.is(401);
    mine.visit().await;
    let elsewhere = first_step(&mine, "").await.form("/signin/code").value("step").unwrap().to_string();
    let code = authenticator.code(app.clock.now());
    let fields = [("step", elsewhere.as_str()), ("code", &code), ("next", "https://evil.example/")];
    assert_eq!(mine.submit_meant("/signin/code", &fields).await.is(303).header("location"), "/");
}

#[actix_web::test]
async fn the_password_is_asked_for_again_before_what_is_dangerous() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let dialog = "/account?tab=security&dialog=password";
    assert!(browser.open(dialog).await.is(200).has("dialog #password"));

    app.clock.advance(LONG);
    let page = browser.open(dialog).await.is(200).says("Confirm that it is you");
    assert!(page.path.starts_with("/signin/confirm?next=%2Faccount"), "{}", page.path);
    assert!(!page.has("#code"));
    let wrong = page.form("/signin/confirm").fill("password", "wrong").submit().await.is(422);
    let right = wrong.says("The password is wrong.").form("/signin/confirm").fill("password", PASSWORD).submit().await;
    assert_eq!((right.status, right.path.as_str()), (200, dialog));
    assert!(right.has("dialog #password"));

    for next in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        browser.visit().await;
        let fields = [("password", PASSWORD), ("next", next)];
        let location = browser.submit_meant("/signin/confirm", &fields).await.is(303).header("location");
        assert_eq!(location, "/", "{next}");
    }
    let stranger = Browser::new(&app).open("/signin/confirm?next=%2Fx").await.is(200).path;
    assert!(stranger.starts_with("/signin?next="), "{stranger}");
}

#[actix_web::test]
async fn with_a_second_factor_the_confirmation_needs_a_code_too() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let (authenticator, _) = app.second_factor(&browser).await;
    app.clock.advance(LONG);

    let page = browser.open("/account?tab=security&dialog=off").await.is(200);
    let wrong = page.form("/signin/confirm").fill("password", PASSWORD).fill("code", "000000").submit().await.is(422);
    let without = wrong.form("/signin/confirm").fill("password", PASSWORD).submit().await.is(422);
    let form = without.says("A code is needed").form("/signin/confirm").fill("password", PASSWORD);
    let page = form.fill("code", &authenticator.code(app.clock.now())).submit().await.is(200);

    assert!(page.has_form("switch-off"), "{}", page.text());
}

async fn register<'b>(page: &Page<'b>, name: &str, password: &str, repeat: &str) -> Page<'b> {
    let form = page.form("/createaccount").fill("name", name).fill("email", "new@example.com");
    form.fill("password", password).fill("repeat", repeat).submit().await
}

#[actix_web::test]
async fn whoever_may_register_is_signed_in_with_the_new_account() {
    let app = TestApp::with(&[("accounts.registration", "true")]).await;
    app.user("taken").await;
    let browser = Browser::new(&app);
    let page = browser.open("/signin").await.is(200).follow("a[href='/createaccount']").await.is(200);
    let visitor = browser.cookie();

    let taken = register(&page, "taken", PASSWORD, PASSWORD).await.is(422);
    assert!(taken.has("#name[aria-invalid]") && taken.has("#name[value='taken']"));
    let odd = register(&taken, "<b>", PASSWORD, PASSWORD).await.is(422);
    assert!(odd.has("#name[aria-invalid]") && !odd.has("main b"));
    let short = register(&odd, "newbie", "short", "short").await.is(422);
    assert!(short.has("#password[aria-invalid]") && !short.html.contains("value=\"short\""));
    let differs =
        register(&short, "newbie", PASSWORD, "something else").await.is(422).says("The two passwords differ.");
    let home = register(&differs, "newbie", PASSWORD, PASSWORD).await.is(200);

    assert_eq!(home.path, "/");
    assert_eq!(browser.get(USER).await.is(200).json()["username"], "newbie");
    assert_ne!(browser.cookie(), visitor);
    Browser::new(&app).submit("/createaccount", &[("name", "x"), ("password", PASSWORD)]).await.is(403);
}

#[actix_web::test]
async fn where_superusers_make_accounts_nobody_registers() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);

    assert!(!browser.open("/signin").await.is(200).has("a[href='/createaccount']"));
    browser.get("/createaccount").await.is(404);
    browser.visit().await;
    let fields = [("name", "newbie"), ("password", PASSWORD), ("repeat", PASSWORD)];
    browser.submit_meant("/createaccount", &fields).await.is(404);
    app.admin().get("/api/v1/users/newbie").await.is(404);
}

#[actix_web::test]
async fn a_link_sets_a_new_password_once() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let open = Browser::of(&app, &carol).await;
    let browser = Browser::new(&app);
    let asks = browser.open("/signin").await.follow("a[href='/recovery']").await.is(200);
    asks.says("Ask an administrator");
    let link = app.admin().post("/api/v1/superuser/users/carol/recovery", json!({})).await.is(200).json();
    let link = link["url"].as_str().unwrap();
    let path = link[link.find("/recovery").unwrap()..].to_string();

    let page = browser.open(&path).await.is(200).says("Choose a new password for carol.");
    let form = page.form("/recovery").fill("password", "another password").fill("repeat", "another passwort");
    let again = form.submit().await.is(422).says("The two passwords differ.");
    open.get(USER).await.is(200);
    let form = again.form("/recovery").fill("password", "another password").fill("repeat", "another password");
    let done = form.submit().await.is(200).says("The new password counts from now on.");
    assert_eq!(done.path, "/signin");

    browser.get(USER).await.is(401);
    open.get(USER).await.is(401);
    browser.sign_in("carol", PASSWORD).await.is(403);
    browser.sign_in("carol", "another password").await.is(200);
    browser.open(&path).await.is(404).says("This link is no longer good");
    browser.open("/recovery?code=phl_nonsense").await.is(404);
    let fields = [("code", "phl_nonsense"), ("password", PASSWORD), ("repeat", PASSWORD)];
    browser.visit().await;
    browser.submit_meant("/recovery", &fields).await.is(404);
}

#[actix_web::test]
async fn the_page_speaks_the_browsers_language_and_the_accounts() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let request = app.http().get(format!("{}/signin", app.url)).header("accept-language", "de");
    let german = crate::support::Actor::send(request).await.is(200).text();
    assert!(german.contains("lang=\"de\"") && german.contains("Anmelden"), "{german}");

    let page = browser.open("/account?tab=preferences").await.is(200).says("Account");
    let form = page.form("preferences").fill("language", "de").fill("theme", "dark contrast");
    let saved = form.fill("time_zone", "Europe/Berlin").untick("slash_searches").submit().await.is(200);

    let about = |page: &Page<'_>| (page.attribute("html", "lang"), page.attribute("html", "data-theme"));
    let expected = (Some("de".to_string()), Some("dark contrast".to_string()));
    assert_eq!(about(&saved), expected);
    assert!(saved.has("html[data-no-keys]") && saved.has("option[value='Europe/Berlin'][selected]"));
    // In another browser it is the same: nothing of it is in the cookies there.
    let other = Browser::of(&app, &app.actor("carol", PASSWORD)).await;
    let page = other.open("/account?tab=preferences").await.is(200);
    assert_eq!(about(&page), expected);
    page.form("preferences").fill("time_zone", "").tick("slash_searches", "yes").submit().await.is(200);
    assert!(!browser.open("/account").await.has("html[data-no-keys]"));
    // The menu of every page saves to the account as well.
    page.form("theme").tick("theme", "light").submit().await;
    assert_eq!(browser.open("/account").await.attribute("html", "data-theme").as_deref(), Some("light"));
    browser.visit().await;
    let odd = [("theme", "pink"), ("language", ""), ("time_zone", ""), ("slash_searches", "yes")];
    browser.submit_meant("/account/preferences", &odd).await.is(422);
}
