//! Repositories of all namespaces that somebody may see.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::Visibility;
use domain::page::{Cursor, Place};
use domain::repository::{self, Among, RepositoryQuery, RepositoryRow, RepositorySort};
use serde::Deserialize;

use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, markdown};
use crate::portal::urls;
use crate::portal::visit::Visit;

const ON_A_PAGE: usize = 50;
const SUMMARY: usize = 120;

/// What the address says of the page's state.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Shown {
    q: String,
    among: String,
    visibility: String,
    sort: String,
    after: Option<String>,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "explore/repositories.html", blocks = ["results"])]
struct RepositoriesPage {
    frame: Frame,
    shown: Shown,
    rows: Vec<Row>,
    previous: String,
    next: String,
}

struct Row {
    name: String,
    namespace: String,
    short: String,
    summary: String,
    is_public: bool,
    is_starred: bool,
    size: String,
    tags: i64,
    pulls: String,
    pushed: Option<Moment>,
}

/// `GET /repository`
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let (reader, query) = (visit.catalog_reader(), shown.query(visit.user().is_ok()));
    let page = visit.services.db.read(move |conn| repository::rows(conn, &reader, &query)).await?.page;
    let link = |cursor: Option<&Cursor>, word: &str| {
        cursor.map_or_else(String::new, |cursor| shown.link(&[(word, &cursor.to_string())]))
    };
    let (previous, next) = (link(page.previous.as_ref(), "before"), link(page.next.as_ref(), "after"));
    let rows = page.rows.into_iter().map(|row| Row::new(&visit, row)).collect();
    let page = RepositoriesPage { frame: visit.frame(Here::Repositories).await?, rows, previous, next, shown };
    if visit.wants("results") { Ok(visit.block(&page.as_results())) } else { Ok(visit.page(&page)) }
}

impl Shown {
    fn query(&self, is_user: bool) -> RepositoryQuery {
        let among = match self.among.as_str() {
            "mine" if is_user => Among::Mine,
            "starred" if is_user => Among::Starred,
            _ => Among::Readable,
        };
        let (sort, descending) = match self.sort.as_str() {
            "name" => (RepositorySort::Name, false),
            "size" => (RepositorySort::Size, true),
            "pulls" => (RepositorySort::Pulls, true),
            _ => (RepositorySort::Pushed, true),
        };
        let visibility = match self.visibility.as_str() {
            "public" => Some(Visibility::Public),
            "private" => Some(Visibility::Private),
            _ => None,
        };
        RepositoryQuery {
            among,
            sort,
            descending,
            containing: Some(self.q.trim().to_string()).filter(|text| !text.is_empty()),
            visibility,
            place: Place::named(self.after.as_deref(), self.before.as_deref()),
            limit: ON_A_PAGE,
        }
    }

    fn link(&self, changes: &[(&str, &str)]) -> String {
        let state =
            [("q", self.q.as_str()), ("among", &self.among), ("visibility", &self.visibility), ("sort", &self.sort)];
        urls::with_changes(urls::repositories(), &state, changes)
    }

    fn is_among(&self, among: &str) -> bool {
        self.among == among
    }

    fn is_filtered(&self) -> bool {
        !(self.q.trim().is_empty() && self.among.is_empty() && self.visibility.is_empty())
    }
}

impl Row {
    fn new(visit: &Visit, row: RepositoryRow) -> Row {
        let reader = visit.reader();
        let (namespace, short) = row.name.split_once('/').unwrap_or((row.name.as_str(), ""));
        Row {
            namespace: namespace.to_string(),
            short: short.to_string(),
            summary: markdown::summary(&row.description, SUMMARY),
            is_public: row.visibility == Visibility::Public,
            is_starred: row.starred,
            size: reader.size(row.size.unsigned_abs()),
            tags: row.tags,
            pulls: reader.number(row.pulls.unsigned_abs()),
            pushed: row.pushed_at.map(|at| reader.moment(at)),
            name: row.name,
        }
    }
}
