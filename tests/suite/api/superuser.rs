//! What superusers do, and what read-only ones see of it.

use domain::access::{ApiScope, Standing};
use serde_json::{Value, json};

use crate::support::{Image, PASSWORD, PRIVATE, TestApp};

const USERS: &str = "/api/v1/superuser/users/";

#[actix_web::test]
async fn a_user_is_made_with_a_password_shown_once() {
    let app = TestApp::start().await;

    let made =
        app.admin().post(USERS, json!({ "username": "carol", "email": "carol@example.com" })).await.is(200).json();

    let password = made["password"].as_str().unwrap();
    assert_eq!((password.len(), made["username"].as_str()), (32, Some("carol")));
    app.actor("carol", password).get("/api/v1/user/").await.is(200);
    let shown = app.admin().get(&format!("{USERS}carol")).await.is(200);
    assert!(!shown.text().contains(password));
    let taken = app.admin().post(USERS, json!({ "username": "carol" })).await.is(400);
    assert_eq!(taken.message(), "Username has already been taken by user cannot be reused: carol");
    for wrong in [
        json!({ "username": "Bad Name!" }),
        json!({ "email": "b@example.com" }),
        json!({ "username": "dora", "email": "nothing" }),
        json!({ "username": "dora", "email": "carol@example.com" }),
    ] {
        app.admin().post(USERS, wrong).await.is(400);
    }
    app.admin().get(&format!("{USERS}dora")).await.is(404);
}

#[actix_web::test]
async fn users_are_changed_all_or_nothing() {
    let app = TestApp::start().await;
    let (carol, _dora) = (app.user("carol").await, app.user("dora").await);
    let path = format!("{USERS}carol");

    let refused = json!({ "password": "another password", "email": "dora@example.com" });
    app.admin().put(&path, refused).await.is(400);
    carol.get("/api/v1/user/").await.is(200);
    app.admin().put(&path, json!({ "password": "short" })).await.is(400);

    let wanted = json!({ "password": "another password", "email": "c@example.com", "super_user": true });
    let changed = app.admin().put(&path, wanted).await.is(200).json();
    assert_eq!((changed["email"].as_str(), changed["super_user"].as_bool()), (Some("c@example.com"), Some(false)));
    carol.get("/api/v1/user/").await.is(401);
    let carol = app.actor("carol", "another password");
    carol.get("/api/v1/user/").await.is(200);

    assert_eq!(app.admin().put(&path, json!({ "enabled": false })).await.is(200).json()["enabled"], false);
    carol.get("/api/v1/user/").await.is(401);
    assert_eq!(app.admin().put(&path, json!({ "enabled": true })).await.is(200).json()["enabled"], true);
    carol.get("/api/v1/user/").await.is(200);
    app.admin().put(&format!("{USERS}olivia"), json!({ "enabled": false })).await.is(400);
    app.admin().put(&format!("{USERS}none"), json!({ "enabled": false })).await.is(404);
}

#[actix_web::test]
async fn users_and_organizations_are_listed_in_pages() {
    let app = TestApp::start().await;
    for name in ["bb", "cc", "dd"] {
        app.user(name).await;
        app.admin().post("/api/v1/organization/", json!({ "name": format!("{name}-corp") })).await.is(201);
    }
    app.set_enabled(&app.actor("cc", PASSWORD), false).await;

    let mut names = vec![];
    for (list, path) in [("users", USERS), ("organizations", "/api/v1/superuser/organizations/")] {
        let mut next = format!("{path}?limit=2");
        loop {
            let page = app.admin().get(&next).await.is(200).json();
            assert!(page[list].as_array().unwrap().len() <= 2);
            names.extend(page[list].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_string()));
            match page["next_page"].as_str() {
                Some(token) => next = format!("{path}?limit=2&next_page={token}"),
                None => break,
            }
        }
        app.admin().get(&format!("{path}?limit=0")).await.is(400);
        app.admin().get(&format!("{path}?next_page=nonsense")).await.is(400);
    }

    assert_eq!(names, ["bb", "cc", "dd", "olivia", "bb-corp", "cc-corp", "dd-corp"]);
    let enabled = app.admin().get(&format!("{USERS}?disabled=false")).await.is(200).json();
    assert_eq!(enabled["users"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn an_organization_gets_another_name_with_all_that_is_in_it() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    app.oci(&owner).push("acme/web", "v1", &Image::new("one")).await;
    let robot = app.robot("acme", "ci").await;
    app.grant("acme/web", &robot, "read").await;
    let token = app.oci(&owner).token(&["repository:acme/web:pull"]).await;
    let robots = app.oci(&robot).token(&["repository:acme/web:pull"]).await;
    app.clock.advance(std::time::Duration::from_secs(1));
    let path = "/api/v1/superuser/organizations/acme";

    app.admin().put(path, json!({ "name": "other" })).await.is(400);
    app.admin().put(path, json!({ "name": "superuser" })).await.is(400);
    app.admin().put(path, json!({ "name": "a".repeat(254) })).await.is(400);
    assert_eq!(app.admin().put(path, json!({ "name": "gamma" })).await.is(200).json()["name"], "gamma");

    app.oci(&owner).get("/v2/gamma/web/manifests/v1").await.is(200);
    app.oci(&owner).get("/v2/acme/web/manifests/v1").await.is(404);
    assert!(matches!(app.oci_with(&token).get("/v2/acme/web/manifests/v1").await.status, 401 | 404));
    app.oci_with(&robots).get("/v2/gamma/web/manifests/v1").await.is(401);
    app.oci(&app.actor("gamma+ci", &robot.secret)).get("/v2/gamma/web/manifests/v1").await.is(200);
    app.actor(&robot.name, &robot.secret).get("/v2/auth").await.is(401);
    app.admin().put(path, json!({ "name": "delta" })).await.is(404);
    app.admin().put(&format!("{USERS}acme-owner"), json!({ "username": "gamma-owner" })).await.is(200);
    app.actor("gamma-owner", PASSWORD).get("/api/v1/user/").await.is(200);
}

#[actix_web::test]
async fn superusers_take_namespaces_over() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let carol = app.user("carol").await;
    app.repository("carol/web", PRIVATE).await;
    app.user_with("root", Standing::Superuser).await;

    let path = "/api/v1/superuser/takeownership";
    assert_eq!(app.admin().post(&format!("{path}/acme"), json!({})).await.is(200).json()["namespace"], "acme");
    app.admin().post(&format!("{path}/acme"), json!({})).await.is(200);
    app.admin().post(&format!("{path}/carol"), json!({})).await.is(200);
    app.admin().post(&format!("{path}/none"), json!({})).await.is(404);
    app.admin().post(&format!("{path}/root"), json!({})).await.is(400);
    app.admin().post(&format!("{path}/olivia"), json!({})).await.is(400);

    carol.get("/api/v1/user/").await.is(401);
    app.oci(&app.admin()).get("/v2/carol/web/tags/list").await.is(200);
    let organizations = app.admin().get("/api/v1/superuser/organizations/").await.json();
    let names: Vec<&str> =
        organizations["organizations"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["acme", "carol"]);
}

#[actix_web::test]
async fn read_only_superusers_read_and_change_nothing() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let carol = app.user("carol").await;
    let narrow = app.bearer(&app.access_token(&app.admin(), &[ApiScope::UserAdmin, ApiScope::OrganizationAdmin]).await);
    let read = [
        "users/",
        "users/carol",
        "organizations/",
        "apptokens",
        "keys",
        "changelog/",
        "registrystatus",
        "registrysize/",
        "config",
        "mirror/health",
        "users/carol/quota",
        "organization/acme/quota",
        "deleted",
    ];
    let write: [(&str, &str, Value); 9] = [
        ("POST", "users/", json!({ "username": "new" })),
        ("PUT", "users/carol", json!({ "enabled": false })),
        ("DELETE", "users/carol", json!({})),
        ("PUT", "organizations/acme", json!({ "name": "gamma" })),
        ("DELETE", "organizations/acme", json!({})),
        ("POST", "takeownership/acme", json!({})),
        ("POST", "registrysize/", json!({})),
        ("POST", "keys", json!({ "service": "x", "expiration": 1 })),
        ("DELETE", "keys/none", json!({})),
    ];

    for path in read {
        let path = format!("/api/v1/superuser/{path}");
        auditor.get(&path).await.is(200);
        app.admin().get(&path).await.is(200);
        for (who, status) in [(&carol, 403), (&narrow, 403), (&app.anonymous(), 401)] {
            who.get(&path).await.is(status);
        }
    }
    for (method, path, body) in write {
        let path = format!("/api/v1/superuser/{path}");
        for (who, status) in [(&auditor, 403), (&carol, 403), (&narrow, 403), (&app.anonymous(), 401)] {
            who.ask(method.parse().unwrap(), &path, Some(body.clone())).await.is(status);
        }
    }
    app.admin().get("/api/v1/superuser/users/none").await.is(404);
}

#[actix_web::test]
async fn application_tokens_are_listed_without_their_secrets() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let secret = app.application_token(&carol).await;
    app.access_token(&carol, &[ApiScope::UserRead]).await;

    let listed = app.admin().get("/api/v1/superuser/apptokens").await.is(200);

    let tokens = listed.json()["tokens"].as_array().unwrap().clone();
    assert_eq!((tokens.len(), tokens[0]["username"].as_str()), (1, Some("carol")));
    assert!(!listed.text().contains(&secret));
    let ending = app.admin().get("/api/v1/superuser/apptokens?expiring=true").await.is(200).json();
    assert_eq!((ending["tokens"].clone(), ending["only_expiring"].clone()), (json!([]), json!(true)));
}

#[actix_web::test]
async fn the_size_is_counted_when_asked_for() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = Image::new("one");
    app.oci(&owner).push("acme/web", "v1", &image).await;
    let path = "/api/v1/superuser/registrysize/";

    assert_eq!(app.admin().get(path).await.is(200).json()["last_ran"], Value::Null);
    app.admin().post(path, json!({ "namespace": "x" })).await.is(201);

    let size = app.admin().get(path).await.is(200).json();
    assert!(size["size_bytes"].as_u64().unwrap() >= image.layer.len() as u64, "{size}");
    assert!(size["last_ran"].is_i64());
}

#[actix_web::test]
async fn the_settings_are_shown_without_secrets() {
    let app = TestApp::with(&[("metrics.token", "a-token-nobody-is-to-see")]).await;

    let shown = app.admin().get("/api/v1/superuser/config").await.is(200);

    assert!(!shown.text().contains("nobody-is-to-see"), "{}", shown.shown());
    assert_eq!(shown.json()["config"]["metrics.token"], "***");
    assert_eq!(shown.json()["config"]["retention.deleted"], "7d");
    assert!(shown.json()["schema"]["retention.deleted"]["description"].is_string());
    assert!(
        app.admin().get("/api/v1/superuser/changelog/").await.json()["log"].as_str().unwrap().contains("# Changelog")
    );
}

#[actix_web::test]
async fn the_registrys_own_key_is_shown_and_cannot_be_changed() {
    let app = TestApp::start().await;

    let key = app.admin().get("/api/v1/superuser/keys").await.is(200).json()["keys"][0].clone();
    let path = format!("/api/v1/superuser/keys/{}", key["kid"].as_str().unwrap());

    assert_eq!(app.admin().get(&path).await.is(200).json()["jwk"], key["jwk"]);
    let public = app.anonymous().get("/keys/services/quay/keys").await.is(200).json();
    assert_eq!(public["keys"][0], key["jwk"]);
    app.anonymous().get("/keys/services/quay/keys/none").await.is(404);
    assert_eq!(app.anonymous().get("/keys/services/other/keys").await.is(200).json()["keys"], json!([]));
    app.admin().put(&path, json!({ "name": "other" })).await.is(400);
    app.admin().delete(&path).await.is(400);
    app.admin().get("/api/v1/superuser/keys/none").await.is(404);
    let missing = app.admin().post("/api/v1/superuser/keys", json!({ "service": "x" })).await.is(400);
    assert_eq!(missing.message(), "'expiration' is a required property");
    let past = app.admin().post("/api/v1/superuser/keys", json!({ "service": "x", "expiration": 10 })).await.is(400);
    assert_eq!(past.message(), "Expiration date cannot be in the past");
}

#[actix_web::test]
async fn a_session_whose_password_was_given_long_ago_reads_and_changes_nothing() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();
    let visitor = nobody.get("/csrf_token").await.is(200);
    let cookie = |answer: &crate::support::Answer| answer.header("set-cookie").split(';').next().unwrap().to_string();
    let signing_in = nobody
        .request("POST".parse().unwrap(), "/api/v1/signin")
        .header("cookie", cookie(&visitor))
        .header("x-csrf-token", visitor.json()["csrf_token"].as_str().unwrap())
        .json(&json!({ "username": "olivia", "password": PASSWORD }));
    let signed_in = crate::support::Actor::send(signing_in).await.is(200);
    let ask = |method: &str, path: &str| {
        let request = nobody.request(method.parse().unwrap(), path).json(&json!({ "username": "carol" }));
        let request = request.header("cookie", cookie(&signed_in));
        crate::support::Actor::send(request.header("x-csrf-token", signed_in.header("x-next-csrf-token")))
    };

    app.clock.advance(std::time::Duration::from_secs(601));

    ask("GET", USERS).await.is(200);
    let refused = ask("POST", USERS).await.is(401);
    assert_eq!(refused.json()["title"], "fresh_login_required");
    ask("DELETE", "/api/v1/superuser/organizations/any").await.is(401);
    ask("POST", "/api/v1/superuser/deleted/user/1/restore").await.is(401);
}
