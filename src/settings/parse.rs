//! Kinds of values that several settings share.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::settings::byte_size::ByteSize;

/// A typed value, or a sentence part that says what would be right.
pub type Parsed<T> = Result<T, String>;

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(60 * 60);
pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);
pub const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
pub const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A duration such as `90s` or `1h 30m` that lies in a range.
pub fn duration(range: RangeInclusive<Duration>) -> impl Fn(&str) -> Parsed<Duration> {
    move |text| {
        let duration = humantime::parse_duration(text.trim()).ok();
        duration.filter(|duration| range.contains(duration)).ok_or_else(|| {
            let (least, most) = (humantime::format_duration(*range.start()), humantime::format_duration(*range.end()));
            format!("a duration with its unit, such as 30s, 5m or 24h, from {least} to {most}")
        })
    }
}

/// A duration in a range, where `0` stands for none.
pub fn duration_or_none(range: RangeInclusive<Duration>) -> impl Fn(&str) -> Parsed<Option<Duration>> {
    let some = duration(range);
    move |text| {
        if text.trim() == "0" {
            return Ok(None);
        }
        some(text).map(Some).map_err(|right| format!("0, or {right}"))
    }
}

/// A whole number in a range.
pub fn number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Parsed<T>
where
    T: FromStr + PartialOrd + Display,
{
    move |text| {
        let number = text.trim().parse().ok();
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("a whole number from {} to {}", range.start(), range.end()))
    }
}

/// `true` or `false`.
pub fn boolean(text: &str) -> Parsed<bool> {
    text.trim().parse().map_err(|_| "true or false".to_owned())
}

/// A size, where `0` stands for none.
pub fn size_or_none(text: &str) -> Parsed<Option<ByteSize>> {
    let size: ByteSize = text.parse()?;
    Ok(Some(size).filter(|size| size.bytes() > 0))
}

/// One of a few words.
pub fn one_of<T: Clone, const N: usize>(words: [(&'static str, T); N]) -> impl Fn(&str) -> Parsed<T> {
    move |text| {
        let chosen = words.iter().find(|(word, _)| *word == text.trim());
        chosen.map(|(_, kind)| kind.clone()).ok_or_else(|| {
            let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            format!("one of {}", names.join(", "))
        })
    }
}

/// An address to listen on.
pub fn socket_address(text: &str) -> Parsed<SocketAddr> {
    let hint = "an IP address and a port, such as 0.0.0.0:8080 or [::]:8080";
    text.trim().parse().map_err(|_| hint.to_owned())
}

/// A path, relative to the working directory unless absolute.
pub fn path(text: &str) -> Parsed<PathBuf> {
    Ok(PathBuf::from(text))
}

/// Any text; that it is not empty has been checked before.
pub fn text(text: &str) -> Parsed<String> {
    Ok(text.to_owned())
}

/// Path of a URL that names something on this machine, such as `file:./data` or `file:///var/lib/pierhead`.
///
/// `None` if the scheme is another one, no path follows, or the form `scheme://host/path` names another machine.
pub fn local_path(scheme: &str, url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix(scheme)?.strip_prefix(':')?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let is_relative_after_slashes = rest.starts_with("//") && !path.starts_with('/');
    if path.is_empty() || is_relative_after_slashes {
        return None;
    }
    Some(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_need_a_unit_and_keep_to_their_range() {
        let parse = duration(MINUTE..=HOUR);

        assert_eq!(parse(" 5m ").unwrap(), MINUTE * 5);
        assert_eq!(parse("1h").unwrap(), HOUR);
        for text in ["", "30", "59s", "61m", "soon", "-5m", "99999999999999999999y"] {
            let hint = parse(text).unwrap_err();
            assert!(hint.ends_with("from 1m to 1h"), "{text}: {hint}");
        }
    }

    #[test]
    fn numbers_keep_to_their_range() {
        let parse = number(2_u32..=200);

        assert_eq!(parse("2"), Ok(2));
        for text in ["1", "201", "-3", "8.0", "eight"] {
            assert_eq!(parse(text).unwrap_err(), "a whole number from 2 to 200");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        let parse = one_of([("auto", 1), ("json", 2)]);

        assert_eq!(parse("json"), Ok(2));
        assert_eq!(parse("JSON").unwrap_err(), "one of auto, json");
    }

    #[test]
    fn zero_stands_for_no_size() {
        assert_eq!(size_or_none("0GiB"), Ok(None));
        assert_eq!(size_or_none("1KiB"), Ok(Some(ByteSize::from_bytes(1024))));
    }

    #[test]
    fn local_paths_are_relative_or_absolute_but_have_no_host() {
        let path = |url| local_path("file", url);

        assert_eq!(path("file:data/x"), Some(PathBuf::from("data/x")));
        assert_eq!(path("file:/data/x"), Some(PathBuf::from("/data/x")));
        assert_eq!(path("file:///data/x"), Some(PathBuf::from("/data/x")));
        for url in ["file://host/x", "file:", "file://", "filename", "s3://bucket", "/data"] {
            assert_eq!(path(url), None, "{url}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text: String) {
            let _ = duration(SECOND..=MONTH)(&text);
            let _ = number(0_u64..=9)(&text);
            let _ = socket_address(&text);
            let _ = local_path("file", &text);
        }
    }
}
