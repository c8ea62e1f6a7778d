//! Whose signed identity stands for a robot account's token.

use std::collections::HashSet;

use diesel::prelude::*;
use serde_json::json;

use super::queries::row_of;
use crate::access::{Admin, Authorized, Inspect};
use crate::db::schema::{namespaces, robot_federations, robots};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::event::EventKind;
use crate::ids::{NamespaceId, RobotId};
use crate::oci::{RobotName, RobotShortName};
use crate::organization::Namespace;
use crate::principal::Principal;
use crate::time::Timestamp;

/// Identities of one robot account.
const MOST: usize = 50;
const MAX_LENGTH: usize = 2_048;

/// An identity: who signs for it and what they call it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The provider's address, the `iss` of its tokens.
    pub issuer: String,
    /// Its name there, the `sub`.
    pub subject: String,
}

/// The identities of a robot account, oldest first. Index: `robot_federations (robot_id, issuer, subject)`.
///
/// # Errors
/// `NotFound` for the robot account.
pub fn identities(
    conn: &mut Conn,
    namespace: &Authorized<Namespace, Inspect>,
    short: &RobotShortName,
) -> Result<Vec<Identity>> {
    let robot = row_of(conn, namespace, short)?;
    Ok(load(conn, robot)?.into_iter().map(|(_, identity)| identity).collect())
}

/// Makes these the identities of a robot account, in place of those it had. What was signed in with by one that stays
/// stays good.
///
/// # Errors
/// `NotFound` for the robot account; `Invalid` for empty or long values and for too many. Whether the issuers can be asked
/// is the caller's to check first ([`super::Documents::check`]).
pub fn set_identities(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    now: Timestamp,
    short: &RobotShortName,
    identities: &[Identity],
) -> Result<()> {
    let robot = row_of(tx, namespace, short)?;
    if identities.len() > MOST {
        return Err(Error::invalid("federation", format!("A robot account has at most {MOST} identities")));
    }
    for Identity { issuer, subject } in identities {
        if subject.trim().is_empty() || subject.len() > MAX_LENGTH || issuer.len() > MAX_LENGTH {
            let message = format!("Issuers and subjects are not empty and have at most {MAX_LENGTH} bytes");
            return Err(Error::invalid("subject", message));
        }
    }
    let wanted: HashSet<&Identity> = identities.iter().collect();
    let known = load(tx, robot)?;
    let gone: Vec<i64> = known.iter().filter(|(_, known)| !wanted.contains(known)).map(|(row, _)| *row).collect();
    diesel::delete(robot_federations::table.filter(robot_federations::id.eq_any(gone))).execute(&mut **tx)?;
    let mut there: HashSet<&Identity> = known.iter().map(|(_, known)| known).collect();
    for new in identities {
        if there.insert(new) {
            diesel::insert_into(robot_federations::table)
                .values((
                    robot_federations::robot_id.eq(robot),
                    robot_federations::issuer.eq(&new.issuer),
                    robot_federations::subject.eq(&new.subject),
                ))
                .execute(&mut **tx)?;
        }
    }
    let config: Vec<_> = identities.iter().map(|i| json!({ "issuer": i.issuer, "subject": i.subject })).collect();
    let details = json!({ "robot": name_of(namespace, short), "config": config });
    super::record(tx, namespace, now, EventKind::CreateRobotFederation, details)
}

/// Takes all identities from a robot account; tokens they were exchanged for end with the commit.
///
/// # Errors
/// `NotFound` for the robot account.
pub fn clear_identities(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Admin>,
    now: Timestamp,
    short: &RobotShortName,
) -> Result<()> {
    let robot = row_of(tx, namespace, short)?;
    diesel::delete(robot_federations::table.filter(robot_federations::robot_id.eq(robot))).execute(&mut **tx)?;
    let details = json!({ "robot": name_of(namespace, short) });
    super::record(tx, namespace, now, EventKind::DeleteRobotFederation, details)
}

/// A robot account and the row of the identity that stands for it, if it has that one. Indexes: `namespaces.name`,
/// `robots (namespace_id, short_name)`, `robot_federations (robot_id, issuer, subject)`.
pub(super) fn holder(conn: &mut Conn, name: &RobotName, identity: &Identity) -> Result<Option<(Principal, i64)>> {
    let row: Option<(i64, i64, i64)> = robot_federations::table
        .inner_join(robots::table.on(robots::id.eq(robot_federations::robot_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(namespaces::name.eq(name.namespace().as_str()))
        .filter(robots::short_name.eq(name.short().as_str()))
        .filter(robot_federations::issuer.eq(&identity.issuer))
        .filter(robot_federations::subject.eq(&identity.subject))
        .select((robots::id, robots::namespace_id, robot_federations::id))
        .first(conn)
        .optional()?;
    Ok(row.map(|(robot, namespace, identity)| {
        let name = name.to_string().into();
        (Principal::Robot { id: RobotId(robot), name, namespace: NamespaceId(namespace) }, identity)
    }))
}

/// Whether a robot account still has this identity and its credentials have not changed since; when it was last used.
/// Indexes: the primary keys.
pub(super) fn still_holds(
    conn: &mut Conn,
    robot: RobotId,
    identity: i64,
    made_at: Timestamp,
) -> Result<Option<(NamespaceId, Option<Timestamp>)>> {
    let row: Option<(i64, Option<i64>)> = robot_federations::table
        .inner_join(robots::table.on(robots::id.eq(robot_federations::robot_id)))
        .filter(robot_federations::id.eq(identity))
        .filter(robots::id.eq(robot.0))
        .filter(robots::credentials_at.le(made_at.0))
        .select((robots::namespace_id, robots::last_used_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(namespace, last_used)| (NamespaceId(namespace), last_used.map(Timestamp))))
}

fn load(conn: &mut Conn, robot: i64) -> Result<Vec<(i64, Identity)>> {
    let rows: Vec<(i64, String, String)> = robot_federations::table
        .filter(robot_federations::robot_id.eq(robot))
        .select((robot_federations::id, robot_federations::issuer, robot_federations::subject))
        .order(robot_federations::id)
        .load(conn)?;
    Ok(rows.into_iter().map(|(row, issuer, subject)| (row, Identity { issuer, subject })).collect())
}

fn name_of(namespace: &Namespace, short: &RobotShortName) -> String {
    format!("{}+{}", namespace.name, short.as_str())
}
