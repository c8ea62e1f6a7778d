//! What changes counts on the next request, whatever tokens are still good.

use crate::support::{Image, Oci, TestApp};

const MANIFEST: &str = "/v2/acme/web/manifests/v1";

struct Scene<'a> {
    carol: crate::support::Actor<'a>,
    reader: Oci<'a>,
}

/// An organization with an image, and a user whose token for pulling it was made beforehand.
async fn scene(app: &TestApp) -> Scene<'_> {
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.organization(&carol, "acme").await;
    carol.oci().push_image("acme/web", "v1", &Image::of("web")).await;
    carol.grant("acme/web", "dave", "read").await;
    let token = dave.oci().token(&["repository:acme/web:pull,push"]).await;
    let reader = Oci::with_token(app, &token);
    once(&reader, MANIFEST).await.is(200);
    Scene { carol, reader }
}

async fn once(oci: &Oci<'_>, path: &str) -> crate::support::Answer {
    oci.send_once(reqwest::Method::GET, path, &|request| request).await
}

#[actix_web::test]
async fn a_disabled_user_is_out() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;

    app.set_enabled("dave", false).await;
    once(&scene.reader, MANIFEST).await.refused(401, "UNAUTHORIZED");
    once(&scene.reader, "/v2/").await.refused(401, "UNAUTHORIZED");

    app.set_enabled("dave", true).await;
    once(&scene.reader, MANIFEST).await.is(200);
}

#[actix_web::test]
async fn a_higher_role_counts_for_a_new_token_and_a_new_tag_for_the_old_one() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let second = scene.carol.oci().push_image("acme/web", "v1", &Image::of("second")).await;

    assert_eq!(once(&scene.reader, MANIFEST).await.is(200).header("docker-content-digest"), second.as_str());
    scene.carol.oci().delete(MANIFEST).await.is(202);
    once(&scene.reader, MANIFEST).await.refused(404, "MANIFEST_UNKNOWN");
}

#[actix_web::test]
async fn making_a_repository_private_shuts_strangers_out() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let anyone = app.anonymous().oci();
    scene.carol.set_visibility("acme/web", "public").await;
    anyone.get(MANIFEST).await.is(200);

    scene.carol.set_visibility("acme/web", "private").await;

    anyone.get(MANIFEST).await.is(401);
    once(&scene.reader, MANIFEST).await.is(200);
}

#[actix_web::test]
async fn a_deleted_robot_is_out_even_if_one_of_its_name_comes_back() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let robot = app.robot(&scene.carol, "acme", "deploy").await;
    scene.carol.grant("acme/web", "acme+deploy", "read").await;
    let old = Oci::with_token(&app, &robot.oci().token(&["repository:acme/web:pull"]).await);
    once(&old, MANIFEST).await.is(200);

    scene.carol.delete("/api/v1/organization/acme/robots/deploy").await.is(204);
    once(&old, MANIFEST).await.is(401);
    let new = app.robot(&scene.carol, "acme", "deploy").await;
    scene.carol.grant("acme/web", "acme+deploy", "read").await;

    once(&old, MANIFEST).await.is(401);
    robot.oci().token_answer(&[]).await.is(401);
    new.oci().get(MANIFEST).await.is(200);
}

#[actix_web::test]
async fn leaving_a_team_takes_its_rights_away() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let erin = app.user("erin").await;
    let none = serde_json::json!({});
    scene.carol.put("/api/v1/organization/acme/team/ops", serde_json::json!({ "role": "admin" })).await.is(200);
    scene.carol.put("/api/v1/organization/acme/team/ops/members/erin", none).await.is(200);
    let token = Oci::with_token(&app, &erin.oci().token(&["repository:acme/web:pull"]).await);
    once(&token, MANIFEST).await.is(200);

    scene.carol.delete("/api/v1/organization/acme/team/ops/members/erin").await.is(204);

    once(&token, MANIFEST).await.refused(404, "NAME_UNKNOWN");
}

#[actix_web::test]
async fn a_changed_credential_ends_the_tokens_made_from_it() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let robot = app.robot(&scene.carol, "acme", "deploy").await;
    scene.carol.grant("acme/web", "acme+deploy", "read").await;
    let old = Oci::with_token(&app, &robot.oci().token(&["repository:acme/web:pull"]).await);
    once(&old, MANIFEST).await.is(200);
    app.clock.advance(std::time::Duration::from_millis(1));

    let none = serde_json::json!({});
    let renewed = scene.carol.post("/api/v1/organization/acme/robots/deploy/regenerate", none).await.is(200).json();

    let ended = once(&old, MANIFEST).await.refused(401, "UNAUTHORIZED");
    assert!(ended.text().contains("sign in again"), "{}", ended.text());
    robot.oci().token_answer(&[]).await.is(401);
    Oci::new(&app, "acme+deploy", renewed["token"].as_str().unwrap()).get(MANIFEST).await.is(200);
}
