//! Forms as nobody means them: sent twice at once, sent after what allowed them is over, about what belongs to others.

use domain::access::{Standing, TeamRole};
use serde_json::{Value, json};

use crate::support::{Actor, Answer, Browser, Image, PRIVATE, TestApp};

/// What is sent where.
type Form<'a> = (String, Vec<(&'a str, &'a str)>);

/// `acme` with one of everything that has a name, and its owner.
async fn acme(app: &TestApp) -> Actor {
    let owner = app.organization("acme").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", PRIVATE).await;
    app.user("dave").await;
    owner
}

/// What an organization's owner sees of it through the API, but for what was looked at.
async fn content(owner: &Actor, organization: &str) -> Vec<Value> {
    let mut seen = Vec::new();
    for part in ["", "/robots", "/prototypes", "/applications", "/members", "/team/owners/members"] {
        seen.push(owner.get(&format!("/api/v1/organization/{organization}{part}")).await.is(200).json());
    }
    seen.push(owner.get(&format!("/api/v1/repository?namespace={organization}")).await.is(200).json());
    seen
}

/// A page that says no, and no redirect to something made.
#[track_caller]
fn is_refusal(answer: &Answer, statuses: &[u16]) {
    assert!(statuses.contains(&answer.status), "{}", answer.shown());
    assert!(answer.maybe_header("location").is_none(), "{}", answer.shown());
    assert!(answer.header("content-type").starts_with("text/html"), "{}", answer.shown());
}

/// Who sends a form, where, with which fields, and what then happened.
type Sent<'a> = (&'a Browser, &'a str, &'a [(&'a str, &'a str)], &'a str);

#[actix_web::test]
async fn a_form_that_is_sent_twice_at_once_makes_one_thing() {
    let app = TestApp::with(&[("accounts.registration", "true")]).await;
    let owner = acme(&app).await;
    let (browser, olivia) = (Browser::of(&app, &owner).await, Browser::of(&app, &app.admin()).await);
    let newcomer = Browser::new(&app);
    newcomer.visit().await;
    let password = [("password", "long enough"), ("repeat", "long enough")];
    let account = [&[("name", "fresh"), ("email", "fresh@example.com")][..], &password[..]].concat();
    let forms: [Sent<'_>; 6] = [
        (&browser, "/organization", &[("name", "twice")], "org_create"),
        (&browser, "/repository", &[("namespace", "acme"), ("name", "api"), ("visibility", "private")], "create_repo"),
        (&browser, "/organization/acme/teams", &[("name", "dev"), ("role", "member")], "org_create_team"),
        (&browser, "/organization/acme/robots", &[("name", "cd")], "create_robot"),
        (&olivia, "/administration/users", &[("name", "newer"), ("email", "newer@example.com")], "user_create"),
        (&newcomer, "/createaccount", &account, "user_create"),
    ];

    for (who, path, fields, kind) in forms {
        let before = app.happened(&[kind]).await.len();

        let (one, other) = tokio::join!(who.submit_meant(path, fields), who.submit_meant(path, fields));

        let (made, refused) = if one.status == 422 { (&other, &one) } else { (&one, &other) };
        assert!(matches!(made.status, 200 | 303), "{path}: {}", made.shown());
        is_refusal(refused, &[422]);
        assert!(refused.text().contains("aria-invalid=\"true\""), "{path} names the field: {}", refused.shown());
        assert_eq!(app.happened(&[kind]).await.len(), before + 1, "{path}");
    }
}

#[actix_web::test]
async fn what_is_set_twice_at_once_is_there_once() {
    let app = TestApp::start().await;
    let owner = acme(&app).await;
    let browser = Browser::of(&app, &owner).await;
    let image = Image::new("web");
    app.oci(&owner).push("acme/web", "v1", &image).await.is(201);
    let digest = image.digest();
    let grant = [("who", "dave"), ("who_kind", "user"), ("role", "read")];
    let added = [("tag", "v1"), ("digest", digest.as_str()), ("name", "v2")];
    let forms: [(&str, &[(&str, &str)]); 4] = [
        ("/organization/acme/teams/ops/members", &[("member", "dave")]),
        ("/repository/acme/web/-/permissions", &grant),
        ("/repository/acme/web/-/star", &[("starred", "yes")]),
        ("/repository/acme/web/-/tags/addition", &added),
    ];

    for (path, fields) in forms {
        let (one, other) = tokio::join!(browser.submit_meant(path, fields), browser.submit_meant(path, fields));
        for answer in [&one, &other] {
            assert!(matches!(answer.status, 303 | 422), "{path}: {}", answer.shown());
        }
        assert!(one.status == 303 || other.status == 303, "{path}: {}", one.shown());
    }

    let members = owner.get("/api/v1/organization/acme/team/ops/members").await.is(200).json();
    assert_eq!(members["members"].as_array().unwrap().len(), 1);
    let granted = owner.get("/api/v1/repository/acme/web/permissions/user/").await.is(200).json();
    assert_eq!(granted["permissions"]["dave"]["role"], "read");
    let stars = owner.get("/api/v1/user/starred").await.is(200).json();
    assert_eq!(stars["repositories"].as_array().unwrap().len(), 1);
    let tags = owner.get("/api/v1/repository/acme/web/tag/?onlyActiveTags=true").await.is(200).json();
    assert_eq!(tags["tags"].as_array().unwrap().len(), 2);
}

/// Every form of an organization and of a repository in it, as an admin's browser has them open.
fn forms_of_admins(client: &str) -> Vec<Form<'_>> {
    let organization = |part: &str| format!("/organization/acme/{part}");
    let repository = |part: &str| format!("/repository/acme/web/-/{part}");
    let application = |part: &str| format!("/organization/acme/applications/{client}/{part}");
    vec![
        ("/repository".to_string(), vec![("namespace", "acme"), ("name", "mine"), ("visibility", "public")]),
        (organization("repositories/visibility"), vec![("repository", "web"), ("visibility", "public")]),
        (organization("repositories/deletion"), vec![("repository", "web"), ("confirm", "acme/web")]),
        (organization("settings"), vec![("email", "mine@example.com"), ("tag_expiration_s", "0")]),
        (organization("deletion"), vec![("confirm", "acme")]),
        (organization("members/dave/removal"), vec![]),
        (organization("teams"), vec![("name", "mine"), ("role", "admin")]),
        (organization("teams/ops/role"), vec![("role", "admin")]),
        (organization("teams/ops/members"), vec![("member", "carol")]),
        (organization("teams/ops/permissions"), vec![("repository", "web"), ("role", "admin")]),
        (organization("teams/ops/deletion"), vec![]),
        (organization("robots"), vec![("name", "mine")]),
        (organization("robots/ci/description"), vec![("description", "mine")]),
        (organization("robots/ci/token"), vec![]),
        (organization("robots/ci/permissions"), vec![("repository", "web"), ("role", "admin")]),
        (organization("robots/ci/deletion"), vec![]),
        (
            organization("default-permissions"),
            vec![("creator_kind", "anyone"), ("grantee_kind", "user"), ("grantee", "carol"), ("role", "admin")],
        ),
        (organization("applications"), vec![("name", "mine")]),
        (application("details"), vec![("name", "mine")]),
        (application("secret"), vec![]),
        (application("tokens"), vec![("name", "mine"), ("scope", "repo:admin"), ("days", "30")]),
        (application("deletion"), vec![]),
        (repository("description"), vec![("description", "mine")]),
        (repository("permissions"), vec![("who", "carol"), ("who_kind", "user"), ("role", "admin")]),
        (repository("visibility"), vec![("value", "public")]),
        (repository("state"), vec![("value", "read-only")]),
        (repository("tags/deletion"), vec![("tag", "v1")]),
        (repository("deletion"), vec![("confirm", "acme/web")]),
    ]
}

#[actix_web::test]
async fn forms_that_were_open_when_the_permission_ended_change_nothing() {
    let app = TestApp::start().await;
    let owner = acme(&app).await;
    let carol = app.user("carol").await;
    app.join("acme", "owners", &carol).await;
    app.oci(&owner).push("acme/web", "v1", &Image::new("web")).await.is(201);
    let new = json!({ "name": "Dashboard" });
    let made = owner.post("/api/v1/organization/acme/applications", new).await.is(200).json();
    let browser = Browser::of(&app, &carol).await;
    for path in ["/organization/acme?tab=settings", "/repository/acme/web?tab=settings"] {
        assert!(browser.open(path).await.is(200).has("main form"), "{path}");
    }

    owner.delete("/api/v1/organization/acme/team/owners/members/carol").await.is(204);

    let before = content(&owner, "acme").await;
    for (path, fields) in forms_of_admins(made["client_id"].as_str().unwrap()) {
        is_refusal(&browser.submit_meant(&path, &fields).await, &[403, 404]);
    }
    assert_eq!(content(&owner, "acme").await, before);
    let granted = owner.get("/api/v1/repository/acme/web/permissions/user/").await.is(200).json();
    assert!(granted["permissions"].get("carol").is_none(), "{granted}");
}

#[actix_web::test]
async fn a_superuser_no_longer_and_a_user_no_longer_change_nothing() {
    let app = TestApp::start().await;
    let owner = acme(&app).await;
    let paul = app.user_with("paul", Standing::Superuser).await;
    let (browser, disabled) = (Browser::of(&app, &paul).await, Browser::of(&app, &owner).await);
    browser.open("/administration/users?dialog=create").await.is(200);
    let olivia = Browser::of(&app, &app.admin()).await;

    olivia.submit_meant("/administration/users/paul/plain", &[]).await.is(303);
    app.set_enabled(&owner, false).await;

    for (path, fields) in [
        ("/administration/users", vec![("name", "mine")]),
        ("/administration/users/dave/superuser", vec![]),
        ("/administration/users/dave/deletion", vec![("value", "dave")]),
        ("/administration/organizations/acme/ownership", vec![]),
        ("/administration/messages", vec![("content", "mine"), ("format", "text/plain"), ("severity", "info")]),
    ] {
        is_refusal(&browser.submit_meant(path, &fields).await, &[404]);
    }
    let sent = disabled.submit_meant("/organization/acme/teams", &[("name", "mine"), ("role", "admin")]).await;
    assert!(sent.status == 403 || sent.header("location").starts_with("/signin"), "{}", sent.shown());
    let happened = app.happened(&["user_create", "org_create_team", "take_ownership"]).await;
    assert!(happened.iter().all(|event| !event.details().to_string().contains("mine")));
    olivia.open("/administration/users").await.is(200).says("dave").does_not_say("mine");
    assert_eq!(app.admin().get("/api/v1/messages").await.is(200).json()["messages"], json!([]));
}

#[actix_web::test]
async fn ids_of_another_organization_are_not_found_in_ones_own() {
    let app = TestApp::start().await;
    let owner = acme(&app).await;
    let other = app.organization("other").await;
    app.team("other", "theirs", TeamRole::Member).await;
    app.robot("other", "theirs").await;
    app.repository("other/theirs", PRIVATE).await;
    let rule = json!({ "role": "read", "delegate": { "name": "other-owner", "kind": "user" } });
    let rule = other.post("/api/v1/organization/other/prototypes", rule).await.is(200).json();
    let application = async |who: &Actor, organization: &str| {
        let path = format!("/api/v1/organization/{organization}/applications");
        let made = who.post(&path, json!({ "name": "An application" })).await.is(200).json();
        made["client_id"].as_str().unwrap().to_string()
    };
    let (ours, theirs) = (application(&owner, "acme").await, application(&other, "other").await);
    let token = token_of(&Browser::of(&app, &other).await, "other", &theirs).await;
    let browser = Browser::of(&app, &owner).await;
    let before = content(&other, "other").await;
    let rule = rule["id"].as_str().unwrap();

    for path in [
        "teams/theirs/role".to_string(),
        "teams/theirs/description".to_string(),
        "teams/theirs/members".to_string(),
        "teams/theirs/members/removal".to_string(),
        "teams/theirs/permissions".to_string(),
        "teams/theirs/deletion".to_string(),
        "robots/theirs/description".to_string(),
        "robots/theirs/token".to_string(),
        "robots/theirs/permissions".to_string(),
        "robots/theirs/federation".to_string(),
        "robots/theirs/deletion".to_string(),
        format!("default-permissions/{rule}/role"),
        format!("default-permissions/{rule}/deletion"),
        format!("applications/{theirs}/details"),
        format!("applications/{theirs}/secret"),
        format!("applications/{theirs}/tokens"),
        format!("applications/{theirs}/deletion"),
        format!("applications/{theirs}/tokens/{token}/revocation"),
        format!("applications/{ours}/tokens/{token}/revocation"),
    ] {
        let fields = [
            ("role", "admin"),
            ("description", "mine"),
            ("member", "acme-owner"),
            ("repository", "web"),
            ("name", "mine"),
            ("scope", "repo:admin"),
            ("days", "30"),
        ];
        is_refusal(&browser.submit_meant(&format!("/organization/acme/{path}"), &fields).await, &[404]);
    }
    assert_eq!(content(&other, "other").await, before);
    let listed = format!("/organization/other?tab=applications&dialog=manage&client={theirs}&view=tokens");
    Browser::of(&app, &other).await.open(&listed).await.is(200).says("Their token");
}

/// Generates a token of an application; answers its id, which is in the address of the question before it is revoked.
async fn token_of(browser: &Browser, organization: &str, client: &str) -> String {
    let view =
        |view: &str| format!("/organization/{organization}?tab=applications&dialog=manage&client={client}&view={view}");
    let form = browser.open(&view("generate")).await.is(200).form("generate-token").fill("name", "Their token");
    form.tick("scope", "user:read").fill("days", "30").submit().await.is(200);
    let asked = browser.open(&view("tokens")).await.is(200).attribute("a[href*='&token=']", "href").unwrap();
    asked.split("&token=").nth(1).unwrap().to_string()
}

#[actix_web::test]
async fn ids_of_another_account_are_not_found_in_ones_own() {
    let app = TestApp::with(&[("access.require_team_invitation", "true")]).await;
    let owner = acme(&app).await;
    let dave = app.actor("dave", crate::support::PASSWORD);
    owner.put("/api/v1/organization/acme/team/ops/members/dave", json!({})).await.is(200);
    let waiting = dave.get("/api/v1/user/invitations").await.is(200).json();
    let code = waiting["invitations"][0]["code"].as_str().unwrap();
    let application = dave.post("/api/v1/user/apptoken", json!({ "title": "laptop" })).await.is(200).json();
    let personal = json!({ "name": "script", "scopes": ["user:read"] });
    let personal = dave.post("/api/v1/user/tokens", personal).await.is(200).json();
    let (first, second) = (Browser::of(&app, &dave).await, Browser::of(&app, &dave).await);
    let session = first.open("/account?tab=sessions").await.attribute("#sessions tbody form", "action").unwrap();
    let grant = grant_of(&app, &owner, &first, &dave).await;
    let mallory = Browser::of(&app, &app.user("mallory").await).await;
    let uuid = |made: &Value| made["token"]["uuid"].as_str().unwrap().to_string();

    for path in [
        session,
        format!("/account/tokens/application/{}/removal", uuid(&application)),
        format!("/account/tokens/personal/{}/removal", uuid(&personal)),
        format!("/account/applications/{grant}/removal"),
        format!("/invitation/{code}"),
    ] {
        is_refusal(&mallory.submit_meant(&path, &[("answer", "accept")]).await, &[404]);
    }

    for browser in [&first, &second] {
        browser.get("/api/v1/user/").await.is(200);
    }
    assert_eq!(dave.get("/api/v1/user/invitations").await.json(), waiting);
    for (path, list) in
        [("user/apptoken", "tokens"), ("user/tokens", "tokens"), ("user/authorizations", "authorizations")]
    {
        let kept = dave.get(&format!("/api/v1/{path}")).await.is(200).json();
        assert_eq!(kept[list].as_array().unwrap().len(), 1, "{path}");
    }
    mallory.open("/organization/acme").await.is(404);
}

/// Lets an application of acme act for a user; answers the id of what it was given.
async fn grant_of(app: &TestApp, owner: &Actor, browser: &Browser, who: &Actor) -> String {
    let new = json!({ "name": "tool", "redirect_uri": "http://localhost:8000/cb" });
    let made = owner.post("/api/v1/organization/acme/applications", new).await.is(200).json();
    let asked = [
        ("response_type", "token"),
        ("client_id", made["client_id"].as_str().unwrap()),
        ("redirect_uri", "http://localhost:8000/cb"),
        ("scope", "user:read"),
    ];
    assert!(app.session_of(browser).await.is_some());
    browser.submit_meant("/oauth/authorizeapp", &asked).await.is(302);
    let given = who.get("/api/v1/user/authorizations").await.is(200).json();
    given["authorizations"][0]["uuid"].as_str().unwrap().to_string()
}
