//! Organizations.

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::json;

use super::happened;
use crate::support::{PRIVATE, PUBLIC, TestApp};

const PATH: &str = "/api/v1/organization/";

#[actix_web::test]
async fn whoever_makes_an_organization_owns_it() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);

    let made = carol.post(PATH, json!({ "name": "acme", "email": "acme@example.com" })).await.is(201);

    assert_eq!(made.json(), json!("Created"));
    carol.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    dave.put("/api/v1/organization/acme/robots/cd", json!({})).await.is(403);
    carol.post("/api/v1/organization", json!({ "name": "without-slash" })).await.is(201);
}

#[actix_web::test]
async fn a_name_is_given_once_to_users_and_organizations() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    carol.post(PATH, json!({ "name": "acme" })).await.is(201);

    for taken in ["acme", "carol", "olivia"] {
        let refused = carol.post(PATH, json!({ "name": taken })).await.is(400);
        assert_eq!(refused.message(), "A user or organization with this name already exists");
    }
}

#[actix_web::test]
async fn names_that_are_none_are_refused() {
    let app = TestApp::start().await;
    for wrong in ["", "a", "Acme", "ac me", "ac/me", "ac+me", "..", "a\0b", "<b>", &"a".repeat(256)] {
        let refused = app.admin().post(PATH, json!({ "name": wrong })).await.is(400);
        assert!(refused.message().contains("2 to 255 lower-case letters"), "{}", refused.shown());
    }
    app.admin().post(PATH, json!({})).await.is(400);
    app.admin().post(PATH, json!({ "name": 7 })).await.is(400);
}

#[actix_web::test]
async fn an_odd_email_is_no_fault_of_the_server() {
    let app = TestApp::start().await;

    let answer = app.admin().post(PATH, json!({ "name": "acme", "email": "a\0b" })).await;

    assert!(answer.status < 500, "{}", answer.shown());
}

#[actix_web::test]
async fn robots_read_only_superusers_and_strangers_make_none() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;

    for who in [robot, auditor] {
        who.post(PATH, json!({ "name": "newcorp" })).await.is(403);
    }
    app.anonymous().post(PATH, json!({ "name": "newcorp" })).await.is(401);
    app.admin().post(PATH, json!({ "name": "newcorp" })).await.is(201);
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::start().await;

    let answer = app.admin().post(PATH, json!({ "name": "x".repeat(300_000) })).await;

    assert!(matches!(answer.status, 400 | 413), "{}", answer.shown());
}

const ACME: &str = "/api/v1/organization/acme";

#[actix_web::test]
async fn everybody_is_shown_as_much_as_is_theirs_to_know() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    app.repository("acme/web", PRIVATE).await;
    app.grant_team("acme/web", "ops", "read").await;
    owner.put(ACME, json!({ "email": "acme@example.com" })).await.is(200);

    for stranger in [&dave, &app.anonymous()] {
        let shown = stranger.get(ACME).await.is(200).json();
        assert_eq!((shown["email"].as_str(), &shown["is_member"]), (Some(""), &json!(false)));
        assert!(shown.get("teams").is_none(), "{shown}");
    }
    let shown = carol.get(ACME).await.is(200).json();
    assert_eq!(
        (shown["email"].as_str(), &shown["is_member"], &shown["is_admin"]),
        (Some(""), &json!(true), &json!(false))
    );
    assert_eq!(shown["ordered_teams"], json!(["ops", "owners"]));
    assert_eq!(
        (&shown["teams"]["ops"]["can_view"], &shown["teams"]["owners"]["can_view"]),
        (&json!(true), &json!(false))
    );
    assert!(shown.get("tag_expiration_s").is_none());
    let shown = owner.get(ACME).await.is(200).json();
    let ops = &shown["teams"]["ops"];
    assert_eq!((&ops["member_count"], &ops["repo_count"], &ops["is_synced"]), (&json!(1), &json!(1), &json!(false)));
    assert_eq!((shown["email"].as_str(), &shown["is_admin"]), (Some("acme@example.com"), &json!(true)));
    assert_eq!((&shown["tag_expiration_s"], &shown["invoice_email"]), (&json!(1_209_600), &json!(false)));
    let shown = auditor.get(ACME).await.is(200).json();
    assert_eq!((shown["email"].as_str(), &shown["is_admin"]), (Some("acme@example.com"), &json!(false)));
    for unknown in ["none", "carol", "%20", "a%00b"] {
        owner.get(&format!("{PATH}{unknown}")).await.is(404);
    }
}

#[actix_web::test]
async fn details_are_changed_by_admins_and_written_down() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let new = json!({
        "email": "new@example.com", "contact_email": "c@example.com", "invoice_email": true,
        "invoice_email_address": "i@example.com", "tag_expiration_s": 86400, "name": "evil", "is_admin": false,
    });

    let shown = owner.put(ACME, new).await.is(200).json();

    assert_eq!(shown["name"], "acme");
    assert_eq!((&shown["invoice_email_address"], &shown["tag_expiration_s"]), (&json!("i@example.com"), &json!(86400)));
    let expected = ["org_change_email", "org_change_invoicing", "org_change_tag_expiration"];
    assert_eq!(happened::kinds(&app, &owner, 3).await, expected);
    owner.put(ACME, json!({ "email": "new@example.com" })).await.is(200);
    assert_eq!(happened::kinds(&app, &owner, 3).await, expected);
    let refused = owner.put(ACME, json!({ "tag_expiration_s": 7 })).await.is(400);
    assert_eq!(refused.message(), "Invalid tag expiration option");
    for wrong in [json!({ "email": "nomail" }), json!({ "invoice_email_address": "a b@c" }), json!({ "email": 7 })] {
        owner.put(ACME, wrong).await.is(400);
    }
    auditor.put(ACME, json!({ "email": "x@example.com" })).await.is(403);
    app.anonymous().put(ACME, json!({})).await.is(401);
    app.user("carol").await.put("/api/v1/organization/carol", json!({})).await.is(404);
}

#[actix_web::test]
async fn an_organization_is_deleted_with_everything_in_it() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let robot = app.robot("acme", "ci").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::UserAdmin]).await);

    other.delete(ACME).await.is(403);
    narrow.delete(ACME).await.is(403);
    app.anonymous().delete(ACME).await.is(401);
    owner.delete("/api/v1/organization/acme-owner").await.is(404);
    owner.delete(ACME).await.is(204);

    assert_eq!(happened::last_by(&app, &owner).await.0, "org_delete");
    owner.get(ACME).await.is(404);
    owner.delete(ACME).await.is(404);
    robot.get("/v2/").await.is(401);
    app.oci(&owner).get("/v2/acme/web/tags/list").await.is(404);
}

#[actix_web::test]
async fn private_repositories_are_always_allowed_and_counted() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("acme/site", PUBLIC).await;

    let answer = owner.get(&format!("{ACME}/private")).await.is(200).json();

    assert_eq!(answer, json!({ "privateAllowed": true, "privateCount": 1 }));
    app.user("carol").await.get(&format!("{ACME}/private")).await.is(403);
}

#[actix_web::test]
async fn many_teams_come_in_pages() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.sql(
        "INSERT INTO teams (organization_id, name, role, created_at) \
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 505) \
         SELECT o.id, 'a' || (1000 + i), 'member', 0 FROM n, namespaces o WHERE o.name = 'acme'"
            .into(),
    )
    .await;

    let first = owner.get(ACME).await.is(200).json();
    let token = first["next_page"].as_str().unwrap();
    let second = owner.get(&format!("{ACME}?next_page={token}")).await.is(200).json();

    assert_eq!(first["ordered_teams"].as_array().unwrap().len(), 500);
    assert_eq!(second["ordered_teams"], json!(["a1501", "a1502", "a1503", "a1504", "a1505", "owners"]));
}
