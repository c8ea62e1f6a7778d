//! Theme and language, chosen on any page.

use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use serde::Deserialize;

use super::problem::PageError;
use super::signin;
use super::text::Language;
use super::visit::{LANGUAGE_COOKIE, THEME_COOKIE, Visit, theme};
use crate::web::form::VerifiedForm;
use crate::web::session;

const FOR_A_YEAR: Duration = Duration::days(365);

/// What is chosen; what is absent stays.
#[derive(Deserialize)]
pub struct Chosen {
    theme: Option<String>,
    language: Option<String>,
    #[serde(default)]
    next: String,
}

/// `POST /preferences`
///
/// # Errors
/// Never.
pub async fn choose(visit: Visit, form: VerifiedForm<Chosen>) -> Result<HttpResponse, PageError> {
    let chosen = form.into_inner();
    let mut answer = visit.go(&signin::local(&chosen.next));
    if let Some(wanted) = &chosen.theme {
        let _ = answer.add_cookie(&lasting(&visit, THEME_COOKIE, theme(wanted).replace(' ', "+")));
    }
    if let Some(language) = chosen.language.as_deref().and_then(Language::parse) {
        let _ = answer.add_cookie(&lasting(&visit, LANGUAGE_COOKIE, language.code().to_string()));
    }
    Ok(answer)
}

/// Readable by our script: it changes the theme without a page.
fn lasting(visit: &Visit, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .secure(session::is_secure(&visit.services))
        .same_site(SameSite::Lax)
        .max_age(FOR_A_YEAR)
        .finish()
}
