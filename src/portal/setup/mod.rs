//! First-time set-up: whoever reads the server's output creates the first administrator.
//!
//! The word in the URL `serve` prints ([`crate::web::setup_token`]) is the whole permission. The page carries it on in
//! a hidden field, so a form without it does nothing. Once there is a user, every address here only says so.

mod form;
#[cfg(test)]
mod tests;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use domain::account;
use domain::oci::NamespaceName;
use serde::Deserialize;

use self::form::{Fault, Field, SetupForm, Typed};
use super::address::{Address, ImageCommands};
use super::error::{self, Explanation, Refusal};
use super::page::{self, SoloFrame};
use super::urls;
use crate::web::form::{FormRejection, SameSiteForm};
use crate::web::origin;
use crate::web::services::Services;

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
    frame: SoloFrame,
    host: String,
    token: String,
    typed: Typed,
    faults: Vec<Fault>,
}

impl SetupPage {
    fn fault(&self, field: Field) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.field == field)
    }

    fn answer(&self) -> HttpResponse {
        let status = if self.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        page::answer(status, self)
    }
}

#[derive(Template)]
#[template(path = "setup/done.html")]
struct DonePage {
    frame: SoloFrame,
    login: String,
    commands: ImageCommands,
    create_organization: String,
    address: Address,
}

/// `GET /setup?token=…`
pub async fn show(
    request: HttpRequest,
    services: web::Data<Services>,
    printed: Result<web::Query<Printed>, actix_web::Error>,
) -> HttpResponse {
    let Ok(web::Query(printed)) = printed else { return wrong_address().answer(&request) };
    if let Err(refusal) = require_open(&request, &services, &printed.token).await {
        return refusal;
    }
    form_page(&request, &services, printed.token, Typed::default(), Vec::new()).answer()
}

/// `POST /setup`
pub async fn submit(
    request: HttpRequest,
    services: web::Data<Services>,
    form: Result<SameSiteForm<SetupForm>, FormRejection>,
) -> HttpResponse {
    let form = match form {
        Ok(_) if !request.query_string().is_empty() => return wrong_address().answer(&request),
        Ok(SameSiteForm(form)) => form,
        Err(rejection) => return Explanation::from(rejection).answer(&request),
    };
    if let Err(refusal) = require_open(&request, &services, &form.token).await {
        return refusal;
    }
    let (token, typed) = (form.token.clone(), form.typed());
    let first = match form.check() {
        Ok(first) => first,
        Err(faults) => return form_page(&request, &services, token, typed, faults).answer(),
    };
    match create(&request, &services, first).await {
        Ok(name) => page::see_other(&urls::setup_done(&name)),
        Err(refused) => match error::refusal(&request, &refused) {
            Refusal::Page(explanation) => explanation.answer(&request),
            Refusal::AtField { field, message } => {
                let faults = vec![Fault { field: Field::named(field), message }];
                form_page(&request, &services, token, typed, faults).answer()
            }
        },
    }
}

/// `GET /setup/done?user=…`
pub async fn done(
    request: HttpRequest,
    services: web::Data<Services>,
    created: Result<web::Query<Created>, actix_web::Error>,
) -> HttpResponse {
    let Ok(web::Query(Created { user })) = created else { return page::see_other(urls::landing()) };
    match services.db.read(account::any).await {
        Ok(true) => {}
        Ok(false) => return page::see_other(urls::landing()),
        Err(error) => return error::answer(&request, error),
    }
    let address = Address::of(&request, &services);
    let page = DonePage {
        frame: SoloFrame::of(&request),
        login: format!("docker login -u {user} {}", address.host()),
        commands: ImageCommands::new(&address, user.as_str(), "alpine:3.22"),
        create_organization: format!(
            "curl -u {user} -H 'Content-Type: application/json' -d '{{\"name\": \"acme\"}}' {}/api/v1/organization/",
            address.url()
        ),
        address,
    };
    page::answer(StatusCode::OK, &page)
}

/// Refuses, with a page, whoever came too late or without the right word.
async fn require_open(request: &HttpRequest, services: &Services, token: &str) -> Result<(), HttpResponse> {
    match services.db.read(account::any).await {
        Ok(false) if services.setup.accepts(token) => Ok(()),
        Ok(false) => Err(wrong_token().answer(request)),
        Ok(true) => Err(already_set_up().answer(request)),
        Err(error) => Err(error::answer(request, error)),
    }
}

async fn create(
    request: &HttpRequest,
    services: &Services,
    first: account::FirstUser,
) -> domain::Result<NamespaceName> {
    let (name, origin) = (first.name.clone(), origin::of(request, services));
    account::create_first(&services.db, services.entropy.clone(), services.clock.now(), origin, first).await?;
    services.setup.discard();
    Ok(name)
}

fn form_page(request: &HttpRequest, services: &Services, token: String, typed: Typed, faults: Vec<Fault>) -> SetupPage {
    let host = Address::of(request, services).host().to_string();
    SetupPage { frame: SoloFrame::of(request), host, token, typed, faults }
}

fn wrong_token() -> Explanation {
    let text = "The secret word at the end of the address is missing, was cut off while copying, or is an old one.";
    Explanation::new(StatusCode::FORBIDDEN, "This set-up address is not valid", text).without_request().advising(&[
        "The right address is in what the server printed when it started: in its terminal, or in the log of its \
         container or service.",
        "Restarting the server prints a new address. The old one then no longer works.",
    ])
}

fn wrong_address() -> Explanation {
    let text = "The address has other parameters than the one the server printed. Nothing has been changed.";
    Explanation::new(StatusCode::BAD_REQUEST, "This set-up address is not valid", text)
        .without_request()
        .advising(&["Copy the whole address from the server's output once more."])
}

fn already_set_up() -> Explanation {
    let text = "There is an administrator, so the set-up address no longer does anything.";
    Explanation::new(StatusCode::CONFLICT, "This registry is set up already", text)
        .without_request()
        .advising(&["If you need an account, ask whoever runs this registry."])
}
