//! `docker search`: what is left of the first registry protocol.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Result;
use domain::access::{Standing, Visibility};
use domain::principal::Principal;
use domain::repository::{self, CatalogReader};
use serde_json::json;

use super::dispatch::Asked;
use super::error::{self, Needs};
use crate::web::authenticate;
use crate::web::services::Services;

const DEFAULT_HITS: usize = 25;
const MAX_HITS: usize = 100;
const MAX_DESCRIPTION: usize = 255;

/// `GET /v1/_ping`: Docker asks this before it searches.
pub async fn ping() -> HttpResponse {
    HttpResponse::Ok().insert_header(("X-Docker-Registry-Version", "0.6.0")).json(true)
}

/// Everything else of the first protocol: nobody has spoken it for years.
pub async fn retired() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "error": "Not Found" }))
}

/// `GET /v1/search?q=…&n=…`
pub async fn search(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let asked = Asked { request, services };
    match found(&asked).await {
        Ok(response) => response,
        Err(refusal) => error::response(&asked.request, &asked.services, &refusal, &Needs::Catalog),
    }
}

async fn found(asked: &Asked) -> Result<HttpResponse> {
    let services = &asked.services;
    let caller = authenticate::registry_caller(&asked.request, services).await?;
    let standing = services.access.standing(&caller).await?;
    // A token for one repository must not tell what others there are.
    let reader = if caller.ceiling.catalog() {
        CatalogReader { principal: caller.principal.clone(), standing }
    } else {
        CatalogReader { principal: Principal::Anonymous, standing: Standing::Plain }
    };
    let text = asked.query("q").unwrap_or_default();
    let wanted = asked.query("n").and_then(|n| n.parse().ok()).unwrap_or(DEFAULT_HITS).clamp(1, MAX_HITS);
    let query = text.clone();
    let hits = services.db.read(move |conn| repository::search(conn, &reader, &text, wanted)).await?;
    let results: Vec<_> = hits
        .iter()
        .map(|hit| {
            json!({
                "name": hit.name,
                "description": hit.description.chars().take(MAX_DESCRIPTION).collect::<String>(),
                "is_public": hit.visibility == Visibility::Public,
                "star_count": 0,
                "is_official": false,
                "is_automated": false,
                "is_trusted": false,
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({
        "query": query,
        "num_results": results.len(),
        "num_pages": 1,
        "page": 1,
        "page_size": wanted,
        "results": results,
    })))
}
