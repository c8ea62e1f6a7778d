//! The catalog: what there is, to whom it is shown.

use domain::access::{Standing, TeamRole};

use crate::support::{Answer, Oci, PRIVATE, PUBLIC, TestApp};

fn names(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    json["repositories"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_string()).collect()
}

async fn listed(client: &Oci) -> Vec<String> {
    names(&client.get("/v2/_catalog").await.is(200))
}

#[actix_web::test]
async fn everybody_sees_what_they_may_pull_and_nothing_else() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, robot, member) = (app.user("carol").await, app.robot("acme", "ci").await, app.user("mia").await);
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    for (name, visibility) in [
        ("acme/granted", PRIVATE),
        ("acme/open", PUBLIC),
        ("acme/secret", PRIVATE),
        ("acme/team", PRIVATE),
        ("carol/own", PRIVATE),
    ] {
        app.repository(name, visibility).await;
    }
    app.grant("acme/granted", &carol, "read").await;
    app.grant("acme/secret", &robot, "write").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &member).await;
    app.admin()
        .put("/api/v1/repository/acme/team/permissions/team/ops", serde_json::json!({ "role": "read" }))
        .await
        .is(200);
    let all = ["acme/granted", "acme/open", "acme/secret", "acme/team", "carol/own"];

    assert_eq!(listed(&app.oci(&carol)).await, ["acme/granted", "acme/open", "carol/own"]);
    assert_eq!(listed(&app.oci(&robot)).await, ["acme/open", "acme/secret"]);
    assert_eq!(listed(&app.oci(&member)).await, ["acme/open", "acme/team"]);
    assert_eq!(listed(&app.oci(&owner)).await, all[..4]);
    assert_eq!(listed(&app.oci(&auditor)).await, all);
    assert_eq!(listed(&app.oci(&app.admin())).await, all);
    assert_eq!(listed(&app.oci(&app.anonymous())).await, ["acme/open"]);
}

#[actix_web::test]
async fn the_catalog_comes_in_pages_in_byte_order() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.organization("acme").await;
    let mut all: Vec<String> =
        ["a", "a-b", "a.b", "a_b", "a/b", "ab", "z9", "z10", "0"].map(|path| format!("acme/{path}")).into();
    for (position, name) in all.iter().enumerate() {
        app.repository(name, if position % 2 == 0 { PUBLIC } else { PRIVATE }).await;
        if position % 2 == 1 {
            app.grant(name, &carol, "read").await;
        }
    }
    all.sort();

    for who in [&carol, &app.admin()] {
        let client = app.oci(who);
        let (mut walked, mut path) = (Vec::new(), Some("/v2/_catalog?n=2".to_string()));
        while let Some(here) = path {
            let page = client.get(&here).await.is(200);
            walked.extend(names(&page));
            path = page.maybe_header("link").map(|link| link[1..].split_once('>').unwrap().0.to_string());
        }
        assert_eq!(walked, all);
    }
    let client = app.oci(&carol);
    assert!(names(&client.get("/v2/_catalog?n=0").await.is(200)).is_empty());
    client.get("/v2/_catalog?n=-1").await.refused(400, "PAGINATION_NUMBER_INVALID");
    let odd = client.get("/v2/_catalog?last=%00").await;
    assert!(odd.status < 500, "{}", odd.shown());
}

#[actix_web::test]
async fn a_token_for_one_repository_does_not_list_others() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.repository("carol/web", PRIVATE).await;
    let token = app.oci(&carol).token(&["repository:carol/web:pull"]).await;

    let refused = app.oci_with(&token).get("/v2/_catalog").await.refused(401, "UNAUTHORIZED");

    assert!(refused.header("www-authenticate").contains("scope=\"registry:catalog:*\""));
    app.anonymous().get("/v2/_catalog").await.refused(401, "UNAUTHORIZED");
}

#[actix_web::test]
async fn the_disabled_see_no_catalog() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let token = app.oci(&carol).token(&["registry:catalog:*"]).await;
    app.oci_with(&token).get("/v2/_catalog").await.is(200);

    app.set_enabled(&carol, false).await;

    app.oci_with(&token).get("/v2/_catalog").await.refused(401, "UNAUTHORIZED");
}
