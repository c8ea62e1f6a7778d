//! Deletion: names are free at once, nothing is lost until it is purged, and superusers bring it back.

use std::time::Duration;

use domain::access::{Admin, ApiScope, Authorized, Standing, TeamRole};
use domain::deletion;
use domain::repository::Repository;
use serde_json::{Value, json};

use crate::support::{Image, PRIVATE, PUBLIC, TestApp};

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

async fn authorized(app: &TestApp, repository: &str) -> Authorized<Repository, Admin> {
    let admin = app.services.sign_in.with(&app.admin().name, &app.admin().secret, &Default::default()).await.unwrap();
    let caller = std::sync::Arc::new(admin.from(Default::default()));
    app.services.access.repository::<Admin>(&caller, &repository.parse().unwrap()).await.unwrap()
}

async fn delete_repository(app: &TestApp, name: &str) {
    use domain::time::Clock;
    let (repository, now) = (authorized(app, name).await, app.clock.now());
    app.change(move |tx| domain::repository::delete(tx, &repository, now)).await;
}

async fn delete_organization(app: &TestApp, name: &str) {
    app.admin().delete(&format!("/api/v1/superuser/organizations/{name}")).await.is(204);
}

async fn deleted(app: &TestApp) -> Vec<Value> {
    app.admin().get("/api/v1/superuser/deleted").await.is(200).json()["deleted"].as_array().unwrap().clone()
}

async fn restore(app: &TestApp, number: usize, body: Value) -> crate::support::Answer {
    let one = deleted(app).await[number].clone();
    let path = format!("/api/v1/superuser/deleted/{}/{}/restore", one["kind"].as_str().unwrap(), one["id"]);
    app.admin().post(&path, body).await
}

async fn purge(app: &TestApp) -> usize {
    use domain::time::Clock;
    let before = app.clock.now().minus(WEEK);
    let mut rows = 0;
    loop {
        // Few at once, so that one thing takes several transactions.
        let some = app.change(move |tx| deletion::purge(tx, before, 3)).await;
        if some == 0 {
            return rows;
        }
        rows += some;
    }
}

async fn count(app: &TestApp, table: &'static str) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        n: i64,
    }
    let read = app.services.db.read(move |conn| {
        use diesel::RunQueryDsl;
        let question = diesel::sql_query(format!("SELECT COUNT(*) AS n FROM {table}"));
        Ok(domain::on_backend!(conn, c => question.get_result::<Count>(c))?.n)
    });
    read.await.unwrap()
}

#[actix_web::test]
async fn a_deleted_repository_is_gone_at_once_and_its_name_is_free() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    app.oci(&owner).push("acme/web", "v1", &Image::new("one")).await;
    let pulled = app.oci(&owner).get("/v2/acme/web/manifests/v1").await.is(200);

    delete_repository(&app, "acme/web").await;

    app.oci(&owner).get("/v2/acme/web/manifests/v1").await.is(404);
    app.oci(&owner).get(&format!("/v2/acme/web/manifests/{}", pulled.header("Docker-Content-Digest"))).await.is(404);
    for who in [&owner, &app.admin()] {
        let catalog = app.oci(who).get("/v2/_catalog").await.is(200).json();
        assert_eq!(catalog["repositories"], json!([]));
    }
    assert_eq!(app.anonymous().get("/v1/search?q=web").await.is(200).json()["num_results"], 0);
    app.repository("acme/web", PRIVATE).await;
    app.oci(&owner).get("/v2/acme/web/manifests/v1").await.is(404);
}

#[actix_web::test]
async fn no_name_reaches_what_is_deleted() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    app.user("carol").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.admin().delete("/api/v1/superuser/users/carol").await.is(204);
    delete_repository(&app, "acme/web").await;
    let buried = deleted(&app).await;
    let user = format!("~n{}~carol", buried.iter().find(|one| one["kind"] == "user").unwrap()["id"]);

    app.admin().get(&format!("/api/v1/superuser/users/{user}")).await.is(404);
    app.admin().put(&format!("/api/v1/organization/acme/team/ops/members/{user}"), json!({})).await.is(400);
    let refused = app.actor(&user, crate::support::PASSWORD).get("/api/v1/user/").await.is(401);
    assert_eq!(refused.message(), app.actor("nobody", "wrong password").get("/api/v1/user/").await.message());
    let users = app.admin().get("/api/v1/superuser/users/").await.is(200).text();
    assert!(!users.contains("carol"), "{users}");
}

#[actix_web::test]
async fn a_push_under_way_ends_when_its_repository_is_deleted() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let image = Image::new("late");
    let before = authorized(&app, "acme/web").await;
    let begun = app.oci(&owner).post("/v2/acme/web/blobs/uploads/").await.is(202).header("Location");

    delete_repository(&app, "acme/web").await;

    app.oci(&owner).get(&begun).await.is(404);
    let (now, digest) =
        (domain::time::Clock::now(&*app.clock), domain::oci::Digest::of(domain::oci::Algorithm::Sha256, &image.layer));
    let size = image.layer.len() as u64;
    let late =
        app.services.db.write(move |tx| domain::blob::link_stored(tx, &before.clone().into(), now, &digest, size));
    assert!(matches!(late.await, Err(domain::Error::NotFound(_))));
    assert_eq!((count(&app, "blobs").await, count(&app, "repository_blobs").await), (0, 0));
    assert_eq!(count(&app, "uploads").await, 0);
}

#[actix_web::test]
async fn an_organization_goes_and_comes_back_with_everything() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    app.repository("acme/old", PUBLIC).await;
    app.oci(&owner).push("acme/web", "v1", &Image::new("one")).await;
    let robot = app.robot("acme", "ci").await;
    app.grant("acme/web", &robot, "read").await;
    let robots_token = app.oci(&robot).token(&["repository:acme/web:pull"]).await;
    delete_repository(&app, "acme/old").await;
    app.clock.advance(Duration::from_secs(60));

    delete_organization(&app, "acme").await;

    app.oci(&owner).get("/v2/acme/web/tags/list").await.is(404);
    app.oci_with(&robots_token).get("/v2/acme/web/tags/list").await.is(401);
    app.actor(&robot.name, &robot.secret).get("/v2/auth?scope=repository:acme/web:pull").await.is(401);
    assert_eq!(app.oci(&app.admin()).get("/v2/_catalog").await.json()["repositories"], json!([]));
    let kinds: Vec<Value> = deleted(&app).await.iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(kinds, ["repository", "organization"]);
    let refused = restore(&app, 0, json!({})).await.is(403);
    assert!(refused.message().contains("restore that first"), "{}", refused.shown());

    restore(&app, 1, json!({})).await.is(200);

    app.oci(&owner).get("/v2/acme/web/manifests/v1").await.is(200);
    app.oci(&robot).get("/v2/acme/web/tags/list").await.is(200);
    app.oci_with(&robots_token).get("/v2/acme/web/tags/list").await.is(401);
    app.oci(&owner).get("/v2/acme/old/tags/list").await.is(404);
    restore(&app, 0, json!({ "name": "older" })).await.is(200);
    app.oci(&owner).get("/v2/acme/older/tags/list").await.is(200);
    assert!(deleted(&app).await.is_empty());
}

#[actix_web::test]
async fn what_is_restored_takes_another_name_if_its_own_is_taken() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PUBLIC).await;
    app.repository("acme/gone", PUBLIC).await;
    delete_repository(&app, "acme/gone").await;
    app.clock.advance(Duration::from_secs(60));
    delete_organization(&app, "acme").await;
    app.admin().post("/api/v1/organization/", json!({ "name": "acme" })).await.is(201);
    app.repository("acme/web", PRIVATE).await;

    let refused = restore(&app, 1, json!({})).await.is(400);
    assert!(refused.message().contains("restore under another name"), "{}", refused.shown());
    restore(&app, 1, json!({ "name": "Not One" })).await.is(400);
    restore(&app, 1, json!({ "name": "acme-old" })).await.is(200);

    app.oci(&app.anonymous()).get("/v2/acme-old/web/tags/list").await.is(200);
    assert_eq!(deleted(&app).await[0]["name"], "acme-old/gone");
    restore(&app, 0, json!({})).await.is(200);
    app.oci(&app.anonymous()).get("/v2/acme-old/gone/tags/list").await.is(200);
}

#[actix_web::test]
async fn a_deleted_user_is_signed_out_everywhere_and_comes_back_as_they_were() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.user("carol").await, app.user("dave").await);
    app.repository("carol/web", PRIVATE).await;
    let robot = app.robot("carol", "ci").await;
    app.organization("acme").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    let access = app.access_token(&carol, &[ApiScope::UserRead]).await;
    let registry = app.oci(&carol).token(&["repository:carol/web:pull"]).await;
    app.set_enabled(&dave, false).await;

    app.admin().delete("/api/v1/superuser/users/carol").await.is(204);
    app.admin().delete("/api/v1/superuser/users/dave").await.is(204);

    carol.get("/api/v1/user/").await.is(401);
    app.bearer(&access).get("/api/v1/user/").await.is(401);
    app.oci_with(&registry).get("/v2/carol/web/tags/list").await.is(401);
    app.actor(&robot.name, &robot.secret).get("/v2/auth").await.is(401);
    app.admin().delete("/api/v1/superuser/users/carol").await.is(404);
    let again = app.user("carol").await;
    app.oci(&again).get("/v2/carol/web/tags/list").await.is(404);

    restore(&app, 0, json!({ "name": "caroline" })).await.is(200);
    restore(&app, 0, json!({})).await.is(200);

    let caroline = app.actor("caroline", &carol.secret);
    assert_eq!(caroline.get("/api/v1/user/").await.is(200).json()["username"], "caroline");
    app.oci(&caroline).get("/v2/caroline/web/tags/list").await.is(200);
    app.bearer(&access).get("/api/v1/user/").await.is(401);
    dave.get("/api/v1/user/").await.is(401);
}

#[actix_web::test]
async fn superusers_and_the_only_admin_of_an_organization_stay() {
    let app = TestApp::with(&[("access.superusers", "sue")]).await;
    app.user("sue").await;
    app.user_with("root", Standing::Superuser).await;
    let owner = app.organization("acme").await;

    for superuser in ["sue", "root"] {
        let refused = app.admin().delete(&format!("/api/v1/superuser/users/{superuser}")).await.is(400);
        assert_eq!(refused.message(), "Cannot delete a superuser");
    }
    let (principal, now) = (app.principal(&owner).await, domain::time::Clock::now(&*app.clock));
    let mut caller = domain::principal::Caller::anonymous(Default::default());
    caller.principal = principal;
    let name = owner.name.clone();
    let itself = app.services.db.write(move |tx| domain::account::delete_user(tx, &caller, now, &name)).await;
    assert!(matches!(itself, Err(domain::Error::Invalid { .. })), "{itself:?}");
    // A superuser may: another can take the organization over.
    app.admin().delete(&format!("/api/v1/superuser/users/{}", owner.name)).await.is(204);
}

#[actix_web::test]
async fn a_week_later_it_is_gone_for_good() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    for (repository, tag) in [("acme/web", "v1"), ("acme/other", "v1"), ("acme/other", "v2"), ("acme/kept", "v1")] {
        app.oci(&owner).push(repository, tag, &Image::new(repository)).await;
    }
    app.grant("acme/web", &carol, "read").await;
    let (blobs, manifests) = (count(&app, "blobs").await, count(&app, "manifests").await);
    delete_repository(&app, "acme/web").await;
    delete_repository(&app, "acme/other").await;

    app.clock.advance(WEEK);
    assert_eq!(purge(&app).await, 0);
    app.clock.advance(Duration::from_secs(1));
    assert!(purge(&app).await > 8);

    assert_eq!(count(&app, "repositories").await, 1);
    assert_eq!((count(&app, "tags").await, count(&app, "repository_manifests").await), (1, 1));
    assert_eq!((count(&app, "blobs").await, count(&app, "manifests").await), (blobs, manifests));
    assert!(deleted(&app).await.is_empty());
    app.oci(&owner).get("/v2/acme/kept/manifests/v1").await.is(200);

    app.robot("acme", "ci").await;
    app.team("acme", "ops", TeamRole::Member).await;
    delete_organization(&app, "acme").await;
    app.admin().delete("/api/v1/superuser/users/carol").await.is(204);
    app.clock.advance(WEEK + Duration::from_secs(1));
    purge(&app).await;

    for table in ["repositories", "tags", "robots", "teams", "team_members", "repository_permissions"] {
        assert_eq!(count(&app, table).await, 0, "{table}");
    }
    assert_eq!((count(&app, "namespaces").await, count(&app, "users").await), (2, 2));
}

#[actix_web::test]
async fn only_superusers_restore_and_read_only_ones_look() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let narrow = app.bearer(&app.access_token(&app.admin(), &[ApiScope::OrganizationAdmin]).await);
    app.repository("acme/web", PRIVATE).await;
    delete_repository(&app, "acme/web").await;
    let one = deleted(&app).await[0].clone();
    let path = format!("/api/v1/superuser/deleted/repository/{}/restore", one["id"]);

    assert_eq!(one["name"], "acme/web");
    auditor.get("/api/v1/superuser/deleted").await.is(200);
    for (who, status) in [(&owner, 403), (&auditor, 403), (&narrow, 403), (&app.anonymous(), 401)] {
        who.post(&path, json!({})).await.is(status);
    }
    for (who, status) in [(&owner, 403), (&narrow, 403), (&app.anonymous(), 401)] {
        who.get("/api/v1/superuser/deleted").await.is(status);
    }
    app.admin().post("/api/v1/superuser/deleted/repository/99999/restore", json!({})).await.is(404);
    app.admin().post("/api/v1/superuser/deleted/nothing/1/restore", json!({})).await.is(404);
    app.admin().post(&path, json!({})).await.is(200);
    app.admin().post(&path, json!({})).await.is(404);
}

#[actix_web::test]
async fn the_list_of_deleted_things_goes_on_where_it_stopped() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    for name in ["aa", "bb", "cc"] {
        app.repository(&format!("acme/{name}"), PRIVATE).await;
        delete_repository(&app, &format!("acme/{name}")).await;
        app.user(name).await;
        app.admin().delete(&format!("/api/v1/superuser/users/{name}")).await.is(204);
    }

    let mut seen = vec![];
    let mut path = "/api/v1/superuser/deleted?limit=2".to_string();
    loop {
        let page = app.admin().get(&path).await.is(200).json();
        let names = page["deleted"].as_array().unwrap();
        assert!(names.len() <= 2);
        seen.extend(
            names.iter().map(|one| format!("{} {}", one["kind"].as_str().unwrap(), one["name"].as_str().unwrap())),
        );
        match page["next_page"].as_str() {
            Some(next) => path = format!("/api/v1/superuser/deleted?limit=2&next_page={next}"),
            None => break,
        }
    }

    seen.sort();
    assert_eq!(
        seen,
        ["repository acme/aa", "repository acme/bb", "repository acme/cc", "user aa", "user bb", "user cc"]
    );
}

#[actix_web::test]
async fn deleting_and_restoring_is_written_down() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.user("carol").await;
    app.repository("acme/web", PRIVATE).await;
    delete_repository(&app, "acme/web").await;
    delete_organization(&app, "acme").await;
    app.admin().delete("/api/v1/superuser/users/carol").await.is(204);
    for number in [1, 1, 0] {
        restore(&app, number, json!({})).await.is(200);
    }

    let kinds = app.services.db.read(|conn| {
        use diesel::prelude::*;
        use domain::db::schema::events;
        let kinds: Vec<(String, Option<String>)> = events::table
            .order(events::id.desc())
            .limit(6)
            .select((events::kind, events::namespace_name))
            .load(conn)?;
        Ok(kinds.into_iter().rev().map(|(kind, of)| format!("{kind} {}", of.unwrap_or_default())).collect::<Vec<_>>())
    });
    assert_eq!(
        kinds.await.unwrap(),
        [
            "delete_repo acme",
            "org_delete acme",
            "user_delete carol",
            "org_restore acme",
            "user_restore carol",
            "restore_repo acme"
        ]
    );
}

#[actix_web::test]
async fn a_repository_is_not_made_in_what_was_deleted_or_renamed_meanwhile() {
    use domain::access::Create;
    use domain::repository::{NewRepository, create};
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.organization("beta").await;
    let mut before = vec![];
    for name in ["acme", "beta"] {
        let admin = app.services.sign_in.with(&app.admin().name, &app.admin().secret, &Default::default()).await;
        let caller = std::sync::Arc::new(admin.unwrap().from(Default::default()));
        before.push(app.services.access.namespace::<Create>(&caller, name, ApiScope::RepositoryCreate).await.unwrap());
    }
    delete_organization(&app, "acme").await;
    let renamed = json!({ "name": "gamma" });
    app.admin().put("/api/v1/superuser/organizations/beta", renamed).await.is(200);

    for namespace in before {
        let name = format!("{}/late", namespace.name).parse().unwrap();
        let new = NewRepository { name, visibility: domain::access::Visibility::Public, description: String::new() };
        let now = domain::time::Clock::now(&*app.clock);
        let late = app.services.db.write(move |tx| create(tx, &namespace, now, &new)).await;
        assert!(matches!(late, Err(domain::Error::NotFound(_))), "{late:?}");
    }
    assert_eq!(count(&app, "repositories").await, 0);
}

#[actix_web::test]
async fn pushes_while_an_organization_is_deleted_or_renamed_leave_nothing_behind() {
    let app = TestApp::start().await;
    for round in 0..6 {
        let name = format!("acme{round}");
        let owner = app.organization(&name).await;
        let client = app.oci(&owner);
        client.push(&format!("{name}/there"), "v1", &Image::new(&name)).await;
        let push = async |number: usize| {
            let repository = if number < 4 { format!("{name}/new{number}") } else { format!("{name}/there") };
            let layer = format!("layer {number} of {name}");
            let path =
                format!("/v2/{repository}/blobs/uploads/?digest={}", crate::support::digest_of(layer.as_bytes()));
            client.call("POST", &path).body(layer.as_bytes()).send().await
        };
        let admin = app.admin();
        let change = async {
            let path = format!("/api/v1/superuser/organizations/{name}");
            match round % 2 {
                0 => admin.delete(&path).await,
                _ => admin.put(&path, json!({ "name": format!("{name}-renamed") })).await,
            }
        };

        let (changed, pushed) =
            futures_util::future::join(change, futures_util::future::join_all((0..8).map(push))).await;

        assert!(changed.status < 300, "{}", changed.shown());
        for answer in pushed {
            assert!(answer.status < 500, "{}", answer.shown());
        }
    }
    let strays = "repositories r JOIN namespaces n ON n.id = r.namespace_id \
                  WHERE (n.deleted_at IS NOT NULL AND r.deleted_at IS NULL) OR r.name NOT LIKE n.name || '/%'";
    assert_eq!(count(&app, strays).await, 0);
}
