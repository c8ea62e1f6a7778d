//! Repositories.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, ApiScope, Create};
use domain::error::{Error, Thing};
use domain::oci::RepositoryName;
use domain::principal::Principal;
use domain::repository::{self, NewRepository};
use serde::Deserialize;
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

#[derive(Deserialize)]
struct NewRepositoryRequest {
    repository: String,
    visibility: String,
    namespace: Option<String>,
    #[serde(default)]
    description: String,
    repo_kind: Option<String>,
}

#[derive(Deserialize)]
struct ChangeVisibility {
    visibility: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource(["/repository", "/repository/"]).route(web::post().to(create))).service(
        web::resource(asked::either("/repository/{repository:.+}/changevisibility"))
            .route(web::post().to(change_visibility)),
    );
}

/// `POST /api/v1/repository`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let given: NewRepositoryRequest = asked::json(&body)?;
    if given.repo_kind.as_deref().is_some_and(|kind| kind != "image") {
        return Err(Error::invalid("repo_kind", "Repositories are of kind 'image'").into());
    }
    let namespace = match (given.namespace, &caller.principal) {
        (Some(namespace), _) => namespace,
        (None, Principal::User { name, .. }) => name.to_string(),
        (None, _) => return Err(Error::invalid("namespace", "Name the namespace of the repository").into()),
    };
    let name: RepositoryName = format!("{namespace}/{}", given.repository).parse()?;
    let visibility = asked::visibility(&given.visibility)?;
    let owner = services.access.namespace::<Create>(&caller, &namespace, ApiScope::RepositoryCreate).await?;
    let new = NewRepository { name, visibility, description: given.description };
    let now = services.clock.now();
    let created = services.db.write(move |tx| repository::create(tx, &owner, now, &new)).await?;
    Ok(HttpResponse::Created().json(json!({
        "namespace": created.name.namespace(),
        "name": created.name.path(),
        "kind": "image",
    })))
}

/// `POST /api/v1/repository/<repository>/changevisibility`
async fn change_visibility(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let repository = services.access.repository::<Admin>(&caller, &name_in_path(&request)?).await?;
    let given: ChangeVisibility = asked::json(&body)?;
    let visibility = asked::visibility(&given.visibility)?;
    let now = services.clock.now();
    services.db.write(move |tx| repository::change_visibility(tx, &repository, now, visibility)).await?;
    Ok(HttpResponse::Ok().json(json!({ "success": true })))
}

/// The repository in the path, sent as two segments or as one encoded.
pub(super) fn name_in_path(request: &HttpRequest) -> Result<RepositoryName, ApiError> {
    let decoded = asked::segment(request, "repository");
    // A name no repository can have is a repository that is not there.
    Ok(decoded.parse().map_err(|_| Error::NotFound(Thing::Repository(decoded.chars().take(255).collect())))?)
}
