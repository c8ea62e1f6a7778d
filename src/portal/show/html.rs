//! Markup that templates may print as it is.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;

/// Markup without anything that could run, load or submit. The one type that templates do not escape.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// What a template of ours makes of its values, escaped there.
    ///
    /// Empty if the template fails, which only a failing `Display` could make it do; the log says so.
    pub(super) fn of(template: &impl Template) -> SafeHtml {
        SafeHtml(template.render().unwrap_or_else(|error| {
            tracing::error!(%error, "a part of a page could not be rendered");
            String::new()
        }))
    }

    /// What the sanitiser let through.
    pub(super) fn sanitised(document: ammonia::Document) -> SafeHtml {
        SafeHtml(document.to_string())
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Template)]
    #[template(source = "{{ text }}|{{ markup }}", ext = "html")]
    struct Both<'a> {
        text: &'a str,
        markup: SafeHtml,
    }

    #[test]
    fn templates_escape_text_and_print_safe_markup() {
        let inner = Both { text: "<b>", markup: SafeHtml::default() };
        let outer = Both { text: "&", markup: SafeHtml::of(&inner) };

        assert_eq!(outer.render().unwrap(), "&#38;|&#60;b&#62;|");
    }
}
