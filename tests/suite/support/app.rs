//! One application per test: its own folder, database, clock and port.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;

use actix_web::dev::ServerHandle;
use domain::access::Standing;
use domain::account::{self, NewUser};
use domain::principal::{Caller, Principal};
use domain::time::Clock;
use domain::token::{self, NewToken};
use pierhead::adapters::system::SystemEntropy;
use pierhead::settings::{Settings, Sources};
use pierhead::web::services::Services;
use reqwest::{Method, RequestBuilder};

use super::clock::TestClock;
use super::database::TestDatabase;
use super::oci::{Answer, Oci};

/// Good for every user of a test; hashed once for all of them, since hashing is slow on purpose.
pub const PASSWORD: &str = "correct horse battery";

/// A running Pierhead.
pub struct TestApp {
    pub address: SocketAddr,
    pub clock: Arc<TestClock>,
    pub services: Arc<Services>,
    pub client: reqwest::Client,
    pub folder: PathBuf,
    stop: Option<(ServerHandle, std::thread::JoinHandle<()>)>,
    settings: Vec<(String, String)>,
    database: Option<TestDatabase>,
    kept: Option<tempfile::TempDir>,
}

impl TestApp {
    pub async fn start() -> TestApp {
        TestApp::with(&[]).await
    }

    /// With settings beside the defaults.
    pub async fn with(settings: &[(&str, &str)]) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::create(folder.path());
        let path = folder.path().to_path_buf();
        let given: Vec<(String, String)> = settings.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let clock = Arc::new(TestClock::new());
        TestApp::launch(path, Some(folder), database, given, clock).await
    }

    /// The same folder and database, another process as far as memory is concerned.
    pub async fn restart(mut self) -> TestApp {
        self.shut_down();
        let (folder, kept, database) = (self.folder.clone(), self.kept.take(), self.database.take().unwrap());
        let (settings, clock) = (self.settings.clone(), self.clock.clone());
        drop(self);
        TestApp::launch(folder, kept, database, settings, clock).await
    }

    async fn launch(
        folder: PathBuf,
        kept: Option<tempfile::TempDir>,
        database: TestDatabase,
        given: Vec<(String, String)>,
        clock: Arc<TestClock>,
    ) -> TestApp {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let own = [
            ("data_dir", folder.display().to_string()),
            ("listen", address.to_string()),
            ("database_url", database.url.clone()),
            ("database.connections", "3".to_string()),
            ("server.workers", "2".to_string()),
            ("server.idle_timeout", "2s".to_string()),
        ];
        let flags = own.into_iter().map(|(key, value)| (key.to_string(), value)).chain(given.clone()).collect();
        let loaded = Settings::load(Sources { flags, ..Sources::default() }).unwrap();
        let (told, tell) = mpsc::channel();
        let its_clock: Arc<dyn Clock> = clock.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let services =
                    pierhead::app::build_with(loaded.settings, its_clock, Arc::new(SystemEntropy)).await.unwrap();
                let server = pierhead::server::start(&services, listener, None).unwrap();
                told.send((server.handle(), services)).unwrap();
                server.await.unwrap();
            });
        });
        let (handle, services) = tell.recv().expect("the application starts");
        TestApp {
            address,
            clock,
            services,
            client: reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap(),
            folder,
            stop: Some((handle, thread)),
            settings: given,
            database: Some(database),
            kept,
        }
    }

    fn shut_down(&mut self) {
        if let Some((handle, thread)) = self.stop.take() {
            drop(handle.stop(false));
            let _ = thread.join();
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Actor<'_> {
        Actor { app: self, name: String::new(), secret: String::new() }
    }

    pub async fn user(&self, name: &str) -> Actor<'_> {
        self.user_with(name, Standing::Plain).await
    }

    pub async fn superuser(&self, name: &str) -> Actor<'_> {
        self.user_with(name, Standing::Superuser).await
    }

    pub async fn user_with(&self, name: &str, standing: Standing) -> Actor<'_> {
        static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        let hash = HASH.get_or_init(|| account::password::hash(PASSWORD, &SystemEntropy).unwrap());
        let new = NewUser { name: name.parse().unwrap(), email: None, password_hash: Some(hash.clone()), standing };
        let now = self.clock.now();
        self.services.db.write(move |tx| account::create(tx, &Caller::system("test"), now, &new)).await.unwrap();
        Actor { app: self, name: name.to_string(), secret: PASSWORD.to_string() }
    }

    pub async fn set_enabled(&self, name: &str, enabled: bool) {
        let (name, now) = (name.to_string(), self.clock.now());
        let change =
            self.services.db.write(move |tx| account::set_enabled(tx, &Caller::system("test"), now, &name, enabled));
        change.await.unwrap();
    }

    /// An organization of `owner`'s.
    pub async fn organization(&self, owner: &Actor<'_>, name: &str) {
        let answer = owner.post("/api/v1/organization/", serde_json::json!({ "name": name })).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }

    /// A repository made by `owner`.
    pub async fn repository(&self, owner: &Actor<'_>, name: &str, visibility: &str) {
        let (namespace, path) = name.split_once('/').unwrap();
        let body = serde_json::json!({
            "namespace": namespace, "repository": path, "visibility": visibility, "description": "", "repo_kind": "image",
        });
        let answer = owner.post("/api/v1/repository", body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }

    /// A robot account of a namespace that `owner` administers.
    pub async fn robot(&self, owner: &Actor<'_>, namespace: &str, short: &str) -> Actor<'_> {
        let path = if namespace == owner.name {
            format!("/api/v1/user/robots/{short}")
        } else {
            format!("/api/v1/organization/{namespace}/robots/{short}")
        };
        let answer = owner.put(&path, serde_json::json!({})).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let secret = answer.json()["token"].as_str().unwrap().to_string();
        Actor { app: self, name: format!("{namespace}+{short}"), secret }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// Somebody with credentials.
#[derive(Clone)]
pub struct Actor<'a> {
    pub app: &'a TestApp,
    pub name: String,
    pub secret: String,
}

impl<'a> Actor<'a> {
    pub fn oci(&self) -> Oci<'a> {
        Oci::new(self.app, &self.name, &self.secret)
    }

    pub async fn send(&self, method: Method, path: &str, body: serde_json::Value) -> Answer {
        let mut request = self.app.request(method, path).json(&body);
        if !self.name.is_empty() {
            request = request.basic_auth(&self.name, Some(&self.secret));
        }
        Answer::of(request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, serde_json::json!({})).await
    }

    pub async fn post(&self, path: &str, body: serde_json::Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub async fn put(&self, path: &str, body: serde_json::Value) -> Answer {
        self.send(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, serde_json::json!({})).await
    }

    /// Gives somebody a role on a repository.
    pub async fn grant(&self, repository: &str, to: &str, role: &str) {
        let path = format!("/api/v1/repository/{repository}/permissions/user/{to}");
        let answer = self.put(&path, serde_json::json!({ "role": role })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    pub async fn set_visibility(&self, repository: &str, visibility: &str) {
        let path = format!("/api/v1/repository/{repository}/changevisibility");
        let answer = self.post(&path, serde_json::json!({ "visibility": visibility })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// The user they are.
    pub async fn principal(&self) -> Principal {
        let name = self.name.clone();
        let user = self.app.services.db.read(move |conn| account::by_name(conn, &name)).await.unwrap();
        Principal::User { id: user.id, name: user.name.into() }
    }

    /// A long random token of theirs.
    pub async fn long_token(&self, new: NewToken) -> String {
        let (holder, now) = (self.principal().await, self.app.clock.now());
        let issued = self.app.services.db.write(move |tx| token::issue(tx, &SystemEntropy, now, &holder, &new));
        issued.await.unwrap()
    }
}
