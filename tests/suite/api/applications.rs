//! OAuth applications of organizations and the tokens their admins make for them.

use std::time::Duration;

use domain::access::{ApiScope, Standing, TeamRole};
use serde_json::{Value, json};

use crate::support::{Actor, TestApp};

const APPS: &str = "/api/v1/organization/acme/applications";

fn tool() -> Value {
    json!({
        "name": "tool", "description": "d", "redirect_uri": "http://localhost:8000/cb",
        "application_uri": "http://localhost:8000",
    })
}

async fn registered(owner: &Actor) -> (Value, String) {
    let application = owner.post(APPS, tool()).await.is(200).json();
    let path = format!("{APPS}/{}", application["client_id"].as_str().unwrap());
    (application, path)
}

#[actix_web::test]
async fn an_application_is_registered_changed_and_deleted() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;

    let (application, path) = registered(&owner).await;

    let (id, secret) = (application["client_id"].as_str().unwrap(), application["client_secret"].as_str().unwrap());
    assert_eq!((id.len(), secret.len(), &application["avatar_email"]), (20, 40, &Value::Null));
    assert_eq!(owner.get(APPS).await.is(200).json()["applications"], json!([application]));
    assert_eq!(owner.get(&path).await.is(200).json(), application);
    let mut other = tool();
    other["name"] = json!("tool2");
    let changed = owner.put(&path, other).await.is(200).json();
    assert_eq!((&changed["name"], &changed["client_secret"]), (&json!("tool2"), &application["client_secret"]));
    let reset = owner.post(&format!("{path}/resetclientsecret"), json!({})).await.is(200).json();
    assert_ne!(reset["client_secret"], application["client_secret"]);
    owner.delete(&path).await.is(204);
    owner.delete(&path).await.is(404);
    let kinds = ["create_application", "update_application", "reset_application_client_secret", "delete_application"];
    let happened = app.happened(&kinds).await;
    assert_eq!(happened.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), kinds);
    assert!(
        happened
            .iter()
            .all(|event| event.details()["client_id"] == id && !event.details().to_string().contains(secret))
    );
}

#[actix_web::test]
async fn applications_are_not_called_what_cannot_be_seen() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (_, path) = registered(&owner).await;

    for hidden in ["\u{202e}", "\u{200b}", "\u{2066}", "\u{feff}"] {
        for (field, value) in [("name", format!("tool{hidden}")), ("description", format!("{hidden}looks fine"))] {
            let mut wrong = tool();
            wrong[field] = json!(value);
            owner.post(APPS, wrong.clone()).await.is(400);
            owner.put(&path, wrong).await.is(400);
        }
    }
    let mut fine = tool();
    fine["name"] = json!("\u{646}\u{645}\u{200c}\u{627} \u{1f469}\u{200d}\u{1f4bb}");
    owner.put(&path, fine).await.is(200);
}

#[actix_web::test]
async fn anybody_may_know_what_an_application_is() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (application, _) = registered(&owner).await;
    let path = format!("/api/v1/app/{}", application["client_id"].as_str().unwrap());

    let seen = app.anonymous().get(&path).await.is(200);

    assert!(!seen.text().contains(application["client_secret"].as_str().unwrap()));
    let seen = seen.json();
    assert_eq!((&seen["name"], &seen["uri"]), (&json!("tool"), &json!("http://localhost:8000")));
    assert_eq!((&seen["organization"]["name"], &seen["organization"]["is_admin"]), (&json!("acme"), &json!(false)));
    assert_eq!(owner.get(&path).await.is(200).json()["organization"]["is_admin"], true);
    app.anonymous().get("/api/v1/app/NOSUCH").await.is(404);
}

#[actix_web::test]
async fn only_admins_of_the_organization_get_at_applications() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let member = app.user("carol").await;
    app.team("acme", "all", TeamRole::Creator).await;
    app.join("acme", "all", &member).await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::UserAdmin, ApiScope::RepositoryAdmin]).await);
    let (application, path) = registered(&owner).await;
    let secret = application["client_secret"].as_str().unwrap();
    let client = application["client_id"].as_str().unwrap();
    let token =
        owner.post(&format!("{path}/tokens"), json!({ "name": "t", "scope": "repo:read" })).await.is(200).json();
    let token_path = format!("{path}/tokens/{}", token["uuid"].as_str().unwrap());

    for (who, status) in [(&other, 403), (&member, 403), (&narrow, 403), (&app.anonymous(), 401), (&auditor, 403)] {
        who.post(APPS, tool()).await.is(status);
        who.put(&path, tool()).await.is(status);
        who.post(&format!("{path}/resetclientsecret"), json!({})).await.is(status);
        who.post(&format!("{path}/tokens"), json!({ "name": "t", "scope": "repo:read" })).await.is(status);
        who.delete(&token_path).await.is(status);
        who.delete(&path).await.is(status);
    }
    for (who, status) in [(&other, 403), (&member, 403), (&narrow, 403), (&app.anonymous(), 401)] {
        for path in [APPS, &path, &format!("{path}/tokens")] {
            assert!(!who.get(path).await.is(status).text().contains(secret));
        }
    }
    // A read-only superuser looks, without secrets.
    assert_eq!(auditor.get(APPS).await.is(200).json()["applications"][0]["client_secret"], Value::Null);
    assert_eq!(auditor.get(&path).await.is(200).json()["client_secret"], Value::Null);
    assert!(!auditor.get(&format!("{path}/tokens")).await.is(200).text().contains(token["token"].as_str().unwrap()));
    // Another organization's application is not found below one's own.
    let foreign = format!("/api/v1/organization/other/applications/{client}");
    other.get(&foreign).await.is(404);
    other.put(&foreign, tool()).await.is(404);
    other.delete(&foreign).await.is(404);
    other.post(&format!("{foreign}/resetclientsecret"), json!({})).await.is(404);
    other.get(&format!("{foreign}/tokens")).await.is(404);
    other.post(&format!("{foreign}/tokens"), json!({ "name": "t", "scope": "repo:read" })).await.is(404);
    let own = other.post("/api/v1/organization/other/applications", tool()).await.is(200).json();
    let own = format!("/api/v1/organization/other/applications/{}", own["client_id"].as_str().unwrap());
    other.delete(&format!("{own}/tokens/{}", token["uuid"].as_str().unwrap())).await.is(404);
    app.user("dave").await.get("/api/v1/organization/dave/applications").await.is(404);
    owner.get("/api/v1/organization/acme-owner/applications").await.is(404);
    owner.get(&format!("{APPS}/a%00b")).await.is(404);
    owner.get(&path).await.is(200);
}

#[actix_web::test]
async fn details_that_break_a_rule_are_refused() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (_, path) = registered(&owner).await;

    for wrong in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "x".repeat(256) }),
        json!({ "name": "a\0b" }),
        json!({ "name": "x", "redirect_uri": "javascript:alert(1)" }),
        json!({ "name": "x", "redirect_uri": "https://user@app.example/" }),
        json!({ "name": "x", "redirect_uri": "https://app.example/#a" }),
        json!({ "name": "x", "application_uri": "javascript:alert(1)" }),
        json!({ "name": "x", "avatar_email": "nomail" }),
        json!({ "name": "x", "description": "x".repeat(20_000) }),
        json!({ "name": "x", "description": "a\0b" }),
        json!({ "name": "x", "avatar_email": "a\0b@example.com" }),
    ] {
        owner.post(APPS, wrong).await.is(400);
    }
    assert_eq!(owner.post(APPS, json!({})).await.message(), "'name' is a required property");
    let refused = owner.put(&path, json!({ "name": "tool" })).await.is(400);
    assert_eq!(refused.message(), "'redirect_uri' is a required property");
    owner.post(APPS, json!({ "name": "bare" })).await.is(200);
}

#[actix_web::test]
async fn an_admin_makes_tokens_that_act_for_them() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (_, path) = registered(&owner).await;
    let tokens = format!("{path}/tokens");
    assert_eq!(owner.get(&tokens).await.is(200).json(), json!({ "tokens": [] }));

    let made = owner.post(&tokens, json!({ "name": "ci", "scope": "org:admin user:read" })).await.is(200).json();

    assert_eq!((&made["scope"], &made["created_by"]), (&json!("org:admin user:read"), &json!("acme-owner")));
    assert_eq!(made["expires_at"], "2036-01-02T00:00:00.000000Z");
    let secret = made["token"].as_str().unwrap();
    assert!(secret.len() > 40 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{secret}");
    let program = app.bearer(secret);
    program.put("/api/v1/organization/acme/robots/ci", json!({})).await.is(201);
    assert_eq!(program.get("/api/v1/user/").await.is(200).json()["username"], "acme-owner");
    let short = json!({ "name": "short", "scope": "repo:read", "expiration": 60 });
    owner.post(&tokens, short).await.is(200);
    let listed = owner.get(&tokens).await.is(200).json();
    assert_eq!((&listed["tokens"][0]["name"], &listed["tokens"][1]["name"]), (&json!("short"), &json!("ci")));
    assert_eq!(listed["tokens"][1]["last_accessed"], "2026-01-01T12:00:00.000000Z");
    assert!(listed["tokens"][1].get("token").is_none());
    owner.delete(&format!("{tokens}/{}", made["uuid"].as_str().unwrap())).await.is(204);
    program.get("/api/v1/user/").await.is(401);
    let happened = app.happened(&["create_oauth_api_token", "revoke_oauth_api_token"]).await;
    assert_eq!((happened.len(), &happened[2].details()["oauth_token_uuid"]), (3, &made["uuid"]));
}

#[actix_web::test]
async fn a_token_for_an_application_allows_no_more_than_the_one_it_was_made_with() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (_, path) = registered(&owner).await;
    let tokens = format!("{path}/tokens");
    let program = app.bearer(&app.access_token(&owner, &[ApiScope::OrganizationAdmin, ApiScope::RepositoryRead]).await);

    program.post(&tokens, json!({ "name": "t", "scope": "org:admin,repo:read" })).await.is(200);
    for scope in ["repo:write", "user:admin", "org:admin repo:create"] {
        program.post(&tokens, json!({ "name": "t", "scope": scope })).await.is(403);
    }
    owner.post(&tokens, json!({ "name": "t", "scope": "super:user" })).await.is(403);
    let refused = owner.post(&tokens, json!({ "name": "t", "scope": "bogus:scope" })).await.is(400);
    assert_eq!(refused.json()["message"], "Invalid scope: bogus:scope");
    for wrong in [
        json!({}),
        json!({ "name": "t" }),
        json!({ "name": "", "scope": "repo:read" }),
        json!({ "name": "t", "scope": "" }),
        json!({ "name": "t", "scope": "repo:read", "expiration": 0 }),
        json!({ "name": "t", "scope": "repo:read", "expiration": 999_999_999_999u64 }),
    ] {
        owner.post(&tokens, wrong).await.is(400);
    }
}

#[actix_web::test]
async fn a_token_dies_with_its_time_its_user_its_application_and_its_organization() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (_, path) = registered(&owner).await;
    let (_, second) = registered(&owner).await;
    let mint = async |path: &str, lifetime: u64| {
        let new = json!({ "name": "t", "scope": "user:read", "expiration": lifetime });
        let token = owner.post(&format!("{path}/tokens"), new).await.is(200).json();
        app.bearer(token["token"].as_str().unwrap())
    };
    let (short, long, other) = (mint(&path, 60).await, mint(&path, 100_000).await, mint(&second, 100_000).await);

    app.clock.advance(Duration::from_secs(60));
    short.get("/api/v1/user/").await.is(401);
    long.get("/api/v1/user/").await.is(200);
    app.set_enabled(&owner, false).await;
    long.get("/api/v1/user/").await.is(401);
    app.set_enabled(&owner, true).await;
    owner.delete(&path).await.is(204);
    long.get("/api/v1/user/").await.is(401);
    other.get("/api/v1/user/").await.is(200);
    app.sql("UPDATE namespaces SET deleted_at = 1 WHERE name = 'acme'".into()).await;
    other.get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn many_applications_come_in_pages() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (vault, entropy) = (app.services.vault.clone(), app.services.entropy.clone());
    let caller = std::sync::Arc::new(domain::principal::Caller {
        principal: app.principal(&owner).await,
        ..domain::principal::Caller::system("a test")
    });
    let acme = app
        .services
        .access
        .namespace::<domain::access::Admin>(&caller, "acme", ApiScope::OrganizationAdmin)
        .await
        .unwrap();
    app.change(move |tx| {
        for n in 0..101 {
            let details = domain::oauth::Details { name: format!("tool {n}"), ..Default::default() };
            domain::oauth::create(tx, &acme, (&vault, &*entropy), domain::time::Timestamp(0), &details)?;
        }
        Ok(())
    })
    .await;

    let first = owner.get(APPS).await.is(200).json();
    let next = first["next_page"].as_str().unwrap();
    let second = owner.get(&format!("{APPS}?next_page={next}")).await.is(200).json();

    assert_eq!(first["applications"].as_array().unwrap().len(), 100);
    assert_eq!((second["applications"].as_array().unwrap().len(), second.get("next_page")), (1, None));
}
