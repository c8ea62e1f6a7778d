//! What every page has.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::text::Text;
use super::visit::Visitor;
use crate::web::request_id::RequestId;
use crate::web::security_headers;

/// Room for a page, so that it is not moved while it grows: most are smaller, and the largest are twice or thrice this.
const USUAL_SIZE: usize = 96 * 1024;

/// What stands around a page that explains an error, as [`Outside`](super::outside::Outside) around others; it needs no
/// database.
pub struct SoloFrame {
    /// Of this program.
    pub version: &'static str,
    /// The reader's words.
    pub text: Text,
    /// As in `data-theme`.
    pub theme: &'static str,
    /// Names the request in the log.
    pub request_id: Option<Arc<str>>,
}

impl SoloFrame {
    /// For the page that answers this request.
    pub fn of(request: &HttpRequest) -> SoloFrame {
        let (text, theme) = Visitor::look(request);
        SoloFrame { version: env!("CARGO_PKG_VERSION"), text, theme, request_id: request_id(request) }
    }

    /// A message without arguments.
    pub fn say(&self, key: &str) -> String {
        self.text.say(key)
    }
}

/// What names the request in the log.
pub fn request_id(request: &HttpRequest) -> Option<Arc<str>> {
    request.extensions().get::<RequestId>().map(|RequestId(id)| Arc::clone(id))
}

/// The page as an answer.
pub fn answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    answer_with(&mut HttpResponse::build(status), page)
}

/// The page as an answer that has headers of its own.
pub fn answer_with(response: &mut HttpResponseBuilder, page: &impl Template) -> HttpResponse {
    security_headers::on_page(response);
    rendered(response, page)
}

/// The page as an answer; its form may end at this other site, `scheme://host[:port]`.
pub fn answer_leading_to(site: &str, page: &impl Template) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    security_headers::on_page_leading_to(&mut response, site);
    rendered(&mut response, page)
}

/// On to another address of this server, by GET.
pub fn see_other(url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

fn rendered(response: &mut HttpResponseBuilder, page: &impl Template) -> HttpResponse {
    response.insert_header((header::VARY, "HX-Request, HX-Target"));
    let mut html = String::with_capacity(USUAL_SIZE);
    match page.render_into(&mut html) {
        Ok(()) => response.content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, "a template could not be rendered");
            HttpResponse::InternalServerError().content_type("text/plain").body("The page could not be written\n")
        }
    }
}
