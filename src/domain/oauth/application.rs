//! Registering applications.

use diesel::prelude::*;
use serde_json::{Value, json};

use super::redirect;
use crate::access::{Admin, Authorized, Inspect};
use crate::db::schema::{namespaces, oauth_applications};
use crate::db::{Conn, Tx};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result, Thing, shown};
use crate::event::{self, Event, EventKind};
use crate::ids::{ApplicationId, NamespaceId};
use crate::organization::Namespace;
use crate::page::Limit;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::vault::{self, Vault};
use crate::words::no_address;

const CLIENT_ID_LENGTH: usize = 20;
const SECRET_LENGTH: usize = 40;
const SEALED_AS: &str = "OAuth client secret";
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 10_000;
const MAX_ADDRESS: usize = 2_000;

/// What people say about an application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// Its home page; empty for none.
    pub application_uri: String,
    /// Where tokens may be sent; empty for nowhere but the registry's own page.
    pub redirect_uri: String,
    /// Whose picture it shows.
    pub avatar_email: Option<String>,
}

/// A registered application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Row.
    pub id: ApplicationId,
    /// What it calls itself to us.
    pub client_id: String,
    /// What people say about it.
    pub details: Details,
    /// For those who may see it.
    pub secret: Option<String>,
}

/// An application as anybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    /// The application, without its secret.
    pub application: Application,
    /// The organization that answers for it.
    pub organization: String,
    /// Row of that organization.
    pub organization_id: NamespaceId,
}

type Row = (i64, String, String, String, String, String, Option<String>);
type Columns = (
    oauth_applications::id,
    oauth_applications::client_id,
    oauth_applications::name,
    oauth_applications::description,
    oauth_applications::application_uri,
    oauth_applications::redirect_uri,
    oauth_applications::avatar_email,
);
pub(super) const COLUMNS: Columns = (
    oauth_applications::id,
    oauth_applications::client_id,
    oauth_applications::name,
    oauth_applications::description,
    oauth_applications::application_uri,
    oauth_applications::redirect_uri,
    oauth_applications::avatar_email,
);

pub(super) fn application(row: Row) -> Application {
    let (id, client_id, name, description, application_uri, redirect_uri, avatar_email) = row;
    let details = Details { name, description, application_uri, redirect_uri, avatar_email };
    Application { id: ApplicationId(id), client_id, details, secret: None }
}

/// Whether a character is not seen or turns others around: with it, what is said on the page where people consent could
/// look like something else. Joiners are none: scripts need them.
fn misleads(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

impl Details {
    fn check(&self) -> Result<()> {
        let length = self.name.chars().count();
        if length == 0 || length > MAX_NAME || self.name.chars().any(|c| c.is_control() || misleads(c)) {
            let message = sentence!(
                "said-application-name",
                "Applications are called something, in at most {most} characters that one can see",
                most = MAX_NAME
            );
            return Err(Error::invalid("name", message));
        }
        if self.description.len() > MAX_DESCRIPTION || self.description.contains(|c| c == '\0' || misleads(c)) {
            let message = sentence!(
                "said-application-description",
                "Descriptions have at most {most} bytes, no NUL and no characters that cannot be seen",
                most = MAX_DESCRIPTION
            );
            return Err(Error::invalid("description", message));
        }
        for (field, address) in [("redirect_uri", &self.redirect_uri), ("application_uri", &self.application_uri)] {
            if address.len() > MAX_ADDRESS || !(address.is_empty() || redirect::is_address(address)) {
                let message = sentence!(
                    "said-application-address",
                    "{field} is an address such as https://app.example.com/callback: http or https, without user, \
                     password or '#'",
                    field = field
                );
                return Err(Error::invalid(field, message));
            }
        }
        let looks_right = |email: &String| {
            email.contains('@') && email.len() <= 254 && !email.contains(|c: char| c.is_whitespace() || c.is_control())
        };
        if self.avatar_email.as_ref().is_some_and(|email| !looks_right(email)) {
            return Err(no_address("avatar_email"));
        }
        Ok(())
    }
}

/// Registers an application; it comes with its secret.
///
/// # Errors
/// `Invalid` for details that break a rule.
pub fn create(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    details: &Details,
) -> Result<Application> {
    details.check()?;
    let (vault, entropy) = tools;
    let client_id = entropy::plain_secret(entropy, CLIENT_ID_LENGTH);
    let secret = entropy::plain_secret(entropy, SECRET_LENGTH);
    let id: i64 = diesel::insert_into(oauth_applications::table)
        .values((
            oauth_applications::client_id.eq(&client_id),
            oauth_applications::organization_id.eq(organization.id.0),
            oauth_applications::name.eq(&details.name),
            oauth_applications::description.eq(&details.description),
            oauth_applications::application_uri.eq(&details.application_uri),
            oauth_applications::redirect_uri.eq(&details.redirect_uri),
            oauth_applications::avatar_email.eq(&details.avatar_email),
            oauth_applications::secret_sealed.eq(vault.seal(SEALED_AS, &secret)?),
            oauth_applications::secret_digest.eq(vault::digest_of(&secret)),
            oauth_applications::created_at.eq(now.0),
        ))
        .returning(oauth_applications::id)
        .get_result(&mut **tx)?;
    let made = Application { id: ApplicationId(id), client_id, details: details.clone(), secret: Some(secret) };
    record(tx, organization, now, EventKind::CreateApplication, &made)?;
    Ok(made)
}

/// Applications of an organization by row, after `after`, at most `limit`. Secrets only for its admins, who show that they
/// are. Index: `oauth_applications_by_organization`.
///
/// # Errors
/// `Internal` if a secret was sealed under another instance key.
pub fn list(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    admin: Option<(&Authorized<Namespace, Admin>, &Vault)>,
    after: ApplicationId,
    limit: impl Into<Limit>,
) -> Result<Vec<Application>> {
    let limit = limit.into();
    let mut question = oauth_applications::table
        .filter(oauth_applications::organization_id.eq(organization.id.0))
        .filter(oauth_applications::id.gt(after.0))
        .select((COLUMNS, oauth_applications::secret_sealed))
        .order(oauth_applications::id)
        .limit(limit.rows)
        .into_boxed();
    if let Some(has) = limit.has("oauth_applications.name") {
        question = question.filter(has);
    }
    let rows: Vec<(Row, Vec<u8>)> = question.load(conn)?;
    rows.into_iter().map(|(row, sealed)| with_secret(row, &sealed, organization, admin)).collect()
}

/// One application of an organization, as [`list`]. Index: `oauth_applications.client_id`.
///
/// # Errors
/// `NotFound`; as [`list`].
pub fn find(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    admin: Option<(&Authorized<Namespace, Admin>, &Vault)>,
    client_id: &str,
) -> Result<Application> {
    require_id(client_id)?;
    let found: Option<(Row, Vec<u8>)> = oauth_applications::table
        .filter(oauth_applications::client_id.eq(client_id))
        .filter(oauth_applications::organization_id.eq(organization.id.0))
        .select((COLUMNS, oauth_applications::secret_sealed))
        .first(conn)
        .optional()?;
    let (row, sealed) = found.ok_or_else(|| unknown(client_id))?;
    with_secret(row, &sealed, organization, admin)
}

/// An application by its client id, as anybody may know it. Index: `oauth_applications.client_id`.
///
/// # Errors
/// `NotFound`, also if its organization is deleted.
pub fn public(conn: &mut Conn, client_id: &str) -> Result<Public> {
    require_id(client_id)?;
    let found: Option<(Row, String, i64)> = oauth_applications::table
        .inner_join(namespaces::table.on(namespaces::id.eq(oauth_applications::organization_id)))
        .filter(oauth_applications::client_id.eq(client_id))
        .filter(namespaces::deleted_at.is_null())
        .select((COLUMNS, namespaces::name, namespaces::id))
        .first(conn)
        .optional()?;
    let (row, organization, id) = found.ok_or_else(|| unknown(client_id))?;
    Ok(Public { application: application(row), organization, organization_id: NamespaceId(id) })
}

/// Describes an application anew.
///
/// # Errors
/// `NotFound`; `Invalid` for details that break a rule.
pub fn change(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    vault: &Vault,
    now: Timestamp,
    client_id: &str,
    details: &Details,
) -> Result<Application> {
    details.check()?;
    let known = owned(tx, organization, vault, client_id)?;
    diesel::update(oauth_applications::table.find(known.id.0))
        .set((
            oauth_applications::name.eq(&details.name),
            oauth_applications::description.eq(&details.description),
            oauth_applications::application_uri.eq(&details.application_uri),
            oauth_applications::redirect_uri.eq(&details.redirect_uri),
            oauth_applications::avatar_email.eq(&details.avatar_email),
        ))
        .execute(&mut **tx)?;
    let changed = Application { details: details.clone(), ..known };
    record(tx, organization, now, EventKind::UpdateApplication, &changed)?;
    Ok(changed)
}

/// Gives an application a new secret; the old one ends with the commit.
///
/// # Errors
/// `NotFound`.
pub fn reset_secret(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    tools: (&Vault, &dyn Entropy),
    now: Timestamp,
    client_id: &str,
) -> Result<Application> {
    let (vault, entropy) = tools;
    let known = owned(tx, organization, vault, client_id)?;
    let secret = entropy::plain_secret(entropy, SECRET_LENGTH);
    diesel::update(oauth_applications::table.find(known.id.0))
        .set((
            oauth_applications::secret_sealed.eq(vault.seal(SEALED_AS, &secret)?),
            oauth_applications::secret_digest.eq(vault::digest_of(&secret)),
        ))
        .execute(&mut **tx)?;
    record(tx, organization, now, EventKind::ResetApplicationClientSecret, &known)?;
    Ok(Application { secret: Some(secret), ..known })
}

/// Deletes an application with its codes and tokens.
///
/// # Errors
/// `NotFound`.
pub fn delete(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    client_id: &str,
) -> Result<()> {
    let known = named(tx, organization, client_id)?;
    diesel::delete(oauth_applications::table.find(known.id.0)).execute(&mut **tx)?;
    record(tx, organization, now, EventKind::DeleteApplication, &known)
}

/// An application of the organization, without its secret.
pub(super) fn named(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Admin>,
    client_id: &str,
) -> Result<Application> {
    find(conn, &organization.clone().into(), None, client_id)
}

/// What cannot be a client id is not looked for: databases differ in what they do with it.
pub(super) fn require_id(client_id: &str) -> Result<()> {
    let fits = client_id.len() <= MAX_NAME && client_id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits { Ok(()) } else { Err(unknown(client_id)) }
}

pub(super) fn unknown(client_id: &str) -> Error {
    Error::NotFound(Thing::Application(shown(client_id)))
}

/// What events say about an application.
pub(super) fn described(application: &Application) -> Value {
    json!({ "application_name": application.details.name, "client_id": application.client_id })
}

fn owned(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Admin>,
    vault: &Vault,
    client_id: &str,
) -> Result<Application> {
    find(conn, &organization.clone().into(), Some((organization, vault)), client_id)
}

fn with_secret(
    row: Row,
    sealed: &[u8],
    organization: &Authorized<Namespace, Inspect>,
    admin: Option<(&Authorized<Namespace, Admin>, &Vault)>,
) -> Result<Application> {
    let seeing = admin.filter(|(admin, _)| admin.id == organization.id);
    let secret = seeing.map(|(_, vault)| vault.open(SEALED_AS, sealed)).transpose()?;
    Ok(Application { secret, ..application(row) })
}

fn record(
    tx: &mut Tx<'_>,
    organization: &Authorized<Namespace, Admin>,
    now: Timestamp,
    kind: EventKind,
    about: &Application,
) -> Result<()> {
    let mut details = described(about);
    if matches!(kind, EventKind::CreateApplication | EventKind::UpdateApplication) {
        details["name"] = json!(about.details.name);
        details["description"] = json!(about.details.description);
        details["application_uri"] = json!(about.details.application_uri);
        details["redirect_uri"] = json!(about.details.redirect_uri);
    }
    let event = Event::new(kind).namespace(organization.id, &organization.name).details(details);
    event::record(tx, organization.caller(), now, event)
}
