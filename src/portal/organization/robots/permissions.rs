//! What a robot account may do with repositories, by permissions of its own.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{Admin, Inspect, RepositoryRole};
use domain::{repository, robot};
use serde::Deserialize;

use super::create::repository_of;
use super::dialogs::Dialog;
use super::{Named, refused};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::roles::{Choice, permissions};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Permissions on a page of the dialog.
const AT_ONCE: usize = 50;
/// What takes a permission away.
const NONE: &str = "none";

/// The dialog.
pub(super) struct Permissions {
    pub robot: String,
    pub may: bool,
    pub grants: Vec<Grant>,
    pub typed: Permission,
    pub faults: Faults,
    pub action: String,
    pub candidates: String,
    /// The next page of the dialog.
    pub next: String,
}

/// A repository that is granted.
pub(super) struct Grant {
    pub path: String,
    pub url: String,
    role: RepositoryRole,
}

impl Grant {
    pub fn roles(&self) -> Vec<Choice> {
        permissions(self.role)
    }
}

/// The form.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Permission {
    pub(super) repository: String,
    pub(super) role: String,
}

impl Permissions {
    pub async fn of(visit: &Visit, named: &Named, after: &str, may: bool) -> Result<Permissions, PageError> {
        let (namespace, short) = (named.open::<Inspect>(visit).await?, named.short()?);
        let (after, limit) = (after.to_string(), i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX));
        let read = visit.services.db.read(move |conn| robot::permissions(conn, &namespace, &short, &after, limit));
        let mut found = read.await?;
        let has_more = found.len() > AT_ONCE;
        found.truncate(AT_ONCE);
        let next = found.last().filter(|_| has_more).map(|(path, ..)| {
            let more = [("dialog", "permissions"), ("robot", &named.whole()), ("more", path)];
            urls::robots_page(&named.namespace, named.is_user(), &more)
        });
        let grant = |(path, _, role): (String, domain::access::Visibility, RepositoryRole)| Grant {
            url: urls::repository(&format!("{}/{path}", named.namespace)),
            path,
            role,
        };
        Ok(Permissions {
            robot: named.whole(),
            may,
            next: next.unwrap_or_default(),
            grants: found.into_iter().map(grant).collect(),
            typed: Permission::default(),
            faults: Faults::none(),
            action: named.action("permissions"),
            candidates: urls::repository_candidates(&named.namespace),
        })
    }

    pub fn roles(&self) -> Vec<Choice> {
        permissions(RepositoryRole::from_word(&self.typed.role).unwrap_or(RepositoryRole::Read))
    }
}

/// `POST …/robots/<robot>/permissions`
///
/// # Errors
/// As [`repository::grant`] and [`repository::revoke`], but for a repository that is not there.
pub async fn change(
    visit: Visit,
    path: Path<Named>,
    form: VerifiedForm<Permission>,
) -> Result<HttpResponse, PageError> {
    let named = path.into_inner();
    let (namespace, short) = (named.open::<Admin>(&visit).await?, named.short()?);
    let typed = form.into_inner();
    let role = RepositoryRole::from_word(&typed.role);
    let fault = match (role, repository_of(&visit, &namespace.name, &typed.repository).await) {
        (_, Err(Some(error))) => return Err(error),
        (_, Err(None)) => ("repository", "robots-no-repository"),
        (None, Ok(_)) if typed.role != NONE => ("role", "robots-no-role"),
        (role, Ok(repository)) => {
            let (name, now) = (named.whole(), visit.services.clock.now());
            let written = visit.services.db.write(move |tx| {
                robot::inspect(tx, &namespace.clone().into(), &short)?;
                let who = repository::grantee(tx, &repository, &name)?;
                match role {
                    Some(role) => repository::grant(tx, &repository, now, (who, &name), role).map(|_| None),
                    None => repository::revoke(tx, &repository, now, (who, &name)).map(Some),
                }
            });
            let before = written.await?;
            let key = if role.is_some() { "robots-permission-set" } else { "robots-permission-removed" };
            let said = visit.text().with2(key, "name", named.whole(), "repository", typed.repository.trim());
            let mut flash = Flash::done(said);
            if let Some(before) = before {
                let was = vec![("repository".into(), typed.repository), ("role".into(), before.as_str().into())];
                flash = flash.undone_by(visit.text().say("namespace-undo"), named.action("permissions"), was);
            }
            return Ok(visit.go_saying(&named.dialog_url("permissions"), flash));
        }
    };
    let faults = Faults::one(fault.0, visit.text().say(fault.1));
    let dialog = Permissions { typed, faults, ..Permissions::of(&visit, &named, "", true).await? };
    refused(&visit, &named, Dialog::Permissions(dialog)).await
}
