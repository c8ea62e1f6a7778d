//! Probes.

use serde_json::json;

use crate::support::{Image, OCI_MANIFEST, TestApp, digest_of};

#[actix_web::test]
async fn a_server_that_works_says_so() {
    let app = TestApp::start().await;
    let probe = app.anonymous();

    assert_eq!(probe.get("/health/live").await.is(200).json(), json!({ "status": "live" }));
    let ready = json!({ "status": "ready", "database": "ready", "storage": "ready" });
    assert_eq!(probe.get("/health/ready").await.is(200).json(), ready);
    for path in ["/health/instance", "/health/endtoend"] {
        let quay = probe.get(path).await.is(200).json();
        assert_eq!(quay["status_code"], 200);
        assert_eq!(quay["data"]["services"]["database"], true);
    }
}

#[actix_web::test]
async fn without_its_storage_a_server_is_not_ready_and_does_not_crash() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    let image = client.push_image("carol/web", "v1").await;
    let upload = client.begin("carol/web").await;
    std::fs::rename(app.storage(), app.folder().join("elsewhere")).unwrap();

    let ready = app.anonymous().get("/health/ready").await.is(503).json();

    assert_eq!(ready, json!({ "status": "failing", "database": "ready", "storage": "failing" }));
    app.anonymous().get("/health/live").await.is(200);
    app.anonymous().get("/").await.is(200);
    client.get_manifest("carol/web", "v1").await.is(200);
    client.put_manifest("carol/web", "v2", OCI_MANIFEST, &image.manifest).await.is(201);
    let unread = digest_of(&image.config);
    client.get(&format!("/v2/carol/web/blobs/{unread}")).await.refused(503, "UNAVAILABLE");
    client.finish(&upload, &digest_of(b"x"), b"x").await.refused(503, "UNAVAILABLE");
    let whole = format!("/v2/carol/web/blobs/uploads/?digest={}", digest_of(b"x"));
    client.call("POST", &whole).body(b"x").send().await.refused(503, "UNAVAILABLE");
    let streamed = client.begin("carol/web").await;
    let refused = client.patch(&streamed, b"x").await.refused(503, "UNAVAILABLE");
    assert!(!refused.text().contains(app.folder().to_str().unwrap()), "{}", refused.shown());

    // A store that comes back is used again.
    std::fs::rename(app.folder().join("elsewhere"), app.storage()).unwrap();
    client.push("carol/web", "v3", &Image::new("later")).await;
    assert_eq!(client.get(&format!("/v2/carol/web/blobs/{unread}")).await.is(200).body, image.config);
}

#[actix_web::test]
async fn a_blob_that_was_lost_is_a_fault_and_not_an_empty_answer() {
    let app = TestApp::start().await;
    let client = app.oci(&app.user("carol").await);
    let digest = client.push_blob("carol/web", b"0123456789").await;
    let hex = digest.strip_prefix("sha256:").unwrap();
    let file = app.storage().join("blobs/sha256").join(&hex[..2]).join(hex);

    std::fs::write(&file, b"01234").unwrap();

    let path = format!("/v2/carol/web/blobs/{digest}");
    let cut = client.get(&path).await.refused(500, "UNKNOWN");
    assert!(!cut.text().contains("storage"), "{}", cut.shown());
    std::fs::remove_file(&file).unwrap();
    client.get(&path).await.refused(500, "UNKNOWN");
}

#[actix_web::test]
async fn a_database_does_not_start_on_an_empty_store() {
    let app = TestApp::start().await;
    app.oci(&app.user("carol").await).push_blob("carol/web", b"0123456789").await;
    let settings = app.services.settings.clone();
    std::fs::rename(app.storage(), app.folder().join("elsewhere")).unwrap();

    let started = pierhead::app::build(settings).await;

    let refused = started.err().expect("a store that lost its blobs is not taken").to_string();
    assert!(refused.contains("is its disk mounted?"), "{refused}");
}

#[actix_web::test]
async fn probes_may_be_asked_with_head() {
    let app = TestApp::start().await;

    for path in ["/health/live", "/health/ready", "/health/instance", "/health/endtoend"] {
        app.anonymous().ask("HEAD".parse().unwrap(), path, None).await.is(200);
    }
}
