//! Every kind of principal in every situation: what the gate says.

use std::sync::Arc;

use domain::access::{Admin, ApiScope, Create, Read, RepositoryAction, Standing, TeamRole, Write};
use domain::account;
use domain::principal::{Caller, Origin, Principal};

use super::table;
use crate::support::{Actor, PRIVATE, PUBLIC, TestApp};

const KINDS: [(&str, Standing); 4] = [
    ("user", Standing::Plain),
    ("disabled", Standing::Plain),
    ("readonly", Standing::ReadOnlySuperuser),
    ("superuser", Standing::Superuser),
];
const SITUATIONS: [&str; 10] = [
    "stranger",
    "member",
    "creator",
    "admin",
    "granted-read",
    "granted-write",
    "granted-admin",
    "team-read",
    "team-write",
    "team-admin",
];

#[actix_web::test]
async fn who_may_do_what_is_as_the_table_says() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    for (name, visibility) in [("acme/private", PRIVATE), ("acme/public", PUBLIC)] {
        app.repository(name, visibility).await;
    }
    teams(&app).await;
    let mut rows = vec![header()];
    rows.push(row(&app, "anonymous", Principal::Anonymous, "acme").await);
    for (kind, standing) in KINDS {
        for situation in SITUATIONS {
            let name = format!("{kind}-{situation}");
            let who = app.user_with(&name, standing).await;
            place(&app, &who, situation).await;
            rows.push(row(&app, &name, principal(&app, &who, kind).await, "acme").await);
        }
        let name = format!("{kind}-owner");
        let who = app.user_with(&name, standing).await;
        own(&app, &name).await;
        rows.push(row(&app, &name, principal(&app, &who, kind).await, &name).await);
    }
    for situation in SITUATIONS {
        let robot = app.robot("acme", &format!("robot-{situation}")).await;
        place(&app, &robot, situation).await;
        rows.push(row(&app, &format!("robot-{situation}"), app.principal(&robot).await, "acme").await);
    }
    rows.push(disabled_owners_robot(&app).await);
    rows.push(row(&app, "system", Principal::System("a sweep"), "acme").await);

    table::compare("policy_matrix.txt", &table::layout(&rows));
}

fn header() -> Vec<String> {
    let actions = ["pull", "push", "admin"];
    let visible = |visibility: &'static str| actions.map(|action| format!("{visibility}:{action}"));
    let name = ["principal-situation".to_string()];
    name.into_iter().chain(visible("private")).chain(visible("public")).chain(["create".into()]).collect()
}

async fn teams(app: &TestApp) {
    for role in [TeamRole::Member, TeamRole::Creator, TeamRole::Admin] {
        app.team("acme", &format!("all-{role}s"), role).await;
    }
    for role in ["read", "write", "admin"] {
        let team = format!("may-{role}");
        app.team("acme", &team, TeamRole::Member).await;
        for repository in ["acme/private", "acme/public"] {
            app.grant_team(repository, &team, role).await;
        }
    }
}

async fn place(app: &TestApp, who: &Actor, situation: &str) {
    match situation.split_once('-') {
        Some(("granted", role)) => {
            app.grant("acme/private", who, role).await;
            app.grant("acme/public", who, role).await;
        }
        Some(("team", role)) => app.join("acme", &format!("may-{role}"), who).await,
        _ if situation == "stranger" => {}
        _ => app.join("acme", &format!("all-{situation}s"), who).await,
    }
}

async fn own(app: &TestApp, namespace: &str) {
    app.repository(&format!("{namespace}/private"), PRIVATE).await;
    app.repository(&format!("{namespace}/public"), PUBLIC).await;
}

async fn principal(app: &TestApp, who: &Actor, kind: &str) -> Principal {
    let name = who.name.clone();
    let user = app.services.db.read(move |conn| account::by_name(conn, &name)).await.unwrap();
    if kind == "disabled" {
        app.set_enabled(who, false).await;
    }
    Principal::User { id: user.id, name: user.name.into() }
}

async fn disabled_owners_robot(app: &TestApp) -> Vec<String> {
    let owner = app.user("gone").await;
    own(app, "gone").await;
    let robot = app.robot("gone", "ci").await;
    for repository in ["gone/private", "gone/public"] {
        app.grant(repository, &robot, "admin").await;
    }
    let principal = app.principal(&robot).await;
    app.set_enabled(&owner, false).await;
    row(app, "robot-of-disabled-user", principal, "gone").await
}

async fn row(app: &TestApp, name: &str, principal: Principal, namespace: &str) -> Vec<String> {
    let caller = Arc::new(Caller { principal, ..Caller::anonymous(Origin::default()) });
    let mut row = vec![name.to_string()];
    for visibility in [PRIVATE, PUBLIC] {
        let repository = format!("{namespace}/{visibility}");
        row.push(verdict::<Read>(app, &caller, &repository).await);
        row.push(verdict::<Write>(app, &caller, &repository).await);
        row.push(verdict::<Admin>(app, &caller, &repository).await);
    }
    let create = app.services.access.namespace::<Create>(&caller, namespace, ApiScope::RepositoryCreate).await;
    row.push(word(create.map(|_| ())));
    row
}

async fn verdict<A: RepositoryAction>(app: &TestApp, caller: &Arc<Caller>, repository: &str) -> String {
    let outcome = app.services.access.repository::<A>(caller, &repository.parse().unwrap()).await;
    word(outcome.map(|_| ()))
}

fn word(outcome: domain::Result<()>) -> String {
    match outcome {
        Ok(()) => "yes",
        Err(domain::Error::NotFound(_)) => "hidden",
        Err(domain::Error::Forbidden { .. }) => "forbidden",
        Err(domain::Error::Unauthenticated(_)) => "sign in",
        Err(other) => panic!("{other}"),
    }
    .to_string()
}
