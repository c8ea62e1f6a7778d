//! Namespaces: the first part of every repository name. A user owns one; an organization is one that teams administer.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Authorized, Create, Instance, TeamRole};
use crate::db::Tx;
use crate::db::schema::{namespaces, team_members, teams};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::NamespaceId;
use crate::oci::NamespaceName;
use crate::on_backend;
use crate::principal::Principal;
use crate::time::Timestamp;

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
const RESERVED: [&str; 22] = [
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
    if email.is_some_and(|email| email.len() > 254 || !email.contains('@') || email.contains(char::is_whitespace)) {
        return Err(Error::invalid("email", "E-mail addresses look like name@example.com"));
    }
    if RESERVED.contains(&name) {
        return Err(Error::invalid("name", format!("The name {name} is reserved for the registry's own pages")));
    }
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
