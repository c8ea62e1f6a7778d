//! A user becomes an organization: their namespace stays with all that is in it, and teams administer it from then on.

use serde_json::json;

use super::{queries, replaceable};
use crate::access::{Admin, Authorized, Me};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::ids::UserId;
use crate::ownership;
use crate::sentence::sentence;
use crate::time::Timestamp;

/// Makes an organization of the caller's account, administered by the user `admin`. Nobody can sign in as the caller any
/// more; their tokens, memberships and grants end.
///
/// # Errors
/// `Invalid` if `admin` is the caller, or while the caller is the only admin of an organization.
pub fn convert_to_organization(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    now: Timestamp,
    admin: UserId,
) -> Result<()> {
    let user = queries::by_id(tx, me.id)?;
    let admin = queries::by_id(tx, admin)?;
    if admin.id == user.id {
        return Err(Error::invalid("adminUser", sentence!("said-admin-user", "The admin user is not valid")));
    }
    replaceable::require_replaceable(tx, &user)?;
    ownership::convert(tx, user.namespace, admin.id, now)?;
    let details = json!({ "admin": admin.name });
    let event = Event::new(EventKind::AccountConvert).namespace(user.namespace, &user.name).details(details);
    event::record(tx, me.caller(), now, event)
}
