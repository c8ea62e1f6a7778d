use domain::access::Standing;

use crate::support::{Answer, Oci, TestApp};

fn names(answer: &Answer) -> Vec<String> {
    serde_json::from_value(answer.json()["repositories"].clone()).unwrap()
}

async fn two_tenants(app: &TestApp) {
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    app.organization(&carol, "acme").await;
    for (name, visibility) in [("acme/hidden", "private"), ("acme/open", "public"), ("acme/shared", "private")] {
        app.repository(&carol, name, visibility).await;
    }
    app.repository(&mallory, "mallory/own", "private").await;
    carol.grant("acme/shared", "mallory", "read").await;
}

#[actix_web::test]
async fn everybody_sees_what_they_may_pull_and_nothing_else() {
    let app = TestApp::start().await;
    two_tenants(&app).await;
    app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let signed_in = |name: &str| Oci::new(&app, name, crate::support::app::PASSWORD);

    assert_eq!(names(&signed_in("mallory").get("/v2/_catalog").await), ["acme/open", "acme/shared", "mallory/own"]);
    assert_eq!(names(&signed_in("carol").get("/v2/_catalog").await), ["acme/hidden", "acme/open", "acme/shared"]);
    assert_eq!(names(&signed_in("auditor").get("/v2/_catalog").await).len(), 4);
    assert_eq!(names(&app.anonymous().oci().get("/v2/_catalog").await), ["acme/open"]);
}

#[actix_web::test]
async fn the_catalog_comes_in_pages() {
    let app = TestApp::start().await;
    two_tenants(&app).await;
    let oci = Oci::new(&app, "mallory", crate::support::app::PASSWORD);

    let first = oci.get("/v2/_catalog?n=2").await.is(200);
    let next = first.header("link")[1..].split_once('>').unwrap().0.to_string();
    let second = oci.get(&next).await.is(200);

    assert_eq!(names(&first), ["acme/open", "acme/shared"]);
    assert_eq!(names(&second), ["mallory/own"]);
    assert_eq!(second.header("link"), "");
}

#[actix_web::test]
async fn a_token_for_one_repository_does_not_tell_of_others() {
    let app = TestApp::start().await;
    two_tenants(&app).await;
    let narrow = Oci::new(&app, "carol", crate::support::app::PASSWORD).token(&["repository:acme/open:pull"]).await;

    let answer = Oci::with_token(&app, &narrow).send_once(reqwest::Method::GET, "/v2/_catalog", &|r| r).await.is(401);

    assert!(answer.header("www-authenticate").contains("scope=\"registry:catalog:*\""));
}

#[actix_web::test]
async fn docker_search_finds_by_part_of_the_name() {
    let app = TestApp::start().await;
    two_tenants(&app).await;

    let found = Oci::new(&app, "carol", crate::support::app::PASSWORD);
    let request =
        app.client.get(app.url("/v1/search?q=ACME/s")).basic_auth("carol", Some(crate::support::app::PASSWORD));
    let signed_in = Answer::of(request).await.is(200).json();
    let anonymous = app.get("/v1/search?q=e").await.is(200).json();
    let wildcards = app.get("/v1/search?q=%25_").await.is(200).json();
    drop(found);

    assert_eq!(signed_in["results"][0]["name"], "acme/shared");
    assert_eq!(signed_in["num_results"], 1);
    assert_eq!(anonymous["results"][0]["name"], "acme/open");
    assert_eq!((anonymous["num_results"].as_u64(), wildcards["num_results"].as_u64()), (Some(1), Some(0)));
}
