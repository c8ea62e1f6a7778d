//! Organizations.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope, Authorized, Inspect, Read, TeamRole};
use domain::ids::TeamId;
use domain::oci::NamespaceName;
use domain::organization::{self, DetailChanges, Details, Namespace};
use domain::team::{self, TeamRow};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::asked;
use super::error::ApiError;
use super::page;
use super::shapes::{AvatarOf, avatar};
use crate::web::services::Services;

/// Teams shown at once: more than most organizations have.
const TEAMS: i64 = 500;

#[derive(Deserialize)]
struct NewOrganization {
    name: String,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Changes {
    email: Option<String>,
    invoice_email: Option<bool>,
    invoice_email_address: Option<String>,
    tag_expiration_s: Option<i64>,
}

#[derive(Deserialize)]
struct Shown {
    next_page: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(["/organization", "/organization/"]).route(web::post().to(create)))
        .service(
            web::resource(asked::either("/organization/{organization}"))
                .route(web::get().to(show))
                .route(web::put().to(change))
                .route(web::delete().to(delete)),
        )
        .service(
            web::resource(asked::either("/organization/{organization}/private")).route(web::get().to(private_allowed)),
        );
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

/// `GET /api/v1/organization/<organization>`: a little to anybody, the teams to members, all to admins.
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let given: Shown = asked::query(&request)?;
    let after: String = page::key("teams", given.next_page.as_deref())?.unwrap_or_default();
    let shown = page::rows(&request, TEAMS)?;
    let unknown = |_| ApiError::not_found();
    let name: NamespaceName = asked::segment(&request, "organization").parse().map_err(unknown)?;
    let found = services.access.namespace_role(&caller, &name, ApiScope::OrganizationAdmin).await?;
    let Some((namespace, role)) = found.filter(|(namespace, _)| namespace.is_organization) else {
        return Err(ApiError::not_found());
    };
    let may_look = services.access.namespace::<Read>(&caller, name.as_str(), ApiScope::OrganizationAdmin).await;
    let Some(organization) = asked::if_allowed(may_look.map_err(ApiError::from))? else {
        return Ok(HttpResponse::Ok().json(public_part(&namespace)));
    };
    let read = services.db.read(move |conn| {
        let teams = team::list(conn, &organization, &after, shown)?;
        let own = team::of_principal(conn, organization.id, &organization.caller().principal)?;
        Ok((organization::details(conn, &organization)?, teams, own))
    });
    let (details, teams, own) = read.await?;
    let mut answer = public_part(&namespace);
    answer["is_member"] = json!(role.is_some());
    // A read-only superuser has no role and sees what admins see.
    let sees_all = role.is_none_or(|role| role == TeamRole::Admin);
    add_teams(&mut answer, &teams, &own, sees_all);
    if sees_all {
        answer["is_admin"] = json!(role.is_some());
        add_details(&mut answer, &details);
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `PUT /api/v1/organization/<organization>`
async fn change(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let given: Changes = asked::json(&body)?;
    let changes = DetailChanges {
        email: given.email,
        invoice_email: given.invoice_email,
        invoice_email_address: given.invoice_email_address,
        tag_expiration_s: given.tag_expiration_s,
    };
    let now = services.clock.now();
    services.db.write(move |tx| organization::change_details(tx, &organization, now, &changes)).await?;
    show(request, services).await
}

/// `DELETE /api/v1/organization/<organization>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    asked::require_fresh(organization.caller(), &services)?;
    let now = services.clock.now();
    services.db.write(move |tx| organization::delete(tx, &organization, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET …/private`: whether private repositories may be created. Nothing is sold here, so always.
async fn private_allowed(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Inspect> = asked::organization(&request, &services).await?;
    let count = services.db.read(move |conn| organization::private_repositories(conn, &organization)).await?;
    Ok(HttpResponse::Ok().json(json!({ "privateAllowed": true, "privateCount": count })))
}

/// What anybody may know.
fn public_part(namespace: &Namespace) -> Value {
    json!({
        "name": namespace.name,
        "email": "",
        "avatar": avatar(&namespace.name, AvatarOf::Organization),
        "is_admin": false,
        "is_member": false,
    })
}

fn add_teams(answer: &mut Value, teams: &[TeamRow], own: &[TeamId], sees_all: bool) {
    let shape = |team: &TeamRow| {
        json!({
            "name": team.name,
            "description": team.description,
            "role": team.role.as_str(),
            "avatar": avatar(&team.name, AvatarOf::Team),
            "can_view": sees_all || own.contains(&team.id),
            "repo_count": team.repositories,
            "member_count": team.members,
            "is_synced": false,
        })
    };
    let by_name: Map<String, Value> = teams.iter().map(|team| (team.name.clone(), shape(team))).collect();
    answer["teams"] = json!(by_name);
    answer["ordered_teams"] = teams.iter().map(|team| team.name.as_str()).collect();
    // Without quotas there is nothing to report; clients of Quay look for the fields.
    answer["quotas"] = json!([]);
    answer["quota_report"] = json!({ "quota_bytes": 0, "configured_quota": null, "running_backfill": "complete", "backfill_status": "complete" });
    page::continue_with(answer, "teams", TEAMS, teams, |team| team.name.clone());
}

fn add_details(answer: &mut Value, details: &Details) {
    answer["email"] = json!(details.email.as_deref().unwrap_or(""));
    answer["invoice_email"] = json!(details.invoice_email);
    answer["invoice_email_address"] = json!(details.invoice_email_address);
    answer["tag_expiration_s"] = json!(details.tag_expiration_s);
    answer["is_free_account"] = json!(true);
}
