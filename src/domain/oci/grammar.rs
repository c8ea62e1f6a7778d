//! The shape all names share: runs of lower-case letters and digits with separators between them.

/// Whether `text` is runs of `[a-z0-9]` with one accepted separator between each two.
///
/// `is_separator` sees the whole gap between two runs, so it decides about `__` and `--` too.
pub(super) fn is_separated(text: &str, is_separator: impl Fn(&[u8]) -> bool) -> bool {
    let mut rest = text.as_bytes();
    loop {
        let run = rest.iter().take_while(|byte| is_lower_alphanumeric(**byte)).count();
        if run == 0 {
            return false;
        }
        rest = &rest[run..];
        if rest.is_empty() {
            return true;
        }
        let gap = rest.iter().take_while(|byte| !is_lower_alphanumeric(**byte)).count();
        if !is_separator(&rest[..gap]) {
            return false;
        }
        rest = &rest[gap..];
    }
}

fn is_lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_stand_only_between_runs() {
        let dot = |gap: &[u8]| gap == b".";

        assert!(is_separated("a", dot));
        assert!(is_separated("a.b2.c", dot));
        for wrong in ["", ".", ".a", "a.", "a..b", "a-b", "A", "ä"] {
            assert!(!is_separated(wrong, dot), "{wrong}");
        }
    }
}
