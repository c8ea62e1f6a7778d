//! Invitations to teams that wait for the signed-in user.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::access::{Admin, ApiScope, Authorized, Me, Standing};
use domain::team::invitation::{self, Codes, Invitation};
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::shapes::{AvatarOf, avatar, date};
use crate::web::services::Services;

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(asked::either("/user/invitations")).route(web::get().to(list))).service(
        web::resource(asked::either("/teaminvite/{code}"))
            .route(web::put().to(accept))
            .route(web::delete().to(decline)),
    );
}

/// `GET /api/v1/user/invitations`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let (codes, now) = (Codes::new(&services.vault)?, services.clock.now());
    let invitations = services.db.read(move |conn| invitation::of_user(conn, &me, now, &codes)).await?;
    Ok(HttpResponse::Ok().json(json!({ "invitations": invitations.iter().map(shape).collect::<Vec<_>>() })))
}

/// `PUT /api/v1/teaminvite/<code>`
async fn accept(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = changing(&request, &services).await?;
    let (code, now) = (asked::segment(&request, "code"), services.clock.now());
    let (organization, team) = services.db.write(move |tx| invitation::accept(tx, &me, now, &code)).await?;
    Ok(HttpResponse::Ok().json(json!({ "org": organization, "team": team })))
}

/// `DELETE /api/v1/teaminvite/<code>`
async fn decline(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = changing(&request, &services).await?;
    let (code, now) = (asked::segment(&request, "code"), services.clock.now());
    services.db.write(move |tx| invitation::decline(tx, &me, now, &code)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The caller's own account, for somebody who changes things: a read-only superuser does not, not even their own.
async fn changing(request: &HttpRequest, services: &Services) -> Result<Authorized<Me, Admin>, ApiError> {
    let me = asked::myself(request, services, ApiScope::UserAdmin).await?;
    match services.access.standing(&me.shared_caller()).await? {
        Standing::ReadOnlySuperuser => {
            Err(Error::refused(format!("{} is a read-only superuser and changes nothing", me.name)).into())
        }
        _ => Ok(me),
    }
}

fn shape(invitation: &Invitation) -> Value {
    json!({
        "code": invitation.code,
        "organization": { "name": invitation.organization, "avatar": avatar(&invitation.organization, AvatarOf::Organization) },
        "team": { "name": invitation.team, "avatar": avatar(&invitation.team, AvatarOf::Team) },
        "inviter": invitation.inviter,
        "created": date(invitation.created_at),
        "expires": date(invitation.expires_at),
    })
}
