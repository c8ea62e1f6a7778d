//! Namespaces: the first part of every repository name. A user owns one; an organization is one that teams administer.
//!
//! [`details`](details()) and [`change_details`] are what is kept about one, [`members`](members()) who belongs to it; its
//! teams are in [`crate::team`]. An organization never loses its last admin.

pub(crate) mod belongings;
mod details;
mod members;
mod people;
mod rows;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Authorized, Create, Inspect, Instance, TeamRole};
use crate::db::schema::{namespaces, team_members, teams};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::NamespaceId;
use crate::oci::NamespaceName;
use crate::on_backend;
use crate::principal::Principal;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::words::no_address;

pub use crate::deletion::organization as delete;
pub use belongings::Several;
pub use details::{DetailChanges, Details, TAG_EXPIRATIONS, change_details, details, private_repositories};
pub use members::{Person, collaborators, member, members, remove_member};
pub use people::{PersonRow, collaborator_rows, member_rows, permissions, person};
pub use rows::{Counts, Header, Membership, NameQuery, header, memberships};

/// A user's or an organization's namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// Row.
    pub id: NamespaceId,
    /// Name.
    pub name: String,
    /// Whether it is an organization's, not a user's.
    pub is_organization: bool,
}

/// The team every organization starts with.
pub const OWNERS: &str = "owners";

/// Creates an organization whose `owners` team is its creator.
///
/// # Errors
/// `AlreadyExists` if a user or organization has the name.
pub fn create(
    tx: &mut Tx<'_>,
    instance: &Authorized<Instance, Create>,
    now: Timestamp,
    name: &NamespaceName,
    email: Option<&str>,
) -> Result<Namespace> {
    let taken = || Error::AlreadyExists(Thing::Organization(name.as_str().to_string()));
    let id = insert_namespace(tx, name.as_str(), "organization", email, now)?.ok_or_else(taken)?;
    let owners: i64 = diesel::insert_into(teams::table)
        .values((
            teams::organization_id.eq(id.0),
            teams::name.eq(OWNERS),
            teams::role.eq(TeamRole::Admin),
            teams::created_at.eq(now.0),
        ))
        .returning(teams::id)
        .get_result(&mut **tx)?;
    if let Principal::User { id: user, .. } = instance.caller().principal {
        diesel::insert_into(team_members::table)
            .values((
                team_members::team_id.eq(owners),
                team_members::user_id.eq(user.0),
                team_members::created_at.eq(now.0),
            ))
            .execute(&mut **tx)?;
    }
    tx.touch_access();
    let details = json!({ "email": email, "namespace": name.as_str() });
    event::record(
        tx,
        instance.caller(),
        now,
        Event::new(EventKind::OrgCreate).namespace(id, name.as_str()).details(details),
    )?;
    Ok(Namespace { id, name: name.as_str().to_string(), is_organization: true })
}

/// First parts of paths that are not namespaces: `/<namespace>/<repository>` is to be a link people share.
const RESERVED: [&str; 23] = [
    "api",
    "assets",
    "config",
    "explore",
    "health",
    "login",
    "logout",
    "metrics",
    "notifications",
    "oauth",
    "oauth2",
    "organization",
    "repository",
    "search",
    "setup",
    "signin",
    "signout",
    "static",
    "superuser",
    "user",
    "v1",
    "v2",
    "webhooks",
];

/// Inserts a namespace; `None` if the name is taken.
pub(crate) fn insert_namespace(
    tx: &mut Tx<'_>,
    name: &str,
    kind: &str,
    email: Option<&str>,
    now: Timestamp,
) -> Result<Option<NamespaceId>> {
    email.map_or(Ok(()), require_address)?;
    require_no_page(name)?;
    let row = (
        namespaces::name.eq(name),
        namespaces::kind.eq(kind),
        namespaces::email.eq(email),
        namespaces::created_at.eq(now.0),
    );
    let id: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(namespaces::table)
        .values(row)
        .on_conflict(namespaces::name)
        .do_nothing()
        .returning(namespaces::id)
        .get_result(c)
        .optional())?;
    Ok(id.map(NamespaceId))
}

/// Refuses names that are taken by the registry's own pages.
pub(crate) fn require_no_page(name: &str) -> Result<()> {
    if RESERVED.contains(&name) {
        return Err(Error::invalid(
            "name",
            sentence!("said-reserved-name", "The name {name} is reserved for the registry's own pages", name = name),
        ));
    }
    Ok(())
}

/// The namespace of this name, a user's or an organization's. Index: `namespaces.name`.
///
/// # Errors
/// As the database's.
pub(crate) fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Namespace>> {
    let row: Option<(i64, String, String)> = namespaces::table
        .filter(namespaces::name.eq(name))
        .filter(namespaces::deleted_at.is_null())
        .select((namespaces::id, namespaces::name, namespaces::kind))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, name, kind)| Namespace { id: NamespaceId(id), name, is_organization: kind == "organization" }))
}

/// An organization as a list of all shows it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Listed {
    /// Name.
    pub name: String,
    /// Address, if one was given.
    pub email: Option<String>,
}

/// All organizations in the order of their names, after `after`, at most `limit`. Index: `namespaces_by_kind`.
///
/// # Errors
/// As the database's.
pub fn list_all(
    conn: &mut Conn,
    _instance: &Authorized<Instance, Inspect>,
    after: &str,
    limit: i64,
) -> Result<Vec<Listed>> {
    Ok(namespaces::table
        .filter(namespaces::kind.eq("organization"))
        .filter(namespaces::name.gt(after))
        .filter(namespaces::name.lt(crate::deletion::BURIED))
        .select((namespaces::name, namespaces::email))
        .order(namespaces::name)
        .limit(limit)
        .load(conn)?)
}
/// Whether this may be an e-mail address; whether mail arrives there only sending some can tell.
fn require_address(email: &str) -> Result<()> {
    if email.len() > 254 || !email.contains('@') || email.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(no_address("email"));
    }
    Ok(())
}
