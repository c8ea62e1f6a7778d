//! What was deleted and can come back. Pierhead's own: Quay has no way back.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::deletion::{self, Deleted, DeletedKind};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::{asked, page, shapes};
use super::{Wanted, inspector, superuser};
use crate::web::services::Services;

const LIST: &str = "deleted";

#[derive(Deserialize)]
struct Restoration {
    name: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/superuser/deleted")).route(web::get().to(list)))
        .service(web::resource(asked::either("/superuser/deleted/{kind}/{id}/restore")).route(web::post().to(restore)));
}

/// `GET /api/v1/superuser/deleted`: oldest first, so what is purged next stands first.
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = inspector(&request, &services).await?;
    let wanted = Wanted::read(&request)?;
    let after = page::key(LIST, wanted.next_page.as_deref())?;
    let walked = wanted.walked();
    let found = services.db.read(move |conn| deletion::list(conn, &instance, after, walked)).await?;
    let (found, next) = wanted.page(found, |deleted, part| part.is_in(&deleted.name), Deleted::key);
    let shown: Vec<Value> = found.iter().map(|deleted| shape(&services, deleted)).collect();
    let mut answer = json!({ "deleted": shown });
    if let Some(next) = next {
        answer["next_page"] = json!(page::token(LIST, &next));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `POST /api/v1/superuser/deleted/<kind>/<id>/restore`
async fn restore(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let given: Restoration = asked::json(&body)?;
    let kind = DeletedKind::from_word(&asked::segment(&request, "kind")).ok_or_else(ApiError::not_found)?;
    let id: i64 = asked::segment(&request, "id").parse().map_err(|_| ApiError::not_found())?;
    let now = services.clock.now();
    let restored =
        services.db.write(move |tx| deletion::restore(tx, &instance, now, (kind, id), given.name.as_deref()));
    let name = restored.await.map_err(|error| match error {
        domain::Error::AlreadyExists(thing) => {
            ApiError::invalid(format!("{thing} exists meanwhile; restore under another name: {{\"name\": …}}"))
        }
        other => other.into(),
    })?;
    Ok(HttpResponse::Ok().json(json!({ "kind": kind.as_str(), "id": id, "name": name })))
}

fn shape(services: &Services, deleted: &Deleted) -> Value {
    json!({
        "kind": deleted.kind.as_str(),
        "id": deleted.id,
        "name": deleted.name,
        "deleted": shapes::date(deleted.deleted_at),
        "purged": shapes::date(deleted.deleted_at.plus(services.settings.retention.deleted)),
    })
}
