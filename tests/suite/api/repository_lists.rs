//! Who sees which repositories in a list.

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::{Value, json};

use crate::support::{Actor, PRIVATE, PUBLIC, TestApp};

const PATH: &str = "/api/v1/repository";

async fn list(who: &Actor, query: &str) -> Value {
    who.get(&format!("{PATH}?{query}")).await.is(200).json()
}

async fn names(who: &Actor, query: &str) -> Vec<String> {
    let list = list(who, query).await;
    let name = |one: &Value| format!("{}/{}", one["namespace"].as_str().unwrap(), one["name"].as_str().unwrap());
    list["repositories"].as_array().unwrap().iter().map(name).collect()
}

/// `acme` with a public and two private repositories, and a private one of somebody else.
async fn some(app: &TestApp) -> Actor {
    let owner = app.organization("acme").await;
    app.organization("other").await;
    for (name, visibility) in [
        ("acme/web", PRIVATE),
        ("acme/pub", PUBLIC),
        ("acme/shop/api", PRIVATE),
        ("acme-two/x", PRIVATE),
        ("other/secret", PRIVATE),
    ] {
        if name.starts_with("acme-two") {
            app.organization("acme-two").await;
        }
        app.repository(name, visibility).await;
    }
    owner
}

#[actix_web::test]
async fn a_list_needs_something_to_go_by() {
    let app = TestApp::start().await;

    let refused = app.anonymous().get(PATH).await.is(400);

    assert_eq!(refused.message(), "namespace, starred or public are required for this API call");
    assert_eq!(list(&app.anonymous(), "namespace=nosuch").await, json!({ "repositories": [] }));
    assert_eq!(list(&app.anonymous(), "namespace=NO%20SUCH").await, json!({ "repositories": [] }));
    app.anonymous().get("/api/v1/repository?starred=true").await.is(400);
}

#[actix_web::test]
async fn everybody_sees_what_they_may_pull_and_nothing_else() {
    let app = TestApp::start().await;
    let owner = some(&app).await;
    let (carol, mia, robot) = (app.user("carol").await, app.user("mia").await, app.robot("acme", "ci").await);
    app.grant("acme/web", &carol, "read").await;
    app.grant("acme/shop/api", &robot, "write").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &mia).await;
    app.grant_team("acme/shop/api", "ops", "read").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let sam = app.user("sam").await;

    let all = ["acme/pub", "acme/shop/api", "acme/web"];
    assert_eq!(names(&owner, "namespace=acme").await, all);
    assert_eq!(names(&auditor, "namespace=acme").await, all);
    assert_eq!(names(&carol, "namespace=acme").await, ["acme/web"]);
    assert_eq!(names(&carol, "namespace=acme&public=true").await, ["acme/pub", "acme/web"]);
    assert_eq!(names(&mia, "namespace=acme").await, ["acme/shop/api"]);
    assert_eq!(names(&robot, "namespace=acme").await, ["acme/shop/api"]);
    assert_eq!(names(&sam, "namespace=acme").await, [""; 0]);
    assert_eq!(names(&sam, "public=true").await, ["acme/pub"]);
    assert_eq!(names(&app.anonymous(), "public=true").await, ["acme/pub"]);
    assert_eq!(names(&app.anonymous(), "namespace=acme").await, [""; 0]);
    assert_eq!(names(&app.anonymous(), "namespace=acme&public=true").await, ["acme/pub"]);
    assert_eq!(names(&owner, "public=true").await, all);
}

#[actix_web::test]
async fn a_token_without_a_scope_for_repositories_shows_what_everybody_sees() {
    let app = TestApp::start().await;
    let owner = some(&app).await;
    let narrow = app.access_token(&owner, &[ApiScope::UserRead]).await;
    let reading = app.access_token(&owner, &[ApiScope::RepositoryRead]).await;

    assert_eq!(names(&app.bearer(&narrow), "namespace=acme&public=true").await, ["acme/pub"]);
    assert_eq!(names(&app.bearer(&reading), "namespace=acme").await.len(), 3);
    app.set_enabled(&owner, false).await;
    app.bearer(&reading).get(&format!("{PATH}?public=true")).await.is(401);
}

#[actix_web::test]
async fn an_entry_has_quays_fields() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    client.push_image("acme/web", "v1").await;
    app.sql(
        "INSERT INTO event_days (day, namespace_id, repository_id, kind, times) SELECT 20450, namespace_id, id, \
         'pull_repo', 7 FROM repositories WHERE name = 'acme/web'"
            .into(),
    )
    .await;

    let plain = list(&owner, "namespace=acme").await["repositories"][0].clone();
    let more = list(&owner, "namespace=acme&last_modified=true&popularity=true").await["repositories"][0].clone();
    let anonymous = list(&app.admin(), "public=true").await;

    assert_eq!(
        plain,
        json!({
            "namespace": "acme", "name": "web", "description": "", "is_public": false, "kind": "image",
            "state": "NORMAL", "is_starred": false,
        })
    );
    assert_eq!((&more["last_modified"], &more["popularity"]), (&json!(1_767_268_800), &json!(7.0)));
    assert_eq!(anonymous["repositories"][0]["name"], "web");
}

#[actix_web::test]
async fn pages_are_walked_by_their_tokens_and_lose_nothing() {
    let app = TestApp::start().await;
    let owner = some(&app).await;
    let carol = app.user("carol").await;
    app.grant("acme/web", &carol, "read").await;
    app.grant("other/secret", &carol, "read").await;
    for (who, query, expected) in [
        (&owner, "namespace=acme", vec!["acme/pub", "acme/shop/api", "acme/web"]),
        (&carol, "public=true", vec!["acme/pub", "acme/web", "other/secret"]),
        (&owner, "namespace=acme&filter=B", vec!["acme/pub", "acme/web"]),
    ] {
        let (mut found, mut next) = (Vec::new(), String::new());
        loop {
            let page = list(who, &format!("{query}&limit=1&next_page={next}")).await;
            found.extend(
                page["repositories"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| format!("{}/{}", one["namespace"].as_str().unwrap(), one["name"].as_str().unwrap())),
            );
            match page["next_page"].as_str() {
                Some(token) => next = token.to_string(),
                None => break,
            }
        }
        assert_eq!(found, expected, "{query}");
    }
    owner.get(&format!("{PATH}?public=true&next_page=x")).await.is(400);
    // No pattern, only text: none of these names has such a letter.
    assert_eq!(names(&owner, "namespace=acme&filter=%25").await, [""; 0]);
    assert_eq!(names(&owner, "namespace=acme&filter=_").await, [""; 0]);
    // The namespace is no part of what is searched.
    assert_eq!(names(&owner, "namespace=acme&filter=acme").await, [""; 0]);
}

#[actix_web::test]
async fn stars_are_listed_while_one_may_see_them() {
    let app = TestApp::start().await;
    some(&app).await;
    let carol = app.user("carol").await;
    app.grant("acme/web", &carol, "read").await;
    app.sql(
        "INSERT INTO stars (user_id, repository_id, created_at) SELECT u.id, r.id, 0 FROM users u, repositories r \
         WHERE u.name = 'carol' AND r.name IN ('acme/web', 'acme/pub', 'other/secret')"
            .into(),
    )
    .await;

    assert_eq!(names(&carol, "starred=true").await, ["acme/pub", "acme/web"]);
    assert_eq!(list(&carol, "starred=true").await["repositories"][0]["is_starred"], true);
    app.revoke("acme/web", &carol).await;
    assert_eq!(names(&carol, "starred=true").await, ["acme/pub"]);
    assert_eq!(names(&app.user("sam").await, "starred=true").await, [""; 0]);
}

#[actix_web::test]
async fn what_is_deleted_is_in_no_list() {
    let app = TestApp::start().await;
    let owner = some(&app).await;

    owner.delete(&format!("{PATH}/acme/pub")).await.is(204);

    assert_eq!(names(&owner, "namespace=acme").await, ["acme/shop/api", "acme/web"]);
    assert_eq!(names(&app.anonymous(), "public=true").await, [""; 0]);
}
