use domain::oci::{Algorithm, Digest};
use serde_json::json;

use crate::support::image::{INDEX, MANIFEST, descriptor, index};
use crate::support::{Image, Oci, TestApp};

async fn signed_in(app: &TestApp) -> Oci<'_> {
    app.user("carol").await.oci()
}

#[actix_web::test]
async fn a_manifest_comes_back_as_it_was_sent() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let image = Image::with("web", json!({ "org.example.unknown": { "kept": [1, 2, 3] } }));
    let mut spaced = b"\n  ".to_vec();
    spaced.extend_from_slice(&image.manifest);
    let image = Image { manifest: spaced, ..image };

    let digest = oci.push_image("carol/web", "v1", &image).await;

    for reference in ["v1", digest.as_str()] {
        let path = format!("/v2/carol/web/manifests/{reference}");
        let answer = oci.get(&path).await.is(200);
        assert_eq!(answer.body, image.manifest);
        assert_eq!(answer.header("content-type"), MANIFEST);
        assert_eq!(answer.header("docker-content-digest"), digest.as_str());
        let head = oci.head(&path).await.is(200);
        assert_eq!(head.header("content-length"), image.manifest.len().to_string());
        let etag = answer.header("etag").to_string();
        let known = oci.send(reqwest::Method::GET, &path, |r| r.header("if-none-match", etag.clone())).await;
        assert_eq!(known.is(304).body.len(), 0);
    }
}

#[actix_web::test]
async fn what_a_manifest_needs_must_be_in_the_repository() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let image = Image::of("web");
    oci.push_blob("carol/other", &image.blobs[0]).await;
    oci.push_blob("carol/other", &image.blobs[1]).await;
    oci.push_blob("carol/web", &image.blobs[0]).await;

    let missing = oci.push_manifest("carol/web", "v1", MANIFEST, &image.manifest).await;
    assert!(missing.refused(400, "MANIFEST_BLOB_UNKNOWN").text().contains("sha256:"));
    oci.push_blob("carol/web", &image.blobs[1]).await;
    let lying = String::from_utf8(image.manifest.clone()).unwrap().replace("\"size\":12", "\"size\":13");
    assert_ne!(lying.as_bytes(), image.manifest);
    oci.push_manifest("carol/web", "v1", MANIFEST, lying.as_bytes()).await.refused(400, "SIZE_INVALID");

    oci.push_manifest("carol/web", "v1", MANIFEST, &image.manifest).await.is(201);
}

#[actix_web::test]
async fn an_index_needs_its_manifests_unless_sparse_ones_are_allowed() {
    let image = Image::of("amd64");
    let absent = Image::of("arm64");
    let body = index(&[image.descriptor(), absent.descriptor()]);

    let strict = TestApp::start().await;
    let oci = signed_in(&strict).await;
    oci.push_image("carol/web", "amd64", &image).await;
    oci.push_manifest("carol/web", "v1", INDEX, &body).await.refused(400, "MANIFEST_BLOB_UNKNOWN");
    oci.push_image("carol/web", "arm64", &absent).await;
    oci.push_manifest("carol/web", "v1", INDEX, &body).await.is(201);
    let nested = index(&[descriptor(INDEX, &body)]);
    oci.push_manifest("carol/web", "nested", INDEX, &nested).await.is(201);
    oci.push_manifest("carol/web", "empty", INDEX, &index(&[])).await.is(201);

    let tolerant = TestApp::with(&[("registry.allow_sparse_indexes", "true")]).await;
    let oci = signed_in(&tolerant).await;
    oci.push_image("carol/web", "amd64", &image).await;
    oci.push_manifest("carol/web", "v1", INDEX, &body).await.is(201);
}

#[actix_web::test]
async fn several_tags_can_be_set_with_one_push() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let image = Image::of("web");
    oci.push_image("carol/web", "first", &image).await;
    let digest = image.digest();

    let path = format!("/v2/carol/web/manifests/{digest}?tag=one&tag=two");
    let answer = oci.put(&path, MANIFEST, image.manifest.clone()).await.is(201);

    let tags: Vec<_> = answer.headers.get_all("oci-tag").iter().map(|tag| tag.to_str().unwrap()).collect();
    assert_eq!(tags, ["one", "two"]);
    for tag in ["one", "two"] {
        oci.get(&format!("/v2/carol/web/manifests/{tag}")).await.is(200);
    }
    let many: String = (0..11).map(|i| format!("&tag=t{i}")).collect();
    oci.put(&format!("/v2/carol/web/manifests/{digest}?{}", &many[1..]), MANIFEST, image.manifest.clone())
        .await
        .refused(400, "TAG_INVALID");
}

#[actix_web::test]
async fn schema_one_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    oci.push_image("carol/web", "v1", &Image::of("web")).await;
    let body = br#"{"schemaVersion":1,"name":"carol/web","tag":"old","fsLayers":[],"history":[]}"#;

    for media_type in ["application/vnd.docker.distribution.manifest.v1+prettyjws", "application/json", ""] {
        let refused = oci.push_manifest("carol/web", "old", media_type, body).await.refused(400, "MANIFEST_INVALID");
        assert!(refused.text().contains("schema 1"), "{}", refused.text());
    }
}

#[actix_web::test]
async fn a_manifest_has_at_most_four_mebibytes() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let image = Image::of("web");
    oci.push_image("carol/web", "v1", &image).await;
    let padded = |size: usize| {
        let mut body = image.manifest.clone();
        body.resize(size, b' ');
        body
    };

    oci.push_manifest("carol/web", "large", MANIFEST, &padded(4 * 1024 * 1024)).await.is(201);
    oci.push_manifest("carol/web", "larger", MANIFEST, &padded(4 * 1024 * 1024 + 1))
        .await
        .refused(413, "MANIFEST_INVALID");
}

#[actix_web::test]
async fn a_digest_that_is_not_the_contents_is_refused() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let image = Image::of("web");
    oci.push_image("carol/web", "v1", &image).await;
    let wrong = Digest::of(Algorithm::Sha256, b"something else");

    oci.push_manifest("carol/web", wrong.as_str(), MANIFEST, &image.manifest).await.refused(400, "DIGEST_INVALID");
    for malformed in ["sha256:xyz", "sha256:", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:ABC"] {
        oci.push_manifest("carol/web", malformed, MANIFEST, &image.manifest).await.refused(400, "DIGEST_INVALID");
        oci.get(&format!("/v2/carol/web/manifests/{malformed}")).await.refused(400, "DIGEST_INVALID");
    }
}

#[actix_web::test]
async fn helm_charts_layers_from_elsewhere_and_docker_manifests_are_taken() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let blob = br#"{"name":"chart"}"#;
    oci.push_blob("carol/chart", blob).await;
    let config = descriptor("application/vnd.cncf.helm.config.v1+json", blob);
    let foreign = json!({
        "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "digest": Digest::of(Algorithm::Sha256, b"elsewhere").as_str(), "size": 9, "urls": ["https://example.test/layer"],
    });
    let docker = "application/vnd.docker.distribution.manifest.v2+json";

    let chart = json!({ "schemaVersion": 2, "config": config, "layers": [] }).to_string();
    oci.push_manifest("carol/chart", "1.0.0", MANIFEST, chart.as_bytes()).await.is(201);
    let windows = json!({ "schemaVersion": 2, "mediaType": docker, "config": config, "layers": [foreign] }).to_string();
    oci.push_manifest("carol/chart", "windows", docker, windows.as_bytes()).await.is(201);
    oci.push_manifest("carol/chart", "odd", "application/vnd.example+json", chart.as_bytes()).await.is(415);
}

#[actix_web::test]
async fn deleting_by_digest_takes_the_tags_along() {
    let app = TestApp::start().await;
    let oci = signed_in(&app).await;
    let image = Image::of("web");
    let digest = oci.push_image("carol/web", "one", &image).await;
    oci.push_manifest("carol/web", "two", MANIFEST, &image.manifest).await.is(201);
    oci.push_image("carol/copy", "one", &image).await;

    oci.delete("/v2/carol/web/manifests/one").await.is(202);
    oci.get("/v2/carol/web/manifests/two").await.is(200);
    oci.delete(&format!("/v2/carol/web/manifests/{digest}")).await.is(202);

    for reference in ["one", "two", digest.as_str()] {
        oci.get(&format!("/v2/carol/web/manifests/{reference}")).await.refused(404, "MANIFEST_UNKNOWN");
        oci.delete(&format!("/v2/carol/web/manifests/{reference}")).await.refused(404, "MANIFEST_UNKNOWN");
    }
    oci.get("/v2/carol/copy/manifests/one").await.is(200);
}
