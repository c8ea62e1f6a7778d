//! What a team may do with a repository.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::Error;
use domain::access::{Admin, Authorized, RepositoryRole};
use domain::error::Thing;
use domain::repository::{self, Repository};
use serde::Deserialize;

use super::team::{Typed, refused};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// What takes a permission away.
const NONE: &str = "none";

/// The form of a permission.
#[derive(Deserialize)]
pub struct Permission {
    /// Name within the organization.
    repository: String,
    /// A role, or [`NONE`].
    role: String,
}

/// `POST /organization/<name>/teams/<team>/permissions`
///
/// # Errors
/// As [`repository::grant`] and [`repository::revoke`], but for a repository that is not there.
pub async fn change(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Permission>,
) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    // The team is the organization's: whoever may not change that hears of no repository either.
    let organization = visit.namespace::<Admin>(&name).await?;
    let Permission { repository, role } = form.into_inner();
    let role = RepositoryRole::from_word(&role).or_else(|| (role != NONE).then_some(RepositoryRole::Read));
    let path = repository.trim();
    let path = path.strip_prefix(&format!("{}/", organization.name)).unwrap_or(path).to_string();
    let found = visit.repository::<Admin>(&format!("{name}/{path}")).await;
    let found = match found {
        Err(PageError::NotFound | PageError::Domain(Error::NotFound(Thing::Repository(_)))) => {
            let faults = Faults::one("repository", visit.text().with("team-no-repository", "name", &name));
            let typed = Typed { repository, role, faults, ..Typed::default() };
            return refused(&visit, (&name, &team), typed).await;
        }
        other => other?,
    };
    let flash = match set(&visit, found, &team, role).await {
        Ok(before) => {
            let key = if role.is_some() { "team-permission-set" } else { "team-permission-removed" };
            let flash = Flash::done(visit.text().with2(key, "repository", &path, "team", &team));
            match before {
                Some(before) => flash.undone_by(
                    visit.text().say("namespace-undo"),
                    urls::team_part(&name, &team, "permissions"),
                    vec![("repository".into(), path), ("role".into(), before.as_str().into())],
                ),
                None => flash,
            }
        }
        Err(error) => super::notice(&visit, error.into())?,
    };
    Ok(visit.go_saying(&urls::team(&name, &team), flash))
}

/// Grants or revokes; returns what was revoked.
async fn set(
    visit: &Visit,
    repository: Authorized<Repository, Admin>,
    team: &str,
    role: Option<RepositoryRole>,
) -> domain::Result<Option<RepositoryRole>> {
    let (team, now) = (team.to_string(), visit.services.clock.now());
    let set = visit.services.db.write(move |tx| {
        let who = repository::team(tx, &repository, &team)?;
        match role {
            Some(role) => repository::grant(tx, &repository, now, (who, &team), role).map(|_| None),
            None => repository::revoke(tx, &repository, now, (who, &team)).map(Some),
        }
    });
    set.await
}
