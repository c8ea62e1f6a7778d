//! HTML inside a text.
//!
//! It is read with a reader of our own and never passed on: what is known is written anew, without attributes but those
//! listed, and everything else disappears. However browsers would read the rest, they do not get to see it.

use super::links;

/// Whether an element stands among words, or holds paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ends at the latest with its paragraph.
    Inline,
    /// May reach over several paragraphs.
    Block,
    /// Has no content.
    Void,
}

/// What a text may use.
pub const ELEMENTS: [(&str, Kind); 44] = [
    ("a", Kind::Inline),
    ("b", Kind::Inline),
    ("blockquote", Kind::Block),
    ("br", Kind::Void),
    ("code", Kind::Inline),
    ("dd", Kind::Block),
    ("del", Kind::Inline),
    ("details", Kind::Block),
    ("div", Kind::Block),
    ("dl", Kind::Block),
    ("dt", Kind::Block),
    ("em", Kind::Inline),
    ("h1", Kind::Block),
    ("h2", Kind::Block),
    ("h3", Kind::Block),
    ("h4", Kind::Block),
    ("h5", Kind::Block),
    ("h6", Kind::Block),
    ("hr", Kind::Void),
    ("i", Kind::Inline),
    ("img", Kind::Void),
    ("ins", Kind::Inline),
    ("kbd", Kind::Inline),
    ("li", Kind::Block),
    ("mark", Kind::Inline),
    ("ol", Kind::Block),
    ("p", Kind::Block),
    ("pre", Kind::Block),
    ("q", Kind::Inline),
    ("s", Kind::Inline),
    ("samp", Kind::Inline),
    ("small", Kind::Inline),
    ("strong", Kind::Inline),
    ("sub", Kind::Inline),
    ("summary", Kind::Block),
    ("sup", Kind::Inline),
    ("table", Kind::Block),
    ("tbody", Kind::Block),
    ("td", Kind::Block),
    ("th", Kind::Block),
    ("thead", Kind::Block),
    ("tr", Kind::Block),
    ("ul", Kind::Block),
    ("var", Kind::Inline),
];

/// Elements whose content is not for reading.
const SILENT: [&str; 15] = [
    "script",
    "style",
    "iframe",
    "object",
    "svg",
    "math",
    "template",
    "textarea",
    "title",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "plaintext",
    "select",
];

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words between elements; character references stand as they are written.
    Text(&'t str),
    /// A known element begins.
    Open(&'static str, Kind, Attributes),
    /// A known element ends.
    Close(&'static str),
    /// From here on nothing is shown, until the element of this name ends.
    Silence(&'static str),
    /// An element ends that nothing is shown of.
    EndOfSilence(&'static str),
}

/// What is kept of an element's attributes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// A link's address, harmless.
    pub href: Option<String>,
    /// An image's address, harmless.
    pub src: Option<String>,
    /// What an image shows.
    pub alt: String,
    /// Whether details are shown from the start.
    pub open: bool,
}

/// Takes HTML apart.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        rest = &rest[at..];
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            pieces.push(Piece::Text(&rest[..1]));
            rest = &rest[1..];
            continue;
        }
        let end = end_of_markup(rest);
        if let Some(piece) = piece(&rest[..end]) {
            pieces.push(piece);
        }
        rest = &rest[end..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Where the markup that starts here ends: a comment, a declaration, or a tag with quotes in it; all, if it never does.
fn end_of_markup(text: &str) -> usize {
    let after = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.find("-->").map_or(text.len(), |at| 4 + at + 3);
    }
    if text.starts_with("<![CDATA[") {
        return after("]]>");
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn piece(markup: &str) -> Option<Piece<'static>> {
    let inside = markup.strip_prefix('<')?.strip_suffix('>')?;
    let (is_end, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
    let length = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(length);
    if let Some(silent) = SILENT.iter().find(|silent| silent.eq_ignore_ascii_case(name)) {
        return Some(if is_end { Piece::EndOfSilence(silent) } else { Piece::Silence(silent) });
    }
    let (name, kind) = *ELEMENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    if is_end {
        return (kind != Kind::Void).then_some(Piece::Close(name));
    }
    Some(Piece::Open(name, kind, read(name, attributes)))
}

fn read(element: &str, mut text: &str) -> Attributes {
    let mut kept = Attributes::default();
    while let Some((name, value, rest)) = next(text) {
        text = rest;
        match (element, name.to_ascii_lowercase().as_str()) {
            ("a", "href") if kept.href.is_none() => kept.href = links::harmless(&decoded(value)),
            ("img", "src") if kept.src.is_none() => kept.src = links::harmless(&decoded(value)),
            ("img", "alt") => kept.alt = decoded(value),
            ("details", "open") => kept.open = true,
            _ => {}
        }
    }
    kept
}

/// The next attribute with its value, and what follows.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let is_between = |c: char| c.is_ascii_whitespace() || c == '/';
    let text = text.trim_start_matches(is_between);
    if text.is_empty() {
        return None;
    }
    // A name has at least one character, whatever that is.
    let first = text.chars().next().map_or(1, char::len_utf8);
    let ends = |c: char| c == '=' || is_between(c);
    let length = text[first..].find(ends).map_or(text.len(), |at| first + at);
    let (name, rest) = text.split_at(length);
    let Some(rest) = rest.trim_start().strip_prefix('=') else { return Some((name, "", rest)) };
    let rest = rest.trim_start();
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inside = &rest[1..];
        let end = inside.find(quote).unwrap_or(inside.len());
        return Some((name, &inside[..end], inside.get(end + 1..).unwrap_or("")));
    }
    let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
    Some((name, &rest[..end], &rest[end..]))
}

/// A value with the character references that addresses and names are written with. Others stay as they are: an address
/// that hides behind them is none that is linked.
fn decoded(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
