//! Mounting blobs from other repositories.

use crate::support::{PRIVATE, PUBLIC, TestApp, digest_of, parameter};

const TEXT: &[u8] = b"shared";

fn mount(target: &str, digest: &str, from: &str) -> String {
    format!("/v2/{target}/blobs/uploads/?mount={digest}&from={from}")
}

#[actix_web::test]
async fn a_blob_is_mounted_from_where_one_may_read() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let digest = app.oci(&carol).push_blob("carol/base", TEXT).await;
    app.grant("carol/base", &dave, "read").await;
    let client = app.oci(&dave);
    let token = client.token(&["repository:dave/web:pull,push", "repository:carol/base:pull"]).await;
    let client = app.oci_with(&token);

    let mounted = client.post(&mount("dave/web", &digest, "carol/base")).await.is(201);

    assert_eq!(mounted.header("location"), format!("/v2/dave/web/blobs/{digest}"));
    assert_eq!(mounted.header("docker-content-digest"), digest);
    assert_eq!(client.get(&format!("/v2/dave/web/blobs/{digest}")).await.is(200).body, TEXT);
}

#[actix_web::test]
async fn what_is_public_is_mounted_without_a_scope_for_it() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let digest = app.oci(&carol).push_blob("carol/base", TEXT).await;
    app.set_visibility("carol/base", PUBLIC).await;
    let client = app.oci_with(&app.oci(&dave).token(&["repository:dave/web:pull,push"]).await);

    client.post(&mount("dave/web", &digest, "carol/base")).await.is(201);
}

#[actix_web::test]
async fn mounting_is_no_way_into_others_repositories() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let secret = app.oci(&carol).push_blob("carol/private", TEXT).await;
    let nowhere = digest_of(b"nobody has this");
    let scopes = ["repository:dave/web:pull,push", "repository:carol/private:pull", "repository:carol/none:pull"];
    let client = app.oci_with(&app.oci(&dave).token(&scopes).await);

    for (digest, from) in [
        (&secret, "carol/private"),
        (&nowhere, "carol/private"),
        (&secret, "carol/none"),
        (&secret, "dave/none"),
        (&secret, "NOT/A/NAME"),
        (&secret, "..%2F..%2Fetc"),
    ] {
        // The answer to what exists and what does not is the same: an ordinary upload.
        let answer = client.post(&mount("dave/web", digest, from)).await.is(202);
        assert!(answer.header("location").starts_with("/v2/dave/web/blobs/uploads/"));
        assert!(answer.body.is_empty() && answer.maybe_header("docker-content-digest").is_none());
        client.get(&format!("/v2/dave/web/blobs/{digest}")).await.refused(404, "BLOB_UNKNOWN");
    }
    let anywhere = format!("/v2/dave/web/blobs/uploads/?mount={secret}");
    client.post(&anywhere).await.is(202);
    client.get(&format!("/v2/dave/web/blobs/{secret}")).await.refused(404, "BLOB_UNKNOWN");
}

#[actix_web::test]
async fn a_token_too_narrow_for_the_source_is_told_both_scopes() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let digest = app.oci(&carol).push_blob("carol/base", TEXT).await;
    let client = app.oci_with(&app.oci(&carol).token(&["repository:carol/web:pull,push"]).await);

    let refused = client.post(&mount("carol/web", &digest, "carol/base")).await.refused(401, "UNAUTHORIZED");

    let challenge = refused.header("www-authenticate");
    let scope = parameter(&challenge, "scope").unwrap();
    assert_eq!(scope, "repository:carol/base:pull repository:carol/web:pull,push");
    assert_eq!(parameter(&challenge, "error").as_deref(), Some("insufficient_scope"));
    let wider = app.oci_with(&app.oci(&carol).token(&[&scope]).await);
    wider.post(&mount("carol/web", &digest, "carol/base")).await.is(201);
}

#[actix_web::test]
async fn without_a_source_any_readable_one_will_do() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let digest = app.oci(&carol).push_blob("carol/base", TEXT).await;
    app.oci(&carol).push_blob("carol/secret", TEXT).await;
    app.set_visibility("carol/base", PUBLIC).await;
    let client = app.oci_with(&app.oci(&dave).token(&["repository:dave/web:pull,push"]).await);

    client.post(&format!("/v2/dave/web/blobs/uploads/?mount={digest}")).await.is(201);

    client.get(&format!("/v2/dave/web/blobs/{digest}")).await.is(200);
}

#[actix_web::test]
async fn a_blob_the_source_lost_is_not_mounted() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.repository("carol/web", PRIVATE).await;
    let client = app.oci(&carol);
    let digest = client.push_blob("carol/base", TEXT).await;
    client.delete(&format!("/v2/carol/base/blobs/{digest}")).await.is(202);

    carol.ask("POST".parse().unwrap(), &mount("carol/web", &digest, "carol/base"), None).await.is(202);

    client.get(&format!("/v2/carol/web/blobs/{digest}")).await.is(404);
}

#[actix_web::test]
async fn a_mount_that_became_an_upload_can_be_finished() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let digest = digest_of(TEXT);

    let upload = carol.post(&mount("carol/web", &digest, "carol/none")).await.is(202).header("location");
    carol.finish(&upload, &digest, TEXT).await.is(201);

    carol.post(&mount("carol/web", "sha256:abc", "carol/none")).await.refused(400, "DIGEST_INVALID");
}
