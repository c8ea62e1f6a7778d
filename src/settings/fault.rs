//! What is wrong with the settings, told all at once.

use std::error::Error;
use std::fmt;

use crate::settings::source::Source;

/// One thing an operator has to correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Key of the setting, or the name of an unknown variable.
    pub key: String,
    /// Where it was given.
    pub source: Source,
    /// What was given; `None` for secrets and for unknown names, which may be misspelt secrets.
    pub given: Option<String>,
    /// What would be right.
    pub hint: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", printable(&self.key))?;
        writeln!(formatter, "  from:  {}", self.source)?;
        if let Some(given) = &self.given {
            writeln!(formatter, "  given: {given:?}")?;
        }
        writeln!(formatter, "  hint:  {}", printable(&self.hint))
    }
}

/// Every fault of the settings; never empty when it is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        writeln!(formatter, "{} fault{plural} in the settings", self.0.len())?;
        self.0.iter().try_for_each(|fault| write!(formatter, "\n{fault}"))
    }
}

impl Error for Faults {}

/// Text that stays on its line and cannot drive a terminal.
pub fn printable(text: &str) -> String {
    let escaped = |letter: char| match letter.is_control() {
        true => letter.escape_default().to_string(),
        false => letter.to_string(),
    };
    text.chars().map(escaped).collect()
}

/// A URL without user name and password; other text unchanged.
pub fn without_userinfo(text: &str) -> String {
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, rest)), Some((_, host))) if rest.contains('@') => {
            format!("{scheme}://***@{host}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_key_source_value_and_hint() {
        let fault = Fault {
            key: "listen".to_owned(),
            source: Source::Environment("PIERHEAD_LISTEN".to_owned()),
            given: Some("he\"re\u{1b}".to_owned()),
            hint: "an IP address and a port".to_owned(),
        };
        let expected = concat!(
            "1 fault in the settings\n\n",
            "listen\n",
            "  from:  variable PIERHEAD_LISTEN\n",
            "  given: \"he\\\"re\\u{1b}\"\n",
            "  hint:  an IP address and a port\n",
        );
        assert_eq!(Faults(vec![fault]).to_string(), expected);
    }

    #[test]
    fn userinfo_is_cut_out_of_urls_only() {
        assert_eq!(without_userinfo("s3://key:s@cret@bucket/x"), "s3://***@bucket/x");
        assert_eq!(without_userinfo("a@b://c"), "a@b://c");
        assert_eq!(without_userinfo("alice@example.com"), "alice@example.com");
    }
}
