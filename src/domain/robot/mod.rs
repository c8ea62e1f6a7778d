//! Robot accounts: credentials for programs, owned by a namespace and named `namespace+short`.
//!
//! Their tokens can be looked up again, so they are kept encrypted beside the digest they are checked by. Where nothing
//! should be stored, an identity provider's signature stands for the token: [`set_identities`] says whose, [`Keyless`]
//! exchanges it.

mod federation;
mod identity;
mod keyless;
mod queries;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, Inspect};
use crate::db::schema::{namespaces, robots};
use crate::db::{Conn, Tx};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RobotId};
use crate::oci::{RobotName, RobotShortName};
use crate::on_backend;
use crate::organization::Namespace;
use crate::principal::Principal;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::vault::{self, Vault};
use crate::words::require_text;

pub use federation::{Identity, clear_identities, identities, set_identities};
pub use identity::Documents;
pub(crate) use keyless::KeylessTokens;
pub use keyless::{Keyless, LIFETIME as KEYLESS_LIFETIME};
pub use queries::{Belongings, RobotRow, counts, list, permissions, repositories, teams, tokens};

const SEALED_AS: &str = "robot token";
/// Quay's limit.
const MAX_DESCRIPTION: usize = 255;
const MAX_METADATA: usize = 16 * 1024;

/// A robot account.
#[derive(Debug, Clone)]
pub struct Robot {
    /// Row.
    pub id: RobotId,
    /// `namespace+short`.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Free JSON, as it was given.
    pub metadata: String,
    /// The secret, for admins of its namespace only.
    pub token: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its token was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Creates a robot account.
///
/// # Errors
/// `AlreadyExists`; `Invalid` for a description or metadata that is too long.
pub fn create(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    short: &RobotShortName,
    described: (&str, &serde_json::Value),
) -> Result<Robot> {
    let (description, metadata) = (described.0, described.1.to_string());
    require_fit(description, &metadata)?;
    let name = format!("{}+{}", namespace.name, short.as_str());
    let (vault, entropy) = tools;
    let token = entropy::robot_token(entropy);
    let row = (
        robots::namespace_id.eq(namespace.id.0),
        robots::short_name.eq(short.as_str()),
        robots::description.eq(description),
        robots::metadata.eq(&metadata),
        robots::token_sealed.eq(vault.seal(SEALED_AS, &token)?),
        robots::token_digest.eq(vault::digest_of(&token)),
        robots::credentials_at.eq(now.0),
        robots::created_at.eq(now.0),
    );
    let id: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(robots::table)
        .values(row)
        .on_conflict((robots::namespace_id, robots::short_name))
        .do_nothing()
        .returning(robots::id)
        .get_result(c)
        .optional())?;
    let id = id.ok_or_else(|| Error::AlreadyExists(Thing::Robot(name.clone())))?;
    tx.touch_access();
    let details = json!({ "robot": short.as_str(), "description": description, "unstructured_metadata": described.1 });
    record(tx, namespace, now, EventKind::CreateRobot, details)?;
    Ok(Robot {
        id: RobotId(id),
        name,
        description: description.to_string(),
        metadata,
        token: Some(token),
        created_at: now,
        last_used_at: None,
    })
}

fn require_fit(description: &str, metadata: &str) -> Result<()> {
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Error::invalid(
            "description",
            sentence!(
                "said-description-characters",
                "Descriptions have at most {most} characters",
                most = MAX_DESCRIPTION
            ),
        ));
    }
    require_text("description", description)?;
    if metadata.len() > MAX_METADATA {
        return Err(Error::invalid("unstructured_metadata", format!("Metadata has at most {MAX_METADATA} bytes")));
    }
    Ok(())
}

/// Changes what is said about a robot account; what is not given stays. Its token stays too.
///
/// # Errors
/// `NotFound`; `Invalid` for a description or metadata that is too long.
pub fn describe(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    now: Timestamp,
    short: &RobotShortName,
    (description, metadata): (Option<&str>, Option<&serde_json::Value>),
) -> Result<Robot> {
    let (old, _) = load(tx, namespace, short)?;
    let new = Robot {
        description: description.map_or_else(|| old.description.clone(), str::to_string),
        metadata: metadata.map_or_else(|| old.metadata.clone(), ToString::to_string),
        ..old.clone()
    };
    require_fit(&new.description, &new.metadata)?;
    if (&new.description, &new.metadata) == (&old.description, &old.metadata) {
        return Ok(new);
    }
    diesel::update(robots::table.find(new.id.0))
        .set((robots::description.eq(&new.description), robots::metadata.eq(&new.metadata)))
        .execute(&mut **tx)?;
    let details = json!({ "robot": new.name, "description": new.description });
    record(tx, namespace, now, EventKind::ChangeRobot, details)?;
    Ok(new)
}

/// Gives a robot account a new token; the old one and what Docker made of it end with the commit.
///
/// # Errors
/// `NotFound`.
pub fn regenerate(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    short: &RobotShortName,
) -> Result<Robot> {
    let robot = find(tx, namespace, tools.0, short)?;
    let token = entropy::robot_token(tools.1);
    diesel::update(robots::table.find(robot.id.0))
        .set((
            robots::token_sealed.eq(tools.0.seal(SEALED_AS, &token)?),
            robots::token_digest.eq(vault::digest_of(&token)),
            robots::credentials_at.eq(now.0),
        ))
        .execute(&mut **tx)?;
    tx.touch_access();
    record(tx, namespace, now, EventKind::RegenerateRobotToken, json!({ "robot": robot.name }))?;
    Ok(Robot { token: Some(token), ..robot })
}

/// Deletes a robot account with its grants and memberships.
///
/// # Errors
/// `NotFound`.
pub fn delete(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    now: Timestamp,
    short: &RobotShortName,
) -> Result<()> {
    let gone = diesel::delete(
        robots::table.filter(robots::namespace_id.eq(namespace.id.0)).filter(robots::short_name.eq(short.as_str())),
    )
    .execute(&mut **tx)?;
    let name = format!("{}+{}", namespace.name, short.as_str());
    if gone == 0 {
        return Err(Error::NotFound(Thing::Robot(name)));
    }
    tx.touch_access();
    record(tx, namespace, now, EventKind::DeleteRobot, json!({ "robot": short.as_str() }))
}

/// A robot account with its token. Index: `robots (namespace_id, short_name)`.
///
/// # Errors
/// `NotFound`; `Internal` if the token was sealed under another instance key.
pub fn find(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Admin>,
    vault: &Vault,
    short: &RobotShortName,
) -> Result<Robot> {
    let (robot, sealed) = load(conn, namespace, short)?;
    Ok(Robot { token: Some(vault.open(SEALED_AS, &sealed)?), ..robot })
}

/// A robot account without its token.
///
/// # Errors
/// `NotFound`.
pub fn inspect(conn: &mut Conn, namespace: &Authorized<Namespace, Inspect>, short: &RobotShortName) -> Result<Robot> {
    load(conn, namespace, short).map(|(robot, _)| robot)
}

fn load<A>(conn: &mut Conn, namespace: &Authorized<Namespace, A>, short: &RobotShortName) -> Result<(Robot, Vec<u8>)> {
    type Row = (i64, String, String, Vec<u8>, i64, Option<i64>);
    let row: Option<Row> = robots::table
        .filter(robots::namespace_id.eq(namespace.id.0))
        .filter(robots::short_name.eq(short.as_str()))
        .select((
            robots::id,
            robots::description,
            robots::metadata,
            robots::token_sealed,
            robots::created_at,
            robots::last_used_at,
        ))
        .first(conn)
        .optional()?;
    let name = format!("{}+{}", namespace.name, short.as_str());
    let Some((id, description, metadata, sealed, created_at, last_used_at)) = row else {
        return Err(Error::NotFound(Thing::Robot(name)));
    };
    let robot = Robot {
        id: RobotId(id),
        name,
        description,
        metadata,
        token: None,
        created_at: Timestamp(created_at),
        last_used_at: last_used_at.map(Timestamp),
    };
    Ok((robot, sealed))
}

/// The row and owner of a robot account by its whole name.
///
/// # Errors
/// `NotFound`.
pub(crate) fn by_name(conn: &mut Conn, name: &RobotName) -> Result<RobotId> {
    let row = named(conn, name)?;
    row.map(|row| RobotId(row.0)).ok_or_else(|| Error::NotFound(Thing::Robot(name.to_string())))
}

/// The robot behind a name and token and when it was last used, if they belong together.
pub(crate) fn verify(conn: &mut Conn, name: &RobotName, token: &str) -> Result<Option<(Principal, Option<Timestamp>)>> {
    let presented = vault::digest_of(token);
    Ok(named(conn, name)?.filter(|(_, _, digest, _)| vault::same(digest, &presented)).map(
        |(id, namespace, _, last_used)| {
            let name = name.to_string().into();
            let principal = Principal::Robot { id: RobotId(id), name, namespace: NamespaceId(namespace) };
            (principal, last_used.map(Timestamp))
        },
    ))
}

type Named = (i64, i64, Vec<u8>, Option<i64>);

/// Indexes: `namespaces.name`, `robots (namespace_id, short_name)`.
fn named(conn: &mut Conn, name: &RobotName) -> Result<Option<Named>> {
    Ok(robots::table
        .inner_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(namespaces::name.eq(name.namespace().as_str()))
        .filter(robots::short_name.eq(name.short().as_str()))
        .select((robots::id, robots::namespace_id, robots::token_digest, robots::last_used_at))
        .first(conn)
        .optional()?)
}

fn record(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    now: Timestamp,
    kind: EventKind,
    details: serde_json::Value,
) -> Result<()> {
    let event = Event::new(kind).namespace(namespace.id, &namespace.name).details(details);
    event::record(tx, namespace.caller(), now, event)
}
