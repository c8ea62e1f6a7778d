//! Lists ask the database as often for fifty rows as for one.

use std::ops::Range;

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{Actor, Browser, Image, OCI_MANIFEST, PRIVATE, TestApp, as_many};

/// As many as a page shows.
const MANY: usize = 50;

/// What each of these pages asks.
async fn asked(app: &TestApp, browser: &Browser, pages: &[&str]) -> Vec<Vec<String>> {
    let mut asked = Vec::new();
    for page in pages {
        let statements = app.statements_for(browser, page).await;
        assert!(!statements.is_empty(), "what {page} lists is in the database");
        asked.push(statements);
    }
    asked
}

/// Demands that every page asked as often before there were many rows as after.
#[track_caller]
fn all_as_many(one: &[Vec<String>], many: &[Vec<String>]) {
    for (one, many) in one.iter().zip(many) {
        as_many(one, many);
    }
}

/// One of everything that an organization has, for each number.
async fn fill_organization(app: &TestApp, owner: &Actor, numbers: Range<usize>) {
    for number in numbers {
        let (team, repository) = (format!("team{number:02}"), format!("acme/web{number:02}"));
        app.team("acme", &team, TeamRole::Member).await;
        let member = app.user(&format!("member{number:02}")).await;
        app.join("acme", &team, &member).await;
        app.repository(&repository, PRIVATE).await;
        app.grant_team(&repository, &team, "read").await;
        app.grant(&repository, &app.user(&format!("outsider{number:02}")).await, "read").await;
        let robot = app.robot("acme", &format!("robot{number:02}")).await;
        app.grant(&repository, &robot, "write").await;
        let rule = json!({ "role": "read", "delegate": { "kind": "team", "name": team } });
        owner.post("/api/v1/organization/acme/prototypes", rule).await.is(200);
        let application = json!({ "name": format!("Application {number}") });
        owner.post("/api/v1/organization/acme/applications", application).await.is(200);
    }
}

#[actix_web::test]
async fn an_organization_of_many_is_asked_for_as_often_as_one_of_one() {
    let pages = [
        "/organization/acme",
        "/organization/acme?tab=teams",
        "/organization/acme?tab=teams&view=members",
        "/organization/acme?tab=teams&view=collaborators",
        "/organization/acme?tab=robots",
        "/organization/acme?tab=default-permissions",
        "/organization/acme?tab=applications",
        "/organization/acme?tab=logs",
    ];
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    fill_organization(&app, &owner, 0..1).await;
    let one = asked(&app, &browser, &pages).await;

    fill_organization(&app, &owner, 1..MANY).await;

    all_as_many(&one, &asked(&app, &browser, &pages).await);
}

#[actix_web::test]
async fn a_team_of_many_is_asked_for_as_often_as_one_of_one() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.team("acme", "crew", TeamRole::Member).await;
    let fill = async |numbers: Range<usize>| {
        for number in numbers {
            app.join("acme", "crew", &app.user(&format!("member{number}")).await).await;
            app.repository(&format!("acme/web{number}"), PRIVATE).await;
            app.grant_team(&format!("acme/web{number}"), "crew", "read").await;
        }
    };
    fill(0..1).await;
    let one = app.statements_for(&owner, "/organization/acme/teams/crew").await;

    fill(1..MANY).await;

    as_many(&one, &app.statements_for(&owner, "/organization/acme/teams/crew").await);
}

#[actix_web::test]
async fn a_repository_of_many_is_asked_for_as_often_as_one_of_one() {
    let pages = [
        "/repository/acme/web",
        "/repository/acme/web?tab=tags",
        "/repository/acme/web?tab=history",
        "/repository/acme/web?tab=logs",
        "/repository/acme/web?tab=settings",
    ];
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    let oci = app.oci(&owner);
    app.repository("acme/web", PRIVATE).await;
    let fill = async |numbers: Range<usize>| {
        for number in numbers {
            let image = Image::new(&format!("layer {number}"));
            oci.push("acme/web", &format!("1.{number}"), &image).await.is(201);
            oci.put_manifest("acme/web", &format!("moved{number}"), OCI_MANIFEST, &image.manifest).await.is(201);
            app.grant("acme/web", &app.user(&format!("reader{number}")).await, "read").await;
            app.team("acme", &format!("team{number}"), TeamRole::Member).await;
            app.grant_team("acme/web", &format!("team{number}"), "read").await;
        }
    };
    fill(0..1).await;
    let one = asked(&app, &browser, &pages).await;

    // Two tags each, on pages of 50.
    fill(1..MANY / 2).await;

    all_as_many(&one, &asked(&app, &browser, &pages).await);
}

#[actix_web::test]
async fn many_repositories_are_asked_for_as_often_as_one() {
    // The start page asks for two lists of repositories and for what ends soon: more than any other page.
    const START: usize = 12;
    let pages = ["/repository", "/search?q=web", "/search/instant?q=web", "/user/carol"];
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let image = Image::new("web");
    let fill = async |numbers: Range<usize>| {
        for number in numbers {
            app.oci(&carol).push(&format!("carol/web{number}"), "latest", &image).await.is(201);
            let star = json!({ "namespace": "carol", "repository": format!("web{number}") });
            carol.post("/api/v1/user/starred", star).await.is(201);
        }
    };
    fill(0..1).await;
    let one = asked(&app, &browser, &pages).await;
    let start = app.statements_for(&browser, "/").await.len();

    fill(1..MANY).await;

    all_as_many(&one, &asked(&app, &browser, &pages).await);
    assert_eq!(start, app.statements_for(&browser, "/").await.len());
    assert!(start < START, "{start} statements");
}

#[actix_web::test]
async fn many_organizations_of_ones_own_are_asked_for_as_often_as_one() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let fill = async |numbers: Range<usize>| {
        for number in numbers {
            carol.post("/api/v1/organization/", json!({ "name": format!("acme{number}") })).await.is(201);
        }
    };
    fill(0..1).await;
    let one = app.statements_for(&browser, "/organization").await;

    fill(1..MANY).await;

    as_many(&one, &app.statements_for(&browser, "/organization").await);
}

#[actix_web::test]
async fn a_registry_of_many_is_asked_for_as_often_as_one_of_one() {
    let pages = [
        "/administration/users",
        "/administration/organizations",
        "/administration/messages",
        "/administration/sessions",
        "/administration/logs",
        "/administration/storage",
    ];
    let app = TestApp::start().await;
    let admin = app.admin();
    let browser = Browser::of(&app, &admin).await;
    let fill = async |numbers: Range<usize>| {
        for number in numbers {
            let owner = app.organization(&format!("acme{number}")).await;
            app.repository(&format!("acme{number}/web"), PRIVATE).await;
            app.repository(&format!("{}/web", owner.name), PRIVATE).await;
        }
    };
    let say = async |numbers: Range<usize>| {
        for number in numbers {
            let content = format!("Message {number}");
            let message = json!({ "content": content, "media_type": "text/plain", "severity": "info" });
            admin.post("/api/v1/messages", json!({ "message": message })).await.is(201);
        }
    };
    fill(0..1).await;
    say(0..1).await;
    let one = asked(&app, &browser, &pages).await;

    fill(1..MANY).await;
    say(1..5).await;
    // Each costs a password's check.
    for _ in 0..5 {
        Browser::of(&app, &admin).await;
    }

    all_as_many(&one, &asked(&app, &browser, &pages).await);
}

#[actix_web::test]
async fn many_tokens_and_sessions_are_asked_for_as_often_as_one() {
    let pages = ["/account?tab=tokens", "/account?tab=sessions"];
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let fill = async |numbers: Range<usize>| {
        for number in numbers {
            let title = format!("token {number}");
            browser.post("/api/v1/user/apptoken", json!({ "title": title })).await.is(200);
            let personal = json!({ "name": title, "scopes": ["repo:read"] });
            browser.post("/api/v1/user/tokens", personal).await.is(200);
        }
    };
    fill(0..1).await;
    let one = asked(&app, &browser, &pages).await;

    fill(1..MANY).await;
    // Each costs a password's check.
    for _ in 0..5 {
        Browser::of(&app, &carol).await;
    }

    all_as_many(&one, &asked(&app, &browser, &pages).await);
}
