//! The tab "Repositories" of a namespace: what the visitor may see of it.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{RepositoryState, Visibility};
use domain::repository::{self, CatalogReader, ListQuery, Listed};
use serde::Deserialize;

use super::head::{Head, asked};
use super::new_repository::CreateDialog;
use super::repository_changes::Changing;
use crate::portal::address::ImageCommands;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

const ON_A_PAGE: i64 = 50;
/// What the commands of an empty namespace push.
const IMAGE: &str = "alpine:3.22";

/// What the address says of the tab's state.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
    pub dialog: Option<String>,
    /// Names within the namespace, for the dialog.
    #[serde(default)]
    pub repository: Vec<String>,
}

#[derive(Template)]
#[template(path = "organization/repositories.html", blocks = ["repositories"])]
pub(super) struct RepositoriesPage {
    frame: Frame,
    head: Head,
    rows: Vec<Listed>,
    asked: Asked,
    /// Addresses of the first page and the next one; empty where there is none.
    first: String,
    next: String,
    /// What to do in a namespace that has nothing yet.
    onboarding: Option<Onboarding>,
    pub creating: Option<CreateDialog>,
    pub changing: Option<Changing>,
}

/// The commands of a first push.
struct Onboarding {
    login: String,
    image: ImageCommands,
    needs_insecure_setting: bool,
}

/// `?tab=repositories`
///
/// # Errors
/// Not found if the visitor belongs to nothing here and may see none of its repositories.
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let asked: Asked = asked(&visit);
    let changing = Changing::asked(&head, &asked);
    let page = page(&visit, head, asked).await?;
    if page.rows.is_empty() && !page.head.may.look && page.asked.is_whole() {
        return Err(PageError::NotFound);
    }
    if visit.wants("repositories") {
        // Whoever waits for the first push keeps what is there until it arrives.
        let waits = visit.request.headers().get("HX-Trigger").is_some_and(|element| element == "waiting");
        if waits && page.onboarding.is_some() {
            return Ok(HttpResponse::NoContent().finish());
        }
        return Ok(visit.block(&page.as_repositories()));
    }
    Ok(visit.page(&RepositoriesPage { changing, ..page }))
}

pub(super) async fn page(visit: &Visit, head: Head, asked: Asked) -> Result<RepositoriesPage, PageError> {
    let reader = CatalogReader { principal: visit.caller().principal.clone(), standing: visit.visitor.standing };
    let query = ListQuery {
        namespace: Some(head.name().parse().map_err(|_| PageError::NotFound)?),
        with_public: true,
        containing: Some(asked.q.trim().to_string()).filter(|part| !part.is_empty()),
        administers: head.may.administer,
        after: asked.after.clone(),
        limit: ON_A_PAGE,
        ..ListQuery::default()
    };
    let (rows, next) = visit.services.db.read(move |conn| repository::list(conn, &reader, &query)).await?;
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    let onboarding = (rows.is_empty() && asked.is_whole() && head.may.create).then(|| Onboarding::new(visit, &head));
    let here = urls::namespace(head.name(), head.is_user());
    let at = |after: &str| urls::with_query(&here, &[("q", &asked.q), ("after", after)]);
    let next = next.map_or_else(String::new, |after| at(&after));
    let first = if asked.after.is_empty() { String::new() } else { at("") };
    let head = match head.may.create {
        true => {
            let url = urls::new_repository(head.name());
            head.offering(url, visit.text().say("namespace-create-repository"))
        }
        false => head,
    };
    Ok(RepositoriesPage { frame, head, rows, asked, first, next, onboarding, creating: None, changing: None })
}

impl Asked {
    /// Whether nothing is left out of the list, from its beginning.
    fn is_whole(&self) -> bool {
        self.q.trim().is_empty() && self.after.is_empty()
    }
}

impl Onboarding {
    fn new(visit: &Visit, head: &Head) -> Onboarding {
        let address = visit.address();
        Onboarding {
            login: format!("docker login -u {} {}", visit.caller().principal.name(), address.host()),
            image: ImageCommands::new(&address, head.name(), IMAGE),
            needs_insecure_setting: address.needs_insecure_setting(),
        }
    }
}

impl RepositoriesPage {
    /// The address of this page of the list.
    fn here(&self) -> String {
        let page = urls::namespace(self.head.name(), self.head.is_user());
        urls::with_query(&page, &[("q", &self.asked.q), ("after", &self.asked.after)])
    }

    /// The question before one repository is changed.
    fn change_url(&self, row: &Listed, dialog: &str) -> String {
        let page = urls::namespace(self.head.name(), self.head.is_user());
        let (name, asked) = (row.name.path(), &self.asked);
        urls::with_query(&page, &[("q", &asked.q), ("after", &asked.after), ("dialog", dialog), ("repository", name)])
    }

    fn is_public(row: &Listed) -> bool {
        row.visibility == Visibility::Public
    }

    fn is_read_only(row: &Listed) -> bool {
        row.state != RepositoryState::Normal
    }
}
