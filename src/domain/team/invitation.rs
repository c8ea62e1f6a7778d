//! Invitations to a team, for users who are not yet in its organization.
//!
//! The code that accepts one is made from the invitation under a key of this instance, so that it can be shown again to
//! the user it is for and to nobody else; the database has its digest only. It is worth nothing in the hands of anybody
//! but that user.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use serde_json::json;
use std::time::Duration;

use crate::access::{Admin, Authorized, Me};
use crate::db::schema::{namespaces, team_invitations, teams, users};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, TeamId, UserId};
use crate::on_backend;
use crate::organization::Namespace;
use crate::page::Limit;
use crate::time::Timestamp;
use crate::vault::{self, Stamper, Vault};

/// How long an invitation stands.
const LIFETIME: Duration = Duration::from_secs(14 * 24 * 3600);
/// Invitations shown to one user.
const SHOWN: i64 = 1_000;

/// Makes the codes of invitations.
pub struct Codes {
    stamper: Stamper,
}

impl Codes {
    /// Codes under a key of this instance.
    ///
    /// # Errors
    /// As [`Vault::key_for`].
    pub fn new(vault: &Vault) -> Result<Codes> {
        Ok(Codes { stamper: vault.stamper("invitation to a team")? })
    }

    fn code(&self, team: TeamId, user: UserId, created_at: Timestamp) -> String {
        let invitation = format!("{} {} {}", team.0, user.0, created_at.0);
        URL_SAFE_NO_PAD.encode(self.stamper.stamp(&invitation))
    }
}

/// An invitation, as the invited user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What accepts or declines it.
    pub code: String,
    /// The organization.
    pub organization: String,
    /// The team.
    pub team: String,
    /// Who invited.
    pub inviter: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Invites a user to a team, or renews the invitation.
pub(super) fn invite(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    (team, team_name): (TeamId, &str),
    (user, user_name): (UserId, &str),
    codes: &Codes,
) -> Result<()> {
    use team_invitations as i;
    let code = codes.code(team, user, now);
    let renewed = (
        i::inviter.eq(organization.caller().principal.name()),
        i::code_digest.eq(vault::digest_of(&code)),
        i::created_at.eq(now.0),
        i::expires_at.eq(now.plus(LIFETIME).0),
    );
    let row = (i::team_id.eq(team.0), i::user_id.eq(user.0), renewed.clone());
    on_backend!(&mut *tx, c => diesel::insert_into(i::table)
        .values(row)
        .on_conflict((i::team_id, i::user_id))
        .do_update()
        .set(renewed)
        .execute(c))?;
    let details = json!({ "user": user_name, "member": user_name, "team": team_name });
    super::record(tx, organization, now, EventKind::OrgInviteTeamMember, details)
}

/// Takes an invitation back; `false` if there is none.
pub(super) fn take_back(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    (team, team_name): (TeamId, &str),
    (user, user_name): (UserId, &str),
) -> Result<bool> {
    let gone = diesel::delete(
        team_invitations::table
            .filter(team_invitations::team_id.eq(team.0))
            .filter(team_invitations::user_id.eq(user.0)),
    )
    .execute(&mut **tx)?;
    if gone > 0 {
        let details = json!({ "user": user_name, "member": user_name, "team": team_name });
        super::record(tx, organization, now, EventKind::OrgDeleteTeamMemberInvite, details)?;
    }
    Ok(gone > 0)
}

/// Names of users invited to a team who have not answered, oldest first, at most `limit`. Index:
/// `team_invitations (team_id, user_id)`.
///
/// # Errors
/// As the database's.
pub fn pending(conn: &mut Conn, team: TeamId, now: Timestamp, limit: impl Into<Limit>) -> Result<Vec<String>> {
    let limit = limit.into();
    let mut question = team_invitations::table
        .inner_join(users::table.on(users::id.nullable().eq(team_invitations::user_id)))
        .filter(team_invitations::team_id.eq(team.0))
        .filter(team_invitations::expires_at.gt(now.0))
        .select(users::name)
        .order(team_invitations::id)
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("users.name") {
        question = question.filter(has);
    }
    Ok(question.load(conn)?)
}

/// The invitations that wait for the caller, oldest first. Index: `team_invitations_by_user`.
///
/// # Errors
/// As the database's.
pub fn of_user(conn: &mut Conn, me: &Authorized<Me, Admin>, now: Timestamp, codes: &Codes) -> Result<Vec<Invitation>> {
    type Row = (i64, String, String, String, i64, i64);
    let rows: Vec<Row> = team_invitations::table
        .inner_join(teams::table.on(teams::id.eq(team_invitations::team_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(teams::organization_id)))
        .filter(team_invitations::user_id.eq(me.id.0))
        .filter(team_invitations::expires_at.gt(now.0))
        .filter(namespaces::deleted_at.is_null())
        .select((
            teams::id,
            teams::name,
            namespaces::name,
            team_invitations::inviter,
            team_invitations::created_at,
            team_invitations::expires_at,
        ))
        .order(team_invitations::id)
        .limit(SHOWN)
        .load(conn)?;
    let invitation = |(team, team_name, organization, inviter, created_at, expires_at): Row| Invitation {
        code: codes.code(TeamId(team), me.id, Timestamp(created_at)),
        organization,
        team: team_name,
        inviter,
        created_at: Timestamp(created_at),
        expires_at: Timestamp(expires_at),
    };
    Ok(rows.into_iter().map(invitation).collect())
}

/// Makes the caller a member of the team that the code invites them to. Returns organization and team.
///
/// # Errors
/// `NotFound` if the code is another user's, no code, over or answered.
pub fn accept(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, code: &str) -> Result<(String, String)> {
    let found = answer(tx, me, now, code)?;
    super::insert_member(tx, found.team, super::Member::User(me.id), now)?;
    record(tx, me, now, EventKind::OrgTeamMemberInviteAccepted, &found)?;
    Ok((found.organization.1, found.team_name))
}

/// Declines an invitation.
///
/// # Errors
/// As [`accept`].
pub fn decline(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, code: &str) -> Result<()> {
    let found = answer(tx, me, now, code)?;
    record(tx, me, now, EventKind::OrgTeamMemberInviteDeclined, &found)
}

/// Removes the invitations that ended before `now`, at most `limit`; returns how many. Index:
/// `team_invitations_by_expiry`.
///
/// # Errors
/// As the database's.
pub fn sweep_expired(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<usize> {
    let over: Vec<i64> = team_invitations::table
        .filter(team_invitations::expires_at.lt(now.0))
        .select(team_invitations::id)
        .order(team_invitations::expires_at)
        .limit(limit)
        .load(&mut **tx)?;
    Ok(diesel::delete(team_invitations::table.filter(team_invitations::id.eq_any(over))).execute(&mut **tx)?)
}

struct Answered {
    team: TeamId,
    team_name: String,
    organization: (NamespaceId, String),
    inviter: String,
}

/// Removes the caller's invitation with this code. Index: `team_invitations.code_digest`.
fn answer(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, code: &str) -> Result<Answered> {
    type Row = (i64, i64, String, i64, String, String);
    let row: Option<Row> = team_invitations::table
        .inner_join(teams::table.on(teams::id.eq(team_invitations::team_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(teams::organization_id)))
        .filter(team_invitations::code_digest.eq(vault::digest_of(code)))
        .filter(team_invitations::user_id.eq(me.id.0))
        .filter(team_invitations::expires_at.gt(now.0))
        .filter(namespaces::deleted_at.is_null())
        .select((
            team_invitations::id,
            teams::id,
            teams::name,
            namespaces::id,
            namespaces::name,
            team_invitations::inviter,
        ))
        .first(&mut **tx)
        .optional()?;
    let Some((id, team, team_name, organization, name, inviter)) = row else {
        return Err(Error::NotFound(Thing::Invitation));
    };
    let gone = diesel::delete(team_invitations::table.find(id)).execute(&mut **tx)?;
    if gone == 0 {
        return Err(Error::NotFound(Thing::Invitation));
    }
    Ok(Answered { team: TeamId(team), team_name, organization: (NamespaceId(organization), name), inviter })
}

fn record(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    now: Timestamp,
    kind: EventKind,
    found: &Answered,
) -> Result<()> {
    let details = json!({ "member": &*me.name, "team": found.team_name, "inviter": found.inviter });
    let (id, name) = &found.organization;
    event::record(tx, me.caller(), now, Event::new(kind).namespace(*id, name).details(details))
}
