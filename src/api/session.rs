//! Signing in and out with a cookie, as Quay's pages and Ansible's modules do.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::principal::Credential;
use serde::Deserialize;
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;
use crate::web::session::{self, NEXT_CSRF_HEADER};
use crate::web::sign_in::{Begun, Completed, Confirmed};
use crate::web::{authenticate, origin, sign_in as browser};

#[derive(Deserialize)]
struct SignIn {
    username: String,
    password: String,
    /// Of users with a second factor: of their app, or a recovery code.
    code: Option<String>,
}

#[derive(Deserialize)]
struct Confirm {
    password: String,
    code: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/signin")).route(web::post().to(sign_in)))
        .service(web::resource(asked::either("/signin/verify")).route(web::post().to(verify)))
        .service(web::resource(asked::either("/signout")).route(web::post().to(sign_out)));
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
    let begun = browser::begin(&services, from.clone(), &secret, &given.username, &given.password).await;
    let proof = match begun.map_err(refusal)? {
        Begun::SignedIn(secret) => return Ok(with_cookie(&services, secret)),
        Begun::CodeNeeded(proof) => proof,
    };
    let Some(code) = &given.code else { return Err(code_needed()) };
    match browser::complete(&services, from, &secret, &proof, code).await? {
        Completed::SignedIn(secret) => Ok(with_cookie(&services, secret)),
        Completed::WrongCode | Completed::Ended => Err(wrong_code()),
    }
}

/// `POST /api/v1/signin/verify`: the password once more, and a code for those with a second factor, before something
/// dangerous.
async fn verify(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let given: Confirm = asked::json(&body)?;
    if !matches!(caller.credential, Credential::Session { .. }) {
        return Err(Error::Unauthenticated("sign in with a browser first".into()).into());
    }
    match browser::confirm(&services, &caller, &given.password, given.code.as_deref()).await.map_err(refusal)? {
        Confirmed::Done => Ok(HttpResponse::Ok().json(json!({ "success": true }))),
        Confirmed::CodeNeeded => Err(code_needed()),
        Confirmed::WrongCode => Err(wrong_code()),
    }
}

/// `POST /api/v1/signout`
async fn sign_out(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = authenticate::api_caller(&request, &services).await?;
    browser::end(&services, &caller).await?;
    let mut answer = HttpResponse::Ok().json(json!({ "success": true }));
    let _ = answer.add_cookie(&session::no_cookie(&services));
    Ok(answer)
}

/// The answer to whoever is signed in from now on.
pub(super) fn with_cookie(services: &Services, secret: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .insert_header((NEXT_CSRF_HEADER, services.csrf.proof(&secret)))
        .cookie(session::cookie(services, secret))
        .json(json!({ "success": true }))
}

fn wrong(message: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "invalid_login", message)
        .and("invalidCredentials", true)
        .and("needsEmailVerification", false)
}

/// The password was right, which whoever sent it may know.
pub(super) fn code_needed() -> ApiError {
    let message = "This user signs in with a second factor: send a code of the authenticator app, or a recovery code, \
                   as 'code' beside the password";
    ApiError::new(StatusCode::FORBIDDEN, "invalid_login", message)
        .and("needsSecondFactor", true)
        .and("invalidCredentials", false)
        .and("needsEmailVerification", false)
}

fn wrong_code() -> ApiError {
    wrong("The code is wrong or was used before").and("needsSecondFactor", true)
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
