//! First-time set-up: whoever reads the server's output creates the first administrator.
//!
//! The word in the URL `serve` prints ([`crate::web::setup_token`]) is the whole permission. The page carries it on in
//! a hidden field, so a form without it does nothing. Once there is a user, every address here only says so.

mod form;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use domain::account;
use domain::oci::NamespaceName;
use serde::Deserialize;

use self::form::{SetupForm, Typed};
use super::address::{Address, ImageCommands};
use super::faults::Faults;
use super::outside::Outside;
use super::problem::PageError;
use super::visit::Visit;
use super::{error, read, urls};
use crate::web::form::{FormRejection, SameSiteForm};

/// The query of the URL that was printed. There is nowhere to be sent on to, so nothing else may be in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printed {
    #[serde(default)]
    token: String,
}

/// Whom the page of next steps is for; only used in the commands it shows.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Created {
    user: NamespaceName,
}

#[derive(Template)]
#[template(path = "setup/form.html")]
struct SetupPage {
    frame: Outside,
    token: String,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "setup/done.html")]
struct DonePage {
    frame: Outside,
    login: String,
    commands: ImageCommands,
    address: Address,
}

#[derive(Template)]
#[template(path = "setup/refused.html")]
struct RefusedPage {
    frame: Outside,
    refusal: Refusal,
}

/// Why there is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// The word is missing or is not the one that was printed last.
    WrongToken,
    /// The address has more in it than what was printed.
    WrongAddress,
    /// There is somebody already.
    SetUp,
}

/// Every address.
pub fn routes(config: &mut web::ServiceConfig) {
    let at = |address: &str| web::resource(address.to_string()).default_service(web::to(error::no_method));
    config
        .service(at(urls::SETUP).route(read().to(show)).route(web::post().to(submit)))
        .service(at(urls::SETUP_DONE).route(read().to(done)));
}

/// `GET /setup?token=…`
///
/// # Errors
/// As the database's.
pub async fn show(
    visit: Visit,
    printed: Result<web::Query<Printed>, actix_web::Error>,
) -> Result<HttpResponse, PageError> {
    let Ok(web::Query(Printed { token })) = printed else { return Ok(Refusal::WrongAddress.answer(&visit)) };
    if let Some(refusal) = refusal(&visit, &token).await? {
        return Ok(refusal.answer(&visit));
    }
    let (typed, faults) = (Typed::default(), Faults::none());
    Ok(visit.page(&SetupPage { frame: visit.outside(), token, typed, faults }))
}

/// `POST /setup`
///
/// # Errors
/// As the form's, and as [`account::create_first`], but for what the form can mend.
pub async fn submit(
    visit: Visit,
    form: Result<SameSiteForm<SetupForm>, FormRejection>,
) -> Result<HttpResponse, PageError> {
    let SameSiteForm(form) = form?;
    if !visit.request.query_string().is_empty() {
        return Ok(Refusal::WrongAddress.answer(&visit));
    }
    if let Some(refusal) = refusal(&visit, &form.token).await? {
        return Ok(refusal.answer(&visit));
    }
    let (token, typed) = (form.token.clone(), form.typed());
    let faults = match form.check(visit.text()) {
        Ok(first) => match create(&visit, first).await {
            Ok(name) => return Ok(visit.go(&urls::setup_done(&name))),
            Err(refused) => form::at_fields(&Faults::from_domain(&visit.request, refused)?),
        },
        Err(faults) => faults,
    };
    Ok(visit.refused(&SetupPage { frame: visit.outside(), token, typed, faults }))
}

/// `GET /setup/done?user=…`
///
/// # Errors
/// As the database's.
pub async fn done(
    visit: Visit,
    created: Result<web::Query<Created>, actix_web::Error>,
) -> Result<HttpResponse, PageError> {
    let Ok(web::Query(Created { user })) = created else { return Ok(visit.go(urls::landing())) };
    if !visit.services.db.read(account::any).await? {
        return Ok(visit.go(urls::landing()));
    }
    let address = visit.address();
    Ok(visit.page(&DonePage {
        frame: visit.outside(),
        login: format!("docker login -u {user} {}", address.host()),
        commands: ImageCommands::new(&address, user.as_str(), "alpine:3.22"),
        address,
    }))
}

/// What is said to whoever came too late or without the right word.
async fn refusal(visit: &Visit, token: &str) -> Result<Option<Refusal>, PageError> {
    let is_set_up = visit.services.db.read(account::any).await?;
    Ok(match is_set_up {
        true => Some(Refusal::SetUp),
        false => (!visit.services.setup.accepts(token)).then_some(Refusal::WrongToken),
    })
}

async fn create(visit: &Visit, first: account::FirstUser) -> domain::Result<NamespaceName> {
    let (name, origin, services) = (first.name.clone(), visit.caller().origin.clone(), &visit.services);
    account::create_first(&services.db, services.entropy.clone(), services.clock.now(), origin, first).await?;
    services.setup.discard();
    Ok(name)
}

impl Refusal {
    fn answer(self, visit: &Visit) -> HttpResponse {
        visit.page_with(self.status(), &RefusedPage { frame: visit.outside(), refusal: self })
    }

    fn status(self) -> StatusCode {
        match self {
            Refusal::WrongToken => StatusCode::FORBIDDEN,
            Refusal::WrongAddress => StatusCode::BAD_REQUEST,
            Refusal::SetUp => StatusCode::CONFLICT,
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Refusal::WrongToken => "lock",
            Refusal::WrongAddress => "circle-alert",
            Refusal::SetUp => "info",
        }
    }

    fn title(self) -> &'static str {
        if self == Refusal::SetUp { "setup-over" } else { "setup-invalid" }
    }

    fn text(self) -> &'static str {
        match self {
            Refusal::WrongToken => "setup-wrong-token",
            Refusal::WrongAddress => "setup-wrong-address",
            Refusal::SetUp => "setup-over-text",
        }
    }

    /// What to do, a paragraph each.
    fn advice(self) -> &'static [&'static str] {
        match self {
            Refusal::WrongToken => &["setup-where-token", "setup-new-token"],
            Refusal::WrongAddress => &["setup-copy-again"],
            Refusal::SetUp => &["setup-ask"],
        }
    }
}
