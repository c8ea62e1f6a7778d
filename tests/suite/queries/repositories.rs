//! Lists of repositories, and finding things.

use std::collections::BTreeSet;

use domain::access::{Admin, ApiScope, Standing, TeamRole, Visibility};
use domain::explore;
use domain::oci::RepositoryName;
use domain::page::Place;
use domain::principal::Principal;
use domain::repository::{self, Among, CatalogReader, RepositoryPage, RepositoryQuery, RepositoryRow, RepositorySort};
use serde_json::json;

use super::caller;
use crate::support::{Actor, PRIVATE, PUBLIC, TestApp};

async fn reader(app: &TestApp, who: Option<&Actor>) -> CatalogReader {
    let Some(who) = who else {
        return CatalogReader { principal: Principal::Anonymous, standing: Standing::Plain };
    };
    let caller = caller(app, who).await;
    let standing = app.services.access.standing(&caller).await.unwrap();
    CatalogReader { principal: caller.principal.clone(), standing }
}

async fn rows(app: &TestApp, who: Option<&Actor>, query: RepositoryQuery) -> RepositoryPage {
    let reader = reader(app, who).await;
    app.services.db.read(move |conn| repository::rows(conn, &reader, &query)).await.unwrap()
}

async fn find(app: &TestApp, who: Option<&Actor>, text: &'static str) -> explore::Found {
    let reader = reader(app, who).await;
    app.services.db.read(move |conn| explore::find(conn, &reader, text, 5)).await.unwrap()
}

fn names(page: &RepositoryPage) -> Vec<&str> {
    page.page.rows.iter().map(|row| row.name.as_str()).collect()
}

/// acme with two private repositories and a public one, and a private and a public one of carol's.
async fn registry() -> (TestApp, Actor, Actor) {
    let app = TestApp::start().await;
    let (owner, carol) = (app.organization("acme").await, app.user("carol").await);
    for (name, visibility) in [
        ("acme/api", PRIVATE),
        ("acme/web", PRIVATE),
        ("acme/docs", PUBLIC),
        ("carol/own", PRIVATE),
        ("carol/shown", PUBLIC),
    ] {
        app.repository(name, visibility).await;
    }
    (app, owner, carol)
}

#[actix_web::test]
async fn many_repositories_of_a_namespace_are_found_at_once_by_who_administers_it() {
    let (app, owner, _) = registry().await;
    app.delete_repository("acme/web").await;
    let caller = caller(&app, &owner).await;
    let acme = app.services.access.namespace::<Admin>(&caller, "acme", ApiScope::OrganizationAdmin).await.unwrap();
    let wanted = ["acme/docs", "acme/api", "acme/web", "acme/none", "carol/own"];
    let wanted: Vec<RepositoryName> = wanted.iter().map(|name| name.parse().unwrap()).collect();

    let found = app.services.db.read(move |conn| acme.repositories(conn, &wanted)).await.unwrap();

    let found: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.visibility)).collect();
    assert_eq!(found, [("acme/api", Visibility::Private), ("acme/docs", Visibility::Public)]);
}

#[actix_web::test]
async fn everybody_lists_what_they_may_see_and_nothing_else() {
    let (app, owner, carol) = registry().await;
    let walter = app.user("walter").await;
    app.grant("acme/api", &walter, "read").await;
    let by_name =
        |among| RepositoryQuery { sort: RepositorySort::Name, descending: false, ..RepositoryQuery::of(among, 10) };
    let list = async |who: Option<&Actor>, among| names(&rows(&app, who, by_name(among)).await).join(" ");

    let admin = app.admin();
    assert_eq!(list(None, Among::Readable).await, "acme/docs carol/shown");
    assert_eq!(list(Some(&walter), Among::Readable).await, "acme/api acme/docs carol/shown");
    assert_eq!(list(Some(&walter), Among::Mine).await, "acme/api");
    assert_eq!(list(Some(&carol), Among::Readable).await, "acme/docs carol/own carol/shown");
    assert_eq!(list(Some(&carol), Among::Mine).await, "carol/own carol/shown");
    assert_eq!(list(Some(&owner), Among::Mine).await, "acme/api acme/docs acme/web");
    assert_eq!(list(Some(&admin), Among::Readable).await, "acme/api acme/docs acme/web carol/own carol/shown");
    let (asking, name) = (caller(&app, &owner).await, "acme".parse().unwrap());
    let acme = app.services.access.namespace_role(&asking, &name, domain::access::ApiScope::RepositoryRead);
    let id = acme.await.unwrap().unwrap().0.id;
    let of_acme = |administers| Among::Namespace { id, administers };
    assert_eq!(list(Some(&walter), of_acme(false)).await, "acme/api acme/docs");
    assert_eq!(list(None, of_acme(false)).await, "acme/docs");
    let whole = rows(&app, Some(&owner), by_name(of_acme(true))).await;
    assert_eq!((names(&whole), whole.total), (vec!["acme/api", "acme/docs", "acme/web"], Some(3)));
    assert_eq!(rows(&app, Some(&walter), by_name(of_acme(false))).await.total, None);
    let private = RepositoryQuery { visibility: Some(Visibility::Private), ..by_name(Among::Readable) };
    assert_eq!(names(&rows(&app, Some(&walter), private.clone()).await), ["acme/api"]);
    assert_eq!(names(&rows(&app, Some(&admin), private).await), ["acme/api", "acme/web", "carol/own"]);
    carol.delete("/api/v1/repository/carol/shown").await.is(204);
    assert_eq!(list(None, Among::Readable).await, "acme/docs");
}

#[actix_web::test]
async fn lists_are_paged_both_ways_in_every_order_over_all_places_they_come_from() {
    let app = TestApp::start().await;
    let (_, carol) = (app.organization("acme").await, app.user("carol").await);
    for number in 0..24 {
        let namespace = ["acme", "carol"][number % 2];
        app.repository(&format!("{namespace}/r{number}"), [PRIVATE, PUBLIC][number % 3 / 2]).await;
        if number % 4 == 0 {
            app.grant(&format!("{namespace}/r{number}"), &carol, "read").await;
        }
    }
    app.sql("UPDATE repositories SET last_push = id % 5, pushed_at = id % 5, size = id % 3, pulls = id % 4".into())
        .await;

    for sort in [RepositorySort::Name, RepositorySort::Pushed, RepositorySort::Size, RepositorySort::Pulls] {
        for descending in [false, true] {
            let query = |place, limit| RepositoryQuery {
                sort,
                descending,
                place,
                ..RepositoryQuery::of(Among::Readable, limit)
            };
            let all = rows(&app, Some(&carol), query(Place::First, 100)).await;
            let distinct: BTreeSet<&str> = names(&all).into_iter().collect();
            assert!(distinct.len() == all.page.rows.len() && distinct.len() > 15, "{distinct:?}");
            let key = |row: &RepositoryRow| match sort {
                RepositorySort::Name => (0, row.name.clone()),
                RepositorySort::Pushed => (row.pushed_at.map_or(0, |at| at.0), String::new()),
                RepositorySort::Size => (row.size, String::new()),
                RepositorySort::Pulls => (row.pulls, String::new()),
            };
            let order: Vec<_> = all.page.rows.iter().map(key).collect();
            assert!(if descending { order.is_sorted_by(|a, b| a >= b) } else { order.is_sorted() }, "{sort:?}");
            let (mut walked, mut place, mut pages) = (Vec::new(), Some(Place::First), Vec::new());
            while let Some(here) = place {
                let page = rows(&app, Some(&carol), query(here, 4)).await;
                walked.extend(page.page.rows.iter().map(|row| row.name.clone()));
                place = page.page.next.clone().map(Place::After);
                pages.push(page);
            }
            assert_eq!(walked, names(&all));
            let back = pages[2].page.previous.clone().unwrap();
            assert_eq!(rows(&app, Some(&carol), query(Place::Before(back), 4)).await.page.rows, pages[1].page.rows);
        }
    }
}

/// 2,600 repositories of acme, of which carol has a permission on every third behind the first 1,300; of carol's own
/// every fifth is public.
async fn much_is_granted() -> (TestApp, Actor) {
    let app = TestApp::start().await;
    let (_, carol) = (app.organization("acme").await, app.user("carol").await);
    let counted = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2599)";
    for (namespace, many, visibility) in
        [("acme", 2600, "'private'"), ("carol", 130, "CASE i % 5 WHEN 0 THEN 'public' ELSE 'private' END")]
    {
        app.sql(format!(
            "INSERT INTO repositories \
             (namespace_id, name, visibility, created_at, last_push, pushed_at, size, pulls) {counted} SELECT o.id, '{namespace}/r' || (10000 + i), {visibility}, 0, i, i, i % 7, i % 1000 FROM n, namespaces o \
             WHERE o.name = '{namespace}' AND i < {many}"
        ))
        .await;
    }
    app.sql(
        "INSERT INTO repository_permissions (repository_id, user_id, role, created_at) \
         SELECT r.id, u.id, 'read', 0 FROM repositories r, users u \
         WHERE u.name = 'carol' AND r.name LIKE 'acme/%' AND r.last_push >= 1300 AND r.last_push % 3 = 0"
            .to_string(),
    )
    .await;
    app.sql("UPDATE repositories SET deleted_at = 1 WHERE name = 'acme/r11302'".to_string()).await;
    (app, carol)
}

#[actix_web::test]
async fn whoever_much_is_granted_to_pages_through_all_of_it() {
    let (app, carol) = much_is_granted().await;
    let (asking, name) = (caller(&app, &carol).await, "acme".parse().unwrap());
    let acme = app.services.access.namespace_role(&asking, &name, ApiScope::RepositoryRead);
    let of_acme = Among::Namespace { id: acme.await.unwrap().unwrap().0.id, administers: false };
    let granted = (1300..2600).filter(|number| number % 3 == 0 && *number != 1302).count();
    assert!(granted > 400, "more than are looked up one by one");

    for (among, many) in [(of_acme, granted), (Among::Readable, granted + 130), (Among::Mine, granted + 130)] {
        for sort in [RepositorySort::Name, RepositorySort::Pushed, RepositorySort::Size, RepositorySort::Pulls] {
            for descending in [false, true] {
                let query = |place| RepositoryQuery { sort, descending, place, ..RepositoryQuery::of(among, 20) };
                let (mut walked, mut place, mut pages) = (Vec::new(), Some(Place::First), Vec::new());
                while let Some(here) = place {
                    let page = rows(&app, Some(&carol), query(here)).await;
                    walked.extend(page.page.rows.iter().map(|row| (row.id, row.name.clone())));
                    place = page.page.next.clone().map(Place::After);
                    pages.push(page);
                }
                let distinct: BTreeSet<_> = walked.iter().collect();
                assert_eq!((walked.len(), distinct.len()), (many, many), "{among:?} {sort:?} {descending}");
                let whole = RepositoryQuery { place: Place::First, limit: 2600, ..query(Place::First) };
                let whole = rows(&app, Some(&carol), whole).await;
                assert!(
                    walked.iter().map(|(_, name)| name.as_str()).eq(names(&whole)),
                    "{among:?} {sort:?} {descending}"
                );
                let back = pages[3].page.previous.clone().unwrap();
                assert_eq!(rows(&app, Some(&carol), query(Place::Before(back))).await.page.rows, pages[2].page.rows);
            }
        }
    }
}

#[actix_web::test]
async fn a_part_of_the_name_finds_repositories_behind_their_namespace() {
    let (app, owner, _) = registry().await;
    app.repository("acme/web-frontend/ui", PRIVATE).await;
    let filtered = |part: &str| RepositoryQuery {
        sort: RepositorySort::Name,
        descending: false,
        containing: Some(part.to_string()),
        ..RepositoryQuery::of(Among::Mine, 10)
    };
    let list = async |part: &str| names(&rows(&app, Some(&owner), filtered(part)).await).join(" ");

    assert_eq!(list("WEB").await, "acme/web acme/web-frontend/ui");
    assert_eq!(list("b-fr").await, "acme/web-frontend/ui");
    assert_eq!(list("ui").await, "acme/web-frontend/ui", "too short to be looked up, so tried");
    assert_eq!(list("acme").await, "");
    assert_eq!(list("%").await, "");
    assert_eq!(list("x'y").await, "");
    let renamed = json!({ "name": "apex" });
    app.admin().put("/api/v1/superuser/organizations/acme", renamed).await.is(200);
    assert_eq!(list("web").await, "apex/web apex/web-frontend/ui");
}

#[actix_web::test]
async fn what_everybody_starred_and_pulled_shows_in_the_rows() {
    let (app, owner, carol) = registry().await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/docs", "v1").await;
    client.get_manifest("acme/docs", "v1").await.is(200);
    app.services.pulls.flush().await.unwrap();
    carol.post("/api/v1/user/starred", json!({ "namespace": "acme", "repository": "docs" })).await.is(201);

    let seen = rows(&app, Some(&carol), RepositoryQuery::of(Among::Starred, 5)).await;
    let others = rows(&app, Some(&owner), RepositoryQuery::of(Among::Mine, 1)).await;
    let of = others.page.rows.clone();
    let latest = app.services.db.read(move |conn| repository::latest_pushes(conn, &of)).await.unwrap();

    let row = &seen.page.rows[0];
    let size = i64::try_from(image.config.len() + image.layer.len()).unwrap();
    assert_eq!((row.name.as_str(), row.starred, row.stars, row.pulls, row.tags), ("acme/docs", true, 1, 1, 1));
    assert_eq!((row.size, row.pushed_at.is_some()), (size, true));
    assert_eq!((names(&others), others.page.rows[0].starred), (vec!["acme/docs"], false));
    let push = &latest[&others.page.rows[0].id];
    assert_eq!((push.tag.as_str(), push.actor.as_str()), ("v1", "acme-owner"));
}

#[actix_web::test]
async fn the_box_finds_everything_and_tells_nobody_what_is_not_theirs() {
    let (app, owner, carol) = registry().await;
    for name in ["carol/web", "acme/webber", "acme/cobweb"] {
        app.repository(name, PRIVATE).await;
    }
    let image = app.oci(&owner).push_image("acme/web", "release-1").await;
    app.oci(&carol).push_image("carol/shown", "release-2").await;
    let digits: &'static str = Box::leak(image.digest()[..20].to_string().into_boxed_str());
    let repositories =
        |found: &explore::Found| -> Vec<String> { found.repositories.iter().map(|one| one.name.clone()).collect() };
    let tags = |found: &explore::Found| -> Vec<String> {
        found.tags.iter().map(|one| format!("{}:{}", one.repository, one.tag)).collect()
    };

    let owners = find(&app, Some(&owner), "web").await;
    assert_eq!(repositories(&owners), ["acme/web", "acme/webber", "acme/cobweb"]);
    assert_eq!(repositories(&find(&app, Some(&carol), "web").await), ["carol/web"]);
    assert!(find(&app, None, "web").await.repositories.is_empty());
    assert_eq!(repositories(&find(&app, Some(&owner), "acme/we").await), ["acme/web", "acme/webber"]);
    assert_eq!(tags(&find(&app, Some(&owner), "release").await), ["acme/web:release-1", "carol/shown:release-2"]);
    assert_eq!(tags(&find(&app, None, "release-").await), ["carol/shown:release-2"]);
    assert_eq!(tags(&find(&app, Some(&owner), "release-1").await), ["acme/web:release-1"]);
    assert_eq!(find(&app, Some(&owner), digits).await.manifests[0].repository, "acme/web");
    assert!(find(&app, Some(&carol), digits).await.manifests.is_empty());
    let named = find(&app, Some(&carol), "cme").await;
    assert_eq!((named.organizations, named.users), (vec!["acme".to_string()], vec!["acme-owner".to_string()]));
    let nobody = find(&app, None, "acme").await;
    assert_eq!((nobody.organizations, nobody.users), (vec!["acme".to_string()], vec![]));
    app.set_visibility("acme/docs", PRIVATE).await;
    assert!(find(&app, None, "acme").await.organizations.is_empty());
    for odd in ["", "  ", "'", "%", "\\", "a\0b", "sha256:", "~", "é"] {
        assert_eq!(find(&app, Some(&carol), odd).await.repositories, [], "{odd:?}");
    }
}

#[actix_web::test]
async fn a_deleted_repository_is_found_again_under_the_name_it_comes_back_with() {
    let (app, _, carol) = registry().await;
    carol.delete("/api/v1/repository/carol/shown").await.is(204);
    assert!(find(&app, Some(&carol), "shown").await.repositories.is_empty());
    let id = app.services.db.read(|conn| {
        use diesel::prelude::*;
        use domain::db::schema::repositories as r;
        Ok(r::table.filter(r::deleted_name.eq("carol/shown")).select(r::id).first::<i64>(conn)?)
    });
    let path = format!("/api/v1/superuser/deleted/repository/{}/restore", id.await.unwrap());
    app.admin().post(&path, json!({ "name": "back" })).await;

    let found = find(&app, Some(&carol), "back").await;

    let names: Vec<&str> = found.repositories.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["carol/back"]);
    assert!(find(&app, Some(&carol), "shown").await.repositories.is_empty());
}

#[actix_web::test]
async fn members_see_what_their_team_was_granted() {
    let (app, _, carol) = registry().await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    app.grant_team("acme/web", "ops", "read").await;

    let mine = rows(&app, Some(&carol), RepositoryQuery::of(Among::Mine, 10)).await;

    assert_eq!(
        names(&mine).into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from(["acme/web", "carol/own", "carol/shown"])
    );
}
