//! The words of the portal, in the reader's language.
//!
//! Texts are Fluent messages in `templates/text/<language>/<area>.ftl`, one file an area, the same keys in each language.
//! Templates ask for them through [`Frame`](super::frame::Frame): `frame.say("teams-title")`,
//! `frame.with("teams-members", "count", row.members)`. Numbers come out with the language's separators and choose
//! between singular and plural by themselves.
//!
//! What the domain says has a key, too: `said-…`, in `said.ftl`. Its own English is what programs read.
//!
//! Invariant: a key that a template, a handler or the domain names exists in every language with the same arguments; the
//! tests beside this look at each. What a message contains is text, never markup: the template escapes it.

mod argument;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use domain::sentence::Sentence;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

pub use argument::Argument;

#[derive(RustEmbed)]
#[folder = "templates/text/"]
struct Files;

type Catalogue = FluentBundle<FluentResource>;

/// A language the portal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// What is shown to whoever asks for nothing we have.
    English,
    /// Complete, too.
    German,
}

impl Language {
    /// All of them, in the order a menu shows them.
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// Its BCP 47 tag, as in `<html lang>` and preferences.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
        }
    }

    /// The language of a tag such as `de`.
    pub fn parse(code: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The first of an `Accept-Language` header that we speak, by weight; English if none is.
    pub fn accepted(header: &str) -> Language {
        let mut ranges: Vec<(f32, Language)> = header.split(',').take(16).filter_map(range).collect();
        ranges.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        ranges.first().map_or(Language::English, |(_, language)| *language)
    }

    /// What separates thousands in numbers.
    pub fn thousands_separator(self) -> char {
        match self {
            Language::English => ',',
            Language::German => '.',
        }
    }

    fn id(self) -> LanguageIdentifier {
        self.code().parse().expect("the tags are well-formed")
    }
}

/// `de-AT;q=0.8` as weight and language, if we speak it. Source: RFC 9110, section 12.5.4.
fn range(text: &str) -> Option<(f32, Language)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next()?.to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok())?;
    let language = Language::parse(tag.split('-').next()?)?;
    (weight > 0.0).then_some((weight, language))
}

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Which one.
    pub language: Language,
}

impl Text {
    /// Of this language.
    pub fn new(language: Language) -> Text {
        Text { language }
    }

    /// A message without arguments.
    pub fn say(self, key: &str) -> String {
        self.format(key, None).into_owned()
    }

    /// As [`Text::say`], without a copy: lists say the same in each row.
    pub fn word(self, key: &str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// A message with one argument.
    pub fn with(self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.format(key, Some(&FluentArgs::from_iter([(name, value.value())]))).into_owned()
    }

    /// A message with two arguments.
    pub fn with2(self, key: &str, n1: &'static str, v1: impl Argument, n2: &'static str, v2: impl Argument) -> String {
        self.format(key, Some(&FluentArgs::from_iter([(n1, v1.value()), (n2, v2.value())]))).into_owned()
    }

    /// A message with any number of arguments.
    pub fn with_all(self, key: &str, arguments: &[(&'static str, &dyn Argument)]) -> String {
        self.format(key, Some(&arguments.iter().map(|(name, value)| (*name, value.value())).collect())).into_owned()
    }

    /// What the domain says.
    pub fn sentence(self, sentence: &Sentence) -> String {
        let Some(key) = sentence.key() else { return sentence.to_string() };
        let values = sentence.values().iter().map(|(name, value)| (*name, FluentValue::from(value.as_str())));
        self.format(key, Some(&values.collect())).into_owned()
    }

    fn format(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let catalogue = match self.language {
            Language::English => &*ENGLISH,
            Language::German => &*GERMAN,
        };
        let pattern = catalogue.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else {
            tracing::error!(key, language = self.language.code(), "a text is missing");
            return Cow::Owned(key.to_string());
        };
        let mut faults = Vec::new();
        let said = catalogue.format_pattern(pattern, arguments, &mut faults);
        if !faults.is_empty() {
            tracing::error!(key, ?faults, "a text lacks an argument");
        }
        said
    }
}

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| catalogue(Language::English));
static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| catalogue(Language::German));

fn catalogue(language: Language) -> Catalogue {
    let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
    // Arguments are names and numbers of this registry in left-to-right scripts; marks around them would be copied along.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| number(value, Language::English),
        Language::German => |value, _| number(value, Language::German),
    }));
    for file in Files::iter().filter(|file| file.starts_with(&format!("{}/", language.code()))) {
        let bytes = Files::get(&file).expect("it was listed").data;
        let source = String::from_utf8_lossy(&bytes).into_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, faults)| {
            tracing::error!(%file, ?faults, "texts cannot be read");
            resource
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(%file, ?faults, "texts are there twice");
        }
    }
    bundle
}

/// Whole numbers with separators; everything else as Fluent writes it.
fn number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let whole = number.as_string();
    let (sign, digits) = whole.strip_prefix('-').map_or(("", &*whole), |digits| ("-", digits));
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{sign}{}", grouped(digits, language)))
}

/// Digits in groups of three.
pub fn grouped(digits: &str, language: Language) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(language.thousands_separator());
        }
        grouped.push(digit);
    }
    grouped
}
