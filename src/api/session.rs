//! Signing in and out with a cookie, as Quay's pages and Ansible's modules do.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::event::{self, Event, EventKind};
use domain::principal::{Credential, Principal};
use domain::session as sessions;
use domain::{Error, Result};
use serde::Deserialize;
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;
use crate::web::session::{self, NEXT_CSRF_HEADER};
use crate::web::{authenticate, origin};

#[derive(Deserialize)]
struct SignIn {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Confirm {
    password: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/signin", web::post().to(sign_in))
        .route("/signin/verify", web::post().to(verify))
        .route("/signout", web::post().to(sign_out));
}

/// `GET /csrf_token`: the proof that goes with the cookie, and a cookie for whoever has none.
pub async fn csrf_token(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let known = session::secret(&request, &services);
    let secret = known.clone().unwrap_or_else(|| session::visitor_secret(&services));
    let mut answer = HttpResponse::Ok();
    answer.insert_header(("Cache-Control", "no-store"));
    if known.is_none() {
        answer.cookie(session::cookie(&services, secret.clone()));
    }
    answer.json(json!({ "csrf_token": services.csrf.proof(&secret) }))
}

/// `POST /api/v1/signin`
async fn sign_in(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let secret = session::secret(&request, &services).unwrap_or_default();
    session::require_proof(&request, &services, &secret)?;
    let given: SignIn = asked::json(&body)?;
    let from = origin::of(&request, &services);
    // Only passwords: a robot account or a token has no pages to look at.
    if given.username.contains('+') || given.username.starts_with('$') {
        return Err(wrong("Sign in with a user name and its password"));
    }
    let signed_in = services.sign_in.with(&given.username, &given.password, &from).await.map_err(refusal)?;
    let Principal::User { id, .. } = signed_in.principal else { return Err(wrong("Sign in as a user")) };
    let caller = signed_in.from(from);
    let (entropy, now, lifetime) =
        (services.entropy.clone(), services.clock.now(), services.settings.sessions.lifetime);
    let begin = move |tx: &mut domain::db::Tx<'_>| {
        let secret = sessions::start(tx, &*entropy, now, id, &caller.origin, lifetime)?;
        let details = json!({ "type": "quayauth", "kind": "user", "useragent": caller.origin.user_agent.as_deref() });
        event::record(tx, &caller, now, Event::new(EventKind::LoginSuccess).details(details))?;
        Ok(secret)
    };
    let secret = services.db.write(begin).await?;
    Ok(with_cookie(&services, secret))
}

/// `POST /api/v1/signin/verify`: the password once more, before something dangerous.
async fn verify(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let given: Confirm = asked::json(&body)?;
    let (Principal::User { name, .. }, Credential::Session { id, .. }) = (&caller.principal, &caller.credential) else {
        return Err(Error::Unauthenticated("sign in with a browser first".into()).into());
    };
    services.sign_in.with(name, &given.password, &caller.origin).await.map_err(refusal)?;
    let (id, now) = (*id, services.clock.now());
    services.db.write(move |tx| sessions::confirm(tx, id, now)).await?;
    Ok(HttpResponse::Ok().json(json!({ "success": true })))
}

/// `POST /api/v1/signout`
async fn sign_out(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = authenticate::api_caller(&request, &services).await?;
    if let Credential::Session { id, .. } = caller.credential {
        let now = services.clock.now();
        let end = move |tx: &mut domain::db::Tx<'_>| {
            sessions::end(tx, id)?;
            event::record(tx, &caller, now, Event::new(EventKind::LogoutSuccess))
        };
        services.db.write(end).await?;
    }
    let mut answer = HttpResponse::Ok().json(json!({ "success": true }));
    let _ = answer.add_cookie(&session::no_cookie(&services));
    Ok(answer)
}

fn with_cookie(services: &Services, secret: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((NEXT_CSRF_HEADER, services.csrf.proof(&secret)))
        .cookie(session::cookie(services, secret))
        .json(json!({ "success": true }))
}

fn wrong(message: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "invalid_login", message)
        .and("invalidCredentials", true)
        .and("needsEmailVerification", false)
}

/// A name or password that is wrong is 403 here, as Quay has it.
fn refusal(error: Error) -> ApiError {
    match error {
        Error::Unauthenticated(said) if said.contains("disabled") => {
            wrong("This user has been disabled. Please contact your administrator.")
        }
        Error::Unauthenticated(_) => wrong("Invalid Username or Password"),
        other => other.into(),
    }
}
