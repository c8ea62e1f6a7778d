//! Default permissions: rules, and repositories that start with what they say.

use domain::access::{Standing, TeamRole};
use serde_json::{Value, json};

use super::happened;
use crate::support::{Actor, PRIVATE, TestApp};

const RULES: &str = "/api/v1/organization/acme/prototypes";

/// `acme`, whose creators are carol and `acme+ci`, with a team `ops` that erin is in.
async fn acme() -> (TestApp, Actor, Actor, Actor, Actor) {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, erin) = (app.user("carol").await, app.user("erin").await);
    let robot = app.robot("acme", "ci").await;
    app.team("acme", "makers", TeamRole::Creator).await;
    app.team("acme", "ops", TeamRole::Member).await;
    for maker in [&carol, &robot] {
        app.join("acme", "makers", maker).await;
    }
    app.join("acme", "ops", &erin).await;
    (app, owner, carol, robot, erin)
}

fn rule(role: &str, kind: &str, name: &str) -> Value {
    json!({ "role": role, "delegate": { "kind": kind, "name": name } })
}

fn rule_for(creator: &str, role: &str, kind: &str, name: &str) -> Value {
    let mut rule = rule(role, kind, name);
    rule["activating_user"] = json!({ "name": creator });
    rule
}

async fn create(who: &Actor, name: &str) {
    let new = json!({ "namespace": "acme", "repository": name, "visibility": PRIVATE, "description": "" });
    who.post("/api/v1/repository", new).await.is(201);
}

#[actix_web::test]
async fn rules_are_made_changed_listed_and_removed() {
    let (app, owner, ..) = acme().await;

    let first = owner.post(RULES, rule("read", "team", "ops")).await.is(200).json();
    let second = owner.post(RULES, rule_for("carol", "write", "user", "acme+ci")).await.is(200).json();

    assert_eq!((&first["role"], &first["activating_user"]), (&json!("read"), &json!(null)));
    assert_eq!((&first["delegate"]["name"], &first["delegate"]["kind"]), (&json!("ops"), &json!("team")));
    assert_eq!((&second["delegate"]["is_robot"], &second["delegate"]["kind"]), (&json!(true), &json!("user")));
    assert_eq!(
        (&second["activating_user"]["name"], &second["activating_user"]["is_org_member"]),
        (&json!("carol"), &json!(true))
    );
    let (kind, details) = happened::last_by(&app, &owner).await;
    assert_eq!(kind, "create_prototype_permission");
    assert_eq!((&details["delegate_user"], &details["activating_username"]), (&json!("acme+ci"), &json!("carol")));
    let path = format!("{RULES}/{}", first["id"].as_str().unwrap());
    assert_eq!(owner.put(&path, json!({ "role": "write" })).await.is(200).json()["role"], "write");
    let (kind, details) = happened::last_by(&app, &owner).await;
    assert_eq!((kind.as_str(), &details["original_role"]), ("modify_prototype_permission", &json!("read")));
    assert_eq!(owner.get(RULES).await.is(200).json()["prototypes"].as_array().unwrap().len(), 2);
    let page = owner.get(&format!("{RULES}?limit=1")).await.is(200).json();
    let rest = owner.get(&format!("{RULES}?limit=1&next_page={}", page["next_page"].as_str().unwrap())).await.json();
    assert_eq!(rest["prototypes"], json!([second]));
    owner.delete(&path).await.is(204);
    assert_eq!(happened::last_by(&app, &owner).await.0, "delete_prototype_permission");
    owner.delete(&path).await.is(404);
    owner.put(&path, json!({ "role": "read" })).await.is(404);
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused() {
    let (app, owner, carol, ..) = acme().await;
    app.organization("other").await;
    app.robot("other", "ci").await;
    app.team("other", "others", TeamRole::Member).await;

    for (wrong, message) in [
        (rule("boss", "team", "ops"), "Roles are 'read', 'write' and 'admin'; got 'boss'"),
        (rule("read", "user", "nobody"), "Missing delegate user or team"),
        (rule("read", "user", "other+ci"), "Missing delegate user or team"),
        (rule("read", "team", "others"), "Missing delegate user or team"),
        (rule_for("nobody", "read", "team", "ops"), "Unknown activating user"),
        (rule("read", "group", "ops"), "The kind of a delegate is 'user' or 'team'; got 'group'"),
        (json!({ "role": "read" }), "'delegate' is a required property"),
    ] {
        assert_eq!(owner.post(RULES, wrong).await.is(400).message(), message);
    }
    carol.post("/api/v1/organization/carol/prototypes", rule("read", "user", "erin")).await.is(404);
}

#[actix_web::test]
async fn only_admins_make_rules_and_only_their_own() {
    let (app, owner, carol, robot, _) = acme().await;
    let other = app.organization("other").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let made = owner.post(RULES, rule("read", "team", "ops")).await.is(200).json();
    let id = made["id"].as_str().unwrap();

    for who in [&carol, &robot, &other, &auditor] {
        who.post(RULES, rule("admin", "user", "carol")).await.is(403);
        who.put(&format!("{RULES}/{id}"), json!({ "role": "admin" })).await.is(403);
        who.delete(&format!("{RULES}/{id}")).await.is(403);
        who.post(&format!("{RULES}/apply"), json!({})).await.is(403);
    }
    carol.get(RULES).await.is(403);
    auditor.get(RULES).await.is(200);
    app.anonymous().get(RULES).await.is(401);
    let elsewhere = format!("/api/v1/organization/other/prototypes/{id}");
    other.put(&elsewhere, json!({ "role": "admin" })).await.is(404);
    other.delete(&elsewhere).await.is(404);
}

#[actix_web::test]
async fn a_repository_starts_with_them_whoever_creates_it_and_however() {
    let (app, owner, carol, robot, erin) = acme().await;
    owner.post(RULES, rule("read", "team", "ops")).await.is(200);

    create(&carol, "by-a-person").await;
    create(&robot, "by-a-robot").await;
    app.oci(&carol).push_image("acme/by-push", "v1").await;
    app.oci(&robot).push_image("acme/by-a-robots-push", "v1").await;

    for name in ["by-a-person", "by-a-robot", "by-push", "by-a-robots-push"] {
        app.oci(&erin).get(&format!("/v2/acme/{name}/tags/list")).await.is(200);
        app.oci(&erin).post(&format!("/v2/acme/{name}/blobs/uploads/")).await.refused(403, "DENIED");
    }
}

#[actix_web::test]
async fn the_rule_for_a_creator_wins_and_the_creators_own_role_stays() {
    let (app, owner, carol, robot, erin) = acme().await;
    owner.post(RULES, rule("read", "team", "ops")).await.is(200);
    owner.post(RULES, rule_for("acme+ci", "write", "team", "ops")).await.is(200);
    owner.post(RULES, rule("read", "user", "carol")).await.is(200);

    create(&carol, "carols").await;
    create(&robot, "robots").await;

    app.oci(&erin).post("/v2/acme/carols/blobs/uploads/").await.refused(403, "DENIED");
    app.oci(&erin).post("/v2/acme/robots/blobs/uploads/").await.is(202);
    app.oci(&carol).post("/v2/acme/carols/blobs/uploads/").await.is(202);
    app.oci(&carol).post("/v2/acme/robots/blobs/uploads/").await.refused(403, "DENIED");
}

#[actix_web::test]
async fn older_repositories_are_brought_up_to_them_and_nothing_is_lowered() {
    let (app, owner, _, _, erin) = acme().await;
    let dave = app.user("dave").await;
    for name in ["one", "two", "three"] {
        app.repository(&format!("acme/{name}"), PRIVATE).await;
    }
    app.organization("other").await;
    app.repository("other/web", PRIVATE).await;
    app.grant("acme/one", &dave, "admin").await;
    app.grant("acme/two", &dave, "read").await;
    owner.post(RULES, rule("read", "team", "ops")).await.is(200);
    owner.post(RULES, rule("write", "user", "dave")).await.is(200);
    owner.post(RULES, rule_for("carol", "admin", "user", "erin")).await.is(200);
    let apply = format!("{RULES}/apply");

    let applied = owner.post(&apply, json!({})).await.is(200).json();

    assert_eq!(applied, json!({ "repositories": 3, "grants": 5 }));
    let (kind, details) = happened::last_by(&app, &owner).await;
    assert_eq!((kind.as_str(), details), ("apply_prototype_permission", applied));
    app.oci(&erin).get("/v2/acme/one/tags/list").await.is(200);
    app.oci(&erin).post("/v2/acme/one/blobs/uploads/").await.refused(403, "DENIED");
    app.oci(&dave).post("/v2/acme/two/blobs/uploads/").await.is(202);
    dave.put("/api/v1/repository/acme/one/permissions/user/erin", json!({ "role": "read" })).await.is(200);
    app.oci(&dave).get("/v2/other/web/tags/list").await.is(404);
    assert_eq!(owner.post(&apply, json!({})).await.is(200).json(), json!({ "repositories": 0, "grants": 0 }));
    app.organization("empty").await.post("/api/v1/organization/empty/prototypes/apply", json!({})).await.is(200);
}

#[actix_web::test]
async fn many_repositories_are_done_in_batches() {
    let (app, owner, ..) = acme().await;
    app.sql(
        "INSERT INTO repositories (namespace_id, name, visibility, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) \
         SELECT o.id, 'acme/r' || i, 'private', 0 FROM n, namespaces o WHERE o.name = 'acme'"
            .into(),
    )
    .await;
    owner.post(RULES, rule("read", "team", "ops")).await.is(200);
    owner.post(RULES, rule("read", "user", "carol")).await.is(200);

    let applied = owner.post(&format!("{RULES}/apply"), json!({})).await.is(200).json();

    assert_eq!(applied, json!({ "repositories": 1203, "grants": 2406 }));
    let kinds = happened::kinds(&app, &owner, 3).await;
    assert_eq!(kinds, ["apply_prototype_permission"; 3]);
}
