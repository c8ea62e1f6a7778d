//! Where people get tokens they copy by hand.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::super::address::Address;
use super::super::page::{self, SoloFrame};
use crate::web::services::Services;

#[derive(Template)]
#[template(path = "oauth/localapp.html")]
struct LocalAppPage {
    frame: SoloFrame,
    host: String,
}

/// `GET /oauth/localapp`: the token is behind the `#`, which only the browser sees.
pub async fn show(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let host = Address::of(&request, &services).host().to_string();
    page::answer(StatusCode::OK, &LocalAppPage { frame: SoloFrame::of(&request), host })
}
