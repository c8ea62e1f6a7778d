//! The end of a team.

use diesel::prelude::*;
use serde_json::json;

use super::{Leaving, find, record, require_an_admin_without};
use crate::access::{Admin, Authorized, TeamRole};
use crate::db::Tx;
use crate::db::schema::teams;
use crate::error::{Error, Result};
use crate::event::EventKind;
use crate::organization::Namespace;
use crate::sentence::sentence;
use crate::time::Timestamp;

/// Deletes a team with its memberships, grants, default permissions and invitations.
///
/// # Errors
/// `Invalid` if there is no such team, and if nobody would administer the organization.
pub fn delete(tx: &mut Tx<'_>, organization: &Authorized<Namespace, Admin>, now: Timestamp, name: &str) -> Result<()> {
    let Some(team) = find(tx, organization.id, name)? else {
        let message = sentence!(
            "said-no-team",
            "Team '{team}' is not a team in org '{organization}'",
            team = crate::error::shown(name),
            organization = organization.name
        );
        return Err(Error::invalid("team", message));
    };
    if team.role == TeamRole::Admin {
        require_an_admin_without(tx, organization, Leaving::Team(team.id))?;
    }
    diesel::delete(teams::table.find(team.id.0)).execute(&mut **tx)?;
    tx.touch_access();
    record(tx, organization, now, EventKind::OrgDeleteTeam, json!({ "team": name }))
}
