//! What people look for in a list of tags.

use regex::{Regex, RegexBuilder};

use crate::error::{Error, Result};

/// A longer one is a mistake.
const MAX_LENGTH: usize = 256;
/// Bytes a compiled expression, and what it remembers while it runs, may take.
const MAX_COMPILED: usize = 512 * 1024;

/// What is looked for in a name.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub regex: Regex,
    /// Whether it is a text that stands for itself.
    pub is_text: bool,
}

/// Which tags are meant.
#[derive(Debug, Clone)]
pub struct TagPattern(pub(super) Kind);

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Those with such a name.
    Name(Wanted),
    /// Those that point at a digest that begins like this: an algorithm, a colon and hexadecimal digits.
    Digest(String),
}

impl TagPattern {
    /// Tags whose name contains this, in either case; for a digest, or the beginning of one behind `sha256:`, the tags that
    /// point there.
    ///
    /// # Errors
    /// `Invalid` if it is longer than any tag.
    pub fn containing(text: &str) -> Result<TagPattern> {
        if let Some((algorithm, hex)) = text.split_once(':')
            && matches!(algorithm, "sha256" | "sha512")
            && hex.len() <= 128
            && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        {
            return Ok(TagPattern(Kind::Digest(text.to_string())));
        }
        require_short(text)?;
        compile(&regex::escape(text), true)
    }

    /// Tags whose name an expression finds something in. Runs in time that grows with the name's length and no faster,
    /// whatever the expression.
    ///
    /// # Errors
    /// `Invalid`, in words for whoever wrote it.
    pub fn expression(text: &str) -> Result<TagPattern> {
        require_short(text)?;
        compile(text, false)
    }
}

fn require_short(text: &str) -> Result<()> {
    if text.len() <= MAX_LENGTH {
        return Ok(());
    }
    Err(Error::invalid("filter", format!("A filter has at most {MAX_LENGTH} characters; this one has {}", text.len())))
}

fn compile(expression: &str, either_case: bool) -> Result<TagPattern> {
    let compiled = RegexBuilder::new(expression)
        .case_insensitive(either_case)
        .size_limit(MAX_COMPILED)
        .dfa_size_limit(MAX_COMPILED)
        .build();
    compiled.map(|regex| TagPattern(Kind::Name(Wanted { regex, is_text: either_case }))).map_err(|error| {
        let why = match &error {
            regex::Error::CompiledTooBig(_) => "it is too large".to_string(),
            // The last line says what is wrong; those before it draw where.
            other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_string(),
        };
        Error::invalid("filter", format!("That is no regular expression: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &TagPattern, name: &str) -> bool {
        matches!(&pattern.0, Kind::Name(wanted) if wanted.regex.is_match(name))
    }

    #[test]
    fn text_is_found_anywhere_in_either_case_and_means_itself() {
        let pattern = TagPattern::containing("3.4-RC").unwrap();

        assert!(finds(&pattern, "v3.4-rc1"));
        assert!(!finds(&pattern, "v3x4-rc1"));
        assert!(
            matches!(TagPattern::containing("sha256:ab12").unwrap().0, Kind::Digest(digest) if digest == "sha256:ab12")
        );
        assert!(matches!(TagPattern::containing("sha256:xy'").unwrap().0, Kind::Name(_)));
    }

    #[test]
    fn an_expression_is_refused_in_words_where_it_is_none_or_too_large() {
        assert!(finds(&TagPattern::expression(r"^v\d+\.\d+$").unwrap(), "v3.14"));
        let refused = |text: &str| TagPattern::expression(text).unwrap_err().to_string();
        assert!(refused("(").contains("unclosed group"), "{}", refused("("));
        assert!(refused(r"\w{1000}{1000}").contains("too large"));
        assert!(refused(&"a".repeat(257)).contains("256"));
    }
}
