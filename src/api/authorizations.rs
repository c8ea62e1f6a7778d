//! What the signed-in user lets applications do.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::ApiScope;
use domain::ids::TokenId;
use domain::oauth::{self, Grant};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::shapes::{AvatarOf, avatar};
use super::{asked, page};
use crate::web::scopes::words;
use crate::web::services::Services;

const ON_A_PAGE: usize = 100;

#[derive(Deserialize)]
struct Asked {
    next_page: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/user/authorizations")).route(web::get().to(list)))
        .service(
            web::resource(asked::either("/user/authorizations/{uuid}"))
                .route(web::get().to(show))
                .route(web::delete().to(revoke)),
        )
        .service(web::resource(asked::either("/user/assignedauthorization")).route(web::get().to(assigned)))
        .service(
            web::resource(asked::either("/user/assignedauthorization/{uuid}")).route(web::delete().to(not_assigned)),
        );
}

/// `GET /api/v1/user/authorizations`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let asked: Asked = asked::query(&request)?;
    let after: Option<TokenId> = page::key("authorizations", asked.next_page.as_deref())?;
    let more = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let rows = page::rows(&request, more)?;
    let mut found = services.db.read(move |conn| oauth::grants(conn, &me, after.unwrap_or(TokenId(0)), rows)).await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let mut answer = json!({ "authorizations": found.iter().map(shape).collect::<Vec<_>>() });
    if let Some(last) = found.last().filter(|_| has_more) {
        answer["next_page"] = json!(page::token("authorizations", &last.token.id));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `GET /api/v1/user/authorizations/<uuid>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let uuid = asked::uuid(&request)?;
    let found = services.db.read(move |conn| oauth::find_grant(conn, &me, &uuid)).await.map_err(unknown)?;
    Ok(HttpResponse::Ok().json(shape(&found)))
}

/// `DELETE /api/v1/user/authorizations/<uuid>`
async fn revoke(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let (uuid, now) = (asked::uuid(&request)?, services.clock.now());
    services.db.write(move |tx| oauth::revoke_grant(tx, &me, now, &uuid)).await.map_err(unknown)?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /api/v1/user/assignedauthorization`: nobody can propose a token to somebody else.
async fn assigned(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    Ok(HttpResponse::Ok().json(json!({ "authorizations": [] })))
}

/// `DELETE /api/v1/user/assignedauthorization/<uuid>`
async fn not_assigned(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    Err(ApiError::not_found())
}

fn unknown(error: domain::Error) -> ApiError {
    match error {
        domain::Error::NotFound(_) => ApiError::not_found(),
        other => other.into(),
    }
}

fn shape(grant: &Grant) -> Value {
    let details = &grant.holder.application.details;
    let scopes: Vec<Value> = grant.token.scopes.iter().map(|scope| scope_shape(*scope)).collect();
    json!({
        "application": {
            "name": details.name,
            "description": details.description,
            "url": details.application_uri,
            "avatar": avatar(&details.name, AvatarOf::Application),
            "organization": {
                "name": grant.holder.organization,
                "avatar": avatar(&grant.holder.organization, AvatarOf::Organization),
            },
        },
        "scopes": scopes,
        "uuid": grant.token.uuid,
    })
}

fn scope_shape(scope: ApiScope) -> Value {
    let words = words(scope);
    json!({
        "title": words.title,
        "scope": scope.as_str(),
        "description": words.description,
        "icon": words.icon,
        "dangerous": words.dangerous,
    })
}
