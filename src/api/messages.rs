//! Messages to everybody.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::access::{Admin, Authorized, Instance};
use domain::message::{self, Message, MessageFormat, Severity};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

#[derive(Deserialize)]
struct Posting {
    message: NewMessage,
}

#[derive(Deserialize)]
struct NewMessage {
    content: String,
    media_type: String,
    severity: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/messages")).route(web::get().to(list)).route(web::post().to(post)))
        .service(web::resource(asked::either("/message/{uuid}")).route(web::delete().to(delete)));
}

/// `GET /api/v1/messages`: for everybody, signed in or not.
async fn list(services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let messages = services.db.read(message::list).await?;
    let shown: Vec<Value> = messages.iter().map(shape).collect();
    Ok(HttpResponse::Ok().json(json!({ "messages": shown })))
}

/// `POST /api/v1/messages`
async fn post(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let Posting { message: new } = asked::json(&body)?;
    let format = MessageFormat::from_word(&new.media_type).ok_or_else(|| {
        let given = asked::excerpt(&new.media_type);
        Error::invalid("media_type", format!("media_type is 'text/plain' or 'text/markdown'; got '{given}'"))
    })?;
    let severity = Severity::from_word(&new.severity).ok_or_else(|| {
        let given = asked::excerpt(&new.severity);
        Error::invalid("severity", format!("severity is 'info', 'warning' or 'error'; got '{given}'"))
    })?;
    let (entropy, now) = (services.entropy.clone(), services.clock.now());
    let posted = services
        .db
        .write(move |tx| message::post(tx, &instance, &*entropy, now, (&new.content, format, severity)))
        .await?;
    Ok(HttpResponse::Created().json(shape(&posted)))
}

/// `DELETE /api/v1/message/<uuid>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let (uuid, now) = (asked::segment(&request, "uuid"), services.clock.now());
    services.db.write(move |tx| message::delete(tx, &instance, now, &uuid)).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn superuser(request: &HttpRequest, services: &Services) -> Result<Authorized<Instance, Admin>, ApiError> {
    let caller = asked::caller(request, services).await?;
    let instance = services.access.registry::<Admin>(&caller).await?;
    asked::require_fresh(&caller, services)?;
    Ok(instance)
}

fn shape(message: &Message) -> Value {
    json!({
        "uuid": message.uuid,
        "content": message.content,
        "media_type": message.format.as_str(),
        "severity": message.severity.as_str(),
    })
}
