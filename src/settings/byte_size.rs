//! A number of bytes, as people write it.

use std::fmt;
use std::str::FromStr;

const KIB: u64 = 1024;
const KB: u64 = 1000;

/// Units by name, larger first so that `Display` finds the largest that fits.
const UNITS: [(&str, u64); 7] = [
    ("TiB", KIB * KIB * KIB * KIB),
    ("GiB", KIB * KIB * KIB),
    ("MiB", KIB * KIB),
    ("KiB", KIB),
    ("GB", KB * KB * KB),
    ("MB", KB * KB),
    ("KB", KB),
];
const BINARY_UNITS: usize = 4;

/// An amount of bytes, written `1048576`, `20GiB` or `500 MB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

impl ByteSize {
    /// That many bytes.
    #[must_use]
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for ByteSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let digits_end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits_end);
        let bytes = number.parse::<u64>().ok().zip(bytes_of_unit(unit.trim()));
        bytes
            .and_then(|(number, unit)| number.checked_mul(unit))
            .map(Self)
            .ok_or_else(|| "bytes, or a whole number with KiB, MiB, GiB, TiB, KB, MB or GB, such as 20GiB".to_owned())
    }
}

fn bytes_of_unit(name: &str) -> Option<u64> {
    if name.is_empty() {
        return Some(1);
    }
    let unit = UNITS.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(name));
    unit.map(|(_, bytes)| *bytes)
}

impl fmt::Display for ByteSize {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let binary = &UNITS[..BINARY_UNITS];
        match binary.iter().find(|(_, bytes)| self.0 >= *bytes && self.0.is_multiple_of(*bytes)) {
            Some((unit, bytes)) => write!(formatter, "{}{unit}", self.0 / bytes),
            None => write!(formatter, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_read_with_and_without_unit() {
        let sizes = [("0", 0), ("17", 17), ("20GiB", 20 << 30), ("500 MB", 500_000_000), (" 1kib ", 1024)];
        for (text, bytes) in sizes {
            assert_eq!(text.parse::<ByteSize>().unwrap().bytes(), bytes, "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "GiB", "-1", "1.5GiB", "20G", "20 Gi B", "99999999TiB", "18446744073709551616"] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_size_reads_back(bytes: u64, shift in 0_u32..50) {
            let size = ByteSize::from_bytes(bytes >> shift << shift);
            prop_assert_eq!(size.to_string().parse::<ByteSize>().unwrap(), size);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<ByteSize>();
        }
    }
}
