//! What is written down of what happens.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::on_backend;
use serde_json::json;

use crate::support::{PRIVATE, PUBLIC, TestApp};

#[derive(QueryableByName, Debug)]
struct Event {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    actor_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    repository_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    tag: Option<String>,
    #[diesel(sql_type = BigInt)]
    times: i64,
    #[diesel(sql_type = Text)]
    details: String,
}

async fn events(app: &TestApp) -> Vec<Event> {
    let question = "SELECT kind, actor_name, repository_name, tag, times, details FROM events ORDER BY id";
    let asked = app.services.db.read(move |conn| Ok(on_backend!(conn, c => diesel::sql_query(question).load(c))?));
    asked.await.unwrap()
}

fn of_kind<'e>(events: &'e [Event], kind: &str) -> Vec<&'e Event> {
    events.iter().filter(|event| event.kind == kind).collect()
}

#[actix_web::test]
async fn every_change_is_written_down_with_who_made_it() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.user("carol").await;
    let client = app.oci(&owner);
    client.push_image("acme/web", "v1").await;
    client.delete("/v2/acme/web/manifests/v1").await.is(202);
    owner.post("/api/v1/repository/acme/web/changevisibility", json!({ "visibility": PUBLIC })).await.is(200);
    owner.put("/api/v1/repository/acme/web/permissions/user/carol", json!({ "role": "read" })).await.is(200);
    owner.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    owner.post("/api/v1/organization/acme/robots/ci/regenerate", json!({})).await.is(200);
    owner.delete("/api/v1/organization/acme/robots/ci").await.is(204);
    owner.put("/api/v1/organization/acme/team/ops", json!({ "role": "member" })).await.is(200);

    let written = events(&app).await;

    let kinds: Vec<&str> =
        written.iter().filter(|event| event.actor_name == owner.name).map(|event| event.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "org_create",
            "create_repo",
            "push_repo",
            "delete_tag",
            "change_repo_visibility",
            "change_repo_permission",
            "create_robot",
            "regenerate_robot_token",
            "delete_robot",
            "org_create_team",
        ]
    );
    assert_eq!(of_kind(&written, "push_repo")[0].tag.as_deref(), Some("v1"));
}

/// What Quay's pages read of each kind.
const QUAYS_KEYS: [(&str, &[&str]); 22] = [
    ("user_create", &["username", "email"]),
    ("user_enable", &["username", "superuser"]),
    ("user_disable", &["username", "superuser"]),
    ("user_change_password", &["username", "superuser"]),
    ("login_success", &["type", "kind", "useragent"]),
    ("login_failure", &["type", "kind", "username", "message"]),
    ("create_robot", &["robot", "description", "unstructured_metadata"]),
    ("regenerate_robot_token", &["robot"]),
    ("delete_robot", &["robot"]),
    ("create_repo", &["namespace", "repo"]),
    ("push_repo", &["namespace", "repo", "tag", "mediaType", "manifest_digest", "username", "user-agent"]),
    ("pull_repo", &["namespace", "repo", "tag", "manifest_digest", "username"]),
    ("delete_tag", &["namespace", "repo", "tag", "username"]),
    ("change_repo_visibility", &["namespace", "repo", "visibility"]),
    ("change_repo_permission", &["namespace", "repo", "role"]),
    ("org_create", &["namespace", "email"]),
    ("org_create_team", &["team"]),
    ("org_set_team_role", &["team", "role"]),
    ("org_set_team_description", &["team", "description"]),
    ("org_add_team_member", &["team", "member"]),
    ("org_remove_team_member", &["team", "member"]),
    ("export_logs_success", &["date/time", "export_id", "url", "email"]),
];

#[actix_web::test]
async fn entries_have_the_keys_that_quays_pages_read() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    let team = "/api/v1/organization/acme/team/ops";
    let put = async |path: &str, body| owner.put(path, body).await;
    let client = app.oci(&owner);
    client.push_image("acme/web", "v1").await;
    client.get_manifest("acme/web", "v1").await.is(200);
    app.services.pulls.flush().await.unwrap();
    client.delete("/v2/acme/web/manifests/v1").await.is(202);
    owner.post("/api/v1/repository/acme/web/changevisibility", json!({ "visibility": PUBLIC })).await.is(200);
    for grantee in ["user/carol", "user/carol"] {
        put(&format!("/api/v1/repository/acme/web/permissions/{grantee}"), json!({ "role": "read" })).await.is(200);
    }
    put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    owner.post("/api/v1/organization/acme/robots/ci/regenerate", json!({})).await.is(200);
    owner.delete("/api/v1/organization/acme/robots/ci").await.is(204);
    put(team, json!({ "role": "member" })).await.is(200);
    put(team, json!({ "role": "creator", "description": "those on call" })).await.is(200);
    put(&format!("{team}/members/carol"), json!({})).await.is(200);
    owner.delete(&format!("{team}/members/carol")).await.is(204);
    owner.post("/api/v1/organization/acme/exportlogs", json!({})).await.is(200);
    app.set_enabled(&carol, false).await;
    app.set_enabled(&carol, true).await;
    app.set_password(&carol, "another long password").await;
    app.oci(&owner).ask_token(&[]).await.is(200);
    app.actor(&owner.name, "wrong").get("/v2/").await.is(401);

    let log = app.admin().get("/api/v1/superuser/logs/export?format=json").await.is(200).json();

    let log = log["logs"].as_array().unwrap();
    for (kind, keys) in QUAYS_KEYS {
        let of_kind: Vec<_> = log.iter().filter(|entry| entry["kind"] == kind).collect();
        assert!(!of_kind.is_empty(), "nothing wrote {kind}");
        for entry in of_kind.into_iter().filter(|entry| entry["metadata"]["message"] != "streamed") {
            let metadata = entry["metadata"].as_object().unwrap();
            let missing: Vec<_> = keys.iter().filter(|key| !metadata.contains_key(**key)).collect();
            assert!(missing.is_empty(), "{kind} lacks {missing:?}: {entry}");
        }
    }
    for entry in log.iter().filter(|entry| entry["performer"]["name"] == owner.name.as_str()) {
        assert_eq!(entry["ip"], "127.0.0.1", "{entry}");
        assert_ne!(entry["credential"], "none", "{entry}");
    }
}

#[actix_web::test]
async fn no_secret_is_written_down() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    robot.get("/v2/").await.is(200);
    app.actor(&owner.name, "a wrong password").get("/v2/").await.is(401);
    app.oci(&owner).ask_token(&[]).await.is(200);

    for event in events(&app).await {
        for secret in [&robot.secret, &owner.secret, "a wrong password"] {
            assert!(!event.details.contains(secret), "{event:?}");
        }
    }
}

#[actix_web::test]
async fn pulls_are_counted_together_and_a_head_is_none() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    client.push_image("carol/web", "v1").await;
    for _ in 0..5 {
        client.get_manifest("carol/web", "v1").await.is(200);
    }
    client.head("/v2/carol/web/manifests/v1").await.is(200);

    assert_eq!(app.services.pulls.flush().await.unwrap(), 5);

    let written = events(&app).await;
    let pulls = of_kind(&written, "pull_repo");
    assert_eq!(pulls.len(), 1, "{pulls:?}");
    assert_eq!((pulls[0].times, pulls[0].repository_name.as_deref()), (5, Some("carol/web")));
    assert_eq!(app.services.pulls.flush().await.unwrap(), 0);
}

#[actix_web::test]
async fn pulls_of_what_was_deleted_meanwhile_are_no_fault() {
    let app = TestApp::start().await;
    let client = app.oci(&app.user("carol").await);
    client.push_image("carol/web", "v1").await;
    client.push_image("carol/api", "v1").await;
    client.get_manifest("carol/web", "v1").await.is(200);
    client.get_manifest("carol/api", "v1").await.is(200);
    app.delete_repository("carol/web").await;

    app.services.pulls.flush().await.unwrap();

    assert!(
        of_kind(&events(&app).await, "pull_repo")
            .iter()
            .any(|pull| pull.repository_name.as_deref() == Some("carol/api"))
    );
}

#[actix_web::test]
async fn default_permissions_are_given_to_new_repositories_only() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.repository("acme/old", PRIVATE).await;
    for (user, uuid, creator) in
        [("carol", "one", "NULL"), ("dave", "two", "(SELECT id FROM users WHERE name = 'dave')")]
    {
        app.sql(format!(
            "INSERT INTO default_permissions (uuid, organization_id, creator_user_id, user_id, role, created_at) \
             SELECT '{uuid}', n.id, {creator}, u.id, 'read', 0 FROM namespaces n, users u \
             WHERE n.name = 'acme' AND u.name = '{user}'"
        ))
        .await;
    }

    app.oci(&owner).push_image("acme/new", "v1").await;

    app.oci(&carol).get_manifest("acme/new", "v1").await.is(200);
    app.oci(&carol).get("/v2/acme/old/tags/list").await.is(404);
    app.oci(&dave).get_manifest("acme/new", "v1").await.is(404);
}
