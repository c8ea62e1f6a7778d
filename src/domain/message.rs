//! Messages of superusers to everybody who uses the registry.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, Instance};
use crate::db::schema::messages;
use crate::db::{Conn, Tx, text_enum};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::words::require_text;

text_enum! {
    /// How a message is written.
    MessageFormat {
        /// As it stands.
        Plain = "text/plain",
        /// Markdown.
        Markdown = "text/markdown",
    }
}

text_enum! {
    /// How much a message matters.
    Severity {
        /// Good to know.
        Info = "info",
        /// To be acted on.
        Warning = "warning",
        /// Something is wrong.
        Error = "error",
    }
}

/// More would push the page off the screen, and every page shows all of them.
const MAX_MESSAGES: i64 = 100;
const MAX_CONTENT: usize = 5_000;

/// A message to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Message {
    /// What it is known by.
    pub uuid: String,
    /// Its text.
    pub content: String,
    /// How that is written.
    pub format: MessageFormat,
    /// How much it matters.
    pub severity: Severity,
}

/// All messages, oldest first: at most a hundred.
///
/// # Errors
/// As the database's.
pub fn list(conn: &mut Conn) -> Result<Vec<Message>> {
    Ok(messages::table
        .select((messages::uuid, messages::content, messages::media_type, messages::severity))
        .order(messages::id)
        .limit(MAX_MESSAGES)
        .load(conn)?)
}

/// Posts a message.
///
/// # Errors
/// `Invalid` if it is empty, too long or no text; `Refused` if there are a hundred already.
pub fn post(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    entropy: &dyn Entropy,
    now: Timestamp,
    (content, format, severity): (&str, MessageFormat, Severity),
) -> Result<Message> {
    if content.trim().is_empty() || content.len() > MAX_CONTENT {
        return Err(Error::invalid(
            "content",
            sentence!("said-message-length", "Messages have 1 to {most} bytes", most = MAX_CONTENT),
        ));
    }
    require_text("content", content)?;
    let posted: i64 = messages::table.count().get_result(&mut **tx)?;
    if posted >= MAX_MESSAGES {
        let message =
            sentence!("said-messages-full", "there are {most} messages already; delete one first", most = MAX_MESSAGES);
        return Err(Error::refused(message));
    }
    let uuid = entropy::uuid(entropy).to_string();
    diesel::insert_into(messages::table)
        .values((
            messages::uuid.eq(&uuid),
            messages::content.eq(content),
            messages::media_type.eq(format),
            messages::severity.eq(severity),
            messages::created_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    let details = json!({ "message": uuid, "severity": severity.as_str() });
    event::record(tx, instance.caller(), now, Event::new(EventKind::CreateMessage).details(details))?;
    Ok(Message { uuid, content: content.to_string(), format, severity })
}

/// Takes a message down. Fine if it is gone.
///
/// # Errors
/// As the database's.
pub fn delete(tx: &mut Tx<'_>, instance: &Authorized<Instance, Admin>, now: Timestamp, uuid: &str) -> Result<()> {
    let gone = diesel::delete(messages::table.filter(messages::uuid.eq(uuid))).execute(&mut **tx)?;
    if gone == 0 {
        return Ok(());
    }
    let details = json!({ "message": uuid });
    event::record(tx, instance.caller(), now, Event::new(EventKind::DeleteMessage).details(details))
}
