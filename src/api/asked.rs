//! What handlers take in: who is asking, a JSON body, a query, names in the path.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use domain::access::{Admin, ApiScope, Authorized, NamespaceAction, RepositoryAction, Standing, Visibility};
use domain::oci::RepositoryName;
use domain::organization::Namespace;
use domain::principal::{Caller, Principal};
use domain::repository::Repository;
use domain::{Error, Result};
use serde::de::DeserializeOwned;

use super::error::ApiError;
use crate::web::authenticate;
use crate::web::services::Services;
use crate::web::sign_in;

/// Who is asking.
///
/// # Errors
/// As [`authenticate::api_caller`].
pub async fn caller(request: &HttpRequest, services: &Services) -> Result<Arc<Caller>> {
    let caller = authenticate::api_caller(request, services).await?;
    services.throttle.remember(request, services, &caller);
    Ok(caller)
}

/// Refuses a session whose password was given too long ago; tokens were made for what they do.
///
/// # Errors
/// 401 `fresh_login_required`.
pub fn require_fresh(caller: &Caller, services: &Services) -> Result<(), ApiError> {
    if sign_in::is_fresh(services, caller) { Ok(()) } else { Err(ApiError::fresh_login_required()) }
}

/// The repository that the path names in `{repository}`, for somebody who may do `A` with it.
///
/// # Errors
/// As [`domain::access::Access::repository`].
pub async fn repository<A: RepositoryAction>(
    request: &HttpRequest,
    services: &Services,
) -> Result<Authorized<Repository, A>, ApiError> {
    let caller = caller(request, services).await?;
    let unknown = |_| ApiError::not_found();
    let name: RepositoryName = segment(request, "repository").parse().map_err(unknown)?;
    Ok(services.access.repository::<A>(&caller, &name).await?)
}

/// The namespace that the path names in `{organization}`, or the caller's own where it names none, for somebody who may
/// do `A` in it.
///
/// # Errors
/// As [`domain::access::Access::namespace`].
pub async fn namespace<A: NamespaceAction>(
    request: &HttpRequest,
    services: &Services,
) -> Result<Authorized<Namespace, A>, ApiError> {
    let caller = caller(request, services).await?;
    let (name, scope) = match (request.match_info().get("organization"), &caller.principal) {
        (Some(_), _) => (segment(request, "organization"), ApiScope::OrganizationAdmin),
        (None, Principal::User { name, .. }) => (name.to_string(), ApiScope::UserAdmin),
        (None, _) => return Err(Error::Unauthenticated("sign in as a user".into()).into()),
    };
    Ok(services.access.namespace::<A>(&caller, &name, scope).await?)
}

/// As [`namespace`], for admins of organizations: a user's namespace is not found.
///
/// # Errors
/// As [`namespace`].
pub async fn organization<A: NamespaceAction>(
    request: &HttpRequest,
    services: &Services,
) -> Result<Authorized<Namespace, A>, ApiError> {
    let namespace = namespace::<A>(request, services).await?;
    if namespace.is_organization { Ok(namespace) } else { Err(ApiError::not_found()) }
}

/// What is there for those who may have it; nothing for the others, who get an answer without it.
///
/// # Errors
/// Everything but refusals for lack of rights.
pub fn if_allowed<T>(answer: Result<T, ApiError>) -> Result<Option<T>, ApiError> {
    match answer {
        Ok(thing) => Ok(Some(thing)),
        Err(ApiError::Domain(Error::Forbidden { .. } | Error::Unauthenticated(_) | Error::Refused(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The caller's own account.
///
/// # Errors
/// As [`domain::access::Access::myself`].
pub async fn myself(
    request: &HttpRequest,
    services: &Services,
    scope: ApiScope,
) -> Result<Authorized<domain::access::Me, Admin>, ApiError> {
    let caller = caller(request, services).await?;
    Ok(services.access.myself(&caller, scope).await?)
}

/// Refuses what is as good as all that the caller may do, such as giving the account away, to a token that is less.
/// `what` completes "a token that lacks a scope cannot".
///
/// # Errors
/// 403.
pub fn require_unlimited(caller: &Caller, what: &str) -> Result<(), ApiError> {
    if caller.ceiling.is_unlimited() {
        return Ok(());
    }
    Err(Error::refused(format!("a token that lacks a scope cannot {what}")).into())
}

/// Refuses the scope `super:user` to whoever is no superuser: their token would change its meaning with them.
///
/// # Errors
/// 403.
pub async fn require_standing(services: &Services, caller: &Arc<Caller>, scopes: &[ApiScope]) -> Result<(), ApiError> {
    if scopes.contains(&ApiScope::Superuser) && services.access.standing(caller).await? == Standing::Plain {
        let said =
            format!("{} is no superuser, so no token of theirs has the scope super:user", caller.principal.name());
        return Err(ApiError::new(StatusCode::FORBIDDEN, "insufficient_scope", said));
    }
    Ok(())
}

/// Checks a new password against Quay's rule, in Quay's words.
///
/// # Errors
/// 400.
pub fn new_password(password: &str) -> Result<(), ApiError> {
    let fits = domain::account::password::check_rule(password).is_ok() && !password.contains(char::is_whitespace);
    if fits {
        return Ok(());
    }
    Err(ApiError::invalid("Invalid password, password must be at least 8 characters and contain no whitespace."))
}

/// The body as `T`. Unknown fields are ignored: clients of other versions send them.
///
/// # Errors
/// `Invalid`, with what is wrong and where.
pub fn json<T: DeserializeOwned>(body: &web::Bytes) -> Result<T, ApiError> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    Ok(serde_json::from_slice(text).map_err(|error| {
        let said = error.to_string();
        let missing = said.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
        match missing {
            Some((field, _)) => Error::invalid("body", format!("'{field}' is a required property")),
            None => Error::invalid("body", format!("The JSON body is wrong: {said}")),
        }
    })?)
}

/// The query as `T`. Unknown parameters are ignored.
///
/// # Errors
/// `Invalid`, with what is wrong.
pub fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, ApiError> {
    let query = web::Query::<T>::from_query(request.query_string());
    let query = query.map_err(|error| Error::invalid("query", format!("The query is wrong: {error}")))?;
    Ok(query.into_inner())
}

/// A visibility by its word.
///
/// # Errors
/// `Invalid`.
pub fn visibility(word: &str) -> Result<Visibility> {
    Visibility::from_word(word).ok_or_else(|| {
        Error::invalid("visibility", format!("Visibility is 'public' or 'private'; got '{}'", excerpt(word)))
    })
}

/// A segment of the path, decoded.
pub fn segment(request: &HttpRequest, name: &str) -> String {
    let raw = request.match_info().get(name).unwrap_or_default();
    percent_encoding::percent_decode_str(raw).decode_utf8_lossy().into_owned()
}

/// The uuid that the path names in `{uuid}`. What has odd characters is not looked for.
///
/// # Errors
/// 404.
pub fn uuid(request: &HttpRequest) -> Result<String, ApiError> {
    let uuid = segment(request, "uuid");
    let fits = uuid.len() <= 64 && uuid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { Ok(uuid) } else { Err(ApiError::not_found()) }
}

/// What a client sent, fit to be sent back: no control characters, at most 40 characters.
pub fn excerpt(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// Whether a parameter of a query says yes.
pub fn yes(parameter: Option<&str>) -> bool {
    parameter.is_some_and(|given| given.eq_ignore_ascii_case("true") || given == "1")
}

/// The paths of something in a repository: `rest` behind its name. A name has a slash, also one that is encoded, so that
/// `/repository/acme/tag/x` is no tag of a repository `acme`.
pub fn in_repository(rest: &str) -> [String; 2] {
    either(&format!("/repository/{{repository:.+(?:/|%2[Ff]).+}}{rest}"))
}

/// A path with and without a slash at its end: clients send both.
pub fn either(path: &str) -> [String; 2] {
    let path = path.trim_end_matches('/');
    [path.to_string(), format!("{path}/")]
}
