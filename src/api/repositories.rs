//! Repositories.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{
    Admin, ApiScope, Authorized, Create, Read, RepositoryRole, RepositoryState, Standing, Visibility, Write,
};
use domain::error::Error;
use domain::oci::{RepositoryName, Violation};
use domain::principal::Principal;
use domain::repository::{self, Details, NewRepository, Repository};
use domain::tag::{self, Entry, ListFilter};
use domain::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::ApiError;
use super::repository_list::{self, state_word};
use super::{asked, error, shapes};
use crate::web::services::Services;

/// Tags that come with a repository.
const MAX_TAGS: i64 = 500;
/// Days of activity that come with it.
const STATS_DAYS: i64 = 90;

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

#[derive(Deserialize)]
struct ChangeState {
    state: String,
}

#[derive(Deserialize)]
struct Describe {
    description: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Included {
    include_stats: Option<String>,
    include_tags: Option<String>,
}

/// To be configured after everything else below `/repository/`: a name swallows what follows it.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/repository"))
                .route(web::get().to(repository_list::list))
                .route(web::post().to(create)),
        )
        .service(web::resource(asked::in_repository("/changevisibility")).route(web::post().to(change_visibility)))
        .service(web::resource(asked::in_repository("/changestate")).route(web::put().to(change_state)))
        .service(
            web::resource(asked::in_repository(""))
                .route(web::get().to(show))
                .route(web::put().to(describe))
                .route(web::delete().to(delete))
                // What else is sent to such a path is meant for an operation that is not there.
                .default_service(web::to(error::no_such_operation)),
        );
}

/// `POST /api/v1/repository`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    if caller.principal == Principal::Anonymous {
        return Err(Error::Unauthenticated("sign in first: repositories are created by somebody".into()).into());
    }
    let given: NewRepositoryRequest = asked::json(&body)?;
    if given.repo_kind.as_deref().is_some_and(|kind| kind != "image") {
        return Err(Error::invalid("repo_kind", "Repositories are of kind 'image'").into());
    }
    let namespace = match (given.namespace, &caller.principal) {
        (Some(namespace), _) => namespace,
        (None, Principal::User { name, .. }) => name.to_string(),
        (None, _) => return Err(Error::invalid("namespace", "Name the namespace of the repository").into()),
    };
    let invalid = |why: Violation| ApiError::invalid(format!("Invalid repository name: {why}"));
    let name: RepositoryName = format!("{namespace}/{}", given.repository).parse().map_err(invalid)?;
    let visibility = asked::visibility(&given.visibility)?;
    let owner = services.access.namespace::<Create>(&caller, &namespace, ApiScope::RepositoryCreate).await?;
    let new = NewRepository { name, visibility, description: given.description };
    let now = services.clock.now();
    let created = services.db.write(move |tx| repository::create(tx, &owner, now, &new)).await?;
    let location = format!("/api/v1/repository/{}", created.name);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(json!({
        "namespace": created.name.namespace(),
        "name": created.name.path(),
        "kind": "image",
    })))
}

/// `GET /api/v1/repository/<repository>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let included: Included = asked::query(&request)?;
    let with_tags = included.include_tags.as_deref().is_none_or(|given| asked::yes(Some(given)));
    let with_stats = asked::yes(included.include_stats.as_deref());
    let caller = repository.shared_caller();
    let role = services.access.role_on(&caller, &repository.name).await?;
    let standing = services.access.standing(&caller).await?;
    let (asked_of, now) = (repository.clone(), services.clock.now());
    let (details, tags, stats) = services
        .db
        .read(move |conn| {
            let details = repository::details(conn, &asked_of)?;
            let filter = ListFilter { active: true, limit: MAX_TAGS, ..ListFilter::default() };
            let tags = if with_tags { Some(tag::list(conn, &asked_of, now, &filter)?.0) } else { None };
            let stats = if with_stats { Some(repository::activity(conn, &asked_of, now, STATS_DAYS)?) } else { None };
            Ok((details, tags, stats))
        })
        .await?;
    let mut answer = shape(&repository, &details);
    answer["can_write"] = json!(role >= Some(RepositoryRole::Write));
    // A read-only superuser sees the settings, as in Quay; they change none.
    answer["can_admin"] = json!(role >= Some(RepositoryRole::Admin) || standing == Standing::ReadOnlySuperuser);
    if let Some(tags) = tags {
        answer["tags"] = tags.iter().map(|tag| (tag.name.clone(), short_tag(tag))).collect::<Map<_, _>>().into();
    }
    if let Some(stats) = stats {
        let day = |(day, count): &(i64, i64)| json!({ "date": shapes::day(*day), "count": count });
        answer["stats"] = stats.iter().map(day).collect();
    }
    Ok(HttpResponse::Ok().json(answer))
}

fn shape(repository: &Authorized<Repository, Read>, details: &Details) -> Value {
    json!({
        "namespace": repository.name.namespace(),
        "name": repository.name.path(),
        "kind": "image",
        "description": details.description,
        "is_public": repository.visibility == Visibility::Public,
        "is_organization": details.is_organization,
        "is_starred": details.starred,
        // For badges of builds, which there are none of.
        "status_token": "",
        "trust_enabled": false,
        "tag_expiration_s": details.tag_expiration_s,
        "is_free_account": true,
        "state": state_word(repository.state),
    })
}

fn short_tag(tag: &Entry) -> Value {
    let mut shown = json!({
        "name": tag.name,
        "size": tag.size,
        "last_modified": shapes::date(tag.started),
        "manifest_digest": tag.digest,
    });
    if let Some(end) = tag.ended {
        shown["expiration"] = json!(shapes::date(end));
    }
    shown
}

/// `PUT /api/v1/repository/<repository>`
async fn describe(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let repository = describable(&request, &services).await?;
    let given: Describe = asked::json(&body)?;
    let now = services.clock.now();
    services.db.write(move |tx| repository::describe(tx, &repository, now, &given.description)).await?;
    Ok(HttpResponse::Ok().json(json!({ "success": true })))
}

/// Writers describe what they may write to; admins what is read-only too.
async fn describable(request: &HttpRequest, services: &Services) -> Result<Authorized<Repository, Write>, ApiError> {
    match asked::repository::<Admin>(request, services).await {
        Ok(repository) => Ok(repository.into()),
        Err(_) => asked::repository::<Write>(request, services).await,
    }
}

/// `DELETE /api/v1/repository/<repository>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Admin>(&request, &services).await?;
    let now: Timestamp = services.clock.now();
    services.db.write(move |tx| repository::delete(tx, &repository, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /api/v1/repository/<repository>/changevisibility`
async fn change_visibility(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Admin>(&request, &services).await?;
    let given: ChangeVisibility = asked::json(&body)?;
    let visibility = asked::visibility(&given.visibility)?;
    let now = services.clock.now();
    services.db.write(move |tx| repository::change_visibility(tx, &repository, now, visibility)).await?;
    Ok(HttpResponse::Ok().json(json!({ "success": true })))
}

/// `PUT /api/v1/repository/<repository>/changestate`
async fn change_state(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Admin>(&request, &services).await?;
    let given: ChangeState = asked::json(&body)?;
    let known = RepositoryState::ALL.iter().copied().find(|state| state_word(*state) == given.state);
    let state = known.ok_or_else(|| {
        let got = asked::excerpt(&given.state);
        ApiError::invalid(format!("'{got}' is not one of ['NORMAL', 'READ_ONLY', 'MIRROR']"))
    })?;
    let now = services.clock.now();
    services.db.write(move |tx| repository::change_state(tx, &repository, now, state)).await?;
    Ok(HttpResponse::Ok().json(json!({ "success": true })))
}
