//! The usage log of a repository, an organization, a user or the registry: what happened, by whom, from where.
//!
//! One part of a page, wherever it stands: the page's handler proves that the reader may look ([`Scope`]) and calls
//! [`open`]; its template prints the two parts of a [`Log`], one where the log goes and one in its dialog. Filters, pages,
//! open entries and the dialog are in the address, so every state can be linked to. Days are days in UTC, because that is how the charts are counted.
//!
//! Invariant: entries come from the domain by a `Scope`; nothing here decides who may read what.

mod asked;
mod chart;
pub mod exports;
mod kinds;
mod place;
mod sentence;
#[cfg(test)]
mod tests;

use actix_web::web;
use askama::Template;
use domain::access::{Admin, Inspect};
use domain::audit::{self, Entry, Key, Scope};
use domain::event::EventKind;
use domain::time::Timestamp;

use self::asked::Asked;
pub use self::place::Place;
use super::frame::Frame;
use super::problem::PageError;
use super::show::{Moment, Reader, SafeHtml};
use super::text::Text;
use super::urls;
use super::visit::Visit;

/// Entries on a page.
const AT_ONCE: usize = 50;

/// The addresses of the log that are not a page's; a repository's is among those of repositories.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/organization/{organization}/logs/exports", web::post().to(exports::of_organization))
        .route("/user/{user}/logs/exports", web::post().to(exports::of_user))
        .route("/administration/logs/exports", web::post().to(exports::of_registry));
}

/// A log as a page shows it: the markup of its two parts. As a template it is the first of them alone, which is what htmx
/// asks for under the name `logs`.
#[derive(Template)]
#[template(source = "{{ part }}", ext = "html")]
pub struct Log {
    /// The filters, the chart and the entries.
    pub part: SafeHtml,
    /// For the page's dialog; empty if none is open.
    pub dialog: SafeHtml,
}

/// What is in the first part.
#[derive(Template)]
#[template(path = "logs/log.html")]
struct Part<'a> {
    frame: &'a Frame,
    place: &'a Place,
    asked: &'a Asked,
    chart: SafeHtml,
    kinds: Vec<KindChoice>,
    rows: Vec<Row>,
    newest: String,
    older: String,
    downloads: Option<Downloads>,
    export: String,
}

/// The log on a page of its own: where the form for an export is to be mended.
#[derive(Template)]
#[template(path = "logs/page.html")]
struct LogPage {
    frame: Frame,
    log: Log,
}

/// A kind of event in the filter.
struct KindChoice {
    word: &'static str,
    name: String,
    is_chosen: bool,
}

/// The whole log under the filter as files.
struct Downloads {
    csv: String,
    json_lines: String,
}

/// An entry.
struct Row {
    id: i64,
    at: Moment,
    sentence: String,
    times: i64,
    namespace: String,
    repository: Option<String>,
    performer: Performer,
    ip: String,
    toggle: String,
    details: Option<String>,
}

/// Who caused an entry.
struct Performer {
    icon: &'static str,
    name: String,
    with: String,
}

/// The log of a place for whoever may read it, as this request's query asks for it. `admin` is there for those who may
/// hand the log out: they get the dialog that makes exports.
///
/// # Errors
/// As the database's; to the page that asks for the password for the log of the whole registry.
pub async fn open(
    visit: &Visit,
    frame: &Frame,
    place: &Place,
    scope: Scope<Inspect>,
    admin: Option<Scope<Admin>>,
) -> Result<Log, PageError> {
    if *place == Place::Registry {
        visit.require_fresh()?;
    }
    let asked = Asked::of(&visit.request, visit.services.clock.now());
    let wants_dialog = asked.dialog.as_deref() == Some("export");
    let may_export = admin.is_some();
    let dialog = match admin.filter(|_| wants_dialog) {
        Some(admin) => SafeHtml::of(&exports::dialog(visit, frame, place, &asked, admin).await?),
        None => SafeHtml::default(),
    };
    let part = part(visit, frame, (place, &asked), scope, may_export).await?;
    Ok(Log { part, dialog })
}

async fn part(
    visit: &Visit,
    frame: &Frame,
    (place, asked): (&Place, &Asked),
    scope: Scope<Inspect>,
    may_export: bool,
) -> Result<SafeHtml, PageError> {
    let (filter, after) = (asked.filter(&scope), asked.after);
    let read = visit.services.db.read(move |conn| {
        let page = audit::page(conn, &scope, &filter, after, AT_ONCE)?;
        let days = audit::chart(conn, &scope, &filter)?;
        Ok((page, days))
    });
    let (page, days) = read.await?;
    let reader = visit.reader();
    let utc = visit.utc_reader();
    let view = View { text: visit.text(), reader: &reader, utc: &utc, place, asked };
    let turned = |key: Option<Key>| place.page(&asked.pairs().after(key).list());
    Ok(SafeHtml::of(&Part {
        frame,
        chart: chart::bars(&view, &days).html(&reader),
        kinds: view.kinds(),
        rows: page.entries.iter().map(|entry| view.row(entry)).collect(),
        newest: if after.is_some() { turned(None) } else { String::new() },
        older: page.next.map(|key| turned(Some(key))).unwrap_or_default(),
        downloads: view.downloads(visit),
        export: if may_export { place.page(&asked.pairs().dialog("export").list()) } else { String::new() },
        place,
        asked,
    }))
}

impl Part<'_> {
    fn is_of_registry(&self) -> bool {
        *self.place == Place::Registry
    }

    fn has_repositories(&self) -> bool {
        !matches!(self.place, Place::Repository(_))
    }

    fn columns(&self) -> usize {
        4 + usize::from(self.is_of_registry()) + usize::from(self.has_repositories())
    }

    /// The periods that a link chooses, in days, and whether it is the one shown.
    fn presets(&self) -> Vec<(i64, String, bool)> {
        let preset = |days: i64| {
            let asked = self.asked.lasting(days);
            (days, self.place.page(&asked.pairs().list()), asked.range() == self.asked.range())
        };
        [1, 7, 30, 90].into_iter().map(preset).collect()
    }

    /// The page's address without its query, which the form has in fields.
    fn path(&self) -> String {
        urls::logs_page(self.place).split('?').next().unwrap_or_default().to_string()
    }

    fn without_filters(&self) -> String {
        self.place.page(&[])
    }
}

impl Row {
    fn is_open(&self) -> bool {
        self.details.is_some()
    }
}

/// What turns entries into words.
struct View<'a> {
    text: Text,
    reader: &'a Reader,
    /// For days, which are in UTC.
    utc: &'a Reader,
    place: &'a Place,
    asked: &'a Asked,
}

impl View<'_> {
    fn kinds(&self) -> Vec<KindChoice> {
        let choice = |kind: &EventKind| KindChoice {
            word: kind.as_str(),
            name: self.kind_name(*kind),
            is_chosen: self.asked.kind == Some(*kind),
        };
        let mut kinds: Vec<KindChoice> = EventKind::ALL.iter().map(choice).collect();
        kinds.sort_by_cached_key(|kind| kind.name.to_lowercase());
        kinds
    }

    fn kind_name(&self, kind: EventKind) -> String {
        self.text.say(kinds::name_key(kind))
    }

    fn row(&self, entry: &Entry) -> Row {
        let is_open = self.asked.open == Some(entry.id);
        let toggled = if is_open { None } else { Some(entry.id) };
        Row {
            id: entry.id,
            at: self.reader.moment(Timestamp(entry.at)),
            sentence: sentence::of(entry, self.text, self.reader),
            times: entry.times,
            namespace: entry.namespace_name.clone().unwrap_or_default(),
            repository: entry.repository_name.clone(),
            performer: self.performer(entry),
            ip: entry.ip.clone().unwrap_or_default(),
            toggle: self.place.page(&self.asked.pairs().after(self.asked.after).open(toggled).list()),
            details: is_open.then(|| details(entry)),
        }
    }

    fn performer(&self, entry: &Entry) -> Performer {
        let with = match entry.credential.as_str() {
            "password" => self.text.say("logs-with-password"),
            "session" => self.text.say("logs-with-session"),
            "robot_token" => self.text.say("logs-with-robot-token"),
            "federated" => self.text.say("logs-with-federated"),
            "application_token" => self.text.say("logs-with-application-token"),
            "access_token" => self.text.say("logs-with-access-token"),
            "registry_token" => self.text.say("logs-with-registry-token"),
            _ => String::new(),
        };
        match entry.actor_kind.as_str() {
            "user" => Performer { icon: "user", name: entry.actor_name.clone(), with },
            "robot" => Performer { icon: "bot", name: entry.actor_name.clone(), with },
            "system" => Performer { icon: "ship", name: "Pierhead".to_string(), with: entry.actor_name.clone() },
            _ => Performer { icon: "globe", name: self.text.say("logs-anonymous"), with },
        }
    }

    /// Nothing where the API has no address for this log: that of another user.
    fn downloads(&self, visit: &Visit) -> Option<Downloads> {
        let own = visit.caller().principal.name();
        let path = self.place.download_path(own)?;
        let link = |format| place::link(&path, &self.asked.for_download(format));
        Some(Downloads { csv: link("csv"), json_lines: link("jsonl") })
    }
}

/// An entry as it was written, for whoever opens it.
fn details(entry: &Entry) -> String {
    let more: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let shown = serde_json::json!({
        "kind": entry.kind,
        "performer": entry.actor_name,
        "performer_kind": entry.actor_kind,
        "credential": entry.credential,
        "token": entry.token_uuid,
        "ip": entry.ip,
        "user_agent": entry.user_agent,
        "namespace": entry.namespace_name,
        "repository": entry.repository_name,
        "tag": entry.tag,
        "digest": entry.digest,
        "times": entry.times,
        "metadata": more,
    });
    serde_json::to_string_pretty(&shown).unwrap_or_default()
}
