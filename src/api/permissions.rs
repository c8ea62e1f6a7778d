//! Who may do what with a repository.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::access::{Admin, RepositoryRole};
use domain::repository::{self, Grantee};
use serde::Deserialize;
use serde_json::json;

use super::asked;
use super::error::ApiError;
use super::repositories::name_in_path;
use crate::web::services::Services;

#[derive(Deserialize)]
struct Role {
    role: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/repository/{repository:.+}/permissions/user/{grantee}"))
                .route(web::put().to(grant_user)),
        )
        .service(
            web::resource(asked::either("/repository/{repository:.+}/permissions/team/{grantee}"))
                .route(web::put().to(grant_team)),
        );
}

/// `PUT …/permissions/user/<name>`: a user, or a robot account by its whole name.
async fn grant_user(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    grant(request, body, services, repository::grantee).await
}

/// `PUT …/permissions/team/<name>`
async fn grant_team(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    grant(request, body, services, repository::team).await
}

type FindGrantee = fn(
    &mut domain::db::Conn,
    &domain::access::Authorized<repository::Repository, Admin>,
    &str,
) -> domain::Result<Grantee>;

async fn grant(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
    find: FindGrantee,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let repository = services.access.repository::<Admin>(&caller, &name_in_path(&request)?).await?;
    let given: Role = asked::json(&body)?;
    let role = RepositoryRole::from_word(&given.role).ok_or_else(|| {
        let shown: String = given.role.chars().filter(|c| !c.is_control()).take(40).collect();
        Error::invalid("role", format!("Roles are 'read', 'write' and 'admin'; got '{shown}'"))
    })?;
    let name = asked::segment(&request, "grantee");
    let (granted_to, now) = (name.clone(), services.clock.now());
    let grantee = services
        .db
        .write(move |tx| {
            let grantee = find(tx, &repository, &granted_to)?;
            repository::grant(tx, &repository, now, (grantee, &granted_to), role)?;
            Ok(grantee)
        })
        .await?;
    let mut answer = json!({ "name": name, "role": role.as_str() });
    if !matches!(grantee, Grantee::Team(_)) {
        answer["is_robot"] = json!(matches!(grantee, Grantee::Robot(_)));
    }
    Ok(HttpResponse::Ok().json(answer))
}
