//! What happened.
//!
//! Every change records its event in its own transaction; the usage log, notifications and charts read them. Kinds are
//! Quay's, so that people and programs find the words they know.

mod kind;
mod refusals;

use diesel::prelude::*;
use serde_json::json;

use crate::db::schema::{events, users};
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::ids::{NamespaceId, RepositoryId};
use crate::principal::{Caller, Credential, Principal};
use crate::time::Timestamp;

pub use kind::EventKind;
pub use refusals::{Refusal, Refusals};

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Event {
    kind: EventKind,
    namespace: Option<(NamespaceId, String)>,
    repository: Option<(RepositoryId, String)>,
    tag: Option<String>,
    digest: Option<String>,
    times: i64,
    details: serde_json::Value,
}

impl Event {
    /// An event of this kind, about nothing in particular yet.
    pub fn new(kind: EventKind) -> Event {
        Event { kind, namespace: None, repository: None, tag: None, digest: None, times: 1, details: json!({}) }
    }

    /// In this namespace.
    #[must_use]
    pub fn namespace(mut self, id: NamespaceId, name: &str) -> Event {
        self.namespace = Some((id, name.to_string()));
        self
    }

    /// In this repository (and so in its namespace).
    #[must_use]
    pub fn repository(mut self, repository: &crate::repository::Repository) -> Event {
        self.repository = Some((repository.id, repository.name.as_str().to_string()));
        self.namespace(repository.namespace, repository.name.namespace())
    }

    /// In this repository, by row and whole name, where no more of it is at hand.
    #[must_use]
    pub(crate) fn repository_named(mut self, id: RepositoryId, name: &str) -> Event {
        self.repository = Some((id, name.to_string()));
        self
    }

    /// About this tag.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Event {
        self.tag = Some(tag.to_string());
        self
    }

    /// About this manifest.
    #[must_use]
    pub fn digest(mut self, digest: &str) -> Event {
        self.digest = Some(digest.to_string());
        self
    }

    /// Standing for so many equal ones.
    #[must_use]
    pub fn times(mut self, times: i64) -> Event {
        self.times = times;
        self
    }

    /// What else a reader wants to know. Never a secret.
    #[must_use]
    pub fn details(mut self, details: serde_json::Value) -> Event {
        self.details = details;
        self
    }
}

/// Writes the event down, as caused by `caller`, in the caller's transaction.
///
/// # Errors
/// As the database's.
pub fn record(tx: &mut Tx<'_>, caller: &Caller, now: Timestamp, event: Event) -> Result<()> {
    let (actor_kind, actor_id) = caller.principal.kind_and_id();
    let (credential, token) = caller.credential.kind_and_token();
    let mut details = event.details;
    name_token(&mut details, &caller.credential);
    let namespace = match event.namespace {
        None if event.kind.is_of_account() => namespace_of(tx, &caller.principal)?,
        named => named,
    };
    diesel::insert_into(events::table)
        .values((
            events::kind.eq(event.kind),
            events::at.eq(now.0),
            events::actor_kind.eq(actor_kind),
            events::actor_id.eq(actor_id),
            events::actor_name.eq(caller.principal.name()),
            events::ip.eq(caller.origin.ip.map(|ip| ip.to_string())),
            events::user_agent.eq(caller.origin.user_agent.as_deref()),
            events::namespace_id.eq(namespace.as_ref().map(|(id, _)| id.0)),
            events::namespace_name.eq(namespace.as_ref().map(|(_, name)| name.as_str())),
            events::repository_id.eq(event.repository.as_ref().map(|(id, _)| id.0)),
            events::repository_name.eq(event.repository.as_ref().map(|(_, name)| name.as_str())),
            events::tag.eq(event.tag),
            events::digest.eq(event.digest),
            events::times.eq(event.times),
            events::details.eq(details.to_string()),
            events::credential.eq(credential),
            events::token_uuid.eq(token),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Says which access token it was, under Quay's names: the application may have another name, or be gone, by the time the
/// entry is read. A token that somebody made for themselves has no application.
fn name_token(details: &mut serde_json::Value, credential: &Credential) {
    let (Credential::AccessToken(token), Some(details)) = (credential, details.as_object_mut()) else { return };
    let application = token.application.as_ref();
    details.insert("oauth_token_id".into(), json!(token.id.0));
    details.insert("oauth_token_application_id".into(), json!(application.map(|it| &it.client_id)));
    details.insert("oauth_token_application".into(), json!(application.map(|it| &it.name)));
}

/// The namespace somebody has for themselves: what they do to their account is in its log. Index: `users` primary key.
fn namespace_of(conn: &mut Conn, principal: &Principal) -> Result<Option<(NamespaceId, String)>> {
    match principal {
        Principal::User { id, name } => {
            let own: Option<i64> = users::table.find(id.0).select(users::namespace_id).first(conn).optional()?;
            Ok(own.map(|own| (NamespaceId(own), name.to_string())))
        }
        Principal::Robot { name, namespace, .. } => {
            let owner = name.split('+').next().unwrap_or_default();
            Ok(Some((*namespace, owner.to_string())))
        }
        Principal::Anonymous | Principal::System(_) => Ok(None),
    }
}
