//! All organizations, for superusers.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope};
use domain::oci::NamespaceName;
use domain::{naming, organization, ownership};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::shapes::{self, AvatarOf};
use super::super::{asked, page};
use super::{Wanted, inspector, no_quota, superuser};
use crate::web::services::Services;

const LIST: &str = "superuser organizations";

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/superuser/organizations")).route(web::get().to(list)))
        .service(
            web::resource(asked::either("/superuser/organizations/{organization}"))
                .route(web::put().to(change))
                .route(web::delete().to(delete)),
        )
        .service(
            web::resource(asked::either("/superuser/takeownership/{namespace}")).route(web::post().to(take_ownership)),
        )
        .service(
            web::resource(
                [
                    asked::either("/superuser/users/{namespace}/quota"),
                    asked::either("/superuser/organization/{namespace}/quota"),
                ]
                .concat(),
            )
            .route(web::get().to(quota)),
        );
}

fn shape(name: &str, email: Option<&str>) -> Value {
    json!({
        "name": name,
        "email": email.unwrap_or_default(),
        "avatar": shapes::avatar(name, AvatarOf::Organization),
        "quotas": [],
        "quota_report": no_quota(),
    })
}

/// `GET /api/v1/superuser/organizations/`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = inspector(&request, &services).await?;
    let wanted = Wanted::read(&request)?;
    let after: String = page::key(LIST, wanted.next_page.as_deref())?.unwrap_or_default();
    let walked = wanted.walked();
    let found = services.db.read(move |conn| organization::list_all(conn, &instance, &after, walked)).await?;
    let (found, next) = wanted.page(found, |listed, part| part.is_in(&listed.name), |listed| listed.name.clone());
    let shown: Vec<Value> = found.iter().map(|listed| shape(&listed.name, listed.email.as_deref())).collect();
    let mut answer = json!({ "organizations": shown });
    if let Some(next) = next {
        answer["next_page"] = json!(page::token(LIST, &next));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `PUT /api/v1/superuser/organizations/<name>`: another name.
async fn change(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let name = named(&request, "organization")?;
    let given: Change = asked::json(&body)?;
    let new: NamespaceName = given.name.as_deref().unwrap_or(name.as_str()).parse()?;
    let (now, old) = (services.clock.now(), name);
    let renamed =
        services.db.write(move |tx| naming::rename_organization(tx, &instance, now, old.as_str(), &new)).await?;
    Ok(HttpResponse::Ok().json(shape(&renamed.name, renamed.email.as_deref())))
}

/// `DELETE /api/v1/superuser/organizations/<name>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    superuser(&request, &services).await?;
    let caller = asked::caller(&request, &services).await?;
    let name = named(&request, "organization")?;
    let organization = services.access.namespace::<Admin>(&caller, name.as_str(), ApiScope::Superuser).await?;
    let now = services.clock.now();
    services.db.write(move |tx| organization::delete(tx, &organization, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /api/v1/superuser/takeownership/<namespace>`
async fn take_ownership(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let name = named(&request, "namespace")?;
    let now = services.clock.now();
    let taken = services.db.write(move |tx| ownership::take(tx, &instance, now, name.as_str())).await?;
    Ok(HttpResponse::Ok().json(json!({ "namespace": taken.name })))
}

/// `GET /api/v1/superuser/{users,organization}/<namespace>/quota`: none is set.
async fn quota(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    let name = named(&request, "namespace")?;
    let caller = asked::caller(&request, &services).await?;
    match services.access.namespace_role(&caller, &name, ApiScope::Superuser).await? {
        Some(_) => Ok(HttpResponse::Ok().json(json!([]))),
        None => Err(ApiError::not_found()),
    }
}

fn named(request: &HttpRequest, part: &str) -> Result<NamespaceName, ApiError> {
    asked::segment(request, part).parse().map_err(|_| ApiError::not_found())
}
