//! What was deleted and can come back.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::Inspect;
use domain::deletion::{self, Deleted, DeletedKind};
use serde::Deserialize;

use super::{may_change, superuser};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::retention;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

const ON_A_PAGE: usize = 50;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// The place after which the page begins, as [`key`] writes it.
    after: String,
    dialog: String,
    kind: String,
    id: i64,
    name: String,
}

/// The name something comes back under; its old one if none is given.
#[derive(Deserialize)]
pub struct Restoration {
    #[serde(default)]
    name: String,
    /// What it was called, for the dialog alone.
    #[serde(default)]
    old: String,
}

#[derive(Template)]
#[template(path = "administration/deleted.html")]
struct DeletedPage {
    frame: Frame,
    rows: Vec<Row>,
    /// The first page, where this is another.
    first: String,
    next: String,
    may_change: bool,
    dialog: Option<Question>,
}

struct Row {
    kind: DeletedKind,
    id: i64,
    name: String,
    deleted: Moment,
    purged: Moment,
}

/// Something that is to come back.
struct Question {
    kind: DeletedKind,
    id: i64,
    old: String,
    typed: String,
    faults: Faults,
}

/// `GET /administration/organizations?tab=deleted`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let kind = DeletedKind::from_word(&asked.kind).filter(|_| asked.dialog == "restore" && may_change(&visit));
    let dialog = match kind {
        Some(kind) => {
            visit.require_fresh()?;
            Some(Question { kind, id: asked.id, typed: String::new(), old: asked.name, faults: Faults::none() })
        }
        None => None,
    };
    Ok(visit.page(&page(&visit, dialog).await?))
}

async fn page(visit: &Visit, dialog: Option<Question>) -> Result<DeletedPage, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let after = read_key(&visit.query::<Asked>().after);
    let limit = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let mut found = visit.services.db.read(move |conn| deletion::list(conn, &instance, after, limit)).await?;
    let more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| urls::and_query(urls::administration_deleted(), &[("after", &key(last))]));
    Ok(DeletedPage {
        frame: visit.frame(Here::Administration(Administration::Organizations)).await?,
        rows: found.into_iter().map(|one| Row::new(visit, one)).collect(),
        first: after.map(|_| urls::administration_deleted().to_string()).unwrap_or_default(),
        next: next.unwrap_or_default(),
        may_change: may_change(visit),
        dialog,
    })
}

/// `POST /administration/deleted/<kind>/<id>/restoration`
///
/// # Errors
/// As [`deletion::restore`], but for what the form can mend.
pub async fn restore(
    visit: Visit,
    path: Path<(String, i64)>,
    form: VerifiedForm<Restoration>,
) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let (kind, id) = path.into_inner();
    let kind = DeletedKind::from_word(&kind).ok_or(PageError::NotFound)?;
    let form = form.into_inner();
    let new = Some(form.name.trim().to_string()).filter(|name| !name.is_empty());
    let now = visit.services.clock.now();
    let restored =
        visit.services.db.write(move |tx| deletion::restore(tx, &instance, now, (kind, id), new.as_deref())).await;
    match restored {
        Ok(name) => {
            let flash = Flash::done(visit.text().with("admin-deleted-restored", "name", &name));
            Ok(visit.go_saying(urls::administration_deleted(), flash))
        }
        Err(error) => {
            let faults = retention::faults(&visit, error)?;
            let question = Question { kind, id, old: form.old, typed: form.name, faults };
            Ok(visit.refused(&page(&visit, Some(question)).await?))
        }
    }
}

/// A place in the list, for addresses.
fn key(deleted: &Deleted) -> String {
    let (at, id, is_repository) = deleted.key();
    format!("{at}.{id}.{}", if is_repository { "r" } else { "n" })
}

fn read_key(text: &str) -> Option<(i64, i64, bool)> {
    let mut parts = text.split('.');
    let (at, id, kind) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    Some((at, id, kind == "r"))
}

impl Row {
    fn new(visit: &Visit, deleted: Deleted) -> Row {
        let reader = visit.reader();
        let purged = deleted.deleted_at.plus(visit.services.settings.retention.deleted);
        Row {
            kind: deleted.kind,
            id: deleted.id,
            deleted: reader.moment(deleted.deleted_at),
            purged: reader.moment(purged),
            name: deleted.name,
        }
    }

    fn icon(&self) -> &'static str {
        match self.kind {
            DeletedKind::Organization => "building-2",
            DeletedKind::Repository => "box",
            DeletedKind::User => "user",
        }
    }

    fn kind_key(&self) -> &'static str {
        match self.kind {
            DeletedKind::Organization => "admin-deleted-organization",
            DeletedKind::Repository => "admin-repository",
            DeletedKind::User => "admin-deleted-user",
        }
    }

    fn ask_url(&self) -> String {
        let id = self.id.to_string();
        let query = [("dialog", "restore"), ("kind", self.kind.as_str()), ("id", &id), ("name", &self.name)];
        urls::and_query(urls::administration_deleted(), &query)
    }
}

impl Question {
    fn action(&self) -> String {
        urls::administration_restoration(self.kind.as_str(), self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_as_they_were_written() {
        assert_eq!(read_key("1700.12.r"), Some((1700, 12, true)));
        assert_eq!(read_key("1700.12.n"), Some((1700, 12, false)));
        for wrong in ["", "1700", "1700.12", "x.12.r"] {
            assert_eq!(read_key(wrong), None, "{wrong}");
        }
    }
}
