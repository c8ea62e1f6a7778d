//! One team, for its page.

use super::{Team, find, require_member_or_admin};
use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::error::{Error, Result, Thing};
use crate::organization::Namespace;

/// The team of this name, for somebody who may look into it. Index: `teams (organization_id, name)`.
///
/// # Errors
/// As [`require_member_or_admin`].
pub fn one(conn: &mut Conn, organization: &Authorized<Namespace, Read>, name: &str, sees_all: bool) -> Result<Team> {
    require_member_or_admin(conn, organization, name, sees_all)?;
    find(conn, organization.id, name)?.ok_or_else(|| Error::NotFound(Thing::Team(name.to_string())))
}
