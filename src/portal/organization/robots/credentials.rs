//! How a robot account signs in: its token, commands and files for the programs that use it.
//!
//! Nothing here is for somebody who may only look: without the domain's word that they are an admin there is no token.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Path;
use domain::access::{Admin, Inspect};
use domain::robot;
use serde::Deserialize;

use super::Named;
use crate::portal::credentials::{self, File};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// A view of the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Token,
    Docker,
    Podman,
    Kubernetes,
    Config,
    Helm,
    Skopeo,
    Nerdctl,
}

impl View {
    pub const ALL: [View; 8] = [
        View::Token,
        View::Docker,
        View::Podman,
        View::Kubernetes,
        View::Config,
        View::Helm,
        View::Skopeo,
        View::Nerdctl,
    ];

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            View::Token => "token",
            View::Docker => "docker",
            View::Podman => "podman",
            View::Kubernetes => "kubernetes",
            View::Config => "config",
            View::Helm => "helm",
            View::Skopeo => "skopeo",
            View::Nerdctl => "nerdctl",
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            View::Token => "robots-view-token",
            View::Docker => "robots-view-docker",
            View::Podman => "robots-view-podman",
            View::Kubernetes => "robots-view-kubernetes",
            View::Config => "robots-view-config",
            View::Helm => "robots-view-helm",
            View::Skopeo => "robots-view-skopeo",
            View::Nerdctl => "robots-view-nerdctl",
        }
    }
}

/// The dialog.
pub(super) struct Credentials {
    pub robot: String,
    pub view: View,
    pub host: String,
    /// Whether Docker must be told that the address has no TLS.
    pub is_insecure: bool,
    /// Nothing for those who may not see it.
    pub token: Option<String>,
    /// A file, for the views that have one, and where it is downloaded.
    pub file: Option<(File, String)>,
    pub views: Vec<(View, String)>,
    pub regenerate: String,
}

impl Credentials {
    pub async fn of(visit: &Visit, named: &Named, view: &str, may: bool) -> Result<Credentials, PageError> {
        let token = if may { Some(token(visit, named).await?) } else { None };
        if token.is_none() {
            let (namespace, short) = (named.open::<Inspect>(visit).await?, named.short()?);
            visit.services.db.read(move |conn| robot::inspect(conn, &namespace, &short)).await?;
        }
        let view = View::ALL.into_iter().find(|known| known.word() == view).unwrap_or(View::Token);
        let address = visit.address();
        let robot = named.whole();
        let file = token.as_deref().map(|token| of_robot(address.host(), &robot, token)).and_then(|made| match view {
            View::Kubernetes => Some((made.kubernetes(), named.action("files/secret.yml"))),
            View::Config => Some((made.docker_config(), named.action("files/config.json"))),
            _ => None,
        });
        let link = |view: View| {
            let query = [("dialog", "credentials"), ("robot", &named.whole()), ("show", view.word())];
            (view, urls::robots_page(&named.namespace, named.is_user(), &query))
        };
        Ok(Credentials {
            robot,
            view,
            host: address.host().to_string(),
            is_insecure: address.needs_insecure_setting(),
            token,
            file,
            views: View::ALL.into_iter().map(link).collect(),
            regenerate: named.dialog_url("regenerate"),
        })
    }

    /// The command of this view: what Docker, Podman, Skopeo and nerdctl call `login`, and Helm `registry login`.
    pub fn command(&self) -> Option<String> {
        let program = match self.view {
            View::Docker => "docker login",
            View::Podman => "podman login",
            View::Helm => "helm registry login",
            View::Skopeo => "skopeo login",
            View::Nerdctl => "nerdctl login",
            View::Token | View::Kubernetes | View::Config => return None,
        };
        let token = self.token.as_deref()?;
        Some(of_robot(&self.host, &self.robot, token).login(program))
    }

    /// For clusters: how the file is used.
    pub fn apply(&self) -> Option<String> {
        let (file, _) = self.file.as_ref().filter(|_| self.view == View::Kubernetes)?;
        Some(format!("kubectl create -f {} --namespace=NAMESPACE", file.name))
    }

    pub fn is_at(&self, view: &View) -> bool {
        self.view == *view
    }
}

fn of_robot<'a>(host: &'a str, robot: &'a str, token: &'a str) -> credentials::Credentials<'a> {
    credentials::Credentials { host, user: robot, secret: token, title: robot }
}

/// The token, for admins.
async fn token(visit: &Visit, named: &Named) -> Result<String, PageError> {
    let (namespace, short) = (named.open::<Admin>(visit).await?, named.short()?);
    let vault = visit.services.vault.clone();
    let found = visit.services.db.read(move |conn| robot::find(conn, &namespace, &vault, &short)).await?;
    Ok(found.token.unwrap_or_default())
}

/// The file that a path names.
#[derive(Deserialize)]
pub(super) struct FileNamed {
    kind: String,
    name: String,
    robot: String,
    file: String,
}

/// `GET …/robots/<robot>/files/secret.yml` and `…/files/config.json`, for admins.
///
/// # Errors
/// Not found for other files; as [`robot::find`].
pub async fn download(visit: Visit, path: Path<FileNamed>) -> Result<HttpResponse, PageError> {
    let FileNamed { kind, name, robot, file } = path.into_inner();
    let named = Named { kind, namespace: name, robot };
    let token = token(&visit, &named).await?;
    let (address, robot) = (visit.address(), named.whole());
    let made = of_robot(address.host(), &robot, &token);
    let (file, media_type) = match file.as_str() {
        "secret.yml" => (made.kubernetes(), "application/yaml"),
        "config.json" => (made.docker_config(), "application/json"),
        _ => return Err(PageError::NotFound),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(file.content))
}
