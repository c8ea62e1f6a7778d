//! Repositories.

use domain::access::{Standing, TeamRole};
use serde_json::json;

use crate::support::{Actor, OCI_MANIFEST, PRIVATE, PUBLIC, TestApp, digest_of};

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
    let refused = app.admin().post(PATH, odd).await.is(400);
    let said = "This has no control characters but tabs and line breaks; got U+0000";
    assert_eq!(refused.message(), said);
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

#[actix_web::test]
async fn a_repository_is_shown_with_its_tags_and_activity() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/shop/web", "v1").await;

    let shown = owner.get("/api/v1/repository/acme/shop/web?includeStats=true").await.is(200).json();
    let bare = owner.get("/api/v1/repository/acme%2Fshop%2Fweb?includeTags=false").await.is(200).json();

    assert_eq!(
        (&shown["namespace"], &shown["name"], &shown["state"]),
        (&json!("acme"), &json!("shop/web"), &json!("NORMAL"))
    );
    assert_eq!((&shown["is_organization"], &shown["tag_expiration_s"]), (&json!(true), &json!(1_209_600)));
    assert_eq!((&shown["can_write"], &shown["can_admin"]), (&json!(true), &json!(true)));
    let tag = &shown["tags"]["v1"];
    assert_eq!(tag["manifest_digest"], image.digest());
    assert_eq!(tag["size"], image.config.len() + image.layer.len());
    assert_eq!(tag["last_modified"], "Thu, 01 Jan 2026 12:00:00 -0000");
    let stats = shown["stats"].as_array().unwrap();
    assert_eq!((stats.len(), &stats[0]["date"]), (90, &json!("2026-01-01")));
    assert!(stats[0]["count"].as_i64().unwrap() >= 2, "{}", stats[0]);
    assert_eq!((bare.get("tags"), bare.get("stats")), (None, None));
}

#[actix_web::test]
async fn what_one_may_do_is_said_to_each() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("acme/pub", PUBLIC).await;
    let (writer, reader) = (app.user("walter").await, app.user("rita").await);
    app.grant("acme/web", &writer, "write").await;
    app.grant("acme/web", &reader, "read").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let may = |who: &Actor| {
        let who = who.clone();
        async move {
            let shown = who.get("/api/v1/repository/acme/web").await.is(200).json();
            (shown["can_write"].as_bool().unwrap(), shown["can_admin"].as_bool().unwrap())
        }
    };

    assert_eq!(may(&writer).await, (true, false));
    assert_eq!(may(&reader).await, (false, false));
    assert_eq!(may(&auditor).await, (false, true));
    app.user("sam").await.get("/api/v1/repository/acme/web").await.is(404);
    app.anonymous().get("/api/v1/repository/acme/web").await.is(401);
    app.anonymous().get("/api/v1/repository/acme/none").await.is(401);
    app.anonymous().get("/api/v1/repository/acme/pub").await.is(200);
}

#[actix_web::test]
async fn writers_describe_a_repository() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let (writer, reader) = (app.user("walter").await, app.user("rita").await);
    app.grant("acme/web", &writer, "write").await;
    app.grant("acme/web", &reader, "read").await;
    let path = "/api/v1/repository/acme/web";

    let done = writer.put(path, json!({ "description": "# Web", "state": "READ_ONLY", "visibility": "public" })).await;

    assert_eq!(done.is(200).json(), json!({ "success": true }));
    let shown = owner.get(path).await.is(200).json();
    assert_eq!(
        (&shown["description"], &shown["state"], &shown["is_public"]),
        (&json!("# Web"), &json!("NORMAL"), &json!(false))
    );
    assert_eq!(writer.put(path, json!({})).await.is(400).message(), "'description' is a required property");
    writer.put(path, json!({ "description": "a".repeat(25_001) })).await.is(400);
    reader.put(path, json!({ "description": "x" })).await.is(403);
    app.user("sam").await.put(path, json!({ "description": "x" })).await.is(404);
    app.anonymous().put(path, json!({ "description": "x" })).await.is(401);
    app.user_with("audrey", Standing::ReadOnlySuperuser).await.put(path, json!({ "description": "x" })).await.is(403);
}

#[actix_web::test]
async fn a_read_only_repository_takes_no_change_of_content() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/web", "v1").await;
    client.push_image("acme/other", "v1").await;
    let upload = client.begin("acme/web").await;
    let (base, digest) = ("/api/v1/repository/acme/web", image.digest());
    let state = |state: &str| {
        let (owner, state) = (owner.clone(), json!({ "state": state }));
        async move { owner.put("/api/v1/repository/acme/web/changestate", state).await }
    };
    assert_eq!(state("READ_ONLY").await.is(200).json(), json!({ "success": true }));

    let words = client.put_manifest("acme/web", "v2", OCI_MANIFEST, &image.manifest).await.refused(403, "DENIED");
    assert!(words.message().contains("acme/web is read-only"), "{}", words.shown());
    client.post("/v2/acme/web/blobs/uploads/").await.refused(403, "DENIED");
    client.patch(&upload, b"abc").await.refused(403, "DENIED");
    let mount = format!("/v2/acme/web/blobs/uploads/?mount={}&from=acme/other", digest_of(b"x"));
    client.post(&mount).await.refused(403, "DENIED");
    client.delete("/v2/acme/web/manifests/v1").await.refused(403, "DENIED");
    client.delete(&format!("/v2/acme/web/manifests/{digest}")).await.refused(403, "DENIED");
    client.delete(&format!("/v2/acme/web/blobs/{}", digest_of(&image.layer))).await.refused(403, "DENIED");
    let changes = [
        ("PUT", "tag/v2".to_string(), json!({ "manifest_digest": digest })),
        ("PUT", "tag/v1".to_string(), json!({ "expiration": 2_000_000_000 })),
        ("DELETE", "tag/v1".to_string(), json!(null)),
        ("POST", "tag/v1/restore".to_string(), json!({ "manifest_digest": digest })),
        ("POST", "tag/v1/expire".to_string(), json!({ "manifest_digest": digest, "is_alive": true })),
        ("POST", format!("manifest/{digest}/labels"), json!({ "key": "a", "value": "b", "media_type": null })),
    ];
    for (method, path, body) in changes {
        let refused = owner.ask(method.parse().unwrap(), &format!("{base}/{path}"), Some(body)).await.is(403);
        assert!(refused.message().contains("read-only"), "{}", refused.shown());
    }
    client.get_manifest("acme/web", "v1").await.is(200);
    app.user("dave").await;
    owner.put(&format!("{base}/permissions/user/dave"), json!({ "role": "read" })).await.is(200);
    owner.put(base, json!({ "description": "kept" })).await.is(200);
    state("NORMAL").await.is(200);
    client.put_manifest("acme/web", "v2", OCI_MANIFEST, &image.manifest).await.is(201);
}

#[actix_web::test]
async fn states_are_three_words_and_one_of_them_is_for_mirrors() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let writer = app.user("walter").await;
    app.grant("acme/web", &writer, "write").await;
    let path = "/api/v1/repository/acme/web/changestate";

    let wrong = owner.put(path, json!({ "state": "ZZZ" })).await.is(400);
    let mirror = owner.put(path, json!({ "state": "MIRROR" })).await.is(400);

    assert_eq!(wrong.message(), "'ZZZ' is not one of ['NORMAL', 'READ_ONLY', 'MIRROR']");
    assert!(mirror.message().contains("mirroring is not available"), "{}", mirror.shown());
    writer.put(path, json!({ "state": "READ_ONLY" })).await.is(403);
    app.user("sam").await.put(path, json!({ "state": "READ_ONLY" })).await.is(404);
    app.anonymous().put(path, json!({ "state": "READ_ONLY" })).await.is(401);
}

#[actix_web::test]
async fn admins_delete_a_repository() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    let writer = app.user("walter").await;
    app.grant("acme/web", &writer, "write").await;
    let path = "/api/v1/repository/acme/web";

    writer.delete(path).await.is(403);
    app.user("sam").await.delete(path).await.is(404);
    app.anonymous().delete(path).await.is(401);
    app.user_with("audrey", Standing::ReadOnlySuperuser).await.delete(path).await.is(403);
    owner.delete(path).await.is(204);

    owner.delete(path).await.is(404);
    owner.get(path).await.is(404);
    app.oci(&owner).get_manifest("acme/web", "v1").await.is(404);
    app.repository("acme/web", PRIVATE).await;
    assert_eq!(owner.get(path).await.is(200).json()["tags"], json!({}));
}

#[actix_web::test]
async fn words_of_operations_may_be_parts_of_names() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    for name in ["acme/tag", "acme/tag/web", "acme/permissions/user", "acme/manifest"] {
        app.repository(name, PRIVATE).await;
    }

    assert_eq!(owner.get("/api/v1/repository/acme/tag").await.is(200).json()["name"], "tag");
    assert_eq!(owner.get("/api/v1/repository/acme/tag/tag/").await.is(200).json()["tags"], json!([]));
    assert_eq!(owner.get("/api/v1/repository/acme/tag/web").await.is(200).json()["name"], "tag/web");
    assert_eq!(owner.get("/api/v1/repository/acme%2Fmanifest/tag").await.is(200).json()["tags"], json!([]));
}

#[actix_web::test]
async fn features_that_are_not_there_are_not_found() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    for rest in ["mirror", "autoprunepolicy/", "immutabilitypolicy/", "signatures", "notification/x"] {
        owner.get(&format!("/api/v1/repository/acme/web/{rest}")).await.is(404);
    }
    for path in ["organization/acme/quota", "organization/acme/proxycache", "organization/acme/mirror", "user/quota"] {
        owner.get(&format!("/api/v1/{path}")).await.is(404);
    }

    let notifications = owner.get("/api/v1/repository/acme/web/notification/").await.is(200).json();
    let token = owner.get("/api/v1/repository/acme/web/tokens/").await.is(410);

    assert_eq!(notifications, json!({ "notifications": [] }));
    assert!(token.message().contains("no longer supported"), "{}", token.shown());
}
