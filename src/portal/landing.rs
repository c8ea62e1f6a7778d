//! The first page: what this is, whether it works, how to use it.

use actix_web::HttpResponse;
use askama::Template;

use super::address::{Address, ImageCommands};
use super::outside::Outside;
use super::problem::PageError;
use super::urls;
use super::visit::Visit;

#[derive(Template)]
#[template(path = "landing.html")]
struct LandingPage {
    frame: Outside,
    is_set_up: bool,
    login: String,
    commands: ImageCommands,
    address: Address,
}

/// `GET /` for whoever is not signed in.
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let is_set_up = visit.services.db.read(domain::account::any).await?;
    let address = visit.address();
    let page = LandingPage {
        frame: visit.outside(),
        is_set_up,
        login: format!("docker login {}", address.host()),
        commands: ImageCommands::new(&address, "namespace", "name:tag"),
        address,
    };
    Ok(visit.page(&page))
}
