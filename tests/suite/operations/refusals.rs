//! Refused pulls and pushes in the usage log.

use serde_json::Value;

use crate::support::{OCI_MANIFEST, PRIVATE, TestApp};

async fn noted(app: &TestApp) -> Vec<Value> {
    app.services.refusals.flush().await.unwrap();
    let log = app.admin().get("/api/v1/superuser/logs").await.is(200).json();
    let failed = |entry: &&Value| entry["kind"].as_str().unwrap().ends_with("_repo_failed");
    log["logs"].as_array().unwrap().iter().filter(failed).cloned().collect()
}

#[actix_web::test]
async fn refusals_are_written_down_once_for_all_equal_ones() {
    let app = TestApp::with(&[("audit.failed_pulls", "true"), ("audit.failed_pushes", "true")]).await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "v1").await;
    let carol = app.user("carol").await;

    for _ in 0..3 {
        app.oci(&carol).get_manifest("acme/web", "v1").await.is(404);
    }
    app.oci(&carol).put_manifest("acme/web", "v2", OCI_MANIFEST, &image.manifest).await.is(403);
    app.oci(&carol).get_manifest("acme/nothing", "v1").await.is(404);

    let noted = noted(&app).await;
    assert_eq!(noted.len(), 2, "{noted:#?}");
    let pull = noted.iter().find(|entry| entry["kind"] == "pull_repo_failed").unwrap();
    assert_eq!((pull["times"].as_i64(), &pull["performer"]["name"]), (Some(3), &Value::from("carol")));
    assert_eq!(pull["metadata"]["tag"], "v1");
    assert!(pull["metadata"]["message"].as_str().unwrap().contains("not found"), "{pull}");
    let push = noted.iter().find(|entry| entry["kind"] == "push_repo_failed").unwrap();
    assert_eq!((&push["metadata"]["repo"], &push["metadata"]["tag"]), (&Value::from("web"), &Value::from("v2")));
}

#[actix_web::test]
async fn the_first_challenge_is_no_failure_and_nothing_is_written_unless_wanted() {
    let wanted = TestApp::with(&[("audit.failed_pulls", "true")]).await;
    wanted.repository("olivia/web", PRIVATE).await;
    wanted.anonymous().get("/v2/olivia/web/manifests/v1").await.is(401);
    assert_eq!(noted(&wanted).await, Vec::<Value>::new());

    let unwanted = TestApp::start().await;
    unwanted.repository("olivia/web", PRIVATE).await;
    let carol = unwanted.user("carol").await;
    unwanted.oci(&carol).get_manifest("olivia/web", "v1").await.is(404);
    assert_eq!(noted(&unwanted).await, Vec::<Value>::new());
}
