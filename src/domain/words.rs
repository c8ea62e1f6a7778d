//! What people write about things: descriptions and messages.

use crate::error::{Error, Result};
use crate::sentence::sentence;

/// Refuses what is no text: control characters other than tabs and line breaks. PostgreSQL stores no NUL, and the others
/// would be sent on to terminals and documents that act on them or do not allow them.
///
/// # Errors
/// `Invalid`, for this field.
pub(crate) fn require_text(field: &'static str, text: &str) -> Result<()> {
    let is_odd = |c: char| c < ' ' && !matches!(c, '\n' | '\r' | '\t');
    match text.chars().find(|c| is_odd(*c)) {
        None => Ok(()),
        Some(odd) => {
            let message = sentence!(
                "said-control-character",
                "This has no control characters but tabs and line breaks; got {code}",
                code = format!("U+{:04X}", u32::from(odd))
            );
            Err(Error::invalid(field, message))
        }
    }
}

/// What no e-mail address looks like.
pub(crate) fn no_address(field: &'static str) -> Error {
    Error::invalid(field, sentence!("said-email", "E-mail addresses look like name@example.com"))
}

/// That a text has more bytes than it may have.
pub(crate) fn long_description(most: usize) -> Error {
    let message = sentence!("said-description-bytes", "Descriptions have at most {most} bytes", most = most);
    Error::invalid("description", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_line_breaks_are_text() {
        for text in ["", "One\r\n\ttwo\nthree", "Zoë 👩‍🔧"] {
            assert!(require_text("description", text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn other_control_characters_are_not() {
        for (text, code) in [("a\0b", "U+0000"), ("\u{1b}[31m", "U+001B"), ("\u{1f}", "U+001F")] {
            let refused = require_text("description", text).unwrap_err().to_string();
            assert!(refused.starts_with("This has no control characters") && refused.ends_with(code));
        }
    }
}
