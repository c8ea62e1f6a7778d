use domain::preferences::TimeZone as Zone;
use proptest::prelude::*;

use super::*;

/// 2026-09-09 07:53:00 UTC, a Wednesday.
const NOW: Timestamp = Timestamp(1_788_940_380_000);

fn english() -> Reader {
    Reader::new(Language::English, None, NOW)
}

fn german() -> Reader {
    Reader::new(Language::German, Some("Europe/Berlin"), NOW)
}

fn ago(seconds: u64) -> Timestamp {
    NOW.minus(Duration::from_secs(seconds))
}

fn ahead(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

#[test]
fn thousands_are_separated() {
    let cases = [(0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (48_210, "48,210"), (1_234_567, "1,234,567")];
    for (number, shown) in cases {
        assert_eq!(english().number(number), shown);
    }
    assert_eq!(german().number(1_234_567), "1.234.567");
}

#[test]
fn sizes_have_binary_units_and_one_decimal_below_a_hundred() {
    let cases = [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KiB"),
        (4198, "4.1 KiB"),
        (88_290_099, "84.2 MiB"),
        (100 << 20, "100 MiB"),
        // Rounding carries into the next unit.
        ((1 << 20) - 1, "1.0 MiB"),
        ((100 << 20) - 1, "100 MiB"),
        (1023 << 10, "1,023 KiB"),
        (u64::MAX, "16.0 EiB"),
    ];
    for (bytes, shown) in cases {
        assert_eq!(english().size(bytes), shown);
    }
    assert_eq!(german().size(88_290_099), "84,2 MiB");
    assert_eq!(german().size(1), "1 Byte");
}

#[test]
fn the_past_is_told_in_words() {
    let cases = [
        (0, "just now", "gerade eben"),
        (59, "just now", "gerade eben"),
        (60, "1 min ago", "vor 1 Min."),
        (12 * MINUTE, "12 min ago", "vor 12 Min."),
        (HOUR, "1 hour ago", "vor 1 Stunde"),
        (3 * HOUR, "3 hours ago", "vor 3 Stunden"),
        (DAY, "yesterday", "gestern"),
        (8 * DAY, "8 days ago", "vor 8 Tagen"),
        (14 * DAY, "2 weeks ago", "vor 2 Wochen"),
        (61 * DAY, "2 months ago", "vor 2 Monaten"),
        (364 * DAY, "11 months ago", "vor 11 Monaten"),
        (365 * DAY, "1 year ago", "vor 1 Jahr"),
        (3 * 366 * DAY, "3 years ago", "vor 3 Jahren"),
    ];
    for (seconds, english_words, german_words) in cases {
        assert_eq!(english().moment(ago(seconds)).relative, english_words);
        assert_eq!(german().moment(ago(seconds)).relative, german_words);
    }
}

#[test]
fn the_future_is_told_in_words() {
    let cases = [
        (30, "in a moment", "gleich"),
        (5 * MINUTE, "in 5 min", "in 5 Min."),
        (6 * HOUR, "in 6 hours", "in 6 Stunden"),
        (DAY, "tomorrow", "morgen"),
        (5 * DAY, "in 5 days", "in 5 Tagen"),
        (150 * DAY, "in 4 months", "in 4 Monaten"),
    ];
    for (seconds, english_words, german_words) in cases {
        assert_eq!(english().moment(ahead(seconds)).relative, english_words);
        assert_eq!(german().moment(ahead(seconds)).relative, german_words);
    }
}

#[test]
fn a_year_is_never_told_as_none() {
    for days in 360..370 {
        let told = english().moment(ago(days * DAY)).relative;
        assert!(!told.starts_with('0') && !told.contains("12 months"), "{days}: {told}");
    }
}

#[test]
fn days_are_days_of_the_readers_calendar() {
    // 32 hours before 09:53 in Berlin is the day before; 34 hours are the day before that.
    assert_eq!(german().moment(ago(32 * HOUR)).relative, "gestern");
    assert_eq!(german().moment(ago(34 * HOUR)).relative, "vor 2 Tagen");
    // Already the 10th in Auckland.
    let far = Reader::new(Language::English, Some("Pacific/Auckland"), NOW);
    assert_eq!(far.day(ahead(5 * HOUR)), "10 September");
    assert_eq!(english().day(ahead(5 * HOUR)), "9 September");
}

#[test]
fn exact_moments_name_their_zone() {
    let at = Timestamp(1_788_939_660_000);
    let shown = english().moment(at);
    assert_eq!((shown.absolute.as_str(), shown.machine.as_str()), ("2026-09-09 07:41:00 UTC", "2026-09-09T07:41:00Z"));

    let shown = german().moment(at);
    assert_eq!((shown.absolute.as_str(), shown.machine.as_str()), ("09.09.2026 09:41:00 CEST", "2026-09-09T07:41:00Z"));
}

#[test]
fn days_and_months_have_their_names() {
    assert_eq!(english().date(NOW), "9 September 2026");
    assert_eq!(german().date(NOW), "9. September 2026");
    assert_eq!((english().short_day(NOW).as_str(), german().short_day(NOW).as_str()), ("9 Sep", "9. Sep."));
    assert_eq!((english().short_month(NOW), german().short_month(NOW)), ("Sep", "Sep."));
}

#[test]
fn an_unknown_zone_is_utc_and_known_ones_are_listed() {
    let lost = Reader::new(Language::English, Some("Atlantis/Capital"), NOW);
    assert_eq!(lost.moment(NOW).absolute, "2026-09-09 07:53:00 UTC");
    assert!(Zone::named("Europe/Berlin").is_some() && Zone::named("../../etc/passwd").is_none());
    let zones = Zone::all();
    assert!(zones.len() > 300 && zones.iter().any(|zone| zone.as_str() == "Pacific/Auckland"));
}

#[test]
fn durations_have_two_units() {
    let cases = [
        (0, "0 seconds", "0 Sekunden"),
        (1, "1 second", "1 Sekunde"),
        (2 * HOUR + 5 * MINUTE + 9, "2 hours 5 minutes", "2 Stunden 5 Minuten"),
        (HOUR, "1 hour", "1 Stunde"),
        (10 * DAY, "10 days", "10 Tage"),
        (2 * WEEK, "2 weeks", "2 Wochen"),
        (DAY + 1, "1 day 1 second", "1 Tag 1 Sekunde"),
    ];
    for (seconds, english_words, german_words) in cases {
        assert_eq!(english().duration(Duration::from_secs(seconds)), english_words);
        assert_eq!(german().duration(Duration::from_secs(seconds)), german_words);
    }
}

#[test]
fn digests_are_told_by_their_first_digits() {
    assert_eq!(short_digest("sha256:63d25d413a9e95ac03eb151b"), "63d25d413a9e");
    assert_eq!(short_digest("63d25d413a9e95ac"), "63d25d413a9e");
    assert_eq!(short_digest("sha256:63d"), "63d");
    assert_eq!(short_digest("sha256:ääääääääääää"), "ääääää");
}

proptest! {
    #[test]
    fn no_moment_size_or_duration_panics(at: i64, now: i64, number: u64) {
        for zone in [None, Some("America/St_Johns")] {
            let reader = Reader::new(Language::German, zone, Timestamp(now));
            let moment = reader.moment(Timestamp(at));
            prop_assert!(!moment.relative.is_empty() && moment.machine.ends_with('Z'));
            reader.size(number);
            reader.duration(Duration::from_secs(number));
            prop_assert_eq!(reader.number(number).replace('.', ""), number.to_string());
        }
    }
}
