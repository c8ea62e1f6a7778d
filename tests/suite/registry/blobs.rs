//! Pulling and deleting blobs.

use crate::support::{PRIVATE, TestApp, sha512_of};

const TEXT: &[u8] = b"0123456789";

#[actix_web::test]
async fn a_blob_comes_back_as_it_was_pushed() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    // More than the server reads at once.
    let bytes: Vec<u8> = (0..700_000u32).map(|number| (number % 251) as u8).collect();

    let digest = carol.push_blob("carol/web", &bytes).await;

    let path = format!("/v2/carol/web/blobs/{digest}");
    let got = carol.get(&path).await.is(200);
    assert!(got.body == bytes);
    assert_eq!(got.header("docker-content-digest"), digest);
    assert_eq!(got.header("content-type"), "application/octet-stream");
    assert_eq!(got.header("accept-ranges"), "bytes");
    // From memory and open files now.
    assert!(carol.get(&path).await.is(200).body == bytes);
    let head = carol.head(&path).await.is(200);
    assert_eq!((head.header("content-length"), head.body.len()), ("700000".into(), 0));
    assert_eq!(head.header("docker-content-digest"), digest);
}

#[actix_web::test]
async fn a_part_of_a_blob_is_sent_alone() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let digest = carol.push_blob("carol/web", TEXT).await;
    let path = format!("/v2/carol/web/blobs/{digest}");
    let parts = [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=0-0", "0", "bytes 0-0/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=-30", "0123456789", "bytes 0-9/10"),
        ("bytes=8-99", "89", "bytes 8-9/10"),
    ];

    for _ in ["from disk", "from memory"] {
        for (range, expected, content_range) in parts {
            let got = carol.call("GET", &path).header("range", range).send().await.is(206);
            assert_eq!((got.text().as_str(), got.header("content-range").as_str()), (expected, content_range));
            assert_eq!(got.header("content-length"), expected.len().to_string());
        }
        for whole in ["bytes=0-1,3-4", "items=0-1", "bytes=a-b"] {
            assert_eq!(carol.call("GET", &path).header("range", whole).send().await.is(200).body, TEXT);
        }
    }
}

#[actix_web::test]
async fn a_part_that_is_not_there_is_refused() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let digest = carol.push_blob("carol/web", TEXT).await;
    let empty = carol.push_blob("carol/web", b"").await;

    for (digest, range, size) in [(&digest, "bytes=10-", 10), (&digest, "bytes=-0", 10), (&empty, "bytes=0-0", 0)] {
        let path = format!("/v2/carol/web/blobs/{digest}");
        let refused = carol.call("GET", &path).header("range", range).send().await.refused(416, "SIZE_INVALID");
        assert_eq!(refused.header("content-range"), format!("bytes */{size}"));
    }
}

#[actix_web::test]
async fn an_empty_blob_is_a_blob() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);

    let digest = carol.push_blob("carol/web", b"").await;

    let path = format!("/v2/carol/web/blobs/{digest}");
    assert_eq!(carol.head(&path).await.is(200).header("content-length"), "0");
    assert!(carol.get(&path).await.is(200).body.is_empty());
}

#[actix_web::test]
async fn sha512_is_as_good() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let digest = sha512_of(TEXT);

    let upload = carol.begin("carol/web").await;
    carol.finish(&upload, &digest, TEXT).await.is(201);

    let got = carol.get(&format!("/v2/carol/web/blobs/{digest}")).await.is(200);
    assert_eq!((got.body.as_slice(), got.header("docker-content-digest")), (TEXT, digest));
}

#[actix_web::test]
async fn a_deleted_blob_is_gone_from_its_repository_only() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let digest = carol.push_blob("carol/web", TEXT).await;
    carol.push_blob("carol/api", TEXT).await;
    let (web, api) = (format!("/v2/carol/web/blobs/{digest}"), format!("/v2/carol/api/blobs/{digest}"));
    carol.get(&web).await.is(200);

    carol.delete(&web).await.is(202);

    carol.get(&web).await.refused(404, "BLOB_UNKNOWN");
    carol.head(&web).await.is(404);
    carol.delete(&web).await.refused(404, "BLOB_UNKNOWN");
    assert_eq!(carol.get(&api).await.is(200).body, TEXT);
    // And back again, though the bytes never left.
    carol.push_blob("carol/web", TEXT).await;
    carol.get(&web).await.is(200);
}

#[actix_web::test]
async fn knowing_a_digest_gives_no_right_to_the_blob() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.oci(&app.user("carol").await), app.oci(&app.user("dave").await));
    let digest = carol.push_blob("carol/web", TEXT).await;
    dave.push_blob("dave/own", b"something else").await;

    dave.get(&format!("/v2/dave/own/blobs/{digest}")).await.refused(404, "BLOB_UNKNOWN");
    dave.get(&format!("/v2/carol/web/blobs/{digest}")).await.refused(404, "NAME_UNKNOWN");
}

#[actix_web::test]
async fn readers_delete_nothing() {
    let app = TestApp::start().await;
    let (carol, rita) = (app.user("carol").await, app.user("rita").await);
    let digest = app.oci(&carol).push_blob("carol/web", TEXT).await;
    app.grant("carol/web", &rita, "read").await;

    let path = format!("/v2/carol/web/blobs/{digest}");
    rita.delete(&path).await.refused(403, "DENIED");

    rita.get(&path).await.is(200);
}

#[actix_web::test]
async fn what_is_no_digest_is_no_blob() {
    let app = TestApp::start().await;
    app.user("carol").await;
    app.repository("carol/web", PRIVATE).await;

    for wrong in ["sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", "latest", "sha256:", ":"] {
        app.admin().get(&format!("/v2/carol/web/blobs/{wrong}")).await.refused(400, "DIGEST_INVALID");
    }
    let upper = format!("sha256:{}", "A".repeat(64));
    app.admin().get(&format!("/v2/carol/web/blobs/{upper}")).await.refused(400, "DIGEST_INVALID");
}
