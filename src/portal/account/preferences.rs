//! The tab of how pages look: the same on every browser the user signs in with.

use actix_web::HttpResponse;
use askama::Template;
use domain::preferences::{self, Preferences, TimeZone};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::preferences as browser;
use crate::portal::problem::PageError;
use crate::portal::text::{Language, Text};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Themes and their names' keys.
const THEMES: [(&str, &str); 6] = [
    ("", "frame-theme-system"),
    ("light", "frame-theme-light"),
    ("dark", "frame-theme-dark"),
    ("contrast", "frame-theme-contrast"),
    ("light contrast", "account-theme-light-contrast"),
    ("dark contrast", "account-theme-dark-contrast"),
];

/// The form; a box that is not ticked is not sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    theme: String,
    language: String,
    time_zone: String,
    slash_searches: String,
}

#[derive(Template)]
#[template(path = "account/preferences.html")]
struct PreferencesPage {
    frame: Frame,
    head: Head,
    typed: Typed,
    faults: Faults,
    zones: Vec<TimeZone>,
}

/// `?tab=preferences`
pub async fn show(visit: &Visit) -> Result<HttpResponse, PageError> {
    visit.user()?;
    let known = visit.visitor.session.as_ref().map(|session| session.preferences).unwrap_or_default();
    Ok(visit.page(&page(visit, Typed::of(&known), Faults::none()).await?))
}

/// `POST /account/preferences`
///
/// # Errors
/// As the database's.
pub async fn save(visit: Visit, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    let typed = form.into_inner();
    let wanted = match typed.read() {
        Ok(wanted) => wanted,
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            return Ok(visit.refused(&page(&visit, typed, faults).await?));
        }
    };
    visit.services.db.write(move |tx| preferences::change(tx, &me, &wanted)).await?;
    // The notice is read in the language that was just chosen.
    let language = Language::parse(&typed.language);
    let text = language.map_or(visit.text(), Text::new);
    let mut answer = visit.go_saying(&Head::at(Tab::Preferences).here(), Flash::done(text.say("account-saved")));
    browser::remember(&visit, &mut answer, Some(&typed.theme), language);
    if language.is_none() {
        browser::forget_language(&visit, &mut answer);
    }
    Ok(answer)
}

impl Typed {
    fn of(known: &Preferences) -> Typed {
        Typed {
            theme: known.theme.map_or("", |theme| theme.as_str()).to_string(),
            language: known.language.map_or("", |language| language.as_str()).to_string(),
            time_zone: known.time_zone.map_or("", TimeZone::as_str).to_string(),
            slash_searches: if known.slash_searches { "yes".into() } else { String::new() },
        }
    }

    fn read(&self) -> domain::Result<Preferences> {
        Preferences::parse(&self.theme, &self.language, &self.time_zone, !self.slash_searches.is_empty())
    }
}

async fn page(visit: &Visit, typed: Typed, faults: Faults) -> Result<PreferencesPage, PageError> {
    let frame = visit.frame(Here::Elsewhere).await?;
    Ok(PreferencesPage { frame, head: Head::at(Tab::Preferences), typed, faults, zones: TimeZone::all() })
}

impl PreferencesPage {
    fn themes(&self) -> [(&'static str, &'static str); 6] {
        THEMES
    }

    fn is_zone(&self, zone: &TimeZone) -> bool {
        zone.as_str() == self.typed.time_zone
    }
}
