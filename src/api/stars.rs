//! Repositories the signed-in user wants to find again.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{ApiScope, Read, Visibility};
use domain::ids::RepositoryId;
use domain::oci::RepositoryName;
use domain::star::{self, Starred};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::{asked, page};
use crate::web::services::Services;

const ON_A_PAGE: usize = 100;

#[derive(Deserialize)]
struct NewStar {
    namespace: String,
    repository: String,
}

#[derive(Deserialize)]
struct Asked {
    next_page: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/user/starred")).route(web::get().to(list)).route(web::post().to(add)))
        .service(web::resource(asked::either("/user/starred/{repository:.+}")).route(web::delete().to(remove)));
}

/// `GET /api/v1/user/starred`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let asked: Asked = asked::query(&request)?;
    let after: Option<RepositoryId> = page::key("starred", asked.next_page.as_deref())?;
    let standing = services.access.standing(&me.shared_caller()).await?;
    let more = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let rows = page::rows(&request, more)?;
    let found = services.db.read(move |conn| star::list(conn, &me, standing, after.unwrap_or(RepositoryId(0)), rows));
    let mut found = found.await?;
    let has_more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let mut answer = json!({ "repositories": found.iter().map(shape).collect::<Vec<_>>() });
    if let Some(last) = found.last().filter(|_| has_more) {
        answer["next_page"] = json!(page::token("starred", &RepositoryId(last.repository_id)));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `POST /api/v1/user/starred`
async fn add(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let new: NewStar = asked::json(&body)?;
    let name: RepositoryName =
        format!("{}/{}", new.namespace, new.repository).parse().map_err(|_| ApiError::not_found())?;
    let repository = services.access.repository::<Read>(&me.shared_caller(), &name).await?;
    let now = services.clock.now();
    services.db.write(move |tx| star::add(tx, &me, &repository, now)).await?;
    Ok(HttpResponse::Created().json(json!({ "namespace": name.namespace(), "repository": name.path() })))
}

/// `DELETE /api/v1/user/starred/<repository>`
async fn remove(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let name = asked::segment(&request, "repository");
    let name: RepositoryName = name.trim_end_matches('/').parse().map_err(|_| ApiError::not_found())?;
    services.db.write(move |tx| star::remove(tx, &me, &name)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn shape(starred: &Starred) -> Value {
    let (namespace, name) = starred.name.split_once('/').unwrap_or(("", &starred.name));
    json!({
        "namespace": namespace,
        "name": name,
        "description": starred.description,
        "is_public": starred.visibility == Visibility::Public,
    })
}
