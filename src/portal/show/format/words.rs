//! The words in which figures and moments are told.

use super::Language;

/// Everything a language needs for them.
pub struct Words {
    pub decimal: char,
    /// Stands after the number of a day.
    pub after_day: &'static str,
    /// How an exact moment is written, for `strftime`.
    pub absolute: &'static str,
    pub months: [&'static str; 12],
    pub short_months: [&'static str; 12],
    /// Monday first.
    pub short_weekdays: [&'static str; 7],
    byte: Unit,
    /// Week, day, hour, minute, second, as in durations.
    pub units: [Unit; 5],
    pub past: Tense,
    pub future: Tense,
}

/// A word for one and for several.
pub struct Unit(&'static str, &'static str);

/// How distance is told in one direction.
pub struct Tense {
    /// Less than a minute.
    pub at_once: &'static str,
    /// The day beside today.
    pub next_day: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub minute: Unit,
    pub hour: Unit,
    pub day: Unit,
    pub week: Unit,
    pub month: Unit,
    pub year: Unit,
}

impl Unit {
    /// The word that goes with this many.
    pub fn of(&self, count: u64) -> &'static str {
        if count == 1 { self.0 } else { self.1 }
    }
}

impl Words {
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
        }
    }

    pub fn bytes(&self, count: u64) -> &'static str {
        self.byte.of(count)
    }
}

const fn english(at_once: &'static str, next_day: &'static str, before: &'static str, after: &'static str) -> Tense {
    Tense {
        at_once,
        next_day,
        before,
        after,
        minute: Unit("min", "min"),
        hour: Unit("hour", "hours"),
        day: Unit("day", "days"),
        week: Unit("week", "weeks"),
        month: Unit("month", "months"),
        year: Unit("year", "years"),
    }
}

const fn german(at_once: &'static str, next_day: &'static str, before: &'static str) -> Tense {
    Tense {
        at_once,
        next_day,
        before,
        after: "",
        // After "vor" and "in", which ask for the dative.
        minute: Unit("Min.", "Min."),
        hour: Unit("Stunde", "Stunden"),
        day: Unit("Tag", "Tagen"),
        week: Unit("Woche", "Wochen"),
        month: Unit("Monat", "Monaten"),
        year: Unit("Jahr", "Jahren"),
    }
}

static ENGLISH: Words = Words {
    decimal: '.',
    after_day: "",
    absolute: "%Y-%m-%d %H:%M:%S %Z",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    short_weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    byte: Unit("byte", "bytes"),
    units: [
        Unit("week", "weeks"),
        Unit("day", "days"),
        Unit("hour", "hours"),
        Unit("minute", "minutes"),
        Unit("second", "seconds"),
    ],
    past: english("just now", "yesterday", "", " ago"),
    future: english("in a moment", "tomorrow", "in ", ""),
};

static GERMAN: Words = Words {
    decimal: ',',
    after_day: ".",
    absolute: "%d.%m.%Y %H:%M:%S %Z",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    short_months: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez."],
    short_weekdays: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
    byte: Unit("Byte", "Bytes"),
    units: [
        Unit("Woche", "Wochen"),
        Unit("Tag", "Tage"),
        Unit("Stunde", "Stunden"),
        Unit("Minute", "Minuten"),
        Unit("Sekunde", "Sekunden"),
    ],
    past: german("gerade eben", "gestern", "vor "),
    future: german("gleich", "morgen", "in "),
};
