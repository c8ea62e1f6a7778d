//! Parts of content: what a pull asks for and what a pushed chunk covers.

use std::ops::RangeInclusive;

use crate::oci::Violation;
use crate::oci::violation::excerpt;

/// What a `Range` header asks for, measured against real content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteRange {
    /// Everything: there is no range this server understands.
    Whole,
    /// One part, both ends inclusive and inside the content.
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte, at least `first` and less than the size.
        last: u64,
    },
    /// Nothing of it exists; the answer is 416.
    Unsatisfiable,
}

/// The part of content of `size` bytes that a `Range` header asks for.
///
/// Several ranges, other units and malformed headers give `Whole`, as RFC 9110 permits. A range that runs backwards is
/// `Unsatisfiable` although RFC 9110 calls it invalid, because the OCI conformance suite expects 416.
///
/// Source: RFC 9110, section 14.2; OCI distribution spec, "Pulling blobs".
pub fn parse_range(header: &str, size: u64) -> ByteRange {
    let Some((unit, range)) = header.split_once('=') else {
        return ByteRange::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return ByteRange::Whole;
    }
    let Some((first, last)) = range.trim_matches([' ', '\t']).split_once('-') else {
        return ByteRange::Whole;
    };
    match (saturating_number(first), saturating_number(last)) {
        (Some(first), Some(last)) => part(first, last, size),
        (Some(first), None) if last.is_empty() => part(first, u64::MAX, size),
        (None, Some(length)) if first.is_empty() => suffix(length, size),
        _ => ByteRange::Whole,
    }
}

fn part(first: u64, last: u64, size: u64) -> ByteRange {
    if first > last || first >= size {
        return ByteRange::Unsatisfiable;
    }
    ByteRange::Part { first, last: last.min(size - 1) }
}

fn suffix(length: u64, size: u64) -> ByteRange {
    if length == 0 || size == 0 {
        return ByteRange::Unsatisfiable;
    }
    ByteRange::Part { first: size.saturating_sub(length), last: size - 1 }
}

/// Digits as a number. What does not fit is beyond the end of any content, and so is the largest number.
fn saturating_number(digits: &str) -> Option<u64> {
    is_number(digits).then(|| digits.parse().unwrap_or(u64::MAX))
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Byte range of a chunk, from a `Content-Range` header such as `0-1023`.
///
/// Both ends are inclusive, counted in bytes from the start of the blob, so `0-0` is one byte; neither exceeds
/// `i64::MAX`. The forms `bytes=0-1023` and `bytes 0-1023/2048` mean the same; the total is not looked at.
///
/// # Errors
/// `InvalidRange` if the ends are not numbers or run backwards.
///
/// Source: OCI distribution spec, "Pushing a blob in chunks".
pub fn parse_chunk_range(header: &str) -> Result<RangeInclusive<u64>, Violation> {
    chunk_range(header.trim_matches([' ', '\t'])).ok_or_else(|| Violation::InvalidRange(excerpt(header)))
}

fn chunk_range(header: &str) -> Option<RangeInclusive<u64>> {
    let range = without_total(without_unit(header))?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (offset(first)?, offset(last)?);
    (first <= last).then_some(first..=last)
}

fn without_unit(header: &str) -> &str {
    match header.split_at_checked("bytes".len()) {
        Some((unit, rest)) if unit.eq_ignore_ascii_case("bytes") && rest.starts_with(['=', ' ']) => {
            rest[1..].trim_start()
        }
        _ => header,
    }
}

fn without_total(range: &str) -> Option<&str> {
    match range.split_once('/') {
        None => Some(range),
        Some((range, total)) if total == "*" || is_number(total) => Some(range),
        Some(_) => None,
    }
}

fn offset(digits: &str) -> Option<u64> {
    // Sizes are stored as signed 64-bit numbers; refusing more also keeps `last + 1` from overflowing.
    is_number(digits).then(|| digits.parse::<i64>().ok()).flatten().and_then(|offset| u64::try_from(offset).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HUGE: &str = "99999999999999999999999999";

    #[test]
    fn one_range_is_cut_to_the_content() {
        assert_eq!(parse_range("bytes=0-0", 10), ByteRange::Part { first: 0, last: 0 });
        assert_eq!(parse_range("bytes=2-5", 10), ByteRange::Part { first: 2, last: 5 });
        assert_eq!(parse_range("bytes=2-", 10), ByteRange::Part { first: 2, last: 9 });
        assert_eq!(parse_range("bytes=-3", 10), ByteRange::Part { first: 7, last: 9 });
        assert_eq!(parse_range("bytes=-30", 10), ByteRange::Part { first: 0, last: 9 });
        assert_eq!(parse_range("Bytes=5-500", 10), ByteRange::Part { first: 5, last: 9 });
        assert_eq!(parse_range(&format!("bytes=5-{HUGE}"), 10), ByteRange::Part { first: 5, last: 9 });
        assert_eq!(parse_range(&format!("bytes=-{HUGE}"), 10), ByteRange::Part { first: 0, last: 9 });
    }

    #[test]
    fn what_is_not_there_is_unsatisfiable() {
        let beyond = format!("bytes={HUGE}-");
        for nothing in ["bytes=10-", "bytes=10-20", "bytes=500-0", "bytes=-0", &beyond] {
            assert_eq!(parse_range(nothing, 10), ByteRange::Unsatisfiable, "{nothing}");
        }
        for any in ["bytes=0-", "bytes=0-0", "bytes=-1"] {
            assert_eq!(parse_range(any, 0), ByteRange::Unsatisfiable, "{any}");
        }
        assert_eq!(parse_range(&beyond, u64::MAX), ByteRange::Unsatisfiable);
    }

    #[test]
    fn what_is_not_understood_is_ignored() {
        for other in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=1",
            "bytes=0-1,3-4",
            "items=0-1",
            "bytes=+1-2",
            "bytes=1--2",
        ] {
            assert_eq!(parse_range(other, 10), ByteRange::Whole, "{other}");
        }
    }

    #[test]
    fn chunk_ranges_come_in_three_forms() {
        for same in ["0-1023", "bytes=0-1023", "bytes 0-1023/4096", "bytes 0-1023/*", " 0-1023 "] {
            assert_eq!(parse_chunk_range(same), Ok(0..=1023), "{same}");
        }
        let beyond = format!("0-{HUGE}");
        for wrong in
            ["", "-", "5", "5-", "-5", "5-4", "a-b", "+1-2", "0-1/x", "0-1/", "0-18446744073709551615", &beyond]
        {
            assert!(matches!(parse_chunk_range(wrong), Err(Violation::InvalidRange(_))), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn parts_lie_inside_the_content(header in "(bytes)?=?[0-9]{0,21}-[0-9]{0,21}|.*", size in any::<u64>()) {
            if let ByteRange::Part { first, last } = parse_range(&header, size) {
                prop_assert!(first <= last && last < size);
            }
        }

        #[test]
        fn parts_lie_inside_small_content(header in "bytes=[0-9]{0,3}-[0-9]{0,3}", size in 0..200u64) {
            if let ByteRange::Part { first, last } = parse_range(&header, size) {
                prop_assert!(first <= last && last < size);
            }
        }

        #[test]
        fn chunk_ranges_never_panic(header in "(bytes[ =])?[0-9]{0,21}-[0-9]{0,21}(/[0-9*])?|.*") {
            if let Ok(range) = parse_chunk_range(&header) {
                prop_assert!(range.start() <= range.end());
            }
        }

        #[test]
        fn chunk_ranges_round_trip(first in 0..=i64::MAX as u64, more in 0..1_000_000u64) {
            let last = first.saturating_add(more).min(i64::MAX as u64);

            prop_assert_eq!(parse_chunk_range(&format!("{first}-{last}")), Ok(first..=last));
        }
    }
}
