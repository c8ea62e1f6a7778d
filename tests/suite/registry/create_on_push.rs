//! Repositories that a push makes.

use domain::access::{Standing, TeamRole};

use crate::support::{Image, OCI_MANIFEST, TestApp};

const UPLOADS: &str = "blobs/uploads/";

#[actix_web::test]
async fn a_push_into_ones_own_namespace_makes_a_private_repository() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);

    let image = app.oci(&carol).push_image("carol/deep/er/web", "v1").await;

    app.oci(&carol).get_manifest("carol/deep/er/web", &image.digest()).await.is(200);
    app.oci(&dave).get_manifest("carol/deep/er/web", "v1").await.refused(404, "NAME_UNKNOWN");
    app.anonymous().get("/v2/carol/deep/er/web/manifests/v1").await.is(401);
}

#[actix_web::test]
async fn creators_of_an_organization_make_repositories_and_are_their_admins() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.team("acme", "makers", TeamRole::Creator).await;
    let (carol, robot, dave) = (app.user("carol").await, app.robot("acme", "ci").await, app.user("dave").await);
    app.join("acme", "makers", &carol).await;
    app.join("acme", "makers", &robot).await;

    app.oci(&carol).push_image("acme/web", "v1").await;
    app.oci(&robot).push_image("acme/api", "v1").await;

    let grant = "/api/v1/repository/acme/web/permissions/user/dave";
    carol.put(grant, serde_json::json!({ "role": "read" })).await.is(200);
    app.oci(&dave).get_manifest("acme/web", "v1").await.is(200);
    // Who made one repository is nothing to another.
    app.oci(&carol).get_manifest("acme/api", "v1").await.refused(404, "NAME_UNKNOWN");
    app.oci(&carol).post(&format!("/v2/acme/api/{UPLOADS}")).await.refused(403, "DENIED");
}

#[actix_web::test]
async fn members_and_strangers_make_nothing() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.team("acme", "readers", TeamRole::Member).await;
    let (member, stranger, robot) = (app.user("mia").await, app.user("sam").await, app.robot("acme", "ci").await);
    app.join("acme", "readers", &member).await;

    for who in [&member, &stranger, &robot] {
        let refused = app.oci(who).post(&format!("/v2/acme/web/{UPLOADS}")).await.refused(403, "DENIED");
        assert!(refused.message().contains("an admin of acme can grant either"), "{}", refused.message());
        who.post("/v2/nobody/web/blobs/uploads/", serde_json::json!({})).await.refused(403, "DENIED");
    }
    app.admin().get("/v2/acme/web/tags/list").await.refused(404, "NAME_UNKNOWN");
}

#[actix_web::test]
async fn what_exists_and_is_hidden_is_refused_like_what_does_not() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.oci(&owner).push_image("acme/secret", "v1").await;
    let sam = app.oci(&app.user("sam").await);

    let hidden = sam.post(&format!("/v2/acme/secret/{UPLOADS}")).await.refused(403, "DENIED");
    let missing = sam.post(&format!("/v2/acme/missing/{UPLOADS}")).await.refused(403, "DENIED");

    assert_eq!(hidden.message().replace("acme/secret", "acme/missing"), missing.message());
}

#[actix_web::test]
async fn namespaces_are_made_only_where_the_operator_allows_it() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);

    carol.post(&format!("/v2/newcorp/web/{UPLOADS}")).await.refused(403, "DENIED");

    app.admin().get("/v2/newcorp/web/tags/list").await.refused(404, "NAME_UNKNOWN");
}

#[actix_web::test]
async fn a_push_makes_the_organization_where_that_is_allowed() {
    let app = TestApp::with(&[("registry.create_namespace_on_push", "true")]).await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let robot = app.robot("carol", "ci").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    for who in [&robot, &auditor] {
        app.oci(who).post(&format!("/v2/newcorp/web/{UPLOADS}")).await.refused(403, "DENIED");
    }

    app.oci(&carol).push_image("newcorp/web", "v1").await;

    app.oci(&carol).push_image("newcorp/second", "v1").await;
    carol.put("/api/v1/organization/newcorp/robots/ci", serde_json::json!({})).await.is(201);
    app.oci(&dave).post(&format!("/v2/newcorp/third/{UPLOADS}")).await.refused(403, "DENIED");
    app.oci(&dave).post(&format!("/v2/carol/web/{UPLOADS}")).await.refused(403, "DENIED");
    app.oci(&dave).post(&format!("/v2/x/web/{UPLOADS}")).await.refused(400, "NAME_INVALID");
}

#[actix_web::test]
async fn a_narrow_token_makes_no_organization() {
    let app = TestApp::with(&[("registry.create_namespace_on_push", "true")]).await;
    let carol = app.user("carol").await;
    let client = app.oci_with(&app.oci(&carol).token(&["repository:newcorp/web:pull"]).await);

    let refused = client.post(&format!("/v2/newcorp/web/{UPLOADS}")).await;

    assert!(matches!(refused.status, 401 | 403), "{}", refused.shown());
    app.admin().post("/api/v1/organization/", serde_json::json!({ "name": "newcorp" })).await.is(201);
}

#[actix_web::test]
async fn layers_pushed_at_once_make_one_repository() {
    let app = TestApp::with(&[("registry.create_namespace_on_push", "true")]).await;
    let carol = app.user("carol").await;
    let image = Image::new("one");
    let layers = (0..8u8).map(|number| {
        let client = app.oci(&carol);
        async move { client.push_blob("newcorp/web", &[number; 1000]).await }
    });

    futures_util::future::join_all(layers).await;

    let client = app.oci(&carol);
    client.push_blobs_of("newcorp/web", &image).await;
    client.put_manifest("newcorp/web", "v1", OCI_MANIFEST, &image.manifest).await.is(201);
}

#[actix_web::test]
async fn manifests_make_repositories_too_and_refused_ones_do_no_harm() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);

    carol.put_index("carol/empty", "v1", &[]).await.is(201);
    carol.put_manifest("carol/broken", "v1", OCI_MANIFEST, b"{}").await.refused(400, "MANIFEST_INVALID");

    carol.get_manifest("carol/empty", "v1").await.is(200);
}
