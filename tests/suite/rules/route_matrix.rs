//! Every operation of every door as every kind of caller.

use std::fmt::Write;

use domain::access::Standing;
use domain::oci::Digest;
use reqwest::Method;
use serde_json::{Value, json};

use super::table::assert_same;
use crate::support::source::files;
use crate::support::{Actor, Answer, Image, TestApp};

/// An operation: method, path, body. `{digest}` and `{blob}` are of the image, `{n}` differs for each caller.
const OPERATIONS: [(&str, &str, &str); 40] = [
    ("GET", "/", ""),
    ("GET", "/setup", ""),
    ("GET", "/setup/done", ""),
    ("GET", "/robots.txt", ""),
    ("GET", "/health/live", ""),
    ("GET", "/health/ready", ""),
    ("GET", "/health/instance", ""),
    ("GET", "/health/endtoend", ""),
    ("GET", "/metrics", ""),
    ("GET", "/v1/_ping", ""),
    ("GET", "/v1/search?q=web", ""),
    ("GET", "/v2/", ""),
    ("GET", "/v2/auth?scope=repository:acme/web:pull", ""),
    ("GET", "/v2/_catalog", ""),
    ("GET", "/v2/acme/web/tags/list", ""),
    ("GET", "/v2/acme/open/tags/list", ""),
    ("GET", "/v2/acme/web/manifests/v1", ""),
    ("GET", "/v2/acme/web/manifests/{digest}", ""),
    ("HEAD", "/v2/acme/web/blobs/{blob}", ""),
    ("GET", "/v2/acme/web/blobs/{blob}", ""),
    ("GET", "/v2/acme/web/referrers/{digest}", ""),
    ("POST", "/v2/acme/web/blobs/uploads/", ""),
    ("POST", "/v2/acme/new{n}/blobs/uploads/", ""),
    ("GET", "/v2/acme/web/blobs/uploads/00000000-0000-0000-0000-000000000000", ""),
    ("PATCH", "/v2/acme/web/blobs/uploads/00000000-0000-0000-0000-000000000000", ""),
    ("PUT", "/v2/acme/web/blobs/uploads/00000000-0000-0000-0000-000000000000?digest={blob}", ""),
    ("DELETE", "/v2/acme/web/blobs/uploads/00000000-0000-0000-0000-000000000000", ""),
    ("PUT", "/v2/acme/web/manifests/again", "MANIFEST"),
    ("DELETE", "/v2/acme/web/manifests/absent", ""),
    ("DELETE", "/v2/acme/web/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000", ""),
    ("POST", "/api/v1/user/initialize", r#"{"username":"x{n}","password":"long enough"}"#),
    ("GET", "/api/v1/user/", ""),
    ("POST", "/api/v1/organization/", r#"{"name":"org{n}"}"#),
    ("PUT", "/api/v1/organization/acme/team/team{n}", r#"{"role":"member"}"#),
    ("PUT", "/api/v1/organization/acme/team/owners/members/owner", "{}"),
    ("PUT", "/api/v1/organization/acme/robots/robot{n}", "{}"),
    ("POST", "/api/v1/repository", r#"{"namespace":"acme","repository":"made{n}","visibility":"private"}"#),
    ("POST", "/api/v1/repository/acme/web/changevisibility", r#"{"visibility":"private"}"#),
    ("PUT", "/api/v1/repository/acme/web/permissions/user/owner", r#"{"role":"admin"}"#),
    ("PUT", "/api/v1/repository/acme/web/permissions/team/owners", r#"{"role":"admin"}"#),
];

/// What the source registers, as it is written there; each is covered above or has its reason here.
const COVERED_OTHERWISE: [&str; 7] = [
    // The whole of `/v2` goes to the dispatcher, whose operations are listed above one by one.
    "/v2/{rest:.*}",
    // Twins of operations above: the same check on the same namespace.
    "/organization/{organization}/team/{team}/members/{member}",
    "{robots}/regenerate",
    "{own}/regenerate",
    "/user/robots/{robot}",
    // Files that anybody may have; their tests are beside them.
    "/static/{name:.*}",
    "/favicon.ico",
];

async fn actors(app: &TestApp) -> Vec<(&'static str, Actor<'_>)> {
    let owner = app.user("owner").await;
    app.organization(&owner, "acme").await;
    owner.oci().push_image("acme/web", "v1", &Image::of("web")).await;
    owner.oci().push_image("acme/open", "v1", &Image::of("web")).await;
    owner.set_visibility("acme/open", "public").await;
    let mut actors = vec![("anonymous", app.anonymous()), ("stranger", app.user("stranger").await)];
    for (name, role) in [("reader", "read"), ("writer", "write"), ("keeper", "admin")] {
        actors.push((name, app.user(name).await));
        owner.grant("acme/web", name, role).await;
    }
    for (name, short, role) in [("robot reader", "reads", "read"), ("robot writer", "writes", "write")] {
        actors.push((name, app.robot(&owner, "acme", short).await));
        owner.grant("acme/web", &format!("acme+{short}"), role).await;
    }
    owner.put("/api/v1/organization/acme/team/makers", json!({ "role": "creator" })).await.is(200);
    actors.push(("creator", app.user("creator").await));
    owner.put("/api/v1/organization/acme/team/makers/members/creator", json!({})).await.is(200);
    actors.push(("owner", owner));
    actors.push(("auditor", app.user_with("auditor", Standing::ReadOnlySuperuser).await));
    actors.push(("superuser", app.superuser("operator").await));
    let disabled = app.user("disabled").await;
    app.set_enabled("disabled", false).await;
    actors.push(("disabled", disabled));
    actors
}

async fn status(actor: &Actor<'_>, operation: (&str, &str, &str), number: usize, image: &Image) -> u16 {
    let blob = Digest::of(domain::oci::Algorithm::Sha256, &image.blobs[1]);
    let fill = |text: &str| {
        let text = text.replace("{digest}", image.digest().as_str()).replace("{blob}", blob.as_str());
        text.replace("{n}", &number.to_string())
    };
    let method: Method = operation.0.parse().unwrap();
    let mut request = actor.app.request(method, &fill(operation.1));
    if !actor.name.is_empty() {
        request = request.basic_auth(&actor.name, Some(&actor.secret));
    }
    request = match operation.2 {
        "" => request,
        "MANIFEST" => request.header("content-type", image.media_type).body(image.manifest.clone()),
        body => request.json(&serde_json::from_str::<Value>(&fill(body)).unwrap()),
    };
    Answer::of(request).await.status
}

#[actix_web::test]
async fn every_route_answers_every_caller_as_the_table_says() {
    let app = TestApp::start().await;
    let actors = actors(&app).await;
    let image = Image::of("web");

    let mut table = String::from(
        "# What each operation answers each caller. Written by the test `route_matrix`; a change here is to be reviewed.\n\n",
    );
    for operation in OPERATIONS {
        let path =
            operation.1.replace("00000000-0000-0000-0000-000000000000", "{id}").replace(&"0".repeat(64), "{none}");
        writeln!(table, "{} {path}", operation.0).unwrap();
        for (number, (name, actor)) in actors.iter().enumerate() {
            write!(table, "  {name} {}", status(actor, operation, number, &image).await).unwrap();
        }
        table.push('\n');
    }
    assert_same("route_matrix.txt", &table);
}

#[test]
fn no_route_is_missing_from_the_table() {
    let mut missing = Vec::new();
    for folder in ["src/registry", "src/api", "src/web", "src/portal"] {
        for (path, text) in files(folder, ".rs") {
            for written in routes_in(&text) {
                let literal = written.split('{').next().unwrap();
                let covered = OPERATIONS.iter().any(|(_, path, _)| path.contains(literal)) && literal.len() > 1;
                if !covered && !COVERED_OTHERWISE.contains(&written.as_str()) {
                    missing.push(format!("{}: {written}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not in the table:\n{}", missing.join("\n"));
}

/// Paths given to `route("…"` and `resource("…"` or `resource(["…", …])`.
fn routes_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in [".route(", "web::resource(", "asked::either("] {
        for after in text.split(call).skip(1) {
            let arguments = after.trim_start();
            let list = if arguments.starts_with('[') { arguments.split(']').next().unwrap() } else { arguments };
            let quoted: Vec<&str> = list.split('"').collect();
            if arguments.starts_with('"') {
                found.push(quoted[1].to_string());
            } else if arguments.starts_with('[') {
                found.extend(quoted.iter().skip(1).step_by(2).map(ToString::to_string));
            }
        }
    }
    found
}
