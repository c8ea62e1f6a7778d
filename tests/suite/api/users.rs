//! The signed-in user.

use domain::access::Standing;

use crate::support::TestApp;

#[actix_web::test]
async fn users_are_told_who_they_are() {
    let app = TestApp::start().await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;

    for path in ["/api/v1/user/", "/api/v1/user"] {
        let me = auditor.get(path).await.is(200).json();
        assert_eq!(me["username"], "audrey");
        assert_eq!(me["email"], "audrey@example.com");
        assert_eq!((me["super_user"].clone(), me["global_readonly_super_user"].clone()), (false.into(), true.into()));
    }
}

#[actix_web::test]
async fn settings_raise_a_users_standing() {
    let app = TestApp::with(&[("access.superusers", "carol"), ("access.read_only_superusers", "rita")]).await;
    let (carol, rita) = (app.user("carol").await, app.user("rita").await);

    assert_eq!(carol.get("/api/v1/user/").await.json()["super_user"], true);
    assert_eq!(rita.get("/api/v1/user/").await.json()["global_readonly_super_user"], true);
    rita.post("/api/v1/organization/", serde_json::json!({ "name": "acme" })).await.is(403);
}

#[actix_web::test]
async fn whoever_is_no_user_is_not_told() {
    let app = TestApp::start().await;
    app.organization("acme").await;

    app.anonymous().get("/api/v1/user/").await.is(401);
    app.robot("acme", "ci").await.get("/api/v1/user/").await.is(401);
    app.actor("olivia", "wrong password").get("/api/v1/user/").await.is(401);
    app.bearer("pht_wrong").get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn a_registry_token_is_none_for_the_api() {
    let app = TestApp::start().await;
    let token = app.oci(&app.admin()).token(&["registry:catalog:*"]).await;

    app.bearer(&token).get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn unknown_operations_are_said_to_be_unknown() {
    let app = TestApp::start().await;

    for path in ["/api/v1/nothing", "/api/v1/", "/api/v1/organization/acme/nothing", "/api/v2/user"] {
        let refused = app.admin().get(path).await.is(404);
        assert!(!refused.message().is_empty(), "{}", refused.shown());
    }
}
