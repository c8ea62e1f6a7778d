//! The usage log: who reads what of it, a page at a time, and how often what happened.

use std::time::Duration;

use domain::access::{ApiScope, Standing};
use domain::audit;
use domain::time::Clock;
use serde_json::{Value, json};

use crate::support::{Actor, PRIVATE, TestApp};

const REPOSITORY: &str = "/api/v1/repository/acme/web/logs";
const ORGANIZATION: &str = "/api/v1/organization/acme/logs";
const OWN: &str = "/api/v1/user/logs";
const EVERYTHING: &str = "/api/v1/superuser/logs";

async fn entries(who: &Actor, path: &str) -> Vec<Value> {
    who.get(path).await.is(200).json()["logs"].as_array().unwrap().clone()
}

fn kinds(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

/// So many events in a repository, a second apart, the last one now.
async fn pulls(app: &TestApp, repository: &str, count: i64, times: i64) {
    let now = app.clock.now().0;
    app.sql(format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO events (kind, at, actor_kind, actor_name, namespace_id, namespace_name, repository_id, \
         repository_name, tag, times) \
         SELECT 'pull_repo', {now} - i * 1000, 'anonymous', '(anonymous)', r.namespace_id, n2.name, r.id, r.name, \
         'v' || i, {times} FROM n, repositories r JOIN namespaces n2 ON n2.id = r.namespace_id \
         WHERE r.name = '{repository}'"
    ))
    .await;
}

#[actix_web::test]
async fn an_entry_says_what_happened_in_quays_words() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.oci(&owner).push_image("acme/web", "v1").await;

    let answer = owner.get(REPOSITORY).await.is(200).json();

    assert_eq!(answer["start_time"], "Wed, 31 Dec 2025 12:00:00 -0000");
    assert_eq!(answer["end_time"], "Fri, 02 Jan 2026 12:00:00 -0000");
    assert!(answer.get("next_page").is_none(), "{answer}");
    let push = &answer["logs"][0];
    assert_eq!(push["kind"], "push_repo");
    assert_eq!(push["datetime"], "Thu, 01 Jan 2026 12:00:00 -0000");
    assert_eq!(push["ip"], "127.0.0.1");
    let metadata = &push["metadata"];
    let said = [&metadata["namespace"], &metadata["repo"], &metadata["tag"], &metadata["username"]];
    assert_eq!(said, ["acme", "web", "v1", "acme-owner"]);
    assert_eq!(metadata["mediaType"], "application/vnd.oci.image.manifest.v1+json");
    assert!(metadata["manifest_digest"].as_str().unwrap().starts_with("sha256:"));
    let performer = &push["performer"];
    assert_eq!((&performer["kind"], &performer["name"]), (&json!("user"), &json!("acme-owner")));
    assert_eq!((&performer["is_robot"], &performer["avatar"]["kind"]), (&json!(false), &json!("user")));
    assert_eq!(push["credential"], "registry_token");
    assert!(push.get("namespace").is_none(), "{push}");
}

#[actix_web::test]
async fn an_entry_names_the_token_and_the_application_it_was_made_for() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let applications = "/api/v1/organization/acme/applications";
    let tool = owner.post(applications, json!({ "name": "deploy tool" })).await.is(200).json();
    let client = tool["client_id"].as_str().unwrap();
    let new = json!({ "name": "t", "scope": "repo:create" });
    let minted = owner.post(&format!("{applications}/{client}/tokens"), new).await.is(200).json();
    let personal = app.access_token(&owner, &[ApiScope::RepositoryCreate]).await;
    let create = async |token: &str, name: &str| {
        let new = json!({ "namespace": "acme", "repository": name, "visibility": "private" });
        app.bearer(token).post("/api/v1/repository", new).await.is(201);
    };

    create(minted["token"].as_str().unwrap(), "by-tool").await;
    create(&personal, "by-hand").await;

    let created = entries(&owner, &format!("{ORGANIZATION}?kind=create_repo")).await;
    let [by_hand, by_tool] = [&created[0]["metadata"], &created[1]["metadata"]];
    assert_eq!(by_tool["oauth_token_application_id"], client);
    assert_eq!(by_tool["oauth_token_application"], "deploy tool");
    assert!(by_tool["oauth_token_id"].is_i64(), "{by_tool}");
    assert_eq!(created[1]["token"], minted["uuid"]);
    assert!(by_hand["oauth_token_id"].is_i64(), "{by_hand}");
    assert_eq!(by_hand["oauth_token_application"], Value::Null);
    let by_password = entries(&owner, &format!("{ORGANIZATION}?kind=create_application")).await;
    assert!(by_password[0]["metadata"].get("oauth_token_id").is_none(), "{by_password:?}");
}

#[actix_web::test]
async fn pages_go_on_where_the_last_one_ended_and_repeat_nothing() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    pulls(&app, "acme/web", 45, 1).await;

    let (mut path, mut seen, mut sizes) = (REPOSITORY.to_string(), Vec::new(), Vec::new());
    loop {
        let page = owner.get(&path).await.is(200).json();
        let entries = page["logs"].as_array().unwrap();
        sizes.push(entries.len());
        seen.extend(entries.iter().filter_map(|entry| entry["metadata"]["tag"].as_str().map(str::to_string)));
        let Some(next) = page["next_page"].as_str() else { break };
        path = format!("{REPOSITORY}?next_page={next}");
    }

    assert_eq!(sizes, [20, 20, 6]);
    let all: Vec<String> = (1..=45).map(|number| format!("v{number}")).collect();
    assert_eq!(seen, all);
    owner.get(&format!("{REPOSITORY}?next_page=garbage")).await.is(400);
}

#[actix_web::test]
async fn each_log_is_for_those_who_run_what_it_is_about() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, other) = (app.user("carol").await, app.organization("other").await);
    app.repository("acme/web", PRIVATE).await;
    app.grant("acme/web", &carol, "write").await;
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let nobody = app.anonymous();

    for path in [REPOSITORY, ORGANIZATION] {
        for aggregate in [path.to_string(), path.replace("/logs", "/aggregatelogs")] {
            owner.get(&aggregate).await.is(200);
            app.admin().get(&aggregate).await.is(200);
            auditor.get(&aggregate).await.is(200);
            carol.get(&aggregate).await.is(403);
            nobody.get(&aggregate).await.is(401);
        }
    }
    other.get(REPOSITORY).await.is(404);
    other.get(ORGANIZATION).await.is(403);
    owner.get("/api/v1/organization/nowhere/logs").await.is(404);
    // A user's namespace is no organization.
    app.admin().get("/api/v1/organization/carol/logs").await.is(404);
    nobody.get(OWN).await.is(401);
    for path in [EVERYTHING, "/api/v1/superuser/aggregatelogs", "/api/v1/superuser/logs/export"] {
        app.admin().get(path).await.is(200);
        auditor.get(path).await.is(200);
        owner.get(path).await.is(403);
        nobody.get(path).await.is(401);
    }
}

#[actix_web::test]
async fn a_token_reads_what_its_scopes_allow() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::RepositoryRead]).await);
    let wide = [ApiScope::RepositoryAdmin, ApiScope::OrganizationAdmin, ApiScope::UserAdmin];
    let wide = app.bearer(&app.access_token(&owner, &wide).await);

    for path in [REPOSITORY, ORGANIZATION, OWN] {
        narrow.get(path).await.is(403);
        wide.get(path).await.is(200);
    }
    let token = app.access_token(&app.admin(), &[ApiScope::UserAdmin]).await;
    app.bearer(&token).get(EVERYTHING).await.is(403);
    let token = app.access_token(&app.admin(), &[ApiScope::Superuser]).await;
    app.bearer(&token).get(EVERYTHING).await.is(200);
}

#[actix_web::test]
async fn what_somebody_does_to_their_account_is_in_their_own_log() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).ask_token(&[]).await.is(200);
    app.actor("carol", "a wrong password").get("/v2/").await.is(401);

    let own = entries(&carol, OWN).await;

    let mut found = kinds(&own);
    found.sort_unstable();
    assert_eq!(found, ["login_failure", "login_success", "user_create"]);
    let everything = entries(&app.admin(), EVERYTHING).await;
    let success = everything.iter().find(|entry| entry["kind"] == "login_success").unwrap();
    assert_eq!((&success["namespace"]["kind"], &success["namespace"]["name"]), (&json!("user"), &json!("carol")));
    let failure = everything.iter().find(|entry| entry["kind"] == "login_failure").unwrap();
    assert_eq!(failure["metadata"]["username"], "carol");
    assert!(failure.get("performer").is_none(), "{failure}");
}

#[actix_web::test]
async fn filters_choose_and_what_no_filter_knows_is_ignored() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    app.repository("acme/api", PRIVATE).await;
    app.grant("acme/api", &robot, "write").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    app.oci(&robot).push_image("acme/api", "rc_100").await;

    let asked = |query: &str| format!("{ORGANIZATION}?{query}");
    let by_kind = entries(&owner, &asked("kind=push_repo")).await;
    assert_eq!(kinds(&by_kind), ["push_repo", "push_repo"]);
    let by_robot = entries(&owner, &asked("performer=acme%2Bci&kind=push_repo")).await;
    assert_eq!(by_robot[0]["metadata"]["repo"], "api");
    assert_eq!((by_robot.len(), &by_robot[0]["performer"]["is_robot"]), (1, &json!(true)));
    for name in ["web", "acme%2Fweb"] {
        assert_eq!(kinds(&entries(&owner, &asked(&format!("repository={name}"))).await), ["push_repo", "create_repo"]);
    }
    assert_eq!(entries(&owner, &asked("q=RC_100")).await.len(), 1);
    for wildcard in ["q=r__100", "q=rc%25100", "q=rc%251", "q=!"] {
        assert_eq!(entries(&owner, &asked(wildcard)).await.len(), 0, "{wildcard}");
    }
    assert_eq!(entries(&owner, &asked("performer=nobody")).await.len(), 0);
    assert_eq!(entries(&owner, &asked("repository=nothing")).await.len(), 0);
    let all = entries(&owner, ORGANIZATION).await.len();
    assert_eq!(entries(&owner, &asked("actor_id=1&id=1&unknown=x")).await.len(), all);
    owner.get(&asked("kind=drop_table")).await.is(400);
    owner.get(&asked(&format!("q={}", "x".repeat(300)))).await.is(400);
    owner.get(&asked("performer=a%00b")).await.is(400);
}

#[actix_web::test]
async fn another_tenants_repository_cannot_be_filtered_for() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    app.oci(&other).push_image("other/web", "v1").await;

    assert_eq!(entries(&owner, &format!("{ORGANIZATION}?repository=other/web")).await.len(), 0);
    let aggregated = owner.get("/api/v1/organization/acme/aggregatelogs?repository=other/web").await.is(200).json();
    assert_eq!(aggregated, json!({ "aggregated": [] }));
}

#[actix_web::test]
async fn days_choose_the_range_and_what_is_no_day_is_ignored() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.clock.advance(Duration::from_secs(3 * 24 * 3600));

    assert_eq!(entries(&owner, REPOSITORY).await.len(), 0);
    let range = owner.get(&format!("{REPOSITORY}?starttime=01/01/2026&endtime=01/01/2026")).await.is(200).json();
    assert_eq!(range["start_time"], "Thu, 01 Jan 2026 00:00:00 -0000");
    assert_eq!(range["end_time"], "Fri, 02 Jan 2026 00:00:00 -0000");
    assert_eq!(range["logs"].as_array().unwrap().len(), 1);
    assert_eq!(entries(&owner, &format!("{REPOSITORY}?starttime=garbage&endtime=13/45/2026")).await.len(), 0);
}

#[actix_web::test]
async fn a_rare_entry_among_many_is_found_by_going_on() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.clock.advance(Duration::from_secs(12 * 3600));
    pulls(&app, "acme/web", 12_000, 1).await;

    let first = owner.get(&format!("{REPOSITORY}?kind=create_repo")).await.is(200).json();
    assert_eq!(first["logs"].as_array().unwrap().len(), 0);
    let next = first["next_page"].as_str().unwrap();
    let second = owner.get(&format!("{REPOSITORY}?kind=create_repo&next_page={next}")).await.is(200).json();

    assert_eq!(kinds(second["logs"].as_array().unwrap()), ["create_repo"]);
    assert!(second.get("next_page").is_none());
}

async fn count(app: &TestApp) {
    audit::count(&app.services.db, app.clock.now(), 10_000).await.unwrap();
}

#[actix_web::test]
async fn charts_say_the_same_whether_days_were_counted_before_or_not() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    app.repository("acme/api", PRIVATE).await;
    pulls(&app, "acme/web", 50, 3).await;
    app.clock.advance(Duration::from_secs(26 * 3600));
    pulls(&app, "acme/web", 7, 1).await;
    pulls(&app, "acme/api", 2, 1).await;
    let paths = [
        "/api/v1/repository/acme/web/aggregatelogs",
        "/api/v1/organization/acme/aggregatelogs",
        "/api/v1/organization/acme/aggregatelogs?repository=web",
        "/api/v1/organization/acme/aggregatelogs?kind=pull_repo",
        "/api/v1/organization/acme/aggregatelogs?performer=olivia",
        "/api/v1/superuser/aggregatelogs?kind=pull_repo",
    ];
    let ask = async || {
        let mut answers = Vec::new();
        for path in paths {
            answers.push(app.admin().get(path).await.is(200).json());
        }
        answers
    };
    let before = ask().await;

    count(&app).await;
    count(&app).await;

    assert_eq!(ask().await, before);
    let repository = owner.get(paths[0]).await.is(200).json();
    let pulls: Vec<&Value> =
        repository["aggregated"].as_array().unwrap().iter().filter(|day| day["kind"] == "pull_repo").collect();
    assert_eq!(
        pulls,
        [
            &json!({ "kind": "pull_repo", "count": 7, "datetime": "Fri, 02 Jan 2026 00:00:00 -0000" }),
            &json!({ "kind": "pull_repo", "count": 150, "datetime": "Thu, 01 Jan 2026 00:00:00 -0000" }),
        ]
    );
    let performer = &before[4]["aggregated"];
    assert_eq!(performer[0]["kind"], "create_repo");
    assert_eq!(performer[0]["count"], 2);
}

#[actix_web::test]
async fn two_replicas_count_an_event_once() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    pulls(&app, "acme/web", 5, 1).await;
    app.clock.advance(Duration::from_secs(3 * 3600));
    let now = app.clock.now();
    let db = &app.services.db;

    let (one, two) = tokio::join!(audit::count(db, now, 100), audit::count(db, now, 100));

    assert!(one.unwrap() | two.unwrap());
    count(&app).await;
    let answer = app.admin().get("/api/v1/superuser/aggregatelogs?kind=pull_repo").await.is(200).json();
    assert_eq!(answer["aggregated"][0]["count"], 5);
}

#[actix_web::test]
async fn old_entries_go_and_the_counts_of_their_days_stay() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    app.clock.advance(Duration::from_secs(40 * 24 * 3600));
    let kept = app.clock.now().minus(Duration::from_secs(30 * 24 * 3600));
    let month = "starttime=01/01/2026&endtime=01/31/2026";

    // What is not counted stays.
    assert_eq!(app.change(move |tx| audit::expire_events(tx, kept, 1_000)).await, 0);
    count(&app).await;
    let mut removed = 0;
    loop {
        let some = app.change(move |tx| audit::expire_events(tx, kept, 2)).await;
        assert!(some <= 2);
        removed += some;
        if some == 0 {
            break;
        }
    }

    assert!(removed >= 4, "{removed}");
    assert_eq!(entries(&owner, &format!("{REPOSITORY}?{month}")).await.len(), 0);
    let chart = owner.get(&format!("/api/v1/repository/acme/web/aggregatelogs?{month}")).await.is(200).json();
    assert_eq!(chart["aggregated"].as_array().unwrap().len(), 2, "{chart}");
}
