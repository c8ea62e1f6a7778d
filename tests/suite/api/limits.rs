//! No more requests in a minute than the settings say.

use serde_json::json;

use crate::support::TestApp;

#[actix_web::test]
async fn everybody_is_told_what_is_left_and_when_it_is_too_much() {
    let app = TestApp::with(&[("limits.api_requests", "4")]).await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let carol = app.bearer(&app.access_token(&carol, domain::access::ApiScope::ALL).await);
    // The first request shows whose token it is; it counts for the address.
    carol.get("/api/v1/user/").await.is(200);

    for remaining in ["3", "2", "1", "0"] {
        let answer = carol.get("/api/v1/user/").await.is(200);
        assert_eq!(
            (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")),
            ("4".into(), remaining.into())
        );
        assert!(answer.header("ratelimit-reset").parse::<u64>().unwrap() <= 60);
    }
    let refused = carol.get("/api/v1/user/").await.is(429);

    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=15).contains(&wait), "{wait}");
    assert_eq!(refused.header("ratelimit-remaining"), "0");
    assert_eq!(refused.json()["error_type"], "too_many_requests");
    dave.get("/api/v1/user/").await.is(200);
}

#[actix_web::test]
async fn made_up_credentials_open_no_account_of_their_own() {
    let app = TestApp::with(&[("limits.api_requests", "3")]).await;

    for number in 0..3 {
        app.bearer(&format!("phat_made_up_{number}")).get("/api/v1/user/").await.is(401);
    }

    app.bearer("phat_made_up_4").get("/api/v1/user/").await.is(429);
    app.anonymous().get("/api/v1/user/").await.is(429);
}

#[actix_web::test]
async fn passwords_are_tried_more_slowly_than_requests_are_made() {
    let app = TestApp::with(&[("limits.sign_ins", "2")]).await;
    app.user("carol").await;
    let wrong = json!({ "username": "carol", "password": "wrong" });

    for _ in 0..2 {
        let answer = app.anonymous().post("/api/v1/signin", wrong.clone()).await;
        assert_ne!(answer.status, 429, "{}", answer.shown());
    }

    for spelling in ["/api/v1/signin", "/api/v1/signin/", "/api/v1/sign%69n", "/api/v1/s%69gnin/verify"] {
        app.anonymous().post(spelling, wrong.clone()).await.is(429);
    }
    app.anonymous().get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn without_limits_nothing_is_said_of_them() {
    let app = TestApp::with(&[("limits.api_requests", "0")]).await;

    let answer = app.admin().get("/api/v1/user/").await.is(200);

    assert_eq!(answer.maybe_header("ratelimit-limit"), None);
}
