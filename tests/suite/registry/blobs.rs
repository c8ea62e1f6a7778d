use reqwest::Method;

use crate::support::TestApp;

#[actix_web::test]
async fn parts_of_a_blob_can_be_asked_for() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let oci = carol.oci();
    let digest = oci.push_blob("carol/web", b"0123456789").await;
    let path = format!("/v2/carol/web/blobs/{digest}");

    for (range, status, content_range, body) in [
        ("bytes=2-4", 206, "bytes 2-4/10", "234"),
        ("bytes=7-", 206, "bytes 7-9/10", "789"),
        ("bytes=-3", 206, "bytes 7-9/10", "789"),
        ("bytes=5-1000", 206, "bytes 5-9/10", "56789"),
        ("bytes=0-1,4-5", 200, "", "0123456789"),
        ("lines=1-2", 200, "", "0123456789"),
    ] {
        let answer = oci.send(Method::GET, &path, |request| request.header("range", range)).await.is(status);
        assert_eq!((answer.header("content-range"), answer.text().as_str()), (content_range, body), "{range}");
    }
    for range in ["bytes=10-", "bytes=500-0", "bytes=5000-10000"] {
        let answer = oci.send(Method::GET, &path, |request| request.header("range", range)).await.is(416);
        assert_eq!(answer.header("content-range"), "bytes */10");
    }
}

#[actix_web::test]
async fn head_tells_the_size_without_the_content() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let digest = oci.push_blob("carol/web", &[5; 300_000]).await;

    let answer = oci.head(&format!("/v2/carol/web/blobs/{digest}")).await.is(200);

    assert_eq!(answer.header("content-length"), "300000");
    assert_eq!(answer.header("docker-content-digest"), digest.as_str());
    assert!(answer.body.is_empty());
}

#[actix_web::test]
async fn a_large_blob_comes_back_bit_for_bit() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let content: Vec<u8> = (0..5_000_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let digest = oci.push_blob("carol/web", &content).await;

    for _ in 0..2 {
        assert!(oci.get(&format!("/v2/carol/web/blobs/{digest}")).await.is(200).body == content);
    }
}

#[actix_web::test]
async fn a_deleted_blob_is_gone_at_once_and_only_here() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let digest = oci.push_blob("carol/one", b"shared").await;
    oci.push_blob("carol/two", b"shared").await;
    let path = format!("/v2/carol/one/blobs/{digest}");
    oci.get(&path).await.is(200);

    oci.delete(&path).await.is(202);

    oci.get(&path).await.refused(404, "BLOB_UNKNOWN");
    oci.head(&path).await.is(404);
    oci.delete(&path).await.refused(404, "BLOB_UNKNOWN");
    oci.get(&format!("/v2/carol/two/blobs/{digest}")).await.is(200);
}

#[actix_web::test]
async fn knowing_a_digest_is_no_right_to_the_content() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    let digest = carol.oci().push_blob("carol/secret", b"secret").await;
    mallory.oci().push_blob("mallory/web", b"anything").await;

    mallory.oci().get(&format!("/v2/carol/secret/blobs/{digest}")).await.refused(404, "NAME_UNKNOWN");
    mallory.oci().get(&format!("/v2/mallory/web/blobs/{digest}")).await.refused(404, "BLOB_UNKNOWN");
}
