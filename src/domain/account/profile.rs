//! What users say about themselves, and changing it.

use diesel::prelude::*;
use serde_json::{Map, Value, json};

use super::actions;
use super::queries::{self, User};
use crate::access::{Admin, Authorized, Me, TeamRole};
use crate::db::schema::{namespaces, team_members, teams, users};
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::event::{self, Event, EventKind};
use crate::ids::UserId;
use crate::principal::Credential;
use crate::sentence::sentence;
use crate::session;
use crate::time::Timestamp;
use crate::words::no_address;

/// How long deleted tags can be restored, in seconds: the choices there are.
pub const TAG_EXPIRATIONS: [i64; 5] = [0, 86_400, 604_800, 1_209_600, 2_419_200];
/// More memberships than this are not listed.
const MOST_MEMBERSHIPS: i64 = 1_000;
const MAX_WORDS: usize = 255;

/// A user with all that concerns nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The user.
    pub user: User,
    /// Whether they can sign in with a password.
    pub has_password: bool,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Where they are.
    pub location: Option<String>,
    /// Whether invoices are mailed.
    pub invoice_email: bool,
    /// To which address, if not their own.
    pub invoice_email_address: Option<String>,
    /// How long deleted tags can be restored, in seconds.
    pub tag_expiration_s: i64,
}

/// An organization somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organization's name.
    pub organization: String,
    /// Their highest role in it.
    pub role: TeamRole,
}

/// What is to be changed; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ProfileChanges {
    /// See [`super::password::hash`].
    pub password_hash: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Where they are.
    pub location: Option<String>,
    /// Whether invoices are mailed.
    pub invoice_email: Option<bool>,
    /// To which address; empty for their own.
    pub invoice_email_address: Option<String>,
    /// One of [`TAG_EXPIRATIONS`].
    pub tag_expiration_s: Option<i64>,
}

/// A user's profile. Index: the primary keys.
///
/// # Errors
/// `NotFound`.
pub fn profile(conn: &mut Conn, id: UserId) -> Result<Profile> {
    type Words = (Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);
    type Row = (Words, bool, Option<String>, i64);
    let user = queries::by_id(conn, id)?;
    let ((hash, given_name, family_name, company, location), invoice_email, invoice_email_address, tag_expiration_s): Row =
        users::table
            .find(id.0)
            .inner_join(namespaces::table.on(namespaces::id.eq(users::namespace_id)))
            .select((
                (users::password_hash, users::given_name, users::family_name, users::company, users::location),
                namespaces::invoice_email,
                namespaces::invoice_email_address,
                namespaces::tag_expiration_s,
            ))
            .first(conn)?;
    let has_password = hash.is_some();
    Ok(Profile {
        user,
        has_password,
        given_name,
        family_name,
        company,
        location,
        invoice_email,
        invoice_email_address,
        tag_expiration_s,
    })
}

/// The organizations a user belongs to, by name: at most a thousand. Index: `team_members_by_user`.
///
/// # Errors
/// As the database's.
pub fn memberships(conn: &mut Conn, id: UserId) -> Result<Vec<Membership>> {
    first_memberships(conn, id, MOST_MEMBERSHIPS)
}

/// The first of [`memberships`], found in this many memberships of teams: an organization may take as many as it has roles.
///
/// # Errors
/// As the database's.
pub fn first_memberships(conn: &mut Conn, id: UserId, looked_at: i64) -> Result<Vec<Membership>> {
    let rows: Vec<(String, TeamRole)> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(teams::organization_id)))
        .filter(team_members::user_id.eq(id.0))
        .filter(namespaces::deleted_at.is_null())
        .select((namespaces::name, teams::role))
        .distinct()
        .order(namespaces::name)
        .limit(looked_at)
        .load(conn)?;
    let mut memberships: Vec<Membership> = Vec::new();
    for (organization, role) in rows {
        match memberships.last_mut() {
            Some(last) if last.organization == organization => last.role = last.role.max(role),
            _ => memberships.push(Membership { organization, role }),
        }
    }
    Ok(memberships)
}

/// Changes what users may change about themselves. A changed password ends their other sessions and what Docker stored.
///
/// # Errors
/// `Invalid` for a value that breaks a rule or an address that somebody else has.
pub fn change_profile(
    tx: &mut Tx<'_>,
    me: &Authorized<Me, Admin>,
    now: Timestamp,
    changes: &ProfileChanges,
) -> Result<Profile> {
    let user = queries::by_id(tx, me.id)?;
    for (kind, details) in [
        set_password(tx, me, now, changes)?,
        set_email(tx, &user, changes)?,
        set_names(tx, &user, changes)?,
        set_invoicing(tx, &user, changes)?,
        set_tag_expiration(tx, &user, changes)?,
    ]
    .into_iter()
    .flatten()
    {
        let event = Event::new(kind).namespace(user.namespace, &user.name).details(details);
        event::record(tx, me.caller(), now, event)?;
    }
    profile(tx, me.id)
}

/// Refuses an address that another user has. Index: `users_by_email`.
///
/// # Errors
/// `Invalid`.
pub fn require_unused_email(conn: &mut Conn, email: &str, but: Option<UserId>) -> Result<()> {
    let others = users::table.filter(users::email.eq(email)).filter(users::id.ne(but.map_or(-1, |id| id.0)));
    match others.select(users::id).limit(1).first::<i64>(conn).optional()? {
        None => Ok(()),
        Some(_) => Err(Error::invalid(
            "email",
            sentence!("said-email-used", "Email has already been used: another account has this address"),
        )),
    }
}

type Change = Result<Option<(EventKind, Value)>>;

fn set_password(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp, changes: &ProfileChanges) -> Change {
    let Some(hash) = &changes.password_hash else { return Ok(None) };
    actions::replace_password(tx, me.id, now, hash)?;
    credentials_changed(tx, me, now)?;
    Ok(Some((EventKind::AccountChangePassword, json!({}))))
}

/// Ends what the credentials opened that the caller just changed: their other sessions, registry tokens.
pub(crate) fn credentials_changed(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, now: Timestamp) -> Result<()> {
    diesel::update(users::table.find(me.id.0)).set(users::credentials_at.eq(now.0)).execute(&mut **tx)?;
    let current = match me.caller().credential {
        Credential::Session { id, .. } => Some(id),
        _ => None,
    };
    session::end_all_but(tx, me.id, current)?;
    if let Some(id) = current {
        session::confirm(tx, id, now)?;
    }
    tx.touch_access();
    Ok(())
}

fn set_email(tx: &mut Tx<'_>, user: &User, changes: &ProfileChanges) -> Change {
    let Some(email) = changes.email.as_deref().filter(|email| Some(*email) != user.email.as_deref()) else {
        return Ok(None);
    };
    require_address("email", email)?;
    require_unused_email(tx, email, Some(user.id))?;
    diesel::update(users::table.find(user.id.0)).set(users::email.eq(email)).execute(&mut **tx)?;
    diesel::update(namespaces::table.find(user.namespace.0)).set(namespaces::email.eq(email)).execute(&mut **tx)?;
    let details = json!({ "username": user.name, "old_email": user.email, "email": email });
    Ok(Some((EventKind::UserChangeEmail, details)))
}

fn set_names(tx: &mut Tx<'_>, user: &User, changes: &ProfileChanges) -> Change {
    let given = [
        ("given_name", &changes.given_name),
        ("family_name", &changes.family_name),
        ("company", &changes.company),
        ("location", &changes.location),
    ];
    let mut details = Map::new();
    for (field, value) in given {
        let Some(value) = value else { continue };
        if value.chars().count() > MAX_WORDS || value.chars().any(char::is_control) {
            let message = format!("{field} has at most {MAX_WORDS} characters, none of them control characters");
            return Err(Error::invalid(field, message));
        }
        details.insert(field.to_string(), json!(value));
    }
    if details.is_empty() {
        return Ok(None);
    }
    // One statement each, of those that are given: Diesel leaves out what is `None`, but not all of it.
    let whose = || users::table.find(user.id.0);
    if let Some(value) = &changes.given_name {
        diesel::update(whose()).set(users::given_name.eq(value)).execute(&mut **tx)?;
    }
    if let Some(value) = &changes.family_name {
        diesel::update(whose()).set(users::family_name.eq(value)).execute(&mut **tx)?;
    }
    if let Some(value) = &changes.company {
        diesel::update(whose()).set(users::company.eq(value)).execute(&mut **tx)?;
    }
    if let Some(value) = &changes.location {
        diesel::update(whose()).set(users::location.eq(value)).execute(&mut **tx)?;
    }
    Ok(Some((EventKind::UserChangeMetadata, Value::Object(details))))
}

fn set_invoicing(tx: &mut Tx<'_>, user: &User, changes: &ProfileChanges) -> Change {
    let mut details = Map::new();
    let whose = || namespaces::table.find(user.namespace.0);
    if let Some(mailed) = changes.invoice_email {
        diesel::update(whose()).set(namespaces::invoice_email.eq(mailed)).execute(&mut **tx)?;
        details.insert("invoice_email".to_string(), json!(mailed));
    }
    if let Some(address) = &changes.invoice_email_address {
        let address = Some(address.as_str()).filter(|address| !address.is_empty());
        if let Some(address) = address {
            require_address("invoice_email_address", address)?;
        }
        diesel::update(whose()).set(namespaces::invoice_email_address.eq(address)).execute(&mut **tx)?;
        details.insert("invoice_email_address".to_string(), json!(address));
    }
    Ok((!details.is_empty()).then_some((EventKind::UserChangeInvoicing, Value::Object(details))))
}

fn set_tag_expiration(tx: &mut Tx<'_>, user: &User, changes: &ProfileChanges) -> Change {
    let Some(seconds) = changes.tag_expiration_s else { return Ok(None) };
    if !TAG_EXPIRATIONS.contains(&seconds) {
        return Err(Error::invalid(
            "tag_expiration_s",
            sentence!("said-expiration-option", "Invalid tag expiration option"),
        ));
    }
    diesel::update(namespaces::table.find(user.namespace.0))
        .set(namespaces::tag_expiration_s.eq(seconds))
        .execute(&mut **tx)?;
    Ok(Some((EventKind::UserChangeTagExpiration, json!({ "tag_expiration": seconds }))))
}

/// Refuses what is no address.
pub(super) fn require_address(field: &'static str, address: &str) -> Result<()> {
    let looks_right = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !looks_right || address.len() > 254 || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(no_address(field));
    }
    Ok(())
}
