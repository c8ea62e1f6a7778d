//! Text that people wrote in Markdown, as markup: READMEs, descriptions, messages of administrators.
//!
//! GitHub's Markdown with tables, task lists, strikethrough and bare addresses as links. Three steps, each of which would
//! do alone: the parser's events are rewritten ([`events`]) so that only known elements without attributes of their own
//! are left; HTML in the text is read and written anew from a list of harmless elements ([`raw`]); and what comes out
//! goes through a sanitiser that knows how browsers read it ([`clean`]).
//!
//! Invariant: what is shown cannot run, load, submit, style, or name anything on the page. Time and size are bounded for
//! any input: the text is cut, the number of its elements and their depth limited, before anything builds a tree.

mod clean;
mod events;
mod links;
mod raw;
#[cfg(test)]
mod tests;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use super::SafeHtml;

/// Bytes of a text that are shown.
pub const MOST_BYTES: usize = 64 * 1024;
/// Bytes from which an excerpt is made.
const EXCERPT_BYTES: usize = 8 * 1024;

/// The text as markup, its first 64 KiB. Its headings start at `h2`, because a page has its own `h1`.
pub fn render(text: &str) -> SafeHtml {
    let events = events::harmless(parser(cut(text, MOST_BYTES)));
    let mut markup = String::with_capacity(text.len().min(MOST_BYTES) * 3 / 2);
    html::push_html(&mut markup, events.into_iter());
    SafeHtml::sanitised(clean::clean(&markup))
}

/// The beginning of the text in one plain line of at most `most` characters, for lists.
///
/// Paragraphs and lists, without headings and code; if there is nothing else, those. An ellipsis says that there is more.
pub fn summary(text: &str, most: usize) -> String {
    let text = cut(text, EXCERPT_BYTES);
    let prose = shorten(&plain(text, Part::Prose), most);
    if prose.is_empty() { shorten(&plain(text, Part::All), most) } else { prose }
}

fn parser(text: &str) -> impl Iterator<Item = Event<'_>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    TextMergeStream::new(Parser::new_ext(text, options))
}

/// At most that many bytes, whole characters.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Prose,
    All,
}

fn plain(text: &str, part: Part) -> String {
    let mut plain = String::new();
    let mut hidden = 0_usize;
    for event in parser(text) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_)) if part == Part::Prose => hidden += 1,
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock) => {
                hidden = hidden.saturating_sub(1);
                plain.push(' ');
            }
            Event::Text(words) | Event::Code(words) if hidden == 0 => plain.push_str(&words),
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => plain.push(' '),
            _ => {}
        }
    }
    plain
}

/// The words with single spaces, ended between two words if possible.
fn shorten(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    let visible = |c: &char| !c.is_control() && !is_direction(*c);
    for word in text.split_whitespace() {
        let word: String = word.chars().filter(visible).collect();
        let letters = word.chars().count();
        let needed = letters + usize::from(length > 0);
        if length + needed > most {
            if length == 0 {
                line.extend(word.chars().take(most.saturating_sub(1)));
            }
            line.push('…');
            // The ellipsis counts.
            while line.chars().count() > most {
                let Some((at, _)) = line.char_indices().rev().nth(1) else { return String::new() };
                line.replace_range(at.., "…");
            }
            return line;
        }
        if length > 0 && letters > 0 {
            line.push(' ');
        }
        line.push_str(&word);
        length = line.chars().count();
    }
    line
}

/// What turns the direction of the text around it, and so could make a line of a list read as something else.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
