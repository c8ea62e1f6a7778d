//! The table as people read it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{GROUPS, Group};
use crate::web::services::Services;
use crate::web::{origin, security_headers};

#[derive(Template)]
#[template(path = "api/docs.html")]
struct DocsPage {
    frame: Frame,
    base_url: String,
    groups: [Group; GROUPS.len()],
}

/// What the layout shows.
struct Frame {
    version: &'static str,
}

/// `GET /api/v1/docs`
pub async fn show(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let page = DocsPage {
        frame: Frame { version: env!("CARGO_PKG_VERSION") },
        base_url: origin::base_url(&request, &services),
        groups: GROUPS,
    };
    let mut response = HttpResponse::Ok();
    security_headers::on_page(&mut response);
    match page.render() {
        Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, "a template could not be rendered");
            HttpResponse::InternalServerError().content_type("text/plain").body("The page could not be written\n")
        }
    }
}
