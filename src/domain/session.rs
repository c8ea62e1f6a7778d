//! Sessions: signing in with a browser.
//!
//! The cookie carries a random secret of which only a digest is kept, so a stolen database signs nobody in. Each sign-in
//! makes a new secret: one planted in a browser beforehand is worth nothing. A changed password ends every session whose
//! password was given before the change.

use std::time::Duration;

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, Inspect, Instance, Me, Standing};
use crate::account;
use crate::db::schema::{namespaces, preferences as chosen, sessions, team_invitations, teams, users};
use crate::db::{Conn, Tx};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{SessionId, UserId};
use crate::page::Limit;
use crate::preferences::{self, Preferences};
use crate::principal::{Origin, Principal};
use crate::time::Timestamp;
use crate::vault;

/// Begins every cookie's secret that belongs to somebody signed in.
pub const SECRET_PREFIX: &str = "phs_";

/// Sessions somebody has at most.
const MOST_FOR_ONE_USER: i64 = 200;

/// A session that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Row.
    pub id: SessionId,
    /// What it is known by to its user.
    pub uuid: String,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When the password was last given.
    pub confirmed_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// From where it began.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
}

/// The session a request came with, and what every page shows of its user or does for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// The session.
    pub session: Session,
    /// Given and family name if they said, else the user's name.
    pub display_name: String,
    /// As the database has it; settings may raise it: [`crate::access::Access::standing_by_name`].
    pub standing: Standing,
    /// How they want to see pages.
    pub preferences: Preferences,
    /// Whether an invitation to a team waits for an answer.
    pub has_invitations: bool,
}

impl std::ops::Deref for Current {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Session {
    /// Its user.
    pub fn principal(&self) -> Principal {
        Principal::User { id: self.user, name: self.user_name.as_str().into() }
    }
}

type UserRow = (Option<String>, Option<String>, Standing);
type Row = (i64, String, i64, String, i64, i64, i64, i64, Option<String>, Option<String>);
type Columns = (
    sessions::id,
    sessions::uuid,
    sessions::user_id,
    users::name,
    sessions::created_at,
    sessions::confirmed_at,
    sessions::seen_at,
    sessions::expires_at,
    sessions::ip,
    sessions::user_agent,
);
const COLUMNS: Columns = (
    sessions::id,
    sessions::uuid,
    sessions::user_id,
    users::name,
    sessions::created_at,
    sessions::confirmed_at,
    sessions::seen_at,
    sessions::expires_at,
    sessions::ip,
    sessions::user_agent,
);

fn session((id, uuid, user, user_name, created_at, confirmed_at, seen_at, expires_at, ip, user_agent): Row) -> Session {
    Session {
        id: SessionId(id),
        uuid,
        user: UserId(user),
        user_name,
        created_at: Timestamp(created_at),
        confirmed_at: Timestamp(confirmed_at),
        seen_at: Timestamp(seen_at),
        expires_at: Timestamp(expires_at),
        ip,
        user_agent,
    }
}

/// Begins a session for a user whose password was right just now; returns the cookie's secret: the only time it is seen.
///
/// # Errors
/// As the database's.
pub fn start(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    now: Timestamp,
    user: UserId,
    origin: &Origin,
    lifetime: Duration,
) -> Result<String> {
    let secret = entropy::secret_with_prefix(entropy, SECRET_PREFIX);
    diesel::insert_into(sessions::table)
        .values((
            sessions::uuid.eq(entropy::uuid(entropy).to_string()),
            sessions::digest.eq(vault::digest_of(&secret)),
            sessions::user_id.eq(user.0),
            sessions::created_at.eq(now.0),
            sessions::confirmed_at.eq(now.0),
            sessions::seen_at.eq(now.0),
            sessions::expires_at.eq(now.plus(lifetime).0),
            sessions::ip.eq(origin.ip.map(|ip| ip.to_string())),
            sessions::user_agent.eq(origin.user_agent.as_deref()),
        ))
        .execute(&mut **tx)?;
    end_oldest(tx, user)?;
    diesel::update(users::table.find(user.0)).set(users::last_sign_in.eq(now.0)).execute(&mut **tx)?;
    Ok(secret)
}

/// Programs that sign in for each run never sign out: beyond so many the oldest end. Index: `sessions_by_user`.
fn end_oldest(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    let own = sessions::table.filter(sessions::user_id.eq(user.0));
    let over: Option<i64> =
        own.select(sessions::id).order(sessions::id.desc()).offset(MOST_FOR_ONE_USER).first(&mut **tx).optional()?;
    if let Some(over) = over {
        let oldest = sessions::table.filter(sessions::user_id.eq(user.0)).filter(sessions::id.le(over));
        diesel::delete(oldest).execute(&mut **tx)?;
    }
    Ok(())
}

/// The session of this secret, if it has not ended and its user is enabled, with what every page needs of its user: one
/// statement. Indexes: `sessions.digest`, primary keys, `team_invitations_by_user`.
///
/// # Errors
/// As the database's.
pub fn find(conn: &mut Conn, secret: &str, now: Timestamp) -> Result<Option<Current>> {
    if !secret.starts_with(SECRET_PREFIX) {
        return Ok(None);
    }
    let invitations = team_invitations::table
        .inner_join(teams::table.on(teams::id.eq(team_invitations::team_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(teams::organization_id)))
        .filter(team_invitations::user_id.eq(sessions::user_id.nullable()))
        .filter(team_invitations::expires_at.gt(now.0))
        .filter(namespaces::deleted_at.is_null())
        .select(team_invitations::id);
    let row: Option<(Row, UserRow, preferences::Row, bool)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .left_join(chosen::table.on(chosen::user_id.eq(sessions::user_id)))
        .filter(sessions::digest.eq(vault::digest_of(secret)))
        .filter(sessions::expires_at.gt(now.0))
        .filter(sessions::confirmed_at.ge(users::credentials_at))
        .filter(users::enabled.eq(true))
        .select((
            COLUMNS,
            (users::given_name, users::family_name, users::standing),
            (
                chosen::theme.nullable(),
                chosen::language.nullable(),
                chosen::time_zone.nullable(),
                chosen::slash_searches.nullable(),
            ),
            diesel::dsl::exists(invitations),
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(row, (given_name, family_name, standing), preferences, has_invitations)| {
        let session = session(row);
        Current {
            display_name: display_name(&session.user_name, given_name, family_name),
            session,
            standing,
            preferences: preferences::preferences(preferences),
            has_invitations,
        }
    }))
}

/// What people call a user.
fn display_name(name: &str, given_name: Option<String>, family_name: Option<String>) -> String {
    let names = [given_name, family_name].into_iter().flatten();
    let names: Vec<String> = names.map(|name| name.trim().to_string()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() { name.to_string() } else { names.join(" ") }
}

/// Notes that a session was used.
///
/// # Errors
/// As the database's.
pub fn note_use(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<()> {
    diesel::update(sessions::table.find(id.0)).set(sessions::seen_at.eq(now.0)).execute(&mut **tx)?;
    Ok(())
}

/// The password was given again.
///
/// # Errors
/// As the database's.
pub fn confirm(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<()> {
    diesel::update(sessions::table.find(id.0)).set(sessions::confirmed_at.eq(now.0)).execute(&mut **tx)?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// As the database's.
pub fn end(tx: &mut Tx<'_>, id: SessionId) -> Result<()> {
    diesel::delete(sessions::table.find(id.0)).execute(&mut **tx)?;
    Ok(())
}

/// Ends the session of this uuid, if it is the caller's.
///
/// # Errors
/// `NotFound`.
pub fn revoke(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, uuid: &str) -> Result<()> {
    let own = sessions::table.filter(sessions::uuid.eq(uuid)).filter(sessions::user_id.eq(me.id.0));
    if diesel::delete(own).execute(&mut **tx)? == 0 {
        return Err(Error::NotFound(Thing::Session));
    }
    let user = account::by_id(tx, me.id)?;
    let event = Event::new(EventKind::SessionRevoke).namespace(user.namespace, &user.name);
    event::record(tx, me.caller(), now, event.details(json!({ "uuid": uuid })))
}

/// Ends the user's sessions, but for the one given.
///
/// # Errors
/// As the database's.
pub(crate) fn end_all_but(tx: &mut Tx<'_>, user: UserId, kept: Option<SessionId>) -> Result<()> {
    let kept = kept.map_or(-1, |id| id.0);
    let others = sessions::table.filter(sessions::user_id.eq(user.0)).filter(sessions::id.ne(kept));
    diesel::delete(others).execute(&mut **tx)?;
    Ok(())
}

/// The caller's sessions, newest first, at most `limit`, before the row `before`. Index: `sessions_by_user`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    me: &Authorized<Me, Admin>,
    now: Timestamp,
    before: Option<SessionId>,
    limit: impl Into<Limit>,
) -> Result<Vec<Session>> {
    let limit = limit.into();
    let mut question = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(sessions::user_id.eq(me.id.0))
        .filter(sessions::expires_at.gt(now.0))
        .filter(sessions::confirmed_at.ge(users::credentials_at))
        .filter(sessions::id.lt(before.map_or(i64::MAX, |id| id.0)))
        .select(COLUMNS)
        .order(sessions::id.desc())
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("COALESCE(sessions.ip, '') || ' ' || COALESCE(sessions.user_agent, '')") {
        question = question.filter(has);
    }
    let rows: Vec<Row> = question.load(conn)?;
    Ok(rows.into_iter().map(session).collect())
}

/// Everybody's sessions, newest first, at most `limit`, before the row `before`. Index: primary key.
///
/// # Errors
/// As the database's.
pub fn list_all(
    conn: &mut Conn,
    _instance: &Authorized<Instance, Inspect>,
    now: Timestamp,
    before: Option<SessionId>,
    limit: i64,
) -> Result<Vec<Session>> {
    let rows: Vec<Row> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .filter(sessions::expires_at.gt(now.0))
        .filter(sessions::confirmed_at.ge(users::credentials_at))
        // Compared with anything, it is a reason for SQLite to begin with all users that are.
        .filter(users::enabled)
        .filter(sessions::id.lt(before.map_or(i64::MAX, |id| id.0)))
        .select(COLUMNS)
        .order(sessions::id.desc())
        .limit(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(session).collect())
}

/// Ends anybody's session, by its uuid. Index: `sessions.uuid`.
///
/// # Errors
/// `NotFound`.
pub fn revoke_any(tx: &mut Tx<'_>, instance: &Authorized<Instance, Admin>, now: Timestamp, uuid: &str) -> Result<()> {
    let user: Option<i64> = diesel::delete(sessions::table.filter(sessions::uuid.eq(uuid)))
        .returning(sessions::user_id)
        .get_result(&mut **tx)
        .optional()?;
    let user = account::by_id(tx, UserId(user.ok_or(Error::NotFound(Thing::Session))?))?;
    let details = json!({ "uuid": uuid, "username": user.name, "superuser": instance.caller().principal.name() });
    let event = Event::new(EventKind::SessionRevoke).namespace(user.namespace, &user.name).details(details);
    event::record(tx, instance.caller(), now, event)
}

/// Removes the sessions that ended before `now`, at most `limit`; returns how many.
///
/// # Errors
/// As the database's.
pub fn sweep_expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<usize> {
    let over: Vec<i64> = sessions::table
        .filter(sessions::expires_at.lt(now.0))
        .select(sessions::id)
        .order(sessions::expires_at)
        .limit(limit)
        .load(&mut **tx)?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(over))).execute(&mut **tx)?)
}
