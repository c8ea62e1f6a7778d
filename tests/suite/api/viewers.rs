//! What comes with a session: name, standing, preferences; and superusers who look at all sessions.

use domain::access::{Standing, TeamRole};
use domain::preferences::{self, Preferences};
use domain::session;
use domain::time::Clock;
use domain::{Error, account};
use serde_json::json;

use crate::support::{Browser, TestApp};

const USER: &str = "/api/v1/user/";

#[actix_web::test]
async fn a_session_comes_with_all_a_page_needs_of_its_user() {
    let app = TestApp::with(&[("access.require_team_invitation", "true")]).await;
    let owner = app.organization("acme").await;
    app.team("acme", "ops", TeamRole::Member).await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;

    let before = app.session_of(&browser).await.unwrap();
    assert_eq!((before.display_name.as_str(), before.standing), ("carol", Standing::Plain));
    assert_eq!((before.preferences, before.has_invitations), (Preferences::default(), false));

    carol.put(USER, json!({ "given_name": "Carol", "family_name": "Danvers" })).await.is(200);
    owner.put("/api/v1/organization/acme/team/ops/members/carol", json!({})).await.is(200);
    for wanted in [
        Preferences::parse("light", "", "", true).unwrap(),
        Preferences::parse("dark contrast", "de", "Europe/Berlin", false).unwrap(),
    ] {
        let me = app.account_of(&browser).await;
        app.change(move |tx| preferences::change(tx, &me, &wanted)).await;
        let after = app.session_of(&browser).await.unwrap();
        assert_eq!((after.preferences, after.has_invitations), (wanted, true));
        assert_eq!((after.display_name.as_str(), after.user_name.as_str()), ("Carol Danvers", "carol"));
    }
    let admin = app.session_of(&Browser::of(&app, &app.admin()).await).await.unwrap();
    assert_eq!((admin.standing, admin.preferences), (Standing::Superuser, Preferences::default()));
}

#[actix_web::test]
async fn superusers_see_all_sessions_and_end_any() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    let (hers, his) = (Browser::of(&app, &carol).await, Browser::of(&app, &dave).await);
    let admin = Browser::of(&app, &app.admin()).await;
    let (now, mut seen, mut before) = (app.clock.now(), Vec::new(), None);

    loop {
        let registry = app.registry_of(&admin).await;
        let db = &app.services.db;
        let page = db.read(move |conn| session::list_all(conn, &registry.into(), now, before, 2)).await.unwrap();
        before = page.last().map(|last| last.id);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    let names: Vec<&str> = seen.iter().map(|session| session.user_name.as_str()).collect();
    assert_eq!(names, ["olivia", "dave", "carol"]);

    for outcome in [true, false] {
        let (registry, uuid) = (app.registry_of(&admin).await, seen[2].uuid.clone());
        let ended = app.services.db.write(move |tx| session::revoke_any(tx, &registry, now, &uuid)).await;
        assert_eq!(ended.is_ok(), outcome);
        assert!(outcome || matches!(ended, Err(Error::NotFound(_))));
    }
    hers.get(USER).await.is(401);
    his.get(USER).await.is(200);
    let happened = app.happened(&["session_revoke"]).await;
    assert_eq!((happened.len(), happened[0].actor_name.as_str()), (1, "olivia"));
    assert_eq!(happened[0].details()["username"], "carol");
}

#[actix_web::test]
async fn users_delete_their_account_from_a_page() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let browser = Browser::of(&app, &carol).await;
    let (me, now) = (app.account_of(&browser).await, app.clock.now());

    app.change(move |tx| account::delete_own(tx, &me, now)).await;

    browser.get(USER).await.is(401);
    assert_eq!(app.happened(&["user_delete"]).await[0].actor_name, "carol");
}
