//! Who belongs to an organization.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Authorized, Inspect};
use domain::organization::{self, Namespace, Person};
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::page::{self, Wanted};
use super::shapes::{AvatarOf, avatar};
use crate::web::services::Services;

/// People on one page; Quay's clients know of no second one.
const AT_ONCE: i64 = 500;

pub fn routes(config: &mut web::ServiceConfig) {
    let organization = "/organization/{organization}";
    config
        .service(
            web::resource(asked::either(&format!("{organization}/collaborators"))).route(web::get().to(collaborators)),
        )
        .service(web::resource(asked::either(&format!("{organization}/members"))).route(web::get().to(list)))
        .service(
            web::resource(asked::either(&format!("{organization}/members/{{member}}")))
                .route(web::get().to(show))
                .route(web::delete().to(remove)),
        );
}

/// `GET …/members`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Inspect> = asked::organization(&request, &services).await?;
    let wanted: Wanted<String> = Wanted::read(&request, "members", AT_ONCE)?;
    let (limit, rows) = (wanted.limit, wanted.rows());
    let after = wanted.after.unwrap_or_default();
    let people = services.db.read(move |conn| organization::members(conn, &organization, &after, rows)).await?;
    let mut answer = json!({ "members": people.iter().map(member).collect::<Vec<_>>() });
    page::continue_with(&mut answer, "members", limit, &people, |person| person.name.clone());
    Ok(HttpResponse::Ok().json(answer))
}

/// `GET …/members/<member>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Inspect> = asked::organization(&request, &services).await?;
    let name = asked::segment(&request, "member");
    let found = services.db.read(move |conn| organization::member(conn, &organization, &name)).await?;
    Ok(HttpResponse::Ok().json(member(&found)))
}

/// `DELETE …/members/<member>`: out of every team, with all direct grants.
async fn remove(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let (name, now) = (asked::segment(&request, "member"), services.clock.now());
    services.db.write(move |tx| organization::remove_member(tx, &organization, now, &name)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET …/collaborators`
async fn collaborators(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Inspect> = asked::organization(&request, &services).await?;
    let wanted: Wanted<String> = Wanted::read(&request, "collaborators", AT_ONCE)?;
    let (limit, rows) = (wanted.limit, wanted.rows());
    let after = wanted.after.unwrap_or_default();
    let people = services.db.read(move |conn| organization::collaborators(conn, &organization, &after, rows)).await?;
    let mut answer = json!({ "collaborators": people.iter().map(collaborator).collect::<Vec<_>>() });
    page::continue_with(&mut answer, "collaborators", limit, &people, |person| person.name.clone());
    Ok(HttpResponse::Ok().json(answer))
}

fn member(person: &Person) -> Value {
    let team = |name: &String| json!({ "name": name, "avatar": avatar(name, AvatarOf::Team) });
    let mut shape = collaborator(person);
    shape["teams"] = person.teams.names.iter().map(team).collect();
    shape
}

fn collaborator(person: &Person) -> Value {
    json!({
        "name": person.name,
        "kind": "user",
        "avatar": avatar(&person.name, AvatarOf::User),
        "repositories": person.repositories.names,
    })
}
