//! Odd paths are read once and refused in the specification's words.

use crate::support::{Image, Oci, TestApp};

#[actix_web::test]
async fn an_encoded_slash_is_a_slash() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let digest = oci.push_image("carol/web", "v1", &Image::of("web")).await;

    for path in ["/v2/carol%2Fweb/manifests/v1", "/v2/carol%2fweb/manifests/v1", "/v2/%63arol/web/manifests/v1"] {
        oci.get(path).await.is(200);
    }
    let encoded = digest.as_str().replace(':', "%3A");
    oci.get(&format!("/v2/carol/web/manifests/{encoded}")).await.is(200);
    oci.get("/v2/carol%252Fweb/manifests/v1").await.refused(400, "NAME_INVALID");
}

#[actix_web::test]
async fn malformed_names_and_references_are_client_errors() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let long = format!("/v2/carol/{}/manifests/v1", "a".repeat(300));

    for (path, code) in [
        ("/v2/Carol/web/manifests/v1", "NAME_INVALID"),
        ("/v2//carol/web/manifests/v1", "NAME_INVALID"),
        ("/v2/carol//web/manifests/v1", "NAME_INVALID"),
        ("/v2/carol/web%00/manifests/v1", "NAME_INVALID"),
        ("/v2/carol/w%C3%A9b/manifests/v1", "NAME_INVALID"),
        ("/v2/carol/-web/tags/list", "NAME_INVALID"),
        (long.as_str(), "NAME_INVALID"),
    ] {
        oci.get(path).await.refused(400, code);
    }
    oci.get("/v2/carol/manifests/v1").await.refused(404, "NAME_UNKNOWN");
    let signed_in = Oci::with_token(&app, &oci.token(&[]).await);
    let advised = signed_in.post("/v2/web/blobs/uploads/").await.refused(403, "DENIED");
    assert!(advised.text().contains("push carol/web"), "{}", advised.text());
    oci.push_image("carol/web", "v1", &Image::of("web")).await;
    for (path, code) in [
        ("/v2/carol/web/manifests/.hidden", "TAG_INVALID"),
        ("/v2/carol/web/manifests/a%20b", "TAG_INVALID"),
        ("/v2/carol/web/blobs/sha256:nothex", "DIGEST_INVALID"),
        ("/v2/carol/web/blobs/..%2f..%2fsecret.key", "UNSUPPORTED"),
        ("/v2/carol/web/referrers/latest", "DIGEST_INVALID"),
    ] {
        let answer = oci.get(path).await;
        assert!(answer.status == 400 || answer.status == 404, "{path}: {}", answer.text());
        assert_eq!(answer.code(), code, "{path}");
    }
    oci.get("/v2/nothing/here").await.refused(404, "UNSUPPORTED");
}
