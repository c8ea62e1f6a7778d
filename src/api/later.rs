//! Operations of Quay whose features this registry does not have: answered as Quay does with the feature switched off,
//! so that programs that look for a feature go on without it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Inspect};
use serde_json::json;

use super::asked;
use super::error::ApiError;
use crate::web::services::Services;

/// Behind the name of a repository: mirroring, policies, notifications by e-mail, scanning, signing.
const OF_REPOSITORIES: [&str; 11] = [
    "/mirror",
    "/mirror/{operation}",
    "/autoprunepolicy",
    "/autoprunepolicy/{policy}",
    "/immutabilitypolicy",
    "/immutabilitypolicy/{policy}",
    "/notification/{notification}",
    "/notification/{notification}/test",
    "/manifest/{digest}/security",
    "/changetrust",
    "/signatures",
];

/// Behind the name of an organization, and behind `/user` where Quay has it there: mirroring, cache, quotas, policies.
const OF_NAMESPACES: [&str; 17] = [
    "/organization/{organization}/mirror",
    "/organization/{organization}/mirror/{operation}",
    "/organization/{organization}/proxycache",
    "/organization/{organization}/validateproxycache",
    "/organization/{organization}/quota",
    "/organization/{organization}/quota/{rest:.*}",
    "/organization/{organization}/autoprunepolicy",
    "/organization/{organization}/autoprunepolicy/{policy}",
    "/organization/{organization}/immutabilitypolicy",
    "/organization/{organization}/immutabilitypolicy/{policy}",
    "/organization/{organization}/notifications",
    "/organization/{organization}/notifications/{rest:.*}",
    "/user/quota",
    "/user/quota/{rest:.*}",
    "/user/autoprunepolicy",
    "/user/autoprunepolicy/{policy}",
    "/user/namespacenotifications",
];

pub fn routes(config: &mut web::ServiceConfig) {
    let of_repositories = OF_REPOSITORIES.iter().flat_map(|rest| asked::in_repository(rest));
    let of_namespaces = OF_NAMESPACES.iter().flat_map(|path| asked::either(path));
    let user = asked::either("/user/namespacenotifications/{rest:.*}");
    let off: Vec<String> = of_repositories.chain(of_namespaces).chain(user).collect();
    config
        .service(
            web::resource(asked::in_repository("/notification"))
                .route(web::get().to(notifications))
                .route(web::post().to(off_here)),
        )
        .service(
            web::resource([asked::in_repository("/tokens"), asked::in_repository("/tokens/{token}")].concat()).to(gone),
        )
        .service(web::resource(asked::in_repository("/authorizedemail/{email}")).route(web::get().to(off_here)))
        .service(web::resource(off).to(off_here));
}

/// Whatever is asked of a feature that is not there.
async fn off_here() -> Result<HttpResponse, ApiError> {
    Err(ApiError::not_found())
}

/// `GET …/notification/`: nothing notifies yet.
async fn notifications(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Inspect>(&request, &services).await?;
    Ok(HttpResponse::Ok().json(json!({ "notifications": [] })))
}

/// `…/tokens/`: Quay gave up tokens of repositories long ago; robot accounts took their place.
async fn gone(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    asked::repository::<Admin>(&request, &services).await?;
    let message = "Handling of access tokens is no longer supported; use a robot account";
    Err(ApiError::new(StatusCode::GONE, "gone", message))
}
