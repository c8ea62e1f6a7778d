//! Entries of the usage log as a body that is made while it is sent: never more than a page of it is in memory, and no
//! connection to the database is held between two pages.

use actix_web::web;
use domain::access::Inspect;
use domain::audit::{self, Entry, Filter, Key, Scope};
use domain::{Error, Result};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use serde_json::{Map, Value, json};

use super::log_shapes::{self, Namespaces};
use crate::web::services::Services;

const AT_ONCE: usize = 1_000;

const COLUMNS: [&str; 15] = [
    "datetime",
    "kind",
    "performer",
    "performer_kind",
    "ip",
    "user_agent",
    "credential",
    "token",
    "namespace",
    "repository",
    "tag",
    "digest",
    "times",
    "id",
    "metadata",
];

/// How entries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An object a line.
    JsonLines,
    /// A table, for spreadsheets.
    Csv,
    /// One object with all entries in it, as Quay's files are.
    Json,
}

impl Format {
    /// The format of this word.
    pub fn from_word(word: &str) -> Option<Format> {
        [Format::JsonLines, Format::Csv, Format::Json].into_iter().find(|format| format.word() == word)
    }

    /// Its word, also the end of file names.
    pub fn word(self) -> &'static str {
        match self {
            Format::JsonLines => "jsonl",
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }

    /// What `Content-Type` says.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::JsonLines => "application/jsonl",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
        }
    }
}

/// How far a body has come.
enum Next {
    Begin,
    After(Option<Key>, Separator),
    End,
    Done,
}

/// Between two entries of a JSON list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Nothing,
    Comma,
}

struct Writing {
    services: web::Data<Services>,
    scope: Scope<Inspect>,
    filter: Filter,
    format: Format,
    namespaces: Namespaces,
    head: Option<Map<String, Value>>,
    next: Next,
}

/// The entries, newest first; `head` is what a JSON object says before them.
pub fn entries(
    services: web::Data<Services>,
    scope: Scope<Inspect>,
    filter: Filter,
    format: Format,
    namespaces: Namespaces,
    head: Option<Map<String, Value>>,
) -> impl Stream<Item = Result<web::Bytes>> {
    let writing = Writing { services, scope, filter, format, namespaces, head, next: Next::Begin };
    try_unfold(writing, |mut writing| async move { Ok(writing.some().await?.map(|bytes| (bytes, writing))) })
}

impl Writing {
    /// The next piece. Never an empty one: that would end the body.
    async fn some(&mut self) -> Result<Option<web::Bytes>> {
        loop {
            let piece = match self.next {
                Next::Begin => {
                    self.next = Next::After(None, Separator::Nothing);
                    self.beginning()?
                }
                Next::After(key, separator) => self.page(key, separator).await?,
                Next::End => {
                    self.next = Next::Done;
                    if self.format == Format::Json { b"]}\n".to_vec() } else { Vec::new() }
                }
                Next::Done => return Ok(None),
            };
            if !piece.is_empty() {
                return Ok(Some(piece.into()));
            }
        }
    }

    fn beginning(&self) -> Result<Vec<u8>> {
        match self.format {
            Format::JsonLines => Ok(Vec::new()),
            Format::Csv => table(|rows| rows.write_record(COLUMNS)),
            Format::Json => {
                let members = self.head.iter().flatten().map(|(name, value)| format!("{}:{value},", json!(name)));
                Ok(format!("{{{}\"logs\":[", members.collect::<String>()).into_bytes())
            }
        }
    }

    async fn page(&mut self, after: Option<Key>, separator: Separator) -> Result<Vec<u8>> {
        let (scope, filter) = (self.scope.clone(), self.filter.clone());
        let (page, organizations) = self
            .services
            .db
            .read(move |conn| {
                let page = audit::page(conn, &scope, &filter, after, AT_ONCE)?;
                let organizations = audit::organizations(conn, &page.entries)?;
                Ok((page, organizations))
            })
            .await?;
        let then = if page.entries.is_empty() { separator } else { Separator::Comma };
        self.next = page.next.map_or(Next::End, |key| Next::After(Some(key), then));
        if self.format == Format::Csv {
            return table(|rows| page.entries.iter().try_for_each(|entry| rows.write_record(row(entry))));
        }
        let mut text = String::new();
        for (index, entry) in page.entries.iter().enumerate() {
            if self.format == Format::Json && (index > 0 || separator == Separator::Comma) {
                text.push(',');
            }
            text.push_str(&log_shapes::entry(entry, &organizations, self.namespaces).to_string());
            text.push('\n');
        }
        Ok(text.into_bytes())
    }
}

fn table(write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> csv::Result<()>) -> Result<Vec<u8>> {
    let fault = |error: &dyn std::fmt::Display| Error::internal("writing CSV", error.to_string());
    let mut rows = csv::Writer::from_writer(Vec::new());
    write(&mut rows).map_err(|error| fault(&error))?;
    rows.into_inner().map_err(|error| fault(&error))
}

fn row(entry: &Entry) -> [String; COLUMNS.len()] {
    let moment = u64::try_from(entry.at).unwrap_or(0);
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(moment);
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    [
        humantime::format_rfc3339_millis(moment).to_string(),
        harmless(&entry.kind),
        harmless(&entry.actor_name),
        entry.actor_kind.clone(),
        text(&entry.ip),
        text(&entry.user_agent),
        entry.credential.clone(),
        text(&entry.token_uuid),
        text(&entry.namespace_name),
        text(&entry.repository_name),
        text(&entry.tag),
        text(&entry.digest),
        entry.times.to_string(),
        entry.id.to_string(),
        harmless(&Value::Object(log_shapes::metadata(entry)).to_string()),
    ]
}

/// With an apostrophe in front if a spreadsheet would take it for a formula.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{text}"),
        false => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        assert_eq!(harmless("v1=2"), "v1=2");
    }

    #[test]
    fn words_are_formats() {
        assert_eq!(Format::from_word("csv"), Some(Format::Csv));
        assert_eq!(Format::from_word("xlsx"), None);
    }
}
