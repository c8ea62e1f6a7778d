//! Pushing blobs.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc;

use crate::support::{Actor, Answer, Oci, TestApp, digest_of, raw, sha512_of};

const TEXT: &[u8] = b"0123456789";

async fn carol(app: &TestApp) -> Oci {
    app.oci(&app.user("carol").await)
}

async fn content(client: &Oci, repository: &str, digest: &str) -> Vec<u8> {
    client.get(&format!("/v2/{repository}/blobs/{digest}")).await.is(200).body
}

#[actix_web::test]
async fn a_blob_is_pushed_in_two_requests() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;

    let begun = carol.post("/v2/carol/web/blobs/uploads/").await.is(202);
    let upload = begun.header("location");
    let done = carol.finish(&upload, &digest_of(TEXT), TEXT).await.is(201);

    assert_eq!(begun.header("range"), "0-0");
    assert!(upload.ends_with(&begun.header("docker-upload-uuid")));
    assert_eq!(done.header("location"), format!("/v2/carol/web/blobs/{}", digest_of(TEXT)));
    assert_eq!(done.header("docker-content-digest"), digest_of(TEXT));
    assert_eq!(content(&carol, "carol/web", &digest_of(TEXT)).await, TEXT);
    carol.get(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[actix_web::test]
async fn a_blob_is_pushed_in_one_request() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    for bytes in [TEXT.to_vec(), vec![7; 1_500_000], vec![]] {
        let digest = digest_of(&bytes);
        let path = format!("/v2/carol/web/blobs/uploads/?digest={digest}");

        let done = carol.call("POST", &path).body(&bytes).send().await.is(201);

        assert_eq!(done.header("location"), format!("/v2/carol/web/blobs/{digest}"));
        assert!(content(&carol, "carol/web", &digest).await == bytes);
    }
    assert_eq!(std::fs::read_dir(app.storage().join("uploads")).unwrap().count(), 0);
}

#[actix_web::test]
async fn a_blob_of_another_digest_is_refused_in_one_request_too() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    for bytes in [b"other".to_vec(), vec![7; 1_500_000]] {
        let path = format!("/v2/carol/web/blobs/uploads/?digest={}", digest_of(TEXT));

        carol.call("POST", &path).body(&bytes).send().await.refused(400, "DIGEST_INVALID");
    }
    carol.get(&format!("/v2/carol/web/blobs/{}", digest_of(TEXT))).await.is(404);
    assert_eq!(std::fs::read_dir(app.storage().join("uploads")).unwrap().count(), 0);
}

#[actix_web::test]
async fn a_blob_is_pushed_as_a_stream() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let bytes = vec![3; 1_200_000];

    let upload = carol.begin("carol/web").await;
    let patched = carol.patch(&upload, &bytes).await.is(202);
    carol.finish(&patched.header("location"), &digest_of(&bytes), b"").await.is(201);

    assert_eq!(patched.header("range"), "0-1199999");
    assert!(content(&carol, "carol/web", &digest_of(&bytes)).await == bytes);
}

#[actix_web::test]
async fn chunks_arrive_in_order_and_the_last_one_with_the_digest() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;

    assert_eq!(carol.chunk(&upload, 0, &TEXT[..4]).await.is(202).header("range"), "0-3");
    assert_eq!(carol.chunk(&upload, 4, &TEXT[4..7]).await.is(202).header("range"), "0-6");
    let last = carol.call("PUT", &format!("{upload}?digest={}", digest_of(TEXT))).header("content-range", "7-9");
    last.body(&TEXT[7..]).send().await.is(201);

    assert_eq!(content(&carol, "carol/web", &digest_of(TEXT)).await, TEXT);
}

#[actix_web::test]
async fn chunks_out_of_order_are_refused_with_where_to_go_on() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;
    carol.chunk(&upload, 4, &TEXT[4..]).await.refused(416, "BLOB_UPLOAD_INVALID");
    carol.chunk(&upload, 0, &TEXT[..4]).await.is(202);

    for start in [0, 2, 5] {
        let refused = carol.chunk(&upload, start, &TEXT[start..start + 2]).await.refused(416, "BLOB_UPLOAD_INVALID");
        assert_eq!((refused.header("range"), refused.header("location")), ("0-3".into(), upload.clone()));
    }
    let early = carol.call("PUT", &format!("{upload}?digest={}", digest_of(TEXT))).header("content-range", "6-9");
    early.body(&TEXT[6..]).send().await.refused(416, "BLOB_UPLOAD_INVALID");

    carol.chunk(&upload, 4, &TEXT[4..]).await.is(202);
    carol.finish(&upload, &digest_of(TEXT), b"").await.is(201);
    assert_eq!(content(&carol, "carol/web", &digest_of(TEXT)).await, TEXT);
}

#[actix_web::test]
async fn the_status_says_how_far_an_upload_is() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;

    assert_eq!(carol.get(&upload).await.is(204).header("range"), "0-0");
    carol.patch(&upload, &TEXT[..5]).await.is(202);

    let status = carol.get(&upload).await.is(204);
    assert_eq!((status.header("range"), status.header("location")), ("0-4".into(), upload));
}

#[actix_web::test]
async fn a_cancelled_upload_is_gone() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;
    carol.patch(&upload, TEXT).await.is(202);

    carol.delete(&upload).await.is(204);

    carol.get(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    carol.patch(&upload, TEXT).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    carol.finish(&upload, &digest_of(TEXT), b"").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    carol.delete(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(std::fs::read_dir(app.storage().join("uploads")).unwrap().count(), 0);
}

#[actix_web::test]
async fn an_upload_is_its_owners_in_its_repository_only() {
    let app = TestApp::start().await;
    let (carol, walter) = (app.user("carol").await, app.user("walter").await);
    app.repository("carol/web", "private").await;
    app.repository("carol/api", "private").await;
    app.grant("carol/web", &walter, "write").await;
    let upload = app.oci(&carol).begin("carol/web").await;
    let elsewhere = upload.replace("carol/web", "carol/api");

    for (client, upload) in
        [(app.oci(&walter), &upload), (app.oci(&app.admin()), &upload), (app.oci(&carol), &elsewhere)]
    {
        client.get(upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
        client.patch(upload, TEXT).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
        client.finish(upload, &digest_of(TEXT), TEXT).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
        client.delete(upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    }

    app.oci(&carol).finish(&upload, &digest_of(TEXT), TEXT).await.is(201);
}

#[actix_web::test]
async fn an_upload_of_the_wrong_digest_is_refused_and_gone() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let other = digest_of(b"something else");
    let (small, streamed) = (carol.begin("carol/web").await, carol.begin("carol/web").await);
    carol.patch(&streamed, TEXT).await.is(202);

    carol.finish(&small, &other, TEXT).await.refused(400, "DIGEST_INVALID");
    let refused = carol.finish(&streamed, &other, b"").await.refused(400, "DIGEST_INVALID");

    assert!(refused.message().contains(&digest_of(TEXT)), "{}", refused.message());
    for upload in [small, streamed] {
        carol.get(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    }
    carol.get(&format!("/v2/carol/web/blobs/{other}")).await.refused(404, "BLOB_UNKNOWN");
    assert_eq!(std::fs::read_dir(app.storage().join("uploads")).unwrap().count(), 0);
}

#[actix_web::test]
async fn finishing_needs_a_digest_that_is_one() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;
    carol.patch(&upload, TEXT).await.is(202);

    carol.call("PUT", &upload).body(b"").send().await.refused(400, "DIGEST_INVALID");
    carol.finish(&upload, "sha256:abc", b"").await.refused(400, "DIGEST_INVALID");
    carol.finish(&upload, "md5:d41d8cd98f00b204e9800998ecf8427e", b"").await.refused(400, "DIGEST_INVALID");

    // None of these was the client's last word.
    carol.finish(&upload, &digest_of(TEXT), b"").await.is(201);
}

#[actix_web::test]
async fn a_digest_of_another_algorithm_is_checked_as_well() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let (right, wrong) = (carol.begin("carol/web").await, carol.begin("carol/web").await);
    carol.patch(&right, TEXT).await.is(202);
    carol.patch(&wrong, TEXT).await.is(202);

    carol.finish(&right, &sha512_of(TEXT), b"").await.is(201);
    carol.finish(&wrong, &sha512_of(b"other"), b"").await.refused(400, "DIGEST_INVALID");

    assert_eq!(content(&carol, "carol/web", &sha512_of(TEXT)).await, TEXT);
    let announced = carol.post("/v2/carol/web/blobs/uploads/?digest-algorithm=sha512").await.is(202).header("location");
    carol.patch(&announced, b"more").await.is(202);
    carol.finish(&announced, &sha512_of(b"more"), b"").await.is(201);
    carol.post("/v2/carol/web/blobs/uploads/?digest-algorithm=md5").await.refused(400, "DIGEST_INVALID");
}

#[actix_web::test]
async fn a_range_that_does_not_fit_the_body_is_refused() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;

    for range in ["0-4", "0-99"] {
        let call = carol.call("PATCH", &upload).header("content-range", range).body(TEXT);
        call.send().await.refused(400, "BLOB_UPLOAD_INVALID");
    }
    for nonsense in ["5-4", "a-b", "-"] {
        let call = carol.call("PATCH", &upload).header("content-range", nonsense).body(TEXT);
        call.send().await.refused(416, "BLOB_UPLOAD_INVALID");
    }

    assert_eq!(carol.get(&upload).await.is(204).header("range"), "0-0");
}

#[actix_web::test]
async fn a_blob_larger_than_the_limit_is_refused() {
    let app = TestApp::with(&[("limits.blob_size", "1MiB")]).await;
    let carol = carol(&app).await;
    let (fits, large) = (vec![1; 1 << 20], vec![1; (1 << 20) + 1]);

    carol.push_blob("carol/web", &fits).await;
    let whole = format!("/v2/carol/web/blobs/uploads/?digest={}", digest_of(&large));
    carol.call("POST", &whole).body(&large).send().await.refused(403, "DENIED");
    let upload = carol.begin("carol/web").await;
    carol.finish(&upload, &digest_of(&large), &large).await.refused(403, "DENIED");
    let upload = carol.begin("carol/web").await;
    carol.patch(&upload, &large).await.refused(403, "DENIED");

    carol.get(&format!("/v2/carol/web/blobs/{}", digest_of(&large))).await.is(404);
}

#[actix_web::test]
async fn what_was_acknowledged_before_a_chunk_too_large_can_still_be_finished() {
    let app = TestApp::with(&[("limits.blob_size", "1MiB")]).await;
    let carol = carol(&app).await;
    let upload = carol.begin("carol/web").await;
    carol.patch(&upload, TEXT).await.is(202);
    carol.patch(&upload, &vec![1; 3 << 19]).await.refused(403, "DENIED");
    assert_eq!(carol.get(&upload).await.is(204).header("range"), "0-9");

    carol.finish(&upload, &digest_of(TEXT), b"").await.is(201);

    assert_eq!(content(&carol, "carol/web", &digest_of(TEXT)).await, TEXT);
}

/// A body that is sent piece by piece; ends when the sender is dropped.
fn slow_body() -> (mpsc::Sender<Vec<u8>>, reqwest::Body) {
    let (sender, receiver) = mpsc::channel::<Vec<u8>>(8);
    let pieces = stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((Ok::<Bytes, std::io::Error>(piece.into()), receiver))
    });
    (sender, reqwest::Body::wrap_stream(pieces))
}

/// Waits until the server has opened the upload's file.
async fn until_written_to(app: &TestApp, upload: &str) {
    let file = app.storage().join("uploads").join(upload.rsplit_once('/').unwrap().1);
    for _ in 0..1000 {
        if file.exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nobody wrote to {}", file.display());
}

#[actix_web::test]
async fn of_two_who_write_at_once_one_is_refused_and_nothing_is_mixed() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let carol = app.oci(&who);
    let upload = carol.begin("carol/web").await;
    let (pieces, body) = slow_body();
    let request = who.request("PATCH".parse().unwrap(), &upload).body(body);
    let first = actix_web::rt::spawn(async move { Actor::send(request).await });
    pieces.send(b"first ".to_vec()).await.unwrap();
    until_written_to(&app, &upload).await;

    let second = carol.patch(&upload, b"second").await.refused(429, "TOOMANYREQUESTS");
    carol.finish(&upload, &digest_of(b"first "), b"").await;
    pieces.send(b"and last".to_vec()).await.unwrap();
    drop(pieces);
    let first: Answer = first.await.unwrap();

    assert!(second.maybe_header("retry-after").is_some());
    if first.status == 202 {
        carol.finish(&upload, &digest_of(b"first and last"), b"").await.is(201);
        assert_eq!(content(&carol, "carol/web", &digest_of(b"first and last")).await, b"first and last");
    }
    for mixed in [b"first second".as_slice(), b"secondfirst ", b"second"] {
        carol.get(&format!("/v2/carol/web/blobs/{}", digest_of(mixed))).await.is(404);
    }
}

#[actix_web::test]
async fn whoever_writes_first_is_not_disturbed_by_a_second() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let carol = app.oci(&who);
    let upload = carol.begin("carol/web").await;
    let (pieces, body) = slow_body();
    let request = who.request("PATCH".parse().unwrap(), &upload).body(body);
    let first = actix_web::rt::spawn(async move { Actor::send(request).await });
    pieces.send(vec![1; 600_000]).await.unwrap();
    until_written_to(&app, &upload).await;

    carol.patch(&upload, b"second").await.refused(429, "TOOMANYREQUESTS");
    pieces.send(vec![2; 600_000]).await.unwrap();
    drop(pieces);

    assert_eq!(first.await.unwrap().is(202).header("range"), "0-1199999");
    let whole = [vec![1; 600_000], vec![2; 600_000]].concat();
    carol.finish(&upload, &digest_of(&whole), b"").await.is(201);
    assert!(content(&carol, "carol/web", &digest_of(&whole)).await == whole);
}

#[actix_web::test]
async fn many_pushing_the_same_blob_all_succeed() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    app.repository("carol/web", "private").await;
    let bytes = vec![9; 800_000];
    let pushes = (0..8).map(|_| {
        let client = app.oci(&who);
        let bytes = bytes.clone();
        async move { client.push_blob("carol/web", &bytes).await }
    });

    let digests = futures_util::future::join_all(pushes).await;

    assert!(content(&app.oci(&who), "carol/web", &digests[0]).await == bytes);
}

#[actix_web::test]
async fn an_interrupted_chunk_is_kept_and_continued() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let carol = app.oci(&who);
    let upload = carol.begin("carol/web").await;
    let basic = who.request("GET".parse().unwrap(), "/").build().unwrap().headers()["authorization"].clone();
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\nContent-Length: 10\r\n\r\n01234",
        app.host(),
        basic.to_str().unwrap()
    );

    let mut connection = tokio::net::TcpStream::connect(app.host()).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut connection, head.as_bytes()).await.unwrap();
    until_written_to(&app, &upload).await;
    drop(connection);

    let received = until_settled(&carol, &upload).await;
    assert!(received <= 5, "{received} bytes of 5");
    carol.patch(&upload, &TEXT[received..]).await.is(202);
    carol.finish(&upload, &digest_of(TEXT), b"").await.is(201);
    assert_eq!(content(&carol, "carol/web", &digest_of(TEXT)).await, TEXT);
}

/// How many bytes the server has, once nobody writes any more.
async fn until_settled(client: &Oci, upload: &str) -> usize {
    for _ in 0..1000 {
        // An empty chunk is refused while somebody else holds the upload.
        if client.patch(upload, b"").await.status == 202 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let range = client.get(upload).await.is(204).header("range");
    match range.as_str() {
        "0-0" => 0,
        range => range.split_once('-').unwrap().1.parse::<usize>().unwrap() + 1,
    }
}

#[actix_web::test]
async fn an_upload_goes_on_after_a_restart() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let upload = app.oci(&who).begin("carol/web").await;
    app.oci(&who).patch(&upload, &TEXT[..4]).await.is(202);

    let app = app.restart().await;

    let carol = app.oci(&app.actor(&who.name, &who.secret));
    assert_eq!(carol.get(&upload).await.is(204).header("range"), "0-3");
    carol.chunk(&upload, 4, &TEXT[4..]).await.is(202);
    carol.finish(&upload, &digest_of(TEXT), b"").await.is(201);
    assert_eq!(content(&carol, "carol/web", &digest_of(TEXT)).await, TEXT);
}

#[actix_web::test]
async fn bytes_nobody_was_told_of_are_forgotten_after_a_crash() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let uploads: Vec<String> = futures_util::future::join_all((0..2).map(|_| async {
        let upload = app.oci(&who).begin("carol/web").await;
        app.oci(&who).patch(&upload, TEXT).await.is(202);
        upload
    }))
    .await;
    let files: Vec<_> = uploads.iter().map(|upload| upload.rsplit_once('/').unwrap().1.to_string()).collect();
    let folder = app.storage().join("uploads");
    let stopped = app.stop().await;
    for file in files {
        std::fs::write(folder.join(file), b"0123456789 and what a killed request left").unwrap();
    }

    let app = stopped.start_again().await;

    let carol = app.oci(&app.actor(&who.name, &who.secret));
    carol.patch(&uploads[0], b"abc").await.is(202);
    carol.finish(&uploads[0], &digest_of(b"0123456789abc"), b"").await.is(201);
    carol.finish(&uploads[1], &digest_of(TEXT), b"").await.is(201);
}

#[actix_web::test]
async fn no_upload_has_a_name_of_the_clients_choice() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    carol.begin("carol/web").await;

    for id in ["7", "..", "%2e%2e", "00000000-0000-4000-8000-000000000000", "a%2Fb", "%00"] {
        let path = format!("/v2/carol/web/blobs/uploads/{id}");
        let answer = carol.patch(&path, TEXT).await;
        assert!(matches!(answer.status, 404 | 405), "{}", answer.shown());
    }
}

#[actix_web::test]
async fn a_length_that_is_no_number_is_refused() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let upload = app.oci(&carol).begin("carol/web").await;

    let request =
        format!("PATCH {upload} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: -1\r\n\r\n", app.host());
    let answer = raw(app.host(), request.as_bytes()).await;

    assert_eq!(answer.status, 400, "{}", answer.shown());
}

#[actix_web::test]
async fn abandoned_uploads_are_swept() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let (old, new) = (carol.begin("carol/web").await, carol.begin("carol/web").await);
    carol.patch(&old, TEXT).await.is(202);
    app.clock.advance(Duration::from_secs(3600 * 23));
    carol.patch(&new, TEXT).await.is(202);
    app.clock.advance(Duration::from_secs(3600 * 2));

    let swept = app.services.uploads.sweep(app.services.settings.limits.upload_lifetime, 100).await.unwrap();

    assert_eq!(swept, 1);
    carol.get(&old).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    carol.get(&new).await.is(204);
}

#[actix_web::test]
async fn the_smallest_chunk_is_announced() {
    let app = TestApp::with(&[("limits.chunk_min_length", "1024")]).await;
    let carol = carol(&app).await;

    let begun = carol.post("/v2/carol/web/blobs/uploads/").await.is(202);

    assert_eq!(begun.header("oci-chunk-min-length"), "1024");
}

#[actix_web::test]
async fn however_a_race_of_two_writers_ends_a_blob_is_what_its_digest_says() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    app.repository("carol/web", "private").await;
    let client = app.oci(&who);
    for round in 0..60u32 {
        let (left, right) = (format!("left  {round}").repeat(100), format!("right {round}").repeat(100));
        let upload = client.begin("carol/web").await;
        let (left, right) = (left.as_bytes(), right.as_bytes());
        let two = futures_util::future::join(client.patch(&upload, left), client.patch(&upload, right));
        let (hers, his) = two.await;
        let acknowledged = [&hers, &his].iter().filter(|answer| answer.status == 202).count();
        let bytes = match (hers.status, his.status) {
            (202, 202) => [left, right].concat(),
            (202, _) => left.to_vec(),
            _ => right.to_vec(),
        };

        assert!(acknowledged > 0, "{} {}", hers.shown(), his.shown());
        // Where both were acknowledged the order is unknown, and a wrong guess ends the upload.
        let digest = digest_of(&bytes);
        let finished = client.finish(&upload, &digest, b"").await;
        if finished.status == 201 {
            let got = content(&client, "carol/web", &digest).await;
            assert!(got == bytes, "round {round}: {digest} is '{}…'", String::from_utf8_lossy(&got[..20]));
        } else {
            assert_eq!((acknowledged, finished.status), (2, 400), "{}", finished.shown());
        }
    }
}

#[actix_web::test]
async fn whatever_is_done_to_one_upload_at_once_is_no_fault_of_the_server() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    app.repository("carol/web", "private").await;
    let client = app.oci(&who);
    let digest = digest_of(TEXT);
    for round in 0..30 {
        let upload = client.begin("carol/web").await;
        client.patch(&upload, TEXT).await.is(202);

        let (first, second, third, fourth) = tokio::join!(
            client.finish(&upload, &digest, b""),
            client.patch(&upload, b"more"),
            client.finish(&upload, &digest, b""),
            async { if round % 2 == 0 { client.delete(&upload).await } else { client.get(&upload).await } },
        );

        for answer in [first, second, third, fourth] {
            assert!(answer.status < 500, "round {round}: {}", answer.shown());
        }
        let blob = client.get(&format!("/v2/carol/web/blobs/{digest}")).await;
        assert!(blob.status == 404 || blob.body == TEXT, "round {round}: {}", blob.shown());
    }
}
