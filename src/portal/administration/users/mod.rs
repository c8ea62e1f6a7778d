//! All users: the list, and what is done to them.

mod changes;
mod dialog;

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::{Inspect, Read, Standing};
use domain::account::{self, User};
use domain::administration::{self, UserQuery, UserRow, UserSort, UserState};
use domain::oci::NamespaceName;
use domain::organization;
use domain::page::{Cursor, Place};
use serde::Deserialize;

pub use self::changes::{change, create};
use self::dialog::{Change, Dialog, NewUser, Question, Subject};
use super::may_change;
use crate::portal::faults::Faults;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;

const ON_A_PAGE: usize = 50;

/// What the address says of the page's state.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Asked {
    q: String,
    state: String,
    /// A column, with `-` before it from the last to the first.
    sort: String,
    after: Option<String>,
    before: Option<String>,
    dialog: String,
    user: String,
}

#[derive(Template)]
#[template(path = "administration/users.html", blocks = ["users"])]
struct UsersPage {
    frame: Frame,
    asked: Asked,
    rows: Vec<Row>,
    previous: String,
    next: String,
    may_change: bool,
    dialog: Option<Dialog>,
}

struct Row {
    id: i64,
    name: String,
    /// Full name and address, as far as they are known.
    about: String,
    enabled: bool,
    subject: Subject,
    created: Moment,
    seen: Option<Moment>,
    repositories: i64,
}

/// `GET /administration/users`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    let dialog = match asked.dialog.is_empty() || !may_change(&visit) {
        true => None,
        false => {
            visit.require_fresh()?;
            opened(&visit, &asked).await?
        }
    };
    let page = page(&visit, dialog).await?;
    if visit.wants("users") { Ok(visit.block(&page.as_users())) } else { Ok(visit.page(&page)) }
}

/// `GET /administration/users/<name>/<change>`: where a form was sent and somebody reloads the page.
///
/// # Errors
/// Not found for what is no change.
pub async fn again(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, PageError> {
    visit.registry::<Inspect>().await?;
    let change = Change::named(&path.1).ok_or(PageError::NotFound)?;
    let query = [("dialog", change.word()), ("user", path.0.as_str())];
    Ok(visit.go(&urls::with_query(urls::administration_users(), &query)))
}

/// The dialog that the address names, if there is such a user and it can be done to them.
async fn opened(visit: &Visit, asked: &Asked) -> Result<Option<Dialog>, PageError> {
    if asked.dialog == "create" {
        return Ok(Some(Dialog::Create(NewUser::default())));
    }
    let Some(change) = Change::named(&asked.dialog) else { return Ok(None) };
    let user = named(visit, &asked.user).await?;
    if !Subject::of(visit, &user).allows(change) {
        return Ok(None);
    }
    let typed = if change == Change::Email { user.email.unwrap_or_default() } else { String::new() };
    Ok(Some(Dialog::Ask(question(visit, change, user.name, typed, Faults::none()).await?)))
}

/// The user of this name. What was deleted has a name that nobody can have.
async fn named(visit: &Visit, name: &str) -> Result<User, PageError> {
    let name: NamespaceName = name.parse().map_err(|_| PageError::NotFound)?;
    Ok(visit.services.db.read(move |conn| account::by_name(conn, name.as_str())).await?)
}

async fn question(
    visit: &Visit,
    change: Change,
    user: String,
    typed: String,
    faults: Faults,
) -> Result<Question, PageError> {
    let repositories = match change {
        Change::Delete | Change::TakeOwnership => {
            let namespace = visit.namespace::<Read>(&user).await?;
            visit.services.db.read(move |conn| organization::header(conn, &namespace)).await?.counts.repositories
        }
        _ => 0,
    };
    let kept = visit.reader().duration(visit.services.settings.retention.deleted);
    Ok(Question { change, user, typed, faults, repositories, kept })
}

async fn page(visit: &Visit, dialog: Option<Dialog>) -> Result<UsersPage, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    let query = asked.query();
    let page = visit.services.db.read(move |conn| administration::users(conn, &instance, &query)).await?;
    let link = |cursor: Option<&Cursor>, word: &str| {
        cursor.map_or_else(String::new, |cursor| asked.link(&[(word, &cursor.to_string())]))
    };
    Ok(UsersPage {
        previous: link(page.previous.as_ref(), "before"),
        next: link(page.next.as_ref(), "after"),
        rows: page.rows.into_iter().map(|row| Row::new(visit, row)).collect(),
        frame: visit.frame(Here::Administration(Administration::Users)).await?,
        may_change: may_change(visit),
        dialog,
        asked,
    })
}

impl Asked {
    fn query(&self) -> UserQuery {
        let state = match self.state.as_str() {
            "enabled" => UserState::Enabled,
            "disabled" => UserState::Disabled,
            "superusers" => UserState::Superusers,
            _ => UserState::Any,
        };
        let descending = self.sort.starts_with('-');
        let sort = if self.sort.ends_with("signed-in") { UserSort::SignedIn } else { UserSort::Name };
        UserQuery {
            containing: Some(self.q.trim().to_string()).filter(|text| !text.is_empty()),
            state,
            sort,
            descending,
            place: Place::named(self.after.as_deref(), self.before.as_deref()),
            limit: ON_A_PAGE,
        }
    }

    /// This list with other values for some of what the address says; a page only where it is among them.
    fn link(&self, changes: &[(&str, &str)]) -> String {
        let kept = [("q", self.q.as_str()), ("state", &self.state), ("sort", &self.sort)];
        let kept = kept.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let query: Vec<(&str, &str)> = kept.chain(changes.iter().copied()).collect();
        urls::with_query(urls::administration_users(), &query)
    }

    fn is_filtered(&self) -> bool {
        !(self.q.trim().is_empty() && self.state.is_empty())
    }
}

impl UsersPage {
    /// The list without a dialog.
    fn list(&self) -> String {
        let page = [("after", self.asked.after.as_deref()), ("before", self.asked.before.as_deref())];
        let page: Vec<(&str, &str)> = page.iter().map(|(name, value)| (*name, value.unwrap_or_default())).collect();
        self.asked.link(&page)
    }

    fn ask_url(&self, row: &Row, change: &Change) -> String {
        urls::and_query(&self.list(), &[("dialog", change.word()), ("user", &row.name)])
    }

    fn create_url(&self) -> String {
        urls::and_query(&self.list(), &[("dialog", "create")])
    }

    /// What the pills offer: the state's word and its name's key.
    fn states(&self) -> [(&'static str, &'static str); 4] {
        [
            ("", "admin-users-all"),
            ("enabled", "admin-users-enabled"),
            ("disabled", "admin-users-disabled"),
            ("superusers", "admin-users-superusers"),
        ]
    }

    fn state_url(&self, state: &str) -> String {
        self.asked.link(&[("state", state)])
    }

    fn is_in_state(&self, state: &str) -> bool {
        self.asked.state == state
    }

    /// Sorted by this column; where it is already, the other way round.
    fn sort_url(&self, column: &str) -> String {
        // Who was here last is asked for more often than who was never.
        let (first, second) = match column {
            "signed-in" => ("-signed-in", "signed-in"),
            _ => ("", "-name"),
        };
        self.asked.link(&[("sort", if self.asked.sort == first { second } else { first })])
    }

    fn sorted(&self, column: &str) -> &'static str {
        let by = if self.asked.sort.ends_with("signed-in") { "signed-in" } else { "name" };
        match (by == column, self.asked.sort.starts_with('-')) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    fn sort_icon(&self, column: &str) -> &'static str {
        match self.sorted(column) {
            "ascending" => "arrow-up",
            "descending" => "arrow-down",
            _ => "chevrons-up-down",
        }
    }
}

impl Row {
    fn new(visit: &Visit, row: UserRow) -> Row {
        let reader = visit.reader();
        let about: Vec<String> = [row.full_name, row.email].into_iter().flatten().collect();
        Row {
            id: row.id,
            subject: Subject::new(visit, &row.name, row.standing, row.enabled),
            name: row.name,
            about: about.join(" · "),
            enabled: row.enabled,
            created: reader.moment(row.created_at),
            seen: row.signed_in_at.map(|at| reader.moment(at)),
            repositories: row.repositories,
        }
    }

    fn changes(&self) -> Vec<Change> {
        self.subject.changes()
    }

    fn is_superuser(&self) -> bool {
        self.subject.standing() == Standing::Superuser
    }

    fn is_read_only_superuser(&self) -> bool {
        self.subject.standing() == Standing::ReadOnlySuperuser
    }
}
