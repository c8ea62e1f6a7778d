//! Messages to everybody.

use domain::access::{ApiScope, Standing};
use serde_json::{Value, json};

use crate::support::TestApp;

fn message(content: &str, media_type: &str, severity: &str) -> Value {
    json!({ "message": { "content": content, "media_type": media_type, "severity": severity } })
}

#[actix_web::test]
async fn superusers_post_what_everybody_reads() {
    let app = TestApp::start().await;
    let path = "/api/v1/messages";

    app.admin().post(path, message("Maintenance on **Sunday**", "text/markdown", "warning")).await.is(201);

    let seen = app.anonymous().get(path).await.is(200).json()["messages"][0].clone();
    assert_eq!(
        (seen["content"].as_str(), seen["media_type"].as_str(), seen["severity"].as_str()),
        (Some("Maintenance on **Sunday**"), Some("text/markdown"), Some("warning"))
    );
    let one = format!("/api/v1/message/{}", seen["uuid"].as_str().unwrap());
    app.admin().delete(&one).await.is(204);
    app.admin().delete(&one).await.is(204);
    assert_eq!(app.anonymous().get(path).await.json()["messages"], json!([]));
}

#[actix_web::test]
async fn messages_that_are_wrong_are_refused() {
    let app = TestApp::start().await;

    for wrong in [
        message("", "text/plain", "info"),
        message("x", "text/html", "info"),
        message("x", "text/plain", "loud"),
        message(&"x".repeat(5_001), "text/plain", "info"),
        message("a\0b", "text/plain", "info"),
        message("a\u{1b}[31mb", "text/markdown", "info"),
        json!({ "message": { "content": "x" } }),
        json!({ "content": "x" }),
    ] {
        app.admin().post("/api/v1/messages", wrong).await.is(400);
    }
}

#[actix_web::test]
async fn nobody_else_posts_or_deletes() {
    let app = TestApp::start().await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let carol = app.user("carol").await;
    let narrow = app.bearer(&app.access_token(&app.admin(), &[ApiScope::UserAdmin]).await);

    for (who, status) in [(&auditor, 403), (&carol, 403), (&narrow, 403), (&app.anonymous(), 401)] {
        who.post("/api/v1/messages", message("x", "text/plain", "info")).await.is(status);
        who.delete("/api/v1/message/any").await.is(status);
    }
}
