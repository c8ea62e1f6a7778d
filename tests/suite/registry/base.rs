//! `/v2/` itself: the challenge, the version header, wrong methods.

use crate::support::{PRIVATE, TestApp, parameter};

#[actix_web::test]
async fn whoever_is_not_signed_in_is_told_where_to() {
    let app = TestApp::start().await;

    let answer = app.anonymous().get("/v2/").await.refused(401, "UNAUTHORIZED");

    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("Bearer "), "{challenge}");
    assert_eq!(parameter(&challenge, "realm"), Some(format!("{}/v2/auth", app.url)));
    assert_eq!(parameter(&challenge, "service").as_deref(), Some(app.host()));
    assert_eq!(parameter(&challenge, "scope"), None);
}

#[actix_web::test]
async fn the_challenge_names_what_the_request_needs() {
    let app = TestApp::start().await;
    let digest = format!("sha256:{}", "0".repeat(64));
    let needs = [
        ("GET", "/v2/acme/web/manifests/v1".to_string(), "repository:acme/web:pull"),
        ("HEAD", format!("/v2/acme/web/blobs/{digest}"), "repository:acme/web:pull"),
        ("GET", "/v2/acme/web/tags/list".into(), "repository:acme/web:pull"),
        ("GET", format!("/v2/acme/web/referrers/{digest}"), "repository:acme/web:pull"),
        ("PUT", "/v2/acme/web/manifests/v1".into(), "repository:acme/web:pull,push"),
        ("DELETE", "/v2/acme/web/manifests/v1".into(), "repository:acme/web:pull,push"),
        ("POST", "/v2/acme/web/blobs/uploads/".into(), "repository:acme/web:pull,push"),
        ("GET", "/v2/acme/web/blobs/uploads/7".into(), "repository:acme/web:pull,push"),
        ("GET", "/v2/_catalog".into(), "registry:catalog:*"),
    ];

    for (method, path, scope) in needs {
        let answer = app.anonymous().ask(method.parse().unwrap(), &path, None).await.is(401);

        assert_eq!(parameter(&answer.header("www-authenticate"), "scope").as_deref(), Some(scope), "{method} {path}");
    }
}

#[actix_web::test]
async fn the_signed_in_are_welcome() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    app.oci(&carol).get("/v2/").await.is(200);
    carol.get("/v2/").await.is(200);
    carol.get("/v2").await.is(200);
}

#[actix_web::test]
async fn every_answer_names_the_version_of_the_protocol() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    for answer in [
        carol.get("/v2/").await.is(200),
        carol.get("/v2/acme/web/manifests/v1").await.is(404),
        app.anonymous().get("/v2/").await.is(401),
        carol.delete("/v2/").await.is(405),
    ] {
        assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
    }
}

#[actix_web::test]
async fn wrong_methods_are_refused_with_the_right_ones() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let digest = format!("sha256:{}", "0".repeat(64));
    let wrong = [
        ("POST", "/v2/".to_string(), "GET, HEAD"),
        ("PUT", "/v2/_catalog".into(), "GET, HEAD"),
        ("DELETE", "/v2/acme/web/tags/list".into(), "GET, HEAD"),
        ("POST", "/v2/acme/web/manifests/v1".into(), "GET, HEAD, PUT, DELETE"),
        ("PATCH", format!("/v2/acme/web/blobs/{digest}"), "GET, HEAD, DELETE"),
        ("GET", "/v2/acme/web/blobs/uploads/".into(), "POST"),
        ("PUT", format!("/v2/acme/web/referrers/{digest}"), "GET, HEAD"),
    ];

    for (method, path, allowed) in wrong {
        let answer = app.admin().ask(method.parse().unwrap(), &path, None).await.refused(405, "UNSUPPORTED");

        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
}

#[actix_web::test]
async fn the_token_service_names_its_methods_too() {
    let app = TestApp::start().await;

    let answer = app.admin().delete("/v2/auth").await;

    let answer = answer.refused(405, "UNSUPPORTED");
    assert!(answer.header("allow").contains("POST"), "{}", answer.shown());
}

#[actix_web::test]
async fn what_is_no_endpoint_is_said_to_be_none() {
    let app = TestApp::start().await;

    for path in ["/v2/acme", "/v2/acme/web", "/v2/acme/web/tags", "/v2/_catalogue", "/v2/acme/web/manifests"] {
        app.admin().get(path).await.refused(404, "UNSUPPORTED");
    }
}
