//! Creating the first user by program.

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

const PATH: &str = "/api/v1/user/initialize";

#[actix_web::test]
async fn the_first_user_is_a_superuser_with_a_token_at_once() {
    let app = TestApp::not_set_up(&[]).await;
    let first = json!({ "username": "amara", "password": PASSWORD, "email": "a@example.com", "access_token": true });

    let made = app.anonymous().post(PATH, first).await.is(200).json();

    assert_eq!((made["username"].as_str(), made["email"].as_str()), (Some("amara"), Some("a@example.com")));
    let program = app.bearer(made["access_token"].as_str().unwrap());
    let me = program.get("/api/v1/user/").await.is(200).json();
    assert_eq!((me["username"].as_str(), me["super_user"].as_bool()), (Some("amara"), Some(true)));
    program.post("/api/v1/organization/", json!({ "name": "acme" })).await.is(201);
    program.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    app.actor("amara", PASSWORD).get("/v2/").await.is(200);
}

#[actix_web::test]
async fn there_is_one_first_user() {
    let app = TestApp::not_set_up(&[]).await;
    let user = |name: &str| json!({ "username": name, "password": PASSWORD });
    let made = app.anonymous().post(PATH, user("amara")).await.is(200).json();
    assert_eq!(made.get("access_token"), None);

    let again = app.anonymous().post(PATH, user("second")).await.is(400);

    assert_eq!(again.json(), json!({ "message": "Cannot initialize user in a non-empty database" }));
    app.actor("second", PASSWORD).get("/v2/").await.is(401);
}

#[actix_web::test]
async fn of_two_at_once_one_is_first() {
    let app = TestApp::not_set_up(&[]).await;
    let nobody = app.anonymous();
    let asked =
        (0..6).map(|number| nobody.post(PATH, json!({ "username": format!("user{number}"), "password": PASSWORD })));

    let mut statuses: Vec<u16> =
        futures_util::future::join_all(asked).await.into_iter().map(|answer| answer.status).collect();

    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 400, 400, 400]);
}

#[actix_web::test]
async fn what_is_wrong_is_said_and_nobody_is_made() {
    let app = TestApp::not_set_up(&[]).await;
    for (wrong, word) in [
        (json!({ "username": "amara", "password": "short" }), "at least 8"),
        (json!({ "username": "Amara Okafor", "password": PASSWORD }), "lower-case"),
        (json!({ "username": "amara" }), "password"),
        (json!([]), "JSON"),
    ] {
        let refused = app.anonymous().post(PATH, wrong).await.is(400);
        assert!(refused.message().contains(word), "{}", refused.shown());
    }

    app.anonymous().post(PATH, json!({ "username": "amara", "password": PASSWORD })).await.is(200);
}
