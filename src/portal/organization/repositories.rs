//! The tab "Repositories" of a namespace: what the visitor may see of it.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{RepositoryState, Visibility};
use domain::page::Place;
use domain::repository::{self, Among, RepositoryQuery, RepositoryRow, RepositorySort};
use serde::Deserialize;

use super::head::Head;
use super::new_repository::CreateDialog;
use super::repository_changes::Changing;
use crate::portal::address::ImageCommands;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, Reader};
use crate::portal::urls;
use crate::portal::visit::Visit;

const ON_A_PAGE: usize = 50;
/// What the commands of an empty namespace push.
const IMAGE: &str = "alpine:3.22";

/// What the address says of the tab's state.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    visibility: String,
    sort: String,
    after: String,
    before: String,
    pub dialog: String,
    /// Names within the namespace, for the dialog.
    pub repository: Vec<String>,
}

#[derive(Template)]
#[template(path = "organization/repositories.html", blocks = ["repositories"])]
pub(super) struct RepositoriesPage {
    frame: Frame,
    head: Head,
    pub rows: Vec<Row>,
    /// How many there are without filters, for who may see all of them.
    total: Option<i64>,
    asked: Asked,
    /// Addresses of the pages around this one; empty where there is none.
    previous: String,
    next: String,
    /// What to do in a namespace that has nothing yet.
    onboarding: Option<Onboarding>,
    pub creating: Option<CreateDialog>,
    pub changing: Option<Changing>,
}

/// A repository in the list.
pub(super) struct Row {
    id: i64,
    /// Whole name.
    name: String,
    /// Name within the namespace.
    pub path: String,
    is_public: bool,
    is_read_only: bool,
    starred: bool,
    pub tags: i64,
    pub size: String,
    pushed: Option<Moment>,
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
/// Not found if the visitor belongs to nothing here and may see none of its repositories, unless it is a user's and they
/// are signed in.
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let page = page(&visit, head, visit.query()).await?;
    // However they filter: a filter must not tell whether the name exists.
    let is_shown = !page.rows.is_empty()
        || page.head.is_known_to(&visit)
        || (!page.asked.is_whole() && page.head.has_something_for(&visit).await?);
    if !is_shown {
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
    let changing = Changing::asked(&visit, &page.head, &page.asked, &page.rows);
    Ok(visit.page(&RepositoriesPage { changing, ..page }))
}

pub(super) async fn page(visit: &Visit, head: Head, asked: Asked) -> Result<RepositoriesPage, PageError> {
    let reader = visit.catalog_reader();
    let query = asked.query(&head);
    let found = visit.services.db.read(move |conn| repository::rows(conn, &reader, &query)).await?;
    let reader = visit.reader();
    let rows: Vec<Row> = found.page.rows.into_iter().map(|row| Row::new(row, &reader)).collect();
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    let onboarding =
        (rows.is_empty() && asked.is_whole() && head.may.administer).then(|| Onboarding::new(visit, &head));
    let at = |way: &'static str, cursor: Option<domain::page::Cursor>| {
        cursor.map_or_else(String::new, |cursor| asked.url(&head, &[(way, &cursor.to_string())]))
    };
    let (previous, next) = (at("before", found.page.previous), at("after", found.page.next));
    let head = match head.may.create {
        true => {
            let url = urls::new_repository(head.name());
            head.offering(url, visit.text().say("namespace-create-repository"))
        }
        false => head,
    };
    let (total, creating, changing) = (found.total, None, None);
    Ok(RepositoriesPage { frame, head, rows, total, asked, previous, next, onboarding, creating, changing })
}

impl Asked {
    fn query(&self, head: &Head) -> RepositoryQuery {
        let among = Among::Namespace { id: head.namespace.id, administers: head.may.administer };
        let (word, descending) = self.order();
        let sort = match word {
            "name" => RepositorySort::Name,
            "size" => RepositorySort::Size,
            _ => RepositorySort::Pushed,
        };
        RepositoryQuery {
            sort,
            descending,
            containing: Some(self.q.trim().to_string()).filter(|part| !part.is_empty()),
            visibility: Visibility::from_word(&self.visibility),
            place: Place::named(Some(&self.after), Some(&self.before)),
            ..RepositoryQuery::of(among, ON_A_PAGE)
        }
    }

    /// What the list is sorted by, and whether from the last to the first; `-` begins a descending order.
    fn order(&self) -> (&str, bool) {
        match self.sort.strip_prefix('-').map_or((self.sort.as_str(), false), |word| (word, true)) {
            (word @ ("name" | "size" | "pushed"), descending) => (word, descending),
            _ => ("pushed", true),
        }
    }

    /// Whether nothing is left out of the list, from its beginning.
    fn is_whole(&self) -> bool {
        !self.is_filtered() && self.after.is_empty() && self.before.is_empty()
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || Visibility::from_word(&self.visibility).is_some()
    }

    fn is_of(&self, visibility: &str) -> bool {
        self.visibility == visibility
    }

    /// The list with its filter and order, and with more.
    fn url(&self, head: &Head, more: &[(&str, &str)]) -> String {
        let kept = [("q", self.q.as_str()), ("visibility", &self.visibility), ("sort", &self.sort)];
        urls::with_query(&urls::namespace(head.name(), head.is_user()), &[kept.as_slice(), more].concat())
    }
}

impl Row {
    fn new(row: RepositoryRow, reader: &Reader) -> Row {
        Row {
            id: row.id,
            path: row.name.split_once('/').map_or_else(|| row.name.clone(), |(_, path)| path.to_string()),
            is_public: row.visibility == Visibility::Public,
            is_read_only: row.state != RepositoryState::Normal,
            starred: row.starred,
            tags: row.tags,
            size: reader.size(u64::try_from(row.size).unwrap_or(0)),
            pushed: row.pushed_at.map(|at| reader.moment(at)),
            name: row.name,
        }
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
        self.asked.url(&self.head, &[("after", &self.asked.after), ("before", &self.asked.before)])
    }

    /// What the form of the selection sends beside it, to come back to this page of the list.
    fn kept(&self) -> [(&'static str, &str); 5] {
        let asked = &self.asked;
        [
            ("q", &asked.q),
            ("visibility", &asked.visibility),
            ("sort", &asked.sort),
            ("after", &asked.after),
            ("before", &asked.before),
        ]
    }

    /// The question before one repository is changed.
    fn change_url(&self, row: &Row, dialog: &str) -> String {
        let (asked, name) = (&self.asked, row.path.as_str());
        let more =
            [("after", asked.after.as_str()), ("before", &asked.before), ("dialog", dialog), ("repository", name)];
        asked.url(&self.head, &more)
    }

    /// The list sorted by a column: figures from the largest, names from the first; the other way round when it is
    /// sorted by that already.
    fn sort_url(&self, word: &str) -> String {
        let (now, descending) = self.asked.order();
        let wanted = if now == word { !descending } else { word != "name" };
        let sort = if wanted { format!("-{word}") } else { word.to_string() };
        let asked =
            Asked { q: self.asked.q.clone(), visibility: self.asked.visibility.clone(), sort, ..Asked::default() };
        asked.url(&self.head, &[])
    }

    /// For `aria-sort`.
    fn sorted(&self, word: &str) -> &'static str {
        match self.asked.order() {
            (now, true) if now == word => "descending",
            (now, false) if now == word => "ascending",
            _ => "none",
        }
    }

    /// Shows what pressing a column's head would do, or did.
    fn sort_icon(&self, word: &str) -> &'static str {
        match self.sorted(word) {
            "descending" => "arrow-down",
            "ascending" => "arrow-up",
            _ => "chevrons-up-down",
        }
    }
}
