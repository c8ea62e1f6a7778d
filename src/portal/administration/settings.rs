//! The settings in force, without secrets: what each is, where it was given, what it means.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::Inspect;
use serde::Deserialize;

use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::settings::{Effective, Entry};

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    /// Whether only what was given somewhere is shown.
    given: Option<String>,
}

#[derive(Template)]
#[template(path = "administration/settings.html", blocks = ["settings"])]
struct SettingsPage {
    frame: Frame,
    asked: Asked,
    rows: Vec<Row>,
}

struct Row {
    key: &'static str,
    variable: String,
    /// Several for a list; none where nothing is set.
    values: Vec<String>,
    default: &'static str,
    source_key: &'static str,
    /// The file's path, the variable, the flag.
    source: String,
    is_given: bool,
    /// In plain words; the register marks code in it.
    doc: String,
}

/// `GET /administration/settings`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    let entries = visit.services.settings.report.entries();
    let rows = entries.iter().filter(|entry| asked.fits(entry)).map(Row::new).collect();
    let frame = visit.frame(Here::Administration(Administration::Settings)).await?;
    let page = SettingsPage { frame, asked, rows };
    if visit.wants("settings") { Ok(visit.block(&page.as_settings())) } else { Ok(visit.page(&page)) }
}

impl Asked {
    fn fits(&self, entry: &Entry) -> bool {
        let text = self.q.trim().to_lowercase();
        let found = [entry.key, &entry.variable, entry.doc].iter().any(|part| part.to_lowercase().contains(&text));
        found && (self.given.is_none() || entry.source.kind() != "default")
    }
}

impl Row {
    fn new(entry: &Entry) -> Row {
        let values = match &entry.value {
            Effective::Unset => Vec::new(),
            Effective::Text(text) => vec![text.clone()],
            Effective::Items(items) => items.clone(),
        };
        let source_key = match entry.source.kind() {
            "file" => "admin-settings-file",
            "environment" => "admin-settings-variable",
            "flag" => "admin-settings-flag",
            _ => "admin-settings-default",
        };
        Row {
            key: entry.key,
            variable: entry.variable.clone(),
            values,
            default: entry.default,
            source_key,
            source: entry.source.to_string(),
            is_given: entry.source.kind() != "default",
            doc: entry.doc.replace('`', ""),
        }
    }

    /// The variable stands below the key already.
    fn is_variable(&self) -> bool {
        self.source_key == "admin-settings-variable"
    }

    /// Without the word for its kind, which is said in the reader's language.
    fn source(&self) -> &str {
        self.source.split_once(' ').map_or("", |(_, rest)| rest)
    }
}
