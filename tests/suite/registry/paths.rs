//! Paths no client should send.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, PUBLIC, TestApp, raw};

/// Sends a path as it is, which HTTP libraries would tidy up.
async fn ask(app: &TestApp, method: &str, path: &str) -> Answer {
    let basic = app.admin().request(Method::GET, "/").build().unwrap().headers()["authorization"].clone();
    let (host, basic) = (app.host(), basic.to_str().unwrap());
    let length = if method == "GET" { "" } else { "Content-Length: 0\r\n" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {basic}\r\nConnection: close\r\n{length}\r\n"
    );
    raw(host, request.as_bytes()).await
}

#[actix_web::test]
async fn odd_paths_are_refused_in_the_specifications_words() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    let (long, digest) = ("a".repeat(300), format!("sha256:{}", "0".repeat(64)));
    let names = [
        "acme//web",
        "/acme/web",
        "acme/web/",
        "acme/../web",
        "../../etc/passwd",
        "acme/./web",
        "%2e%2e/web",
        "acme%2F..%2Fweb",
        "ACME/web",
        "acme/Web",
        "acme/we%00b",
        "acme/web%00",
        "acme/w%20eb",
        "acme/web%0d%0aX-Injected:%201",
        "acme%252Fweb",
        "acme/web%ff",
        "acme/web;x=y",
        "acme/%F0%9F%9A%80",
        &format!("acme/{long}"),
        &long,
        "acme/web:v1",
        "acme/web@sha256",
        "~acme/web",
        "acme/-web",
        "",
    ];
    for name in names {
        for (method, rest) in [
            ("GET", "tags/list".to_string()),
            ("GET", "manifests/v1".into()),
            ("PUT", "manifests/v1".into()),
            ("DELETE", "manifests/v1".into()),
            ("GET", format!("blobs/{digest}")),
            ("POST", "blobs/uploads/".into()),
            ("PATCH", "blobs/uploads/00000000-0000-4000-8000-000000000000".into()),
            ("GET", format!("referrers/{digest}")),
        ] {
            let answer = ask(&app, method, &format!("/v2/{name}/{rest}")).await;

            assert!((400..500).contains(&answer.status), "{}", answer.shown());
            assert!(answer.text().contains("\"errors\":[{"), "{}", answer.shown());
            assert!(answer.maybe_header("x-injected").is_none(), "{}", answer.shown());
        }
    }
}

#[actix_web::test]
async fn encoded_names_are_the_same_names() {
    let app = TestApp::start().await;
    let image = app.oci(&app.user("carol").await).push_image("carol/web", "v1").await;
    let digest = image.digest().replace(':', "%3A");

    for path in [
        "/v2/carol%2Fweb/manifests/v1".to_string(),
        "/v2/%63arol/web/manifests/v1".into(),
        format!("/v2/carol/web/manifests/{digest}"),
        "/v2/carol/web/manifests/v%31".into(),
    ] {
        let answer = ask(&app, "GET", &path).await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, image.manifest.as_slice()), "{path}");
    }
    assert_eq!(ask(&app, "GET", "/v2/carol/web/tags/list/").await.status, 200);
    assert_eq!(ask(&app, "GET", "/v2/_catalog/").await.status, 200);
}

#[actix_web::test]
async fn the_longest_name_works_and_one_longer_does_not() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let longest = format!("carol/{}", "a".repeat(249));
    assert_eq!(longest.len(), 255);

    carol.push_image(&longest, "v1").await;

    carol.get_manifest(&longest, "v1").await.is(200);
    carol.post(&format!("/v2/{longest}a/blobs/uploads/")).await.refused(400, "NAME_INVALID");
}

#[actix_web::test]
async fn words_of_the_specification_may_be_names() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);

    for name in ["carol/manifests", "carol/blobs/uploads", "carol/tags/list", "carol/referrers", "carol/v2/blobs"] {
        let image = carol.push_image(name, "list").await;
        assert_eq!(carol.get_manifest(name, "list").await.is(200).body, image.manifest, "{name}");
        assert_eq!(carol.get(&format!("/v2/{name}/tags/list")).await.is(200).json()["tags"], Value::from(vec!["list"]));
    }
}

#[actix_web::test]
async fn odd_requests_are_no_fault_of_the_server() {
    let app = TestApp::start().await;
    let host = app.host();
    let requests = [
        format!("GET /v2/?{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", "a=b&".repeat(2000)),
        format!("GET http://elsewhere.example/v2/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET /v2/ HTTP/1.1\r\nHost: {host}\r\nRange: bytes=0-0\r\nConnection: close\r\n\r\n"),
        format!("OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        "GET /v2/ HTTP/1.0\r\n\r\n".to_string(),
        format!("BREW /v2/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET /v2/_catalog?n=%ff&last=%ff HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        format!("GET /v2/auth?scope=%00&service=%ff HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
    ];
    for request in requests {
        let answer = raw(host, request.as_bytes()).await;

        assert!(answer.status < 500, "{}", answer.shown());
    }
}

#[actix_web::test]
async fn names_with_nul_are_no_fault_of_the_server() {
    let app = TestApp::start().await;
    let admin = app.admin();

    for answer in [
        app.actor("car\0ol", "password").get("/v2/auth").await,
        app.actor("acme+c\0i", "token").get("/v2/auth").await,
        app.actor("carol", "pass\0word").get("/v2/auth").await,
        app.actor("$app", "pha_\0").get("/v2/auth").await,
        admin.get("/v2/auth?scope=repository:a%00b/c:pull").await,
        admin.get("/v2/auth?account=%00&client_id=%00&offline_token=true").await,
    ] {
        assert!(answer.status < 500, "{}", answer.shown());
    }
}
