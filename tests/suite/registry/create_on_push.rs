use serde_json::json;

use crate::support::{Image, TestApp};

#[actix_web::test]
async fn a_push_creates_a_private_repository_of_the_pushers() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);

    carol.oci().push_image("carol/deep/down/web", "v1", &Image::of("web")).await;

    mallory.oci().get("/v2/carol/deep/down/web/manifests/v1").await.refused(404, "NAME_UNKNOWN");
    carol.grant("carol/deep/down/web", "mallory", "read").await;
    mallory.oci().get("/v2/carol/deep/down/web/manifests/v1").await.is(200);
}

#[actix_web::test]
async fn in_an_organization_creators_create_and_members_do_not() {
    let app = TestApp::start().await;
    let (carol, dave, erin) = (app.user("carol").await, app.user("dave").await, app.user("erin").await);
    app.organization(&carol, "acme").await;
    carol.put("/api/v1/organization/acme/team/makers", json!({ "role": "creator" })).await.is(200);
    carol.put("/api/v1/organization/acme/team/readers", json!({ "role": "member" })).await.is(200);
    carol.put("/api/v1/organization/acme/team/makers/members/dave", json!({})).await.is(200);
    carol.put("/api/v1/organization/acme/team/readers/members/erin", json!({})).await.is(200);

    dave.oci().push_image("acme/daves", "v1", &Image::of("web")).await;
    let refused = erin.oci().post("/v2/acme/erins/blobs/uploads/").await.refused(403, "DENIED");

    assert!(refused.text().contains("may not create repositories in acme"), "{}", refused.text());
    // The creator became its admin, the others got nothing.
    dave.grant("acme/daves", "erin", "read").await;
    erin.oci().get("/v2/acme/daves/manifests/v1").await.is(200);
}

#[actix_web::test]
async fn what_one_may_not_see_and_what_is_not_there_are_refused_in_the_same_words() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    app.repository(&carol, "carol/secret", "private").await;

    let words = |name: &'static str, text: String| text.replace(name, "NAME");
    let hidden = mallory.oci().post("/v2/carol/secret/blobs/uploads/").await.refused(403, "DENIED");
    let absent = mallory.oci().post("/v2/carol/absent/blobs/uploads/").await.refused(403, "DENIED");

    assert_eq!(words("carol/secret", hidden.text()), words("carol/absent", absent.text()));
}

#[actix_web::test]
async fn an_organization_is_created_by_a_push_only_where_the_settings_say_so() {
    let strict = TestApp::start().await;
    strict.user("carol").await.oci().post("/v2/newcorp/web/blobs/uploads/").await.refused(403, "DENIED");

    let open = TestApp::with(&[("registry.create_namespace_on_push", "true")]).await;
    let carol = open.user("carol").await;
    carol.oci().push_image("newcorp/web", "v1", &Image::of("web")).await;
    let robot = open.robot(&carol, "newcorp", "ci").await;
    robot.oci().post("/v2/another/web/blobs/uploads/").await.refused(403, "DENIED");
    open.anonymous().oci().post("/v2/third/web/blobs/uploads/").await.is(401);
}

#[actix_web::test]
async fn default_permissions_are_applied_to_what_is_created_afterwards() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.organization(&carol, "acme").await;
    app.repository(&carol, "acme/before", "private").await;
    let system = std::sync::Arc::new(domain::principal::Caller::system("test"));
    let organization = app
        .services
        .access
        .namespace::<domain::access::Admin>(&system, "acme", domain::access::ApiScope::OrganizationAdmin)
        .await
        .unwrap();
    let now = domain::time::Timestamp(1);
    app.services
        .db
        .write(move |tx| {
            let dave = domain::account::by_name(tx, "dave")?.id;
            let grantee = domain::repository::Grantee::User(dave);
            let read = domain::access::RepositoryRole::Read;
            domain::repository::add_default(tx, &organization, (uuid::Uuid::nil(), now), None, grantee, read)
        })
        .await
        .unwrap();

    carol.oci().push_image("acme/after", "v1", &Image::of("web")).await;

    dave.oci().get("/v2/acme/after/manifests/v1").await.is(200);
    dave.oci().get("/v2/acme/before/tags/list").await.refused(404, "NAME_UNKNOWN");
}
