//! Configuration as code: what is exported here makes the same registry there.

use std::sync::Arc;

use domain::access::TeamRole;
use domain::configuration::{self, Configuration, Hand};
use domain::principal::Caller;
use serde_json::json;

use crate::support::TestApp;

async fn export(app: &TestApp) -> Configuration {
    app.services.db.read(configuration::read).await.unwrap()
}

async fn apply(app: &TestApp, should: &Configuration, prune: bool) -> Vec<String> {
    let services = &app.services;
    let hand = Hand {
        db: services.db.clone(),
        access: services.access.clone(),
        vault: services.vault.clone(),
        entropy: services.entropy.clone(),
        clock: services.clock.clone(),
        caller: Arc::new(Caller::system("configuration file")),
    };
    let changes = configuration::plan(&export(app).await, should, prune);
    for change in &changes {
        hand.carry_out(&change.action).await.unwrap_or_else(|error| panic!("{change}: {error}"));
    }
    changes.iter().map(ToString::to_string).collect()
}

/// An organization with all there is, a user with a robot account and a repository of their own.
async fn populated() -> TestApp {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.robot("acme", "ci").await;
    app.robot("carol", "laptop").await;
    app.team("acme", "readers", TeamRole::Member).await;
    app.join("acme", "readers", &dave).await;
    owner.put("/api/v1/organization/acme/team/readers/members/acme+ci", json!({})).await.is(200);
    let rule = json!({ "role": "read", "delegate": { "kind": "team", "name": "readers" } });
    owner.post("/api/v1/organization/acme/prototypes", rule).await.is(200);
    let rule = json!({ "role": "write", "activating_user": { "name": "dave" }, "delegate": { "kind": "user", "name": "acme+ci" } });
    owner.post("/api/v1/organization/acme/prototypes", rule).await.is(200);
    app.oci(&owner).push_image("acme/web", "v1").await;
    app.oci(&owner).push_image("acme/deep/er", "v1").await;
    app.oci(&carol).push_image("carol/own", "v1").await;
    owner.put("/api/v1/repository/acme/web/permissions/user/dave", json!({ "role": "write" })).await.is(200);
    owner.put("/api/v1/repository/acme/web", json!({ "description": "# Web\n: 'a \"b\" - c" })).await.is(200);
    owner.post("/api/v1/repository/acme/deep/er/changevisibility", json!({ "visibility": "public" })).await.is(200);
    owner.put("/api/v1/repository/acme/deep/er/changestate", json!({ "state": "READ_ONLY" })).await.is(200);
    app
}

#[actix_web::test]
async fn what_is_exported_makes_the_same_registry_elsewhere() {
    let (here, there) = (populated().await, TestApp::not_set_up(&[]).await);
    let document = serde_saphyr::to_string(&export(&here).await).unwrap();
    let should: Configuration = serde_saphyr::from_str(&document).unwrap();

    apply(&there, &should, false).await;

    assert_eq!(serde_saphyr::to_string(&export(&there).await).unwrap(), document);
    assert_eq!(apply(&there, &should, true).await, [] as [String; 0], "a second time changes nothing");
    assert!(!document.contains("token") && !document.contains("password"), "{document}");
}

#[actix_web::test]
async fn a_document_takes_away_what_it_does_not_grant_and_prunes_when_asked() {
    let app = populated().await;
    let mut should = export(&app).await;
    let acme = should.organizations.get_mut("acme").unwrap();
    acme.repositories.get_mut("web").unwrap().users.remove("dave");
    acme.teams.get_mut("readers").unwrap().members.remove("dave");
    acme.default_permissions.clear();
    acme.repositories.remove("deep/er");
    should.users.remove("dave");

    let kept = apply(&app, &should, false).await;
    let pruned = apply(&app, &should, true).await;

    assert_eq!(kept.len(), 4, "{kept:?}");
    assert!(kept.iter().all(|change| change.starts_with("- ")), "{kept:?}");
    assert_eq!(pruned, ["- repository acme/deep/er", "- user dave"]);
    assert_eq!(export(&app).await, should);
}
