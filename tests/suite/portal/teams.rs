//! Teams and membership: the tab of an organization, and the page of a team.

use domain::access::TeamRole;
use serde_json::json;

use crate::support::{Browser, PRIVATE, Page, TestApp, as_many};

const TEAMS: &str = "/organization/acme?tab=teams";
const MEMBERS: &str = "/organization/acme?tab=teams&view=members";
const ROWS: &str = "#teams tbody tr";

async fn acme() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    (app, browser)
}

/// The role that the list offers to change for a team.
fn role_of(page: &Page<'_>, team: &str) -> Option<String> {
    page.form(&format!("/organization/acme/teams/{team}/role")).value("role").map(str::to_string)
}

#[actix_web::test]
async fn a_team_is_created_and_gets_members_and_permissions() {
    let (app, browser) = acme().await;
    app.user("carol").await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", PRIVATE).await;

    let dialog = browser.open(TEAMS).await.is(200).follow(".actions a").await.is(200);
    let refused = dialog.form("create-team").fill("name", "Ops <b>").submit().await.is(422);
    assert!(refused.has("#name[aria-invalid]") && refused.has("[role=alert] a[href='#name']"));
    let form = refused.form("create-team").fill("name", "ops").fill("description", "Runs <i>it</i>");
    let team = form.fill("role", "creator").submit().await.is(200).says("Team ops created").says("Runs <i>it</i>");
    assert!(!team.has("i"), "the description is text");
    let again = browser.open("/organization/acme?tab=teams&dialog=create-team").await.form("create-team");
    again.fill("name", "ops").submit().await.is(422).says("already exists");

    let members = "/organization/acme/teams/ops/members";
    let unknown = team.form(members).fill("member", "nobody-here").submit().await.is(422);
    let unknown = unknown.says("There is no user of this name");
    assert_eq!(unknown.form(members).value("member"), Some("nobody-here"));
    unknown.form(members).fill("member", "other+robot").submit().await.is(422);
    let page = unknown.form(members).fill("member", "carol").submit().await.is(200);
    let page = page.says("carol is now in team ops");
    let page = page.form(members).fill("member", "acme+ci").submit().await.is(200).says("Robot account");
    assert_eq!(page.count("#members tbody tr"), 2);

    let permissions = page.form("add-permission").fill("repository", "nothing").submit().await.is(422);
    assert!(permissions.has("#repository[aria-invalid]"), "{}", permissions.text());
    let form = permissions.form("add-permission").fill("repository", "acme/web").fill("role", "write");
    let granted = form.submit().await.is(200).says("Team ops has its permission on web");
    assert_eq!(granted.count("#permissions tbody tr"), 1);
    let list = browser.open(TEAMS).await.is(200);
    assert_eq!(role_of(&list, "ops").as_deref(), Some("creator"));

    let remove = granted.follow("a[href$='member=acme%2Bci']").await.is(200).says("Remove acme+ci from team ops?");
    remove.form("remove-from-team").submit().await.is(200).says("acme+ci is not in team ops any more");
    let delete = browser.open(TEAMS).await.follow("a.danger[href$='team=ops']").await.is(200);
    let delete = delete.says("1 member loses").says("Its permission on 1 repository is lost");
    delete.form("delete-team").submit().await.is(200).says("Team ops deleted");
    browser.open("/organization/acme/teams/ops").await.is(404);
    browser.open("/organization/acme/teams/owners?after=x&after=y").await.is(200);
}

#[actix_web::test]
async fn the_last_owner_stays() {
    let (_app, browser) = acme().await;

    let page = browser.open("/organization/acme/teams/owners?dialog=remove-member&member=acme-owner").await.is(200);
    page.form("remove-from-team").submit().await.is(200).says("would be left without an admin");
    let page = browser.open(&format!("{MEMBERS}&dialog=remove-member&member=acme-owner")).await.is(200);
    let page = page.says("Membership in team owners is lost");
    page.form("remove-member").submit().await.is(200).says("would be left without an admin");
    let list = browser.open(TEAMS).await.is(200);
    let role = list.form("/organization/acme/teams/owners/role").fill("role", "member");
    let list = role.submit().await.is(200).says("needs at least one admin team");
    assert_eq!(role_of(&list, "owners").as_deref(), Some("admin"));
    let delete = browser.open("/organization/acme?tab=teams&dialog=delete-team&team=owners").await.is(200);
    delete.form("delete-team").submit().await.is(200).says("needs at least one admin team");
}

#[actix_web::test]
async fn whoever_leaves_arrives_where_they_may_be() {
    let (app, browser) = acme().await;
    let carol = app.user("carol").await;
    app.join("acme", "owners", &carol).await;

    let page = browser.open(&format!("{MEMBERS}&dialog=remove-member&member=acme-owner")).await.is(200);
    let page = page.form("remove-member").submit().await.is(200);

    assert_eq!(page.path, "/organization");
    page.says("acme-owner does not belong to acme any more");
    browser.open(TEAMS).await.is(404);
}

#[actix_web::test]
async fn teams_of_others_are_not_there() {
    let (app, browser) = acme().await;
    app.organization("other").await;
    app.team("other", "ops", TeamRole::Member).await;
    app.repository("other/web", PRIVATE).await;
    app.team("acme", "dev", TeamRole::Member).await;

    browser.open("/organization/acme/teams/ops").await.is(404);
    browser.open("/organization/acme?tab=teams&dialog=delete-team&team=ops").await.is(404);
    browser.visit().await;
    let theirs = "/organization/acme/teams/ops";
    browser.submit_meant(&format!("{theirs}/role"), &[("role", "admin")]).await.is(404);
    browser.submit_meant(&format!("{theirs}/description"), &[("description", "x")]).await.is(404);
    browser.submit_meant(&format!("{theirs}/deletion"), &[]).await.is(404);
    browser.submit_meant(&format!("{theirs}/members"), &[("member", "acme-owner")]).await.is(404);
    for path in ["", "/role", "/deletion", "/members", "/members/removal", "/permissions"] {
        let fields = [("role", "admin"), ("member", "acme-owner"), ("repository", "web"), ("description", "x")];
        let status = match path {
            "" => browser.get("/organization/other/teams/ops").await.status,
            _ => browser.submit_meant(&format!("/organization/other/teams/ops{path}"), &fields).await.status,
        };
        assert_eq!(status, 403, "{path}");
    }
    let borrowed = [("repository", "../other/web"), ("role", "admin")];
    browser.submit_meant("/organization/acme/teams/dev/permissions", &borrowed).await.is(422);
    // Nothing of it happened.
    let team = app.admin().get("/api/v1/organization/other/team/ops/members").await.is(200).json();
    assert_eq!(team["members"], json!([]));
}

#[actix_web::test]
async fn forms_of_who_is_no_admin_any_more_change_nothing() {
    let (app, owner) = acme().await;
    app.team("acme", "ops", TeamRole::Member).await;
    let carol = app.user("carol").await;
    app.join("acme", "owners", &carol).await;
    app.join("acme", "ops", &carol).await;
    let browser = Browser::of(&app, &carol).await;
    let list = browser.open(TEAMS).await.is(200);
    let page = browser.open("/organization/acme/teams/ops?dialog=describe").await.is(200);

    let question = owner.open("/organization/acme/teams/owners?dialog=remove-member&member=carol").await;
    question.form("remove-from-team").submit().await.is(200);

    list.form("/organization/acme/teams/ops/role").fill("role", "admin").submit().await.is(403);
    page.form("describe-team").fill("description", "mine").submit().await.is(403);
    page.form("add-member").fill("member", "carol").submit().await.is(403);
    let left = browser.open(TEAMS).await.is(200).says("ops");
    assert!(!left.has("select[name=role]") && !left.has(".actions a") && !left.has("nav.pills"));
    assert!(
        left.has("a[href='/organization/acme/teams/ops']") && !left.has("a[href='/organization/acme/teams/owners']")
    );
    let team = browser.open("/organization/acme/teams/ops").await.is(200).says("carol").does_not_say("mine");
    assert!(!team.has("form[action*='/teams/ops']") && !team.has("#permissions"));
    browser.open("/organization/acme/teams/owners").await.is(403);
}

#[actix_web::test]
async fn members_and_collaborators_are_listed_with_what_they_have() {
    let (app, browser) = acme().await;
    app.repository("acme/web", PRIVATE).await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    for who in [&carol, &dave] {
        app.grant("acme/web", who, "read").await;
    }

    let members = browser.open(MEMBERS).await.is(200).says("carol").does_not_say("dave");
    assert!(members.has("a.label[href='/organization/acme/teams/ops']"));
    assert_eq!(browser.open(&format!("{MEMBERS}&q=CAR")).await.count(ROWS), 1);
    let outside = browser.open("/organization/acme?tab=teams&view=collaborators").await.is(200).says("dave");
    let outside = outside.does_not_say("carol");

    let question =
        outside.follow("a[href*='remove-member&member=dave']").await.is(200).says("Permission on web is lost");
    question.form("remove-member").submit().await.is(200).says("dave does not belong to acme any more");
    let question =
        members.follow("a[href*='remove-member&member=carol']").await.is(200).says("Membership in team ops is lost");
    question.form("remove-member").submit().await.is(200);
    browser.open(MEMBERS).await.does_not_say("carol ops");
    assert_eq!(browser.open(MEMBERS).await.count(ROWS), 1);
}

#[actix_web::test]
async fn what_is_granted_to_somebody_directly_is_shown_page_by_page() {
    let (app, browser) = acme().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    for number in 0..52 {
        app.repository(&format!("acme/r{number:02}"), PRIVATE).await;
        app.grant(&format!("acme/r{number:02}"), &carol, "read").await;
    }
    app.repository("dave/elsewhere", PRIVATE).await;
    app.grant("dave/elsewhere", &carol, "admin").await;
    app.grant("acme/r07", &dave, "write").await;

    let list = browser.open("/organization/acme?tab=teams&view=collaborators").await.is(200).says("52 repositories");
    let first = list.follow("a[href*='direct&member=carol']").await.is(200).says("r00").does_not_say("elsewhere");
    assert_eq!(first.count("dialog tbody tr"), 50);
    assert!(first.has("dialog a[href='/repository/acme/r00?tab=settings']"), "who administers it may change it there");
    let second = first.follow("dialog a[rel=next]").await.is(200).says("r51").does_not_say("r07");
    assert_eq!(second.count("dialog tbody tr"), 2);
    list.follow("a[href*='direct&member=dave']").await.is(200).says("r07").says("Write");
    let direct = |member: &str| format!("/organization/acme?tab=teams&view=members&dialog=direct&member={member}");
    browser.open(&direct("olivia")).await.is(200);
    browser.open(&direct("nobody")).await.is(404);

    let dave = Browser::of(&app, &dave).await;
    assert!(!dave.open(&direct("carol")).await.has("dialog[open]"), "it is the affair of admins");
}

#[actix_web::test]
async fn a_thousand_teams_are_paged() {
    let (app, browser) = acme().await;
    let one = app.statements_for(&browser, TEAMS).await;
    app.sql(
        "INSERT INTO teams (organization_id, name, role, description, created_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
         SELECT o.id, 'team-' || (1000 + i), 'member', '', 0 FROM n, namespaces o WHERE o.name = 'acme'"
            .to_string(),
    )
    .await;
    as_many(&one, &app.statements_for(&browser, TEAMS).await);

    let mut page = browser.open(TEAMS).await.is(200);
    let mut seen = page.count(ROWS);
    while page.has("a[rel=next]") {
        page = page.follow("a[rel=next]").await.is(200);
        seen += page.count(ROWS);
    }
    assert_eq!(seen, 1001);
    assert_eq!(page.follow("a[rel=prev]").await.count(ROWS), 50);
    assert_eq!(browser.open(&format!("{TEAMS}&q=1234")).await.count(ROWS), 1);
    browser.open(&format!("{TEAMS}&q=%3Cscript%3E")).await.is(200).says("Nothing matches “<script>”");
}

#[actix_web::test]
async fn a_team_with_a_long_name_is_described() {
    let (app, browser) = acme().await;
    let name = "t".repeat(255);
    app.team("acme", &name, TeamRole::Member).await;
    let page = browser.open(&format!("/organization/acme/teams/{name}")).await.is(200);

    let dialog = page.follow("a[data-dialog][href$='dialog=describe']").await.is(200);
    let refused = dialog.form("describe-team").fill("description", &"x".repeat(1001)).submit().await.is(422);
    assert!(refused.has("#description[aria-invalid]"));
    let saved = refused.form("describe-team").fill("description", "One\r\n<script>two</script>").submit().await;

    let saved = saved.is(200).says("<script>two</script>");
    assert!(!saved.has("main script"));
    browser.open(TEAMS).await.is(200).says(&name);
}

#[actix_web::test]
async fn names_are_offered_to_admins_alone() {
    let (app, browser) = acme().await;
    app.repository("acme/web-shop", PRIVATE).await;
    let stranger = Browser::of(&app, &app.user("mallory").await).await;
    let candidates = "/organization/acme/repositories/candidates?q=shop";

    let offered = browser.get(candidates).await.is(200).text();
    assert!(offered.contains("data-value=\"web-shop\"") && offered.contains("role=\"option\""), "{offered}");
    stranger.get(candidates).await.is(403);
    assert_eq!(browser.get("/organization/acme/repositories/candidates?q=zzz").await.is(200).text().trim(), "");
}

#[actix_web::test]
async fn whoever_is_invited_answers_on_a_page() {
    let app = TestApp::with(&[("access.require_team_invitation", "true")]).await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.team("acme", "ops", TeamRole::Member).await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    for name in ["carol", "dave"] {
        let page = owner.open("/organization/acme/teams/ops").await.is(200);
        let page = page.form("add-member").fill("member", name).submit().await.is(200).says("is invited to team ops");
        page.says("Invited");
    }
    let mine = carol.get("/api/v1/user/invitations").await.is(200).json();
    let address = format!("/invitation/{}", mine["invitations"][0]["code"].as_str().unwrap());
    let (carol, dave_browser) = (Browser::of(&app, &carol).await, Browser::of(&app, &dave).await);

    dave_browser.open(&address).await.is(404);
    carol.open("/invitation/nonsense").await.is(404);
    let page = carol.open(&address).await.is(200).says("acme-owner invites you");
    let page =
        page.form(&address).tick("answer", "accept").submit().await.is(200).says("You are now in team ops of acme");
    assert_eq!(page.path, "/organization/acme");
    carol.open(&address).await.is(404);

    let theirs = dave.get("/api/v1/user/invitations").await.is(200).json();
    let address = format!("/invitation/{}", theirs["invitations"][0]["code"].as_str().unwrap());
    let page = dave_browser.open(&address).await.is(200);
    page.form(&address).tick("answer", "decline").submit().await;
    dave_browser.open("/organization/acme?tab=teams").await.is(404);
    owner.open("/organization/acme/teams/ops").await.is(200).says("carol").does_not_say("dave");
}

#[actix_web::test]
async fn whoever_makes_somebody_an_admin_gave_their_password_lately() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.user("carol").await;
    owner.put("/api/v1/organization/acme/team/ops", json!({ "role": "member" })).await.is(200);
    let browser = Browser::of(&app, &owner).await;
    browser.visit().await;
    app.clock.advance(app.services.settings.sessions.fresh_for + std::time::Duration::from_secs(1));

    // What is refused leaves the address of the page: at that of the form there is nothing to load again.
    let refused =
        browser.submit_meant("/organization/acme/teams/ops/members", &[("member", "nobody-here")]).await.is(422);
    assert_eq!(refused.header("hx-push-url"), "false");

    let carol = [("member", "carol")];
    for (path, fields) in [("owners/members", &carol[..]), ("ops/role", &[("role", "admin")])] {
        let stale = browser.submit_meant(&format!("/organization/acme/teams/{path}"), fields).await.is(303);
        assert!(stale.header("location").starts_with("/signin/confirm?next="), "{path}: {}", stale.header("location"));
    }
    let added = browser.submit_meant("/organization/acme/teams/ops/members", &carol).await.is(303);
    assert_eq!(added.header("location"), "/organization/acme/teams/ops");

    let owners = owner.get("/api/v1/organization/acme/team/owners/members").await.is(200).json();
    assert_eq!(owners["members"].as_array().map(Vec::len), Some(1), "{owners}");
}
