//! Who may do what with a repository.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Authorized, Inspect, RepositoryRole};
use domain::repository::{self, Granted, Grantee, GranteeKind, Repository};
use domain::{Error, Thing};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::shapes::{AvatarOf, avatar};
use super::{asked, page};
use crate::web::services::Services;

/// Entries of a page: more than almost any repository has, since most clients know no pages here.
const PAGE: i64 = 500;

#[derive(Deserialize)]
struct Role {
    role: String,
}

#[derive(Deserialize)]
struct Paged {
    limit: Option<i64>,
    next_page: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::in_repository("/permissions/user/{grantee}/transitive"))
                .route(web::get().to(transitive)),
        )
        .service(
            web::resource(asked::in_repository("/permissions/user/{grantee}"))
                .route(web::get().to(show_user))
                .route(web::put().to(grant_user))
                .route(web::delete().to(revoke_user)),
        )
        .service(
            web::resource(asked::in_repository("/permissions/team/{grantee}"))
                .route(web::get().to(show_team))
                .route(web::put().to(grant_team))
                .route(web::delete().to(revoke_team)),
        )
        .service(web::resource(asked::in_repository("/permissions/user")).route(web::get().to(list_users)))
        .service(web::resource(asked::in_repository("/permissions/team")).route(web::get().to(list_teams)));
}

/// `GET …/permissions/user/`: users and robot accounts.
async fn list_users(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    list(request, services, GranteeKind::Somebody).await
}

/// `GET …/permissions/team/`
async fn list_teams(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    list(request, services, GranteeKind::Team).await
}

async fn list(
    request: HttpRequest,
    services: web::Data<Services>,
    kind: GranteeKind,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Inspect>(&request, &services).await?;
    let given: Paged = asked::query(&request)?;
    let list = if kind == GranteeKind::Team { "team permissions" } else { "user permissions" };
    let after: i64 = page::key(list, given.next_page.as_deref())?.unwrap_or(0);
    let limit = given.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let rows = page::rows(&request, limit + 1)?;
    let mut granted = services.db.read(move |conn| repository::granted(conn, &repository, kind, after, rows)).await?;
    let more = granted.len() > usize::try_from(limit).unwrap_or(0);
    granted.truncate(usize::try_from(limit).unwrap_or(0));
    let shown: Map<String, Value> = granted.iter().map(|grant| (grant.name.clone(), shape(grant))).collect();
    let mut answer = json!({ "permissions": shown });
    if let Some(last) = granted.last().filter(|_| more) {
        answer["next_page"] = json!(page::token(list, &last.id));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `GET …/permissions/user/<name>`
async fn show_user(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    show(request, services, GranteeKind::Somebody).await
}

/// `GET …/permissions/team/<name>`
async fn show_team(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    show(request, services, GranteeKind::Team).await
}

async fn show(
    request: HttpRequest,
    services: web::Data<Services>,
    kind: GranteeKind,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Inspect>(&request, &services).await?;
    let name = asked::segment(&request, "grantee");
    let found = services
        .db
        .read(move |conn| match find(conn, &repository, kind, &name) {
            Ok(who) => repository::granted_to(conn, &repository, who),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        })
        .await?;
    found.map(|grant| HttpResponse::Ok().json(shape(&grant))).ok_or_else(|| nothing_granted(kind))
}

/// `GET …/permissions/user/<name>/transitive`: the roles a user has by whatever way.
async fn transitive(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Inspect>(&request, &services).await?;
    let name = asked::segment(&request, "grantee");
    let roles = services.db.read(move |conn| repository::roles_of_user(conn, &repository, &name)).await?;
    let roles: Vec<Value> = roles.into_iter().map(|role| json!({ "role": role.as_str() })).collect();
    Ok(HttpResponse::Ok().json(json!({ "permissions": roles })))
}

/// `PUT …/permissions/user/<name>`: a user, or a robot account by its whole name.
async fn grant_user(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    grant(request, body, services, GranteeKind::Somebody).await
}

/// `PUT …/permissions/team/<name>`
async fn grant_team(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    grant(request, body, services, GranteeKind::Team).await
}

async fn grant(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
    kind: GranteeKind,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Admin>(&request, &services).await?;
    let given: Role = asked::json(&body)?;
    let role = RepositoryRole::from_word(&given.role).ok_or_else(|| {
        let got = asked::excerpt(&given.role);
        Error::invalid("role", format!("Roles are 'read', 'write' and 'admin'; got '{got}'"))
    })?;
    let name = asked::segment(&request, "grantee");
    let now = services.clock.now();
    let granted = services
        .db
        .write(move |tx| {
            let who = find(tx, &repository, kind, &name).map_err(|error| unknown(error, &name))?;
            repository::grant(tx, &repository, now, (who, &name), role)?;
            repository::granted_to(tx, &repository.clone().into(), who)
        })
        .await?;
    let granted = granted.ok_or_else(ApiError::not_found)?;
    Ok(HttpResponse::Ok().json(shape(&granted)))
}

/// `DELETE …/permissions/user/<name>`
async fn revoke_user(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    revoke(request, services, GranteeKind::Somebody).await
}

/// `DELETE …/permissions/team/<name>`
async fn revoke_team(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    revoke(request, services, GranteeKind::Team).await
}

async fn revoke(
    request: HttpRequest,
    services: web::Data<Services>,
    kind: GranteeKind,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Admin>(&request, &services).await?;
    let name = asked::segment(&request, "grantee");
    let now = services.clock.now();
    let revoked = services
        .db
        .write(move |tx| {
            let who = find(tx, &repository, kind, &name)?;
            repository::revoke(tx, &repository, now, (who, &name))
        })
        .await;
    match revoked {
        Err(Error::NotFound(Thing::User(_) | Thing::Robot(_) | Thing::Team(_))) => Err(nothing_granted(kind)),
        other => Ok(other.map(|_| HttpResponse::NoContent().finish())?),
    }
}

/// Whom the path names.
fn find<A>(
    conn: &mut domain::db::Conn,
    repository: &Authorized<Repository, A>,
    kind: GranteeKind,
    name: &str,
) -> domain::Result<Grantee> {
    match kind {
        GranteeKind::Somebody => repository::grantee(conn, repository, name),
        GranteeKind::Team => repository::team(conn, repository, name),
    }
}

/// Somebody who is not there is a mistake in the request, to Quay's clients.
fn unknown(error: Error, name: &str) -> Error {
    let name = asked::excerpt(name);
    match error {
        Error::NotFound(Thing::User(_) | Thing::Robot(_)) => {
            Error::invalid("username", format!("Invalid username: {name}"))
        }
        Error::NotFound(Thing::Team(_)) => {
            Error::invalid("team", format!("Team {name} does not exist in the organization of the repository"))
        }
        other => other,
    }
}

fn nothing_granted(kind: GranteeKind) -> ApiError {
    ApiError::invalid(match kind {
        GranteeKind::Team => "Team does not have permission for repo.",
        GranteeKind::Somebody => "User does not have permission for repo.",
    })
}

fn shape(grant: &Granted) -> Value {
    let mut shown = json!({ "role": grant.role.as_str(), "name": grant.name });
    let of = match grant.grantee {
        Grantee::Team(_) => {
            shown["avatar"] = avatar(&grant.name, AvatarOf::Team);
            return shown;
        }
        Grantee::User(_) => AvatarOf::User,
        Grantee::Robot(_) => AvatarOf::Robot,
    };
    shown["is_robot"] = json!(of == AvatarOf::Robot);
    shown["avatar"] = avatar(&grant.name, of);
    if let Some(inside) = grant.in_organization {
        shown["is_org_member"] = json!(inside);
    }
    shown
}
