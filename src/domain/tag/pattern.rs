//! What people look for in a list of tags.

use std::time::{Duration, Instant};

use regex::bytes::{Regex, RegexBuilder};

use crate::error::{Error, Result};
use crate::sentence::sentence;

/// A longer one is a mistake.
const MAX_LENGTH: usize = 256;
/// Bytes a compiled expression may take.
const MAX_COMPILED: usize = 64 * 1024;
/// Bytes of what it remembers while it runs, without which it is much slower.
const MAX_REMEMBERED: usize = 1024 * 1024;
/// How long names are looked through. An expression can be such that each letter costs as much as it has states.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is looked for in a name.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub regex: Regex,
    /// Whether it is a text that stands for itself.
    pub is_text: bool,
}

/// A search that ends in time.
pub(super) struct Search<'w> {
    pub wanted: &'w Wanted,
    until: Instant,
}

impl Wanted {
    /// Begins to look for it.
    pub fn search(&self) -> Search<'_> {
        Search { wanted: self, until: Instant::now() + PATIENCE }
    }
}

impl Search<'_> {
    /// Whether it is found in this name.
    ///
    /// # Errors
    /// `Invalid` if it has taken too long.
    pub fn finds(&self, name: &str) -> Result<bool> {
        if !self.wanted.is_text && Instant::now() > self.until {
            let message = sentence!("said-regex-slow", "This expression takes too long to look for; make it simpler");
            return Err(Error::invalid("filter", message));
        }
        Ok(self.wanted.regex.is_match(name.as_bytes()))
    }
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

    /// Whether it is an expression, which may take a while.
    pub fn is_expression(&self) -> bool {
        matches!(&self.0, Kind::Name(wanted) if !wanted.is_text)
    }

    /// Tags whose name an expression finds something in. Names have no letters beyond ASCII, and so has what stands for
    /// a kind of letters, such as `\w`. Runs in time that grows with the name's length and no faster, whatever the
    /// expression, and gives up after a second.
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
    let message = sentence!(
        "said-filter-length",
        "A filter has at most {most} characters; this one has {length}",
        most = MAX_LENGTH,
        length = text.len()
    );
    Err(Error::invalid("filter", message))
}

fn compile(expression: &str, either_case: bool) -> Result<TagPattern> {
    let compiled = RegexBuilder::new(expression)
        .unicode(false)
        .case_insensitive(either_case)
        .size_limit(MAX_COMPILED)
        .dfa_size_limit(MAX_REMEMBERED)
        .build();
    compiled.map(|regex| TagPattern(Kind::Name(Wanted { regex, is_text: either_case }))).map_err(|error| {
        let why = match &error {
            regex::Error::CompiledTooBig(_) => {
                let message = sentence!("said-regex-large", "That is no regular expression: it is too large");
                return Error::invalid("filter", message);
            }
            // The last line says what is wrong; those before it draw where.
            other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_string(),
        };
        Error::invalid("filter", sentence!("said-regex", "That is no regular expression: {why}", why = why))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &TagPattern, name: &str) -> bool {
        matches!(&pattern.0, Kind::Name(wanted) if wanted.regex.is_match(name.as_bytes()))
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
    fn an_expression_that_takes_too_long_is_given_up() {
        let (Kind::Name(slow), Kind::Name(text)) =
            (TagPattern::expression("(?:a[ab]{0,9}){1,9}[c-z]").unwrap().0, TagPattern::containing("a").unwrap().0)
        else {
            panic!("they are no digests")
        };
        let late = |wanted| Search { wanted, until: Instant::now() - Duration::from_millis(1) };
        let in_time = |wanted| Search { wanted, until: Instant::now() + Duration::from_secs(600) };

        assert!(!in_time(&slow).finds(&"ab".repeat(64)).unwrap());
        let refused = late(&slow).finds("ab").unwrap_err().to_string();
        assert!(refused.contains("too long to look for"), "{refused}");
        assert!(late(&text).finds("ab").unwrap(), "what stands for itself is found at once");
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
