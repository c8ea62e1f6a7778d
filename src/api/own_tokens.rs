//! Tokens people make for themselves: application tokens for command lines (`apptoken`, as Quay has them) and personal
//! tokens for the API (`tokens`).

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::ApiScope;
use domain::token::{self, NewPersonalToken, Token, TokenKind};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::shapes::date;
use super::{asked, page};
use crate::web::services::Services;

/// What ends within this time is "expiring".
const SOON: Duration = Duration::from_secs(28 * 24 * 3600);

#[derive(Deserialize)]
struct NewApplicationToken {
    title: String,
    /// Seconds; Quay has one setting for all.
    expiration: Option<u64>,
}

#[derive(Deserialize)]
struct NewAccessToken {
    name: String,
    scopes: Vec<String>,
    /// Seconds.
    expiration: Option<u64>,
}

#[derive(Deserialize)]
struct Filter {
    expiring: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/user/apptoken"))
                .route(web::get().to(list_application))
                .route(web::post().to(create_application)),
        )
        .service(
            web::resource(asked::either("/user/apptoken/{uuid}"))
                .route(web::get().to(show_application))
                .route(web::delete().to(revoke_application)),
        )
        .service(
            web::resource(asked::either("/user/tokens"))
                .route(web::get().to(list_personal))
                .route(web::post().to(create_personal)),
        )
        .service(web::resource(asked::either("/user/tokens/{uuid}")).route(web::delete().to(revoke_personal)));
}

/// `GET /api/v1/user/apptoken`
async fn list_application(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let (filter, containing): (Filter, _) = (asked::query(&request)?, page::filter(&request)?);
    let expiring = filter.expiring.map(|word| !matches!(word.to_ascii_lowercase().as_str(), "false" | "0" | "no" | ""));
    let before = (expiring == Some(true)).then(|| services.clock.now().plus(SOON));
    let found = services.db.read(move |conn| token::application_tokens(conn, &me, before)).await?;
    let tokens: Vec<Value> =
        found.iter().filter(|token| containing.is_in(&token.title)).map(application_shape).collect();
    Ok(HttpResponse::Ok().json(json!({ "tokens": tokens, "only_expiring": expiring })))
}

/// `POST /api/v1/user/apptoken`
async fn create_application(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    asked::require_fresh(me.caller(), &services)?;
    let new: NewApplicationToken = asked::json(&body)?;
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let lifetime = new.expiration.map(Duration::from_secs);
    let made = services
        .db
        .write(move |tx| token::create_application_token(tx, &me, (&vault, &*entropy), now, &new.title, lifetime));
    let (made, secret) = made.await?;
    Ok(secretly(with_code(&made, Some(secret))))
}

/// `GET /api/v1/user/apptoken/<uuid>`: with the token again.
async fn show_application(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    asked::require_fresh(me.caller(), &services)?;
    let (vault, uuid) = (services.vault.clone(), asked::uuid(&request)?);
    let (found, secret) = services.db.read(move |conn| token::application_token(conn, &me, &vault, &uuid)).await?;
    Ok(secretly(with_code(&found, secret)))
}

/// `DELETE /api/v1/user/apptoken/<uuid>`
async fn revoke_application(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    revoke(&request, &services, TokenKind::Application).await
}

/// `GET /api/v1/user/tokens`
async fn list_personal(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let containing = page::filter(&request)?;
    let found = services.db.read(move |conn| token::personal_tokens(conn, &me)).await?;
    let tokens: Vec<Value> = found.iter().filter(|token| containing.is_in(&token.title)).map(personal_shape).collect();
    Ok(HttpResponse::Ok().json(json!({ "tokens": tokens })))
}

/// `POST /api/v1/user/tokens`
async fn create_personal(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    asked::require_fresh(me.caller(), &services)?;
    let given: NewAccessToken = asked::json(&body)?;
    let scopes = ApiScope::parse_list(&given.scopes.join(" "))?;
    asked::require_standing(&services, &me.shared_caller(), &scopes).await?;
    let new = NewPersonalToken { name: given.name, scopes, lifetime: given.expiration.map(Duration::from_secs) };
    let (entropy, now) = (services.entropy.clone(), services.clock.now());
    let made = services.db.write(move |tx| token::create_personal_token(tx, &me, &*entropy, now, &new));
    let (made, secret) = made.await?;
    let mut shown = personal_shape(&made);
    shown["token"] = json!(secret);
    Ok(secretly(json!({ "token": shown })))
}

/// `DELETE /api/v1/user/tokens/<uuid>`
async fn revoke_personal(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    revoke(&request, &services, TokenKind::Access).await
}

async fn revoke(request: &HttpRequest, services: &Services, kind: TokenKind) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(request, services, ApiScope::UserAdmin).await?;
    asked::require_fresh(me.caller(), services)?;
    let (uuid, now) = (asked::uuid(request)?, services.clock.now());
    services.db.write(move |tx| token::revoke_own(tx, &me, now, kind, &uuid)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn application_shape(token: &Token) -> Value {
    json!({
        "uuid": token.uuid,
        "title": token.title,
        "last_accessed": token.last_used_at.map(date),
        "created": date(token.created_at),
        "expiration": token.expires_at.map(date),
    })
}

fn with_code(token: &Token, secret: Option<String>) -> Value {
    let mut shown = application_shape(token);
    shown["token_code"] = json!(secret);
    json!({ "token": shown })
}

fn personal_shape(token: &Token) -> Value {
    json!({
        "uuid": token.uuid,
        "name": token.title,
        "scopes": token.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "created": date(token.created_at),
        "expiration": token.expires_at.map(date),
        "last_accessed": token.last_used_at.map(date),
    })
}

/// Nothing on the way keeps a secret.
fn secretly(answer: Value) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer)
}
