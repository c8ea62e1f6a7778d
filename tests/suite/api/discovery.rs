//! What the registry says about itself.

use serde_json::{Value, json};

use crate::support::{PRIVATE, PUBLIC, TestApp};

#[actix_web::test]
async fn the_api_is_described_for_programs_and_people() {
    let app = TestApp::start().await;

    let swagger = app.anonymous().get("/api/v1/discovery").await.is(200).json();
    let openapi = app.anonymous().get("/api/v1/openapi.json").await.is(200).json();
    let page = app.anonymous().get("/api/v1/docs").await.is(200);

    assert_eq!((swagger["swagger"].as_str(), swagger["host"].as_str()), (Some("2.0"), Some(app.host())));
    assert_eq!(openapi["openapi"], "3.1.0");
    for document in [&swagger, &openapi] {
        let operation = &document["paths"]["/api/v1/superuser/users/{username}"]["put"];
        assert_eq!(operation["operationId"], "changeInstallUser");
        let name: Vec<&Value> = operation["parameters"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert!(name.contains(&&json!("username")), "{operation}");
    }
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
    let text = page.text();
    assert!(text.contains("PUT /superuser/users/{username}") && !text.contains("<script>"), "{}", page.shown());
}

#[actix_web::test]
async fn lists_that_come_in_pages_say_that_they_can_be_filtered() {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.is(200).json();
    // Logs have filters of their own, tags Quay's; the last one is no list.
    let others = ["logs", "/tag", "/prototypes/apply"];

    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let parameters = operation["parameters"].as_array().unwrap();
            let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
            let is_other = others.iter().any(|other| path.ends_with(other));
            assert!(is_other || has("filter") || !has("next_page"), "{path}");
        }
    }
}

#[actix_web::test]
async fn references_in_the_description_lead_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| match (key.as_str(), value.as_str()) {
                ("$ref", Some(reference)) => found.push(reference.to_string()),
                _ => references(value, found),
            }),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let app = TestApp::start().await;

    for path in ["/api/v1/discovery", "/api/v1/openapi.json"] {
        let document = app.anonymous().get(path).await.json();
        let mut found = vec![];
        references(&document, &mut found);
        assert!(found.len() > 10);
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference} in {path}");
        }
    }
}

#[actix_web::test]
async fn programs_learn_what_is_here() {
    let app = TestApp::start().await;
    let nobody = app.anonymous();

    let boot = nobody.get("/config").await.is(200).json();
    assert_eq!(boot["config"]["SERVER_HOSTNAME"], app.host());
    assert_eq!(
        (boot["features"]["SUPER_USERS"].clone(), boot["features"]["BILLING"].clone()),
        (true.into(), false.into())
    );
    let capabilities = nobody.get("/api/v1/registry/capabilities").await.is(200).json();
    assert_eq!(capabilities["sparse_manifests"]["supported"], false);
    let kind = nobody.get("/api/v1/error/invalid_token").await.is(200).json();
    assert_eq!(kind["title"], "invalid_token");
    nobody.get("/api/v1/error/nosuch").await.is(404);
    assert_eq!(nobody.get("/.well-known/app-capabilities").await.is(200).json()["appName"], "io.quay");
    assert_eq!(nobody.get("/.well-known/change-password").await.is(302).header("location"), "/user?tab=settings");
    assert_eq!(nobody.get("/opensearch.xml").await.is(200).header("content-type"), "application/xml");
    assert_eq!(nobody.get("/v1/users/").await.is(404).json()["error"], "Not Found");
    for path in ["/health", "/health/instance", "/health/endtoend", "/status"] {
        assert_eq!(nobody.get(path).await.is(200).json()["data"]["services"]["auth"], true, "{path}");
    }
    assert_eq!(nobody.get("/_internal_ping").await.is(200).json(), true);
}

#[actix_web::test]
async fn badges_are_of_public_repositories_only() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/open", PUBLIC).await;
    app.repository("acme/closed", PRIVATE).await;

    assert_eq!(
        app.anonymous().get("/repository/acme/open/status").await.is(200).header("content-type"),
        "image/svg+xml"
    );
    for path in ["acme/closed", "acme/none", "Not/One"] {
        app.admin().get(&format!("/repository/{path}/status")).await.is(404);
    }
}

#[actix_web::test]
async fn what_is_not_done_here_is_said_in_the_words_clients_know() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let eve = app.user("eve").await;
    app.repository("acme/web", PRIVATE).await;
    let at = |rest: &str| format!("/api/v1/repository/acme/web/{rest}");

    assert_eq!(owner.get(&at("build/")).await.is(200).json(), json!({ "builds": [] }));
    assert_eq!(owner.get(&at("trigger/")).await.is(200).json(), json!({ "triggers": [] }));
    assert_eq!(owner.get(&at("trigger/none/builds")).await.is(200).json(), json!({ "builds": [] }));
    assert_eq!(owner.get(&at("build/none/logs")).await.is(400).message(), "Unable to locate a build by id: none");
    assert_eq!(
        owner.post(&at("tokens/"), json!({ "friendlyName": "x" })).await.is(410).message(),
        "Creation of access tokens is no longer supported"
    );
    owner.put(&at("tokens/abc"), json!({ "role": "read" })).await.is(410);
    owner.get(&at("manifest/sha256:00/security")).await.is(404);
    owner.post(&at("build/"), json!({})).await.is(404);
    for path in ["build/", "trigger/", "build/none/status", "tokens/"] {
        eve.get(&at(path)).await.is(404);
        app.anonymous().get(&at(path)).await.is(401);
    }
    let status = app.admin().get("/api/v1/superuser/none/status").await.is(400);
    assert_eq!(
        (status.message().as_str(), status.json()["title"].as_str()),
        ("Unable to locate a build by id: none", Some("invalid_response"))
    );
}
