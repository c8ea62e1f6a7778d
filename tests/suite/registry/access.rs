use serde_json::json;

use crate::support::{Actor, Image, Oci, TestApp};

#[actix_web::test]
async fn the_base_tells_a_stranger_where_to_sign_in() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    let answer = app.get("/v2/").await.refused(401, "UNAUTHORIZED");
    let challenge = answer.header("www-authenticate");
    let realm = format!("realm=\"http://{}/v2/auth\"", app.address);
    assert!(challenge.starts_with("Bearer ") && challenge.contains(&realm), "{challenge}");
    assert_eq!(answer.header("docker-distribution-api-version"), "registry/2.0");
    let basic = app.client.get(app.url("/v2/")).basic_auth(&carol.name, Some(&carol.secret));
    crate::support::Answer::of(basic).await.is(200);
}

#[actix_web::test]
async fn a_robot_with_read_pulls_and_is_told_why_it_may_not_push() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.organization(&carol, "acme").await;
    carol.oci().push_image("acme/web", "v1", &Image::of("web")).await;
    let robot = app.robot(&carol, "acme", "deploy").await;
    carol.grant("acme/web", "acme+deploy", "read").await;

    robot.oci().get("/v2/acme/web/manifests/v1").await.is(200);
    let refused = robot.oci().post("/v2/acme/web/blobs/uploads/").await.refused(403, "DENIED");

    assert!(
        refused.text().contains("Write permission on repository acme/web needed; acme+deploy has read"),
        "{}",
        refused.text()
    );
}

#[actix_web::test]
async fn anybody_pulls_what_is_public_and_nothing_else() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    carol.oci().push_image("carol/open", "v1", &Image::of("web")).await;
    carol.oci().push_image("carol/closed", "v1", &Image::of("web")).await;
    carol.set_visibility("carol/open", "public").await;

    app.get("/v2/carol/open/manifests/v1").await.is(200);
    app.anonymous().oci().get("/v2/carol/open/tags/list").await.is(200);
    app.anonymous().oci().get("/v2/carol/closed/manifests/v1").await.is(401);
    app.anonymous().oci().get("/v2/carol/absent/manifests/v1").await.is(401);
    app.anonymous().oci().post("/v2/carol/open/blobs/uploads/").await.is(401);
    // A token that allows nothing allows what no token is needed for.
    let idle = Oci::with_token(&app, &app.user("dave").await.oci().token(&[]).await);
    idle.send_once(reqwest::Method::GET, "/v2/carol/open/manifests/v1", &|r| r).await.is(200);
}

#[actix_web::test]
async fn other_methods_are_refused_with_those_that_work() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let oci = carol.oci();
    oci.push_image("carol/web", "v1", &Image::of("web")).await;

    for (path, allowed) in [
        ("/v2/carol/web/tags/list", "GET, HEAD"),
        ("/v2/carol/web/manifests/v1", "GET, HEAD, PUT, DELETE"),
        ("/v2/_catalog", "GET, HEAD"),
    ] {
        let request =
            app.client.request(reqwest::Method::OPTIONS, app.url(path)).basic_auth(&carol.name, Some(&carol.secret));
        let answer = crate::support::Answer::of(request).await.refused(405, "UNSUPPORTED");
        assert_eq!(answer.header("allow"), allowed);
    }
}

async fn organization_with_everybody(app: &TestApp) -> Vec<(&'static str, Actor<'_>)> {
    let owner = app.user("owner").await;
    app.organization(&owner, "acme").await;
    owner.oci().push_image("acme/web", "v1", &Image::of("web")).await;
    let mut actors = Vec::new();
    for role in ["read", "write", "admin"] {
        let name: &'static str = match role {
            "read" => "reader",
            "write" => "writer",
            _ => "keeper",
        };
        let actor = app.user(name).await;
        owner.grant("acme/web", name, role).await;
        actors.push((name, actor));
    }
    owner.put("/api/v1/organization/acme/team/crew", json!({ "role": "member" })).await.is(200);
    let member = app.user("member").await;
    owner.put("/api/v1/organization/acme/team/crew/members/member", json!({})).await.is(200);
    owner.put("/api/v1/repository/acme/web/permissions/team/crew", json!({ "role": "write" })).await.is(200);
    actors.push(("member", member));
    actors.push(("owner", owner));
    actors
}

#[actix_web::test]
async fn roles_allow_what_they_say_by_user_and_by_team() {
    let app = TestApp::start().await;
    let second = Image::of("second");

    for (name, actor) in organization_with_everybody(&app).await {
        let oci = actor.oci();
        oci.get("/v2/acme/web/manifests/v1").await.is(200);
        let pushed = oci.post("/v2/acme/web/blobs/uploads/").await.status;
        assert_eq!(pushed, if name == "reader" { 403 } else { 202 }, "{name} pushes");
        let granted =
            actor.put("/api/v1/repository/acme/web/permissions/user/reader", json!({ "role": "read" })).await.status;
        assert_eq!(granted, if name == "keeper" || name == "owner" { 200 } else { 403 }, "{name} grants");
        if name != "reader" {
            oci.push_image("acme/web", name, &second).await;
            oci.delete(&format!("/v2/acme/web/manifests/{name}")).await.is(202);
        }
    }
}
