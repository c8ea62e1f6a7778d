//! Robot accounts of organizations and of the signed-in user.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Authorized, Inspect, NamespaceAction, Read};
use domain::oci::RobotShortName;
use domain::organization::Namespace;
use domain::robot::{self, Belongings, Robot, RobotRow};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::page::{self, Wanted};
use super::shapes::{self, AvatarOf, avatar, date};
use crate::web::services::Services;

/// Rows on one page; Quay's clients know of no second one.
const AT_ONCE: i64 = 500;
/// Teams, and repositories, named of each.
const NAMED: i64 = 1_000;

#[derive(Deserialize)]
struct NewRobot {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    unstructured_metadata: Option<Value>,
}

#[derive(Deserialize)]
struct Listed {
    /// `false` leaves the tokens out.
    token: Option<String>,
    /// `true` adds teams and repositories.
    permissions: Option<String>,
    /// The beginning of the short name.
    #[serde(default)]
    prefix: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(both("")).route(web::get().to(list)))
        .service(web::resource(both("/{robot}/regenerate")).route(web::post().to(regenerate)))
        .service(web::resource(both("/{robot}/permissions")).route(web::get().to(permissions)))
        .service(
            web::resource(both("/{robot}"))
                .route(web::get().to(show))
                .route(web::put().to(create))
                .route(web::patch().to(describe))
                .route(web::delete().to(delete)),
        );
}

/// The path below the robot accounts of an organization, and below those of the caller.
pub(super) fn both(below: &str) -> Vec<String> {
    let bases = ["/organization/{organization}/robots", "/user/robots"];
    bases.iter().flat_map(|base| asked::either(&format!("{base}{below}"))).collect()
}

/// `GET …/robots`: members see which there are, admins their tokens too.
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let namespace: Authorized<Namespace, Read> = asked::namespace(&request, &services).await?;
    let given: Listed = asked::query(&request)?;
    let wanted: Wanted<String> = Wanted::read(&request, "robots", AT_ONCE)?;
    let is = |text: &Option<String>, word: &str| text.as_deref().is_some_and(|text| text.eq_ignore_ascii_case(word));
    let with_tokens = !is(&given.token, "false");
    let keeper: Option<Authorized<Namespace, Admin>> = match with_tokens {
        true => asked::if_allowed(asked::namespace(&request, &services).await)?,
        false => None,
    };
    let inspector: Option<Authorized<Namespace, Inspect>> = match is(&given.permissions, "true") {
        true => asked::if_allowed(asked::namespace(&request, &services).await)?,
        false => None,
    };
    let (limit, rows) = (wanted.limit, wanted.rows());
    let (after, vault) = (wanted.after.unwrap_or_default(), services.vault.clone());
    let name = namespace.name.clone();
    let read = services.db.read(move |conn| {
        let rows = robot::list(conn, &namespace, &given.prefix, &after, rows)?;
        let tokens = keeper.map(|keeper| robot::tokens(conn, &keeper, &vault, &rows)).transpose()?;
        let belongings = match inspector {
            Some(inspector) => {
                let teams = robot::teams(conn, &inspector, &rows, NAMED)?;
                Some((teams, robot::repositories(conn, &inspector, &rows, NAMED)?))
            }
            None => None,
        };
        Ok((rows, tokens, belongings))
    });
    let (rows, tokens, belongings) = read.await?;
    let shape = |robot: &RobotRow| row_shape(&name, robot, tokens.as_ref(), belongings.as_ref());
    let mut answer = json!({ "robots": rows.iter().map(shape).collect::<Vec<_>>() });
    page::continue_with(&mut answer, "robots", limit, &rows, |robot| robot.short_name.clone());
    Ok(HttpResponse::Ok().json(answer))
}

/// `GET …/robots/<short>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Inspect>(&request, &services).await?;
    // A read-only superuser sees everything but secrets.
    let keeper: Option<Authorized<Namespace, Admin>> = asked::if_allowed(asked::namespace(&request, &services).await)?;
    let vault = services.vault.clone();
    let read = services.db.read(move |conn| match keeper {
        Some(keeper) => robot::find(conn, &keeper, &vault, &short),
        None => robot::inspect(conn, &namespace, &short),
    });
    Ok(HttpResponse::Ok().json(shape(&read.await?)))
}

/// `PUT …/robots/<short>`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Admin>(&request, &services).await?;
    let new: NewRobot = asked::json(&body)?;
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let robot = services
        .db
        .write(move |tx| {
            let description = new.description.as_deref().unwrap_or("");
            let metadata = new.unstructured_metadata.as_ref().unwrap_or(&Value::Null);
            robot::create(tx, &namespace, (&vault, &*entropy), now, &short, (description, metadata))
        })
        .await?;
    Ok(HttpResponse::Created().json(shape(&robot)))
}

/// `PATCH …/robots/<short>`: description and metadata.
async fn describe(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Admin>(&request, &services).await?;
    let new: NewRobot = asked::json(&body)?;
    let now = services.clock.now();
    let write = services.db.write(move |tx| {
        let described = (new.description.as_deref(), new.unstructured_metadata.as_ref());
        robot::describe(tx, &namespace, now, &short, described)
    });
    Ok(HttpResponse::Ok().json(shape(&write.await?)))
}

/// `POST …/robots/<short>/regenerate`
async fn regenerate(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Admin>(&request, &services).await?;
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let robot =
        services.db.write(move |tx| robot::regenerate(tx, &namespace, (&vault, &*entropy), now, &short)).await?;
    Ok(HttpResponse::Ok().json(shape(&robot)))
}

/// `DELETE …/robots/<short>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Admin>(&request, &services).await?;
    let now = services.clock.now();
    services.db.write(move |tx| robot::delete(tx, &namespace, now, &short)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET …/robots/<short>/permissions`
async fn permissions(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Inspect>(&request, &services).await?;
    let wanted: Wanted<String> = Wanted::read(&request, "robot permissions", AT_ONCE)?;
    let (limit, rows, after) = (wanted.limit, wanted.rows(), wanted.after.unwrap_or_default());
    let read = services.db.read(move |conn| robot::permissions(conn, &namespace, &short, &after, rows));
    let granted = read.await?;
    let mut answer = json!({ "permissions": granted.iter().map(shapes::granted).collect::<Vec<_>>() });
    page::continue_with(&mut answer, "robot permissions", limit, &granted, |(name, ..)| name.clone());
    Ok(HttpResponse::Ok().json(answer))
}

/// The namespace, for somebody who may do `A` in it, and the short name. Without a namespace in the path it is the
/// caller's own.
pub(super) async fn named<A: NamespaceAction>(
    request: &HttpRequest,
    services: &Services,
) -> Result<(Authorized<Namespace, A>, RobotShortName), ApiError> {
    let authorized = asked::namespace(request, services).await?;
    let short = asked::segment(request, "robot").parse()?;
    Ok((authorized, short))
}

fn row_shape(
    namespace: &str,
    robot: &RobotRow,
    tokens: Option<&HashMap<i64, String>>,
    belongings: Option<&(Belongings, Belongings)>,
) -> Value {
    let mut shape = json!({
        "name": format!("{namespace}+{}", robot.short_name),
        "created": date(robot.created_at),
        "last_accessed": robot.last_used_at.map(date),
        "description": robot.description,
    });
    if let Some(tokens) = tokens {
        shape["token"] = json!(tokens.get(&robot.id));
    }
    if let Some((teams, repositories)) = belongings {
        let team = |name: &String| json!({ "name": name, "avatar": avatar(name, AvatarOf::Team) });
        shape["teams"] = teams.get(&robot.id).into_iter().flat_map(|several| &several.names).map(team).collect();
        shape["repositories"] =
            json!(repositories.get(&robot.id).map(|several| several.names.as_slice()).unwrap_or_default());
    }
    shape
}

fn shape(robot: &Robot) -> Value {
    let mut shape = json!({
        "name": robot.name,
        "created": date(robot.created_at),
        "last_accessed": robot.last_used_at.map(date),
        "description": robot.description,
        "unstructured_metadata": serde_json::from_str::<Value>(&robot.metadata).unwrap_or(Value::Null),
    });
    if let Some(token) = &robot.token {
        shape["token"] = json!(token);
    }
    shape
}
