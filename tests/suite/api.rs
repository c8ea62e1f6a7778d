//! The operations a first user needs, in Quay's shapes.

use domain::access::{ApiScope, Standing};
use domain::token::{NewToken, TokenKind};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Actor, Answer, Image, TestApp};

async fn with_token(app: &TestApp, method: Method, path: &str, token: &str, body: Value) -> Answer {
    Answer::of(app.request(method, path).bearer_auth(token).json(&body)).await
}

#[actix_web::test]
async fn the_first_user_is_created_once_and_gets_a_token_that_works() {
    let app = TestApp::start().await;
    let body =
        json!({ "username": "root", "password": "long enough", "email": "r@example.test", "access_token": true });

    let made = app.anonymous().post("/api/v1/user/initialize", body.clone()).await.is(200).json();
    assert_eq!((made["username"].as_str(), made["email"].as_str()), (Some("root"), Some("r@example.test")));
    let token = made["access_token"].as_str().unwrap();
    let me = with_token(&app, Method::GET, "/api/v1/user", token, json!({})).await.is(200).json();
    assert_eq!(me["super_user"], true);
    let again = app.anonymous().post("/api/v1/user/initialize", body).await.is(400).json();
    assert_eq!(again["message"], "Cannot initialize user in a non-empty database");
    with_token(&app, Method::POST, "/api/v1/organization/", token, json!({ "name": "acme" })).await.is(201);
}

#[actix_web::test]
async fn a_bad_first_user_is_explained() {
    let app = TestApp::start().await;
    for (name, password, word) in
        [("root", "short", "8"), ("Root!", "long enough", "Root!"), ("api", "long enough", "reserved")]
    {
        let body = json!({ "username": name, "password": password });
        let refused = app.anonymous().post("/api/v1/user/initialize", body).await.is(400).json();
        assert!(refused["message"].as_str().unwrap().contains(word), "{refused}");
    }
    app.anonymous().post("/api/v1/user/initialize", json!([1])).await.is(400);
}

#[actix_web::test]
async fn organizations_are_created_by_users_and_share_names_with_them() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let robot = app.robot(&carol, "carol", "ci").await;
    app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let auditor = Actor { name: "auditor".into(), ..carol.clone() };
    let new = |name: &str| json!({ "name": name, "email": "x@example.test", "superfluous": true });

    let made = carol.post("/api/v1/organization/", new("acme")).await.is(201);
    assert_eq!(made.json(), json!("Created"));
    carol.post("/api/v1/organization", new("acme2")).await.is(201);
    for taken in ["acme", "carol"] {
        let refused = carol.post("/api/v1/organization/", new(taken)).await.is(400).json();
        for key in ["message", "detail", "error_message"] {
            assert!(refused[key].as_str().unwrap().contains("already exists"), "{refused}");
        }
    }
    carol.post("/api/v1/organization/", new("No Spaces")).await.is(400);
    app.anonymous().post("/api/v1/organization/", new("anon")).await.is(401);
    robot.post("/api/v1/organization/", new("robots")).await.is(403);
    auditor.post("/api/v1/organization/", new("audit")).await.is(403);
}

#[actix_web::test]
async fn robots_live_as_quays_clients_expect() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    app.organization(&carol, "acme").await;
    let path = "/api/v1/organization/acme/robots/deploy";

    let made =
        carol.put(path, json!({ "description": "CI", "unstructured_metadata": { "a": 1 } })).await.is(201).json();
    assert_eq!(made["name"], "acme+deploy");
    let token = made["token"].as_str().unwrap();
    assert!(token.len() == 64 && token.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()), "{token}");
    let shown = carol.get(path).await.is(200).json();
    assert_eq!((shown["token"].as_str(), &shown["unstructured_metadata"]["a"]), (Some(token), &json!(1)));
    let twice = carol.put(path, json!({})).await.is(400).json();
    assert_eq!(twice["message"], "Existing robot with name: acme+deploy");
    let renewed = carol.post(&format!("{path}/regenerate"), json!({})).await.is(200).json();
    assert_ne!(renewed["token"], made["token"]);
    for refused in [mallory.get(path).await, mallory.delete(path).await, mallory.put(path, json!({})).await] {
        refused.is(403);
    }
    carol.delete(path).await.is(204);
    let gone = carol.get(path).await.is(400).json();
    assert!(gone["message"].as_str().unwrap().starts_with("Could not find robot with specified username"));
}

#[actix_web::test]
async fn repositories_are_created_where_one_may() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    let new = |namespace: &str, name: &str, visibility: &str| json!({ "namespace": namespace, "repository": name, "visibility": visibility, "description": "", "repo_kind": "image" });

    let made = carol.post("/api/v1/repository", new("carol", "deep/web", "public")).await.is(201).json();
    assert_eq!(made, json!({ "namespace": "carol", "name": "deep/web", "kind": "image" }));
    let twice = carol.post("/api/v1/repository", new("carol", "deep/web", "private")).await.is(400).json();
    assert_eq!(twice["message"], "Repository already exists");
    carol.post("/api/v1/repository", new("carol", "UPPER", "private")).await.is(400);
    let odd = carol.post("/api/v1/repository", new("carol", "web", "secret")).await.is(400).json();
    assert!(odd["message"].as_str().unwrap().contains("'public' or 'private'; got 'secret'"), "{odd}");
    mallory.post("/api/v1/repository", new("carol", "web", "private")).await.is(403);
    mallory.post("/api/v1/repository", new("nobody", "web", "private")).await.is(404);
}

#[actix_web::test]
async fn permissions_go_to_users_robots_and_teams_of_the_place() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    app.organization(&carol, "acme").await;
    app.repository(&carol, "acme/deep/web", "private").await;
    app.robot(&carol, "acme", "deploy").await;
    app.robot(&mallory, "mallory", "spy").await;
    let at = |who: &str| format!("/api/v1/repository/acme/deep/web/permissions/{who}");
    let read = || json!({ "role": "read" });

    let robot = carol.put(&at("user/acme+deploy"), read()).await.is(200).json();
    assert_eq!(robot, json!({ "name": "acme+deploy", "role": "read", "is_robot": true }));
    carol.put(&at("user/mallory"), read()).await.is(200);
    carol.put(&at("team/owners"), json!({ "role": "write" })).await.is(200);
    let encoded = "/api/v1/repository/acme%2Fdeep%2Fweb/permissions/user/acme%2Bdeploy";
    assert_eq!(carol.put(encoded, json!({ "role": "write" })).await.is(200).json()["name"], "acme+deploy");
    carol.put(&at("user/mallory+spy"), read()).await.is(400);
    carol.put(&at("user/nobody"), read()).await.is(404);
    carol.put(&at("team/nobody"), read()).await.is(404);
    let odd = carol.put(&at("user/mallory"), json!({ "role": "owner" })).await.is(400).json();
    assert!(odd["message"].as_str().unwrap().contains("'read', 'write' and 'admin'; got 'owner'"), "{odd}");
    mallory.put(&at("user/mallory"), json!({ "role": "admin" })).await.is(403);
    app.user("stranger").await.put(&at("user/stranger"), read()).await.is(404);
}

#[actix_web::test]
async fn an_organization_keeps_an_admin_team() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.organization(&carol, "acme").await;

    carol.put("/api/v1/organization/acme/team/owners", json!({ "role": "member" })).await.is(403);
    let made = carol.put("/api/v1/organization/acme/team/ops", json!({ "role": "admin" })).await.is(200).json();
    assert_eq!((made["new_team"].as_bool(), made["role"].as_str()), (Some(true), Some("admin")));
    carol.put("/api/v1/organization/acme/team/owners", json!({ "role": "member" })).await.is(200);
    carol.put("/api/v1/organization/carol/team/ops", json!({ "role": "member" })).await.is(400);
}

#[actix_web::test]
async fn an_access_token_does_only_what_its_scopes_say() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.organization(&carol, "acme").await;
    carol.oci().push_image("acme/web", "v1", &Image::of("web")).await;
    let token = |scopes: &[ApiScope]| {
        let new = NewToken { kind: TokenKind::Access, title: String::new(), scopes: scopes.to_vec(), lifetime: None };
        let carol = carol.clone();
        async move { carol.long_token(new).await }
    };
    let (visibility, body) = ("/api/v1/repository/acme/web/changevisibility", json!({ "visibility": "public" }));

    for (scopes, path, method, body, status) in [
        (vec![ApiScope::RepositoryAdmin], visibility, Method::POST, body.clone(), 200),
        (vec![ApiScope::RepositoryWrite, ApiScope::OrganizationAdmin], visibility, Method::POST, body.clone(), 403),
        (vec![ApiScope::OrganizationAdmin], "/api/v1/organization/acme/robots/one", Method::PUT, json!({}), 201),
        (vec![ApiScope::RepositoryAdmin], "/api/v1/organization/acme/robots/two", Method::PUT, json!({}), 403),
        (vec![ApiScope::UserRead], "/api/v1/user/", Method::GET, json!({}), 200),
        (vec![ApiScope::RepositoryRead], "/api/v1/user/", Method::GET, json!({}), 403),
        (vec![], "/api/v1/organization/", Method::POST, json!({ "name": "more" }), 403),
    ] {
        let secret = token(&scopes).await;
        let answer = with_token(&app, method, path, &secret, body).await;
        assert_eq!(answer.status, status, "{scopes:?} {path}: {}", answer.text());
    }
}

#[actix_web::test]
async fn what_is_not_there_is_said_in_json() {
    let app = TestApp::start().await;
    for path in ["/api/v1/nothing", "/api/v1/", "/api/v2/user"] {
        let answer = app.get(path).await.is(404);
        assert!(answer.json()["message"].is_string(), "{path}: {}", answer.text());
    }
}
