//! The organizations one belongs to, and the dialog that creates another.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use domain::access::{ApiScope, TeamRole};
use domain::account::{self, Membership};
use domain::oci::NamespaceName;
use domain::organization;
use serde::Deserialize;

use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::roles;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// What the address says of the page's state.
#[derive(Deserialize)]
pub struct Shown {
    dialog: Option<String>,
}

/// The form of the dialog.
#[derive(Deserialize, Default)]
pub struct NewOrganization {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

#[derive(Template)]
#[template(path = "organization/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    dialog: Option<CreateDialog>,
}

struct Row {
    organization: String,
    role: TeamRole,
}

struct CreateDialog {
    typed: NewOrganization,
    faults: Faults,
}

/// `GET /organization[?dialog=create]`
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit, shown: Query<Shown>) -> Result<HttpResponse, PageError> {
    let creating = shown.dialog.as_deref() == Some("create");
    let dialog = creating.then(|| CreateDialog { typed: NewOrganization::default(), faults: Faults::none() });
    Ok(visit.page(&page(&visit, dialog).await?))
}

/// `POST /organization`
///
/// # Errors
/// As [`organization::create`], but for what the form can mend.
pub async fn create(visit: Visit, form: VerifiedForm<NewOrganization>) -> Result<HttpResponse, PageError> {
    let typed = form.into_inner();
    match make(&visit, &typed).await {
        Ok(name) => {
            let flash = Flash::done(visit.text().with("organization-created", "name", &name));
            Ok(visit.go_saying(&urls::organization(&name), flash))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            Ok(visit.refused(&page(&visit, Some(CreateDialog { typed, faults })).await?))
        }
    }
}

async fn make(visit: &Visit, typed: &NewOrganization) -> domain::Result<String> {
    let caller = visit.caller();
    let instance = visit.services.access.instance(caller, ApiScope::UserAdmin).await?;
    let name: NamespaceName = typed.name.trim().parse()?;
    let email = Some(typed.email.trim().to_string()).filter(|email| !email.is_empty());
    let now = visit.services.clock.now();
    let made = visit.services.db.write(move |tx| organization::create(tx, &instance, now, &name, email.as_deref()));
    Ok(made.await?.name)
}

async fn page(visit: &Visit, dialog: Option<CreateDialog>) -> Result<ListPage, PageError> {
    let me = visit.myself().await?;
    let rows = visit.services.db.read(move |conn| account::memberships(conn, me.id)).await?;
    let rows = rows.into_iter().map(|Membership { organization, role }| Row { organization, role }).collect();
    Ok(ListPage { frame: visit.frame(Here::Organizations).await?, rows, dialog })
}

impl Row {
    fn role_key(&self) -> &'static str {
        roles::role_key(self.role)
    }
}
