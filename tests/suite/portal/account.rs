//! One's own account: profile, password, second factor, sessions, tokens, applications, invitations, the end.

use std::time::Duration;

use domain::access::{ApiScope, Standing};
use domain::time::Clock;
use serde_json::json;

use crate::support::{Authenticator, Browser, PASSWORD, TestApp, as_many};

const USER: &str = "/api/v1/user/";
const LONG: Duration = Duration::from_secs(3_600);

async fn carol() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    (app, browser)
}

#[actix_web::test]
async fn nobody_sees_an_account_who_is_not_signed_in() {
    let app = TestApp::start().await;

    for tab in ["", "?tab=security", "?tab=sessions", "?tab=tokens", "?tab=preferences", "?tab=account&dialog=delete"] {
        let stranger = Browser::new(&app);
        let page = stranger.open(&format!("/account{tab}")).await.is(200);
        assert!(page.path.starts_with("/signin?next=%2Faccount"), "{}", page.path);
    }
}

#[actix_web::test]
async fn the_profile_is_changed_and_shown_as_text() {
    let (app, browser) = carol().await;
    app.user("dave").await.put(USER, json!({ "email": "dave@example.com" })).await.is(200);

    let form = browser.open("/account").await.is(200).form("profile").fill("given_name", " Carol ");
    let form = form.fill("family_name", "<b>Shaw</b>").fill("company", "ACME").fill("email", "carol@example.com");
    let page = form.submit().await.is(200).says("Saved").says("<b>Shaw</b>");
    assert!(!page.has("#main b") && !page.has(".masthead b"));
    assert_eq!(page.form("profile").value("given_name"), Some("Carol"));
    let user = browser.get(USER).await.is(200).json();
    assert_eq!((&user["given_name"], &user["email"]), (&json!("Carol"), &json!("carol@example.com")));

    let taken = page.form("profile").fill("email", "dave@example.com").fill("company", "typed").submit().await.is(422);
    assert!(taken.has("#email[aria-invalid]"));
    assert_eq!(taken.form("profile").value("company"), Some("typed"));
    // Saving what is there already is no event.
    let before = app.happened(&["user_change_metadata", "user_change_email"]).await.len();
    browser.open("/account").await.form("profile").submit().await.is(200);
    assert_eq!(app.happened(&["user_change_metadata", "user_change_email"]).await.len(), before);
    let page = page.form("tag-expiration").fill("tag_expiration_s", "86400").submit().await.is(200).says("Saved");
    assert_eq!(page.form("tag-expiration").value("tag_expiration_s"), Some("86400"));
}

#[actix_web::test]
async fn another_password_ends_the_other_sessions() {
    let (app, browser) = carol().await;
    let other = Browser::of(&app, &app.actor("carol", PASSWORD)).await;

    let dialog = browser.open("/account?tab=security").await.follow("a[href$='dialog=password']").await.is(200);
    let short = dialog.form("password-form").fill("password", "short").fill("repeat", "short").submit().await.is(422);
    let form = short.form("password-form").fill("password", "a new password").fill("repeat", "a new passwort");
    let differs = form.submit().await.is(422).says("The two passwords differ.");
    other.get(USER).await.is(200);
    let form = differs.form("password-form").fill("password", "a new password").fill("repeat", "a new password");
    form.submit().await.is(200).says("Password changed.");

    browser.get(USER).await.is(200);
    other.get(USER).await.is(401);
    other.sign_in("carol", PASSWORD).await.is(403);
    other.sign_in("carol", "a new password").await.is(200);
    // Not without having given the old one a short while ago.
    app.clock.advance(LONG);
    browser.visit().await;
    let fields = [("password", "a third password"), ("repeat", "a third password")];
    let asked = browser.submit_meant("/account/password", &fields).await.is(303).header("location");
    assert!(asked.starts_with("/signin/confirm?next="), "{asked}");
    other.sign_in("carol", "a third password").await.is(403);
}

#[actix_web::test]
async fn a_second_factor_is_switched_on_used_and_switched_off() {
    let (app, browser) = carol().await;
    let other = Browser::of(&app, &app.actor("carol", PASSWORD)).await;

    let begun = browser.open("/account?tab=security").await.is(200).form("begin").submit().await.is(200);
    assert!(begun.has("dialog svg.qr path[d]") && !begun.html.contains(" style="));
    let secret = begun.attribute("dialog .row-tight [data-copy]", "data-copy").unwrap();
    let authenticator = Authenticator(secret.clone());
    let wrong = begun.form("first-code").fill("code", "000000").submit().await.is(422);
    assert!(wrong.has("#code[aria-invalid]"));
    assert_eq!(wrong.attribute("dialog .row-tight [data-copy]", "data-copy").unwrap(), secret);
    other.get(USER).await.is(200);
    let code = authenticator.code(app.clock.now());
    let codes = wrong.form("first-code").fill("code", &code).submit().await.is(200).says("Your recovery codes");
    assert_eq!(codes.count("#recovery-codes code"), 10);
    let all = codes.attribute("dialog button[data-copy]", "data-copy").unwrap();
    let file = codes.attribute("dialog a[download]", "href").unwrap();
    assert!(all.lines().count() == 10 && file.ends_with(&format!("{}%0A", all.lines().last().unwrap())), "{file}");

    other.get(USER).await.is(401);
    let on = browser.open("/account?tab=security").await.is(200).says("10 left");
    assert!(!on.has("#recovery-codes") && !on.has_form("begin") && !on.html.contains(&secret));
    assert!(!browser.open("/account?tab=security&dialog=second-factor").await.html.contains(&secret));
    let newer = on.follow("a[href$='dialog=codes']").await.form("regenerate").submit().await.is(200);
    assert_ne!(newer.attribute("dialog button[data-copy]", "data-copy").unwrap(), all);
    let off = browser.open("/account?tab=security&dialog=off").await.form("switch-off").submit().await.is(200);
    assert!(off.says("The second factor is off").has_form("begin"));
    other.sign_in("carol", PASSWORD).await.is(200);
}

#[actix_web::test]
async fn the_second_factor_needs_who_one_is_confirmed() {
    let (app, browser) = carol().await;
    app.second_factor(&browser).await;
    app.clock.advance(LONG);
    browser.visit().await;

    for action in ["second-factor", "second-factor/confirmation", "second-factor/codes", "second-factor/removal"] {
        let answer = browser.submit_meant(&format!("/account/{action}"), &[("code", "1")]).await.is(303);
        assert!(answer.header("location").starts_with("/signin/confirm"), "{action}");
    }
    browser.open("/account?tab=security").await.is(200).says("10 left");
}

#[actix_web::test]
async fn sessions_are_listed_and_ended() {
    let (app, browser) = carol().await;
    let (second, third) = (
        Browser::of(&app, &app.actor("carol", PASSWORD)).await,
        Browser::of(&app, &app.actor("carol", PASSWORD)).await,
    );
    let dave = Browser::of(&app, &app.user("dave").await).await;

    let page = browser.open("/account?tab=sessions").await.is(200).says("This browser");
    assert_eq!((page.count("#sessions tbody tr"), page.count("#sessions tbody form")), (3, 2));
    let action = page.attribute("#sessions tbody form", "action").unwrap();
    dave.visit().await;
    dave.submit_meant(&action, &[]).await.is(404);
    third.get(USER).await.is(200);
    let page = page.form(&action).submit().await.is(200).says("Browser signed out");
    assert_eq!(page.count("#sessions tbody tr"), 2);
    third.get(USER).await.is(401);
    second.get(USER).await.is(200);
    let dialog = page.follow("a[href$='dialog=others']").await.is(200);
    let page = dialog.form("end-others").submit().await.is(200).says("1 browser signed out");
    assert_eq!((page.count("#sessions tbody tr"), page.has("a[href$='dialog=others']")), (1, false));
    second.get(USER).await.is(401);
    browser.get(USER).await.is(200);
    dave.get(USER).await.is(200);
}

#[actix_web::test]
async fn an_application_token_signs_docker_in_until_it_is_revoked() {
    let (app, browser) = carol().await;
    let dave = Browser::of(&app, &app.user("dave").await).await;

    let dialog = browser.open("/account?tab=tokens").await.is(200).follow("a[href$='dialog=application']").await;
    let nameless = dialog.form("new-token").submit().await.is(422);
    assert!(nameless.has("#title[aria-invalid]"));
    let made = nameless.form("new-token").fill("title", "laptop <i>").fill("days", "").submit().await.is(200);
    let command = made.attribute("dialog .command [data-copy]", "data-copy").unwrap();
    let secret = made.attribute("dialog .row-tight [data-copy]", "data-copy").unwrap();
    assert_eq!(command, format!("echo {secret} | docker login -u '$app' --password-stdin {}", app.host()));
    app.actor("$app", &secret).get("/v2/").await.is(200);
    let made = made.says("helm registry login").says("name: laptop-i-pull-secret").says("laptop-i-auth.json");

    let uuid = made.path.split("&of=").nth(1).unwrap().replace("%2D", "-");
    let page = browser.open("/account?tab=tokens").await.is(200).says("laptop <i>");
    assert!(!page.html.contains(&secret) && !page.has("#application-tokens i"));
    for dialog in ["credentials", "revoke-application"] {
        let there = dave.open(&format!("/account?tab=tokens&dialog={dialog}&of={uuid}")).await;
        assert!(there.status == 404 && !there.html.contains(&secret), "{dialog}");
    }
    dave.visit().await;
    dave.submit_meant(&format!("/account/tokens/application/{uuid}/removal"), &[]).await.is(404);
    browser.visit().await;
    browser.submit_meant(&format!("/account/tokens/personal/{uuid}/removal"), &[]).await.is(404);
    app.actor("$app", &secret).get("/v2/").await.is(200);
    let dialog = page.follow("#application-tokens a[href*='dialog=revoke-application']").await.is(200);
    dialog.form("revoke-token").submit().await.is(200).says("Token revoked").says("No tokens yet.");
    app.actor("$app", &secret).get("/v2/").await.is(401);
}

#[actix_web::test]
async fn a_personal_token_allows_what_was_chosen_and_is_seen_once() {
    let (app, browser) = carol().await;

    let dialog = browser.open("/account?tab=tokens&dialog=personal").await.is(200);
    assert!(!dialog.has("input[value='super:user']"));
    let none = dialog.form("new-token").fill("title", "script").submit().await.is(422).says("Choose at least one");
    browser.visit().await;
    let forged = [("title", "x"), ("scope", "super:user"), ("days", "30")];
    browser.submit_meant("/account/tokens/personal", &forged).await.is(422);
    let made = none.form("new-token").tick("scope", "user:read").submit().await.is(200).says("not shown again");
    let secret = made.attribute("dialog .row-tight [data-copy]", "data-copy").unwrap();

    let program = app.bearer(&secret);
    assert_eq!(program.get(USER).await.is(200).json()["username"], "carol");
    program.put(USER, json!({ "company": "ACME" })).await.is(403);
    let page = browser.open("/account?tab=tokens").await.is(200).says("user:read");
    assert!(!page.html.contains(&secret));
    let dialog = page.follow("#personal-tokens a[href*='dialog=revoke-personal']").await.is(200);
    dialog.form("revoke-token").submit().await.is(200);
    program.get(USER).await.is(401);
    app.clock.advance(LONG);
    let asked = browser.submit_meant("/account/tokens/personal", &forged).await.is(303).header("location");
    assert!(asked.starts_with("/signin/confirm"), "{asked}");
}

#[actix_web::test]
async fn what_an_application_may_do_is_taken_back() {
    let (app, browser) = carol().await;
    let owner = app.organization("acme").await;
    let new = json!({ "name": "tool <b>", "redirect_uri": "http://localhost:8000/cb" });
    let client = owner.post("/api/v1/organization/acme/applications", new).await.is(200).json()["client_id"].clone();
    browser.open("/account?tab=applications").await.is(200).says("You allowed no application");
    browser.visit().await;
    let fields = [
        ("response_type", "token"),
        ("client_id", client.as_str().unwrap()),
        ("redirect_uri", "http://localhost:8000/cb"),
        ("scope", "user:read"),
    ];
    let sent = browser.submit_meant("/oauth/authorizeapp", &fields).await.is(302).header("location");
    let token = sent.split("access_token=").nth(1).unwrap().split('&').next().unwrap().to_string();
    app.bearer(&token).get(USER).await.is(200);

    let page = browser.open("/account?tab=applications").await.is(200).says("tool <b>").says("Read your details");
    assert!(!page.has("#applications b"));
    let dialog = page.follow("#applications a[href*='dialog=revoke']").await.is(200);
    let dave = Browser::of(&app, &app.user("dave").await).await;
    let action = dialog.attribute("#revoke-application", "action").unwrap();
    dave.submit_meant(&action, &[]).await.is(404);
    assert_eq!(dave.open(&dialog.path).await.status, 404);
    dialog.form("revoke-application").submit().await.is(200).says("can no longer act as you");
    app.bearer(&token).get(USER).await.is(401);
}

#[actix_web::test]
async fn invitations_wait_in_the_account() {
    let app = TestApp::with(&[("access.require_team_invitation", "true")]).await;
    let owner = app.organization("acme").await;
    app.team("acme", "ops", domain::access::TeamRole::Member).await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    assert!(!browser.open("/account").await.is(200).has("#nav a[href='/account?tab=invitations']"));
    owner.put("/api/v1/organization/acme/team/ops/members/carol", json!({})).await.is(200);

    let page = browser.open("/account").await.follow("#nav a[href='/account?tab=invitations']").await.is(200);
    let action = page.attribute("#invitations form", "action").unwrap();
    page.says("ops").form(&action).tick("answer", "accept").submit().await.is(200);
    let members = owner.get("/api/v1/organization/acme/team/ops/members").await.is(200).text();
    assert!(members.contains("carol"), "{members}");
    browser.open("/account?tab=invitations").await.is(200).says("No invitations wait for you.");
}

#[actix_web::test]
async fn an_account_is_deleted_by_typing_its_name() {
    let (app, browser) = carol().await;
    browser
        .post(
            "/api/v1/repository",
            json!({
        "namespace": "carol", "repository": "web", "visibility": "private", "description": "" }),
        )
        .await
        .is(201);

    let dialog = browser.open("/account?tab=account").await.is(200).follow("a[href$='dialog=delete']").await.is(200);
    let mistyped = dialog.form("delete-account").fill("confirm", "karol").submit().await.is(422);
    browser.get(USER).await.is(200);
    assert!(mistyped.has("#confirm[aria-invalid]"));
    mistyped.form("delete-account").fill("confirm", "carol").submit().await.is(200);

    browser.get(USER).await.is(401);
    app.admin().get("/api/v1/users/carol").await.is(404);
    // The only admin of an organization stays until somebody else is one.
    let owner = app.organization("acme").await;
    let owner = Browser::of(&app, &owner).await;
    let dialog = owner.open("/account?tab=account&dialog=delete").await.is(200);
    dialog.form("delete-account").fill("confirm", "acme-owner").submit().await.is(422).says("only admin");
    app.clock.advance(LONG);
    let asked = owner.submit_meant("/account/deletion", &[("confirm", "acme-owner")]).await.is(303).header("location");
    assert!(asked.starts_with("/signin/confirm"), "{asked}");
}

#[actix_web::test]
async fn superusers_and_those_who_only_look_do_not_end_their_accounts() {
    let app = TestApp::start().await;
    for standing in [Standing::Superuser, Standing::ReadOnlySuperuser] {
        let name = if standing == Standing::Superuser { "root" } else { "auditor" };
        let browser = Browser::of(&app, &app.user_with(name, standing).await).await;
        let page = browser.open("/account?tab=account&dialog=delete").await.is(200);
        assert!(!page.has_form("delete-account") && !page.has("a[href$='dialog=convert']"), "{name}");
        let answer = browser.submit_meant("/account/deletion", &[("confirm", name)]).await;
        assert!(matches!(answer.status, 403 | 422), "{}", answer.shown());
        browser.get(USER).await.is(200);
    }
}

#[actix_web::test]
async fn an_account_becomes_an_organization_of_another_user() {
    let (app, browser) = carol().await;
    let dave = app.user("dave").await;
    let token = app.access_token(&app.actor("carol", PASSWORD), &[ApiScope::UserRead]).await;

    let dialog = browser.open("/account?tab=account").await.is(200).follow("a[href$='dialog=convert']").await.is(200);
    let own = dialog.form("convert-account").fill("admin", "carol").fill("password", PASSWORD).submit().await.is(422);
    assert!(own.has("#admin[aria-invalid]"));
    let wrong = own.form("convert-account").fill("admin", "dave").fill("password", "wrong").submit().await.is(422);
    browser.get("/api/v1/organization/carol").await.is(404);
    let form = wrong.form("convert-account").fill("admin", "dave").fill("password", PASSWORD);
    let page = form.submit().await.is(200);

    assert_eq!(page.path, "/organization/carol");
    assert_eq!(browser.get(USER).await.is(200).json()["username"], "dave");
    assert_eq!(dave.get("/api/v1/organization/carol").await.is(200).json()["is_admin"], true);
    app.bearer(&token).get(USER).await.is(401);
    Browser::new(&app).sign_in("carol", PASSWORD).await.is(403);
}

#[actix_web::test]
async fn a_tab_costs_the_same_whatever_is_in_it() {
    let (app, browser) = carol().await;
    let user = app.actor("carol", PASSWORD);
    let tabs = ["profile", "security", "sessions", "tokens", "applications", "invitations", "preferences", "account"];
    let tabs = tabs.map(|tab| format!("/account?tab={tab}"));
    let mut one = Vec::new();
    for tab in &tabs {
        one.push(app.statements_for(&browser, tab).await);
    }

    for _ in 0..20 {
        app.application_token(&user).await;
        app.access_token(&user, &[ApiScope::UserRead]).await;
        Browser::of(&app, &user).await;
    }

    for (tab, one) in tabs.iter().zip(&one) {
        as_many(one, &app.statements_for(&browser, tab).await);
    }
}
