//! Completing names: users, organizations, and to members the teams and robot accounts of theirs.

use std::collections::HashSet;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::TeamRole;
use domain::directory;
use domain::oci::NamespaceName;
use domain::organization::Namespace;
use domain::principal::{Caller, Principal};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::shapes::{self, AvatarOf};
use crate::web::services::Services;

/// Of each kind.
const MATCHES: i64 = 10;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    namespace: Option<String>,
    #[serde(default)]
    include_teams: Option<String>,
    #[serde(default)]
    include_orgs: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/entities/link/{username}")).route(web::post().to(link)))
        .service(web::resource(asked::either("/entities/{prefix}")).route(web::get().to(matching)));
}

/// `GET /api/v1/entities/<prefix>`: nothing for whoever is not signed in.
async fn matching(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let wanted: Wanted = asked::query(&request)?;
    services.access.standing(&caller).await?;
    if matches!(caller.principal, Principal::Anonymous) {
        return Ok(HttpResponse::Ok().json(json!({ "results": [] })));
    }
    let within = namespace(&wanted, &caller, &services).await?;
    let member_of = within.as_ref().filter(|(_, role)| role.is_some()).map(|(namespace, _)| namespace.clone());
    let prefix = asked::segment(&request, "prefix");
    let (teams, organizations) = (is_true(wanted.include_teams.as_deref()), is_true(wanted.include_orgs.as_deref()));
    let results = services
        .db
        .read(move |conn| {
            let mut results = vec![];
            if let Some(namespace) = member_of.as_ref().filter(|namespace| teams && namespace.is_organization) {
                let found = directory::teams_of(conn, namespace.id, &prefix, MATCHES)?;
                results.extend(found.iter().map(|team| entity(team, "team", AvatarOf::Team, Some(true))));
            }
            let users = directory::users(conn, &prefix, MATCHES)?;
            let organization = member_of.as_ref().filter(|namespace| namespace.is_organization);
            let members: Option<HashSet<String>> = match organization {
                Some(organization) => Some(directory::members_among(conn, organization.id, &users)?),
                None => None,
            };
            results.extend(users.iter().map(|user| {
                let is_member = members.as_ref().map(|members| members.contains(user));
                entity(user, "user", AvatarOf::User, is_member)
            }));
            if let Some(namespace) = &member_of {
                let short = prefix.strip_prefix(&format!("{}+", namespace.name)).unwrap_or(&prefix);
                for robot in directory::robots_of(conn, namespace.id, short, MATCHES)? {
                    let name = format!("{}+{robot}", namespace.name);
                    let is_member = namespace.is_organization.then_some(true);
                    results.push(entity(&name, "user", AvatarOf::Robot, is_member));
                }
            }
            if organizations {
                let found = directory::organizations(conn, &prefix, MATCHES)?;
                results.extend(found.iter().map(|name| entity(name, "org", AvatarOf::Organization, None)));
            }
            Ok(results)
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "results": results })))
}

/// `POST /api/v1/entities/link/<username>`: users come from nowhere else.
async fn link(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    if matches!(caller.principal, Principal::Anonymous) {
        return Err(domain::Error::Unauthenticated("sign in first".into()).into());
    }
    let message = "Users of this registry are in its own database; there is nowhere else to link them from";
    Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_request", message))
}

/// The namespace that is asked about and what the caller is in it. A name that none has and one the caller is nothing in
/// cost the same.
async fn namespace(
    wanted: &Wanted,
    caller: &Arc<Caller>,
    services: &Services,
) -> Result<Option<(Arc<Namespace>, Option<TeamRole>)>, ApiError> {
    let Some(name) = wanted.namespace.as_deref().and_then(|name| name.parse::<NamespaceName>().ok()) else {
        return Ok(None);
    };
    let own = matches!(&caller.principal, Principal::User { name: mine, .. } if **mine == *name.as_str());
    let scope = if own { domain::access::ApiScope::UserAdmin } else { domain::access::ApiScope::OrganizationAdmin };
    Ok(services.access.namespace_role(caller, &name, scope).await?)
}

fn entity(name: &str, kind: &str, of: AvatarOf, is_member: Option<bool>) -> Value {
    let mut shown = json!({ "name": name, "kind": kind, "avatar": shapes::avatar(name, of) });
    if kind == "user" {
        shown["is_robot"] = json!(of == AvatarOf::Robot);
    }
    if let Some(is_member) = is_member {
        shown["is_org_member"] = json!(is_member);
    }
    shown
}

/// As clients write it.
fn is_true(word: Option<&str>) -> bool {
    word.is_some_and(|word| matches!(word.to_ascii_lowercase().as_str(), "true" | "1" | "yes"))
}
