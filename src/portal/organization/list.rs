//! The organizations one belongs to, page by page, and the dialog that creates another.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{ApiScope, TeamRole};
use domain::oci::NamespaceName;
use domain::organization::{self, Counts, Membership, NameQuery};
use domain::page::Cursor;
use serde::Deserialize;

use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::roles;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Rows of one page.
const ON_A_PAGE: usize = 50;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    after: String,
    before: String,
    dialog: String,
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
#[template(path = "organization/list.html", blocks = ["organizations"])]
struct ListPage {
    frame: Frame,
    asked: Asked,
    rows: Vec<Row>,
    /// Addresses of the pages around this one; empty where there is none.
    previous: String,
    next: String,
    dialog: Option<CreateDialog>,
}

struct Row {
    name: String,
    role: TeamRole,
    counts: Counts,
}

struct CreateDialog {
    typed: NewOrganization,
    faults: Faults,
}

/// `GET /organization[?dialog=create]`
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let creating = asked.dialog == "create";
    let dialog = creating.then(|| CreateDialog { typed: NewOrganization::default(), faults: Faults::none() });
    let page = page(&visit, asked, dialog).await?;
    if visit.wants("organizations") { Ok(visit.block(&page.as_organizations())) } else { Ok(visit.page(&page)) }
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
            let dialog = CreateDialog { typed, faults };
            Ok(visit.refused(&page(&visit, Asked::default(), Some(dialog)).await?))
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

async fn page(visit: &Visit, asked: Asked, dialog: Option<CreateDialog>) -> Result<ListPage, PageError> {
    let (me, query) = (visit.myself().await?, asked.query());
    let found = visit.services.db.read(move |conn| organization::memberships(conn, &me, &query)).await?;
    let at = |way: &str, cursor: Option<Cursor>| {
        let cursor = cursor.map(|cursor| cursor.to_string()).unwrap_or_default();
        let address = || urls::with_query(urls::organizations(), &[("q", &asked.q), (way, &cursor)]);
        if cursor.is_empty() { String::new() } else { address() }
    };
    let (previous, next) = (at("before", found.previous), at("after", found.next));
    let rows = found.rows.into_iter().map(Row::from).collect();
    let frame = visit.frame(Here::Organizations).await?;
    Ok(ListPage { frame, asked, rows, previous, next, dialog })
}

impl Asked {
    fn query(&self) -> NameQuery {
        NameQuery::asked(&self.q, (&self.after, &self.before), ON_A_PAGE)
    }

    /// Whether nothing is left out of the list, from its beginning.
    fn is_whole(&self) -> bool {
        self.q.trim().is_empty() && self.after.is_empty() && self.before.is_empty()
    }
}

impl From<Membership> for Row {
    fn from(membership: Membership) -> Row {
        let Membership { name, role, counts, .. } = membership;
        Row { name, role, counts }
    }
}

impl Row {
    fn role_key(&self) -> &'static str {
        roles::role_key(self.role)
    }

    /// How many repositories and members there are is for those who see all of them.
    fn sees_all(&self) -> bool {
        self.role == TeamRole::Admin
    }
}
