//! What is kept about an organization beside its name.

use diesel::prelude::*;
use serde_json::json;

use super::Namespace;
use crate::access::{Admin, Authorized, Inspect, Read, Visibility};
use crate::db::schema::{namespaces, repositories};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::sentence::sentence;
use crate::time::Timestamp;

/// For how long a deleted or moved tag may be kept restorable, in seconds. Quay's choices: nothing, a day, one week, two,
/// four.
pub const TAG_EXPIRATIONS: [i64; 5] = [0, 86_400, 604_800, 1_209_600, 2_419_200];

/// What is kept about an organization.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Details {
    /// Where its admins are reached.
    pub email: Option<String>,
    /// Whether invoices are mailed; kept for clients of Quay.
    pub invoice_email: bool,
    /// Where invoices go.
    pub invoice_email_address: Option<String>,
    /// How long a deleted or moved tag can be restored, in seconds.
    pub tag_expiration_s: i64,
}

/// What to change; `None` leaves a value as it is, an empty text clears it.
#[derive(Debug, Clone, Default)]
pub struct DetailChanges {
    /// Where its admins are reached.
    pub email: Option<String>,
    /// Whether invoices are mailed.
    pub invoice_email: Option<bool>,
    /// Where invoices go.
    pub invoice_email_address: Option<String>,
    /// One of [`TAG_EXPIRATIONS`].
    pub tag_expiration_s: Option<i64>,
}

/// What is kept about the organization. Index: the primary key.
///
/// # Errors
/// `NotFound` if it went away meanwhile.
pub fn details(conn: &mut Conn, organization: &Authorized<Namespace, Read>) -> Result<Details> {
    load(conn, organization)
}

/// How many private repositories there are. Index: `repositories_by_namespace`.
///
/// # Errors
/// As the database's.
pub fn private_repositories(conn: &mut Conn, organization: &Authorized<Namespace, Inspect>) -> Result<i64> {
    Ok(repositories::table
        .filter(repositories::namespace_id.eq(organization.id.0))
        .filter(repositories::visibility.eq(Visibility::Private))
        .filter(repositories::deleted_at.is_null())
        .count()
        .get_result(conn)?)
}

/// Changes what is kept about the organization; each value that becomes another one is an event of its own kind.
///
/// # Errors
/// `Invalid` for addresses that are none and for a time that is not in [`TAG_EXPIRATIONS`]; nothing is changed then.
pub fn change_details(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    changes: &DetailChanges,
) -> Result<Details> {
    let old = load(tx, organization)?;
    let given = |text: &Option<String>, old: &Option<String>| match text {
        None => old.clone(),
        Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
    };
    let new = Details {
        email: given(&changes.email, &old.email),
        invoice_email: changes.invoice_email.unwrap_or(old.invoice_email),
        invoice_email_address: given(&changes.invoice_email_address, &old.invoice_email_address),
        tag_expiration_s: changes.tag_expiration_s.unwrap_or(old.tag_expiration_s),
    };
    for address in [&new.email, &new.invoice_email_address].into_iter().flatten() {
        super::require_address(address)?;
    }
    if !TAG_EXPIRATIONS.contains(&new.tag_expiration_s) {
        return Err(Error::invalid(
            "tag_expiration_s",
            sentence!("said-expiration-option", "Invalid tag expiration option"),
        ));
    }
    diesel::update(namespaces::table.find(organization.id.0))
        .set((
            namespaces::email.eq(&new.email),
            namespaces::invoice_email.eq(new.invoice_email),
            namespaces::invoice_email_address.eq(&new.invoice_email_address),
            namespaces::tag_expiration_s.eq(new.tag_expiration_s),
        ))
        .execute(&mut **tx)?;
    record_changes(tx, organization, now, (&old, &new))?;
    Ok(new)
}

fn record_changes(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    (old, new): (&Details, &Details),
) -> Result<()> {
    let mut happened = Vec::new();
    if old.email != new.email {
        let details = json!({ "old_email": old.email, "email": new.email });
        happened.push((EventKind::OrgChangeEmail, details));
    }
    if (old.invoice_email, &old.invoice_email_address) != (new.invoice_email, &new.invoice_email_address) {
        let details = json!({ "invoice_email": new.invoice_email, "invoice_email_address": new.invoice_email_address });
        happened.push((EventKind::OrgChangeInvoicing, details));
    }
    if old.tag_expiration_s != new.tag_expiration_s {
        let details = json!({ "tag_expiration": new.tag_expiration_s, "old_tag_expiration": old.tag_expiration_s });
        happened.push((EventKind::OrgChangeTagExpiration, details));
    }
    for (kind, details) in happened {
        let event = Event::new(kind).namespace(organization.id, &organization.name).details(details);
        event::record(tx, organization.caller(), now, event)?;
    }
    Ok(())
}

fn load<A>(conn: &mut Conn, organization: &Authorized<Namespace, A>) -> Result<Details> {
    let found: Option<Details> = namespaces::table
        .find(organization.id.0)
        .select((
            namespaces::email,
            namespaces::invoice_email,
            namespaces::invoice_email_address,
            namespaces::tag_expiration_s,
        ))
        .first(conn)
        .optional()?;
    found.ok_or_else(|| Error::NotFound(Thing::Organization(organization.name.clone())))
}
