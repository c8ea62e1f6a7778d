//! Where people get tokens they copy by hand.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::outside::Outside;
use super::super::problem;
use super::super::visit::Visit;

#[derive(Template)]
#[template(path = "oauth/localapp.html")]
struct LocalAppPage {
    frame: Outside,
}

/// `GET /oauth/localapp`: the token is behind the `#`, which only the browser sees.
pub async fn show(request: HttpRequest) -> HttpResponse {
    match Visit::of(request.clone()).await {
        Ok(visit) => visit.page(&LocalAppPage { frame: visit.outside() }),
        Err(error) => problem::answer(&request, &error).await,
    }
}
