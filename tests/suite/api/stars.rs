//! Stars.

use domain::access::ApiScope;
use serde_json::{Value, json};

use crate::support::{Actor, PRIVATE, PUBLIC, TestApp};

const STARRED: &str = "/api/v1/user/starred";

async fn names(who: &Actor) -> Vec<String> {
    let listed = who.get(STARRED).await.is(200).json();
    let name = |entry: &Value| format!("{}/{}", entry["namespace"].as_str().unwrap(), entry["name"].as_str().unwrap());
    listed["repositories"].as_array().unwrap().iter().map(name).collect()
}

fn star(namespace: &str, repository: &str) -> Value {
    json!({ "namespace": namespace, "repository": repository })
}

#[actix_web::test]
async fn stars_are_given_and_taken_back_as_often_as_one_likes() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    app.repository("acme/deep/web", PUBLIC).await;
    let carol = app.user("carol").await;

    assert_eq!(carol.post(STARRED, star("acme", "web")).await.is(201).json(), star("acme", "web"));
    carol.post(STARRED, star("acme", "web")).await.is(201);
    carol.post(STARRED, star("acme", "deep/web")).await.is(201);

    assert_eq!(names(&carol).await, ["acme/web", "acme/deep/web"]);
    assert_eq!(carol.get(STARRED).await.json()["repositories"][0]["is_public"], true);
    carol.delete(&format!("{STARRED}/acme%2Fweb")).await.is(204);
    carol.delete(&format!("{STARRED}/acme/web")).await.is(204);
    carol.delete(&format!("{STARRED}/acme/deep/web/")).await.is(204);
    carol.delete(&format!("{STARRED}/acme/none")).await.is(204);
    assert_eq!(names(&carol).await, Vec::<String>::new());
}

#[actix_web::test]
async fn what_one_may_not_see_has_no_star() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let carol = app.user("carol").await;

    carol.post(STARRED, star("acme", "web")).await.is(404);
    carol.post(STARRED, star("acme", "none")).await.is(404);
    carol.post(STARRED, star("acme", "a b")).await.is(404);
    app.anonymous().post(STARRED, star("acme", "web")).await.is(401);
    app.anonymous().get(STARRED).await.is(401);
    app.robot("acme", "ci").await.get(STARRED).await.is(401);
    owner.post(STARRED, star("acme", "web")).await.is(201);
    assert_eq!(names(&owner).await, ["acme/web"]);
}

#[actix_web::test]
async fn a_token_that_reads_no_repositories_shows_public_ones() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("acme/docs", PUBLIC).await;
    owner.post(STARRED, star("acme", "web")).await.is(201);
    owner.post(STARRED, star("acme", "docs")).await.is(201);
    let token = async |scopes: &[ApiScope]| app.bearer(&app.access_token(&owner, scopes).await);

    let narrow = token(&[ApiScope::UserAdmin]).await;
    let writing = token(&[ApiScope::UserAdmin, ApiScope::RepositoryWrite]).await;
    let superuser = app.access_token(&app.admin(), &[ApiScope::UserAdmin, ApiScope::Superuser]).await;
    app.admin().post(STARRED, star("acme", "web")).await.is(201);

    assert_eq!(names(&narrow).await, ["acme/docs"]);
    assert_eq!(names(&writing).await, ["acme/web", "acme/docs"]);
    assert_eq!(names(&app.bearer(&superuser)).await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_star_does_not_outlive_the_right_to_see() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let (carol, admin) = (app.user("carol").await, app.admin());
    app.grant("acme/web", &carol, "read").await;
    carol.post(STARRED, star("acme", "web")).await.is(201);
    admin.post(STARRED, star("acme", "web")).await.is(201);
    assert_eq!(names(&carol).await, ["acme/web"]);

    app.revoke("acme/web", &carol).await;

    assert_eq!(names(&carol).await, Vec::<String>::new());
    assert_eq!(names(&admin).await, ["acme/web"]);
    carol.delete(&format!("{STARRED}/acme/web")).await.is(204);
}

#[actix_web::test]
async fn a_star_needs_both_scopes() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    let account = app.bearer(&app.access_token(&carol, &[ApiScope::UserAdmin]).await);
    let both = app.bearer(&app.access_token(&carol, &[ApiScope::UserAdmin, ApiScope::RepositoryRead]).await);

    let refused = account.post(STARRED, star("carol", "web")).await;
    assert!(matches!(refused.status, 403 | 404), "{}", refused.shown());
    both.post(STARRED, star("carol", "web")).await.is(201);
}

#[actix_web::test]
async fn many_stars_come_in_pages() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    for batch in 0..3 {
        let rows: Vec<String> = (0..50)
            .map(|n| {
                let (namespace, name) = ("(SELECT namespace_id FROM users WHERE name = 'carol')", batch * 50 + n);
                format!("({namespace}, 'carol/r{name:03}', 'public', 0)")
            })
            .collect();
        let columns = "namespace_id, name, visibility, created_at";
        app.sql(format!("INSERT INTO repositories ({columns}) VALUES {}", rows.join(", "))).await;
    }
    app.sql("INSERT INTO stars SELECT u.id, r.id, 0 FROM users u, repositories r WHERE u.name = 'carol'".into()).await;

    let first = carol.get(STARRED).await.is(200).json();
    let next = first["next_page"].as_str().unwrap();
    let second = carol.get(&format!("{STARRED}?next_page={next}")).await.is(200).json();

    assert_eq!(first["repositories"].as_array().unwrap().len(), 100);
    assert_eq!((second["repositories"].as_array().unwrap().len(), second.get("next_page")), (50, None));
    carol.get(&format!("{STARRED}?next_page=nonsense")).await.is(400);
}
