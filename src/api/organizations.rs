//! Organizations.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::ApiScope;
use domain::oci::NamespaceName;
use domain::organization;
use serde::Deserialize;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

#[derive(Deserialize)]
struct NewOrganization {
    name: String,
    email: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(["/organization", "/organization/"]).route(web::post().to(create)));
}

/// `POST /api/v1/organization/`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let instance = services.access.instance(&caller, ApiScope::UserAdmin).await?;
    let new: NewOrganization = asked::json(&body)?;
    let name: NamespaceName = new.name.parse()?;
    let now = services.clock.now();
    services.db.write(move |tx| organization::create(tx, &instance, now, &name, new.email.as_deref())).await?;
    Ok(HttpResponse::Created().json("Created"))
}
