//! What somebody tries who means no good, where no noun's own tests have it.

use domain::access::ApiScope::{self, *};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Browser, PRIVATE, TestApp};

const USER: &str = "/api/v1/user/";

/// Everything that no body may decide, in every spelling a program could try.
fn with_claims(mut body: Value) -> Value {
    let claims = json!({
        "superuser": true, "super_user": true, "standing": "superuser", "enabled": true, "verified": true, "id": 1,
        "user_id": 1, "namespace_id": 1, "owner": "mallory", "owner_id": 1, "creator": "mallory", "is_admin": true,
        "admin": true, "permissions": ["admin"], "members": ["mallory"], "users": ["mallory"], "teams": ["owners"],
        "token": "known", "secret": "known", "client_secret": "known", "digest": "known", "created_by": "mallory",
        "namespace_name": "mallory", "organization_id": 1, "repository_id": 1, "origin": "minted",
    });
    let body_fields = body.as_object_mut().unwrap();
    for (name, value) in claims.as_object().unwrap() {
        body_fields.entry(name).or_insert_with(|| value.clone());
    }
    body
}

#[actix_web::test]
async fn a_body_decides_only_what_its_operation_is_for() {
    let app = TestApp::with(&[("accounts.registration", "true")]).await;
    let mallory = app.user("mallory").await;
    let browser = Browser::new(&app);
    browser.visit().await;
    browser.post(USER, with_claims(json!({ "username": "dev", "password": "password1" }))).await.is(200);
    assert_eq!(browser.get(USER).await.is(200).json()["super_user"], false);
    browser.get("/api/v1/superuser/users/").await.is(403);

    let dev = app.actor("dev", "password1");
    dev.post("/api/v1/organization/", with_claims(json!({ "name": "corp" }))).await.is(201);
    let members = dev.get("/api/v1/organization/corp/members").await.is(200).json();
    assert_eq!((members["members"].as_array().unwrap().len(), &members["members"][0]["name"]), (1, &json!("dev")));

    let robot = dev.put("/api/v1/organization/corp/robots/ci", with_claims(json!({}))).await.is(201).json();
    assert_eq!(robot["name"], "corp+ci");
    assert_ne!(robot["token"], "known");

    dev.put("/api/v1/organization/corp/team/ops", with_claims(json!({ "role": "member" }))).await.is(200);
    let team = dev.get("/api/v1/organization/corp/team/ops/members").await.is(200).json();
    assert_eq!(team["members"], json!([]));

    let new = json!({ "namespace": "corp", "repository": "web", "visibility": "private" });
    dev.post("/api/v1/repository", with_claims(new)).await.is(201);
    let web = "/api/v1/repository/corp/web";
    let granted = dev.get(&format!("{web}/permissions/user/")).await.is(200).json();
    assert_eq!(granted["permissions"].as_object().unwrap().keys().collect::<Vec<_>>(), ["dev"]);
    dev.put(&format!("{web}/permissions/user/mallory"), with_claims(json!({ "role": "read" }))).await.is(200);
    mallory.put(web, json!({ "description": "mine" })).await.is(403);

    let own = json!({ "name": "ci", "scopes": ["user:read"], "scope": "super:user" });
    let token = mallory.post("/api/v1/user/tokens", with_claims(own)).await.is(200).json();
    let program = app.bearer(token["token"]["token"].as_str().unwrap());
    assert_eq!(program.get(USER).await.is(200).json()["username"], "mallory");
    program.get("/api/v1/superuser/users/").await.is(403);
    program.put(USER, json!({ "company": "ACME" })).await.is(403);
}

#[actix_web::test]
async fn what_another_organization_has_is_not_below_ones_own() {
    let app = TestApp::start().await;
    let (owner, other) = (app.organization("acme").await, app.organization("other").await);
    app.robot("acme", "ci").await;
    app.team("acme", "ops", domain::access::TeamRole::Member).await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("other/web", PRIVATE).await;
    let export = owner.post("/api/v1/organization/acme/exportlogs", json!({})).await.is(200).json();

    let none = json!(null);
    for (method, path, body, status) in [
        // A missing robot account is 400, as in Quay.
        ("GET", "organization/other/robots/ci", &none, 400),
        ("GET", "organization/other/robots/ci/permissions", &none, 400),
        ("GET", "organization/other/robots/ci/federation", &none, 400),
        ("POST", "organization/other/robots/ci/regenerate", &json!({}), 400),
        ("DELETE", "organization/other/robots/ci", &none, 400),
        ("GET", "organization/other/team/ops/members", &none, 404),
        ("GET", "organization/other/team/ops/permissions", &none, 404),
        ("PUT", "organization/other/team/ops/members/other-owner", &json!({}), 404),
        // And so is a missing team, when it is to be deleted.
        ("DELETE", "organization/other/team/ops", &none, 400),
        ("PUT", "repository/other/web/permissions/team/ops", &json!({ "role": "admin" }), 400),
        ("PUT", "repository/other/web/permissions/user/acme+ci", &json!({ "role": "admin" }), 400),
    ] {
        let body = (!body.is_null()).then(|| body.clone());
        other.ask(method.parse().unwrap(), &format!("/api/v1/{path}"), body).await.is(status);
    }
    let listed = other.get("/api/v1/organization/other/logs/exports").await.is(200).text();
    assert!(!listed.contains(export["export_id"].as_str().unwrap()), "{listed}");
    // Nothing of it was changed.
    owner.get("/api/v1/organization/acme/robots/ci").await.is(200);
    owner.get("/api/v1/organization/acme/team/ops/members").await.is(200);
}

/// The same token, sent as either kind of client sends it.
fn both_ways(app: &TestApp, token: &str) -> [Actor; 2] {
    [app.bearer(token), app.actor("$oauthtoken", token)]
}

#[actix_web::test]
async fn a_narrow_token_is_as_narrow_by_basic_as_by_bearer() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let web = "/api/v1/repository/acme/web";
    let reading = app.access_token(&owner, &[RepositoryRead]).await;

    for program in both_ways(&app, &reading) {
        program.get(web).await.is(200);
        program.put(web, json!({ "description": "x" })).await.is(403);
        assert_eq!(program.delete(web).await.is(403).json()["error_type"], "insufficient_scope");
        program.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(403);
        program.get("/api/v1/organization/acme/robots").await.is(403);
        program.get("/api/v1/organization/acme/logs").await.is(403);
        program.post("/api/v1/organization/", json!({ "name": "corp" })).await.is(403);
        program.get(USER).await.is(401);
        program.post("/api/v1/user/tokens", json!({ "name": "more", "scopes": ["repo:admin"] })).await.is(403);
    }
}

#[actix_web::test]
async fn a_token_whose_scope_was_reduced_allows_what_is_left() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let web = "/api/v1/repository/acme/web";
    let token = app.access_token(&owner, &[RepositoryAdmin, UserRead]).await;
    let ways = both_ways(&app, &token);
    for program in &ways {
        program.put(web, json!({ "description": "before" })).await.is(200);
    }

    app.sql(format!("UPDATE tokens SET scopes = '{}' WHERE kind = 'access'", ApiScope::list(&[RepositoryRead]))).await;

    for program in &ways {
        program.put(web, json!({ "description": "after" })).await.is(403);
        program.get(web).await.is(200);
        program.get(USER).await.is(401);
    }
    let pusher = app.oci(&app.actor("$oauthtoken", &token));
    pusher.post("/v2/acme/web/blobs/uploads/").await.is(401);
}

#[actix_web::test]
async fn patterns_are_letters_in_every_filter() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/a-b", PRIVATE).await;
    app.robot("acme", "ci").await;

    for pattern in ["%25", "_", "a_b", "a%25b", "%5C"] {
        let repositories = owner.get(&format!("/api/v1/repository?namespace=acme&filter={pattern}")).await.is(200);
        assert_eq!(repositories.json()["repositories"], json!([]), "{pattern}");
        let found = owner.get(&format!("/api/v1/find/repositories?query={pattern}")).await.is(200);
        assert_eq!(found.json()["results"], json!([]), "{pattern}");
        let all = owner.get(&format!("/api/v1/find/all?query={pattern}")).await.is(200);
        assert_eq!(all.json()["results"], json!([]), "{pattern}");
        let robots = owner.get(&format!("/api/v1/organization/acme/robots?prefix={pattern}")).await;
        assert!(robots.status == 400 || robots.json()["robots"] == json!([]), "{}", robots.shown());
    }
    let same = owner.get("/api/v1/repository?namespace=acme&filter=a-b").await.is(200).json();
    assert_eq!(same["repositories"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn lists_are_sorted_and_filtered_by_what_they_know_alone() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    for name in ["acme/a", "acme/b"] {
        app.repository(name, PRIVATE).await;
    }
    let list = "/api/v1/repository?namespace=acme";
    let plain = owner.get(list).await.is(200).json();

    for more in ["sort=password", "order_by=id;DROP", "sort=-name&order=desc", "visibility.id=1", "namespace_id=1"] {
        assert_eq!(owner.get(&format!("{list}&{more}")).await.is(200).json(), plain, "{more}");
    }
    owner.get(&format!("{list}&next_page=bm90LWEtdG9rZW4")).await.is(400);
    owner.get(&format!("{list}&limit=lots")).await.is(400);
    owner.get("/api/v1/repository/acme/a/tag/?filter_tag_name=digest:x").await.is(400);
    owner.get("/api/v1/organization/acme/logs?kind=%27%20OR%201%3D1").await.is(400);
}

#[actix_web::test]
async fn a_program_in_a_browser_calls_with_its_token_and_a_page_reads_nothing_else() {
    const ORIGIN: &str = "https://tool.example.com";
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let token = app.access_token(&carol, &[UserRead]).await;
    let ask = async |who: &Actor, method: Method, path: &str| {
        Actor::send(who.request(method, path).header("origin", ORIGIN)).await
    };

    let asked = ask(&app.anonymous(), Method::OPTIONS, USER).await.is(200);
    assert_eq!(asked.header("access-control-allow-origin"), "*");
    assert!(asked.header("access-control-allow-methods").contains("PUT"), "{}", asked.shown());
    assert!(asked.header("access-control-allow-headers").contains("Authorization"), "{}", asked.shown());
    assert_eq!(asked.maybe_header("access-control-allow-credentials"), None);
    ask(&app.anonymous(), Method::OPTIONS, "/api/v1/nothing").await.is(404);

    let told = ask(&app.bearer(&token), Method::GET, USER).await.is(200);
    assert_eq!(told.header("access-control-allow-origin"), "*");
    let refused = ask(&app.bearer("pht_wrong"), Method::GET, USER).await.is(401);
    assert_eq!(refused.header("access-control-allow-origin"), "*");

    let public = ask(&app.anonymous(), Method::GET, "/api/v1/repository?public=true").await.is(200);
    assert_eq!(public.maybe_header("access-control-allow-origin"), None);
    let browser = Browser::of(&app, &carol).await;
    let own = browser.send(browser.request(Method::GET, USER).header("origin", ORIGIN)).await.is(200);
    assert_eq!(own.maybe_header("access-control-allow-origin"), None);
}
