//! Every route of the API and the registry, as every kind of actor. Pages have a table of their own: `page_matrix.rs`.

mod bodies;
mod namespaces;
mod people;
mod registry;
mod repositories;
mod site;

use domain::access::{Standing, TeamRole};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::table;
use crate::support::{Actor, Image, OCI_MANIFEST, PRIVATE, PUBLIC, TestApp, digest_of};

/// One way to ask for something.
pub struct Asking {
    /// Where the source has it.
    pub handler: &'static str,
    pub method: &'static str,
    /// `{repository}` stands for one and then the other, `{me}` for the actor's name.
    pub path: &'static str,
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

/// What removes who is asking, or what others ask for.
const LAST: &[Asking] = &[
    ask("api/repositories::delete", "DELETE", "/api/v1/repository/acme/no-{me}", Body::None, Before::Nothing),
    ask("api/users::delete", "DELETE", "/api/v1/user/", Body::None, Before::Nothing),
];

/// All of them, in the order of the table.
pub fn routes() -> impl Iterator<Item = &'static Asking> {
    let tables = [registry::ROUTES, site::ROUTES, namespaces::ROUTES, repositories::ROUTES, people::ROUTES, LAST];
    tables.into_iter().flatten()
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
    for route in routes() {
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
