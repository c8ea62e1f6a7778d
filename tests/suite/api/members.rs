//! Members and collaborators of organizations.

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::{Value, json};

use super::happened;
use crate::support::{Actor, PRIVATE, TestApp};

const MEMBERS: &str = "/api/v1/organization/acme/members";
const COLLABORATORS: &str = "/api/v1/organization/acme/collaborators";

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
}

/// `acme` with carol in two teams and a grant of her own, and dave with a grant alone.
async fn acme() -> (TestApp, Actor, Actor, Actor) {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("other").await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.repository("acme/web", PRIVATE).await;
    app.repository("other/web", PRIVATE).await;
    for team in ["ops", "dev"] {
        app.team("acme", team, TeamRole::Member).await;
        app.join("acme", team, &carol).await;
    }
    app.grant("acme/web", &carol, "write").await;
    app.grant("acme/web", &dave, "read").await;
    app.grant("other/web", &carol, "read").await;
    (app, owner, carol, dave)
}

#[actix_web::test]
async fn members_are_in_teams_and_collaborators_are_not() {
    let (app, owner, ..) = acme().await;
    let robot = app.robot("acme", "ci").await;
    app.join("acme", "ops", &robot).await;
    app.grant("acme/web", &robot, "read").await;

    let members = owner.get(MEMBERS).await.is(200).json();
    let collaborators = owner.get(COLLABORATORS).await.is(200).json();

    assert_eq!(names(&members["members"]), ["acme-owner", "carol"]);
    let carol = &members["members"][1];
    assert_eq!((names(&carol["teams"]), &carol["repositories"]), (vec!["dev", "ops"], &json!(["web"])));
    assert_eq!((carol["kind"].as_str(), carol["avatar"]["kind"].as_str()), (Some("user"), Some("user")));
    // The superuser made the repository.
    assert_eq!(names(&collaborators["collaborators"]), ["dave", "olivia"]);
    assert_eq!(collaborators["collaborators"][0]["repositories"], json!(["web"]));
    assert_eq!(owner.get(&format!("{MEMBERS}/carol")).await.is(200).json(), *carol);
    for unknown in ["dave", "nobody", "acme+ci"] {
        owner.get(&format!("{MEMBERS}/{unknown}")).await.is(404);
    }
}

#[actix_web::test]
async fn the_lists_come_in_pages() {
    let (app, owner, ..) = acme().await;
    for extra in ["erin", "frank"] {
        let who = app.user(extra).await;
        app.join("acme", "ops", &who).await;
    }

    let first = owner.get(&format!("{MEMBERS}?limit=3")).await.is(200).json();
    let token = first["next_page"].as_str().unwrap();
    let second = owner.get(&format!("{MEMBERS}?limit=3&next_page={token}")).await.is(200).json();

    assert_eq!(names(&first["members"]), ["acme-owner", "carol", "erin"]);
    assert_eq!(names(&second["members"]), ["frank"]);
    assert!(second.get("next_page").is_none());
    owner.get(&format!("{COLLABORATORS}?next_page={token}")).await.is(400);
}

#[actix_web::test]
async fn whoever_is_removed_loses_teams_and_grants_of_this_organization_alone() {
    let (app, owner, carol, _) = acme().await;

    owner.delete(&format!("{MEMBERS}/carol")).await.is(204);

    assert_eq!(
        happened::kinds(&app, &owner, 3).await,
        ["org_remove_team_member", "org_remove_team_member", "delete_repo_permission"]
    );
    app.oci(&carol).get("/v2/acme/web/tags/list").await.is(404);
    app.oci(&carol).get("/v2/other/web/tags/list").await.is(200);
    assert_eq!(names(&owner.get(MEMBERS).await.json()["members"]), ["acme-owner"]);
    owner.delete(&format!("{MEMBERS}/carol")).await.is(204);
    owner.delete(&format!("{MEMBERS}/nobody")).await.is(404);
}

#[actix_web::test]
async fn the_last_owner_stays() {
    let (app, owner, carol, _) = acme().await;
    let path = format!("{MEMBERS}/{}", owner.name);

    let refused = owner.delete(&path).await.is(400);
    assert_eq!(refused.message(), "acme would be left without an admin; add another one first");

    app.join("acme", "owners", &carol).await;
    owner.delete(&path).await.is(204);
    owner.get(MEMBERS).await.is(403);
}

#[actix_web::test]
async fn only_admins_and_read_only_superusers_see_them() {
    let (app, owner, carol, dave) = acme().await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::RepositoryAdmin]).await);

    for path in [MEMBERS, COLLABORATORS, &format!("{MEMBERS}/carol")] {
        for who in [&carol, &dave, &narrow] {
            who.get(path).await.is(403);
        }
        app.anonymous().get(path).await.is(401);
        auditor.get(path).await.is(200);
    }
    for who in [&carol, &auditor, &narrow] {
        who.delete(&format!("{MEMBERS}/carol")).await.is(403);
    }
    owner.get("/api/v1/organization/carol/members").await.is(403);
    carol.get("/api/v1/organization/carol/members").await.is(404);
}
