//! From the `Authorization` header to a caller.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::access::Ceiling;
use domain::principal::{Caller, Credential, Origin};
use domain::session::Session;
use domain::{Error, Result};

use super::origin;
use super::services::Services;
use super::session;

/// What a client presents.
#[derive(Debug, PartialEq, Eq)]
pub enum Presented<'h> {
    /// Nothing.
    Nothing,
    /// A bearer token.
    Bearer(&'h str),
    /// User name and secret.
    Basic(String, String),
}

/// Who speaks to the registry: a registry token's holder, or somebody with a user name and a secret.
///
/// # Errors
/// `Unauthenticated` if what is presented is no good; `Busy` while an account is locked.
pub async fn registry_caller(request: &HttpRequest, services: &Services) -> Result<Arc<Caller>> {
    match presented(request)? {
        Presented::Bearer(token) => registry_token_holder(token, request, services),
        other => with_name_and_secret(other, request, services).await,
    }
}

/// Who speaks to the API: an access token's holder, somebody with a user name and a secret, or a browser's session.
///
/// # Errors
/// As [`registry_caller`].
pub async fn api_caller(request: &HttpRequest, services: &Services) -> Result<Arc<Caller>> {
    match presented(request)? {
        Presented::Bearer(token) => {
            let signed_in = services.sign_in.with_access_token(token).await?;
            Ok(Arc::new(signed_in.from(origin::of(request, services))))
        }
        Presented::Nothing => browser_caller(request, services, None).await,
        other => with_name_and_secret(other, request, services).await,
    }
}

/// Who uses the browser this came from: a session's user, or nobody. Other credentials do not count. A form that changes
/// something proves with `proof`, its field, that it was meant.
///
/// # Errors
/// `Refused` without proof; as the database's.
pub async fn browser_caller(request: &HttpRequest, services: &Services, proof: Option<&str>) -> Result<Arc<Caller>> {
    let from = origin::of(request, services);
    let Some(secret) = session::secret(request, services) else { return Ok(Arc::new(Caller::anonymous(from))) };
    session::require_proof_or(request, services, &secret, proof)?;
    let found = session::find(services, &secret).await?;
    Ok(Arc::new(caller_of(found.as_deref(), from)))
}

/// Whoever has this session; nobody without one.
pub fn caller_of(session: Option<&Session>, origin: Origin) -> Caller {
    let Some(found) = session else { return Caller::anonymous(origin) };
    let (principal, credential) = (found.principal(), session::credential(found));
    Caller { principal, ceiling: Ceiling::None, token_made_at: None, credential, origin }
}

/// The caller if a registry token is presented: never waits. `None` if something else is.
pub fn registry_caller_at_once(request: &HttpRequest, services: &Services) -> Option<Result<Arc<Caller>>> {
    match presented(request) {
        Ok(Presented::Bearer(token)) => Some(registry_token_holder(token, request, services)),
        Ok(Presented::Nothing) => Some(Ok(Arc::new(Caller::anonymous(origin::of(request, services))))),
        _ => None,
    }
}

/// What the client presents in its `Authorization` header.
///
/// # Errors
/// `Unauthenticated` if it cannot be read.
pub fn presented(request: &HttpRequest) -> Result<Presented<'_>> {
    let Some(value) = request.headers().get(AUTHORIZATION) else { return Ok(Presented::Nothing) };
    let unreadable = || Error::Unauthenticated("the Authorization header is neither Basic nor Bearer".into());
    let (scheme, rest) = value.to_str().ok().and_then(|text| text.trim().split_once(' ')).ok_or_else(unreadable)?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Presented::Bearer(rest));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(unreadable());
    }
    let malformed = || Error::Unauthenticated("the Basic credentials are not base64 of `user:password`".into());
    let decoded = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(malformed)?;
    let (name, secret) = decoded.split_once(':').filter(|(name, _)| !name.contains('\0')).ok_or_else(malformed)?;
    Ok(Presented::Basic(name.to_string(), secret.to_string()))
}

fn registry_token_holder(token: &str, request: &HttpRequest, services: &Services) -> Result<Arc<Caller>> {
    let checked = services
        .tokens
        .check(token, services.clock.now())
        .map_err(|fault| Error::Unauthenticated(fault.to_string()))?;
    Ok(Arc::new(Caller {
        principal: checked.principal.clone(),
        ceiling: checked.ceiling.clone(),
        token_made_at: Some(checked.made_at),
        credential: Credential::RegistryToken,
        origin: origin::of(request, services),
    }))
}

async fn with_name_and_secret(
    presented: Presented<'_>,
    request: &HttpRequest,
    services: &Services,
) -> Result<Arc<Caller>> {
    let from = origin::of(request, services);
    match presented {
        // An empty pair is what some clients send when they have nothing.
        Presented::Basic(name, secret) if !(name.is_empty() && secret.is_empty()) => {
            let signed_in = services.sign_in.with(&name, &secret, &from).await?;
            Ok(Arc::new(signed_in.from(from)))
        }
        _ => Ok(Arc::new(Caller::anonymous(from))),
    }
}
