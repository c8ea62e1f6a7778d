//! The dialog that creates a repository. It opens over the repositories of the namespace that is chosen in it.

use actix_web::HttpResponse;
use actix_web::guard::GuardContext;
use domain::Error;
use domain::access::{Create, Standing, TeamRole, Visibility};
use domain::account;
use domain::error::Thing;
use domain::oci::RepositoryName;
use domain::repository::{self, NewRepository};
use serde::Deserialize;

use super::head::{Head, Tab};
use super::repositories::{self, Asked, RepositoriesPage};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// What the address says.
#[derive(Deserialize, Default)]
struct Wanted {
    namespace: Option<String>,
}

/// The form.
#[derive(Deserialize, Default)]
pub struct Typed {
    #[serde(default)]
    pub namespace: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub visibility: String,
    #[serde(default)]
    pub description: String,
}

/// The dialog as a page shows it.
pub(super) struct CreateDialog {
    /// Where the visitor may create repositories.
    pub namespaces: Vec<String>,
    /// What is filled in.
    pub typed: Typed,
    /// What is wrong with it.
    pub faults: Faults,
}

/// Whether a request for the list of repositories is one for this dialog.
pub fn is_asked_for(context: &GuardContext<'_>) -> bool {
    context.head().uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "dialog=create"))
}

/// `GET /repository?dialog=create[&namespace=<name>]`
///
/// # Errors
/// Not found for a namespace that the visitor may not create repositories in.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let own = visit.user()?.principal.name().to_string();
    let wanted: Wanted = visit.query();
    let namespace = wanted.namespace.unwrap_or(own);
    let typed = Typed { namespace, ..Typed::default() };
    Ok(visit.page(&page(&visit, typed, Faults::none()).await?))
}

/// `POST /repository`
///
/// # Errors
/// As [`repository::create`], but for what the form can mend.
pub async fn create(visit: Visit, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    visit.user()?;
    let typed = form.into_inner();
    match make(&visit, &typed).await {
        Ok(name) => {
            let flash = Flash::done(visit.text().with("namespace-repository-created", "name", &name));
            Ok(visit.go_saying(&urls::repository(&name), flash))
        }
        Err(PageError::Domain(Error::NotFound(Thing::Namespace(_)))) => Err(PageError::NotFound),
        Err(PageError::Domain(error)) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            Ok(visit.refused(&page(&visit, typed, faults).await?))
        }
        Err(other) => Err(other),
    }
}

async fn make(visit: &Visit, typed: &Typed) -> Result<String, PageError> {
    let namespace = visit.namespace::<Create>(&typed.namespace).await?;
    let whole = format!("{}/{}", namespace.name, typed.name.trim().trim_matches('/'));
    let name: RepositoryName = whole.parse().map_err(Error::from)?;
    let visibility = if typed.visibility == "public" { Visibility::Public } else { Visibility::Private };
    let description = typed.description.replace("\r\n", "\n").trim().to_string();
    let new = NewRepository { name, visibility, description };
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| repository::create(tx, &namespace, now, &new)).await?;
    Ok(whole)
}

async fn page(visit: &Visit, typed: Typed, faults: Faults) -> Result<RepositoriesPage, PageError> {
    let head = Head::of_either(visit, &typed.namespace, Tab::Repositories).await?;
    if !head.may.create {
        return Err(PageError::NotFound);
    }
    let namespaces = namespaces(visit, head.name()).await?;
    let mut page = repositories::page(visit, head, Asked::default()).await?;
    page.creating = Some(CreateDialog { namespaces, typed, faults });
    Ok(page)
}

/// The visitor's own namespace, organizations they may create repositories in, and this one.
async fn namespaces(visit: &Visit, this: &str) -> Result<Vec<String>, PageError> {
    let me = visit.myself().await?;
    let own = me.name.to_string();
    let memberships = visit.services.db.read(move |conn| account::memberships(conn, me.id)).await?;
    let creates = memberships.into_iter().filter(|one| one.role >= TeamRole::Creator).map(|one| one.organization);
    let mut namespaces: Vec<String> = std::iter::once(own).chain(creates).collect();
    if visit.visitor.standing == Standing::Superuser && !namespaces.iter().any(|name| name == this) {
        namespaces.push(this.to_string());
    }
    Ok(namespaces)
}

impl CreateDialog {
    /// Whether this is the namespace that is filled in.
    pub fn is_in(&self, namespace: &str) -> bool {
        self.typed.namespace == namespace
    }

    /// Whether everybody is to see it.
    pub fn is_public(&self) -> bool {
        self.typed.visibility == "public"
    }
}
