//! Searching. Nothing is found that the caller may not read.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{ApiScope, Standing, Visibility};
use domain::principal::{Caller, Principal};
use domain::repository::{CatalogReader, SearchHit};
use domain::{Error, Result};
use domain::{directory, explore};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::shapes::{self, AvatarOf};
use crate::web::services::Services;

/// As many as Quay's.
const PAGE: usize = 10;
const MAX_PAGES: usize = 10;
/// Of each kind, where everything is searched.
const OF_EACH: usize = 5;

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    query: String,
    page: Option<usize>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/find/repositories")).route(web::get().to(repositories)))
        .service(web::resource(asked::either("/find/all")).route(web::get().to(everything)));
}

/// `GET /api/v1/find/repositories`
async fn repositories(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let wanted: Query = asked::query(&request)?;
    let page = wanted.page.unwrap_or(1).max(1);
    let start = (page - 1).saturating_mul(PAGE);
    let end = start.saturating_add(PAGE);
    let text = wanted.query;
    let mut hits = match page > MAX_PAGES {
        true => vec![],
        false => search(&services, &caller, text.clone(), end + 1).await?,
    };
    let has_additional = hits.len() > end && page < MAX_PAGES;
    hits.truncate(end);
    let shown: Vec<Value> = hits.iter().skip(start).map(|hit| repository_shape(hit, &text)).collect();
    Ok(HttpResponse::Ok().json(json!({
        "results": shown,
        "has_additional": has_additional,
        "page": page,
        "page_size": PAGE,
        "start_index": start,
    })))
}

/// `GET /api/v1/find/all`
async fn everything(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let Query { query, .. } = asked::query(&request)?;
    let signed_in = !matches!(caller.principal, Principal::Anonymous);
    if signed_in && !caller.ceiling.allows(ApiScope::RepositoryRead) {
        return Err(Error::refused("the access token lacks the scope repo:read").into());
    }
    services.access.standing(&caller).await?;
    if query.is_empty() {
        return Ok(HttpResponse::Ok().json(json!({ "results": [] })));
    }
    let mut results: Vec<Value> = search(&services, &caller, query.clone(), OF_EACH)
        .await?
        .iter()
        .map(|hit| repository_shape(hit, &query))
        .collect();
    if signed_in {
        results.extend(named(&services, &caller, query).await?);
    }
    let score = |result: &Value| result["score"].as_f64().unwrap_or(0.0);
    results.sort_by(|left, right| score(right).total_cmp(&score(left)));
    Ok(HttpResponse::Ok().json(json!({ "results": results })))
}

/// Users and organizations whose names begin so, and the teams and robot accounts of what the caller belongs to.
async fn named(services: &Services, caller: &Arc<Caller>, query: String) -> Result<Vec<Value>, ApiError> {
    let limit = i64::try_from(OF_EACH).unwrap_or(i64::MAX);
    let principal = caller.principal.clone();
    let inside = caller.ceiling.allows(ApiScope::OrganizationAdmin);
    let found = services.db.read(move |conn| {
        let mut results = vec![];
        for name in directory::organizations(conn, &query, limit)? {
            results.push(namespace_shape(&name, true, closeness(&name, &query)));
        }
        for name in directory::users(conn, &query, limit)? {
            results.push(namespace_shape(&name, false, closeness(&name, &query)));
        }
        if inside {
            for (organization, team) in directory::teams_of_member(conn, &principal, &query, limit)? {
                results.push(json!({
                    "title": "team",
                    "kind": "team",
                    "name": team,
                    "organization": namespace_shape(&organization, true, 1.0),
                    "avatar": shapes::avatar(&team, AvatarOf::Team),
                    "score": 2.0 * closeness(&team, &query),
                    "href": format!("/organization/{organization}/teams/{team}"),
                }));
            }
            for robot in directory::robots_of_member(conn, &principal, &query, limit)? {
                results.push(robot_shape(&robot, &query));
            }
        }
        Ok(results)
    });
    Ok(found.await?)
}

async fn search(services: &Services, caller: &Arc<Caller>, text: String, limit: usize) -> Result<Vec<SearchHit>> {
    let standing = services.access.standing(caller).await?;
    let reader = if caller.ceiling.catalog() {
        CatalogReader { principal: caller.principal.clone(), standing }
    } else {
        // A token without the scope finds what anybody finds.
        CatalogReader { principal: Principal::Anonymous, standing: Standing::Plain }
    };
    services.db.read(move |conn| explore::hits(conn, &reader, &text, limit)).await
}

fn repository_shape(hit: &SearchHit, query: &str) -> Value {
    let (namespace, path) = hit.name.split_once('/').unwrap_or(("", &hit.name));
    let score = match closeness(path, query) {
        exact if exact >= 1.0 => 4,
        begins if begins > 0.9 => 2,
        _ => 1,
    };
    json!({
        "kind": "repository",
        "title": "repo",
        "namespace": namespace_shape(namespace, hit.is_organization, 1.0),
        "name": path,
        "description": hit.description,
        "is_public": hit.visibility == Visibility::Public,
        "score": score,
        "href": format!("/repository/{}", hit.name),
    })
}

fn namespace_shape(name: &str, is_organization: bool, score: f64) -> Value {
    let (kind, title, of) = match is_organization {
        true => ("organization", "org", AvatarOf::Organization),
        false => ("user", "user", AvatarOf::User),
    };
    json!({
        "title": title,
        "kind": kind,
        "avatar": shapes::avatar(name, of),
        "name": name,
        "score": score,
        "href": format!("/{kind}/{name}"),
    })
}

fn robot_shape(name: &str, query: &str) -> Value {
    let (namespace, short) = name.split_once('+').unwrap_or(("", name));
    json!({
        "title": "robot",
        "kind": "robot",
        "avatar": shapes::avatar(name, AvatarOf::Robot),
        "name": name,
        "score": closeness(short, query),
        "href": format!("/organization/{namespace}?tab=robots&showRobot={name}"),
    })
}

/// How near a name is to what was asked for: 1 is the same.
fn closeness(name: &str, query: &str) -> f64 {
    if name == query {
        1.0
    } else if name.starts_with(query) {
        0.95
    } else {
        0.5
    }
}
