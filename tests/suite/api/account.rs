//! One's own account: reading, changing, making, deleting and converting it.

use std::time::Duration;

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::{Value, json};

use crate::support::{Browser, PASSWORD, TestApp};

const USER: &str = "/api/v1/user/";
const NEW_PASSWORD: &str = "another-horse";

#[actix_web::test]
async fn users_see_their_account_with_their_organizations() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.team("acme", "ops", TeamRole::Creator).await;
    app.team("acme", "all", TeamRole::Member).await;
    let carol = app.user("carol").await;
    app.join("acme", "ops", &carol).await;
    app.join("acme", "all", &carol).await;

    let me = carol.get(USER).await.is(200).json();
    let hers = owner.get(USER).await.is(200).json();

    assert_eq!(me["organizations"].as_array().unwrap().len(), 1);
    let acme = &me["organizations"][0];
    assert_eq!(
        (&acme["name"], &acme["can_create_repo"], &acme["is_org_admin"]),
        (&json!("acme"), &json!(true), &json!(false))
    );
    assert_eq!(hers["organizations"][0]["is_org_admin"], true);
    assert_eq!((&me["logins"], &me["prompts"]), (&json!([]), &json!(["enter_name", "enter_company"])));
    assert_eq!(
        (&me["tag_expiration_s"], &me["has_password_set"], &me["verified"]),
        (&json!(1_209_600), &json!(true), &json!(true))
    );
    assert_eq!(me["avatar"]["kind"], "user");
}

#[actix_web::test]
async fn users_change_what_is_theirs() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let changes = json!({
        "given_name": "Carol", "family_name": "Danvers", "company": "ACME", "location": "Here",
        "email": "carol@acme.example", "invoice_email": true, "invoice_email_address": "bills@acme.example",
        "tag_expiration_s": 86400,
    });

    let me = carol.put(USER, changes.clone()).await.is(200).json();

    for (field, value) in changes.as_object().unwrap() {
        assert_eq!(&me[field], value, "{field}");
    }
    assert_eq!(me["prompts"], json!([]));
    let kinds = ["user_change_email", "user_change_metadata", "user_change_invoicing", "user_change_tag_expiration"];
    let happened = app.happened(&kinds).await;
    assert_eq!(happened.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), kinds);
    assert_eq!(happened[0].details()["old_email"], "carol@example.com");
    assert_eq!((happened[0].actor_name.as_str(), happened[0].credential.as_str()), ("carol", "password"));
}

#[actix_web::test]
async fn values_that_break_a_rule_change_nothing() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.user("dave").await;

    let wrong = [
        json!({ "tag_expiration_s": 12345, "company": "ACME" }),
        json!({ "email": "nomail" }),
        json!({ "email": "dave@example.com" }),
        json!({ "password": "x" }),
        json!({ "password": "has blanks in it" }),
        json!({ "company": "x".repeat(256) }),
        json!({ "company": "a\u{0}b" }),
        json!({ "username": "carola" }),
        json!({ "invoice_email_address": "nomail" }),
    ];
    for changes in wrong {
        carol.put(USER, changes.clone()).await.is(400);
    }

    assert_eq!(carol.put(USER, json!({ "tag_expiration_s": 1 })).await.message(), "Invalid tag expiration option");
    let short = carol.put(USER, json!({ "password": "x" })).await.message();
    assert_eq!(short, "Invalid password, password must be at least 8 characters and contain no whitespace.");
    let me = carol.get(USER).await.json();
    assert_eq!((&me["company"], &me["email"]), (&Value::Null, &json!("carol@example.com")));
}

#[actix_web::test]
async fn nobody_raises_themselves() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    let raised = json!({
        "super_user": true, "standing": "superuser", "enabled": false, "verified": false, "id": 1, "company": "ACME",
        "username": "carol", "organizations": [{ "name": "acme" }], "namespace_id": 1,
    });
    let me = carol.put(USER, raised).await.is(200).json();

    assert_eq!((&me["super_user"], &me["company"]), (&json!(false), &json!("ACME")));
    assert_eq!(me["organizations"], json!([]));
    carol.get(USER).await.is(200);
}

#[actix_web::test]
async fn a_changed_password_ends_other_sessions_but_not_this_one() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let (here, elsewhere) = (Browser::of(&app, &carol).await, Browser::of(&app, &carol).await);

    here.put(USER, json!({ "password": NEW_PASSWORD })).await.is(200);

    here.get(USER).await.is(200);
    elsewhere.get(USER).await.is(401);
    carol.get(USER).await.is(401);
    app.actor("carol", NEW_PASSWORD).get(USER).await.is(200);
    let happened = app.happened(&["account_change_password"]).await;
    assert_eq!((happened.len(), happened[0].details()), (1, json!({})));
}

#[actix_web::test]
async fn an_old_sign_in_must_be_confirmed_before_something_dangerous() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.user("carol").await).await;
    app.clock.advance(Duration::from_secs(601));

    for (method, path) in [("PUT", USER), ("DELETE", USER), ("POST", "/api/v1/user/apptoken")] {
        let refused = browser.ask(method.parse().unwrap(), path, json!({ "title": "x" })).await.is(401);
        assert_eq!(refused.json()["title"], "fresh_login_required");
    }
    browser.post("/api/v1/signin/verify", json!({ "password": "wrong" })).await.is(403);
    browser.post("/api/v1/signin/verify", json!({ "password": PASSWORD })).await.is(200);
    browser.put(USER, json!({ "company": "ACME" })).await.is(200);
}

#[actix_web::test]
async fn an_old_sign_in_makes_no_token_for_an_application() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let applications = "/api/v1/organization/acme/applications";
    let made = owner.post(applications, json!({ "name": "tool" })).await.is(200).json();
    let tokens = format!("{applications}/{}/tokens", made["client_id"].as_str().unwrap());
    let browser = Browser::of(&app, &owner).await;
    let new = json!({ "name": "mine", "scope": "user:admin" });
    app.clock.advance(Duration::from_secs(601));

    let refused = browser.post(&tokens, new.clone()).await.is(401);

    assert_eq!(refused.json()["title"], "fresh_login_required");
    browser.post("/api/v1/signin/verify", json!({ "password": PASSWORD })).await.is(200);
    browser.post(&tokens, new).await.is(200);
}

#[actix_web::test]
async fn an_account_that_the_settings_raise_does_not_end() {
    let app = TestApp::with(&[("access.superusers", "boss")]).await;
    let (boss, carol) = (app.user("boss").await, app.user("carol").await);
    let browser = Browser::of(&app, &boss).await;
    let to_carol = json!({ "adminUser": carol.name, "adminPassword": PASSWORD });

    for refused in [browser.delete(USER).await, browser.post("/api/v1/user/convert", to_carol).await] {
        assert!(refused.is(400).message().contains("settings"), "it says where the rights come from");
    }
    boss.get(USER).await.is(200);
}

#[actix_web::test]
async fn a_token_needs_its_scope_and_does_not_set_passwords() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let reading = app.bearer(&app.access_token(&carol, &[ApiScope::UserRead]).await);
    let changing = app.bearer(&app.access_token(&carol, &[ApiScope::UserAdmin]).await);
    let everything = app.bearer(&app.access_token(&carol, ApiScope::ALL).await);

    reading.put(USER, json!({ "company": "ACME" })).await.is(403);
    reading.delete(USER).await.is(403);
    changing.put(USER, json!({ "company": "ACME" })).await.is(200);
    changing.put(USER, json!({ "password": NEW_PASSWORD })).await.is(403);
    everything.put(USER, json!({ "password": NEW_PASSWORD })).await.is(200);
    app.anonymous().put(USER, json!({ "company": "ACME" })).await.is(401);
    app.organization("acme").await;
    app.robot("acme", "ci").await.put(USER, json!({ "company": "ACME" })).await.is(401);
}

#[actix_web::test]
async fn a_token_for_the_account_alone_neither_gives_it_away_nor_deletes_it() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    app.oci(&carol).push_image("carol/web", "v1").await;
    let token = app.access_token(&carol, &[ApiScope::UserAdmin]).await;
    let to_mallory = json!({ "adminUser": "mallory", "adminPassword": PASSWORD });

    for narrow in [app.bearer(&token), app.actor("$oauthtoken", &token)] {
        narrow.post("/api/v1/user/convert", to_mallory.clone()).await.is(403);
        narrow.delete(USER).await.is(403);
    }

    mallory.get("/api/v1/repository/carol/web").await.is(404);
    carol.get(USER).await.is(200);
}

#[actix_web::test]
async fn others_are_known_by_name_and_picture() {
    let app = TestApp::start().await;
    let (carol, _) = (app.user("carol").await, app.user("dave").await);
    app.organization("acme").await;

    let dave = carol.get("/api/v1/users/dave").await.is(200).json();

    assert_eq!((&dave["username"], &dave["avatar"]["kind"]), (&json!("dave"), &json!("user")));
    assert!(dave.get("email").is_none() && dave.get("organizations").is_none(), "{dave}");
    assert_eq!(carol.get("/api/v1/users/carol/").await.is(200).json()["email"], "carol@example.com");
    carol.get("/api/v1/users/nobody").await.is(404);
    carol.get("/api/v1/users/acme").await.is(404);
    carol.get("/api/v1/users/a%00b").await.is(404);
    app.anonymous().get("/api/v1/users/dave").await.is(401);
}

#[actix_web::test]
async fn nobody_makes_their_own_account_unless_allowed() {
    let new = json!({ "username": "dev", "password": "password1", "email": "dev@example.com" });
    let app = TestApp::start().await;
    app.anonymous().post(USER, new.clone()).await.is(404);

    let app = TestApp::with(&[("accounts.registration", "true")]).await;
    let wrong = [
        json!({ "username": "dev", "password": "x" }),
        json!({ "username": "a", "password": "password1" }),
        json!({ "username": "De!v", "password": "password1" }),
        json!({ "username": "dev", "password": "password1", "email": "nomail" }),
        json!({ "username": "olivia", "password": "password1" }),
        json!({ "username": "dev", "password": "password1", "email": "a\0b@example.com" }),
        json!({ "username": "dev", "password": "password1", "email": "olivia@example.com" }),
        json!({ "username": "dev" }),
    ];
    for new in wrong {
        app.anonymous().post(USER, new).await.is(400);
    }
    let raised = json!({ "username": "dev", "password": "password1", "super_user": true, "standing": "superuser" });
    let made = app.anonymous().post(USER, raised).await.is(200);
    assert!(made.all("set-cookie").is_empty());
    assert_eq!((&made.json()["username"], &made.json()["super_user"]), (&json!("dev"), &json!(false)));
    app.actor("dev", "password1").get(USER).await.is(200);
}

#[actix_web::test]
async fn a_superusers_name_is_not_had_for_the_asking() {
    let raised = [("access.superusers", "boss"), ("access.read_only_superusers", "auditor")];
    let app = TestApp::with(&[&[("accounts.registration", "true")], &raised[..]].concat()).await;
    let taken = app.anonymous().post(USER, json!({ "username": "olivia", "password": "password1" })).await.is(400);

    for name in ["boss", "auditor"] {
        let refused = app.anonymous().post(USER, json!({ "username": name, "password": "password1" })).await.is(400);
        assert_eq!(refused.message().replace(name, "olivia"), taken.message());
    }

    app.actor("boss", "password1").get("/api/v1/superuser/users").await.is(401);
    app.admin().post("/api/v1/superuser/users/", json!({ "username": "boss" })).await.is(200);
}

#[actix_web::test]
async fn a_browser_is_signed_in_with_its_new_account() {
    let app = TestApp::with(&[("accounts.registration", "true")]).await;
    let browser = Browser::new(&app);
    browser.visit().await;
    let new = json!({ "username": "dev", "password": "password1" });

    browser.ask_unmeant("POST".parse().unwrap(), USER, new.clone()).await.is(403);
    browser.post(USER, new).await.is(200);

    assert_eq!(browser.get(USER).await.is(200).json()["username"], "dev");
}

#[actix_web::test]
async fn users_delete_themselves_unless_an_organization_would_be_left_alone() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &app.user("carol").await).await;

    let refused = owner.delete(USER).await.is(400);
    assert!(refused.message().contains("acme-owner is the only admin of acme"), "{}", refused.message());
    browser.delete(USER).await.is(204);

    browser.get(USER).await.is(401);
    app.actor("carol", PASSWORD).get(USER).await.is(401);
    let happened = app.happened(&["user_delete"]).await;
    assert_eq!((happened.len(), happened[0].actor_name.as_str()), (1, "carol"));
    app.join("acme", "owners", &app.admin()).await;
    owner.delete(USER).await.is(204);
}

#[actix_web::test]
async fn an_account_becomes_an_organization() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.oci(&carol).push_image("carol/web", "v1").await;
    let token = app.access_token(&carol, ApiScope::ALL).await;
    let browser = Browser::of(&app, &carol).await;
    let convert = "/api/v1/user/convert";

    let refused = browser.post(convert, json!({ "adminUser": "dave", "adminPassword": "bad" })).await.is(400);
    assert_eq!(refused.json()["reason"], "invaliduser");
    browser.post(convert, json!({ "adminUser": "carol", "adminPassword": PASSWORD })).await.is(400);
    browser.post(convert, json!({ "adminUser": "dave", "adminPassword": PASSWORD })).await.is(200);

    assert_eq!(browser.get(USER).await.is(200).json()["username"], "dave");
    carol.get(USER).await.is(401);
    app.bearer(&token).get(USER).await.is(401);
    app.oci(&dave).get_manifest("carol/web", "v1").await.is(200);
    dave.put("/api/v1/organization/carol/team/ops", json!({ "role": "member" })).await.is(200);
    assert_eq!(app.happened(&["account_convert"]).await.len(), 1);
}

#[actix_web::test]
async fn a_read_only_superuser_changes_what_concerns_nobody_else() {
    let app = TestApp::start().await;
    app.user("dave").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let narrow = app.bearer(&app.access_token(&auditor, &[ApiScope::UserAdmin]).await);

    for who in [&auditor, &narrow] {
        who.delete(USER).await.is(403);
        who.post("/api/v1/user/convert", json!({ "adminUser": "dave", "adminPassword": PASSWORD })).await.is(403);
        // Their namespace's, where others may push.
        for setting in [
            json!({ "tag_expiration_s": 0 }),
            json!({ "invoice_email": true }),
            json!({ "invoice_email_address": "bills@acme.example", "company": "ACME" }),
        ] {
            who.put(USER, setting).await.is(403);
        }
    }
    let me = auditor.get(USER).await.is(200).json();
    assert_eq!((&me["tag_expiration_s"], &me["company"]), (&json!(1_209_600), &Value::Null));
    auditor.put(USER, json!({ "company": "ACME", "email": "audrey@acme.example" })).await.is(200);
    auditor.post("/api/v1/user/apptoken", json!({ "title": "laptop" })).await.is(200);
    auditor.put(USER, json!({ "password": NEW_PASSWORD })).await.is(200);
}

#[actix_web::test]
async fn who_administers_an_organization_alone_does_not_become_one() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.user("dave").await;

    let asked = json!({ "adminUser": "dave", "adminPassword": PASSWORD });
    let refused = owner.post("/api/v1/user/convert", asked).await.is(400);

    assert!(refused.message().contains("only admin of acme"), "{}", refused.message());
    owner.get(USER).await.is(200);
}

#[actix_web::test]
async fn a_key_stands_for_the_password_until_that_changes() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let path = "/api/v1/user/clientkey";
    carol.post(path, json!({ "password": "wrong" })).await.is(400);

    let key = carol.post(path, json!({ "password": PASSWORD })).await.is(200).json()["key"].clone();
    let key = key.as_str().unwrap();

    let with_key = app.actor("carol", key);
    with_key.get("/v2/").await.is(200);
    app.actor(&dave.name, key).get("/v2/").await.is(401);
    Browser::new(&app).sign_in("carol", key).await.is(403);
    app.clock.advance(Duration::from_secs(1));
    carol.put(USER, json!({ "password": NEW_PASSWORD })).await.is(200);
    with_key.get("/v2/").await.is(401);
}

#[actix_web::test]
async fn what_quays_pages_ask_for_is_there_and_empty() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;

    for who in [&carol, &auditor] {
        assert_eq!(
            who.get("/api/v1/user/notifications").await.is(200).json(),
            json!({ "notifications": [], "additional": false })
        );
        assert_eq!(who.get("/api/v1/user/private").await.is(200).json()["privateAllowed"], true);
        assert_eq!(who.get("/api/v1/user/assignedauthorization").await.is(200).json(), json!({ "authorizations": [] }));
        who.get("/api/v1/user/notifications/none").await.is(404);
        who.delete("/api/v1/user/assignedauthorization/none").await.is(404);
    }
    app.anonymous().get("/api/v1/user/notifications").await.is(401);
}
