//! Organizations of everybody.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::{Admin, ApiScope, Authorized, Inspect, Instance, Read};
use domain::administration::{self, OrganizationRow};
use domain::error::{Error, Thing};
use domain::oci::NamespaceName;
use domain::organization::{self, NameQuery};
use domain::page::Cursor;
use domain::{naming, ownership};
use serde::Deserialize;

use super::{deleted, may_change, superuser};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

const ON_A_PAGE: usize = 50;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    tab: String,
    q: String,
    after: Option<String>,
    before: Option<String>,
    dialog: String,
    organization: String,
}

/// What a change needs: a name, or the organization's name again.
#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    value: String,
}

/// A change of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Rename,
    TakeOwnership,
    Delete,
}

#[derive(Template)]
#[template(path = "administration/organizations.html", blocks = ["organizations"])]
struct OrganizationsPage {
    frame: Frame,
    asked: Asked,
    rows: Vec<OrganizationRow>,
    previous: String,
    next: String,
    may_change: bool,
    dialog: Option<Question>,
}

/// A change that is asked about.
struct Question {
    change: Change,
    organization: String,
    typed: String,
    faults: Faults,
    repositories: i64,
    kept: String,
}

/// `GET /administration/organizations`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    if asked.tab == "deleted" {
        return deleted::show(visit).await;
    }
    let dialog = match Change::named(&asked.dialog).filter(|_| may_change(&visit)) {
        Some(change) => {
            visit.require_fresh()?;
            Some(question(&visit, change, &asked.organization, String::new(), Faults::none()).await?)
        }
        None => None,
    };
    let page = page(&visit, dialog).await?;
    if visit.wants("organizations") { Ok(visit.block(&page.as_organizations())) } else { Ok(visit.page(&page)) }
}

/// `GET /administration/organizations/<name>/<change>`: where a form was sent and somebody reloads the page.
///
/// # Errors
/// Not found for what is no change.
pub async fn again(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, PageError> {
    visit.registry::<Inspect>().await?;
    let change = Change::named(&path.1).ok_or(PageError::NotFound)?;
    let query = [("dialog", change.word()), ("organization", path.0.as_str())];
    Ok(visit.go(&urls::with_query(urls::administration_organizations(), &query)))
}

async fn page(visit: &Visit, dialog: Option<Question>) -> Result<OrganizationsPage, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    let place = (asked.after.as_deref().unwrap_or_default(), asked.before.as_deref().unwrap_or_default());
    let query = NameQuery::asked(&asked.q, place, ON_A_PAGE);
    let page = visit.services.db.read(move |conn| administration::organizations(conn, &instance, &query)).await?;
    let link = |cursor: Option<&Cursor>, word: &str| {
        let query = |cursor: &Cursor| {
            urls::with_query(urls::administration_organizations(), &[("q", &asked.q), (word, &cursor.to_string())])
        };
        cursor.map_or_else(String::new, query)
    };
    Ok(OrganizationsPage {
        previous: link(page.previous.as_ref(), "before"),
        next: link(page.next.as_ref(), "after"),
        rows: page.rows,
        frame: visit.frame(Here::Administration(Administration::Organizations)).await?,
        may_change: may_change(visit),
        dialog,
        asked,
    })
}

async fn question(
    visit: &Visit,
    change: Change,
    organization: &str,
    typed: String,
    faults: Faults,
) -> Result<Question, PageError> {
    // What was deleted has a name that nobody can have.
    let name: NamespaceName = organization.parse().map_err(|_| PageError::NotFound)?;
    let namespace = visit.namespace::<Read>(name.as_str()).await?;
    if !namespace.is_organization {
        return Err(PageError::NotFound);
    }
    let name = namespace.name.clone();
    let header = visit.services.db.read(move |conn| organization::header(conn, &namespace)).await?;
    let kept = visit.reader().duration(visit.services.settings.retention.deleted);
    Ok(Question { change, organization: name, typed, faults, repositories: header.counts.repositories, kept })
}

/// `POST /administration/organizations/<name>/<change>`
///
/// # Errors
/// As the change's, but for what the form can mend.
pub async fn change(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Given>,
) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let (name, word) = path.into_inner();
    let change = Change::named(&word).ok_or(PageError::NotFound)?;
    let name: NamespaceName = name.parse().map_err(|_| PageError::NotFound)?;
    let name = name.as_str();
    let value = form.into_inner().value;
    match carry_out(&visit, instance, change, name, value.trim()).await {
        Ok(()) => {
            let flash = Flash::done(visit.text().with(change.done(), "name", name));
            Ok(visit.go_saying(urls::administration_organizations(), flash))
        }
        Err(error) => {
            let mut faults = Faults::none();
            for fault in Faults::from_domain(&visit.request, error)?.iter() {
                faults.add(if change == Change::TakeOwnership { "" } else { "value" }, fault.message.clone());
            }
            let question = question(&visit, change, name, value, faults).await?;
            Ok(visit.refused(&page(&visit, Some(question)).await?))
        }
    }
}

async fn carry_out(
    visit: &Visit,
    instance: Authorized<Instance, Admin>,
    change: Change,
    name: &str,
    value: &str,
) -> domain::Result<()> {
    let services = &visit.services;
    let organization = services.access.namespace::<Admin>(visit.caller(), name, ApiScope::Superuser).await?;
    if !organization.is_organization {
        return Err(Error::NotFound(Thing::Organization(name.to_string())));
    }
    if change == Change::Delete && value != name {
        return Err(Error::invalid("value", visit.text().with("admin-user-type-wrong", "name", name)));
    }
    let new: Option<NamespaceName> = if change == Change::Rename { Some(value.parse()?) } else { None };
    let now = services.clock.now();
    let changed = services.db.write(move |tx| match (change, &new) {
        (Change::Rename, Some(new)) => {
            naming::rename_organization(tx, &instance, now, &organization.name, new).map(|_| ())
        }
        (Change::Rename, None) => Ok(()),
        (Change::TakeOwnership, _) => ownership::take(tx, &instance, now, &organization.name).map(|_| ()),
        (Change::Delete, _) => organization::delete(tx, &organization, now),
    });
    changed.await
}

impl Change {
    /// In the order of the menu.
    const ALL: [Change; 3] = [Change::Rename, Change::TakeOwnership, Change::Delete];

    fn named(word: &str) -> Option<Change> {
        Change::ALL.into_iter().find(|change| change.word() == word)
    }

    fn word(self) -> &'static str {
        match self {
            Change::Rename => "name",
            Change::TakeOwnership => "ownership",
            Change::Delete => "deletion",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Change::Rename => "pencil",
            Change::TakeOwnership => "crown",
            Change::Delete => "trash-2",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Change::Rename => "admin-user-rename",
            Change::TakeOwnership => "admin-user-ownership",
            Change::Delete => "admin-user-delete",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Change::Rename => "admin-user-rename-title",
            Change::TakeOwnership => "admin-user-ownership-title",
            Change::Delete => "admin-user-delete-title",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Change::Rename => "admin-organization-rename-text",
            Change::TakeOwnership => "admin-organization-ownership-text",
            Change::Delete => "admin-organization-delete-text",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Change::Rename => "admin-user-rename-done",
            Change::TakeOwnership => "admin-organization-ownership-done",
            Change::Delete => "admin-organization-delete-done",
        }
    }

    fn is_danger(self) -> bool {
        self == Change::Delete
    }
}

impl OrganizationsPage {
    fn changes(&self) -> [Change; 3] {
        Change::ALL
    }

    /// The list without a dialog.
    fn list(&self) -> String {
        let page = |value: &Option<String>| value.clone().unwrap_or_default();
        let (after, before) = (page(&self.asked.after), page(&self.asked.before));
        let query = [("q", self.asked.q.as_str()), ("after", &after), ("before", &before)];
        urls::with_query(urls::administration_organizations(), &query)
    }

    fn ask_url(&self, organization: &str, word: &str) -> String {
        urls::and_query(&self.list(), &[("dialog", word), ("organization", organization)])
    }
}

impl Question {
    fn action(&self) -> String {
        urls::administration_organization(&self.organization, self.change.word())
    }

    /// What is to be given, as a key of the texts.
    fn field(&self) -> Option<&'static str> {
        match self.change {
            Change::Rename => Some("admin-user-new-name"),
            Change::TakeOwnership => None,
            Change::Delete => Some("admin-user-type-name"),
        }
    }

    fn is_deletion(&self) -> bool {
        self.change == Change::Delete
    }
}
