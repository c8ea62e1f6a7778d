//! Pushing and pulling manifests.

use serde_json::{Value, json};

use crate::support::{Image, OCI_INDEX, OCI_MANIFEST, Oci, PRIVATE, TestApp, descriptor, digest_of, raw, sha512_of};

const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

async fn carol(app: &TestApp) -> Oci {
    app.oci(&app.user("carol").await)
}

#[actix_web::test]
async fn a_manifest_is_pulled_by_tag_and_by_digest() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::new("one");

    let pushed = carol.push("carol/web", "v1", &image).await;

    assert_eq!(pushed.header("location"), format!("/v2/carol/web/manifests/{}", image.digest()));
    assert_eq!(pushed.header("docker-content-digest"), image.digest());
    assert_eq!((pushed.maybe_header("oci-subject"), pushed.maybe_header("oci-tag")), (None, None));
    for reference in ["v1".to_string(), image.digest()] {
        // The second time it comes from memory.
        for _ in 0..2 {
            let got = carol.get_manifest("carol/web", &reference).await.is(200);
            assert_eq!(got.body, image.manifest);
            assert_eq!(got.header("content-type"), OCI_MANIFEST);
            assert_eq!(got.header("docker-content-digest"), image.digest());
        }
    }
}

#[actix_web::test]
async fn a_manifest_comes_back_byte_for_byte() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::new("one");
    carol.push_blobs_of("carol/web", &image).await;
    let mut document: Value = serde_json::from_slice(&image.manifest).unwrap();
    document["x-unknown"] = json!({ "b": [1, 2.50, "é\u{1F680}"], "a": null });
    document["layers"][0]["x-more"] = json!("kept");
    let bytes = format!("\n  {}\r\n\t", serde_json::to_string_pretty(&document).unwrap()).into_bytes();

    carol.put_manifest("carol/web", "odd", OCI_MANIFEST, &bytes).await.is(201);

    assert_eq!(carol.get_manifest("carol/web", "odd").await.is(200).body, bytes);
    assert_eq!(carol.get_manifest("carol/web", &digest_of(&bytes)).await.is(200).body, bytes);
}

#[actix_web::test]
async fn head_says_everything_but_the_content() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = carol.push_image("carol/web", "v1").await;

    let head = carol.head("/v2/carol/web/manifests/v1").await.is(200);

    assert_eq!(head.header("content-length"), image.manifest.len().to_string());
    assert_eq!(head.header("content-type"), OCI_MANIFEST);
    assert_eq!(head.header("docker-content-digest"), image.digest());
    assert!(head.body.is_empty());
    carol.head("/v2/carol/web/manifests/none").await.is(404);
}

#[actix_web::test]
async fn who_has_it_already_is_not_sent_it_again() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = carol.push_image("carol/web", "v1").await;
    let tag = carol.get_manifest("carol/web", "v1").await.header("etag");
    assert_eq!(tag, format!("\"{}\"", image.digest()));
    let ask = |known: String| {
        let carol = &carol;
        async move { carol.call("GET", "/v2/carol/web/manifests/v1").header("if-none-match", &known).send().await }
    };

    let known = ask(format!("\"other\", {tag}")).await.is(304);

    assert!(known.body.is_empty());
    assert_eq!(known.header("docker-content-digest"), image.digest());
    ask("\"other\"".into()).await.is(200);
}

#[actix_web::test]
async fn a_manifest_whose_blobs_are_missing_is_refused() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.oci(&app.user("carol").await), app.oci(&app.user("dave").await));
    let image = Image::new("one");
    carol.push_blob("carol/web", &image.config).await;
    // That somebody else has the layer changes nothing.
    dave.push_blobs_of("dave/web", &image).await;

    let refused = carol.put_manifest("carol/web", "v1", OCI_MANIFEST, &image.manifest).await;

    let refused = refused.refused(400, "MANIFEST_BLOB_UNKNOWN");
    assert_eq!(refused.json()["errors"][0]["detail"]["digest"], digest_of(&image.layer));
    carol.get_manifest("carol/web", "v1").await.refused(404, "MANIFEST_UNKNOWN");
}

#[actix_web::test]
async fn a_manifest_that_lies_about_a_size_is_refused() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::changed("one", |manifest| manifest["layers"][0]["size"] = json!(3));
    carol.push_blobs_of("carol/web", &image).await;

    let refused = carol.put_manifest("carol/web", "v1", OCI_MANIFEST, &image.manifest).await;

    assert!(refused.refused(400, "SIZE_INVALID").message().contains("not 3 as declared"));
}

#[actix_web::test]
async fn schema_one_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let old = json!({ "schemaVersion": 1, "name": "carol/web", "tag": "v1", "fsLayers": [], "history": [] });
    let media_type = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    for (media_type, document) in [(media_type, old.clone()), (OCI_MANIFEST, old), (media_type, json!({}))] {
        let bytes = document.to_string().into_bytes();
        let refused = carol.put_manifest("carol/web", "v1", media_type, &bytes).await.refused(400, "MANIFEST_INVALID");
        assert!(refused.message().contains("schema 1"), "{}", refused.message());
    }
}

#[actix_web::test]
async fn what_is_no_manifest_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    carol.begin("carol/web").await;
    let wrong: [(&[u8], &str); 8] = [
        (b"", OCI_MANIFEST),
        (b"not json", OCI_MANIFEST),
        (b"[]", OCI_MANIFEST),
        (b"null", OCI_MANIFEST),
        (b"{\"schemaVersion\":2}", OCI_MANIFEST),
        (b"{\"schemaVersion\":2,\"manifests\":{}}", OCI_INDEX),
        (b"{\"schemaVersion\":2,\"schemaVersion\":2,\"manifests\":[]}", OCI_INDEX),
        (b"\xff\xfe", OCI_MANIFEST),
    ];

    for (bytes, media_type) in wrong {
        let refused = carol.put_manifest("carol/web", "v1", media_type, bytes).await.refused(400, "MANIFEST_INVALID");
        assert!(!refused.message().is_empty());
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    carol.put_manifest("carol/web", "v1", OCI_MANIFEST, deep.as_bytes()).await.refused(400, "MANIFEST_INVALID");
    carol.put_manifest("carol/web", "v1", "text/html", b"{\"schemaVersion\":2}").await.refused(415, "MANIFEST_INVALID");
    carol.put_manifest("carol/web", "v1", "nonsense", b"{}").await.refused(400, "MANIFEST_INVALID");
}

#[actix_web::test]
async fn a_manifest_above_four_mebibytes_is_refused() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).begin("carol/web").await;
    let basic = carol.request("GET".parse().unwrap(), "/").build().unwrap().headers()["authorization"].clone();
    let head = |length: &str| {
        let (host, basic) = (app.host(), basic.to_str().unwrap());
        format!(
            "PUT /v2/carol/web/manifests/v1 HTTP/1.1\r\nHost: {host}\r\nAuthorization: {basic}\r\n\
             Content-Type: {OCI_MANIFEST}\r\nConnection: close\r\n{length}\r\n\r\n"
        )
    };

    let announced = raw(app.host(), head("Content-Length: 4194305").as_bytes()).await;
    let mut chunked = head("Transfer-Encoding: chunked").into_bytes();
    chunked.extend_from_slice(b"400001\r\n");
    chunked.extend(std::iter::repeat_n(b' ', 0x40_0001));
    chunked.extend_from_slice(b"\r\n0\r\n\r\n");
    let chunked = raw(app.host(), &chunked).await;

    assert_eq!((announced.status, chunked.status), (413, 413));
    assert!(announced.text().contains("MANIFEST_INVALID"), "{}", announced.text());
}

#[actix_web::test]
async fn a_large_manifest_is_taken() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::changed("large", |manifest| manifest["annotations"] = json!({ "long": "x".repeat(4_000_000) }));

    carol.push("carol/web", "large", &image).await;

    assert!(carol.get_manifest("carol/web", "large").await.is(200).body == image.manifest);
}

#[actix_web::test]
async fn one_push_may_set_several_tags() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::new("one");
    carol.push_blobs_of("carol/web", &image).await;

    let reference = format!("{}?tag=v1&tag=latest&tag=v1", image.digest());
    let pushed = carol.put_manifest("carol/web", &reference, OCI_MANIFEST, &image.manifest).await.is(201);

    assert!(pushed.all("oci-tag").contains(&"v1".to_string()) && pushed.all("oci-tag").contains(&"latest".to_string()));
    for tag in ["v1", "latest"] {
        assert_eq!(carol.get_manifest("carol/web", tag).await.is(200).body, image.manifest);
    }
    let many: Vec<String> = (0..11).map(|number| format!("tag=t{number}")).collect();
    let reference = format!("{}?{}", image.digest(), many.join("&"));
    carol.put_manifest("carol/web", &reference, OCI_MANIFEST, &image.manifest).await.refused(400, "TAG_INVALID");
    let reference = format!("{}?tag=.wrong", image.digest());
    carol.put_manifest("carol/web", &reference, OCI_MANIFEST, &image.manifest).await.refused(400, "TAG_INVALID");
}

#[actix_web::test]
async fn a_push_by_digest_must_match_it() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::new("one");
    carol.push_blobs_of("carol/web", &image).await;
    let (wrong, long) = (digest_of(b"other"), sha512_of(&image.manifest));

    carol.put_manifest("carol/web", &wrong, OCI_MANIFEST, &image.manifest).await.refused(400, "DIGEST_INVALID");
    carol.put_manifest("carol/web", &long, OCI_MANIFEST, &image.manifest).await.is(201);

    let got = carol.get_manifest("carol/web", &long).await.is(200);
    assert_eq!((got.header("docker-content-digest"), got.body), (long, image.manifest));
}

#[actix_web::test]
async fn references_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = carol.push_image("carol/web", "v1").await;

    for wrong in [".v1", "-v1", "v%201", "v1%00", &"v".repeat(129)] {
        carol.get_manifest("carol/web", wrong).await.refused(400, "TAG_INVALID");
        carol.put_manifest("carol/web", wrong, OCI_MANIFEST, &image.manifest).await.refused(400, "TAG_INVALID");
    }
    carol.get_manifest("carol/web", "sha256:abc").await.refused(400, "DIGEST_INVALID");
    carol.get_manifest("carol/web", &"v".repeat(128)).await.refused(404, "MANIFEST_UNKNOWN");
}

#[actix_web::test]
async fn an_index_needs_its_manifests() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let (here, missing) = (carol.push_image("carol/web", "amd64").await, Image::new("missing"));
    let children = [here.descriptor(), missing.descriptor()];

    let refused = carol.put_index("carol/web", "multi", &children).await.refused(400, "MANIFEST_BLOB_UNKNOWN");
    assert_eq!(refused.json()["errors"][0]["detail"]["digest"], missing.digest());
    let mut wrong_size = here.descriptor();
    wrong_size["size"] = json!(1);
    carol.put_index("carol/web", "multi", &[wrong_size]).await.refused(400, "SIZE_INVALID");
    carol.put_index("carol/web", "multi", &children[..1]).await.is(201);

    assert_eq!(carol.get_manifest("carol/web", "multi").await.is(200).header("content-type"), OCI_INDEX);
}

#[actix_web::test]
async fn sparse_indexes_are_taken_where_the_operator_allows_them() {
    let app = TestApp::with(&[("registry.allow_sparse_indexes", "true")]).await;
    let carol = carol(&app).await;
    let (here, missing) = (carol.push_image("carol/web", "amd64").await, Image::new("missing"));

    carol.put_index("carol/web", "multi", &[here.descriptor(), missing.descriptor()]).await.is(201);

    carol.get_manifest("carol/web", "multi").await.is(200);
    carol.get_manifest("carol/web", &missing.digest()).await.refused(404, "MANIFEST_UNKNOWN");
}

#[actix_web::test]
async fn indexes_may_be_empty_and_nest() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    carol.begin("carol/web").await;

    carol.put_index("carol/web", "empty", &[]).await.is(201);
    let empty = carol.get_manifest("carol/web", "empty").await.is(200).body;
    carol.put_index("carol/web", "nested", &[descriptor(OCI_INDEX, &empty)]).await.is(201);

    carol.get_manifest("carol/web", "nested").await.is(200);
}

#[actix_web::test]
async fn layers_that_may_not_be_distributed_need_not_be_here() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::changed("windows", |manifest| {
        let foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
        let mut layer = descriptor(foreign, b"not pushed");
        layer["urls"] = json!(["https://example.com/layer"]);
        manifest["layers"].as_array_mut().unwrap().push(layer);
    });

    carol.push("carol/web", "windows", &image).await;

    carol.get_manifest("carol/web", "windows").await.is(200);
}

#[actix_web::test]
async fn a_manifest_without_media_type_is_what_its_header_says() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let (config, chart) = (b"{\"name\":\"chart\"}", b"a chart");
    let document = json!({
        "schemaVersion": 2,
        "config": descriptor("application/vnd.cncf.helm.config.v1+json", config),
        "layers": [descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", chart)],
        "annotations": { "org.opencontainers.image.title": "chart" },
    });
    carol.push_blob("carol/chart", config).await;
    carol.push_blob("carol/chart", chart).await;
    let bytes = document.to_string().into_bytes();

    carol.put_manifest("carol/chart", "0.1.0", OCI_MANIFEST, &bytes).await.is(201);

    let got = carol.get_manifest("carol/chart", "0.1.0").await.is(200);
    assert_eq!((got.header("content-type").as_str(), got.body), (OCI_MANIFEST, bytes));
    let call = carol.call("PUT", "/v2/carol/chart/manifests/none").body(document.to_string().as_bytes());
    call.send().await.refused(400, "MANIFEST_INVALID");
}

#[actix_web::test]
async fn what_one_tenant_says_of_a_manifest_does_not_change_anothers() {
    let app = TestApp::start().await;
    let (mallory, carol) = (app.oci(&app.user("mallory").await), app.oci(&app.user("carol").await));
    let image = Image::changed("same", |manifest| {
        manifest.as_object_mut().unwrap().remove("mediaType");
    });
    mallory.push_blobs_of("mallory/web", &image).await;
    carol.push_blobs_of("carol/web", &image).await;

    mallory.put_manifest("mallory/web", "v1", DOCKER_MANIFEST, &image.manifest).await.is(201);
    carol.put_manifest("carol/web", "v1", OCI_MANIFEST, &image.manifest).await.is(201);

    assert_eq!(carol.get_manifest("carol/web", "v1").await.is(200).header("content-type"), OCI_MANIFEST);
}

#[actix_web::test]
async fn docker_manifests_are_manifests() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::changed("docker", |manifest| {
        manifest["mediaType"] = json!(DOCKER_MANIFEST);
        manifest["config"]["mediaType"] = json!("application/vnd.docker.container.image.v1+json");
        manifest["layers"][0]["mediaType"] = json!("application/vnd.docker.image.rootfs.diff.tar.gzip");
    });
    carol.push_blobs_of("carol/web", &image).await;

    carol.put_manifest("carol/web", "v1", DOCKER_MANIFEST, &image.manifest).await.is(201);

    assert_eq!(carol.get_manifest("carol/web", "v1").await.is(200).header("content-type"), DOCKER_MANIFEST);
    carol.put_manifest("carol/web", "v1", OCI_MANIFEST, &image.manifest).await.refused(400, "MANIFEST_INVALID");
}

#[actix_web::test]
async fn artifacts_are_manifests() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let empty = b"{}";
    let document = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": "application/vnd.example.thing",
        "config": descriptor("application/vnd.oci.empty.v1+json", empty),
        "layers": [descriptor("application/vnd.oci.empty.v1+json", empty)],
        "annotations": { "key": "value" },
    });
    carol.push_blob("carol/things", empty).await;

    let bytes = document.to_string().into_bytes();
    carol.put_manifest("carol/things", "one", OCI_MANIFEST, &bytes).await.is(201);

    assert_eq!(carol.get_manifest("carol/things", "one").await.is(200).body, bytes);
}

#[actix_web::test]
async fn an_image_that_is_an_index_too_is_refused() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::changed("both", |manifest| manifest["manifests"] = json!([]));
    carol.push_blobs_of("carol/web", &image).await;

    carol.put_manifest("carol/web", "v1", OCI_MANIFEST, &image.manifest).await.refused(400, "MANIFEST_INVALID");
}

#[actix_web::test]
async fn strings_with_nul_are_never_a_fault_of_the_server() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    type Change = fn(&mut Value, &str);
    let odd = "a\0b";
    let changes: [(&str, Change); 3] = [
        ("artifactType", |manifest, odd| manifest["artifactType"] = json!(odd)),
        ("annotations", |manifest, odd| manifest["annotations"] = json!({ odd: odd })),
        ("platform", |manifest, odd| {
            manifest["layers"][0]["platform"] = json!({ "os": odd, "architecture": "amd64", "variant": odd });
        }),
    ];
    for (field, change) in changes {
        let image = Image::changed(field, |manifest| change(manifest, odd));
        carol.push_blobs_of("carol/web", &image).await;

        let answer = carol.put_manifest("carol/web", field, OCI_MANIFEST, &image.manifest).await;

        assert!(answer.status < 500, "{field}: {}", answer.shown());
    }
}

#[actix_web::test]
async fn a_manifest_of_another_repository_is_not_found() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.oci(&app.user("carol").await), app.oci(&app.user("dave").await));
    let image = carol.push_image("carol/web", "v1").await;
    dave.begin("dave/web").await;

    dave.get_manifest("dave/web", &image.digest()).await.refused(404, "MANIFEST_UNKNOWN");
    dave.get_manifest("carol/web", &image.digest()).await.refused(404, "NAME_UNKNOWN");
    dave.delete(&format!("/v2/dave/web/manifests/{}", image.digest())).await.refused(404, "MANIFEST_UNKNOWN");
}

#[actix_web::test]
async fn readers_push_and_delete_no_manifests() {
    let app = TestApp::start().await;
    let (carol, rita) = (app.user("carol").await, app.user("rita").await);
    let image = app.oci(&carol).push_image("carol/web", "v1").await;
    app.grant("carol/web", &rita, "read").await;
    let rita = app.oci(&rita);

    rita.put_manifest("carol/web", "v2", OCI_MANIFEST, &image.manifest).await.refused(403, "DENIED");
    rita.delete("/v2/carol/web/manifests/v1").await.refused(403, "DENIED");

    rita.get_manifest("carol/web", "v1").await.is(200);
}

#[actix_web::test]
async fn many_layers_are_no_trouble() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::changed("many", |manifest| {
        let layer = manifest["layers"][0].clone();
        manifest["layers"] = Value::Array(vec![layer; 3_000]);
    });

    carol.push("carol/web", "many", &image).await;

    assert_eq!(carol.get_manifest("carol/web", "many").await.is(200).body, image.manifest);
    let endless = Image::changed("endless", |manifest| {
        let layer = manifest["layers"][0].clone();
        manifest["layers"] = Value::Array(vec![layer; 10_000]);
    });
    carol.put_manifest("carol/web", "endless", OCI_MANIFEST, &endless.manifest).await.refused(400, "MANIFEST_INVALID");
}

#[actix_web::test]
async fn manifests_stay_over_a_restart() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let image = app.oci(&who).push_image("carol/web", "v1").await;

    let app = app.restart().await;

    let carol = app.oci(&app.actor(&who.name, &who.secret));
    assert_eq!(carol.get_manifest("carol/web", "v1").await.is(200).body, image.manifest);
    let layer = carol.get(&format!("/v2/carol/web/blobs/{}", digest_of(&image.layer))).await.is(200);
    assert_eq!(layer.body, image.layer);
}

#[actix_web::test]
async fn an_unknown_repository_has_no_manifests() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    app.organization("acme").await;
    app.repository("acme/secret", PRIVATE).await;

    let unknown = carol.get_manifest("acme/none", "v1").await.refused(404, "NAME_UNKNOWN");
    let secret = carol.get_manifest("acme/secret", "v1").await.refused(404, "NAME_UNKNOWN");

    assert_eq!(unknown.message().replace("none", "secret"), secret.message());
}

#[actix_web::test]
async fn pushing_here_what_is_deleted_there_at_once_is_no_fault_of_the_server() {
    let app = TestApp::start().await;
    let carol = carol(&app).await;
    let image = Image::new("shared");
    for repository in ["carol/here", "carol/there"] {
        carol.push(repository, "v1", &image).await;
    }
    for round in 0..40 {
        let delete = format!("/v2/carol/there/manifests/{}", image.digest());
        carol.delete(&format!("/v2/carol/here/manifests/{}", image.digest())).await;
        let pushing = carol.put_manifest("carol/here", "v1", OCI_MANIFEST, &image.manifest);

        let (pushed, deleted) = futures_util::future::join(pushing, carol.delete(&delete)).await;

        assert!(pushed.status == 201 && deleted.status == 202, "round {round}: {} {}", pushed.shown(), deleted.shown());
        assert_eq!(carol.get_manifest("carol/here", "v1").await.is(200).body, image.manifest);
        carol.put_manifest("carol/there", "v1", OCI_MANIFEST, &image.manifest).await.is(201);
    }
}

#[actix_web::test]
async fn one_tag_pushed_many_times_at_once_points_at_one_of_them() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let images: Vec<Image> = (0..6).map(|number| Image::new(&number.to_string())).collect();
    for image in &images {
        app.oci(&who).push_blobs_of("carol/web", image).await;
    }
    let pushes = images.iter().map(|image| {
        let client = app.oci(&who);
        async move { client.put_manifest("carol/web", "latest", OCI_MANIFEST, &image.manifest).await.status }
    });

    let statuses = futures_util::future::join_all(pushes).await;

    assert_eq!(statuses, [201; 6]);
    let latest = app.oci(&who).get_manifest("carol/web", "latest").await.is(200).body;
    assert!(images.iter().any(|image| image.manifest == latest));
}
