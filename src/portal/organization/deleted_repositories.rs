//! Repositories of a namespace that were deleted and can come back: its admins restore them until they are removed for
//! good.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::Error;
use domain::access::{Admin, Inspect};
use domain::deletion::{self, Deleted};
use domain::ids::RepositoryId;
use domain::page::{Cursor, Key};
use domain::time::Timestamp;
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::retention;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

const ON_A_PAGE: usize = 50;
/// A form names at most so many.
const AT_ONCE: usize = 100;

/// What the address says of the view.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    after: String,
}

/// What is to come back, by row, and the name within the namespace that one gets in place of its old one.
#[derive(Deserialize)]
pub struct Restoration {
    #[serde(default)]
    repository: Vec<i64>,
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "organization/deleted_repositories.html")]
struct DeletedPage {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    /// The first page, where this is another.
    first: String,
    next: String,
    /// Something whose old name cannot be had.
    renaming: Option<Renaming>,
}

struct Row {
    id: i64,
    name: String,
    deleted: Moment,
    purged: Moment,
}

struct Renaming {
    id: i64,
    typed: String,
    faults: Faults,
}

/// `?view=deleted` of the tab "Repositories"
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    Ok(visit.page(&page(&visit, head, &asked, None).await?))
}

async fn page(visit: &Visit, head: Head, asked: &Asked, renaming: Option<Renaming>) -> Result<DeletedPage, PageError> {
    let namespace = visit.namespace::<Inspect>(head.name()).await?;
    let after = asked.place();
    let (since, limit) = (since(visit), i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX));
    let read = visit.services.db.read(move |conn| deletion::list_of(conn, &namespace, since, after, limit));
    let mut found = read.await?;
    let more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let here = urls::deleted_repositories(head.name(), head.is_user());
    let next = found.last().filter(|_| more).map(|last| {
        let place = Cursor::number(last.deleted_at.0, last.id).to_string();
        urls::and_query(&here, &[("after", &place)])
    });
    let (reader, kept) = (visit.reader(), visit.services.settings.retention.deleted);
    let row = |one: Deleted| Row {
        id: one.id,
        deleted: reader.moment(one.deleted_at),
        purged: reader.moment(one.deleted_at.plus(kept)),
        name: one.name,
    };
    Ok(DeletedPage {
        frame: visit.frame(Here::Namespace(head.name().to_string())).await?,
        rows: found.into_iter().map(row).collect(),
        first: after.map(|_| here).unwrap_or_default(),
        next: next.unwrap_or_default(),
        head,
        renaming,
    })
}

/// `POST /<organization|user>/<name>/repositories/restoration`: all of them or none.
///
/// # Errors
/// As [`deletion::restore_repository`], but for what the form can mend.
pub async fn restore(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Restoration>,
) -> Result<HttpResponse, PageError> {
    let namespace = visit.namespace::<Admin>(&path.1).await?;
    let Restoration { mut repository, name: typed } = form.into_inner();
    repository.truncate(AT_ONCE);
    let only = match repository.as_slice() {
        [] => return Err(PageError::NotFound),
        [one] => Some(*one),
        _ => None,
    };
    let new = only.map(|_| typed.trim().to_string()).filter(|name| !name.is_empty());
    let (now, since, of) = (visit.services.clock.now(), since(&visit), namespace.clone());
    let write = visit.services.db.write(move |tx| {
        let mut one = |id| deletion::restore_repository(tx, &of, (now, since), RepositoryId(id), new.as_deref());
        repository.iter().copied().map(&mut one).collect::<domain::Result<Vec<String>>>()
    });
    let (name, is_user) = (&namespace.name, !namespace.is_organization);
    match (write.await, only) {
        (Ok(names), _) => {
            let flash = Flash::done(visit.text().with("namespace-restored", "count", names.len()));
            let one = names.first().filter(|_| only.is_some());
            let there = one.map_or_else(|| urls::namespace(name, is_user), |one| urls::repository(one));
            Ok(visit.go_saying(&there, flash))
        }
        (Err(error @ (Error::AlreadyExists(_) | Error::Content(_))), Some(id)) => {
            let renaming = Renaming { id, typed, faults: retention::faults(&visit, error)? };
            let head = Head::of_either(&visit, name, Tab::Repositories).await?;
            Ok(visit.refused(&page(&visit, head, &Asked::default(), Some(renaming)).await?))
        }
        (Err(error), _) => {
            let flash = super::notice(&visit, error.into())?;
            Ok(visit.go_saying(&urls::deleted_repositories(name, is_user), flash))
        }
    }
}

/// What was deleted before is about to be removed for good, or is being removed.
fn since(visit: &Visit) -> Timestamp {
    visit.services.clock.now().minus(visit.services.settings.retention.deleted)
}

impl Asked {
    fn place(&self) -> Option<(i64, i64)> {
        match self.after.parse() {
            Ok(Cursor { key: Key::Number(at), id }) => Some((at, id)),
            _ => None,
        }
    }
}
