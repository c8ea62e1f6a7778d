//! A user becomes an organization: their namespace stays with all that is in it, and teams administer it from then on.

use diesel::prelude::*;
use serde_json::json;

use super::{queries, remove};
use crate::access::{Admin, Authorized, Me, TeamRole};
use crate::db::Tx;
use crate::db::schema::{namespaces, team_members, teams, users};
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::ids::UserId;
use crate::organization::OWNERS;
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
        return Err(Error::invalid("adminUser", "The admin user is not valid"));
    }
    remove::require_replaceable(tx, &user)?;
    diesel::delete(users::table.find(user.id.0)).execute(&mut **tx)?;
    diesel::update(namespaces::table.find(user.namespace.0))
        .set(namespaces::kind.eq("organization"))
        .execute(&mut **tx)?;
    let owners: i64 = diesel::insert_into(teams::table)
        .values((
            teams::organization_id.eq(user.namespace.0),
            teams::name.eq(OWNERS),
            teams::role.eq(TeamRole::Admin),
            teams::created_at.eq(now.0),
        ))
        .returning(teams::id)
        .get_result(&mut **tx)?;
    diesel::insert_into(team_members::table)
        .values((
            team_members::team_id.eq(owners),
            team_members::user_id.eq(admin.id.0),
            team_members::created_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    tx.touch_access();
    let details = json!({ "admin": admin.name });
    let event = Event::new(EventKind::AccountConvert).namespace(user.namespace, &user.name).details(details);
    event::record(tx, me.caller(), now, event)
}
