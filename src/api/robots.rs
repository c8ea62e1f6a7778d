//! Robot accounts of organizations and of the signed-in user.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope, Authorized};
use domain::oci::RobotShortName;
use domain::organization::Namespace;
use domain::principal::{Caller, Principal};
use domain::robot::{self, Robot};
use domain::time::Timestamp;
use domain::{Error, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

#[derive(Deserialize)]
struct NewRobot {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    unstructured_metadata: Option<Value>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    let robots = "/organization/{namespace}/robots/{robot}";
    let own = "/user/robots/{robot}";
    config
        .service(
            web::resource(
                [asked::either(&format!("{robots}/regenerate")), asked::either(&format!("{own}/regenerate"))].concat(),
            )
            .route(web::post().to(regenerate)),
        )
        .service(
            web::resource([asked::either(robots), asked::either(own)].concat())
                .route(web::get().to(show))
                .route(web::put().to(create))
                .route(web::delete().to(delete)),
        );
}

/// `GET …/robots/<short>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named(&request, &services).await?;
    let vault = services.vault.clone();
    let robot = services.db.read(move |conn| robot::find(conn, &namespace, &vault, &short)).await?;
    Ok(HttpResponse::Ok().json(shape(&robot)))
}

/// `PUT …/robots/<short>`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named(&request, &services).await?;
    let new: NewRobot = asked::json(&body)?;
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let robot = services
        .db
        .write(move |tx| {
            let description = new.description.as_deref().unwrap_or("");
            let metadata = new.unstructured_metadata.unwrap_or_else(|| json!({}));
            robot::create(tx, &namespace, (&vault, &*entropy), now, &short, (description, &metadata))
        })
        .await?;
    Ok(HttpResponse::Created().json(shape(&robot)))
}

/// `POST …/robots/<short>/regenerate`
async fn regenerate(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named(&request, &services).await?;
    let (vault, entropy, now) = (services.vault.clone(), services.entropy.clone(), services.clock.now());
    let robot =
        services.db.write(move |tx| robot::regenerate(tx, &namespace, (&vault, &*entropy), now, &short)).await?;
    Ok(HttpResponse::Ok().json(shape(&robot)))
}

/// `DELETE …/robots/<short>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named(&request, &services).await?;
    let now = services.clock.now();
    services.db.write(move |tx| robot::delete(tx, &namespace, now, &short)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The namespace, which the caller administers, and the short name. Without a namespace in the path it is the caller's
/// own.
async fn named(
    request: &HttpRequest,
    services: &Services,
) -> Result<(Authorized<Namespace, Admin>, RobotShortName), ApiError> {
    let caller: Arc<Caller> = asked::caller(request, services).await?;
    let (namespace, scope) = match (request.match_info().get("namespace"), &caller.principal) {
        (Some(namespace), _) => (namespace.to_string(), ApiScope::OrganizationAdmin),
        (None, Principal::User { name, .. }) => (name.to_string(), ApiScope::UserAdmin),
        (None, _) => return Err(Error::Unauthenticated("sign in as a user".into()).into()),
    };
    let authorized = services.access.namespace::<Admin>(&caller, &namespace, scope).await?;
    let short = request.match_info().get("robot").unwrap_or_default().parse()?;
    Ok((authorized, short))
}

fn shape(robot: &Robot) -> Value {
    json!({
        "name": robot.name,
        "created": date(robot.created_at),
        "last_accessed": robot.last_used_at.map(date),
        "description": robot.description,
        "token": robot.token,
        "unstructured_metadata": serde_json::from_str::<Value>(&robot.metadata).unwrap_or_else(|_| json!({})),
    })
}

/// RFC 2822, as Quay writes dates.
fn date(at: Timestamp) -> String {
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(at.0).unwrap_or(0));
    actix_web::http::header::HttpDate::from(moment).to_string().replace("GMT", "-0000")
}
