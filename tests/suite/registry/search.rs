//! `docker search`.

use serde_json::json;

use crate::support::{Answer, PRIVATE, PUBLIC, TestApp};

fn names(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    json["results"].as_array().unwrap().iter().map(|hit| hit["name"].as_str().unwrap().to_string()).collect()
}

async fn app_with_repositories() -> TestApp {
    let app = TestApp::start().await;
    app.user("carol").await;
    app.organization("acme").await;
    for (name, visibility) in [("acme/web", PUBLIC), ("acme/web-secret", PRIVATE), ("carol/web", PRIVATE)] {
        app.repository(name, visibility).await;
    }
    app
}

#[actix_web::test]
async fn docker_asks_whether_there_is_anything_to_search() {
    let app = TestApp::start().await;

    let ping = app.anonymous().get("/v1/_ping").await.is(200);

    assert_eq!(ping.json(), json!(true));
    assert!(ping.maybe_header("x-docker-registry-version").is_some());
}

#[actix_web::test]
async fn a_search_finds_what_one_may_pull() {
    let app = app_with_repositories().await;
    let carol = app.actor("carol", crate::support::PASSWORD);

    let found = carol.get("/v1/search?q=WEB").await.is(200);

    assert_eq!(names(&found), ["acme/web", "carol/web"]);
    assert_eq!(found.json()["num_results"], 2);
    assert_eq!(found.json()["results"][0]["is_public"], true);
    assert_eq!(names(&app.anonymous().get("/v1/search?q=web").await.is(200)), ["acme/web"]);
    assert_eq!(names(&app.admin().get("/v1/search?q=web").await.is(200)).len(), 3);
    assert!(names(&carol.get("/v1/search?q=nothing").await.is(200)).is_empty());
}

#[actix_web::test]
async fn a_search_gives_as_many_as_asked_for() {
    let app = app_with_repositories().await;

    for (n, count) in [("1", 1), ("2", 2), ("100000", 3), ("nonsense", 3), ("0", 1), ("-5", 3)] {
        let found = app.admin().get(&format!("/v1/search?q=web&n={n}")).await.is(200);
        assert_eq!(names(&found).len(), count, "{n}");
    }
    for odd in ["%25", "_", "%00", "%27%3B--"] {
        assert!(names(&app.admin().get(&format!("/v1/search?q={odd}")).await.is(200)).is_empty(), "{odd}");
    }
}

#[actix_web::test]
async fn wrong_credentials_search_nothing() {
    let app = app_with_repositories().await;

    app.actor("carol", "wrong password").get("/v1/search?q=web").await.refused(401, "UNAUTHORIZED");
}
