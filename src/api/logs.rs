//! The usage log: its entries, a page at a time, and how often what happened.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::audit::{self, Key};
use serde_json::{Value, json};

use super::error::ApiError;
use super::log_scope::{Asked, Of};
use super::{asked, log_shapes, page, shapes};
use crate::web::services::Services;

const PAGE: usize = 20;
const LIST: &str = "logs";

pub fn routes(config: &mut web::ServiceConfig) {
    for of in Of::ALL {
        let entries = move |request, services| entries(of, request, services);
        let aggregate = move |request, services| aggregate(of, request, services);
        config
            .service(web::resource(asked::either(&format!("{}/logs", of.path()))).route(web::get().to(entries)))
            .service(
                web::resource(asked::either(&format!("{}/aggregatelogs", of.path()))).route(web::get().to(aggregate)),
            );
    }
}

/// `GET …/logs`
async fn entries(of: Of, request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let scope = of.inspected(&request, &services).await?;
    let given: Asked = asked::query(&request)?;
    let filter = given.filter(&scope, services.clock.now())?;
    let after: Option<Key> = page::key(LIST, given.next_page.as_deref())?;
    let (from, until) = (filter.from, filter.until);
    let (found, organizations) = services
        .db
        .read(move |conn| {
            let found = audit::page(conn, &scope, &filter, after, PAGE)?;
            let organizations = audit::organizations(conn, &found.entries)?;
            Ok((found, organizations))
        })
        .await?;
    let shape = |entry| log_shapes::entry(entry, &organizations, of.namespaces());
    let mut answer = json!({
        "start_time": shapes::date(from),
        "end_time": shapes::date(until),
        "logs": found.entries.iter().map(shape).collect::<Vec<Value>>(),
    });
    if let Some(next) = found.next {
        answer["next_page"] = json!(page::token(LIST, &next));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `GET …/aggregatelogs`
async fn aggregate(of: Of, request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let scope = of.inspected(&request, &services).await?;
    let given: Asked = asked::query(&request)?;
    let filter = given.filter(&scope, services.clock.now())?;
    let counts = services.db.read(move |conn| audit::chart(conn, &scope, &filter)).await?;
    let shape = |count: &audit::DayCount| json!({ "kind": count.kind, "count": count.times, "datetime": shapes::date(count.day) });
    Ok(HttpResponse::Ok().json(json!({ "aggregated": counts.iter().map(shape).collect::<Vec<Value>>() })))
}
