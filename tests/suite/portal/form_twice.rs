//! Forms that are sent twice: by a second press while the first is under way, or by going back.

use std::time::Duration;

use serde_json::json;

use crate::support::{Browser, Form, TestApp};

/// What a form of each kind makes that may exist twice, and what each of it looks like in its list.
struct Kind {
    dialog: &'static str,
    form: &'static str,
    list: &'static str,
    entry: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        dialog: "/account?tab=tokens&dialog=application",
        form: "new-token",
        list: "/account?tab=tokens",
        entry: "#application-tokens tbody tr",
    },
    Kind {
        dialog: "/administration/messages?dialog=create",
        form: "create-message",
        list: "/administration/messages",
        entry: "#messages form",
    },
    Kind {
        dialog: "/organization/acme?tab=default-permissions&dialog=create",
        form: "create-default-permission",
        list: "/organization/acme?tab=default-permissions",
        entry: "#default-permissions tbody tr",
    },
    Kind {
        dialog: "/organization/acme?tab=applications&dialog=create",
        form: "application",
        list: "/organization/acme?tab=applications",
        entry: "#applications tbody tr",
    },
];

impl Kind {
    async fn filled<'b>(&self, browser: &'b Browser, what: &str) -> Form<'b> {
        let form = browser.open(self.dialog).await.is(200).form(self.form);
        match self.form {
            "new-token" => form.fill("title", what),
            "create-message" => form.fill("content", what),
            "application" => form.fill("name", what),
            _ => form.fill("grantee_kind", "user").fill("grantee", "acme-owner").fill("role", what),
        }
    }

    async fn count(&self, browser: &Browser) -> usize {
        browser.open(self.list).await.is(200).count(self.entry)
    }
}

/// An owner of acme, and a superuser.
async fn people(app: &TestApp) -> (Browser, Browser) {
    let owner = app.organization("acme").await;
    (Browser::of(app, &owner).await, Browser::of(app, &app.admin()).await)
}

#[actix_web::test]
async fn what_is_sent_twice_is_made_once_and_both_see_it() {
    let app = TestApp::start().await;
    let (owner, admin) = people(&app).await;
    for kind in &KINDS {
        let root = if kind.form == "create-message" { &admin } else { &owner };
        let form = kind.filled(root, "read").await;
        let (first, second) = futures_util::future::join(form.clone().submit(), form.clone().submit()).await;
        assert_eq!((first.status, second.status), (200, 200), "{}", kind.form);
        assert_eq!(first.path, second.path, "{}", kind.form);
        assert_eq!(kind.count(root).await, 1, "{}", kind.form);

        form.submit().await.is(200);
        assert_eq!(kind.count(root).await, 1, "{}", kind.form);
    }
}

#[actix_web::test]
async fn another_content_or_another_page_is_another_form() {
    let app = TestApp::start().await;
    let (owner, admin) = people(&app).await;
    for kind in &KINDS {
        let root = if kind.form == "create-message" { &admin } else { &owner };
        let form = kind.filled(root, "read").await;
        form.clone().submit().await.is(200);
        let changed = if kind.form == "create-default-permission" { form.fill("role", "write") } else { form };
        let changed = match kind.form {
            "new-token" => changed.fill("title", "other"),
            "create-message" => changed.fill("content", "other"),
            "application" => changed.fill("name", "other"),
            _ => changed,
        };
        changed.submit().await.is(200);
        kind.filled(root, "read").await.submit().await.is(200);
        assert_eq!(kind.count(root).await, 3, "{}", kind.form);
    }
}

#[actix_web::test]
async fn a_form_that_was_refused_can_be_sent_again_and_an_old_one_is_new() {
    let app = TestApp::start().await;
    let (owner, _) = people(&app).await;
    let form =
        owner.open("/organization?dialog=create").await.is(200).form("create-organization").fill("name", "later");
    app.admin().post("/api/v1/organization/", json!({ "name": "later" })).await.is(201);
    form.clone().submit().await.is(422);
    form.clone().submit().await.is(422);

    let kind = &KINDS[2];
    let form = kind.filled(&owner, "read").await;
    form.clone().submit().await.is(200);
    app.clock.advance(Duration::from_secs(601));
    form.submit().await.is(200);
    assert_eq!(kind.count(&owner).await, 2);
}

#[actix_web::test]
async fn what_somebody_made_is_not_shown_to_others_who_know_the_field() {
    let app = TestApp::start().await;
    let (owner, _) = people(&app).await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    let kind = &KINDS[0];
    let form = kind.filled(&owner, "mine").await;
    let key = form.value("_once").unwrap().to_string();
    let made = form.submit().await.is(200);
    let secret = made.attribute("dialog .row-tight [data-copy]", "data-copy").unwrap();

    let theirs = kind.filled(&carol, "mine").await.fill("_once", &key).submit().await.is(200);
    assert!(!theirs.html.contains(&secret));
    assert_eq!(kind.count(&carol).await, 1);
}

#[actix_web::test]
async fn what_was_shown_once_is_not_shown_to_a_session_that_has_ended() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let browser = Browser::of(&app, &owner).await;
    let form = KINDS[0].filled(&browser, "mine").await;
    let made = form.clone().submit().await.is(200);
    let secret = made.attribute("dialog .row-tight [data-copy]", "data-copy").unwrap();
    assert!(form.clone().submit().await.is(200).html.contains(&secret));

    app.clock.advance(Duration::from_secs(1));
    app.set_password(&owner, "another battery").await;

    let again = form.submit().await;
    assert!(!again.html.contains(&secret) && again.path.starts_with("/signin"), "{}", again.path);
}
