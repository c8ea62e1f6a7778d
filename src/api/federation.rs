//! Robot accounts that sign in with another provider's signature in place of a stored token.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::access::{Admin, Inspect};
use domain::robot::{self, Identity};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::robots::{both, named};
use crate::web::authenticate::{self, Presented};
use crate::web::origin;
use crate::web::services::Services;

#[derive(Deserialize)]
struct Trusted {
    issuer: String,
    subject: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource(both("/{robot}/federation"))
            .route(web::get().to(show))
            .route(web::post().to(replace))
            .route(web::delete().to(clear)),
    );
}

/// `GET …/robots/<short>/federation`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Inspect>(&request, &services).await?;
    let identities = services.db.read(move |conn| robot::identities(conn, &namespace, &short)).await?;
    Ok(HttpResponse::Ok().json(shape(&identities)))
}

/// `POST …/robots/<short>/federation`: the whole list, in place of the one before.
async fn replace(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Admin>(&request, &services).await?;
    let given: Vec<Trusted> = asked::json(&body)?;
    let mut identities = Vec::new();
    for Trusted { issuer, subject } in given {
        let wrong = |why| ApiError::invalid(format!("The issuer '{}' cannot be used: {why}", asked::excerpt(&issuer)));
        services.documents.check(&issuer).map_err(wrong)?;
        identities.push(Identity { issuer, subject });
    }
    let now = services.clock.now();
    let write = services.db.write(move |tx| {
        robot::set_identities(tx, &namespace, now, &short, &identities)?;
        Ok(identities.clone())
    });
    Ok(HttpResponse::Ok().json(shape(&write.await?)))
}

/// `DELETE …/robots/<short>/federation`
async fn clear(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let (namespace, short) = named::<Admin>(&request, &services).await?;
    let now = services.clock.now();
    services.db.write(move |tx| robot::clear_identities(tx, &namespace, now, &short)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /oauth2/federation/robot/token`: the robot account's name and the signed identity as Basic credentials.
pub async fn exchange(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let Presented::Basic(name, signed) = authenticate::presented(&request)? else {
        let message = "send the robot account's name and the signed identity as Basic credentials";
        return Err(Error::Unauthenticated(message.into()).into());
    };
    let token = services.keyless.exchange(&name, &signed, origin::of(&request, &services)).await?;
    let answer = json!({ "token": token, "expires_in": robot::KEYLESS_LIFETIME.as_secs() });
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}

fn shape(identities: &[Identity]) -> Value {
    identities.iter().map(|known| json!({ "issuer": known.issuer, "subject": known.subject })).collect()
}
