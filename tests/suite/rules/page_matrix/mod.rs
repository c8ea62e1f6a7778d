//! Every page and every form, as every kind of person with a browser. Robots and programs have no pages.
//!
//! People come with a session and send the proof that goes with it, so what is in the table is what permissions say:
//! 200, or 303 to where a form leads, for what one may; 404 for what one may not see; 403 for what one sees but may not
//! change; 422 for a form that was understood and refused with a reason; 303 to the sign-in page, `303*`, for whoever
//! must sign in first.

mod account;
mod administration;
mod explore;
mod namespaces;
mod repositories;

use domain::access::{Standing, TeamRole};
use reqwest::Method;

use super::table;
use crate::support::{Actor, Browser, Image, OCI_MANIFEST, PRIVATE, PUBLIC, TestApp};

/// One page, or one form.
pub struct Asking {
    /// Where the source has it.
    pub handler: &'static str,
    /// `{repository}` stands for one and then the other, `{me}` for the person's name, `{image}` for the digest of what
    /// is tagged `v1`.
    pub path: &'static str,
    sends: Sends,
}

enum Sends {
    /// Nothing: it is opened.
    Nothing,
    /// A form with these fields.
    Form(&'static [(&'static str, &'static str)]),
}

impl Asking {
    fn method(&self) -> &'static str {
        match self.sends {
            Sends::Nothing => "GET",
            Sends::Form(_) => "POST",
        }
    }

    /// What is filled in, if it is a form.
    pub fn fields(&self) -> Option<&'static [(&'static str, &'static str)]> {
        match self.sends {
            Sends::Nothing => None,
            Sends::Form(fields) => Some(fields),
        }
    }
}

const fn open(handler: &'static str, path: &'static str) -> Asking {
    Asking { handler, path, sends: Sends::Nothing }
}

const fn send(handler: &'static str, path: &'static str, fields: &'static [(&'static str, &'static str)]) -> Asking {
    Asking { handler, path, sends: Sends::Form(fields) }
}

/// What nobody is signed in after.
const LAST: &[Asking] = &[send("portal/out::sign_out", "/signout", &[])];

/// All of them, in the order of the table.
pub fn routes() -> impl Iterator<Item = &'static Asking> {
    let tables =
        [explore::ROUTES, namespaces::ROUTES, repositories::ROUTES, administration::ROUTES, account::ROUTES, LAST];
    tables.into_iter().flatten()
}

const REPOSITORIES: [&str; 2] = ["acme/private", "acme/public"];

/// Somebody, and the browser they are signed in with.
struct Person {
    kind: &'static str,
    /// The user's name; `nobody` for whoever has none.
    name: String,
    browser: Browser,
}

struct Matrix {
    app: TestApp,
    image: Image,
    people: Vec<Person>,
}

#[actix_web::test]
async fn who_sees_which_page_is_as_the_table_says() {
    let matrix = Matrix::new().await;
    let kinds = matrix.people.iter().map(|person| person.kind.to_string());
    let mut rows = vec![["page".to_string()].into_iter().chain(kinds).collect::<Vec<_>>()];
    for route in routes() {
        let both = route.path.contains("{repository}");
        for repository in if both { &REPOSITORIES[..] } else { &REPOSITORIES[..1] } {
            let mut row = vec![format!("{} {}", route.method(), route.path.replace("{repository}", repository))];
            for person in &matrix.people {
                row.push(matrix.outcome(route, repository, person).await);
            }
            rows.push(row);
        }
    }

    table::compare("page_matrix.txt", &table::layout(&rows));
}

impl Matrix {
    async fn new() -> Matrix {
        // Everybody comes from one address, and people may make accounts.
        let app = TestApp::with(&[("limits.sign_ins", "0"), ("accounts.registration", "true")]).await;
        app.organization("acme").await;
        app.user("dummy").await;
        app.team("acme", "spare", TeamRole::Member).await;
        for (repository, visibility) in REPOSITORIES.iter().zip([PRIVATE, PUBLIC]) {
            app.repository(repository, visibility).await;
        }
        let image = Image::new("matrix");
        for repository in REPOSITORIES {
            app.oci(&app.admin()).push(repository, "v1", &image).await;
        }
        let people = people(&app).await;
        Matrix { app, image, people }
    }

    async fn outcome(&self, route: &Asking, repository: &str, person: &Person) -> String {
        let filled = |text: &str| {
            let visibility = if repository == "acme/public" { PUBLIC } else { PRIVATE };
            text.replace("{repository}", repository)
                .replace("{me}", &person.name)
                .replace("{image}", &self.image.digest())
                .replace("{visibility}", visibility)
        };
        if route.path.contains("{repository}") {
            // What the last one removed or changed is there again.
            let superuser = self.app.oci(&self.app.admin());
            superuser.put_manifest(repository, "v1", OCI_MANIFEST, &self.image.manifest).await.is(201);
        }
        let path = filled(route.path);
        let (status, location) = match route.sends {
            // Without reading on: one of them is a stream.
            Sends::Nothing => {
                let answer = person.browser.request(Method::GET, &path).send().await.unwrap();
                let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_string());
                (answer.status().as_u16(), location)
            }
            Sends::Form(fields) => {
                let fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (*name, filled(value))).collect();
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let answer = person.browser.submit_meant(&path, &fields).await;
                (answer.status, answer.maybe_header("location"))
            }
        };
        assert!(status < 500, "{} {path} says {status} to {}", route.method(), person.kind);
        let must_sign_in = location.is_some_and(|to| to.starts_with("/signin"));
        if must_sign_in { format!("{status}*") } else { status.to_string() }
    }
}

async fn people(app: &TestApp) -> Vec<Person> {
    let nobody = Browser::new(app);
    nobody.visit().await;
    let mut people = vec![Person { kind: "anonymous", name: "nobody".into(), browser: nobody }];
    people.push(signed_in(app, "stranger", &app.user("stranger").await).await);
    for (kind, role) in [("reader", "read"), ("writer", "write"), ("repo-admin", "admin")] {
        let who = app.user(kind).await;
        for repository in REPOSITORIES {
            app.grant(repository, &who, role).await;
        }
        people.push(signed_in(app, kind, &who).await);
    }
    for (kind, team, role) in [("member", "crew", TeamRole::Member), ("creator", "makers", TeamRole::Creator)] {
        let who = app.user(kind).await;
        app.team("acme", team, role).await;
        app.join("acme", team, &who).await;
        people.push(signed_in(app, kind, &who).await);
    }
    let owner = app.user("org-admin").await;
    app.join("acme", "owners", &owner).await;
    people.push(signed_in(app, "org-admin", &owner).await);
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    people.push(signed_in(app, "read-only", &auditor).await);
    let root = app.user_with("root", Standing::Superuser).await;
    people.push(signed_in(app, "superuser", &root).await);
    people
}

async fn signed_in(app: &TestApp, kind: &'static str, who: &Actor) -> Person {
    Person { kind, name: who.name.clone(), browser: Browser::of(app, who).await }
}
