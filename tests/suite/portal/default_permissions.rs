//! The tab "Default permissions".

use domain::access::{Standing, TeamRole};

use crate::support::{Browser, TestApp};

const TAB: &str = "/organization/acme?tab=default-permissions";

async fn make(browser: &Browser, kind: &str, grantee: &str, role: &str) {
    let form = browser.open(&format!("{TAB}&dialog=create")).await.is(200).form("create-default-permission");
    let form = form.fill("grantee_kind", kind).fill("grantee", grantee).fill("role", role);
    form.submit().await.is(200).says(&format!("Default permission for {grantee} created"));
}

#[actix_web::test]
async fn rules_are_made_changed_and_deleted() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.team("acme", "builders", TeamRole::Member).await;
    app.robot("acme", "ci").await;

    owner.open(TAB).await.is(200).says("There are no default permissions");
    make(&owner, "team", "builders", "write").await;
    make(&owner, "user", "acme+ci", "read").await;
    let page = owner.open(TAB).await.is(200).says("Anyone in the organization").says("builders").says("acme+ci");
    assert_eq!(page.count("#default-permissions tbody tr"), 2);

    let action = page.attribute("#default-permissions tbody form", "action").unwrap();
    let changed = page.form(&action).fill("role", "admin").submit().await.is(200).says("for builders changed");
    assert!(changed.has("option[value=admin][selected]"));
    let undone = changed.form(&action);
    assert!(undone.value("role").is_some());
    let asked = changed.follow("a[href*='dialog=delete']").await.is(200).says("builders gets Admin");
    asked.form("delete-default-permission").submit().await.is(200).does_not_say("builders gets");

    assert_eq!(owner.open(TAB).await.count("#default-permissions tbody tr"), 1);
}

#[actix_web::test]
async fn names_that_nobody_has_are_mended_in_the_form() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.organization("other").await;
    app.robot("other", "ci").await;
    let form = || async { owner.open(&format!("{TAB}&dialog=create")).await.form("create-default-permission") };

    for (kind, name) in [("team", "owners<b>"), ("user", "nobody-here"), ("user", "other+ci"), ("user", "")] {
        let refused = form().await.fill("grantee_kind", kind).fill("grantee", name).submit().await.is(422);
        assert!(refused.has("#grantee[aria-invalid]"), "{kind} {name}");
        assert_eq!(refused.form("create-default-permission").value("grantee"), Some(name));
    }
    let filled = form().await.fill("grantee_kind", "user").fill("grantee", "acme-owner");
    let refused = filled.fill("creator_kind", "one").fill("creator", "other+ci").submit().await.is(422);
    assert!(refused.has("#creator[aria-invalid]"));
    assert_eq!(refused.form("create-default-permission").value("creator"), Some("other+ci"));
}

#[actix_web::test]
async fn applying_says_beforehand_what_it_does_and_afterwards_what_it_did() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.team("acme", "builders", TeamRole::Member).await;
    app.repository("acme/web", "private").await;
    app.repository("acme/api", "private").await;

    make(&owner, "team", "builders", "write").await;
    let asked = owner.open(&format!("{TAB}&dialog=apply")).await.is(200).says("Write for builders");
    let done = asked.form("apply-default-permissions").submit().await.is(200);
    let done = done.says("2 repositories were given 2 permissions");
    let again = done.follow("a[href*='dialog=apply']").await.form("apply-default-permissions").submit().await;

    again.is(200).says("All repositories had these permissions already");
}

#[actix_web::test]
async fn rules_of_another_organization_are_not_there() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    let owner = Browser::of(&app, &acme).await;
    let other = app.organization("other").await;
    let rule = serde_json::json!({ "role": "read", "delegate": { "name": "other-owner", "kind": "user" } });
    let made = other.post("/api/v1/organization/other/prototypes", rule).await.is(200).json();
    let uuid = made["id"].as_str().unwrap();
    let page = owner.open(&format!("{TAB}&dialog=create")).await.is(200);
    let proof = page.attribute("input[name=_csrf_token]", "value").unwrap();

    owner.get(&format!("{TAB}&dialog=delete&rule={uuid}")).await.is(404);
    for (what, field) in [("role", ("role", "admin")), ("deletion", ("x", "y"))] {
        let path = format!("/organization/acme/default-permissions/{uuid}/{what}");
        owner.submit(&path, &[("_csrf_token", proof.as_str()), field]).await.is(404);
    }
    owner.get("/organization/other?tab=default-permissions").await.is(404);

    let rules = other.get("/api/v1/organization/other/prototypes").await.json();
    assert_eq!(rules["prototypes"][0]["role"], "read");
}

#[actix_web::test]
async fn whoever_may_only_look_gets_no_forms() {
    let app = TestApp::start().await;
    let acme = app.organization("acme").await;
    make(&Browser::of(&app, &acme).await, "user", "acme-owner", "read").await;
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let auditor = Browser::of(&app, &auditor).await;

    for query in ["", "&dialog=create", "&dialog=apply"] {
        let page = auditor.open(&format!("{TAB}{query}")).await.is(200).says("acme-owner");
        assert!(!page.has("#default-permissions form") && !page.has("dialog"), "{query}");
    }
}

#[actix_web::test]
async fn fields_offer_names_of_the_namespace_to_its_members_only() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    app.team("acme", "carpenters", TeamRole::Member).await;
    app.robot("acme", "car").await;

    let path = "/entities?namespace=acme&kinds=team,robot,user&q=car";
    let offered = owner.open(path).await.is(200).says("carpenters").says("acme+car").says("carol");
    assert_eq!(offered.count("[role=option]"), 3);
    assert!(offered.has("[data-kind=team][data-value=carpenters]"));
    let offered = carol.open(path).await.is(200).says("carol").does_not_say("carpenters");
    assert_eq!(offered.count("[role=option]"), 1);
    assert_eq!(owner.open("/entities?namespace=acme&kinds=user&q=%25").await.is(200).count("[role=option]"), 0);
}

#[actix_web::test]
async fn admins_are_offered_to_create_what_nobody_is_called() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let carol = app.user("carol").await;
    app.team("acme", "crew", TeamRole::Member).await;
    app.join("acme", "crew", &carol).await;
    let carol = Browser::of(&app, &carol).await;
    let path = "/entities?namespace=acme&kinds=team,user,robot&new=yes&q=";

    let offered = owner.open(&format!("{path}deploy")).await.is(200).says("Create team deploy");
    assert_eq!(offered.count("[role=option] a"), 2);
    let team = offered.follow("a[href*=create-team]").await.is(200);
    assert_eq!(team.form("create-team").value("name"), Some("deploy"));
    let robot = offered.follow("a[href*=robots]").await.is(200);
    assert_eq!(robot.form("create-robot").value("name"), Some("deploy"));

    assert_eq!(owner.open(&format!("{path}crew")).await.is(200).count("[role=option] a"), 0);
    assert_eq!(owner.open(&format!("{path}%3Cb%3E")).await.is(200).count("[role=option]"), 0);
    assert_eq!(carol.open(&format!("{path}deploy")).await.is(200).count("[role=option]"), 0);
    let plain = "/entities?namespace=acme&kinds=team,user,robot&q=deploy";
    assert_eq!(owner.open(plain).await.is(200).count("[role=option]"), 0);
}
