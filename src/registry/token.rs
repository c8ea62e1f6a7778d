//! The token service.
//!
//! `GET` with Basic credentials is what Docker, Podman and the rest use; `POST` is the OAuth2 form of it. What is asked
//! for and may not be granted is left out of the token, not refused: the request itself is then answered with a reason.
//!
//! Source: distribution "Token Authentication Specification", "Token Scope Documentation", "OAuth2 Token Authentication".

use std::sync::Arc;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use domain::access::{Action, Actions, Ceiling, RepositoryRole, ResourceKind, ResourceScope, TeamRole, parse_scopes};
use domain::error::Causes;
use domain::event::{self, Event, EventKind};
use domain::oci::RepositoryName;
use domain::principal::{Caller, Credential, Principal};
use domain::time::Timestamp;
use domain::{Error, Result, entropy};
use futures_util::StreamExt;
use serde_json::json;

use super::dispatch::Asked;
use super::route::Route;
use crate::web::authenticate::{Presented, presented};
use crate::web::{authenticate, origin};

const MAX_FORM: usize = 64 * 1024;

/// What a client asks the token service for.
#[derive(Debug, Default)]
struct Request {
    scopes: Vec<String>,
    /// Whether a refresh token is wanted, to be stored in place of the password, and may be had: what stands for another
    /// token (`$app`, `$oauthtoken`) must not outlive it.
    offline: bool,
}

/// `GET` or `POST /v2/auth`
pub async fn serve(asked: &Asked, body: web::Payload) -> Result<HttpResponse> {
    match asked.request.method().as_str() {
        "GET" | "HEAD" => {
            let caller = authenticate::registry_caller(&asked.request, &asked.services).await?;
            let request = Request {
                scopes: asked.queries("scope"),
                offline: asked.query("offline_token").is_some_and(|given| given == "true" || given == "1")
                    && matches!(presented(&asked.request)?, Presented::Basic(name, _) if is_renewable(&name)),
            };
            grant(asked, &caller, &request, false).await
        }
        "POST" => by_form(asked, body).await,
        other => Ok(super::dispatch::not_allowed(&Route::Token, other)),
    }
}

async fn by_form(asked: &Asked, body: web::Payload) -> Result<HttpResponse> {
    let form = read_form(asked, body).await?;
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let sign_in = &asked.services.sign_in;
    let from = origin::of(&asked.request, &asked.services);
    let signed_in = match field("grant_type") {
        "password" => sign_in.with(field("username"), field("password"), &from).await?,
        "refresh_token" => sign_in.with_refresh_token(field("refresh_token")).await?,
        other => {
            let shown: String = other.chars().filter(|c| !c.is_control()).take(40).collect();
            let message = format!("grant_type is 'password' or 'refresh_token'; got '{shown}'");
            return Err(Error::invalid("grant_type", message));
        }
    };
    let request = Request {
        scopes: form.iter().filter(|(key, _)| key == "scope").map(|(_, value)| value.clone()).collect(),
        offline: field("access_type") == "offline"
            && field("grant_type") == "password"
            && is_renewable(field("username")),
    };
    let caller = Arc::new(signed_in.from(from));
    grant(asked, &caller, &request, true).await
}

async fn read_form(asked: &Asked, mut body: web::Payload) -> Result<Vec<(String, String)>> {
    let idle = asked.services.settings.server.idle_timeout;
    let silent = |_| Error::invalid("body", "The form did not arrive in time");
    let mut bytes = Vec::new();
    while let Some(chunk) = tokio::time::timeout(idle, body.next()).await.map_err(silent)? {
        let chunk = chunk.map_err(|error| Error::invalid("body", format!("The form could not be read: {error}")))?;
        if bytes.len() + chunk.len() > MAX_FORM {
            return Err(Error::invalid("body", format!("The form has more than {MAX_FORM} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(url::form_urlencoded::parse(&bytes).into_owned().collect())
}

async fn grant(asked: &Asked, caller: &Arc<Caller>, request: &Request, oauth: bool) -> Result<HttpResponse> {
    let services = &asked.services;
    if let Ceiling::Registry { .. } = caller.ceiling {
        return Err(Error::Unauthenticated(
            "a registry token cannot be exchanged for another; send credentials".into(),
        ));
    }
    let audience = services.tokens.audience();
    let scopes = parse_scopes(request.scopes.iter().map(String::as_str), audience)
        .map_err(|fault| Error::invalid("scope", fault.to_string()))?;
    let anonymous = matches!(caller.principal, Principal::Anonymous);
    if anonymous && scopes.is_empty() {
        return Err(Error::Unauthenticated("send a user name and password, or ask for a scope".into()));
    }
    let mut access = Vec::with_capacity(scopes.len());
    for scope in scopes {
        access.extend(narrowed(asked, caller, scope).await?);
    }
    if access.is_empty() {
        // Without a scope nothing has looked at the account yet.
        services.access.standing(caller).await?;
    }
    let now = services.clock.now();
    let lifetime = services.settings.registry.token_lifetime;
    let token = services.tokens.issue(
        &caller.principal,
        (&access, caller.ceiling.superuser()),
        entropy::uuid(&*services.entropy),
        now,
        lifetime,
    )?;
    let mut answer = json!({
        "token": token,
        "access_token": token,
        "expires_in": lifetime.as_secs(),
        "issued_at": rfc3339(now),
    });
    if oauth {
        let granted: Vec<String> = access.iter().map(ToString::to_string).collect();
        answer["scope"] = json!(granted.join(" "));
        answer["token_type"] = json!("Bearer");
    }
    // A refresh token would outlive the hour that a signed identity is good for.
    if request.offline && !anonymous && caller.credential != Credential::Federated {
        answer["refresh_token"] = json!(services.sign_in.refresh_token(&caller.principal).await?);
    }
    if access.is_empty() && !anonymous {
        note_sign_in(asked, caller, now).await;
    }
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(answer))
}

/// What of a scope may go into the token.
async fn narrowed(asked: &Asked, caller: &Arc<Caller>, scope: ResourceScope) -> Result<Option<ResourceScope>> {
    match scope.kind {
        ResourceKind::Registry if scope.name == "catalog" && caller.ceiling.catalog() => Ok(Some(scope)),
        ResourceKind::Repository => {
            // Not a name any repository can have: nothing to grant. The request itself will be told why.
            let Ok(name) = scope.name.parse::<RepositoryName>() else { return Ok(None) };
            let role = grantable_role(asked, caller, &name).await?;
            let actions: Actions = actions_of(role).into_iter().filter(|a| scope.actions.allows(*a)).collect();
            Ok((!actions.is_empty()).then_some(ResourceScope { actions, ..scope }))
        }
        ResourceKind::Registry | ResourceKind::Other(_) => Ok(None),
    }
}

async fn grantable_role(asked: &Asked, caller: &Arc<Caller>, name: &RepositoryName) -> Result<Option<RepositoryRole>> {
    let (role, creator, namespace_exists) = asked.services.access.grantable(caller, name).await?;
    if role.is_some() {
        return Ok(role);
    }
    // Pushing creates the repository and makes the pusher its admin.
    let user = matches!(caller.principal, Principal::User { .. });
    let may_create = creator >= Some(TeamRole::Creator)
        || (!namespace_exists
            && user
            && asked.services.settings.registry.create_namespace_on_push
            && caller.ceiling.creates(name));
    // Creating is not pushing: a token that may only create gets nothing to push with.
    Ok(may_create.then(|| caller.ceiling.repository(name)).flatten().map(|most| most.min(RepositoryRole::Admin)))
}

/// `*` asks for all that one may; it is granted as such to admins only.
fn actions_of(role: Option<RepositoryRole>) -> Vec<Action> {
    match role {
        None => vec![],
        Some(RepositoryRole::Read) => vec![Action::Pull],
        Some(RepositoryRole::Write) => vec![Action::Pull, Action::Push, Action::Delete],
        Some(RepositoryRole::Admin) => vec![Action::Pull, Action::Push, Action::Delete, Action::All],
    }
}

/// Passwords and robots' tokens are.
fn is_renewable(username: &str) -> bool {
    !username.starts_with('$')
}

/// A token without scopes is what `docker login` asks for.
async fn note_sign_in(asked: &Asked, caller: &Arc<Caller>, now: Timestamp) {
    let caller = caller.clone();
    let mut details = json!({ "type": "v2auth", "useragent": caller.origin.user_agent.as_deref() });
    match (&caller.principal, &caller.credential) {
        (Principal::Robot { name, .. }, _) => {
            details["kind"] = json!("robot");
            details["robot"] = json!(&**name);
        }
        (_, Credential::ApplicationToken(uuid)) => {
            details["kind"] = json!("app_specific_token");
            details["app_specific_token"] = json!(&**uuid);
        }
        (_, Credential::AccessToken(_)) => details["kind"] = json!("oauth_token"),
        _ => details["kind"] = json!("user"),
    }
    let noted = asked.services.db.write_relaxed(move |tx| {
        event::record(tx, &caller, now, Event::new(EventKind::LoginSuccess).details(details.clone()))
    });
    if let Err(error) = noted.await {
        tracing::warn!(error = %Causes(&error), "could not note a sign-in");
    }
}

/// The moment as the specification wants it.
fn rfc3339(now: Timestamp) -> String {
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
    humantime::format_rfc3339_seconds(moment).to_string()
}
