//! One's own account: who one is, how one signs in, and what acts for one.

mod authorized;
mod end;
mod factor;
mod head;
mod invitations;
mod password;
mod preferences;
mod profile;
mod security;
mod sessions;
mod token_form;
mod tokens;

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use self::head::Tab;
use super::problem::PageError;
use super::visit::Visit;
use super::{read, urls};

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    tab: String,
    dialog: String,
    /// Whom or what the dialog is about.
    of: String,
    /// The row that the list goes on from.
    beyond: Option<i64>,
}

/// Every address.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route(urls::ACCOUNT, read().to(show))
        .route("/account/profile", web::post().to(profile::save))
        .route("/account/tag-expiration", web::post().to(profile::set_tag_expiration))
        .route("/account/password", web::post().to(password::change))
        .route("/account/second-factor", web::post().to(factor::begin))
        .route("/account/second-factor/confirmation", web::post().to(factor::confirm))
        .route("/account/second-factor/codes", web::post().to(factor::regenerate))
        .route("/account/second-factor/removal", web::post().to(factor::switch_off))
        .route("/account/sessions/removal", web::post().to(sessions::end_others))
        .route("/account/sessions/{uuid}/removal", web::post().to(sessions::end))
        .route("/account/tokens/application", web::post().to(token_form::create_application))
        .route("/account/tokens/personal", web::post().to(token_form::create_personal))
        .route("/account/tokens/{kind}/{uuid}/removal", web::post().to(tokens::revoke))
        .route("/account/applications/{uuid}/removal", web::post().to(authorized::revoke))
        .route("/account/preferences", web::post().to(preferences::save))
        .route("/account/conversion", web::post().to(end::convert))
        .route("/account/deletion", web::post().to(end::delete));
}

/// `GET /account?tab=…`
///
/// # Errors
/// To the sign-in page for whoever is not signed in; to the page that asks for the password before what is dangerous.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    match Tab::named(&asked.tab) {
        Tab::Profile => profile::show(&visit).await,
        Tab::Security => security::show(&visit, &asked).await,
        Tab::Sessions => sessions::show(&visit, &asked).await,
        Tab::Tokens => tokens::show(&visit, &asked).await,
        Tab::Applications => authorized::show(&visit, &asked).await,
        Tab::Invitations => invitations::show(&visit).await,
        Tab::Preferences => preferences::show(&visit).await,
        Tab::End => end::show(&visit, &asked).await,
    }
}
