//! The end of an organization.

use diesel::prelude::*;
use serde_json::json;

use super::Namespace;
use crate::access::{Admin, Authorized};
use crate::db::Tx;
use crate::db::schema::namespaces;
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::time::Timestamp;

/// Deletes an organization with everything in it: teams, robot accounts, repositories.
///
/// # Errors
/// `Invalid` for a user's namespace; `NotFound` if it is gone already.
pub fn delete(tx: &mut Tx<'_>, organization: &Authorized<Namespace, Admin>, now: Timestamp) -> Result<()> {
    if !organization.is_organization {
        return Err(Error::invalid("organization", format!("{} is a user, not an organization", organization.name)));
    }
    let gone = diesel::delete(namespaces::table.find(organization.id.0)).execute(&mut **tx)?;
    if gone == 0 {
        return Err(Error::NotFound(Thing::Organization(organization.name.clone())));
    }
    tx.touch_access();
    let details = json!({ "namespace": organization.name });
    let event = Event::new(EventKind::OrgDelete).namespace(organization.id, &organization.name).details(details);
    event::record(tx, organization.caller(), now, event)
}
