//! `/metrics`.

use crate::support::TestApp;

const TOKEN: &str = "0123456789abcdef0123";

#[actix_web::test]
async fn metrics_are_for_whoever_has_the_token() {
    let app = TestApp::with(&[("metrics.token", TOKEN)]).await;

    let page = app.bearer(TOKEN).get("/metrics").await.is(200);

    assert!(page.header("content-type").starts_with("text/plain; version=0.0.4"));
    assert!(page.text().contains("pierhead_build_info"), "{}", page.text());
    for who in [app.anonymous(), app.bearer("0123456789abcdef0124"), app.bearer(""), app.actor("x", TOKEN), app.admin()]
    {
        let refused = who.get("/metrics").await.is(404);
        assert!(!refused.text().contains("pierhead_"));
    }
}

#[actix_web::test]
async fn without_a_token_there_are_no_metrics() {
    let app = TestApp::start().await;

    app.anonymous().get("/metrics").await.is(404);
    app.admin().get("/metrics").await.is(404);
    app.bearer("").get("/metrics").await.is(404);
}

#[actix_web::test]
async fn pulls_pushes_and_bytes_are_counted() {
    let app = TestApp::with(&[("metrics.token", TOKEN)]).await;
    let client = app.oci(&app.user("carol").await);
    let image = client.push_image("carol/web", "v1").await;
    client.get_manifest("carol/web", "v1").await.is(200);
    client.head("/v2/carol/web/manifests/v1").await.is(200);

    let text = app.bearer(TOKEN).get("/metrics").await.is(200).text();

    let bytes = image.config.len() + image.layer.len();
    for line in [
        "pierhead_manifest_pulls_total 1".to_string(),
        "pierhead_manifest_pushes_total 1".into(),
        format!("pierhead_blob_received_bytes_total {bytes}"),
    ] {
        assert!(text.lines().any(|known| known == line), "{line} in\n{text}");
    }
    assert!(!text.contains("carol"), "what clients send becomes no label");
}

#[actix_web::test]
async fn answers_say_how_long_they_took_where_that_is_wanted() {
    let silent = TestApp::start().await;
    let telling = TestApp::with(&[("server.timing", "true")]).await;

    assert_eq!(silent.anonymous().get("/").await.is(200).maybe_header("server-timing"), None);
    for (path, status) in [("/", 200), ("/v2/", 401), ("/api/v1/nothing", 404)] {
        let timing = telling.anonymous().get(path).await.is(status).header("server-timing");
        let milliseconds = timing.strip_prefix("total;dur=").map(str::parse::<f64>);
        assert!(milliseconds.is_some_and(|took| took.is_ok_and(|took| took > 0.0)), "{path}: {timing}");
    }
}
