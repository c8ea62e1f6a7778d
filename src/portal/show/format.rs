//! Figures, sizes and moments in the reader's language and time zone.

use std::time::Duration;

use domain::time::Timestamp;
use jiff::ZonedDateTime;
use jiff::tz::TimeZone;

use super::super::text::Language;
use words::Words;

mod words;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
/// Up to here days are told, then weeks.
const MOST_DAYS: u64 = 13;
/// Below this many days weeks are told, then months: the first is "2 months".
const WEEKS_END: u64 = 61;
const SIZES: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
/// Digits of a digest that tell it apart for people.
const SHORT_DIGEST: usize = 12;

/// For whom something is written, and when.
#[derive(Debug, Clone)]
pub struct Reader {
    language: Language,
    zone: TimeZone,
    now: Timestamp,
}

/// A moment as a page shows it: `<time datetime="machine" title="absolute">relative</time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// "3 hours ago", "in 5 days".
    pub relative: String,
    /// With seconds and the zone's abbreviation: "2026-09-09 07:41:00 UTC".
    pub absolute: String,
    /// RFC 3339 in UTC.
    pub machine: String,
}

impl Reader {
    /// A reader in this zone of the IANA database, such as `Europe/Berlin`; UTC if there is none of that name.
    pub fn new(language: Language, zone: Option<&str>, now: Timestamp) -> Reader {
        let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        Reader { language, zone, now }
    }

    /// "48,210", in German "48.210".
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() * 4 / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(self.language.thousands_separator());
            }
            text.push(digit);
        }
        text
    }

    /// A size in binary units: "84.2 MiB". One decimal below 100, and none for bytes.
    pub fn size(&self, bytes: u64) -> String {
        if bytes < 1024 {
            return format!("{} {}", self.number(bytes), self.words().bytes(bytes));
        }
        let mut unit = 1024_u128;
        let mut names = SIZES.iter();
        let mut name = names.next().expect("there are units");
        // Rounded first: what would read "1024 KiB" is "1.0 MiB".
        while (u128::from(bytes) + unit / 2) / unit >= 1024 {
            let Some(next) = names.next() else { break };
            (unit, name) = (unit * 1024, next);
        }
        let tenths = (u128::from(bytes) * 10 + unit / 2) / unit;
        if tenths < 1000 {
            return format!("{}{}{} {name}", tenths / 10, self.words().decimal, tenths % 10);
        }
        format!("{} {name}", self.number(u64::try_from((u128::from(bytes) + unit / 2) / unit).unwrap_or(u64::MAX)))
    }

    /// A moment, seen from now.
    pub fn moment(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        Moment {
            relative: self.relative(at),
            absolute: local.strftime(self.words().absolute).to_string(),
            machine: format!("{:.0}", local.timestamp()),
        }
    }

    /// The day of a moment, in words: "9 September".
    pub fn day(&self, at: Timestamp) -> String {
        self.day_with(at, &self.words().months)
    }

    /// The day of a moment where room is short: "9 Sep".
    pub fn short_day(&self, at: Timestamp) -> String {
        self.day_with(at, &self.words().short_months)
    }

    /// The day of a moment with its year: "9 September 2026".
    pub fn date(&self, at: Timestamp) -> String {
        format!("{} {}", self.day(at), self.local(at).year())
    }

    /// The month of a moment where room is short: "Sep".
    pub fn short_month(&self, at: Timestamp) -> &'static str {
        month_of(&self.local(at), &self.words().short_months)
    }

    /// Days of the week where room is short, Monday first.
    pub fn short_weekdays(&self) -> [&'static str; 7] {
        self.words().short_weekdays
    }

    /// How long, in its two largest units: "2 hours 5 minutes", "3 weeks".
    pub fn duration(&self, duration: Duration) -> String {
        let seconds = duration.as_secs();
        let units = [WEEK, DAY, HOUR, MINUTE, 1];
        // Weeks only if they are whole: "10 days" is easier than "1 week 3 days".
        let skipped = usize::from(seconds == 0 || !seconds.is_multiple_of(WEEK));
        let mut left = seconds;
        let mut parts = Vec::new();
        for (unit, words) in units.iter().zip(&self.words().units).skip(skipped) {
            let count = left / unit;
            left %= unit;
            if count > 0 {
                parts.push(format!("{} {}", self.number(count), words.of(count)));
            }
        }
        parts.truncate(2);
        if parts.is_empty() {
            return format!("0 {}", self.words().units[4].of(0));
        }
        parts.join(" ")
    }

    /// As a field for date and time takes it, by the reader's clock: "2026-09-09T07:41".
    pub fn input(&self, at: Timestamp) -> String {
        self.local(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// What such a field gave, by the reader's clock; nothing for what is no moment.
    pub fn read_input(&self, text: &str) -> Option<Timestamp> {
        let clock: jiff::civil::DateTime = text.trim().parse().ok()?;
        Some(Timestamp(clock.to_zoned_datetime(self.zone.clone()).ok()?.timestamp().as_millisecond()))
    }

    fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    fn day_with(&self, at: Timestamp, months: &[&'static str; 12]) -> String {
        let local = self.local(at);
        format!("{}{} {}", local.day(), self.words().after_day, month_of(&local, months))
    }

    fn local(&self, at: Timestamp) -> ZonedDateTime {
        // Further away than calendars reach: the end of the calendar.
        let end = if at.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        jiff::Timestamp::from_millisecond(at.0).unwrap_or(end).to_zoned_datetime(self.zone.clone())
    }

    fn relative(&self, at: Timestamp) -> String {
        let words = self.words();
        let is_past = at <= self.now;
        let tense = if is_past { &words.past } else { &words.future };
        let seconds = at.0.abs_diff(self.now.0) / 1000;
        let told = |count: u64, unit: &words::Unit| {
            format!("{}{} {}{}", tense.before, self.number(count), unit.of(count), tense.after)
        };
        if seconds < MINUTE {
            return tense.at_once.to_string();
        }
        if seconds < HOUR {
            return told(seconds / MINUTE, &tense.minute);
        }
        if seconds < DAY {
            return told(seconds / HOUR, &tense.hour);
        }
        // From here on what counts is the calendar: "yesterday" is the day before today, not 24 to 48 hours ago.
        match self.days_between(at) {
            0 | 1 => tense.next_day.to_string(),
            days @ 2..=MOST_DAYS => told(days, &tense.day),
            days if days < WEEKS_END => told(days / 7, &tense.week),
            days if days < 365 => told(days * 10 / 304, &tense.month),
            days => told((days * 100 / 36525).max(1), &tense.year),
        }
    }

    fn days_between(&self, at: Timestamp) -> u64 {
        let (there, here) = (self.local(at).date(), self.local(self.now).date());
        there.duration_since(here).as_secs().unsigned_abs() / DAY
    }
}

fn month_of(local: &ZonedDateTime, months: &[&'static str; 12]) -> &'static str {
    usize::try_from(local.month() - 1).ok().and_then(|at| months.get(at)).copied().unwrap_or_default()
}

/// The first twelve digits of a digest, without its algorithm.
pub fn short_digest(digest: &str) -> &str {
    let digits = digest.split_once(':').map_or(digest, |(_, digits)| digits);
    digits.get(..SHORT_DIGEST).unwrap_or(digits)
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
