//! What administrators look over.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::access::{Admin, Inspect, Standing};
use domain::administration::{self, UserQuery, UserRow, UserSort, UserState};
use domain::organization::NameQuery;
use domain::page::{Page, Place};
use domain::time::Clock;
use domain::{audit, repository};
use serde_json::json;

use super::{caller, to_read};
use crate::support::{Browser, PASSWORD, PRIVATE, TestApp};

async fn users(app: &TestApp, query: UserQuery) -> Page<UserRow> {
    let instance = app.services.access.registry::<Inspect>(&caller(app, &app.admin()).await).await.unwrap();
    app.services.db.read(move |conn| administration::users(conn, &instance, &query)).await.unwrap()
}

fn names(page: &Page<UserRow>) -> Vec<&str> {
    page.rows.iter().map(|row| row.name.as_str()).collect()
}

#[actix_web::test]
async fn users_are_listed_by_name_and_by_when_they_signed_in() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let walter = app.user("walter").await;
    app.user("anna").await;
    app.set_enabled(&walter, false).await;
    app.user_with("otto", Standing::ReadOnlySuperuser).await;
    app.repository("carol/web", PRIVATE).await;
    let signed_in = app.clock.now();
    Browser::new(&app).sign_in(&carol.name, PASSWORD).await;
    let query = || UserQuery { limit: 10, ..UserQuery::default() };

    let all = users(&app, query()).await;
    assert_eq!(names(&all), ["anna", "carol", "olivia", "otto", "walter"]);
    let row = &all.rows[1];
    assert_eq!((row.repositories, row.enabled, row.standing), (1, true, Standing::Plain));
    assert_eq!((row.email.as_deref(), row.signed_in_at), (Some("carol@example.com"), Some(signed_in)));
    assert_eq!(all.rows[0].signed_in_at, None);
    let last = users(&app, UserQuery { sort: UserSort::SignedIn, descending: true, limit: 2, ..query() }).await;
    assert_eq!(names(&last)[0], "carol");
    let place = Place::After(last.next.clone().unwrap());
    let rest = users(&app, UserQuery { sort: UserSort::SignedIn, descending: true, place, ..query() }).await;
    assert_eq!((rest.rows.len(), rest.previous.is_some()), (3, true));
    for (state, expected) in [
        (UserState::Enabled, vec!["anna", "carol", "olivia", "otto"]),
        (UserState::Disabled, vec!["walter"]),
        (UserState::Superusers, vec!["olivia", "otto"]),
    ] {
        assert_eq!(names(&users(&app, UserQuery { state, ..query() }).await), expected);
        // The same ones by when they signed in.
        let by_sign_in = users(&app, UserQuery { state, sort: UserSort::SignedIn, ..query() }).await;
        let same = names(&by_sign_in).into_iter().collect::<BTreeSet<_>>();
        assert_eq!(same, expected.into_iter().collect());
    }
    assert_eq!(names(&users(&app, UserQuery { containing: Some("ROL@".into()), ..query() }).await), ["carol"]);
    app.admin().delete("/api/v1/superuser/users/anna").await.is(204);
    assert_eq!(names(&users(&app, query()).await)[0], "carol");
}

#[actix_web::test]
async fn organizations_and_what_is_stored_are_counted() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.organization("beta").await;
    let image = app.oci(&owner).push_image("acme/web", "v1").await;
    app.oci(&owner).push("acme/api", "v1", &image).await;
    app.oci(&owner).begin("acme/web").await;
    let instance = app.services.access.registry::<Inspect>(&caller(&app, &app.admin()).await).await.unwrap();

    let asked = app.services.db.read(move |conn| {
        let query = NameQuery { containing: Some("CM".into()), limit: 5, ..NameQuery::default() };
        let found = administration::organizations(conn, &instance, &query)?;
        let all = administration::organizations(conn, &instance, &NameQuery { containing: None, ..query })?;
        Ok((all, found, administration::storage(conn, &instance)?))
    });
    let (all, found, storage) = asked.await.unwrap();

    assert_eq!(all.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["acme", "beta"]);
    assert_eq!((found.rows.len(), found.rows[0].repositories, found.rows[0].members), (1, 2, 1));
    let bytes = i64::try_from(image.config.len() + image.layer.len()).unwrap();
    assert_eq!((storage.blobs, storage.bytes, storage.uploads, storage.received), (2, bytes, 1, 0));
}

#[actix_web::test]
async fn the_board_says_how_sweeps_do_and_runs_one_when_asked() {
    let app = TestApp::start().await;
    let who = caller(&app, &app.admin()).await;
    let inspect = app.services.access.registry::<Inspect>(&who).await.unwrap();
    let admin = app.services.access.registry::<Admin>(&who).await.unwrap();
    let board = &app.services.sweeps;
    let all: Vec<&str> = board.list(&inspect).iter().map(|one| one.name).collect();
    assert!(all.contains(&"purge_deleted") && all.contains(&"tell_exports"), "{all:?}");

    board.run_now(&admin, "purge_deleted").unwrap();
    let refused = board.run_now(&admin, "nothing").unwrap_err().to_string();
    let woken = tokio::time::timeout(Duration::from_secs(5), board.wake("purge_deleted").notified()).await;

    assert!(refused.contains("nothing"), "{refused}");
    assert!(woken.is_ok());
    let now = app.clock.now();
    board.begins("purge_deleted", now);
    let running = board.list(&inspect).into_iter().find(|one| one.name == "purge_deleted").unwrap();
    assert_eq!(running.running_since, Some(now));
    let turn = board.ended("purge_deleted", now, Err("no disk".into())).unwrap();
    let saved = turn.clone();
    app.change(move |tx| domain::sweep::save(tx, &saved).and_then(|()| domain::sweep::save(tx, &saved))).await;
    assert_eq!(app.services.db.read(domain::sweep::saved).await.unwrap(), [turn]);
}

#[actix_web::test]
async fn a_callback_that_failed_is_listed_and_tried_again() {
    let app = TestApp::with(&[("egress.allow", "127.0.0.1/32")]).await;
    let owner = app.organization("acme").await;
    let asked = json!({ "callback_url": "http://127.0.0.1:9/nobody" });
    owner.post("/api/v1/organization/acme/exportlogs", asked).await.is(200);
    pierhead::jobs::tell_exports(app.services.clone()).await.unwrap();
    let who = caller(&app, &app.admin()).await;
    let inspect = app.services.access.registry::<Inspect>(&who).await.unwrap();
    let admin = app.services.access.registry::<Admin>(&who).await.unwrap();

    let failing = app.services.db.read(move |conn| audit::failing(conn, &inspect, None, 10)).await.unwrap();
    let (now, uuid) = (app.clock.now(), failing[0].uuid.clone());
    let due = app
        .change(move |tx| {
            assert!(audit::due(tx, now, 10)?.is_empty());
            audit::retry(tx, &admin, now, &uuid)?;
            assert!(audit::retry(tx, &admin, now, "none").is_err());
            audit::due(tx, now, 10)
        })
        .await;

    assert_eq!((failing.len(), due.len()), (1, 1));
}

#[actix_web::test]
async fn a_repository_shows_what_is_kept_and_how_busy_it_was() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    client.push_image("carol/web", "v1").await;
    client.get_manifest("carol/web", "v1").await.is(200);
    app.services.pulls.flush().await.unwrap();
    app.clock.advance(Duration::from_secs(3 * 24 * 3600));
    while !audit::count(&app.services.db, app.clock.now(), 100).await.unwrap() {}
    client.get_manifest("carol/web", "v1").await.is(200);
    app.services.pulls.flush().await.unwrap();
    let (web, now) = (to_read(&app, &carol, "carol/web").await, app.clock.now());

    let asked = app.services.db.read(move |conn| {
        Ok((
            repository::overview(conn, &web)?,
            audit::activity(conn, &web, now, 90)?,
            repository::activity(conn, &web, now, 5)?,
        ))
    });
    let (overview, days, both) = asked.await.unwrap();

    assert_eq!((overview.tags, overview.pulls, overview.stars, overview.starred), (1, 2, 0, false));
    assert!(overview.size > 0 && overview.pushed_at.is_some());
    assert_eq!(days.len(), 90);
    assert_eq!((days[86].pulls, days[86].pushes), (1, 1));
    assert_eq!((days[89].pulls, days[89].pushes), (1, 0));
    assert_eq!(days.iter().map(|day| day.pulls + day.pushes).sum::<i64>(), 3);
    assert_eq!(both.iter().map(|(_, times)| *times).sum::<i64>(), 4, "with the creation");
}
