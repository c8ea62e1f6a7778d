//! The signed-in user.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{ApiScope, Standing};
use domain::principal::Principal;
use domain::{Error, account};
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(["/user", "/user/"]).route(web::get().to(show)));
}

/// `GET /api/v1/user/`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let Principal::User { name, .. } = &caller.principal else {
        return Err(Error::Unauthenticated("sign in as a user".into()).into());
    };
    if !caller.ceiling.allows(ApiScope::UserRead) && !caller.ceiling.allows(ApiScope::UserAdmin) {
        return Err(Error::Refused("the access token lacks the scope user:read".into()).into());
    }
    let standing = services.access.standing(&caller).await?;
    let wanted = name.to_string();
    let user = services.db.read(move |conn| account::by_name(conn, &wanted)).await?;
    Ok(HttpResponse::Ok().json(json!({
        "anonymous": false,
        "username": user.name,
        "email": user.email,
        "verified": true,
        "is_me": true,
        "super_user": standing == Standing::Superuser,
        "global_readonly_super_user": standing == Standing::ReadOnlySuperuser,
    })))
}
