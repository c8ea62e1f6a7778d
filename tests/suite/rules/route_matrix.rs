//! Every route of all doors, as every kind of actor.

use domain::access::{Standing, TeamRole};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::table;
use crate::support::{Actor, Image, OCI_MANIFEST, PASSWORD, PRIVATE, PUBLIC, TestApp, digest_of};

/// One way to ask for something.
pub struct Asking {
    /// Where the source has it.
    pub handler: &'static str,
    method: &'static str,
    /// `{repository}` stands for one and then the other, `{me}` for the actor's name.
    path: &'static str,
    body: Body,
    before: Before,
}

enum Body {
    None,
    Json(fn(&str) -> Value),
    Manifest,
    Blob,
    Form,
}

/// What must be there each time.
enum Before {
    Nothing,
    /// The image under its tag, pushed again by the superuser.
    Image,
    /// An upload of the actor's own, if they may begin one; its path takes the place of `{upload}`.
    Upload,
    /// The robot account at this path.
    Robot(&'static str),
    /// No robot account at this path.
    NoRobot(&'static str),
}

const fn ask(handler: &'static str, method: &'static str, path: &'static str, body: Body, before: Before) -> Asking {
    Asking { handler, method, path, body, before }
}

const fn get(handler: &'static str, path: &'static str) -> Asking {
    ask(handler, "GET", path, Body::None, Before::Nothing)
}

const ORG_ROBOT: &str = "/api/v1/organization/acme/robots/matrix";
const OWN_ROBOT: &str = "/api/v1/user/robots/matrix";

pub const ROUTES: &[Asking] = &[
    get("registry/Base GET", "/v2/"),
    get("registry/Token GET", "/v2/auth"),
    ask("registry/Token POST", "POST", "/v2/auth", Body::Form, Before::Nothing),
    get("registry/Catalog GET", "/v2/_catalog"),
    get("registry/Tags GET", "/v2/{repository}/tags/list"),
    ask("registry/Manifest GET", "GET", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Manifest GET", "HEAD", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Manifest PUT", "PUT", "/v2/{repository}/manifests/v1", Body::Manifest, Before::Image),
    ask("registry/Manifest DELETE", "DELETE", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Blob GET", "GET", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Blob GET", "HEAD", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Blob DELETE", "DELETE", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Uploads POST", "POST", "/v2/{repository}/blobs/uploads/", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/{repository}/blobs/uploads/?digest={layer}", Body::Blob, Before::Nothing),
    ask(
        "registry/Uploads POST",
        "POST",
        "/v2/{repository}/blobs/uploads/?mount={layer}&from=acme/public",
        Body::None,
        Before::Image,
    ),
    ask("registry/Upload GET", "GET", "{upload}", Body::None, Before::Upload),
    ask("registry/Upload PATCH", "PATCH", "{upload}", Body::Blob, Before::Upload),
    ask("registry/Upload PUT", "PUT", "{upload}?digest={layer}", Body::Blob, Before::Upload),
    ask("registry/Upload DELETE", "DELETE", "{upload}", Body::None, Before::Upload),
    ask("registry/Referrers GET", "GET", "/v2/{repository}/referrers/{layer}", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/acme/{me}-pushed/blobs/uploads/", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/{me}-corp/web/blobs/uploads/", Body::None, Before::Nothing),
    get("registry/search::ping", "/v1/_ping"),
    get("registry/search::search", "/v1/search?q=acme"),
    ask("api/initialize::initialize", "POST", "/api/v1/user/initialize", Body::Json(first_user), Before::Nothing),
    get("api/users::show", "/api/v1/user/"),
    ask("api/organizations::create", "POST", "/api/v1/organization/", Body::Json(organization), Before::Nothing),
    ask("api/teams::put", "PUT", "/api/v1/organization/acme/team/{me}-team", Body::Json(team), Before::Nothing),
    ask(
        "api/teams::add_member",
        "PUT",
        "/api/v1/organization/acme/team/spare/members/dummy",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/teams::remove_member",
        "DELETE",
        "/api/v1/organization/acme/team/spare/members/dummy",
        Body::None,
        Before::Nothing,
    ),
    ask("api/robots::show", "GET", ORG_ROBOT, Body::None, Before::Robot(ORG_ROBOT)),
    ask("api/robots::create", "PUT", ORG_ROBOT, Body::Json(nothing), Before::NoRobot(ORG_ROBOT)),
    ask(
        "api/robots::regenerate",
        "POST",
        "/api/v1/organization/acme/robots/matrix/regenerate",
        Body::None,
        Before::Robot(ORG_ROBOT),
    ),
    ask("api/robots::delete", "DELETE", ORG_ROBOT, Body::None, Before::Robot(ORG_ROBOT)),
    ask("api/robots::create", "PUT", OWN_ROBOT, Body::Json(nothing), Before::Nothing),
    ask("api/robots::show", "GET", OWN_ROBOT, Body::None, Before::Nothing),
    ask("api/robots::regenerate", "POST", "/api/v1/user/robots/matrix/regenerate", Body::None, Before::Nothing),
    ask("api/robots::delete", "DELETE", OWN_ROBOT, Body::None, Before::Nothing),
    get("api/logs::entries", "/api/v1/repository/{repository}/logs"),
    get("api/logs::entries", "/api/v1/organization/acme/logs"),
    get("api/logs::entries", "/api/v1/user/logs"),
    get("api/logs::entries", "/api/v1/superuser/logs"),
    get("api/logs::aggregate", "/api/v1/repository/{repository}/aggregatelogs"),
    get("api/logs::aggregate", "/api/v1/organization/acme/aggregatelogs"),
    get("api/logs::aggregate", "/api/v1/user/aggregatelogs"),
    get("api/logs::aggregate", "/api/v1/superuser/aggregatelogs"),
    get("api/log_exports::stream", "/api/v1/repository/{repository}/logs/export"),
    get("api/log_exports::stream", "/api/v1/superuser/logs/export"),
    get("api/log_exports::list", "/api/v1/repository/{repository}/logs/exports"),
    get("api/log_exports::list", "/api/v1/superuser/logs/exports"),
    ask(
        "api/log_exports::request",
        "POST",
        "/api/v1/repository/{repository}/exportlogs",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask("api/log_exports::request", "POST", "/api/v1/superuser/exportlogs", Body::Json(nothing), Before::Nothing),
    get("api/log_exports::fetch", "/exportedlogs/00000000-0000-0000-0000-000000000000?key=none"),
    ask("api/repositories::create", "POST", "/api/v1/repository", Body::Json(in_acme), Before::Nothing),
    ask(
        "api/repositories::change_visibility",
        "POST",
        "/api/v1/repository/{repository}/changevisibility",
        Body::Json(visibility),
        Before::Nothing,
    ),
    ask(
        "api/permissions::grant_user",
        "PUT",
        "/api/v1/repository/{repository}/permissions/user/dummy",
        Body::Json(role),
        Before::Nothing,
    ),
    ask(
        "api/permissions::grant_team",
        "PUT",
        "/api/v1/repository/{repository}/permissions/team/spare",
        Body::Json(role),
        Before::Nothing,
    ),
    get("portal/landing::show", "/"),
    get("portal/setup::show", "/setup"),
    ask("portal/setup::submit", "POST", "/setup", Body::Form, Before::Nothing),
    get("portal/setup::done", "/setup/done?user=olivia"),
    get("web/health::live", "/health/live"),
    get("web/health::ready", "/health/ready"),
    get("web/health::quay", "/health/instance"),
    get("web/health::quay", "/health/endtoend"),
    get("web/health::metrics", "/metrics"),
    get("web/assets::file", "/static/css/pierhead.css"),
    get("web/assets::favicon", "/favicon.ico"),
    get("web/assets::robots", "/robots.txt"),
];

fn first_user(_: &str) -> Value {
    json!({ "username": "second", "password": PASSWORD })
}

fn organization(me: &str) -> Value {
    json!({ "name": format!("org-of-{me}") })
}

fn team(_: &str) -> Value {
    json!({ "role": "member" })
}

fn nothing(_: &str) -> Value {
    json!({})
}

fn in_acme(me: &str) -> Value {
    json!({ "namespace": "acme", "repository": format!("made-by-{me}"), "visibility": "private" })
}

fn role(_: &str) -> Value {
    json!({ "role": "read" })
}

/// The one it has, so that the next actor finds it so.
fn visibility(repository: &str) -> Value {
    json!({ "visibility": if repository == "acme/public" { PUBLIC } else { PRIVATE } })
}

const REPOSITORIES: [&str; 2] = ["acme/private", "acme/public"];

struct Matrix {
    app: TestApp,
    image: Image,
    actors: Vec<(&'static str, Actor)>,
}

#[actix_web::test]
async fn who_may_ask_what_is_as_the_table_says() {
    let matrix = Matrix::new().await;
    let names = matrix.actors.iter().map(|(name, _)| name.to_string());
    let mut rows = vec![["route".to_string()].into_iter().chain(names).collect::<Vec<_>>()];
    for route in ROUTES {
        let named = route.path.contains("{repository}") || matches!(route.before, Before::Upload);
        for repository in if named { &REPOSITORIES[..] } else { &REPOSITORIES[..1] } {
            let shown = route.path.replace("{upload}", "/v2/{repository}/blobs/uploads/{upload}");
            let mut row = vec![format!("{} {}", route.method, shown.replace("{repository}", repository))];
            for (_, actor) in &matrix.actors {
                row.push(matrix.status(route, repository, actor).await.to_string());
            }
            rows.push(row);
        }
    }

    table::compare("route_matrix.txt", &table::layout(&rows));
}

impl Matrix {
    async fn new() -> Matrix {
        let app = TestApp::start().await;
        app.organization("acme").await;
        app.user("dummy").await;
        app.team("acme", "spare", TeamRole::Member).await;
        let image = Image::new("matrix");
        for (repository, visibility) in REPOSITORIES.iter().zip([PRIVATE, PUBLIC]) {
            app.repository(repository, visibility).await;
        }
        let actors = actors(&app).await;
        Matrix { app, image, actors }
    }

    async fn status(&self, route: &Asking, repository: &str, actor: &Actor) -> u16 {
        let upload = self.prepare(&route.before, repository, actor).await;
        let me = if actor.name.is_empty() { "nobody" } else { &actor.name.replace('+', "-") };
        let path = route.path.replace("{repository}", repository).replace("{me}", me).replace("{upload}", &upload);
        let path = path.replace("{layer}", &digest_of(&self.image.layer));
        let request = actor.request(route.method.parse().unwrap(), &path);
        let request = match &route.body {
            Body::None => request,
            Body::Json(body) if route.path.contains("changevisibility") => request.json(&body(repository)),
            Body::Json(body) => request.json(&body(me)),
            Body::Manifest => request.header(CONTENT_TYPE, OCI_MANIFEST).body(self.image.manifest.clone()),
            Body::Blob => request.body(self.image.layer.clone()),
            Body::Form => {
                let fields = [("grant_type", "password"), ("username", &actor.name), ("password", &actor.secret)];
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
                request.header(CONTENT_TYPE, form_type).body(form)
            }
        };
        let answer = Actor::send(request).await;
        assert!(answer.status < 500, "{}", answer.shown());
        answer.status
    }

    async fn prepare(&self, before: &Before, repository: &str, actor: &Actor) -> String {
        let admin = self.app.admin();
        match before {
            Before::Nothing => {}
            Before::Image => {
                for repository in REPOSITORIES {
                    self.app.oci(&admin).push(repository, "v1", &self.image).await;
                }
            }
            Before::Robot(path) => {
                admin.put(path, json!({})).await;
            }
            Before::NoRobot(path) => {
                admin.delete(path).await;
            }
            Before::Upload => {
                let path = format!("/v2/{repository}/blobs/uploads/");
                let begun = actor.request(Method::POST, &path).body("");
                let somebody = format!("{path}00000000-0000-4000-8000-000000000000");
                return Actor::send(begun).await.maybe_header("location").unwrap_or(somebody);
            }
        }
        String::new()
    }
}

async fn actors(app: &TestApp) -> Vec<(&'static str, Actor)> {
    let mut actors = vec![("anonymous", app.anonymous()), ("stranger", app.user("stranger").await)];
    for (name, role) in [("reader", "read"), ("writer", "write"), ("repo-admin", "admin")] {
        let who = app.user(name).await;
        grant_both(app, &who, role).await;
        actors.push((name, who));
    }
    let owner = app.user("org-admin").await;
    app.join("acme", "owners", &owner).await;
    actors.push(("org-admin", owner));
    for (name, role) in [("robot-reader", "read"), ("robot-writer", "write")] {
        let robot = app.robot("acme", name).await;
        grant_both(app, &robot, role).await;
        actors.push((name, robot));
    }
    actors.push(("read-only", app.user_with("auditor", Standing::ReadOnlySuperuser).await));
    actors.push(("superuser", app.user_with("root", Standing::Superuser).await));
    let disabled = app.user("disabled").await;
    grant_both(app, &disabled, "admin").await;
    app.set_enabled(&disabled, false).await;
    actors.push(("disabled", disabled));
    actors
}

async fn grant_both(app: &TestApp, who: &Actor, role: &str) {
    for repository in REPOSITORIES {
        app.grant(repository, who, role).await;
    }
}
