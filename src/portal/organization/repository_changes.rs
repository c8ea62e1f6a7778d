//! What is done to one or several repositories of a namespace at once: who may see them, and their end.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{Admin, Authorized, Visibility};
use domain::oci::RepositoryName;
use domain::organization::Namespace;
use domain::repository::{self, Repository};
use serde::Deserialize;

use super::head::{Head, Tab};
use super::repositories::{self, Asked, Row};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::retention;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// A form names at most so many; a page of the list has fewer.
const AT_ONCE: usize = 100;

/// What is asked before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Everybody may pull.
    Publish,
    /// Nobody may without a permission.
    Hide,
    /// They are gone.
    Delete,
}

/// The question as a page shows it.
pub(super) struct Changing {
    /// What will be done.
    pub change: Change,
    /// To which.
    pub repositories: Vec<Named>,
    /// What is to be typed before something is deleted.
    pub to_type: String,
    /// What was typed.
    pub typed: String,
    /// What is wrong with that.
    pub faults: Faults,
    /// Days until a deletion is for good.
    pub restorable_days: u64,
}

/// A repository in the question.
pub(super) struct Named {
    /// Its name within the namespace.
    pub name: String,
    /// How many tags and bytes it has, if the page beneath shows it.
    pub content: Option<(i64, String)>,
}

/// The form that changes who may pull.
#[derive(Deserialize)]
pub struct Visibilities {
    #[serde(default)]
    repository: Vec<String>,
    visibility: String,
}

/// The form that deletes.
#[derive(Deserialize)]
pub struct Deletion {
    #[serde(default)]
    repository: Vec<String>,
    #[serde(default)]
    confirm: String,
}

impl Changing {
    /// The question that the address asks for, if this visitor may do that.
    pub fn asked(visit: &Visit, head: &Head, asked: &Asked, rows: &[Row]) -> Option<Changing> {
        let change = match asked.dialog.as_str() {
            "publish" => Change::Publish,
            "hide" => Change::Hide,
            "delete" => Change::Delete,
            _ => return None,
        };
        let some = head.may.administer && !asked.repository.is_empty();
        some.then(|| Changing::new(visit, change, (head.name(), &asked.repository), rows))
    }

    fn new(visit: &Visit, change: Change, (namespace, names): (&str, &[String]), rows: &[Row]) -> Changing {
        let names = &names[..names.len().min(AT_ONCE)];
        let named = |name: &String| {
            let row = rows.iter().find(|row| row.path == *name);
            Named { name: name.clone(), content: row.map(|row| (row.tags, row.size.clone())) }
        };
        Changing {
            change,
            repositories: names.iter().map(named).collect(),
            to_type: to_type(namespace, names),
            typed: String::new(),
            faults: Faults::none(),
            restorable_days: retention::restorable_days(visit),
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.repositories.len()
    }

    /// The question's words, by their key.
    pub fn title(&self) -> &'static str {
        match self.change {
            Change::Publish => "namespace-publish-title",
            Change::Hide => "namespace-hide-title",
            Change::Delete => "namespace-delete-title",
        }
    }

    /// What it means, by its key.
    pub fn text(&self) -> &'static str {
        match self.change {
            Change::Publish => "namespace-publish-text",
            Change::Hide => "namespace-hide-text",
            Change::Delete => "namespace-delete-text",
        }
    }

    /// The button's words, by their key.
    pub fn button(&self) -> &'static str {
        match self.change {
            Change::Publish => "namespace-publish",
            Change::Hide => "namespace-hide",
            Change::Delete => "namespace-delete",
        }
    }

    /// Whether it is the end of them.
    pub fn deletes(&self) -> bool {
        self.change == Change::Delete
    }

    /// What the form of the question sends, where it is no deletion.
    pub fn visibility(&self) -> &'static str {
        let visibility = if self.change == Change::Publish { Visibility::Public } else { Visibility::Private };
        visibility.as_str()
    }

    /// Where the form of the question is sent.
    pub fn part(&self) -> &'static str {
        if self.deletes() { "deletion" } else { "visibility" }
    }
}

/// The name of the one, or of where the several are.
fn to_type(namespace: &str, names: &[String]) -> String {
    match names {
        [one] => format!("{namespace}/{one}"),
        _ => namespace.to_string(),
    }
}

/// `POST /<organization|user>/<name>/repositories/visibility`
///
/// # Errors
/// As the database's. What is not there, or not the visitor's to change, is said in the notice.
pub async fn publish(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Visibilities>,
) -> Result<HttpResponse, PageError> {
    let namespace = visit.namespace::<Admin>(&path.1).await?;
    let form = form.into_inner();
    let visibility = Visibility::from_word(&form.visibility).ok_or(PageError::NotFound)?;
    let (found, failed) = administered(&visit, &namespace, form.repository).await?;
    let now = visit.services.clock.now();
    let changed: Vec<Authorized<Repository, Admin>> =
        found.into_iter().filter(|one| one.visibility != visibility).collect();
    let names: Vec<String> = changed.iter().map(|one| one.name.path().to_string()).collect();
    let write = visit.services.db.write(move |tx| {
        for one in &changed {
            repository::change_visibility(tx, one, now, visibility)?;
        }
        Ok(())
    });
    write.await?;
    let text = visit.text();
    let is_public = visibility == Visibility::Public;
    let key = if is_public { "namespace-published" } else { "namespace-hidden" };
    let mut flash = notice(text.with(key, "count", names.len()), failed);
    if !names.is_empty() {
        let back = if is_public { Visibility::Private } else { Visibility::Public };
        let action = urls::repositories_part(&namespace.name, !namespace.is_organization, "visibility");
        let fields = names.into_iter().map(|name| ("repository".to_string(), name));
        let fields = fields.chain([("visibility".to_string(), back.as_str().to_string())]).collect();
        flash = flash.undone_by(text.say("namespace-undo"), action, fields);
    }
    Ok(visit.go_saying(&urls::namespace(&namespace.name, !namespace.is_organization), flash))
}

/// `POST /<organization|user>/<name>/repositories/deletion`
///
/// # Errors
/// As [`publish`].
pub async fn delete(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Deletion>,
) -> Result<HttpResponse, PageError> {
    let namespace = visit.namespace::<Admin>(&path.1).await?;
    let form = form.into_inner();
    let wanted = to_type(&namespace.name, &form.repository);
    if form.repository.is_empty() || form.confirm.trim() != wanted {
        let head = Head::of_either(&visit, &namespace.name, Tab::Repositories).await?;
        let mut page = repositories::page(&visit, head, Asked::default()).await?;
        let mut changing = Changing::new(&visit, Change::Delete, (&namespace.name, &form.repository), &page.rows);
        changing.faults = Faults::one("confirm", visit.text().with("namespace-delete-mistyped", "name", &wanted));
        changing.typed = form.confirm;
        page.changing = Some(changing);
        return Ok(visit.refused(&page));
    }
    let (found, failed) = administered(&visit, &namespace, form.repository).await?;
    let (count, now) = (found.len(), visit.services.clock.now());
    let rows = found.iter().map(|one| ("repository".to_string(), one.id.0.to_string())).collect();
    let write = visit.services.db.write(move |tx| {
        for one in &found {
            repository::delete(tx, one, now)?;
        }
        Ok(())
    });
    write.await?;
    let mut flash = notice(visit.text().with("namespace-deleted", "count", count), failed);
    if count > 0 {
        let action = urls::repositories_part(&namespace.name, !namespace.is_organization, "restoration");
        flash = flash.undone_by(visit.text().say("namespace-undo"), action, rows);
    }
    Ok(visit.go_saying(&urls::namespace(&namespace.name, !namespace.is_organization), flash))
}

/// Those of these repositories that are in the namespace, each once, and what is said of the other names.
async fn administered(
    visit: &Visit,
    namespace: &Authorized<Namespace, Admin>,
    mut names: Vec<String>,
) -> Result<(Vec<Authorized<Repository, Admin>>, Vec<String>), PageError> {
    names.sort_unstable();
    names.dedup();
    names.truncate(AT_ONCE);
    let whole = |name: &String| format!("{}/{name}", namespace.name).parse().ok();
    let (wanted, of): (Vec<RepositoryName>, _) = (names.iter().filter_map(whole).collect(), namespace.clone());
    let found = visit.services.db.read(move |conn| of.repositories(conn, &wanted)).await?;
    let text = visit.text();
    let missing = names.iter().filter(|name| !found.iter().any(|one| one.name.path() == name.as_str()));
    let failed = missing.map(|name| text.with("namespace-not-there", "name", name)).collect();
    Ok((found, failed))
}

/// What became of it, with what did not work.
fn notice(text: String, failed: Vec<String>) -> Flash {
    match failed.is_empty() {
        true => Flash::done(text),
        false => Flash::failed(text).listing(failed),
    }
}
