//! Teams and their members.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::access::{Admin, ApiScope, Authorized, TeamRole};
use domain::oci::TeamName;
use domain::organization::Namespace;
use domain::team::{self, Addition, Member};
use serde::Deserialize;
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

#[derive(Deserialize)]
struct PutTeam {
    role: String,
    description: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/organization/{organization}/team/{team}")).route(web::put().to(put)))
        .service(
            web::resource(asked::either("/organization/{organization}/team/{team}/members/{member}"))
                .route(web::put().to(add_member))
                .route(web::delete().to(remove_member)),
        );
}

/// `PUT …/team/<team>`
async fn put(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = organization(&request, &services).await?;
    let given: PutTeam = asked::json(&body)?;
    let role = TeamRole::from_word(&given.role).ok_or_else(|| {
        let shown: String = given.role.chars().filter(|c| !c.is_control()).take(40).collect();
        Error::invalid("role", format!("Team roles are 'member', 'creator' and 'admin'; got '{shown}'"))
    })?;
    let name: TeamName = asked::segment(&request, "team").parse()?;
    let now = services.clock.now();
    let team = services
        .db
        .write(move |tx| team::put(tx, &organization, now, &name, role, given.description.as_deref()))
        .await?;
    Ok(HttpResponse::Ok().json(json!({
        "name": team.name,
        "role": team.role.as_str(),
        "description": team.description,
        "can_view": true,
        "new_team": team.new,
    })))
}

/// `PUT …/team/<team>/members/<member>`
async fn add_member(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = organization(&request, &services).await?;
    let (team, member) = (asked::segment(&request, "team"), asked::segment(&request, "member"));
    let (name, now) = (member.clone(), services.clock.now());
    let added = services.db.write(move |tx| team::add_member(tx, &organization, now, &team, &member)).await?;
    let (Addition::Added(who) | Addition::AlreadyMember(who)) = added;
    Ok(HttpResponse::Ok().json(json!({
        "name": name,
        "kind": "user",
        "is_robot": matches!(who, Member::Robot(_)),
        "invited": false,
    })))
}

/// `DELETE …/team/<team>/members/<member>`
async fn remove_member(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization = organization(&request, &services).await?;
    let (team, member) = (asked::segment(&request, "team"), asked::segment(&request, "member"));
    let now = services.clock.now();
    services.db.write(move |tx| team::remove_member(tx, &organization, now, &team, &member)).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn organization(request: &HttpRequest, services: &Services) -> Result<Authorized<Namespace, Admin>, ApiError> {
    let caller = asked::caller(request, services).await?;
    let name = asked::segment(request, "organization");
    Ok(services.access.namespace::<Admin>(&caller, &name, ApiScope::OrganizationAdmin).await?)
}
