//! Theme and language, chosen on any page.

use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use domain::preferences::{self, Preferences, Theme};
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

/// `POST /preferences`: kept with the account of whoever is signed in, and in the browser.
///
/// # Errors
/// As the database's.
pub async fn choose(visit: Visit, form: VerifiedForm<Chosen>) -> Result<HttpResponse, PageError> {
    let chosen = form.into_inner();
    let theme = chosen.theme.as_deref().map(theme);
    let language = chosen.language.as_deref().and_then(Language::parse);
    if let Some(session) = &visit.visitor.session {
        let known = session.preferences;
        let wanted = Preferences {
            theme: theme.map_or(known.theme, Theme::from_word),
            language: language.map_or(known.language, |language| preferences::Language::from_word(language.code())),
            ..known
        };
        if wanted != known {
            let me = visit.myself().await?;
            visit.services.db.write(move |tx| preferences::change(tx, &me, &wanted)).await?;
        }
    }
    let mut answer = visit.go(&signin::local(&chosen.next));
    remember(&visit, &mut answer, theme, language);
    Ok(answer)
}

/// In the browser, for when nobody is signed in.
pub(super) fn remember(visit: &Visit, answer: &mut HttpResponse, theme: Option<&str>, language: Option<Language>) {
    if let Some(theme) = theme {
        let _ = answer.add_cookie(&lasting(visit, THEME_COOKIE, theme.replace(' ', "+")));
    }
    if let Some(language) = language {
        let _ = answer.add_cookie(&lasting(visit, LANGUAGE_COOKIE, language.code().to_string()));
    }
}

/// So that the browser's own language counts.
pub(super) fn forget_language(visit: &Visit, answer: &mut HttpResponse) {
    let mut cookie = lasting(visit, LANGUAGE_COOKIE, String::new());
    cookie.make_removal();
    let _ = answer.add_cookie(&cookie);
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
