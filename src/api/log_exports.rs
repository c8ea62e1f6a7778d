//! Taking the usage log away: as a stream, or by a link that is handed to somebody.

use std::time::Duration;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::audit::{self, Export, NewExport, Told};
use domain::time::Timestamp;
use domain::{Result, entropy};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::log_scope::{Asked, Of};
use super::log_stream::{self, Format};
use super::{asked, shapes};
use crate::web::origin;
use crate::web::services::Services;

/// How long a link is good.
const LINK_LIFETIME: Duration = Duration::from_secs(24 * 3600);
const LISTED: i64 = 100;

#[derive(Deserialize)]
struct Request {
    callback_url: Option<String>,
    callback_email: Option<String>,
}

#[derive(Deserialize)]
struct Link {
    key: Option<String>,
    format: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    for of in Of::ALL {
        let request = move |request, body, services| ask(of, request, body, services);
        let list = move |request, services| list(of, request, services);
        let stream = move |request, services| stream(of, request, services);
        config
            .service(web::resource(asked::either(&format!("{}/exportlogs", of.path()))).route(web::post().to(request)))
            .service(web::resource(asked::either(&format!("{}/logs/exports", of.path()))).route(web::get().to(list)))
            .service(web::resource(asked::either(&format!("{}/logs/export", of.path()))).route(web::get().to(stream)));
    }
}

/// `POST …/exportlogs`
async fn ask(
    of: Of,
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let scope = of.administered(&request, &services).await?;
    let given: Request = asked::json(&body)?;
    let range: Asked = asked::query(&request)?;
    let now = services.clock.now();
    let told = match told(given) {
        Ok(told) => told,
        Err((told, message)) => {
            services.db.write(move |tx| audit::refuse(tx, &scope, now, &told)).await?;
            return Err(ApiError::invalid(message));
        }
    };
    let (from, until) = range.range(now);
    let uuid = entropy::uuid(&*services.entropy);
    let base_url = origin::base_url(&request, &services);
    let new = NewExport { uuid, from, until, told, expires_at: now.plus(LINK_LIFETIME), base_url };
    services.db.write(move |tx| audit::request(tx, &scope, now, &new)).await?;
    Ok(HttpResponse::Ok().json(json!({ "export_id": uuid.to_string() })))
}

/// `GET …/logs/exports`: those whose links are good.
async fn list(of: Of, request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let scope = of.administered(&request, &services).await?;
    let now = services.clock.now();
    let exports = services.db.read(move |conn| audit::list(conn, &scope, now, LISTED)).await?;
    let shapes: Vec<Value> = exports.iter().map(|export| shape(export, &services)).collect::<Result<_>>()?;
    Ok(HttpResponse::Ok().json(json!({ "exports": shapes })))
}

/// `GET …/logs/export?format=jsonl|csv`
async fn stream(of: Of, request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let scope = of.inspected(&request, &services).await?;
    let given: Asked = asked::query(&request)?;
    let format = format(given.format.as_deref(), Format::JsonLines)?;
    let now = services.clock.now();
    let filter = given.filter(&scope, now)?;
    let noted = scope.clone();
    services.db.write(move |tx| audit::streamed(tx, &noted, now, format.word())).await?;
    Ok(download(format, "logs", log_stream::entries(services, scope, filter, format, of.namespaces(), None)))
}

/// `GET /exportedlogs/<id>?key=`: whoever has the link has been given it.
pub async fn fetch(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let uuid = asked::segment(&request, "export");
    let link: Link = asked::query(&request)?;
    let format = format(link.format.as_deref(), Format::Json)?;
    if !audit::is_key(&services.vault, &uuid, &link.key.unwrap_or_default())? {
        return Err(ApiError::not_found());
    }
    let (wanted, now) = (uuid.clone(), services.clock.now());
    let (export, scope, filter) = services.db.read(move |conn| audit::find(conn, &wanted, now)).await?;
    let namespaces = match export.namespace_name {
        Some(_) => Of::Organization.namespaces(),
        None => Of::Registry.namespaces(),
    };
    let head = [("export_id".to_string(), json!(export.uuid)), ("details".to_string(), export.details())];
    let head = head.into_iter().collect();
    Ok(download(format, &export.uuid, log_stream::entries(services, scope, filter, format, namespaces, Some(head))))
}

fn shape(export: &Export, services: &Services) -> Result<Value> {
    let mut shape = export.message(&services.vault)?;
    shape["created"] = json!(shapes::date(Timestamp(export.created_at)));
    shape["expires"] = json!(shapes::date(Timestamp(export.expires_at)));
    shape["requested_by"] = json!(export.requested_by);
    shape["callback_url"] = json!(export.callback_url);
    shape["callback_email"] = json!(export.callback_email);
    shape["callback_told"] = json!(export.told_at.map(|at| shapes::date(Timestamp(at))));
    shape["callback_tries"] = json!(export.callback_tries);
    shape["callback_error"] = json!(export.callback_error);
    Ok(shape)
}

/// Who is to be told; what was given and Quay's words for what is wrong with it otherwise.
fn told(given: Request) -> Result<Told, (Told, &'static str)> {
    match (given.callback_url, given.callback_email) {
        (Some(url), _) => match url::Url::parse(&url) {
            Ok(parsed) if url.len() <= 2000 && matches!(parsed.scheme(), "http" | "https") && parsed.has_host() => {
                Ok(Told::Url(url))
            }
            _ => Err((Told::Url(url.chars().take(200).collect()), "Invalid callback URL")),
        },
        (None, Some(email)) => {
            let (name, host) = email.split_once('@').unwrap_or_default();
            let odd = email.len() > 254 || email.chars().any(|c| c.is_whitespace() || c.is_control());
            if odd || name.is_empty() || host.is_empty() || host.contains('@') {
                return Err((Told::Email(asked::excerpt(&email)), "Invalid callback e-mail"));
            }
            Ok(Told::Email(email))
        }
        (None, None) => Ok(Told::Nobody),
    }
}

fn format(word: Option<&str>, usual: Format) -> Result<Format, ApiError> {
    let Some(word) = word else { return Ok(usual) };
    Format::from_word(word).ok_or_else(|| {
        ApiError::invalid(format!("Formats are 'jsonl', 'csv' and 'json'; got '{}'", asked::excerpt(word)))
    })
}

fn download(
    format: Format,
    name: &str,
    body: impl futures_util::Stream<Item = Result<web::Bytes>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{}\"", format.word())))
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .streaming(body)
}
