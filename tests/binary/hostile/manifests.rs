//! Documents made to be expensive.

use std::time::{Duration, Instant};

use crate::client::{Client, INDEX, MANIFEST};
use crate::raw::{admin_head, say};
use crate::server::Installation;

const MOST: usize = 4 << 20;
/// In a debug build on a busy machine.
/// Generous: the machine may be busy with other tests, and this is a debug build.
const FAST: Duration = Duration::from_secs(8);

/// As many descriptors as fit, each of a digest nobody has.
fn full_of(key: &str, media_type: &str, different: bool) -> Vec<u8> {
    let config = r#""config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}"#;
    let mut document = format!(r#"{{"schemaVersion":2,"mediaType":"{media_type}",{config},"{key}":["#);
    for number in 0.. {
        let digest = if different { number } else { 1 };
        let one = format!(r#"{{"mediaType":"a/b","size":1,"digest":"sha256:{digest:064x}"}},"#);
        if document.len() + one.len() > MOST - 2 {
            break;
        }
        document.push_str(&one);
    }
    document.pop();
    document.push_str("]}");
    document.into_bytes()
}

#[tokio::test]
async fn the_largest_documents_are_refused_quickly_and_hold_up_nobody() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/app"]).await;
    client.push_blob("admin/app", b"{}").await;
    let annotations: String = (0..150_000).map(|number| format!(r#""key{number:06}":"value","#)).collect();
    let annotated = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[],"annotations":{{{}"a":"b"}}}}"#,
        annotations
    );
    let documents = [
        (MANIFEST, full_of("layers", MANIFEST, true)),
        (MANIFEST, full_of("layers", MANIFEST, false)),
        (INDEX, full_of("manifests", INDEX, true)),
        (INDEX, full_of("manifests", INDEX, false)),
        (INDEX, annotated.into_bytes()),
    ];

    for (number, (media_type, document)) in documents.iter().enumerate() {
        assert!(document.len() <= MOST);
        let started = Instant::now();
        let push = client.try_push_manifest("admin/app", "huge", media_type, document);
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let started = Instant::now();
            client.get("/v2/").await.is(200);
            started.elapsed()
        };
        let (answer, waited) = tokio::join!(push, meanwhile);
        let status = answer.unwrap().status;
        assert!(status < 500, "document {number}: {status}");
        assert!(started.elapsed() < FAST, "document {number} took {:?}", started.elapsed());
        assert!(waited < Duration::from_secs(1), "document {number} held up others for {waited:?}");
    }

    server.is_well();
}

#[tokio::test]
async fn documents_that_are_nested_or_malformed_are_refused() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/app"]).await;
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let within = format!(r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","annotations":{}}}"#, nested("[", "]"));
    let documents = [
        nested("[", "]"),
        nested(r#"{"a":"#, "}"),
        "[".repeat(1 << 20),
        within,
        String::new(),
        "null".into(),
        "\u{feff}{}".into(),
        r#"{"schemaVersion":2}"#.into(),
        r#"{"schemaVersion":1e999}"#.into(),
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","config":{{"digest":"sha256:../../x","size":-1}},"layers":[]}}"#
        ),
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{{"mediaType":"a/b","size":1e400,"digest":"sha256:00"}}]}}"#
        ),
    ];

    for document in documents {
        let answer = client.try_push_manifest("admin/app", "v1", MANIFEST, document.as_bytes()).await.unwrap();
        assert_eq!(answer.is(400).code(), "MANIFEST_INVALID");
    }

    server.is_well();
}

#[tokio::test]
async fn one_byte_more_than_four_mebibytes_is_too_much() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/app"]).await;
    let too_much = vec![b' '; MOST + 1];

    let answer = client.try_push_manifest("admin/app", "v1", MANIFEST, &too_much).await.unwrap();
    assert_eq!(answer.is(413).code(), "MANIFEST_INVALID");
    let mut chunked = admin_head(
        "PUT",
        "/v2/admin/app/manifests/v1",
        &[("Transfer-Encoding", "chunked"), ("Content-Type", MANIFEST)],
    );
    chunked.extend(format!("{:x}\r\n", too_much.len()).into_bytes());
    chunked.extend(&too_much);
    chunked.extend(b"\r\n0\r\n\r\n");
    say(server.address(), chunked).is(413);
    let announced = admin_head(
        "PUT",
        "/v2/admin/app/manifests/v1",
        &[("Content-Length", "99999999999"), ("Content-Type", MANIFEST)],
    );
    say(server.address(), announced).is(413);

    server.is_well();
}

#[tokio::test]
async fn two_hundred_tags_at_once_are_too_many() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/app"]).await;
    let tags: Vec<String> = (0..200).map(|number| format!("tag=t{number}")).collect();

    let answer =
        client.try_push_manifest("admin/app", &format!("v1?{}", tags.join("&")), MANIFEST, b"{}").await.unwrap();

    answer.is(400);
    let listed = client.get("/v2/admin/app/tags/list").await.json();
    assert!(listed["tags"].as_array().is_none_or(Vec::is_empty), "{listed}");
    server.is_well();
}

#[tokio::test]
async fn media_types_are_no_way_to_other_headers() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/app"]).await;

    for media_type in ["", "text/html", "application/json", "a/b; x=\"y\"", &"a/".repeat(10_000), "\u{e9}/x"] {
        let document =
            format!(r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[]}}"#, media_type.replace('"', "\\\""));
        let answer = client.try_push_manifest("admin/app", "v1", media_type, document.as_bytes()).await.unwrap();
        assert!((400..500).contains(&answer.status), "{media_type}: {}", answer.status);
    }

    server.is_well();
}
