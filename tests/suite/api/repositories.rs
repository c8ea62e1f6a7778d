//! Repositories.

use domain::access::{Standing, TeamRole};
use serde_json::json;

use crate::support::{Actor, PRIVATE, PUBLIC, TestApp};

const PATH: &str = "/api/v1/repository";

#[actix_web::test]
async fn a_repository_is_made_in_an_organization_or_ones_own_namespace() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;

    let new = json!({ "namespace": "acme", "repository": "shop/web", "visibility": "private", "description": "Shop" });
    let made = owner.post(PATH, new).await.is(201).json();
    let own = json!({ "repository": "own", "visibility": "public", "description": "" });
    let own = carol.post("/api/v1/repository/", own).await.is(201).json();

    assert_eq!(made, json!({ "namespace": "acme", "name": "shop/web", "kind": "image" }));
    assert_eq!(own["namespace"], "carol");
    app.oci(&owner).get("/v2/acme/shop/web/tags/list").await.is(200);
    app.oci(&app.anonymous()).get("/v2/carol/own/tags/list").await.is(200);
}

#[actix_web::test]
async fn a_repository_that_exists_is_not_made_again() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let new = json!({ "namespace": "acme", "repository": "web", "visibility": "private" });
    owner.post(PATH, new.clone()).await.is(201);

    let refused = owner.post(PATH, new).await.is(400);

    assert_eq!(refused.message(), "Repository already exists");
}

#[actix_web::test]
async fn what_is_wrong_with_a_repository_is_said() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let new =
        |name: &str, visibility: &str| json!({ "namespace": "acme", "repository": name, "visibility": visibility });

    for wrong in ["", "Web", "a b", "../x", "a//b", "web:v1", "a\0b", &"a".repeat(300)] {
        app.admin().post(PATH, new(wrong, "private")).await.is(400);
    }
    let refused = app.admin().post(PATH, new("web", "secret")).await.is(400);
    assert_eq!(refused.message(), "Visibility is 'public' or 'private'; got 'secret'");
    app.admin().post(PATH, json!({ "namespace": "acme", "repository": "web" })).await.is(400);
    let chart = json!({ "namespace": "acme", "repository": "c", "visibility": "private", "repo_kind": "application" });
    app.admin().post(PATH, chart).await.is(400);
    let nowhere = json!({ "namespace": "none", "repository": "web", "visibility": "private" });
    app.admin().post(PATH, nowhere).await.is(404);
    let odd = json!({ "namespace": "acme", "repository": "odd", "visibility": "private", "description": "a\0b" });
    let odd = app.admin().post(PATH, odd).await;
    assert!(odd.status < 500, "{}", odd.shown());
}

#[actix_web::test]
async fn a_namespace_is_one_part_of_a_name() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    owner.get("/v2/acme/web/tags/list").await.is(200);

    let answer = owner.post(PATH, json!({ "namespace": "acme/web", "repository": "x", "visibility": "private" })).await;

    assert!((400..500).contains(&answer.status), "{}", answer.shown());
}

#[actix_web::test]
async fn creators_make_repositories_and_others_do_not() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.team("acme", "makers", TeamRole::Creator).await;
    let (maker, robot) = (app.user("maker").await, app.robot("acme", "ci").await);
    app.join("acme", "makers", &maker).await;
    app.join("acme", "makers", &robot).await;
    let new = |name: &str| json!({ "namespace": "acme", "repository": name, "visibility": "private" });

    maker.post(PATH, new("by-user")).await.is(201);
    robot.post(PATH, new("by-robot")).await.is(201);

    app.user("sam").await.post(PATH, new("x")).await.is(403);
    app.user_with("audrey", Standing::ReadOnlySuperuser).await.post(PATH, new("x")).await.is(403);
    app.anonymous().post(PATH, new("x")).await.is(401);
    robot.post(PATH, json!({ "repository": "x", "visibility": "private" })).await.is(400);
}

#[actix_web::test]
async fn visibility_changes_at_once_and_in_words() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let path = "/api/v1/repository/acme/web/changevisibility";
    let pulled = |app: &TestApp| {
        let nobody = app.anonymous();
        async move { nobody.get("/v2/acme/web/tags/list").await.status }
    };
    assert_eq!(pulled(&app).await, 401);

    let changed = owner.post(path, json!({ "visibility": PUBLIC })).await.is(200);
    assert_eq!((changed.json(), pulled(&app).await), (json!({ "success": true }), 200));
    owner.post(path, json!({ "visibility": PRIVATE })).await.is(200);
    assert_eq!(pulled(&app).await, 401);

    let refused = owner.post(path, json!({ "visibility": "secret" })).await.is(400);
    assert!(refused.message().contains("'secret'"));
}

#[actix_web::test]
async fn names_may_be_sent_as_one_encoded_segment() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.user("dave").await;
    app.repository("acme/shop/web", PRIVATE).await;

    for name in ["acme/shop/web", "acme%2Fshop%2Fweb", "acme/shop%2Fweb", "acme%2fshop/web"] {
        let visibility = format!("/api/v1/repository/{name}/changevisibility");
        owner.post(&visibility, json!({ "visibility": PUBLIC })).await.is(200);
        let grant = format!("/api/v1/repository/{name}/permissions/user/dave");
        owner.put(&grant, json!({ "role": "read" })).await.is(200);
    }
}

#[actix_web::test]
async fn a_trailing_slash_is_optional_everywhere() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.user("dave").await;
    app.repository("acme/web", PRIVATE).await;
    owner.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    let requests = [
        ("GET", "/api/v1/user/", json!(null)),
        ("POST", "/api/v1/repository/acme/web/changevisibility/", json!({ "visibility": PUBLIC })),
        ("PUT", "/api/v1/repository/acme/web/permissions/user/dave/", json!({ "role": "read" })),
        ("GET", "/api/v1/organization/acme/robots/ci/", json!(null)),
        ("PUT", "/api/v1/organization/acme/team/ops/", json!({ "role": "member" })),
    ];
    let mut refused = Vec::new();
    for (method, path, body) in requests {
        let answer = owner.ask(method.parse().unwrap(), path, Some(body)).await;
        if answer.status != 200 {
            refused.push(format!("{method} {path}: {}", answer.status));
        }
    }

    assert!(refused.is_empty(), "{refused:#?}");
}

#[actix_web::test]
async fn names_no_repository_can_have_are_not_found() {
    let app = TestApp::start().await;
    let admin = app.admin();
    for name in ["ACME/web", "acme", "acme%2F..%2Fweb", "a%00b/c", "acme%252Fweb", &"a".repeat(300)] {
        let path = format!("/api/v1/repository/{name}/changevisibility");
        let answer =
            Actor::send(admin.request("POST".parse().unwrap(), &path).json(&json!({ "visibility": PUBLIC }))).await;
        assert_eq!(answer.status, 404, "{}", answer.shown());
    }
}
