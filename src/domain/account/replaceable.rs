//! Whether a user can go: every organization keeps somebody who administers it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::queries::User;
use crate::db::{Conn, prepared};
use crate::error::{Error, Result};
use crate::ids::UserId;
use crate::on_backend;
use crate::sentence::sentence;

/// Organizations named in a refusal at most.
const NAMED: i64 = 10;

/// Indexes: `team_members_by_user`, `teams (organization_id, name)`, `team_members (team_id, user_id)`.
const ONLY_ADMIN_OF: &str = "\
SELECT n.name AS name FROM namespaces n WHERE n.deleted_at IS NULL AND n.id IN ( \
  SELECT t.organization_id FROM team_members m JOIN teams t ON t.id = m.team_id \
  WHERE m.user_id = $1 AND t.role = 'admin') \
AND NOT EXISTS (SELECT 1 FROM teams t JOIN team_members m ON m.team_id = t.id \
  WHERE t.organization_id = n.id AND t.role = 'admin' AND m.user_id IS NOT NULL AND m.user_id <> $1) \
ORDER BY n.name LIMIT $2";

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Refuses to lose the only admin of an organization.
///
/// # Errors
/// `Invalid`, naming the organizations.
pub(crate) fn require_replaceable(conn: &mut Conn, user: &User) -> Result<()> {
    let alone = only_admin_of(conn, user.id)?;
    if alone.is_empty() {
        return Ok(());
    }
    let message = sentence!(
        "said-only-admin",
        "{name} is the only admin of {organizations}; make somebody else an admin there, or delete the organization first",
        name = user.name,
        organizations = alone.join(", ")
    );
    Err(Error::invalid("user", message))
}

fn only_admin_of(conn: &mut Conn, user: UserId) -> Result<Vec<String>> {
    let question = prepared(ONLY_ADMIN_OF).bind::<BigInt, _>(user.0).bind::<BigInt, _>(NAMED);
    let rows: Vec<Name> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
