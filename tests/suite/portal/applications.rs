//! The tab "OAuth applications".

use std::time::Duration;

use domain::access::Standing;

use crate::support::{Browser, Page, TestApp};

const TAB: &str = "/organization/acme?tab=applications";

async fn make<'b>(browser: &'b Browser, name: &str) -> Page<'b> {
    let form = browser.open(&format!("{TAB}&dialog=create")).await.is(200).form("application");
    form.fill("name", name).fill("application_uri", "https://app.example.com").submit().await.is(200)
}

fn client(page: &Page<'_>) -> String {
    let (_, rest) = page.path.split_once("client=").unwrap();
    rest.split('&').next().unwrap().to_string()
}

fn view(client: &str, view: &str) -> String {
    format!("{TAB}&dialog=manage&client={client}&view={view}")
}

#[actix_web::test]
async fn an_application_is_made_described_and_deleted() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;

    let made = make(&owner, "Dash <b>board</b>").await.says("OAuth application Dash <b>board</b> created");
    let client = client(&made);
    assert!(!made.has("#applications b") && made.text().contains(&client));
    let settings = owner.open(&view(&client, "settings")).await.is(200);
    let refused = settings.form("application").fill("redirect_uri", "javascript:alert(1)").submit().await.is(422);
    assert!(refused.has("#redirect_uri[aria-invalid]"));
    refused.form("application").fill("redirect_uri", "").fill("name", "Dashboard").submit().await.is(200);
    let asked = owner.open(&format!("{TAB}&dialog=delete&client={client}")).await.is(200).says("Delete OAuth");
    asked.form("delete-application").submit().await.is(200).says("There are no OAuth applications yet");

    owner.get(&view(&client, "settings")).await.is(404);
}

#[actix_web::test]
async fn the_secret_is_shown_to_admins_who_ask_and_can_be_reset() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let auditor = Browser::of(&app, &auditor).await;
    let made = make(&owner, "Dashboard").await;
    let client = client(&made);
    assert!(!made.has("code.secret"));

    let secret_on = |page: &Page<'_>| page.attribute("button[aria-label='Copy client secret']", "data-copy").unwrap();
    let old = secret_on(&made.follow("a[href*='secret=shown']").await.is(200));
    let asked = owner.open(&format!("{}&secret=reset", view(&client, "information"))).await.is(200);
    let reset = asked.form("reset-secret").submit().await.is(200).says("has a new client secret");
    assert_ne!(secret_on(&reset.follow("a[href*='secret=shown']").await), old);
    for query in ["", "&secret=shown", "&secret=reset"] {
        let page = auditor.open(&format!("{}{query}", view(&client, "information"))).await.is(200);
        let page = page.says("shown to admins only");
        assert!(!page.has("code.secret") && !page.has_form("reset-secret"));
    }
}

#[actix_web::test]
async fn a_generated_token_is_shown_once_works_and_is_revoked() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let client = client(&make(&owner, "Dashboard").await);

    let form = owner.open(&view(&client, "generate")).await.is(200).form("generate-token");
    let nothing = form.fill("name", "").submit().await.is(422);
    assert!(nothing.has("[role=alert] a[href='#scope']") && nothing.has("#name[aria-invalid]"));
    assert!(!nothing.has("input[value='super:user']"), "only superusers are offered what is theirs");
    let form = nothing.form("generate-token").fill("name", "Wall <i>screen").tick("scope", "user:read");
    let generated = form.fill("days", "30").submit().await.is(200).says("Token Wall <i>screen generated");
    let token = generated.attribute("button[aria-label='Copy token']", "data-copy").unwrap();
    app.bearer(&token).get("/api/v1/user/").await.is(200);

    let list = owner.open(&view(&client, "tokens")).await.is(200).says("Wall <i>screen").does_not_say(&token);
    let asked = list.follow("a[href*='&token=']").await.is(200).says("stops working at once");
    asked.form("revoke-token").submit().await.is(200).says("No tokens of this application are good");
    app.bearer(&token).get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn tokens_are_generated_only_with_a_password_given_lately() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let client = client(&make(&owner, "Dashboard").await);
    let form = owner.open(&view(&client, "generate")).await.is(200).form("generate-token");

    app.clock.advance(Duration::from_secs(11 * 60));

    let asked = owner.get(&view(&client, "generate")).await.is(303);
    assert!(asked.header("location").starts_with("/signin/confirm?next="));
    let proof = form.value("_csrf_token").unwrap().to_string();
    let fields = [("_csrf_token", proof.as_str()), ("name", "x"), ("scope", "user:read"), ("days", "30")];
    let path = format!("/organization/acme/applications/{client}/tokens");
    assert!(owner.submit(&path, &fields).await.is(303).header("location").starts_with("/signin/confirm"));
    owner.open(&view(&client, "tokens")).await.is(200).says("No tokens");
}

#[actix_web::test]
async fn nobody_gives_a_token_what_only_superusers_have() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let client = client(&make(&owner, "Dashboard").await);
    let form = owner.open(&view(&client, "generate")).await.is(200).form("generate-token").fill("name", "x");

    let refused = form.tick("scope", "super:user").submit().await.is(422);

    refused.says("Only superusers");
    owner.open(&view(&client, "tokens")).await.is(200).says("No tokens");
}

#[actix_web::test]
async fn applications_of_another_organization_are_not_there() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let other = app.organization("other").await;
    let new = serde_json::json!({ "name": "Theirs" });
    let made = other.post("/api/v1/organization/other/applications", new).await.is(200).json();
    let theirs = made["client_id"].as_str().unwrap();
    let proof = make(&owner, "Ours").await.attribute("input[name=_csrf_token]", "value").unwrap();

    for view_of in ["settings", "information", "generate", "tokens"] {
        owner.get(&view(theirs, view_of)).await.is(404);
    }
    owner.get(&format!("{TAB}&dialog=delete&client={theirs}")).await.is(404);
    for what in ["details", "secret", "deletion", "tokens", "tokens/none/revocation"] {
        let path = format!("/organization/acme/applications/{theirs}/{what}");
        let fields = [("_csrf_token", proof.as_str()), ("name", "Stolen"), ("scope", "user:read"), ("days", "30")];
        owner.submit(&path, &fields).await.is(404);
    }
    owner.get("/organization/other?tab=applications").await.is(404);

    let kept = other.get(&format!("/api/v1/organization/other/applications/{theirs}")).await.is(200).json();
    assert_eq!((&kept["name"], &kept["client_secret"]), (&made["name"], &made["client_secret"]));
}
