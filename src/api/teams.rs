//! Teams and their members.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope, Authorized, Inspect, Read, TeamRole};
use domain::error::{Error, Thing};
use domain::oci::TeamName;
use domain::organization::Namespace;
use domain::page::Limit;
use domain::team::{self, Addition, Entrance, Member, TeamMember, invitation};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::{ApiError, no_such_method};
use super::page::{self, Wanted};
use super::shapes::{AvatarOf, avatar};
use crate::web::services::Services;

/// Rows on one page; Quay's clients know of no second one.
const AT_ONCE: i64 = 500;

#[derive(Deserialize)]
struct PutTeam {
    role: String,
    description: Option<String>,
}

#[derive(Deserialize)]
struct ListMembers {
    #[serde(default, rename = "includePending")]
    include_pending: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    let team = "/organization/{organization}/team/{team}";
    // Nothing outside tells who is in a team, and there is no mail: Quay answers the same where these are off.
    for off in ["syncing", "invite/{email}"] {
        config.service(web::resource(asked::either(&format!("{team}/{off}"))).default_service(web::to(no_such_method)));
    }
    config
        .service(web::resource(asked::either(&format!("{team}/members"))).route(web::get().to(list_members)))
        .service(
            web::resource(asked::either(&format!("{team}/members/{{member}}")))
                .route(web::put().to(add_member))
                .route(web::delete().to(remove_member)),
        )
        .service(web::resource(asked::either(&format!("{team}/permissions"))).route(web::get().to(permissions)))
        .service(web::resource(asked::either(team)).route(web::put().to(put)).route(web::delete().to(delete)));
}

/// `PUT …/team/<team>`
async fn put(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::namespace(&request, &services).await?;
    let given: PutTeam = asked::json(&body)?;
    let role = TeamRole::from_word(&given.role).ok_or_else(|| {
        let shown = asked::excerpt(&given.role);
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
        "avatar": avatar(&team.name, AvatarOf::Team),
        "new_team": team.new,
    })))
}

/// `DELETE …/team/<team>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let (name, now) = (asked::segment(&request, "team"), services.clock.now());
    services.db.write(move |tx| team::delete(tx, &organization, now, &name)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET …/team/<team>/members`: for those in it and for admins.
async fn list_members(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Read> = asked::organization(&request, &services).await?;
    let name = asked::segment(&request, "team");
    let wanted: Wanted<i64> = Wanted::read(&request, "team members", AT_ONCE)?;
    let given: ListMembers = asked::query(&request)?;
    let include_pending = given.include_pending.is_some_and(|given| given.eq_ignore_ascii_case("true"));
    let (limit, rows, after, now) = (wanted.limit, wanted.rows(), wanted.after, services.clock.now());
    let role = role_in(&organization, &services).await?;
    let (can_edit, sees_all) = (role == Some(TeamRole::Admin), role.is_none_or(|role| role == TeamRole::Admin));
    let (shown, with_invited) = (name.clone(), include_pending && sees_all && after.is_none());
    let read = services.db.read(move |conn| {
        let team = team::require_member_or_admin(conn, &organization, &name, sees_all)?;
        let members = team::members(conn, team, after.unwrap_or(0), rows.clone())?;
        let all_invited = Limit { rows: AT_ONCE, ..rows };
        let invited = if with_invited { invitation::pending(conn, team, now, all_invited)? } else { Vec::new() };
        Ok((members, invited))
    });
    let (members, invited) = read.await?;
    let invited = invited.iter().map(|name| member_shape(name, false, true));
    let all: Vec<Value> = members.iter().map(member).chain(invited).collect();
    let mut answer = json!({ "name": shown, "members": all, "can_edit": can_edit });
    page::continue_with(&mut answer, "team members", limit, &members, |member| member.row);
    Ok(HttpResponse::Ok().json(answer))
}

/// `PUT …/team/<team>/members/<member>`
async fn add_member(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let (team, member) = (asked::segment(&request, "team"), asked::segment(&request, "member"));
    let (name, now) = (member.clone(), services.clock.now());
    let by_invitation = services.settings.access.require_team_invitation;
    let codes = invitation::Codes::new(&services.vault)?;
    let write = services.db.write(move |tx| {
        let entrance = if by_invitation { Entrance::ByInvitation(&codes) } else { Entrance::Open };
        team::add_member(tx, &organization, now, (&team, &member), entrance)
    });
    let added = write.await.map_err(|error| match error {
        Error::NotFound(Thing::User(_) | Thing::Robot(_)) => ApiError::invalid("Unknown user"),
        other => other.into(),
    })?;
    let (is_robot, invited) = match added {
        Addition::Added(who) | Addition::AlreadyMember(who) => (matches!(who, Member::Robot(_)), false),
        Addition::Invited(_) => (false, true),
    };
    Ok(HttpResponse::Ok().json(member_shape(&name, is_robot, invited)))
}

/// `DELETE …/team/<team>/members/<member>`
async fn remove_member(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let (team, member) = (asked::segment(&request, "team"), asked::segment(&request, "member"));
    let now = services.clock.now();
    services.db.write(move |tx| team::remove_member(tx, &organization, now, &team, &member)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET …/team/<team>/permissions`
async fn permissions(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Inspect> = asked::organization(&request, &services).await?;
    let team = asked::segment(&request, "team");
    let wanted: Wanted<String> = Wanted::read(&request, "team permissions", AT_ONCE)?;
    let (limit, rows, after) = (wanted.limit, wanted.rows(), wanted.after.unwrap_or_default());
    let read = services.db.read(move |conn| team::permissions(conn, &organization, &team, &after, rows));
    let granted = read.await?;
    let mut answer = json!({ "permissions": granted.iter().map(super::shapes::granted).collect::<Vec<_>>() });
    page::continue_with(&mut answer, "team permissions", limit, &granted, |(name, ..)| name.clone());
    Ok(HttpResponse::Ok().json(answer))
}

/// The caller's role in an organization they may look into; none for read-only superusers, who see all of it.
async fn role_in(
    organization: &Authorized<Namespace, Read>,
    services: &Services,
) -> Result<Option<TeamRole>, ApiError> {
    let name = organization.name.parse()?;
    let found =
        services.access.namespace_role(&organization.shared_caller(), &name, ApiScope::OrganizationAdmin).await?;
    Ok(found.and_then(|(_, role)| role))
}

fn member(member: &TeamMember) -> Value {
    member_shape(&member.name, member.is_robot, false)
}

fn member_shape(name: &str, is_robot: bool, invited: bool) -> Value {
    json!({
        "name": name,
        "kind": "user",
        "is_robot": is_robot,
        "avatar": avatar(name, AvatarOf::named(name)),
        "invited": invited,
    })
}
