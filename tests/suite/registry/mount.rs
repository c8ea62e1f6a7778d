use crate::support::{Oci, TestApp};

#[actix_web::test]
async fn a_blob_is_mounted_from_a_repository_one_may_read() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let digest = oci.push_blob("carol/one", b"layer").await;

    let answer = oci.post(&format!("/v2/carol/two/blobs/uploads/?mount={digest}&from=carol/one")).await.is(201);

    assert_eq!(oci.get(answer.header("location")).await.text(), "layer");
}

#[actix_web::test]
async fn a_token_without_the_source_is_asked_for_a_wider_one() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let digest = carol.oci().push_blob("carol/one", b"layer").await;
    let narrow = carol.oci().token(&["repository:carol/two:pull,push"]).await;
    let oci = Oci::with_token(&app, &narrow);

    let path = format!("/v2/carol/two/blobs/uploads/?mount={digest}&from=carol/one");
    let answer = oci.send_once(reqwest::Method::POST, &path, &|request| request).await.refused(401, "UNAUTHORIZED");

    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("repository:carol/one:pull repository:carol/two:pull,push"), "{challenge}");
}

#[actix_web::test]
async fn what_one_may_not_read_counts_as_not_there() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    let digest = carol.oci().push_blob("carol/secret", b"secret").await;
    let absent = digest.as_str().replace(&digest.as_str()[7..12], "00000");

    for path in [
        format!("/v2/mallory/web/blobs/uploads/?mount={digest}&from=carol/secret"),
        format!("/v2/mallory/web/blobs/uploads/?mount={absent}&from=carol/secret"),
        format!("/v2/mallory/web/blobs/uploads/?mount={digest}&from=carol/nothing"),
        format!("/v2/mallory/web/blobs/uploads/?mount={digest}&from=NOT//A/NAME"),
        format!("/v2/mallory/web/blobs/uploads/?mount={digest}"),
    ] {
        mallory.oci().post(&path).await.is(202);
    }
    mallory.oci().get(&format!("/v2/mallory/web/blobs/{digest}")).await.refused(404, "BLOB_UNKNOWN");
}

#[actix_web::test]
async fn without_a_source_any_readable_repository_will_do() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let digest = oci.push_blob("carol/one", b"layer").await;

    oci.post(&format!("/v2/carol/two/blobs/uploads/?mount={digest}")).await.is(201);

    oci.get(&format!("/v2/carol/two/blobs/{digest}")).await.is(200);
}
