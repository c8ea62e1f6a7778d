//! A new robot account, and in the same step a team and a repository for it.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{Admin, Authorized, RepositoryRole};
use domain::error::Thing;
use domain::oci::RobotShortName;
use domain::organization::Namespace;
use domain::repository::{self, Repository};
use domain::team::{self, Entrance};
use domain::{Error, robot};
use serde::Deserialize;

use super::dialogs::{CreateDialog, Dialog};
use super::{Named, refused, short_of};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// The form.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct NewRobot {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) team: String,
    pub(super) repository: String,
    pub(super) role: String,
}

/// `POST /organization/<name>/robots` and `POST /user/<name>/robots`
///
/// # Errors
/// As [`robot::create`], but for what the form can mend.
pub async fn submit(visit: Visit, path: Path<Named>, form: VerifiedForm<NewRobot>) -> Result<HttpResponse, PageError> {
    let named = path.into_inner();
    let namespace = named.open::<Admin>(&visit).await?;
    let typed = form.into_inner();
    match make(&visit, namespace, &typed).await {
        Ok(short) => {
            let flash =
                Flash::done(visit.text().with("robots-created", "name", format!("{}+{short}", named.namespace)));
            let url = urls::robot_dialog(&named.namespace, named.is_user(), "credentials", &short);
            Ok(visit.go_saying(&url, flash))
        }
        Err(faults) => {
            let dialog =
                CreateDialog { typed, faults: faults?, action: urls::robots(&named.namespace, named.is_user()) };
            refused(&visit, &named, Dialog::Create(dialog)).await
        }
    }
}

/// All of it or nothing.
async fn make(
    visit: &Visit,
    namespace: Authorized<Namespace, Admin>,
    typed: &NewRobot,
) -> Result<String, Result<Faults, PageError>> {
    let short = short_of(&typed.name, &namespace.name).to_lowercase();
    let short: RobotShortName =
        short.parse().map_err(|wrong| Faults::from_domain(&visit.request, Error::Content(wrong)))?;
    let grant = grant(visit, &namespace, typed).await?;
    let (team, description) = (typed.team.trim().to_string(), typed.description.trim().to_string());
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let now = visit.services.clock.now();
    let written = visit.services.db.write(move |tx| {
        let described = (description.as_str(), &serde_json::Value::Null);
        let made = robot::create(tx, &namespace, (&vault, &*entropy), now, &short, described)?;
        if !team.is_empty() {
            team::add_member(tx, &namespace, now, (&team, &made.name), Entrance::Open)?;
        }
        if let Some((repository, role)) = &grant {
            let who = repository::grantee(tx, repository, &made.name)?;
            repository::grant(tx, repository, now, (who, &made.name), *role)?;
        }
        Ok(short.as_str().to_string())
    });
    written.await.map_err(|error| match error {
        Error::NotFound(Thing::Team(_)) => Ok(Faults::one("team", visit.text().say("robots-no-team"))),
        other => Faults::from_domain(&visit.request, other),
    })
}

/// The repository and the role that the form asks for.
async fn grant(
    visit: &Visit,
    namespace: &Namespace,
    typed: &NewRobot,
) -> Result<Option<(Authorized<Repository, Admin>, RepositoryRole)>, Result<Faults, PageError>> {
    if typed.repository.trim().is_empty() {
        return Ok(None);
    }
    let Some(role) = RepositoryRole::from_word(&typed.role) else {
        return Err(Ok(Faults::one("role", visit.text().say("robots-no-role"))));
    };
    let repository = repository_of(visit, &namespace.name, &typed.repository).await.map_err(|error| match error {
        Some(error) => Err(error),
        None => Ok(Faults::one("repository", visit.text().say("robots-no-repository"))),
    })?;
    Ok(Some((repository, role)))
}

/// A repository of the namespace, by its path or whole name; nothing if there is none that the visitor may administer.
pub(super) async fn repository_of(
    visit: &Visit,
    namespace: &str,
    typed: &str,
) -> Result<Authorized<Repository, Admin>, Option<PageError>> {
    let path = typed.trim();
    let path = path.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
    let found = visit.repository::<Admin>(&format!("{namespace}/{path}")).await;
    found.map_err(|error| match error {
        PageError::NotFound | PageError::Domain(Error::NotFound(_)) => None,
        other => Some(other),
    })
}
