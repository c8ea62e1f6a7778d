//! A server of one's own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use diesel::connection::SimpleConnection;
use domain::access::{ApiScope, Standing, TeamRole};
use domain::account::{self, NewUser, password};
use domain::db::Tx;
use domain::principal::{Caller, Principal};
use domain::time::Clock;
use domain::token::{self, NewToken, TokenKind};
use pierhead::adapters::system::SystemEntropy;
use pierhead::settings::{Settings, Sources};
use pierhead::web::services::Services;
use pierhead::{app, server};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::database::TestDatabase;
use super::{Actor, Oci, TestClock};

/// Everybody's. Hashed once for all, because that is what takes time.
pub const PASSWORD: &str = "correct horse battery";
/// The superuser's name.
const ADMIN: &str = "olivia";

pub struct TestApp {
    pub services: Arc<Services>,
    pub clock: Arc<TestClock>,
    /// `http://127.0.0.1:<port>`
    pub url: String,
    http: reqwest::Client,
    running: Running,
    kept: Kept,
}

/// What outlives a restart.
struct Kept {
    // Dropped before the folder it may be in.
    database: TestDatabase,
    folder: TempDir,
    flags: Vec<(String, String)>,
}

struct Running {
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl TestApp {
    /// Whether the suite runs on PostgreSQL.
    pub fn is_on_postgres() -> bool {
        super::database::postgres_chosen()
    }

    /// A registry with a superuser.
    pub async fn start() -> TestApp {
        TestApp::with(&[]).await
    }

    /// As [`TestApp::start`], with settings by key, such as `limits.blob_size`.
    pub async fn with(settings: &[(&str, &str)]) -> TestApp {
        let app = TestApp::not_set_up(settings).await;
        app.user_with(ADMIN, Standing::Superuser).await;
        app
    }

    /// A registry that nobody has set up.
    pub async fn not_set_up(settings: &[(&str, &str)]) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::new(folder.path());
        let flags = settings.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        serve(Kept { database, folder, flags }, Arc::default()).await
    }

    /// Stops it and starts it again on the same folder and database.
    pub async fn restart(self) -> TestApp {
        self.stop().await.start_again().await
    }

    /// Stops it; nobody uses its files any more.
    pub async fn stop(self) -> Stopped {
        let TestApp { services, clock, mut running, kept, .. } = self;
        running.handle.stop(false).await;
        let thread = running.thread.take().unwrap();
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap();
        drop(services);
        Stopped { kept, clock }
    }

    /// The folder with everything the server writes.
    pub fn folder(&self) -> &Path {
        self.kept.folder.path()
    }

    /// The folder with blobs and uploads.
    pub fn storage(&self) -> PathBuf {
        self.folder().join("storage")
    }

    /// `127.0.0.1:<port>`: the name of the token service.
    pub fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// The superuser.
    pub fn admin(&self) -> Actor {
        self.actor(ADMIN, PASSWORD)
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Actor {
        self.actor("", "")
    }

    /// Somebody with a user name and a secret, whether they exist or not.
    pub fn actor(&self, name: &str, secret: &str) -> Actor {
        Actor { http: self.http.clone(), url: self.url.clone(), name: name.into(), secret: secret.into(), bearer: None }
    }

    /// A program with an access token for the API.
    pub fn bearer(&self, token: &str) -> Actor {
        Actor { bearer: Some(token.to_string()), ..self.anonymous() }
    }

    /// A client of the registry that signs in as `who`.
    pub fn oci(&self, who: &Actor) -> Oci {
        Oci::new(self.http.clone(), self.url.clone(), (!who.name.is_empty()).then(|| who.clone()))
    }

    /// A client of the registry that sends this token, come what may.
    pub fn oci_with(&self, token: &str) -> Oci {
        Oci::with_token(self.http.clone(), self.url.clone(), token)
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// A new user.
    pub async fn user(&self, name: &str) -> Actor {
        self.user_with(name, Standing::Plain).await
    }

    /// A new user of this standing.
    pub async fn user_with(&self, name: &str, standing: Standing) -> Actor {
        static HASH: OnceLock<String> = OnceLock::new();
        let hash = HASH.get_or_init(|| password::hash(PASSWORD, &SystemEntropy).unwrap());
        let new = NewUser {
            name: name.parse().unwrap(),
            email: Some(format!("{name}@example.com")),
            password_hash: Some(hash.clone()),
            standing,
        };
        let now = self.clock.now();
        self.change(move |tx| account::create(tx, &Caller::system("a test"), now, &new).map(|_| ())).await;
        self.actor(name, PASSWORD)
    }

    /// Disables or enables a user.
    pub async fn set_enabled(&self, who: &Actor, enabled: bool) {
        let (name, now) = (who.name.clone(), self.clock.now());
        self.change(move |tx| account::set_enabled(tx, &Caller::system("a test"), now, &name, enabled)).await;
    }

    pub async fn set_password(&self, who: &Actor, password: &str) -> Actor {
        let hash = password::hash(password, &SystemEntropy).unwrap();
        let (name, now) = (who.name.clone(), self.clock.now());
        self.change(move |tx| account::set_password(tx, &Caller::system("a test"), now, &name, &hash)).await;
        self.actor(&who.name, password)
    }

    /// Who this is to the domain.
    pub async fn principal(&self, who: &Actor) -> Principal {
        self.services.sign_in.with(&who.name, &who.secret, &Default::default()).await.unwrap().principal
    }

    /// An application token of a user, as the user name `$app` takes it.
    pub async fn application_token(&self, who: &Actor) -> String {
        self.token(who, TokenKind::Application, &[]).await
    }

    /// An access token for the API with these scopes.
    pub async fn access_token(&self, who: &Actor, scopes: &[ApiScope]) -> String {
        self.token(who, TokenKind::Access, scopes).await
    }

    async fn token(&self, who: &Actor, kind: TokenKind, scopes: &[ApiScope]) -> String {
        let (holder, now) = (self.principal(who).await, self.clock.now());
        let new = NewToken { kind, title: "a test".into(), scopes: scopes.to_vec(), lifetime: None };
        self.change(move |tx| token::issue(tx, &SystemEntropy, now, &holder, &new)).await
    }

    /// A new organization and the user `<name>-owner` who owns it.
    pub async fn organization(&self, name: &str) -> Actor {
        let owner = self.user(&format!("{name}-owner")).await;
        owner.post("/api/v1/organization/", json!({ "name": name })).await.is(201);
        owner
    }

    /// A new, empty team.
    pub async fn team(&self, organization: &str, name: &str, role: TeamRole) {
        let path = format!("/api/v1/organization/{organization}/team/{name}");
        self.admin().put(&path, json!({ "role": role.as_str() })).await.is(200);
    }

    /// Makes a user or robot a member of a team.
    pub async fn join(&self, organization: &str, team: &str, who: &Actor) {
        let path = format!("/api/v1/organization/{organization}/team/{team}/members/{}", who.name);
        self.admin().put(&path, json!({})).await.is(200);
    }

    /// A new robot account of a namespace.
    pub async fn robot(&self, namespace: &str, short: &str) -> Actor {
        let path = format!("/api/v1/organization/{namespace}/robots/{short}");
        let robot = self.admin().put(&path, json!({})).await.is(201).json();
        self.actor(robot["name"].as_str().unwrap(), robot["token"].as_str().unwrap())
    }

    /// A new repository.
    pub async fn repository(&self, name: &str, visibility: &str) {
        let (namespace, path) = name.split_once('/').unwrap();
        let new = json!({ "namespace": namespace, "repository": path, "visibility": visibility, "description": "" });
        self.admin().post("/api/v1/repository", new).await.is(201);
    }

    pub async fn set_visibility(&self, repository: &str, visibility: &str) {
        let path = format!("/api/v1/repository/{repository}/changevisibility");
        self.admin().post(&path, json!({ "visibility": visibility })).await.is(200);
    }

    /// Grants a role to a user or robot.
    pub async fn grant(&self, repository: &str, who: &Actor, role: &str) {
        let path = format!("/api/v1/repository/{repository}/permissions/user/{}", who.name);
        self.admin().put(&path, json!({ "role": role })).await.is(200);
    }

    /// Grants a role to a team of the repository's organization.
    pub async fn grant_team(&self, repository: &str, team: &str, role: &str) {
        let path = format!("/api/v1/repository/{repository}/permissions/team/{team}");
        self.admin().put(&path, json!({ "role": role })).await.is(200);
    }

    /// Takes a user's role on a repository away.
    pub async fn revoke(&self, repository: &str, who: &Actor) {
        self.sql(format!(
            "DELETE FROM repository_permissions WHERE user_id = (SELECT id FROM users WHERE name = '{}') \
             AND repository_id = (SELECT id FROM repositories WHERE name = '{repository}')",
            who.name
        ))
        .await;
    }

    pub async fn delete_repository(&self, name: &str) {
        self.sql(format!("DELETE FROM repositories WHERE name = '{name}'")).await;
    }

    /// For what no door and no function of the domain can do yet. Caches hear of it.
    pub async fn sql(&self, statement: String) {
        self.change(move |tx| {
            tx.batch_execute(&statement)?;
            tx.touch_access();
            Ok(())
        })
        .await;
    }

    pub async fn change<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> domain::Result<T> + Send + 'static,
    ) -> T {
        self.services.db.write(change).await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The command is sent by the call; its thread ends in its own time.
        drop(self.handle.stop(false));
    }
}

/// A server that does not run, with its files.
pub struct Stopped {
    kept: Kept,
    clock: Arc<TestClock>,
}

impl Stopped {
    pub async fn start_again(self) -> TestApp {
        serve(self.kept, self.clock).await
    }
}

async fn serve(kept: Kept, clock: Arc<TestClock>) -> TestApp {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let settings = settings(&kept, &address.to_string());
    let (ready, started) = oneshot::channel();
    let its_clock: Arc<dyn Clock> = clock.clone();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let services = app::build_with(settings, its_clock, Arc::new(SystemEntropy)).await.unwrap();
            let server = server::start(&services, listener, None).unwrap();
            assert!(ready.send((services, server.handle())).is_ok(), "the test waits for its server");
            server.await.unwrap();
        });
    });
    let (services, handle) = started.await.expect("the server starts");
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let running = Running { handle, thread: Some(thread) };
    TestApp { services, clock, url: format!("http://{address}"), http, running, kept }
}

fn settings(kept: &Kept, address: &str) -> Settings {
    let folder = kept.folder.path();
    // An empty file, so that none in the working directory is found.
    let config = folder.join("pierhead.toml");
    std::fs::write(&config, "").unwrap();
    let own = [
        ("listen", address),
        ("data_dir", folder.to_str().unwrap()),
        ("database_url", &kept.database.url),
        // With tests running side by side a server that takes 100 sessions is enough.
        ("database.connections", "4"),
        // Each compiles the patterns of all routes, which is most of what a short test costs.
        ("server.workers", "1"),
    ];
    let own = own.into_iter().map(|(key, value)| (key.to_string(), value.to_string()));
    let flags = own.chain(kept.flags.iter().cloned()).collect();
    let sources = Sources { config: Some(config), environment: vec![], flags };
    Settings::load(sources).unwrap_or_else(|faults| panic!("{faults}")).settings
}
