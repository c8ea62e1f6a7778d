//! The tags of a repository: filter, order, pages; what can be done to one or to many; news while the page is open.
//!
//! A dialog is a state of the page (`dialog=delete&tag=a&tag=b`), so choosing tags is a plain GET form and works without
//! script. Whatever is done to tags goes through [`actions`], which leads back to the list as it was.

pub mod actions;
mod back;
mod dialog;
mod lanes;
pub mod news;
mod rows;

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;
use domain::access::{Authorized, Read};
use domain::oci::TagName;
use domain::page::Place;
use domain::repository::Repository;
use domain::tag::{self, Referred, TagPage, TagPattern, TagQuery, TagSort};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::text::Text;
use crate::portal::urls;
use crate::portal::visit::Visit;

pub use dialog::{Dialog, Typed};
use rows::Row;

/// Tags on a page, by choice.
const LIMITS: [usize; 3] = [25, 50, 100];

/// What the address says of the page's state.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Shown {
    q: String,
    regex: Option<String>,
    signatures: Option<String>,
    sort: String,
    order: String,
    limit: String,
    after: String,
    before: String,
    /// The row that is open.
    open: String,
    /// The page that the dialog leads back to, where that is not the list.
    back: String,
    /// Which dialog is open, about [`tag`](Shown::tag).
    pub dialog: String,
    /// Tags that were chosen.
    pub tag: Vec<String>,
}

#[derive(Template)]
#[template(path = "repository/tags.html", blocks = ["tags"])]
struct TagsPage {
    frame: Frame,
    head: Head,
    shown: Shown,
    fault: Option<String>,
    rows: Vec<Row>,
    previous: String,
    next: String,
    matching: Option<String>,
    login: String,
    push: [String; 2],
    dialog: Option<Dialog>,
    faults: Faults,
    typed: Typed,
}

/// `GET /repository/<name>?tab=tags`
///
/// # Errors
/// Not found for whoever may not read the repository.
pub async fn show(visit: Visit, name: &str) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let page = page(&visit, name, shown, Faults::none(), Typed::default()).await?;
    if visit.wants("tags") { Ok(visit.block(&page.as_tags())) } else { Ok(visit.page(&page)) }
}

/// The page with a dialog whose form was refused.
///
/// # Errors
/// As [`show`].
pub(super) async fn again(
    visit: &Visit,
    name: &str,
    shown: Shown,
    faults: Faults,
    typed: Typed,
) -> Result<HttpResponse, PageError> {
    Ok(visit.refused(&page(visit, name, shown, faults, typed).await?))
}

async fn page(
    visit: &Visit,
    name: &str,
    mut shown: Shown,
    faults: Faults,
    typed: Typed,
) -> Result<TagsPage, PageError> {
    let (repository, head) = Head::load(visit, name, Some(Tab::Tags)).await?;
    let (filter, fault) = match shown.filter(visit.text()) {
        Ok(filter) => (filter, None),
        Err(error) => (None, Some(error)),
    };
    let (mut found, mut about) = list(visit, &repository, shown.query(filter.clone())).await?;
    // Whoever deletes all that the last page has comes back to a page that is no more.
    if found.page.rows.is_empty() && found.page.next.is_none() && !shown.is_first() {
        (shown.after, shown.before) = (String::new(), String::new());
        (found, about) = list(visit, &repository, shown.query(filter)).await?;
    }
    let dialog = Dialog::open(visit, &repository, &head, &shown).await?;
    let link = |cursor: Option<&domain::page::Cursor>, word: &str| {
        cursor.map_or_else(String::new, |cursor| shown.link(&head.name, &[(word, &cursor.to_string())]))
    };
    let (previous, next) = (link(found.page.previous.as_ref(), "before"), link(found.page.next.as_ref(), "after"));
    let matching = found.matching.map(|count| head.reader.number(count as u64));
    Ok(TagsPage {
        frame: visit.frame(Here::Namespace(head.namespace.clone())).await?,
        rows: rows(&head, &shown, &found, &about),
        login: format!("docker login {}", visit.address().host()),
        push: [
            format!("docker tag {}:latest {}:latest", head.short, head.reference),
            format!("docker push {}:latest", head.reference),
        ],
        previous,
        next,
        matching,
        head,
        shown,
        fault,
        dialog,
        faults,
        typed,
    })
}

/// A page of the list, and what is said about its images.
async fn list(
    visit: &Visit,
    repository: &Authorized<Repository, Read>,
    query: TagQuery,
) -> Result<(TagPage, HashMap<String, Referred>), PageError> {
    let (asked, now) = (repository.clone(), visit.services.clock.now());
    let names = visit.services.tag_names.clone();
    let turn = match &query.filter {
        Some(filter) if filter.is_expression() => Some(names.turn(visit.caller().origin.ip).await?),
        _ => None,
    };
    let found = visit.services.db.read(move |conn| {
        // Until it is done, whether or not anybody waits for it.
        let _turn = turn;
        let found = tag::page(conn, &names, &asked, now, &query)?;
        let digests: Vec<&str> = found.page.rows.iter().map(|row| row.digest.as_str()).collect();
        let about = tag::referred(conn, &asked, &digests)?;
        Ok((found, about))
    });
    Ok(found.await?)
}

fn rows(head: &Head, shown: &Shown, found: &TagPage, about: &HashMap<String, Referred>) -> Vec<Row> {
    let manifests: Vec<i64> = found.page.rows.iter().map(|row| row.manifest).collect();
    // Lines join what stands together, which only an order by time or size makes likely.
    let lanes = if shown.sort() == TagSort::Updated { lanes::lanes(&manifests) } else { Vec::new() };
    let each = found.page.rows.iter().enumerate();
    each.map(|(at, tag)| {
        let about = about.get(&tag.digest).copied().unwrap_or_default();
        let same = found.same_image(tag).map(str::to_string).collect();
        Row::new(head, tag, about, same, lanes.get(at).cloned().unwrap_or_default(), shown.open == tag.name)
    })
    .collect()
}

impl TagsPage {
    fn news(&self) -> String {
        news::address(&self.head.name, self.head.overview.pushed_at)
    }
}

impl Shown {
    fn filter(&self, words: Text) -> Result<Option<TagPattern>, String> {
        let wanted = self.q.trim();
        if wanted.is_empty() {
            return Ok(None);
        }
        let pattern =
            if self.regex.is_some() { TagPattern::expression(wanted) } else { TagPattern::containing(wanted) };
        pattern.map(Some).map_err(|error| match error {
            domain::Error::Invalid { message, .. } => words.sentence(&message),
            other => other.to_string(),
        })
    }

    fn query(&self, filter: Option<TagPattern>) -> TagQuery {
        TagQuery {
            sort: self.sort(),
            descending: self.is_descending(),
            filter,
            with_signatures: self.signatures.is_some(),
            place: Place::named(Some(&self.after), Some(&self.before)),
            limit: self.limit(),
        }
    }

    fn limit(&self) -> usize {
        self.limit.parse().ok().filter(|limit| LIMITS.contains(limit)).unwrap_or(LIMITS[0])
    }

    /// How many rows a page may have, each with the address of such a page but for what the page has now; none where all
    /// fit on the smallest.
    fn sizes(&self, head: &Head) -> Vec<(usize, Option<String>)> {
        if usize::try_from(head.overview.tags).is_ok_and(|tags| tags <= LIMITS[0]) {
            return Vec::new();
        }
        let link = |limit: usize| self.link(&head.name, &[("limit", &limit.to_string())]);
        LIMITS.iter().map(|limit| (*limit, (*limit != self.limit()).then(|| link(*limit)))).collect()
    }

    /// Whether the page is where the list begins.
    fn is_first(&self) -> bool {
        self.after.is_empty() && self.before.is_empty()
    }

    fn sort(&self) -> TagSort {
        match self.sort.as_str() {
            "name" => TagSort::Name,
            "size" => TagSort::Size,
            "pulls" => TagSort::Pulls,
            _ => TagSort::Updated,
        }
    }

    fn is_descending(&self) -> bool {
        match self.order.as_str() {
            "asc" => false,
            "desc" => true,
            _ => self.falls_by_itself(),
        }
    }

    /// Whether the order goes from the last to the first where nobody says otherwise.
    fn falls_by_itself(&self) -> bool {
        self.sort() != TagSort::Name
    }

    /// Whether the order is not the one it has by itself. Only then does a filter keep it, which may sort by something else.
    fn is_turned(&self) -> bool {
        self.is_descending() != self.falls_by_itself()
    }

    /// Whether the page is in this order.
    fn is_sorted_by(&self, name: &str) -> bool {
        let current = match self.sort() {
            TagSort::Name => "name",
            TagSort::Size => "size",
            TagSort::Pulls => "pulls",
            TagSort::Updated => "updated",
        };
        current == name
    }

    /// `ascending`, `descending` or nothing: what a column's head says.
    fn aria_sort(&self, name: &str) -> &'static str {
        match (self.is_sorted_by(name), self.is_descending()) {
            (false, _) => "",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    }

    fn sort_icon(&self, name: &str) -> &'static str {
        match self.aria_sort(name) {
            "descending" => "arrow-down",
            "ascending" => "arrow-up",
            _ => "chevrons-up-down",
        }
    }

    /// The page in this order; in the other direction if it is in this order already.
    fn sort_link(&self, repository: &str, name: &str) -> String {
        let descending = if self.is_sorted_by(name) { !self.is_descending() } else { name != "name" };
        self.link(repository, &[("sort", name), ("order", if descending { "desc" } else { "asc" })])
    }

    /// What the list shows, by the names it has in an address.
    fn state(&self) -> [(&'static str, &str); 7] {
        [
            ("tab", "tags"),
            ("q", &self.q),
            ("regex", self.regex.as_deref().unwrap_or_default()),
            ("signatures", self.signatures.as_deref().unwrap_or_default()),
            ("sort", &self.sort),
            ("order", &self.order),
            ("limit", &self.limit),
        ]
    }

    /// Where in the list the page is, likewise.
    fn place(&self) -> [(&'static str, &str); 3] {
        [("after", &self.after), ("before", &self.before), ("open", &self.open)]
    }

    /// What the form of the selection sends beside it, so that its dialog has this page of the list behind it.
    fn kept(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.state().into_iter().chain(self.place()).filter(|(_, value)| !value.is_empty())
    }

    /// The list changed in these respects, from its first page unless they say where.
    fn link(&self, repository: &str, changes: &[(&str, &str)]) -> String {
        urls::with_changes(&urls::repository(repository), &self.state(), changes)
    }

    /// This page of the list, changed in these respects.
    fn here(&self, repository: &str, changes: &[(&str, &str)]) -> String {
        let state: Vec<(&str, &str)> = self.state().into_iter().chain(self.place()).collect();
        urls::with_changes(&urls::repository(repository), &state, changes)
    }

    /// Where the dialogs about tags of this page of the list are: the dialog's name, `&tag=` and the tag are missing.
    fn dialogs(&self, repository: &str) -> String {
        let here = self.here(repository, &[("dialog", ""), ("tag", "")]);
        format!("{here}&dialog=")
    }

    /// The tags chosen, as far as they can be tags.
    fn chosen(&self) -> Vec<TagName> {
        self.tag.iter().take(tag::MOST_AT_ONCE).filter_map(|name| name.parse().ok()).collect()
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty()
    }
}
