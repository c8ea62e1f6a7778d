//! What a token does not carry, its holder's rights do not make up for; and what strangers ask changes nothing for others.

use domain::access::ApiScope;
use domain::token::{NewToken, TokenKind};
use reqwest::Method;
use serde_json::json;

use crate::support::{Actor, Answer, Image, Oci, TestApp};

async fn access_token(actor: &Actor<'_>, scopes: &[ApiScope]) -> String {
    let new = NewToken { kind: TokenKind::Access, title: String::new(), scopes: scopes.to_vec(), lifetime: None };
    actor.long_token(new).await
}

#[actix_web::test]
async fn a_superusers_rights_need_a_token_that_carries_them() {
    let app = TestApp::start().await;
    let (bob, operator) = (app.user("bob").await, app.superuser("operator").await);
    bob.oci().push_image("bob/secret", "v1", &Image::of("web")).await;
    let narrow = access_token(&operator, &[ApiScope::RepositoryAdmin, ApiScope::OrganizationAdmin]).await;
    let wide = access_token(&operator, &[ApiScope::RepositoryAdmin, ApiScope::Superuser]).await;
    let public = || json!({ "visibility": "private" });
    let change = |token: String| {
        let path = "/api/v1/repository/bob/secret/changevisibility";
        Answer::of(app.request(Method::POST, path).bearer_auth(token).json(&public()))
    };

    change(narrow.clone()).await.is(404);
    let robot = app.request(Method::PUT, "/api/v1/organization/bob/robots/evil").bearer_auth(&narrow).json(&json!({}));
    Answer::of(robot).await.is(403);
    let pull = Oci::new(&app, "$oauthtoken", &narrow);
    pull.get("/v2/bob/secret/manifests/v1").await.refused(404, "NAME_UNKNOWN");
    change(wide.clone()).await.is(200);
    Oci::new(&app, "$oauthtoken", &wide).get("/v2/bob/secret/manifests/v1").await.is(200);
    operator.oci().get("/v2/bob/secret/manifests/v1").await.is(200);
}

#[actix_web::test]
async fn the_list_of_repositories_is_only_for_tokens_that_may_have_it() {
    let app = TestApp::start().await;
    let alice = app.user("alice").await;
    alice.oci().push_image("alice/hidden", "v1", &Image::of("web")).await;
    alice.oci().push_image("alice/web", "v1", &Image::of("web")).await;
    let narrow = alice.oci().token(&["repository:alice/web:pull"]).await;
    let searched = app.client.get(app.url("/v1/search?q=hidden")).bearer_auth(&narrow);
    assert_eq!(Answer::of(searched).await.is(200).json()["num_results"], 0);

    let reading = access_token(&alice, &[ApiScope::UserRead]).await;
    let token = Oci::new(&app, "$oauthtoken", &reading).token(&["registry:catalog:*"]).await;
    Oci::with_token(&app, &token).send_once(Method::GET, "/v2/_catalog", &|r| r).await.is(401);
}

#[actix_web::test]
async fn creating_is_not_pushing() {
    let app = TestApp::start().await;
    let alice = app.user("alice").await;
    let creating = access_token(&alice, &[ApiScope::RepositoryCreate]).await;

    let oci = Oci::new(&app, "$oauthtoken", &creating);
    oci.post("/v2/alice/new/blobs/uploads/").await.is(401);

    let body = json!({ "namespace": "alice", "repository": "made", "visibility": "private" });
    Answer::of(app.request(Method::POST, "/api/v1/repository").bearer_auth(&creating).json(&body)).await.is(201);
}

#[actix_web::test]
async fn what_strangers_ask_about_does_not_hide_what_is_public() {
    let app = TestApp::start().await;
    let bob = app.user("bob").await;
    bob.oci().push_image("bob/open", "v1", &Image::of("web")).await;
    bob.set_visibility("bob/open", "public").await;

    let odd = json!({ "namespace": "bob/open", "repository": "x", "visibility": "public" });
    app.anonymous().post("/api/v1/repository", odd.clone()).await.is(401);
    app.anonymous().put("/api/v1/organization/bob%2Fopen/team/x1", json!({ "role": "admin" })).await.is(401);
    app.get("/v2/bob/open/manifests/v1").await.is(200);

    app.user("dave").await.post("/api/v1/repository", odd).await.is(404);
    app.get("/v2/bob/open/manifests/v1").await.is(200);
}

#[actix_web::test]
async fn application_tokens_are_for_the_registry_only() {
    let app = TestApp::start().await;
    let alice = app.user("alice").await;
    let new = NewToken { kind: TokenKind::Application, title: String::new(), scopes: vec![], lifetime: None };
    let secret = alice.long_token(new).await;

    let request = app.client.get(app.url("/api/v1/user/")).basic_auth("$app", Some(&secret));

    Answer::of(request).await.is(401);
}

#[actix_web::test]
async fn another_sites_page_cannot_set_the_registry_up() {
    let app = TestApp::start().await;
    let body = r#"{"username":"mallory","password":"long enough"}"#;
    let post = || app.client.post(app.url("/api/v1/user/initialize")).body(body);

    Answer::of(post().header("content-type", "text/plain")).await.is(400);
    let json = || post().header("content-type", "application/json");
    Answer::of(json().header("origin", "https://evil.example")).await.is(403);
    Answer::of(json().header("sec-fetch-site", "cross-site")).await.is(403);
    Answer::of(json()).await.is(200);
}

#[actix_web::test]
async fn a_lock_does_not_tell_which_names_exist() {
    let app = TestApp::start().await;
    app.user("carol").await;
    let mut statuses = Vec::new();
    for name in ["carol", "nobody"] {
        let oci = Oci::new(&app, name, "wrong password");
        let mut seen = Vec::new();
        for _ in 0..7 {
            seen.push(oci.token_answer(&[]).await.status);
        }
        statuses.push(seen);
    }

    assert_eq!(statuses[0], statuses[1]);
    assert_eq!(statuses[0][6], 429);
}
