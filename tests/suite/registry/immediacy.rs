//! A change counts from the next request on, whatever tokens are still about.

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{Actor, Image, Oci, PRIVATE, PUBLIC, TestApp, digest_of};

/// A client with a token for everything in `repository` it may have, which it has used.
async fn client_of(app: &TestApp, who: &Actor, repository: &str) -> Oci {
    let scope = format!("repository:{repository}:pull,push,delete,*");
    let client = app.oci_with(&app.oci(who).token(&[&scope]).await);
    client.get(&format!("/v2/{repository}/tags/list")).await;
    client
}

/// An organization's private repository with one image in it.
async fn app_with_image() -> (TestApp, Image) {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "v1").await;
    (app, image)
}

async fn pulls(client: &Oci, image: &Image) -> [u16; 3] {
    let blob = format!("/v2/acme/web/blobs/{}", digest_of(&image.layer));
    let manifest = client.get_manifest("acme/web", "v1").await.status;
    [manifest, client.get(&blob).await.status, client.get("/v2/acme/web/tags/list").await.status]
}

#[actix_web::test]
async fn a_disabled_user_is_out() {
    let (app, image) = app_with_image().await;
    let carol = app.user("carol").await;
    app.grant("acme/web", &carol, "write").await;
    let client = client_of(&app, &carol, "acme/web").await;
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);

    app.set_enabled(&carol, false).await;

    assert_eq!(pulls(&client, &image).await, [401, 401, 401]);
    client.post("/v2/acme/web/blobs/uploads/").await.refused(401, "UNAUTHORIZED");
    client.get("/v2/").await.refused(401, "UNAUTHORIZED");
    carol.get("/v2/acme/web/tags/list").await.refused(401, "UNAUTHORIZED");
    carol.get("/api/v1/user/").await.is(401);

    app.set_enabled(&carol, true).await;
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);
}

#[actix_web::test]
async fn a_disabled_users_robots_are_out() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    let robot = app.robot("carol", "ci").await;
    app.grant("carol/web", &robot, "read").await;
    let client = client_of(&app, &robot, "carol/web").await;
    client.get_manifest("carol/web", "v1").await.is(200);

    app.set_enabled(&carol, false).await;

    client.get_manifest("carol/web", "v1").await.refused(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn a_grant_changed_counts_at_once() {
    let (app, image) = app_with_image().await;
    let carol = app.user("carol").await;
    app.grant("acme/web", &carol, "write").await;
    let client = client_of(&app, &carol, "acme/web").await;
    client.post("/v2/acme/web/blobs/uploads/").await.is(202);

    app.grant("acme/web", &carol, "read").await;
    client.post("/v2/acme/web/blobs/uploads/").await.refused(403, "DENIED");
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);

    app.revoke("acme/web", &carol).await;
    assert_eq!(pulls(&client, &image).await, [404, 404, 404]);

    app.grant("acme/web", &carol, "write").await;
    client.post("/v2/acme/web/blobs/uploads/").await.is(202);
}

#[actix_web::test]
async fn a_repository_made_private_is_private_at_once() {
    let (app, image) = app_with_image().await;
    app.set_visibility("acme/web", PUBLIC).await;
    let stranger = app.user("sam").await;
    let (nobody, stranger) = (app.oci(&app.anonymous()), client_of(&app, &stranger, "acme/web").await);
    let token = app.oci_with(&nobody.token(&["repository:acme/web:pull"]).await);
    for client in [&nobody, &stranger, &token] {
        assert_eq!(pulls(client, &image).await, [200, 200, 200]);
    }

    app.set_visibility("acme/web", PRIVATE).await;

    assert_eq!(pulls(&nobody, &image).await, [401, 401, 401]);
    assert_eq!(pulls(&token, &image).await, [401, 401, 401]);
    assert_eq!(pulls(&stranger, &image).await, [404, 404, 404]);

    app.set_visibility("acme/web", PUBLIC).await;
    assert_eq!(pulls(&nobody, &image).await, [200, 200, 200]);
}

#[actix_web::test]
async fn a_deleted_robot_is_out_and_its_successor_has_no_grants() {
    let (app, image) = app_with_image().await;
    let robot = app.robot("acme", "ci").await;
    app.grant("acme/web", &robot, "read").await;
    let client = client_of(&app, &robot, "acme/web").await;
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);

    app.admin().delete("/api/v1/organization/acme/robots/ci").await.is(204);

    assert_eq!(pulls(&client, &image).await, [401, 401, 401]);
    let successor = app.robot("acme", "ci").await;
    assert_eq!(pulls(&client, &image).await, [401, 401, 401]);
    assert_eq!(pulls(&client_of(&app, &successor, "acme/web").await, &image).await, [404, 404, 404]);
    app.oci(&robot).ask_token(&[]).await.is(401);
}

#[actix_web::test]
async fn a_repository_deleted_and_made_again_is_another_one() {
    let (app, image) = app_with_image().await;
    let carol = app.user("carol").await;
    app.grant("acme/web", &carol, "admin").await;
    let client = client_of(&app, &carol, "acme/web").await;
    let upload = client.begin("acme/web").await;
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);

    app.delete_repository("acme/web").await;
    assert_eq!(pulls(&client, &image).await, [404, 404, 404]);
    app.repository("acme/web", PRIVATE).await;

    assert_eq!(pulls(&client, &image).await, [404, 404, 404]);
    client.patch(&upload, b"x").await.refused(404, "NAME_UNKNOWN");
    app.grant("acme/web", &carol, "read").await;
    assert_eq!(pulls(&client, &image).await, [404, 404, 200]);
    app.grant("acme/web", &carol, "write").await;
    client.patch(&upload, b"x").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[actix_web::test]
async fn whoever_leaves_a_team_loses_its_grants() {
    let (app, image) = app_with_image().await;
    let carol = app.user("carol").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    let path = "/api/v1/repository/acme/web/permissions/team/ops";
    app.admin().put(path, json!({ "role": "write" })).await.is(200);
    let client = client_of(&app, &carol, "acme/web").await;
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);

    app.admin().put(path, json!({ "role": "read" })).await.is(200);
    client.post("/v2/acme/web/blobs/uploads/").await.refused(403, "DENIED");
    app.sql("DELETE FROM team_members WHERE user_id = (SELECT id FROM users WHERE name = 'carol')".into()).await;

    assert_eq!(pulls(&client, &image).await, [404, 404, 404]);
}

#[actix_web::test]
async fn a_superuser_no_more_is_nobody_special() {
    let (app, image) = app_with_image().await;
    let client = client_of(&app, &app.admin(), "acme/web").await;
    assert_eq!(pulls(&client, &image).await, [200, 200, 200]);

    app.sql("UPDATE users SET standing = 'plain' WHERE name = 'olivia'".into()).await;

    assert_eq!(pulls(&client, &image).await, [404, 404, 404]);
}

#[actix_web::test]
async fn a_new_repository_is_seen_though_it_was_asked_for_before() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    client.get_manifest("carol/web", "v1").await.refused(404, "NAME_UNKNOWN");

    let image = client.push_image("carol/web", "v1").await;

    assert_eq!(client.get_manifest("carol/web", "v1").await.is(200).body, image.manifest);
}

#[actix_web::test]
async fn asking_for_a_namespace_named_like_a_repository_does_not_hide_it() {
    let (app, image) = app_with_image().await;
    app.set_visibility("acme/web", PUBLIC).await;
    let nobody = app.oci(&app.anonymous());
    // Answers are remembered under the name asked for until something changes: nothing may be known of it yet.
    let new = json!({ "namespace": "acme/web", "repository": "x", "visibility": "public" });

    app.anonymous().post("/api/v1/repository", new).await;

    assert_eq!(pulls(&nobody, &image).await, [200, 200, 200]);
}
