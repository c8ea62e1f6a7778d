//! Who may do what with a repository.

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{OCI_MANIFEST, PRIVATE, TestApp};

const GRANTS: &str = "/api/v1/repository/acme/web/permissions";

#[actix_web::test]
async fn users_robots_and_teams_are_granted_roles() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "v1").await;
    let (carol, mia, robot) = (app.user("carol").await, app.user("mia").await, app.robot("acme", "ci").await);
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &mia).await;

    let user = owner.put(&format!("{GRANTS}/user/carol"), json!({ "role": "read" })).await.is(200);
    let machine = owner.put(&format!("{GRANTS}/user/acme+ci"), json!({ "role": "write" })).await.is(200);
    let team = owner.put(&format!("{GRANTS}/team/ops"), json!({ "role": "admin" })).await.is(200);

    assert_eq!(user.json(), json!({ "name": "carol", "role": "read", "is_robot": false }));
    assert_eq!(machine.json(), json!({ "name": "acme+ci", "role": "write", "is_robot": true }));
    assert_eq!(team.json(), json!({ "name": "ops", "role": "admin" }));
    app.oci(&carol).get_manifest("acme/web", "v1").await.is(200);
    app.oci(&carol).put_manifest("acme/web", "v2", OCI_MANIFEST, &image.manifest).await.is(403);
    app.oci(&robot).put_manifest("acme/web", "v2", OCI_MANIFEST, &image.manifest).await.is(201);
    mia.put(&format!("{GRANTS}/user/carol"), json!({ "role": "write" })).await.is(200);
    app.oci(&carol).put_manifest("acme/web", "v3", OCI_MANIFEST, &image.manifest).await.is(201);
}

#[actix_web::test]
async fn an_encoded_robot_name_is_the_same_robot() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let robot = app.robot("acme", "ci").await;

    let granted = owner.put(&format!("{GRANTS}/user/acme%2Bci"), json!({ "role": "read" })).await.is(200);

    assert_eq!(granted.json()["name"], "acme+ci");
    app.oci(&robot).get("/v2/acme/web/tags/list").await.is(200);
}

#[actix_web::test]
async fn robots_of_other_namespaces_get_nothing() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    app.repository("acme/web", PRIVATE).await;
    let robot = app.robot("other", "ci").await;

    let foreign = owner.put(&format!("{GRANTS}/user/other+ci"), json!({ "role": "read" })).await.is(400);
    let unknown = owner.put(&format!("{GRANTS}/user/other+none"), json!({ "role": "read" })).await.is(400);

    assert_eq!(foreign.message().replace("+ci", "+none"), unknown.message());
    app.oci(&robot).get("/v2/acme/web/tags/list").await.is(404);
}

#[actix_web::test]
async fn teams_of_other_organizations_get_nothing() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    app.repository("acme/web", PRIVATE).await;
    app.team("other", "ops", TeamRole::Member).await;

    owner.put(&format!("{GRANTS}/team/ops"), json!({ "role": "read" })).await.is(404);
}

#[actix_web::test]
async fn unknown_people_and_roles_are_refused_in_words() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.user("carol").await;

    let role = owner.put(&format!("{GRANTS}/user/carol"), json!({ "role": "owner" })).await.is(400);
    assert_eq!(role.message(), "Roles are 'read', 'write' and 'admin'; got 'owner'");
    owner.put(&format!("{GRANTS}/user/carol"), json!({})).await.is(400);
    owner.put(&format!("{GRANTS}/user/nobody"), json!({ "role": "read" })).await.is(404);
    // An organization is no user.
    owner.put(&format!("{GRANTS}/user/acme"), json!({ "role": "read" })).await.is(404);
    let odd = owner.put(&format!("{GRANTS}/user/a%00b"), json!({ "role": "read" })).await;
    assert!(odd.status < 500, "{}", odd.shown());
    let odd = owner.put(&format!("{GRANTS}/team/a%00b"), json!({ "role": "read" })).await;
    assert!(odd.status < 500, "{}", odd.shown());
}

#[actix_web::test]
async fn only_admins_of_the_repository_grant() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let (writer, admin, stranger) = (app.user("walter").await, app.user("adam").await, app.user("sam").await);
    app.grant("acme/web", &writer, "write").await;
    app.grant("acme/web", &admin, "admin").await;
    let path = format!("{GRANTS}/user/walter");

    writer.put(&path, json!({ "role": "admin" })).await.is(403);
    stranger.put(&path, json!({ "role": "admin" })).await.is(404);
    app.anonymous().put(&path, json!({ "role": "admin" })).await.is(401);
    admin.put(&path, json!({ "role": "read" })).await.is(200);

    app.oci(&writer).post("/v2/acme/web/blobs/uploads/").await.refused(403, "DENIED");
}
