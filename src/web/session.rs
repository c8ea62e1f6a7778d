//! A browser's cookie: whose session it is, and the proof that a request was meant.
//!
//! Whoever comes without a cookie gets one that stands for nobody; it carries the proof (CSRF token) that a sign-in was
//! meant. Signing in replaces it, so a cookie planted beforehand is worth nothing. The proof is a keyed hash of the
//! cookie's secret: nothing is stored for visitors, and a proof ends with the cookie it was made for.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::Method;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::db::Conn;
use domain::principal::Credential;
use domain::session::{self, Current, Session};
use domain::vault::{Stamper, Vault};
use domain::{Error, Result};

use super::services::Services;

/// Where programs put the proof.
pub const CSRF_HEADER: &str = "X-CSRF-Token";
/// Where forms put it.
pub const CSRF_FIELD: &str = "_csrf_token";
/// Where they find the next one after a sign-in.
pub const NEXT_CSRF_HEADER: &str = "X-Next-CSRF-Token";

const COOKIE: &str = "pierhead_session";
/// Browsers take a cookie whose name begins so from secure pages of this host only.
const SECURE_PREFIX: &str = "__Host-";
const VISITOR_PREFIX: &str = "phv_";
/// "Last seen" is good to this long.
const NOTED_EVERY: std::time::Duration = std::time::Duration::from_secs(60);

/// Makes and checks proofs that a request was meant.
pub struct Csrf {
    stamper: Stamper,
}

impl Csrf {
    /// With a key of this instance.
    ///
    /// # Errors
    /// As [`Vault::key_for`].
    pub fn new(vault: &Vault) -> Result<Csrf> {
        Ok(Csrf { stamper: vault.stamper("proof that a request was meant")? })
    }

    /// The proof for a cookie's secret.
    pub fn proof(&self, secret: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.stamper.stamp(secret))
    }

    /// Whether this is it. Takes the same time whatever differs.
    pub fn holds(&self, secret: &str, proof: &str) -> bool {
        URL_SAFE_NO_PAD.decode(proof).is_ok_and(|proof| self.stamper.holds(secret, &proof))
    }
}

/// The cookie's secret, if there is one of ours.
pub fn secret(request: &HttpRequest, services: &Services) -> Option<String> {
    let cookie = request.cookie(&cookie_name(services))?;
    let ours = |value: &str| value.starts_with(session::SECRET_PREFIX) || value.starts_with(VISITOR_PREFIX);
    Some(cookie.value().to_string()).filter(|value| ours(value))
}

/// A secret for somebody who is not signed in.
pub fn visitor_secret(services: &Services) -> String {
    domain::entropy::secret_with_prefix(&*services.entropy, VISITOR_PREFIX)
}

/// The session of a cookie's secret, if it is good, with what pages need of its user.
///
/// # Errors
/// As the database's.
pub async fn find(services: &Services, secret: &str) -> Result<Option<Current>> {
    Ok(find_with(services, secret, |_, _| Ok(())).await?.map(|(session, ())| session))
}

/// As [`find`], and `more` of its user in the same turn: going to the database and back costs as much as a short question.
///
/// # Errors
/// As the database's.
pub async fn find_with<T: Send + 'static>(
    services: &Services,
    secret: &str,
    more: impl FnOnce(&mut Conn, &Current) -> Result<T> + Send + 'static,
) -> Result<Option<(Current, T)>> {
    if !secret.starts_with(session::SECRET_PREFIX) {
        return Ok(None);
    }
    let (secret, now) = (secret.to_string(), services.clock.now());
    let read = services.db.read(move |conn| match session::find(conn, &secret, now)? {
        Some(found) => more(conn, &found).map(|more| Some((found, more))),
        None => Ok(None),
    });
    let found = read.await?;
    if let Some((found, _)) = &found
        && now.since(found.seen_at) >= NOTED_EVERY
    {
        let id = found.id;
        services.db.write_relaxed(move |tx| session::note_use(tx, id, now)).await?;
    }
    Ok(found)
}

/// How a caller with this session proved who they are.
pub fn credential(session: &Session) -> Credential {
    Credential::Session { id: session.id, confirmed_at: session.confirmed_at }
}

/// Refuses a request that changes something if it carries a cookie of ours without the proof that it was meant.
///
/// # Errors
/// `Refused`.
pub fn require_proof(request: &HttpRequest, services: &Services, secret: &str) -> Result<()> {
    require_proof_or(request, services, secret, None)
}

/// As [`require_proof`]; the proof may be the form's field of this name, [`CSRF_FIELD`], instead.
///
/// # Errors
/// `Refused`.
pub fn require_proof_or(request: &HttpRequest, services: &Services, secret: &str, field: Option<&str>) -> Result<()> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let proof = request.headers().get(CSRF_HEADER).and_then(|proof| proof.to_str().ok()).or(field);
    if proof.is_some_and(|proof| services.csrf.holds(secret, proof)) {
        return Ok(());
    }
    Err(Error::refused(format!(
        "CSRF token was invalid or missing: send what GET /csrf_token answers as {CSRF_HEADER}, with the same cookie"
    )))
}

/// The cookie that carries a secret. Ends with the browser for visitors, after the settings' time for sessions.
pub fn cookie(services: &Services, secret: String) -> Cookie<'static> {
    let lasting = secret.starts_with(session::SECRET_PREFIX);
    let mut cookie = own_cookie(services, COOKIE, secret);
    if lasting && let Ok(lifetime) = services.settings.sessions.lifetime.try_into() {
        cookie.set_max_age(Some(lifetime));
    }
    cookie
}

/// Takes the cookie away.
pub fn no_cookie(services: &Services) -> Cookie<'static> {
    let mut cookie = own_cookie(services, COOKIE, String::new());
    cookie.make_removal();
    cookie
}

/// A cookie of ours that no script reads and no other site's page sends along with a form.
pub fn own_cookie(services: &Services, name: &str, value: String) -> Cookie<'static> {
    Cookie::build(cookie_named(services, name), value)
        .path("/")
        .http_only(true)
        .secure(is_secure(services))
        .same_site(SameSite::Lax)
        .finish()
}

fn cookie_name(services: &Services) -> String {
    cookie_named(services, COOKIE)
}

/// The name of a cookie of ours as the browser keeps it.
pub fn cookie_named(services: &Services, name: &str) -> String {
    if is_secure(services) { format!("{SECURE_PREFIX}{name}") } else { name.to_string() }
}

/// Whether browsers reach this server by HTTPS.
pub fn is_secure(services: &Services) -> bool {
    services.settings.external_url().scheme() == "https"
}
