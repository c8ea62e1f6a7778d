//! What access tokens may be used for.

use domain::access::ApiScope::{self, *};
use serde_json::json;

use crate::support::{Actor, PRIVATE, TestApp};

async fn program(app: &TestApp, who: &Actor, scopes: &[ApiScope]) -> Actor {
    let token = app.access_token(who, scopes).await;
    app.bearer(&token)
}

#[actix_web::test]
async fn every_operation_needs_its_scope() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.user("dave").await;
    let organization = json!({ "name": "newcorp" });
    let repository = json!({ "namespace": "acme", "repository": "new", "visibility": "private" });
    let operations = [
        ("GET", "/api/v1/user/", json!(null), UserRead),
        ("POST", "/api/v1/organization/", organization, UserAdmin),
        ("PUT", "/api/v1/organization/acme/team/ops", json!({ "role": "member" }), OrganizationAdmin),
        ("PUT", "/api/v1/organization/acme/robots/ci", json!({}), OrganizationAdmin),
        ("PUT", "/api/v1/user/robots/ci", json!({}), UserAdmin),
        ("POST", "/api/v1/repository", repository, RepositoryCreate),
        ("POST", "/api/v1/repository/acme/web/changevisibility", json!({ "visibility": "public" }), RepositoryAdmin),
        ("PUT", "/api/v1/repository/acme/web/permissions/user/dave", json!({ "role": "read" }), RepositoryAdmin),
    ];
    for (method, path, body, scope) in operations {
        let others: Vec<ApiScope> = ApiScope::ALL.iter().copied().filter(|other| *other != scope).collect();
        // Whoever may change their own details may read them.
        let others: Vec<ApiScope> =
            others.into_iter().filter(|other| scope != UserRead || *other != UserAdmin).collect();
        // Whoever may administer an organization may create repositories in it.
        let others: Vec<ApiScope> =
            others.into_iter().filter(|other| scope != RepositoryCreate || *other != OrganizationAdmin).collect();
        // As in Quay, a token that may not read the account is nobody's there.
        let refused = if scope == UserRead { 401 } else { 403 };

        let without = program(&app, &owner, &others).await.ask(method.parse().unwrap(), path, Some(body.clone())).await;
        let with = program(&app, &owner, &[scope]).await.ask(method.parse().unwrap(), path, Some(body)).await;

        assert_eq!((without.status, with.status / 100), (refused, 2), "{}{}", without.shown(), with.shown());
    }
}

#[actix_web::test]
async fn a_scope_gives_no_more_than_its_holder_has() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let carol = app.user("carol").await;
    let all = program(&app, &carol, ApiScope::ALL).await;

    all.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(403);
    all.post("/api/v1/repository/acme/web/changevisibility", json!({ "visibility": "public" })).await.is(404);
    assert_eq!(all.get("/api/v1/user/").await.is(200).json()["super_user"], false);
}

#[actix_web::test]
async fn a_superusers_rights_need_a_scope_of_their_own() {
    let app = TestApp::start().await;
    let with = program(&app, &app.admin(), &[UserRead, Superuser]).await;
    let without = program(&app, &app.admin(), &[UserRead]).await;

    assert_eq!(with.get("/api/v1/user/").await.is(200).json()["super_user"], true);
    assert_eq!(without.get("/api/v1/user/").await.is(200).json()["super_user"], false);
}

#[actix_web::test]
async fn without_the_superuser_scope_a_token_reaches_only_what_the_user_has() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let path = "/api/v1/repository/acme/web/changevisibility";
    // The superuser made the repository; nobody granted them anything.
    app.sql("DELETE FROM repository_permissions".into()).await;
    let (with, without) = (
        program(&app, &app.admin(), &[RepositoryAdmin, Superuser]).await,
        program(&app, &app.admin(), &[RepositoryAdmin]).await,
    );

    with.post(path, json!({ "visibility": "private" })).await.is(200);
    let refused = without.post(path, json!({ "visibility": "private" })).await;

    assert!(matches!(refused.status, 403 | 404), "{}", refused.shown());
}

#[actix_web::test]
async fn tokens_for_the_registry_are_clipped_to_the_scopes() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    let reading = app.actor("$oauthtoken", &app.access_token(&carol, &[RepositoryRead]).await);
    let writing = app.actor("$oauthtoken", &app.access_token(&carol, &[RepositoryWrite]).await);
    let creating = app.actor("$oauthtoken", &app.access_token(&carol, &[RepositoryWrite, RepositoryCreate]).await);
    let nothing = app.actor("$oauthtoken", &app.access_token(&carol, &[UserRead]).await);

    app.oci(&reading).get_manifest("carol/web", "v1").await.is(200);
    app.oci(&reading).post("/v2/carol/web/blobs/uploads/").await.is(401);
    app.oci(&writing).post("/v2/carol/web/blobs/uploads/").await.is(202);
    app.oci(&writing).post("/v2/carol/new/blobs/uploads/").await.is(401);
    app.oci(&creating).post("/v2/carol/new/blobs/uploads/").await.is(202);
    app.oci(&nothing).get_manifest("carol/web", "v1").await.is(401);
}
