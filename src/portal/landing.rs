//! The first page: what this is, whether it works, how to use it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::address::{Address, ImageCommands};
use super::error;
use super::page::{self, SoloFrame};
use crate::web::services::Services;

#[derive(Template)]
#[template(path = "landing.html")]
struct LandingPage {
    frame: SoloFrame,
    is_set_up: bool,
    login: String,
    commands: ImageCommands,
    address: Address,
}

/// `GET /`
pub async fn show(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let is_set_up = match services.db.read(domain::account::any).await {
        Ok(is_set_up) => is_set_up,
        Err(error) => return error::answer(&request, error),
    };
    let address = Address::of(&request, &services);
    let page = LandingPage {
        frame: SoloFrame::of(&request),
        is_set_up,
        login: format!("docker login {}", address.host()),
        commands: ImageCommands::new(&address, "namespace", "name:tag"),
        address,
    };
    page::answer(StatusCode::OK, &page)
}
