//! Taking the usage log away.

use std::time::Duration;

use domain::access::Standing;
use domain::audit;
use domain::time::Clock;
use pierhead::jobs;
use serde_json::{Value, json};

use crate::support::{Listener, PRIVATE, TestApp};

const EXPORT: &str = "/api/v1/organization/acme/exportlogs";
const EXPORTS: &str = "/api/v1/organization/acme/logs/exports";
const STREAM: &str = "/api/v1/organization/acme/logs/export";

#[actix_web::test]
async fn a_log_longer_than_a_page_is_streamed_whole() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let now = app.clock.now().0;
    app.sql(format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) \
         INSERT INTO events (kind, at, actor_kind, actor_name, namespace_id, namespace_name, tag) \
         SELECT 'pull_repo', {now} - i, 'anonymous', '(anonymous)', id, name, '=cmd|' || i FROM n, namespaces \
         WHERE name = 'acme'"
    ))
    .await;

    let lines = owner.get(STREAM).await.is(200);
    assert_eq!(lines.header("content-type"), "application/jsonl");
    let text = lines.text();
    let parsed: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // And two: the organization and the repository that were created, and one for this export.
    assert_eq!(parsed.len(), 2503);
    assert_eq!(parsed[0]["kind"], "export_logs_success");

    let table = owner.get(&format!("{STREAM}?format=csv&kind=pull_repo")).await.is(200);
    assert!(table.header("content-disposition").contains("logs.csv"));
    let text = table.text();
    assert_eq!(text.lines().count(), 2501);
    assert!(text.lines().nth(1).unwrap().contains(",'=cmd|1,"), "{}", &text[..400]);

    let object = owner.get(&format!("{STREAM}?format=json")).await.is(200).json();
    assert_eq!(object["logs"].as_array().unwrap().len(), 2505);
    owner.get(&format!("{STREAM}?format=xlsx")).await.is(400);
    let nothing = owner.get(&format!("{STREAM}?format=json&starttime=01/01/1999&endtime=01/02/1999")).await.is(200);
    assert_eq!(nothing.json(), json!({ "logs": [] }));
}

#[actix_web::test]
async fn an_export_is_fetched_by_its_link_until_that_ends() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let asked = owner.post(EXPORT, json!({ "callback_url": "https://example.com/done" })).await.is(200).json();

    let listed = owner.get(EXPORTS).await.is(200).json();
    let export = &listed["exports"][0];
    assert_eq!(export["export_id"], asked["export_id"]);
    assert_eq!((&export["namespace"], &export["status"]), (&json!("acme"), &json!("success")));
    let link = export["exported_data_url"].as_str().unwrap().strip_prefix(&app.url).unwrap().to_string();
    let file = app.anonymous().get(&link).await.is(200).json();
    assert_eq!(file["export_id"], asked["export_id"]);
    assert_eq!(file["details"]["namespace"], "acme");
    let kinds: Vec<&str> =
        file["logs"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["export_logs_success", "org_create"]);

    app.anonymous().get(link.split('?').next().unwrap()).await.is(404);
    app.anonymous().get(&format!("{}AAAA", &link[..link.len() - 4])).await.is(404);
    app.clock.advance(Duration::from_secs(25 * 3600));
    app.anonymous().get(&link).await.is(404);
    let now = app.clock.now();
    assert_eq!(app.change(move |tx| audit::expire(tx, now, 10)).await, 1);
}

#[actix_web::test]
async fn exports_are_for_admins_and_none_of_another_tenant_is_listed() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    app.repository("acme/web", PRIVATE).await;
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    owner.post("/api/v1/repository/acme/web/exportlogs", json!({})).await.is(200);
    owner.post("/api/v1/user/exportlogs", json!({})).await.is(200);

    for path in [EXPORT, "/api/v1/repository/acme/web/exportlogs"] {
        app.anonymous().post(path, json!({})).await.is(401);
        auditor.post(path, json!({})).await.is(403);
    }
    other.post(EXPORT, json!({})).await.is(403);
    other.post("/api/v1/repository/acme/web/exportlogs", json!({})).await.is(404);
    // The links are secrets.
    auditor.get(EXPORTS).await.is(403);
    auditor.get(STREAM).await.is(200);
    assert_eq!(owner.get(EXPORTS).await.is(200).json(), json!({ "exports": [] }));
    assert_eq!(other.get("/api/v1/user/logs/exports").await.is(200).json(), json!({ "exports": [] }));
    let own = owner.get("/api/v1/repository/acme/web/logs/exports").await.is(200).json();
    assert_eq!(own["exports"][0]["repository"], "web");
}

#[actix_web::test]
async fn a_callback_that_cannot_be_told_is_refused_and_noted() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let email = owner.post(EXPORT, json!({ "callback_email": "nomail" })).await.is(400);
    assert_eq!(email.message(), "Invalid callback e-mail");
    for url in ["nourl", "file:///etc/passwd", "javascript:alert(1)", "http://"] {
        assert_eq!(owner.post(EXPORT, json!({ "callback_url": url })).await.is(400).message(), "Invalid callback URL");
    }

    let noted = owner.get("/api/v1/organization/acme/logs?kind=export_logs_failure").await.is(200).json();
    let noted = noted["logs"].as_array().unwrap();
    assert_eq!(noted.len(), 5);
    assert_eq!(noted[4]["metadata"]["email"], "nomail");
    assert_eq!(noted[4]["metadata"]["error"], "invalid request");
}

#[actix_web::test]
async fn a_callback_is_told_once_it_can_be_and_then_no_more() {
    let app = TestApp::with(&[("egress.allow", "127.0.0.1/32")]).await;
    let owner = app.organization("acme").await;
    let listener = Listener::answering(&[503, 200]);
    owner.post(EXPORT, json!({ "callback_url": format!("{}/done", listener.url) })).await.is(200);
    owner.post(EXPORT, json!({})).await.is(200);

    jobs::tell_exports(app.services.clone()).await.unwrap();
    let export = owner.get(EXPORTS).await.is(200).json()["exports"][1].clone();
    assert_eq!((&export["callback_told"], &export["callback_tries"]), (&Value::Null, &json!(1)));
    assert!(export["callback_error"].as_str().unwrap().contains("503"), "{export}");
    jobs::tell_exports(app.services.clone()).await.unwrap();
    assert_eq!(listener.heard().len(), 1, "told again before a minute has passed");

    app.clock.advance(Duration::from_secs(61));
    jobs::tell_exports(app.services.clone()).await.unwrap();
    app.clock.advance(Duration::from_secs(3600));
    jobs::tell_exports(app.services.clone()).await.unwrap();

    let heard = listener.heard();
    assert_eq!(heard.len(), 2);
    assert!(heard[1].starts_with("POST /done HTTP/1.1\r\n"), "{}", heard[1]);
    let message: Value = serde_json::from_str(heard[1].split("\r\n\r\n").nth(1).unwrap()).unwrap();
    let export = owner.get(EXPORTS).await.is(200).json()["exports"][1].clone();
    assert!(export["callback_told"].is_string(), "{export}");
    for field in ["export_id", "start_time", "end_time", "namespace", "repository", "exported_data_url", "status"] {
        assert_eq!(message[field], export[field], "{field}");
    }
    let link = message["exported_data_url"].as_str().unwrap().strip_prefix(&app.url).unwrap().to_string();
    app.anonymous().get(&link).await.is(200);
}

#[actix_web::test]
async fn a_callback_inside_the_data_centre_is_not_told() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let listener = Listener::answering(&[200]);

    owner.post(EXPORT, json!({ "callback_url": listener.url })).await.is(200);
    jobs::tell_exports(app.services.clone()).await.unwrap();

    assert_eq!(listener.heard().len(), 0);
    let export = owner.get(EXPORTS).await.is(200).json()["exports"][0].clone();
    assert!(export["callback_error"].as_str().unwrap().contains("egress.allow"), "{export}");
}
