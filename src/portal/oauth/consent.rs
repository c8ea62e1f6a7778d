//! The page on which people decide, and what they decide.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use domain::access::{ApiScope, Standing};
use domain::oauth::{self, Application, Consent};
use domain::principal::{Caller, Principal};
use serde_json::json;

use super::super::error::{self, Explanation};
use super::super::outside::Outside;
use super::super::page;
use super::super::problem::{self, PageError};
use super::super::scopes::{self, Offered};
use super::super::text::Text;
use super::super::urls;
use super::super::visit::Visit;
use super::Asking;
use super::asking::{self, Asked, Response};
use crate::web::form::{FormRejection, VerifiedForm};
use crate::web::scopes::words;
use crate::web::services::Services;
use crate::web::sign_in;

#[derive(Template)]
#[template(path = "oauth/consent.html")]
struct ConsentPage {
    frame: Outside,
    user: String,
    application: Application,
    organization: String,
    scopes: Vec<Offered>,
    is_dangerous: bool,
    redirect_uri: String,
    fields: Vec<(&'static str, String)>,
}

/// `GET /oauth/authorize`
pub async fn show(
    request: HttpRequest,
    services: web::Data<Services>,
    asked: Result<web::Query<Asked>, actix_web::Error>,
) -> HttpResponse {
    let Ok(web::Query(asked)) = asked else { return unreadable(&request).await };
    let as_json = asked.format.as_deref() == Some("json");
    let caller = match user(&request).await {
        Ok(caller) => caller,
        Err(Refusal::SignedOut) if as_json => {
            let message = "Sign in first";
            return HttpResponse::Unauthorized().json(json!({ "message": message, "error": "login_required" }));
        }
        Err(Refusal::SignedOut) => {
            let here = request.uri().path_and_query().map_or(urls::OAUTH_AUTHORIZE, |here| here.as_str());
            return page::see_other(&urls::signin_then(here));
        }
        Err(Refusal::Answer(answer)) => return answer,
    };
    let asking = match Asking::check(&request, &services, &asked).await {
        Ok(asking) => asking,
        Err(answer) => return answer,
    };
    if let Err(answer) = require_standing(&request, &services, &caller, &asking).await {
        return answer;
    }
    if needs_password(&services, &caller, &asking) {
        if as_json {
            let message = "Give the password again first";
            return HttpResponse::Unauthorized().json(json!({ "message": message, "error": "fresh_login_required" }));
        }
        return problem::answer(&request, &PageError::Confirm).await;
    }
    let user = caller.principal.name().to_string();
    if as_json {
        return described(&asking, &asked, &user);
    }
    match Visit::of(request.clone()).await {
        Ok(visit) => consent_page(&visit, &asking, &asked, user),
        Err(error) => problem::answer(&request, &error).await,
    }
}

/// `POST /oauth/authorizeapp`
pub async fn grant(
    request: HttpRequest,
    services: web::Data<Services>,
    form: Result<VerifiedForm<Asked>, FormRejection>,
) -> HttpResponse {
    let (caller, asking) = match decided(&request, &services, form).await {
        Ok(decided) => decided,
        Err(answer) => return answer,
    };
    if needs_password(&services, &caller, &asking) {
        return problem::answer(&request, &PageError::Confirm).await;
    }
    match give(&services, &caller, &asking).await {
        Ok(answer) => answer,
        Err(error) => error::answer(&request, &error),
    }
}

/// `POST /oauth/denyapp`
pub async fn deny(
    request: HttpRequest,
    services: web::Data<Services>,
    form: Result<VerifiedForm<Asked>, FormRejection>,
) -> HttpResponse {
    match decided(&request, &services, form).await {
        Ok((_, asking)) => asking.with_error("access_denied"),
        Err(answer) => answer,
    }
}

async fn give(services: &Services, caller: &Arc<Caller>, asking: &Asking) -> domain::Result<HttpResponse> {
    let me = services.access.myself(caller, ApiScope::UserAdmin).await?;
    let (entropy, now) = (services.entropy.clone(), services.clock.now());
    let (application, scopes) = (asking.application.application.clone(), asking.scopes.clone());
    Ok(match asking.response {
        Response::Token => {
            let give =
                move |tx: &mut domain::db::Tx<'_>| oauth::grant_token(tx, &me, &*entropy, now, &application, &scopes);
            asking.with_token(&services.db.write(give).await?)
        }
        Response::Code => {
            let redirect_uri = asking.redirect_uri.clone();
            let code_challenge = asking.code_challenge.clone();
            let consent = Consent { application, scopes, redirect_uri, code_challenge };
            let give = move |tx: &mut domain::db::Tx<'_>| oauth::grant_code(tx, &me, &*entropy, now, &consent);
            asking.with_code(&services.db.write(give).await?)
        }
    })
}

/// Who decided on what, if it was they and they meant to.
async fn decided(
    request: &HttpRequest,
    services: &Services,
    form: Result<VerifiedForm<Asked>, FormRejection>,
) -> Result<(Arc<Caller>, Asking), HttpResponse> {
    let signed_in = user(request).await;
    let words = error::words(request);
    let asked = match (form, &signed_in) {
        (Ok(form), _) => form.into_inner(),
        // Nobody could have proved anything.
        (Err(FormRejection::Unproven), Err(_)) => Asked::default(),
        (Err(FormRejection::Unproven), Ok(_)) => return Err(unproven(words).answer(request)),
        (Err(rejection), _) => return Err(Explanation::of_form(words, rejection).answer(request)),
    };
    let caller = match signed_in {
        Ok(caller) => caller,
        Err(Refusal::Answer(answer)) => return Err(answer),
        Err(Refusal::SignedOut) => return Err(signed_out(words).answer(request)),
    };
    let asking = Asking::check(request, services, &asked).await?;
    require_standing(request, services, &caller, &asking).await?;
    Ok((caller, asking))
}

/// Only superusers can let an application use a superuser's rights: a token must not gain them with its user.
async fn require_standing(
    request: &HttpRequest,
    services: &Services,
    caller: &Arc<Caller>,
    asking: &Asking,
) -> Result<(), HttpResponse> {
    let standing = services.access.standing(caller).await.map_err(|error| error::answer(request, &error))?;
    if standing != Standing::Plain || !asking.scopes.contains(&ApiScope::Superuser) {
        return Ok(());
    }
    let words = error::words(request);
    let text = words.say("consent-superuser-text");
    Err(Explanation::new(StatusCode::FORBIDDEN, words.say("consent-superuser"), text).answer(request))
}

/// Whether the password must be given again first: a token outlives the session, and such a one can do what a session of
/// long ago cannot.
fn needs_password(services: &Services, caller: &Caller, asking: &Asking) -> bool {
    asking.scopes.iter().any(|scope| words(*scope).dangerous) && !sign_in::is_fresh(services, caller)
}

enum Refusal {
    SignedOut,
    Answer(HttpResponse),
}

/// The browser's user. Other credentials than a session's do not count: a token must not give itself another.
async fn user(request: &HttpRequest) -> Result<Arc<Caller>, Refusal> {
    match Visit::of(request.clone()).await {
        Ok(visit) if matches!(visit.caller().principal, Principal::User { .. }) => Ok(visit.caller().clone()),
        Ok(_) => Err(Refusal::SignedOut),
        Err(PageError::Domain(error)) => Err(Refusal::Answer(error::answer(request, &error))),
        Err(_) => Err(Refusal::SignedOut),
    }
}

fn signed_out(words: Text) -> Explanation {
    let text = words.say("consent-signed-out-text");
    Explanation::new(StatusCode::UNAUTHORIZED, words.say("problem-sign-in"), text)
        .advising(words.say("consent-start-again"))
}

fn unproven(words: Text) -> Explanation {
    let text = words.say("consent-unproven");
    Explanation::new(StatusCode::FORBIDDEN, words.say("problem-form"), text).advising(words.say("consent-start-again"))
}

fn consent_page(visit: &Visit, asking: &Asking, asked: &Asked, user: String) -> HttpResponse {
    let scopes: Vec<Offered> = asking.scopes.iter().map(|scope| scopes::offer(*scope, &[])).collect();
    let page = ConsentPage {
        frame: visit.outside(),
        user,
        application: asking.application.application.clone(),
        organization: asking.application.organization.clone(),
        is_dangerous: scopes.iter().any(|scope| scope.is_dangerous),
        scopes,
        redirect_uri: asking.address().to_string(),
        fields: fields(asked),
    };
    page::answer_leading_to(&asking.site(), &page)
}

/// What the form carries on.
fn fields(asked: &Asked) -> Vec<(&'static str, String)> {
    let optional = [
        ("state", &asked.state),
        ("code_challenge", &asked.code_challenge),
        ("code_challenge_method", &asked.code_challenge_method),
    ];
    let mut fields = vec![
        ("response_type", asked.response_type.clone()),
        ("client_id", asked.client_id.clone()),
        ("redirect_uri", asked.redirect_uri.clone()),
        ("scope", asked.scope.clone()),
    ];
    fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    fields
}

/// The same for programs that draw the page themselves.
fn described(asking: &Asking, asked: &Asked, user: &str) -> HttpResponse {
    let details = &asking.application.application.details;
    let scopes: Vec<_> = asking.scopes.iter().map(|scope| words(*scope)).collect();
    let scopes: Vec<_> = scopes
        .iter()
        .map(|words| {
            json!({
                "scope": words.scope.as_str(),
                "title": words.title,
                "description": words.description,
                "icon": words.icon,
                "dangerous": words.dangerous,
            })
        })
        .collect();
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(json!({
        "application": {
            "name": details.name,
            "description": details.description,
            "url": details.application_uri,
            "organization": { "name": asking.application.organization },
        },
        "client_id": asked.client_id,
        "response_type": asked.response_type,
        "redirect_uri": asking.address(),
        "scope": ApiScope::list(&asking.scopes),
        "scopes": scopes,
        "has_dangerous_scopes": asking.scopes.iter().any(|scope| words(*scope).dangerous),
        "state": asked.state,
        "username": user,
    }))
}

/// For an address whose parameters cannot be read; whoever is signed in reads it in the language of their account.
async fn unreadable(request: &HttpRequest) -> HttpResponse {
    if let Err(error) = Visit::of(request.clone()).await {
        return problem::answer(request, &error).await;
    }
    let words = error::words(request);
    asking::wrong(words, &words.say("consent-wrong-parameters")).answer(request)
}
