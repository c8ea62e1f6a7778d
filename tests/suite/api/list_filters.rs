//! Lists that show only what has something in its name.

use std::sync::Arc;

use domain::access::{ApiScope, TeamRole};
use domain::oauth;
use domain::time::Clock;
use pierhead::adapters::system::SystemEntropy;
use serde_json::{Value, json};

use crate::support::{Actor, Browser, PRIVATE, TestApp};

const ACME: &str = "/api/v1/organization/acme";
/// Names with a letter that is a wildcard to databases, and one that it would find if it were.
const TITLES: [&str; 3] = ["a_b", "axb", "A%c"];

/// A list, and where the names are in its rows.
struct List {
    path: String,
    rows: &'static str,
    name: &'static str,
    /// Whether it takes `limit`.
    has_limit: bool,
}

fn list(path: &str, rows: &'static str, name: &'static str) -> List {
    List { path: path.to_string(), rows, name, has_limit: true }
}

fn whole(path: &str, rows: &'static str, name: &'static str) -> List {
    List { has_limit: false, ..list(path, rows, name) }
}

impl List {
    fn at(&self, query: &str) -> String {
        format!("{}{}{query}", self.path, if self.path.contains('?') { '&' } else { '?' })
    }

    /// The names on a page, and what leads to the next one.
    async fn page(&self, who: &Actor, query: &str) -> (Vec<String>, Option<String>) {
        let answer = who.get(&self.at(query)).await.is(200).json();
        let rows: Vec<Value> = match &answer[self.rows] {
            Value::Object(by_name) => by_name.values().cloned().collect(),
            rows => rows.as_array().unwrap().clone(),
        };
        let name = |row: &Value| row.pointer(self.name).and_then(Value::as_str).unwrap().to_string();
        let mut names: Vec<String> = rows.iter().map(name).collect();
        // Lists have different orders, and objects none.
        names.sort();
        (names, answer["next_page"].as_str().map(str::to_string))
    }

    async fn names(&self, who: &Actor, query: &str) -> Vec<String> {
        self.page(who, query).await.0
    }

    /// All names, one by one.
    async fn walked(&self, who: &Actor, query: &str) -> Vec<String> {
        let (mut names, mut next) = self.page(who, &format!("{query}&limit=1")).await;
        while let Some(token) = next.take() {
            assert!(names.len() < 20, "{} does not end", self.path);
            let (more, after) = self.page(who, &format!("{query}&limit=1&next_page={token}")).await;
            names.extend(more);
            next = after;
        }
        names.sort();
        names
    }
}

/// An organization with two or three of each kind of thing.
async fn acme(app: &TestApp) -> (Actor, Vec<List>) {
    let owner = app.organization("acme").await;
    for organization in ["o_b", "oxb"] {
        app.organization(organization).await;
    }
    for repository in ["acme/a_b", "acme/axb", "acme/d_b", "acme/dxb"] {
        app.repository(repository, PRIVATE).await;
    }
    for team in ["t_b", "txb"] {
        app.team("acme", team, TeamRole::Member).await;
        owner.post(&format!("{ACME}/prototypes"), rule(team)).await.is(200);
    }
    for (user, outsider, robot) in [("a_b", "c_b", "r_b"), ("axb", "cxb", "rxb")] {
        let (user, outsider, robot) = (app.user(user).await, app.user(outsider).await, app.robot("acme", robot).await);
        for member in [&user, &robot] {
            app.join("acme", "t_b", member).await;
        }
        for repository in ["acme/a_b", "acme/axb"] {
            for grantee in [&outsider, &robot] {
                app.grant(repository, grantee, "read").await;
            }
        }
    }
    for repository in ["a_b", "axb"] {
        for team in ["t_b", "txb"] {
            app.grant_team(&format!("acme/{repository}"), team, "read").await;
        }
        let star = json!({ "namespace": "acme", "repository": repository });
        owner.post("/api/v1/user/starred", star).await.is(201);
    }
    for repository in ["d_b", "dxb"] {
        owner.delete(&format!("/api/v1/repository/acme/{repository}")).await.is(204);
    }
    let tokens = titled(app, &owner).await;
    (owner, lists(&tokens))
}

fn rule(team: &str) -> Value {
    json!({ "role": "read", "delegate": { "kind": "team", "name": team } })
}

/// Applications and tokens, which people call what they like. Returns where the tokens of an application are.
async fn titled(app: &TestApp, owner: &Actor) -> String {
    let mut tokens = String::new();
    for title in TITLES {
        owner.post("/api/v1/user/apptoken", json!({ "title": title })).await.is(200);
        owner.post("/api/v1/user/tokens", json!({ "name": title, "scopes": ["repo:read"] })).await.is(200);
        let made = owner.post(&format!("{ACME}/applications"), json!({ "name": title })).await.is(200).json();
        let client = made["client_id"].as_str().unwrap().to_string();
        tokens = format!("{ACME}/applications/{client}/tokens");
        authorize(app, owner, client).await;
    }
    for title in TITLES {
        owner.post(&tokens, json!({ "name": title, "scope": "repo:read" })).await.is(200);
    }
    tokens
}

/// Lets an application act for somebody.
async fn authorize(app: &TestApp, who: &Actor, client: String) {
    let signed_in = app.services.sign_in.with(&who.name, &who.secret, &Default::default()).await.unwrap();
    let caller = Arc::new(signed_in.from(Default::default()));
    let me = app.services.access.myself(&caller, ApiScope::UserAdmin).await.unwrap();
    let now = app.clock.now();
    app.change(move |tx| {
        let found = oauth::public(tx, &client)?;
        oauth::grant_token(tx, &me, &SystemEntropy, now, &found.application, &[ApiScope::RepositoryRead]).map(drop)
    })
    .await;
}

fn lists(application_tokens: &str) -> Vec<List> {
    let in_acme = |path: &str| format!("{ACME}{path}");
    vec![
        list("/api/v1/repository?namespace=acme", "repositories", "/name"),
        list(&in_acme("/members"), "members", "/name"),
        list(&in_acme("/collaborators"), "collaborators", "/name"),
        whole(ACME, "teams", "/name"),
        list(&in_acme("/team/t_b/members"), "members", "/name"),
        list(&in_acme("/team/t_b/permissions"), "permissions", "/repository/name"),
        list(&in_acme("/robots"), "robots", "/name"),
        list(&in_acme("/robots/r_b/permissions"), "permissions", "/repository/name"),
        list(&in_acme("/prototypes"), "prototypes", "/delegate/name"),
        list("/api/v1/repository/acme/a_b/permissions/user/", "permissions", "/name"),
        list("/api/v1/repository/acme/a_b/permissions/team/", "permissions", "/name"),
        whole(&in_acme("/applications"), "applications", "/name"),
        whole(application_tokens, "tokens", "/name"),
        whole("/api/v1/user/apptoken", "tokens", "/title"),
        whole("/api/v1/user/tokens", "tokens", "/name"),
        whole("/api/v1/user/authorizations", "authorizations", "/application/name"),
        whole("/api/v1/user/starred", "repositories", "/name"),
    ]
}

fn of_the_registry() -> Vec<List> {
    vec![
        list("/api/v1/superuser/users", "users", "/username"),
        list("/api/v1/superuser/organizations", "organizations", "/name"),
        list("/api/v1/superuser/apptokens", "tokens", "/title"),
        list("/api/v1/superuser/deleted", "deleted", "/name"),
    ]
}

/// Everything that a list is to do with `filter`.
async fn is_filtered(list: &List, who: &Actor) {
    let all = list.names(who, "").await;
    for (filter, part) in [("_", "_"), ("%25", "%"), ("XB", "xb"), ("a%25C", "a%c"), ("%5C", "\\"), ("none", "none")] {
        let expected: Vec<&String> = all.iter().filter(|name| name.to_lowercase().contains(part)).collect();
        let found = list.names(who, &format!("filter={filter}")).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{} filter={filter}", list.path);
        assert!(!expected.is_empty() || !["_", "xb"].contains(&part), "{} has no {part}: {all:?}", list.path);
    }
    assert_eq!(list.names(who, "filter=").await, all, "{}", list.path);
    if list.has_limit {
        let found = list.names(who, "filter=b").await;
        assert!(found.len() > 1, "{}: {found:?}", list.path);
        assert_eq!(list.walked(who, "filter=b").await, found, "{}", list.path);
    }
    let longest = "x".repeat(255);
    assert!(list.names(who, &format!("filter={longest}")).await.is_empty(), "{}", list.path);
    let refused = who.get(&list.at(&format!("filter={longest}x"))).await.is(400);
    assert_eq!(refused.message(), "filter has at most 255 bytes", "{}", list.path);
    who.get(&list.at("filter=a%00b")).await.is(400);
}

#[actix_web::test]
async fn every_list_is_filtered_by_a_part_of_the_name() {
    let app = TestApp::start().await;
    let (owner, lists) = acme(&app).await;

    for list in lists {
        is_filtered(&list, &owner).await;
    }
    for list in of_the_registry() {
        is_filtered(&list, &app.admin()).await;
    }
}

#[actix_web::test]
async fn letters_of_other_alphabets_are_found_as_they_are_written() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let applications = whole(&format!("{ACME}/applications"), "applications", "/name");
    owner.post(&applications.path, json!({ "name": "Überblick" })).await.is(200);

    assert_eq!(applications.names(&owner, "filter=%C3%9CBER").await, ["Überblick"]);
}

#[actix_web::test]
async fn a_default_permission_is_found_by_whoever_creates_and_a_token_by_its_owner() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    app.team("acme", "ops", TeamRole::Member).await;
    app.join("acme", "ops", &carol).await;
    let mut for_carol = rule("ops");
    for_carol["activating_user"] = json!({ "name": "carol" });
    owner.post(&format!("{ACME}/prototypes"), for_carol).await.is(200);
    owner.post(&format!("{ACME}/prototypes"), rule("owners")).await.is(200);
    carol.post("/api/v1/user/apptoken", json!({ "title": "laptop" })).await.is(200);

    let rules = list(&format!("{ACME}/prototypes"), "prototypes", "/delegate/name");
    assert_eq!(rules.names(&owner, "filter=arol").await, ["ops"]);
    let tokens = list("/api/v1/superuser/apptokens", "tokens", "/title");
    assert_eq!(tokens.names(&app.admin(), "filter=arol").await, ["laptop"]);
}

#[actix_web::test]
async fn namespaces_are_no_part_of_the_names_inside_them() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    app.repository("acme/web", PRIVATE).await;
    app.grant("acme/web", &robot, "read").await;
    owner.post("/api/v1/user/starred", json!({ "namespace": "acme", "repository": "web" })).await.is(201);

    for (path, rows) in [
        ("/api/v1/user/starred".to_string(), "repositories"),
        (format!("{ACME}/robots"), "robots"),
        (format!("{ACME}/robots/ci/permissions"), "permissions"),
    ] {
        let found = owner.get(&format!("{path}?filter=acme")).await.is(200).json();
        assert_eq!(found[rows], json!([]), "{path}");
    }
}

#[actix_web::test]
async fn sessions_are_found_by_their_address() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    Browser::of(&app, &carol).await;
    let sessions = whole("/api/v1/user/sessions", "sessions", "/ip");

    assert_eq!(sessions.names(&carol, "filter=127.0").await, ["127.0.0.1"]);
    assert!(sessions.names(&carol, "filter=nosuch").await.is_empty());
}
