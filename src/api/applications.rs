//! OAuth applications of organizations, and the tokens their admins make for them.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope, Authorized, Inspect};
use domain::ids::{ApplicationId, TokenId};
use domain::oauth::{self, Application, Details};
use domain::oci::NamespaceName;
use domain::organization::Namespace;
use domain::page::Limit;
use domain::token::Token;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::shapes::{AvatarOf, avatar, moment};
use super::{asked, page};
use crate::web::services::Services;

const ON_A_PAGE: usize = 100;

#[derive(Deserialize)]
struct Described {
    name: String,
    redirect_uri: Option<String>,
    application_uri: Option<String>,
    description: Option<String>,
    avatar_email: Option<String>,
}

#[derive(Deserialize)]
struct NewToken {
    name: String,
    scope: String,
    /// Seconds.
    expiration: Option<u64>,
}

#[derive(Deserialize)]
struct Asked {
    next_page: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    let all = "/organization/{organization}/applications";
    let one = "/organization/{organization}/applications/{client}";
    config
        .service(web::resource(asked::either("/app/{client}")).route(web::get().to(public)))
        .service(web::resource(asked::either(all)).route(web::get().to(list)).route(web::post().to(create)))
        .service(web::resource(asked::either(&format!("{one}/resetclientsecret"))).route(web::post().to(reset_secret)))
        .service(
            web::resource(asked::either(&format!("{one}/tokens")))
                .route(web::get().to(list_tokens))
                .route(web::post().to(mint)),
        )
        .service(web::resource(asked::either(&format!("{one}/tokens/{{uuid}}"))).route(web::delete().to(revoke_token)))
        .service(
            web::resource(asked::either(one))
                .route(web::get().to(show))
                .route(web::put().to(change))
                .route(web::delete().to(delete)),
        );
}

/// `GET /api/v1/app/<client_id>`: what the consent page of an application says about it.
async fn public(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let client = client(&request);
    let found = services.db.read(move |conn| oauth::public(conn, &client)).await.map_err(unknown)?;
    let name: NamespaceName = found.organization.parse().map_err(|_| ApiError::not_found())?;
    let role = services.access.namespace_role(&caller, &name, ApiScope::OrganizationAdmin).await?;
    let role = role.and_then(|(_, role)| role);
    let details = &found.application.details;
    Ok(HttpResponse::Ok().json(json!({
        "name": details.name,
        "description": details.description,
        "uri": details.application_uri,
        "avatar": avatar(&details.name, AvatarOf::Application),
        "organization": {
            "name": found.organization,
            "email": "",
            "avatar": avatar(&found.organization, AvatarOf::Organization),
            "is_admin": role == Some(domain::access::TeamRole::Admin),
            "is_member": role.is_some(),
            "teams": {},
            "ordered_teams": [],
        },
    })))
}

/// `GET /api/v1/organization/<organization>/applications`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (organization, admin) = seen(&request, &services).await?;
    let asked: Asked = asked::query(&request)?;
    let after: Option<ApplicationId> = page::key("applications", asked.next_page.as_deref())?;
    let (rows, vault) = (one_more(&request)?, services.vault.clone());
    let found = services.db.read(move |conn| {
        let admin = admin.as_ref().map(|admin| (admin, &vault));
        oauth::list(conn, &organization, admin, after.unwrap_or(ApplicationId(0)), rows)
    });
    let mut found = found.await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let mut answer = json!({ "applications": found.iter().map(shape).collect::<Vec<_>>() });
    if let Some(last) = found.last().filter(|_| has_more) {
        answer["next_page"] = json!(page::token("applications", &last.id));
    }
    Ok(secretly(answer))
}

/// `POST /api/v1/organization/<organization>/applications`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Admin>(&request, &services).await?;
    let details = details(asked::json(&body)?);
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let made = services.db.write(move |tx| oauth::create(tx, &organization, (&vault, &*entropy), now, &details));
    Ok(secretly(shape(&made.await?)))
}

/// `GET /api/v1/organization/<organization>/applications/<client_id>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (organization, admin) = seen(&request, &services).await?;
    let (client, vault) = (client(&request), services.vault.clone());
    let found = services.db.read(move |conn| {
        let admin = admin.as_ref().map(|admin| (admin, &vault));
        oauth::find(conn, &organization, admin, &client)
    });
    Ok(secretly(shape(&found.await.map_err(unknown)?)))
}

/// `PUT /api/v1/organization/<organization>/applications/<client_id>`
async fn change(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Admin>(&request, &services).await?;
    let given: Described = asked::json(&body)?;
    for (field, value) in [("redirect_uri", &given.redirect_uri), ("application_uri", &given.application_uri)] {
        if value.is_none() {
            return Err(ApiError::invalid(format!("'{field}' is a required property")));
        }
    }
    let (client, vault, now) = (client(&request), services.vault.clone(), services.clock.now());
    let details = details(given);
    let changed = services.db.write(move |tx| oauth::change(tx, &organization, &vault, now, &client, &details));
    Ok(secretly(shape(&changed.await.map_err(unknown)?)))
}

/// `DELETE /api/v1/organization/<organization>/applications/<client_id>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Admin>(&request, &services).await?;
    let (client, now) = (client(&request), services.clock.now());
    services.db.write(move |tx| oauth::delete(tx, &organization, now, &client)).await.map_err(unknown)?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /api/v1/organization/<organization>/applications/<client_id>/resetclientsecret`
async fn reset_secret(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Admin>(&request, &services).await?;
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let client = client(&request);
    let reset = services.db.write(move |tx| oauth::reset_secret(tx, &organization, (&vault, &*entropy), now, &client));
    Ok(secretly(shape(&reset.await.map_err(unknown)?)))
}

/// `GET /api/v1/organization/<organization>/applications/<client_id>/tokens`
async fn list_tokens(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Inspect>(&request, &services).await?;
    let asked: Asked = asked::query(&request)?;
    let before: Option<TokenId> = page::key("application tokens", asked.next_page.as_deref())?;
    let (client, rows) = (client(&request), one_more(&request)?);
    let found = services.db.read(move |conn| oauth::minted(conn, &organization, &client, before, rows));
    let mut found = found.await.map_err(unknown)?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let mut answer = json!({ "tokens": found.iter().map(token_shape).collect::<Vec<_>>() });
    if let Some(last) = found.last().filter(|_| has_more) {
        answer["next_page"] = json!(page::token("application tokens", &last.id));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `POST /api/v1/organization/<organization>/applications/<client_id>/tokens`
async fn mint(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Admin>(&request, &services).await?;
    // A token outlives the session it is made with.
    asked::require_fresh(organization.caller(), &services)?;
    let new: NewToken = asked::json(&body)?;
    let scopes = ApiScope::parse_list(&new.scope)?;
    asked::require_standing(&services, &organization.shared_caller(), &scopes).await?;
    let lifetime = new.expiration.map(Duration::from_secs);
    let (client, entropy, now) = (client(&request), services.entropy.clone(), services.clock.now());
    let minted = services
        .db
        .write(move |tx| oauth::mint(tx, &organization, &*entropy, now, &client, (&new.name, &scopes, lifetime)));
    let (made, issued) = minted.await.map_err(unknown)?;
    let mut answer = token_shape(&made);
    answer["token"] = json!(issued.secret);
    Ok(secretly(answer))
}

/// `DELETE /api/v1/organization/<organization>/applications/<client_id>/tokens/<uuid>`
async fn revoke_token(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = asked::organization::<Admin>(&request, &services).await?;
    let (client, uuid, now) = (client(&request), asked::uuid(&request)?, services.clock.now());
    let revoke = services.db.write(move |tx| oauth::revoke_minted(tx, &organization, now, &client, &uuid));
    revoke.await.map_err(unknown)?;
    Ok(HttpResponse::NoContent().finish())
}

/// The organization for whoever may see how it is administered, and, for its admins, the proof that they are: they see
/// secrets.
async fn seen(
    request: &HttpRequest,
    services: &Services,
) -> Result<(Authorized<Namespace, Inspect>, Option<Authorized<Namespace, Admin>>), ApiError> {
    let organization = asked::organization::<Inspect>(request, services).await?;
    let admin = asked::organization::<Admin>(request, services).await.ok();
    Ok((organization, admin))
}

fn client(request: &HttpRequest) -> String {
    asked::segment(request, "client")
}

/// A page and one row of the next, narrowed as the query asks.
fn one_more(request: &HttpRequest) -> Result<Limit, ApiError> {
    page::rows(request, i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX))
}

fn details(given: Described) -> Details {
    Details {
        name: given.name.trim().to_string(),
        description: given.description.unwrap_or_default(),
        application_uri: given.application_uri.unwrap_or_default(),
        redirect_uri: given.redirect_uri.unwrap_or_default(),
        avatar_email: given.avatar_email.filter(|email| !email.is_empty()),
    }
}

/// In Quay's two words.
fn unknown(error: domain::Error) -> ApiError {
    match error {
        domain::Error::NotFound(_) => ApiError::not_found(),
        other => other.into(),
    }
}

fn shape(application: &Application) -> Value {
    let details = &application.details;
    json!({
        "name": details.name,
        "description": details.description,
        "application_uri": details.application_uri,
        "client_id": application.client_id,
        "client_secret": application.secret,
        "redirect_uri": details.redirect_uri,
        "avatar_email": details.avatar_email,
    })
}

fn token_shape(token: &Token) -> Value {
    json!({
        "uuid": token.uuid,
        "name": token.title,
        "scope": ApiScope::list(&token.scopes),
        "expires_at": token.expires_at.map(moment),
        "created": moment(token.created_at),
        "created_by": token.created_by,
        "last_accessed": token.last_used_at.map(moment),
    })
}

/// Nothing on the way keeps a secret.
fn secretly(answer: Value) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer)
}
