use std::sync::Arc;
use std::time::Duration;

use domain::access::Write;
use domain::oci::{Algorithm, Digest};
use domain::principal::Caller;
use domain::upload::{Append, UploadLimits, Uploads};
use reqwest::Method;

use crate::support::{Actor, Answer, Oci, TestApp};

async fn carol(app: &TestApp) -> Actor<'_> {
    let carol = app.user("carol").await;
    app.repository(&carol, "carol/web", "private").await;
    carol
}

async fn patch(oci: &Oci<'_>, path: &str, range: Option<&str>, body: &[u8]) -> Answer {
    oci.send(Method::PATCH, path, |request| {
        let request = request.body(body.to_vec());
        match range {
            Some(range) => request.header("content-range", range),
            None => request,
        }
    })
    .await
}

fn digest(content: &[u8]) -> Digest {
    Digest::of(Algorithm::Sha256, content)
}

#[actix_web::test]
async fn a_blob_is_pushed_in_one_request() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();
    let digest = digest(b"hello");

    let pushed = oci
        .send(Method::POST, &format!("/v2/carol/web/blobs/uploads/?digest={digest}"), |r| r.body("hello"))
        .await
        .is(201);

    assert_eq!(pushed.header("docker-content-digest"), digest.as_str());
    assert_eq!(oci.get(pushed.header("location")).await.is(200).text(), "hello");
}

#[actix_web::test]
async fn chunks_are_taken_in_order_and_only_in_order() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();
    let path = oci.begin_upload("carol/web").await;

    let first = patch(&oci, &path, Some("0-4"), b"hello").await.is(202);
    assert_eq!(first.header("range"), "0-4");
    let skipped = patch(&oci, &path, Some("10-14"), b"world").await.refused(416, "BLOB_UPLOAD_INVALID");
    assert_eq!(skipped.header("range"), "0-4");
    assert_eq!(skipped.header("location"), path);
    patch(&oci, &path, Some("5-9"), b"world").await.is(202);

    let whole = digest(b"helloworld!");
    let path = format!("{path}?digest={whole}");
    let finished = oci.send(Method::PUT, &path, |r| r.header("content-range", "10-10").body("!")).await.is(201);
    assert_eq!(oci.get(finished.header("location")).await.text(), "helloworld!");
}

#[actix_web::test]
async fn a_content_range_that_contradicts_the_body_is_refused() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();
    let path = oci.begin_upload("carol/web").await;

    patch(&oci, &path, Some("0-99"), b"hello").await.refused(400, "BLOB_UPLOAD_INVALID");
    patch(&oci, &path, Some("9-5"), b"hello").await.is(416);
    patch(&oci, &path, Some("0-99999999999999999999999"), b"hello").await.is(416);

    assert_eq!(oci.get(&path).await.is(204).header("range"), "0-0");
}

#[actix_web::test]
async fn a_wrong_digest_ends_the_upload_and_stores_nothing() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();
    let claimed = digest(b"something else");

    for body in [b"hello".to_vec(), vec![7; 2_000_000]] {
        let path = oci.begin_upload("carol/web").await;
        oci.put(&format!("{path}?digest={claimed}"), "", body).await.refused(400, "DIGEST_INVALID");
        oci.get(&path).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    }

    oci.get(&format!("/v2/carol/web/blobs/{claimed}")).await.refused(404, "BLOB_UNKNOWN");
}

#[actix_web::test]
async fn an_upload_is_nobody_elses() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let dave = app.user("dave").await;
    carol.grant("carol/web", "dave", "write").await;
    app.repository(&carol, "carol/other", "private").await;
    let path = carol.oci().begin_upload("carol/web").await;

    let daves = dave.oci();
    daves.get(&path).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    patch(&daves, &path, None, b"evil").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    daves.put(&format!("{path}?digest={}", digest(b"evil")), "", "evil").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    daves.delete(&path).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    let elsewhere = path.replace("carol/web", "carol/other");
    carol.oci().get(&elsewhere).await.refused(404, "BLOB_UPLOAD_UNKNOWN");

    carol.oci().get(&path).await.is(204);
}

#[actix_web::test]
async fn a_cancelled_upload_is_gone() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();
    let path = oci.begin_upload("carol/web").await;
    patch(&oci, &path, None, b"hello").await.is(202);

    oci.delete(&path).await.is(204);

    oci.get(&path).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    oci.delete(&path).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(std::fs::read_dir(app.folder.join("storage/uploads")).unwrap().count(), 0);
}

#[actix_web::test]
async fn an_upload_goes_on_after_a_restart() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let (name, secret) = (carol.name.clone(), carol.secret.clone());
    let path = carol.oci().begin_upload("carol/web").await;
    patch(&carol.oci(), &path, None, b"hello ").await.is(202);

    let app = app.restart().await;

    let oci = Oci::new(&app, &name, &secret);
    assert_eq!(oci.get(&path).await.is(204).header("range"), "0-5");
    let whole = digest(b"hello world");
    oci.put(&format!("{path}?digest={whole}"), "", "world").await.is(201);
    assert_eq!(oci.get(&format!("/v2/carol/web/blobs/{whole}")).await.text(), "hello world");
}

#[actix_web::test]
async fn sha512_and_the_empty_blob_are_blobs_like_any() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();

    for content in [Vec::new(), b"content".to_vec(), vec![3; 1_500_000]] {
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = Digest::of(algorithm, &content);
            let streamed = oci.begin_upload("carol/web").await;
            patch(&oci, &streamed, None, &content).await.is(202);
            oci.put(&format!("{streamed}?digest={digest}"), "", "").await.is(201);
            let at_once = oci.begin_upload("carol/web").await;
            oci.put(&format!("{at_once}?digest={digest}"), "", content.clone()).await.is(201);

            assert_eq!(oci.get(&format!("/v2/carol/web/blobs/{digest}")).await.is(200).body, content);
        }
    }
}

#[actix_web::test]
async fn a_blob_larger_than_allowed_is_refused_with_the_limit() {
    let app = TestApp::with(&[("limits.blob_size", "1MiB")]).await;
    let oci = carol(&app).await.oci();
    let large = vec![1; 1024 * 1024 + 1];

    let path = oci.begin_upload("carol/web").await;
    let refused = oci.put(&format!("{path}?digest={}", digest(&large)), "", large).await.refused(403, "DENIED");

    assert!(refused.text().contains("1048576"), "{}", refused.text());
    oci.push_blob("carol/web", &vec![1; 1024 * 1024]).await;
}

#[actix_web::test]
async fn abandoned_uploads_are_swept_and_others_kept() {
    let app = TestApp::start().await;
    let oci = carol(&app).await.oci();
    let old = oci.begin_upload("carol/web").await;
    patch(&oci, &old, None, b"old").await.is(202);
    app.clock.advance(Duration::from_secs(25 * 3600));
    let new = oci.begin_upload("carol/web").await;
    patch(&oci, &new, None, b"new").await.is(202);

    let swept = app.services.uploads.sweep(Duration::from_secs(24 * 3600), 100).await.unwrap();

    assert_eq!(swept, 1);
    oci.get(&old).await.is(404);
    oci.get(&new).await.is(204);
    assert_eq!(std::fs::read_dir(app.folder.join("storage/uploads")).unwrap().count(), 1);
}

#[actix_web::test]
async fn two_writers_to_one_upload_cannot_mix_their_bytes() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let path = carol.oci().begin_upload("carol/web").await;
    let (one, other) = (vec![1u8; 3_000_000], vec![2u8; 3_000_000]);

    let (first, second) = (carol.oci(), carol.oci());
    let answers =
        futures_util::future::join(patch(&first, &path, None, &one), patch(&second, &path, None, &other)).await;
    let accepted = [answers.0.status, answers.1.status].iter().filter(|status| **status == 202).count();

    let stored = carol.oci().get(&path).await.is(204).header("range").to_string();
    if accepted == 1 {
        assert_eq!(stored, "0-2999999");
        let winner = if answers.0.status == 202 { &one } else { &other };
        carol.oci().put(&format!("{path}?digest={}", digest(winner)), "", "").await.is(201);
    } else {
        // One after the other is fine as well: then the bytes follow each other.
        assert_eq!((accepted, stored.as_str()), (2, "0-5999999"));
    }
}

#[actix_web::test]
async fn an_upload_begun_here_may_go_on_elsewhere_and_end_here() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let path = carol.oci().begin_upload("carol/web").await;
    let (services, id) = (&app.services, path.rsplit('/').next().unwrap().parse().unwrap());
    let limits = UploadLimits { max_size: None, idle_timeout: Duration::from_secs(5) };
    let (clock, entropy) = (services.clock.clone(), services.entropy.clone());
    let elsewhere = Uploads::new(services.db.clone(), services.store.clone(), clock, entropy, limits);
    let caller = Caller { principal: carol.principal().await, ..Caller::system("test") };
    let name = "carol/web".parse().unwrap();
    let repository = services.access.repository::<Write>(&Arc::new(caller), &name).await.unwrap();

    let chunk = bytes::Bytes::from_static(b"from elsewhere");
    let body = Box::pin(futures_util::stream::iter([Ok(chunk)]));
    let append = Append { body, start: None, length: None };
    elsewhere.append(&repository, id, append).await.unwrap();

    let whole = digest(b"from elsewhere");
    carol.oci().put(&format!("{path}?digest={whole}"), "", "").await.is(201);
    assert_eq!(carol.oci().get(&format!("/v2/carol/web/blobs/{whole}")).await.text(), "from elsewhere");
}

#[actix_web::test]
async fn racing_writers_never_put_other_bytes_under_a_digest() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let (good, evil) = (vec![1u8; 200_000], vec![2u8; 200_000]);
    let whole = digest(&good);

    for _ in 0..25 {
        let path = carol.oci().begin_upload("carol/web").await;
        let (first, second, third) = (carol.oci(), carol.oci(), carol.oci());
        let finish = format!("{path}?digest={whole}");
        futures_util::future::join3(
            patch(&first, &path, None, &good),
            patch(&second, &path, None, &evil),
            third.put(&finish, "", ""),
        )
        .await;
        carol.oci().put(&finish, "", "").await;

        let stored = carol.oci().get(&format!("/v2/carol/web/blobs/{whole}")).await;
        assert!(stored.status == 404 || stored.body == good, "other bytes under {whole}");
        carol.oci().push_blob("carol/web", &good).await;
        assert!(carol.oci().get(&format!("/v2/carol/web/blobs/{whole}")).await.is(200).body == good);
        carol.oci().delete(&format!("/v2/carol/web/blobs/{whole}")).await.is(202);
    }
}
