//! Who may do what with a repository.

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::json;

use crate::support::{Answer, OCI_MANIFEST, PRIVATE, TestApp};

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

    let without_picture = |answer: Answer| {
        let mut json = answer.json();
        let picture = json.as_object_mut().unwrap().remove("avatar").unwrap();
        assert_eq!(picture["name"], json["name"]);
        json
    };
    assert_eq!(
        without_picture(user),
        json!({ "name": "carol", "role": "read", "is_robot": false, "is_org_member": false })
    );
    assert_eq!(
        without_picture(machine),
        json!({ "name": "acme+ci", "role": "write", "is_robot": true, "is_org_member": true })
    );
    assert_eq!(without_picture(team), json!({ "name": "ops", "role": "admin" }));
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

    owner.put(&format!("{GRANTS}/team/ops"), json!({ "role": "read" })).await.is(400);
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
    let nobody = owner.put(&format!("{GRANTS}/user/nobody"), json!({ "role": "read" })).await.is(400);
    assert_eq!(nobody.message(), "Invalid username: nobody");
    // An organization is no user.
    owner.put(&format!("{GRANTS}/user/acme"), json!({ "role": "read" })).await.is(400);
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

#[actix_web::test]
async fn grants_are_listed_shown_and_taken_away() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let (carol, robot) = (app.user("carol").await, app.robot("acme", "ci").await);
    app.team("acme", "ops", TeamRole::Member).await;
    app.grant("acme/web", &carol, "write").await;
    app.grant("acme/web", &robot, "read").await;
    app.grant_team("acme/web", "ops", "read").await;

    let users = owner.get(&format!("{GRANTS}/user/")).await.is(200).json();
    let teams = owner.get(&format!("{GRANTS}/team/")).await.is(200).json();

    let names = |list: &serde_json::Value| -> Vec<String> {
        list["permissions"].as_object().unwrap().keys().cloned().collect()
    };
    // The superuser made the repository and is its admin by that.
    assert_eq!(
        (names(&users), names(&teams)),
        (vec!["acme+ci".into(), "carol".into(), "olivia".into()], vec!["ops".into()])
    );
    assert_eq!(users["permissions"]["carol"]["role"], "write");
    assert_eq!(owner.get(&format!("{GRANTS}/user/carol")).await.is(200).json()["role"], "write");
    assert_eq!(owner.get(&format!("{GRANTS}/team/ops")).await.is(200).json()["role"], "read");
    owner.delete(&format!("{GRANTS}/user/carol")).await.is(204);
    app.oci(&carol).get("/v2/acme/web/tags/list").await.is(404);
    for (path, said) in [
        ("user/carol", "User does not have permission for repo."),
        ("user/nobody", "User does not have permission for repo."),
        ("user/other+ci", "User does not have permission for repo."),
        ("team/none", "Team does not have permission for repo."),
    ] {
        assert_eq!(owner.delete(&format!("{GRANTS}/{path}")).await.is(400).message(), said);
        assert_eq!(owner.get(&format!("{GRANTS}/{path}")).await.is(400).message(), said);
    }
    owner.delete(&format!("{GRANTS}/user/acme+ci")).await.is(204);
    owner.delete(&format!("{GRANTS}/team/ops")).await.is(204);
}

#[actix_web::test]
async fn long_lists_of_grants_are_walked_page_by_page() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    for number in 0..5 {
        let user = app.user(&format!("user{number}")).await;
        app.grant("acme/web", &user, "read").await;
    }
    let mut found: Vec<String> = Vec::new();
    let mut path = format!("{GRANTS}/user/?limit=2");
    loop {
        let page = owner.get(&path).await.is(200).json();
        found.extend(page["permissions"].as_object().unwrap().keys().cloned());
        let Some(next) = page["next_page"].as_str() else { break };
        path = format!("{GRANTS}/user/?limit=2&next_page={next}");
    }

    assert_eq!(found.len(), 6, "{found:?}");
    owner.get(&format!("{GRANTS}/team/?next_page=nonsense")).await.is(400);
}

#[actix_web::test]
async fn the_roles_of_somebody_are_found_whatever_way_they_have_them() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let carol = app.user("carol").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    app.grant_team("acme/web", "ops", "read").await;
    let roles = |name: &str| {
        let (owner, path) = (owner.clone(), format!("{GRANTS}/user/{name}/transitive"));
        async move { owner.get(&path).await.is(200).json()["permissions"].clone() }
    };

    assert_eq!(roles("carol").await, json!([{ "role": "read" }]));
    app.grant("acme/web", &carol, "write").await;
    assert_eq!(roles("carol").await, json!([{ "role": "write" }, { "role": "read" }]));
    assert_eq!(roles("acme-owner").await, json!([{ "role": "admin" }]));
    owner.get(&format!("{GRANTS}/user/nobody/transitive")).await.is(404);
}

#[actix_web::test]
async fn who_has_which_role_is_for_admins_and_read_only_superusers_to_see() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    app.repository("acme/web", PRIVATE).await;
    let (writer, stranger) = (app.user("walter").await, app.user("sam").await);
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let narrow = app.access_token(&owner, &[ApiScope::RepositoryWrite]).await;
    app.grant("acme/web", &writer, "write").await;
    for path in ["user/", "team/", "user/walter", "user/walter/transitive"] {
        let path = format!("{GRANTS}/{path}");
        writer.get(&path).await.is(403);
        stranger.get(&path).await.is(404);
        app.anonymous().get(&path).await.is(401);
        app.bearer(&narrow).get(&path).await.is(403);
        auditor.get(&path).await.is(200);
    }
    auditor.delete(&format!("{GRANTS}/user/walter")).await.is(403);
    auditor.put(&format!("{GRANTS}/user/audrey"), json!({ "role": "admin" })).await.is(403);
}

#[actix_web::test]
async fn the_owner_of_a_users_namespace_stays_admin() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    let path = "/api/v1/repository/carol/web/permissions/user/carol";

    let lowered = carol.put(path, json!({ "role": "read" })).await.is(400);
    let gone = carol.delete(path).await.is(400);

    assert_eq!(lowered.message(), "Namespace owner must always be admin.");
    assert_eq!(gone.message(), lowered.message());
    // Nobody is a member of what is no organization.
    let shown = carol.get(path).await.is(200).json();
    assert_eq!((shown["role"].as_str(), shown.get("is_org_member")), (Some("admin"), None));
}
