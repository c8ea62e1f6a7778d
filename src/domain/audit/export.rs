//! Exports of a log that somebody asked for, to be fetched by a link that ends.
//!
//! Nothing is copied: the entries are read when the link is followed. Who is told that it can be: [`super::callback`].

use diesel::prelude::*;
use serde_json::{Value, json};

use super::page::Filter;
use super::scope::{Place, Scope};
use crate::access::{Admin, Inspect};
use crate::db::schema::log_exports;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RepositoryId};
use crate::time::Timestamp;

/// Who is told that an export is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Nobody; whoever asked looks at the list.
    Nobody,
    /// A program, by a POST to its address.
    Url(String),
    /// A person, by mail.
    Email(String),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewExport {
    /// Under which name.
    pub uuid: uuid::Uuid,
    /// From which moment on.
    pub from: Timestamp,
    /// Before which moment.
    pub until: Timestamp,
    /// Who is told.
    pub told: Told,
    /// When its link ends.
    pub expires_at: Timestamp,
    /// Where this registry is for whoever asks: `https://registry.example.com`.
    pub base_url: String,
}

/// An export.
#[derive(Debug, Clone, Queryable)]
pub struct Export {
    /// Row.
    pub id: i64,
    /// Its name.
    pub uuid: String,
    namespace_id: Option<i64>,
    /// The namespace it is of.
    pub namespace_name: Option<String>,
    repository_id: Option<i64>,
    /// The repository it is of, by its whole name.
    pub repository_name: Option<String>,
    /// From which moment on.
    pub from_at: i64,
    /// Before which moment.
    pub until_at: i64,
    /// Who asked for it.
    pub requested_by: String,
    /// Where this registry was for them.
    pub base_url: String,
    /// Which program is told.
    pub callback_url: Option<String>,
    /// Who is told by mail.
    pub callback_email: Option<String>,
    /// When it was asked for.
    pub created_at: i64,
    /// When its link ends.
    pub expires_at: i64,
    /// When the callback is tried next.
    pub callback_due_at: Option<i64>,
    /// How often it was tried.
    pub callback_tries: i64,
    /// Why the last try failed.
    pub callback_error: Option<String>,
    /// When the callback was told.
    pub told_at: Option<i64>,
}

/// Makes an export.
///
/// # Errors
/// As the database's.
pub fn request(tx: &mut Tx<'_>, scope: &Scope<Admin>, now: Timestamp, new: &NewExport) -> Result<()> {
    use log_exports as x;
    let (namespace, repository) = scope.place.ids();
    let (url, email) = told(&new.told);
    diesel::insert_into(x::table)
        .values((
            x::uuid.eq(new.uuid.to_string()),
            x::namespace_id.eq(namespace),
            x::namespace_name.eq(scope.namespace_name()),
            x::repository_id.eq(repository),
            x::repository_name.eq(scope.repository_name()),
            x::from_at.eq(new.from.0),
            x::until_at.eq(new.until.0),
            x::requested_by.eq(scope.caller().principal.name()),
            x::base_url.eq(&new.base_url),
            x::callback_due_at.eq(url.map(|_| now.0)),
            x::callback_url.eq(url),
            x::callback_email.eq(email),
            x::created_at.eq(now.0),
            x::expires_at.eq(new.expires_at.0),
        ))
        .execute(&mut **tx)?;
    let more = json!({ "export_id": new.uuid.to_string(), "message": "queued for export" });
    record(tx, scope, now, EventKind::ExportLogsSuccess, details(now, &new.told, more))
}

/// Notes that an export was asked for in a way that cannot be.
///
/// # Errors
/// As the database's.
pub fn refuse(tx: &mut Tx<'_>, scope: &Scope<Admin>, now: Timestamp, asked: &Told) -> Result<()> {
    let more = json!({ "error": "invalid request" });
    record(tx, scope, now, EventKind::ExportLogsFailure, details(now, asked, more))
}

/// Notes that the log was read as a whole, without a link.
///
/// # Errors
/// As the database's.
pub fn streamed(tx: &mut Tx<'_>, scope: &Scope<Inspect>, now: Timestamp, format: &str) -> Result<()> {
    let more = json!({ "message": "streamed", "format": format });
    record(tx, scope, now, EventKind::ExportLogsSuccess, details(now, &Told::Nobody, more))
}

/// Exports of the log whose links are good, newest first, at most `limit`. Index: `log_exports_by_scope`.
///
/// # Errors
/// As the database's.
pub fn list(conn: &mut Conn, scope: &Scope<Admin>, now: Timestamp, limit: i64) -> Result<Vec<Export>> {
    use log_exports as x;
    let (namespace, repository) = scope.place.ids();
    let mut question = x::table.filter(x::expires_at.gt(now.0)).into_boxed();
    question = match namespace {
        Some(id) => question.filter(x::namespace_id.eq(id)),
        None => question.filter(x::namespace_id.is_null()),
    };
    question = match repository {
        Some(id) => question.filter(x::repository_id.eq(id)),
        None => question.filter(x::repository_id.is_null()),
    };
    Ok(question.order(x::id.desc()).limit(limit).load(conn)?)
}

/// An export by its name, while its link is good, with the log it is of. Index: `log_exports.uuid`.
///
/// # Errors
/// `NotFound`.
pub fn find(conn: &mut Conn, uuid: &str, now: Timestamp) -> Result<(Export, Scope<Inspect>, Filter)> {
    let found: Option<Export> = log_exports::table
        .filter(log_exports::uuid.eq(uuid))
        .filter(log_exports::expires_at.gt(now.0))
        .first(conn)
        .optional()?;
    let export = found.ok_or_else(|| Error::NotFound(Thing::Export))?;
    let (namespace, repository) = (export.namespace_name.clone(), export.repository_name.clone());
    let place = match (export.namespace_id, export.repository_id) {
        (Some(namespace), Some(id)) => {
            Place::Repository(RepositoryId(id), repository.unwrap_or_default(), NamespaceId(namespace))
        }
        (Some(id), None) => Place::Namespace(NamespaceId(id), namespace.unwrap_or_default()),
        (None, _) => Place::Registry,
    };
    let filter = Filter {
        from: Timestamp(export.from_at),
        until: Timestamp(export.until_at),
        performer: None,
        kind: None,
        repository: None,
        text: None,
    };
    Ok((export, Scope::of_export(place), filter))
}

/// Forgets exports whose links have ended, at most `at_once`; returns how many. Index: `log_exports_by_expiry`.
///
/// # Errors
/// As the database's.
pub fn expire(tx: &mut Tx<'_>, now: Timestamp, at_once: i64) -> Result<usize> {
    let old: Vec<i64> = log_exports::table
        .filter(log_exports::expires_at.le(now.0))
        .order(log_exports::expires_at)
        .limit(at_once)
        .select(log_exports::id)
        .load(&mut **tx)?;
    Ok(diesel::delete(log_exports::table.filter(log_exports::id.eq_any(old))).execute(&mut **tx)?)
}

fn told(told: &Told) -> (Option<&str>, Option<&str>) {
    match told {
        Told::Nobody => (None, None),
        Told::Url(url) => (Some(url), None),
        Told::Email(email) => (None, Some(email)),
    }
}

fn details(now: Timestamp, to: &Told, more: Value) -> Value {
    let (url, email) = told(to);
    let mut details = json!({ "date/time": now.seconds(), "url": url, "email": email });
    if let (Value::Object(details), Value::Object(more)) = (&mut details, more) {
        details.extend(more);
    }
    details
}

fn record<A>(tx: &mut Tx<'_>, scope: &Scope<A>, now: Timestamp, kind: EventKind, details: Value) -> Result<()> {
    let event = Event::new(kind).details(details);
    let event = match &scope.place {
        Place::Registry => event,
        Place::Namespace(id, name) => event.namespace(*id, name),
        Place::Repository(id, name, namespace) => {
            event.namespace(*namespace, scope.namespace_name().unwrap_or_default()).repository_named(*id, name)
        }
    };
    event::record(tx, scope.caller(), now, event)
}
