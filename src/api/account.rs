//! The rest of the signed-in user's account: browsers they are signed in with, a key for command lines, becoming an
//! organization; and what Quay's pages ask for that is empty here.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope};
use domain::account::sign_in::FirstStep;
use domain::event::{self, Event, EventKind};
use domain::ids::SessionId;
use domain::principal::{Credential, Principal};
use domain::session::Session;
use domain::{Error, account, session as sessions};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::session::with_cookie;
use super::shapes::date;
use super::{asked, page};
use crate::web::services::Services;
use crate::web::sign_in;

const SESSIONS_ON_A_PAGE: usize = 50;

#[derive(Deserialize)]
struct Conversion {
    #[serde(rename = "adminUser")]
    admin: String,
    #[serde(rename = "adminPassword")]
    password: String,
    /// Of an admin with a second factor.
    #[serde(rename = "adminCode")]
    code: Option<String>,
}

#[derive(Deserialize)]
struct Confirm {
    password: String,
}

#[derive(Deserialize)]
struct Asked {
    next_page: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/user/sessions")).route(web::get().to(list_sessions)))
        .service(web::resource(asked::either("/user/sessions/{uuid}")).route(web::delete().to(revoke_session)))
        .service(web::resource(asked::either("/user/clientkey")).route(web::post().to(client_key)))
        .service(web::resource(asked::either("/user/convert")).route(web::post().to(convert)))
        .service(web::resource(asked::either("/user/private")).route(web::get().to(private)))
        .service(web::resource(asked::either("/user/notifications")).route(web::get().to(notifications)))
        .service(
            web::resource(asked::either("/user/notifications/{uuid}"))
                .route(web::get().to(no_notification))
                .route(web::put().to(no_notification)),
        );
}

/// `GET /api/v1/user/sessions`
async fn list_sessions(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let asked: Asked = asked::query(&request)?;
    let before: Option<SessionId> = page::key("sessions", asked.next_page.as_deref())?;
    let current = match me.caller().credential {
        Credential::Session { id, .. } => Some(id),
        _ => None,
    };
    let now = services.clock.now();
    let more = i64::try_from(SESSIONS_ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let rows = page::rows(&request, more)?;
    let mut found = services.db.read(move |conn| sessions::list(conn, &me, now, before, rows)).await?;
    let has_more = found.len() > SESSIONS_ON_A_PAGE;
    found.truncate(SESSIONS_ON_A_PAGE);
    let shown: Vec<Value> = found.iter().map(|session| shape(session, current)).collect();
    let mut answer = json!({ "sessions": shown });
    if let Some(last) = found.last().filter(|_| has_more) {
        answer["next_page"] = json!(page::token("sessions", &last.id));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `DELETE /api/v1/user/sessions/<uuid>`
async fn revoke_session(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let (uuid, now) = (asked::uuid(&request)?, services.clock.now());
    services.db.write(move |tx| sessions::revoke(tx, &me, now, &uuid)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /api/v1/user/clientkey`: what `docker login` takes in place of the password, until that changes.
async fn client_key(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let given: Confirm = asked::json(&body)?;
    let signed_in = services.sign_in.with_password(&me.name, &given.password, &me.caller().origin).await;
    let holder = match signed_in {
        Ok(FirstStep::Done(signed_in)) => signed_in.principal,
        // The browser's user gave a code when they signed in; a token's did not.
        Ok(FirstStep::CodeNeeded(_)) if matches!(me.caller().credential, Credential::Session { .. }) => {
            me.caller().principal.clone()
        }
        Ok(FirstStep::CodeNeeded(_)) => {
            return Err(Error::refused("sign in with a browser to make a key: you have a second factor").into());
        }
        Err(Error::Unauthenticated(_)) => return Err(ApiError::invalid("Invalid Username or Password")),
        Err(error) => return Err(error.into()),
    };
    let key = services.sign_in.refresh_token(&holder).await?;
    let now = services.clock.now();
    let note = move |tx: &mut domain::db::Tx<'_>| {
        let user = account::by_id(tx, me.id)?;
        let event = Event::new(EventKind::UserGenerateClientKey).namespace(user.namespace, &user.name);
        event::record(tx, me.caller(), now, event)
    };
    services.db.write(note).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(json!({ "key": key })))
}

/// `POST /api/v1/user/convert`: the account becomes an organization that another user administers.
async fn convert(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    asked::require_fresh(me.caller(), &services)?;
    // Whoever becomes the admin has the account's repositories, which a token for the account alone may not touch.
    asked::require_unlimited(me.caller(), "give its user's account away")?;
    // A read-only superuser changes no namespace, their own included.
    asked::namespace::<Admin>(&request, &services).await?;
    services.access.require_endable(&me.name)?;
    let given: Conversion = asked::json(&body)?;
    let caller = me.shared_caller();
    let unfit = || ApiError::invalid("The admin user is not valid").and("reason", "invaliduser");
    if given.admin == *me.name {
        return Err(unfit());
    }
    let given = (given.admin.as_str(), given.password.as_str(), given.code.as_deref());
    let (admin, factor) = match sign_in::who_is(&services, &caller.origin, given).await {
        Ok(Some(admin)) => admin,
        Ok(None) => return Err(unfit().and("needsSecondFactor", true)),
        Err(Error::Unauthenticated(_)) => return Err(unfit()),
        Err(error) => return Err(error.into()),
    };
    let Principal::User { id, .. } = admin.principal else { return Err(unfit()) };
    let now = services.clock.now();
    services.db.write(move |tx| account::convert_to_organization(tx, &me, now, id)).await?;
    match caller.credential {
        // The browser was signed in as somebody who is no user any more.
        Credential::Session { .. } => {
            let secret = sign_in::start(&services, caller.origin.clone(), admin, factor).await?;
            Ok(with_cookie(&services, secret))
        }
        _ => Ok(HttpResponse::Ok().json(json!({ "success": true }))),
    }
}

/// `GET /api/v1/user/private`: private repositories cost nothing here.
async fn private(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    Ok(HttpResponse::Ok().json(json!({ "privateAllowed": true })))
}

/// `GET /api/v1/user/notifications`
async fn notifications(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    Ok(HttpResponse::Ok().json(json!({ "notifications": [], "additional": false })))
}

/// `GET` and `PUT /api/v1/user/notifications/<uuid>`
async fn no_notification(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    Err(ApiError::not_found())
}

fn shape(session: &Session, current: Option<SessionId>) -> Value {
    json!({
        "uuid": session.uuid,
        "current": Some(session.id) == current,
        "created": date(session.created_at),
        "confirmed": date(session.confirmed_at),
        "last_seen": date(session.seen_at),
        "expires": date(session.expires_at),
        "ip": session.ip,
        "user_agent": session.user_agent,
    })
}
