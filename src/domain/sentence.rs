//! What the domain says to people: English, and what it takes to say the same in another language.

use std::fmt;

/// A sentence for people, without full stop. As text it is English.
///
/// One with a key can be said in other languages, by whoever has their words; one without is only read by programs and
/// those who write them. Made by [`sentence!`](crate::sentence) or, without a key, from text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    english: String,
    key: Option<&'static str>,
    values: Vec<(&'static str, String)>,
}

impl Sentence {
    /// In English, by its key and with the values it names.
    pub fn new(key: &'static str, english: String, values: Vec<(&'static str, String)>) -> Sentence {
        Sentence { english, key: Some(key), values }
    }

    /// What catalogues of other languages know it by.
    pub fn key(&self) -> Option<&'static str> {
        self.key
    }

    /// What it names, as text.
    pub fn values(&self) -> &[(&'static str, String)] {
        &self.values
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.english)
    }
}

impl From<String> for Sentence {
    fn from(english: String) -> Sentence {
        Sentence { english, key: None, values: Vec::new() }
    }
}

impl From<&str> for Sentence {
    fn from(english: &str) -> Sentence {
        english.to_string().into()
    }
}

/// A [`Sentence`](crate::sentence::Sentence): its key, its English text, and the values that the text names.
macro_rules! sentence {
    ($key:literal, $english:literal $(,)?) => {
        $crate::sentence::Sentence::new($key, $english.to_string(), Vec::new())
    };
    ($key:literal, $english:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        $(let $name = $value.to_string();)+
        $crate::sentence::Sentence::new($key, format!($english), vec![$((stringify!($name), $name)),+])
    }};
}
pub(crate) use sentence;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_english_and_keeps_what_it_names() {
        let said = sentence!("said-a", "{who} has {held}", who = "ann", held = 3);

        assert_eq!(said.to_string(), "ann has 3");
        assert_eq!((said.key(), said.values()), (Some("said-a"), &[("who", "ann".into()), ("held", "3".into())][..]));
    }

    #[test]
    fn text_alone_has_no_key() {
        assert_eq!(Sentence::from("a {b}").key(), None);
        assert_eq!(Sentence::from("a {b}").to_string(), "a {b}");
    }
}
