//! The parser's events with everything harmful taken out, balanced and bounded.

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::links;
use super::raw::{self, Attributes, Kind, Piece};

/// Elements that are shown; a long README has a third of that.
const MOST_EVENTS: usize = 20_000;
/// Bytes of words and addresses that are shown: addresses may be repeated by reference.
const MOST_BYTES: usize = 256 * 1024;
/// Quotes in lists in quotes. Deeper ones lose their frame and keep their words, because browsers and sanitisers take
/// time in the square of the depth.
const DEEPEST: usize = 32;
/// Elements written in HTML that may be open at once.
const MOST_RAW: usize = 24;
/// Among them those that browsers open anew in each paragraph.
const MOST_INLINE: usize = 8;

/// The events that are shown.
pub fn harmless<'t>(events: impl Iterator<Item = Event<'t>>) -> Vec<Event<'t>> {
    let mut writer = Writer::default();
    for event in events {
        if writer.out.len() >= MOST_EVENTS || writer.bytes >= MOST_BYTES {
            break;
        }
        writer.take(event);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer<'t> {
    out: Vec<Event<'t>>,
    bytes: usize,
    open: Vec<Open>,
    /// Of what is open, how many were written from Markdown.
    depth: usize,
    /// Of what is open, how many were written in HTML.
    raw: usize,
    /// Links inside links are none.
    in_link: bool,
    in_code: bool,
    /// Lines of HTML that belong together.
    block: Option<String>,
    /// The element that nothing is shown of, and how much was open when it began.
    silence: Option<(&'static str, usize)>,
}

/// What will have to be closed.
enum Open {
    /// By the parser; with the end that is written, if its start was.
    Parsed(Option<TagEnd>),
    /// By HTML in the text: its name, the name it is written by.
    Raw { name: &'static str, written: &'static str, kind: Kind },
}

impl<'t> Writer<'t> {
    fn take(&mut self, event: Event<'t>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.block = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => self.html_block(),
            Event::Html(lines) => match &mut self.block {
                Some(block) => block.push_str(&lines),
                None => self.html(&lines),
            },
            Event::InlineHtml(html) => self.html(&html),
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            _ if self.silence.is_some() => {}
            Event::Text(text) => self.text(text),
            event @ Event::Code(_) => {
                if let Event::Code(code) = &event {
                    self.bytes += code.len();
                }
                self.out.push(event);
            }
            event @ (Event::SoftBreak | Event::HardBreak | Event::Rule | Event::TaskListMarker(_)) => {
                self.out.push(event);
            }
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'t>) {
        if self.silence.is_some() || self.depth >= DEEPEST {
            self.open.push(Open::Parsed(None));
            return;
        }
        let tag = match tag {
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => self.link(&format!("mailto:{dest_url}")),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.link(&dest_url),
            Tag::Heading { level, .. } => {
                Some(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Tag::CodeBlock(_) => {
                self.in_code = true;
                Some(Tag::CodeBlock(CodeBlockKind::Indented))
            }
            Tag::Table(alignments) => {
                self.write("<div class=\"table-scroll\" tabindex=\"0\">");
                // Alignment would be written as a style.
                Some(Tag::Table(vec![pulldown_cmark::Alignment::None; alignments.len()]))
            }
            tag => Some(tag),
        };
        let end = tag.as_ref().map(Tag::to_end);
        self.depth += usize::from(end.is_some());
        self.open.push(Open::Parsed(end));
        self.out.extend(tag.map(Event::Start));
    }

    /// A link to this address, if it is harmless and not inside another.
    fn link(&mut self, address: &str) -> Option<Tag<'t>> {
        let address = links::harmless(address).filter(|_| !self.in_link)?;
        self.in_link = true;
        self.bytes += address.len();
        let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
        Some(Tag::Link { link_type: LinkType::Inline, dest_url: address.into(), title, id })
    }

    /// Ends what the parser opened last, and whatever HTML opened inside.
    fn end(&mut self) {
        while let Some(open) = self.open.pop() {
            let was_parsed = matches!(open, Open::Parsed(_));
            self.close(open);
            if was_parsed {
                break;
            }
        }
        if self.silence.is_some_and(|(_, at)| self.open.len() < at) {
            self.silence = None;
        }
    }

    fn close(&mut self, open: Open) {
        match open {
            Open::Parsed(None) => {}
            Open::Parsed(Some(end)) => {
                self.depth -= 1;
                if end == TagEnd::Link {
                    self.in_link = false;
                    self.name_link();
                }
                self.in_code &= end != TagEnd::CodeBlock;
                self.out.push(Event::End(end));
                if end == TagEnd::Table {
                    self.write("</div>");
                }
            }
            Open::Raw { written, .. } => {
                self.raw -= 1;
                self.in_link &= written != "a";
                self.write(format!("</{written}>"));
            }
        }
    }

    /// A link without words, such as an image without a description, shows its address.
    fn name_link(&mut self) {
        if let Some(Event::Start(Tag::Link { dest_url, .. })) = self.out.last() {
            let name = dest_url.clone();
            self.out.push(Event::Text(name));
        }
    }

    fn text(&mut self, text: CowStr<'t>) {
        self.bytes += text.len();
        if self.in_code || self.in_link || !text.contains("://") {
            self.out.push(Event::Text(text));
            return;
        }
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url]);
        for span in finder.spans(&text) {
            let tag = span.kind().and_then(|_| self.link(span.as_str()));
            let words = Event::Text(span.as_str().to_string().into());
            match tag {
                Some(tag) => {
                    self.in_link = false;
                    self.out.extend([Event::Start(tag), words, Event::End(TagEnd::Link)]);
                }
                None => self.out.push(words),
            }
        }
    }

    fn html_block(&mut self) {
        let block = self.block.take().unwrap_or_default();
        let outer = self.silence;
        self.html(&block);
        self.silence = outer;
        // What stands among words does not reach into the next paragraph.
        while matches!(self.open.last(), Some(Open::Raw { .. })) && self.has_inline_open() {
            if let Some(open) = self.open.pop() {
                self.close(open);
            }
        }
    }

    /// What HTML opened since the parser opened something.
    fn raw_open(&self) -> impl Iterator<Item = (&'static str, Kind)> {
        self.open.iter().rev().map_while(|open| match open {
            Open::Raw { name, kind, .. } => Some((*name, *kind)),
            Open::Parsed(_) => None,
        })
    }

    fn has_inline_open(&self) -> bool {
        self.raw_open().any(|(_, kind)| kind == Kind::Inline)
    }

    fn html(&mut self, html: &str) {
        for piece in raw::pieces(html) {
            match (piece, self.silence) {
                (Piece::EndOfSilence(name), Some((silent, _))) if name == silent => self.silence = None,
                (_, Some(_)) | (Piece::EndOfSilence(_), None) => {}
                (Piece::Silence(name), None) => self.silence = Some((name, self.open.len())),
                (Piece::Text(text), None) => {
                    self.bytes += text.len();
                    // Its character references are meant; nothing else in it is markup.
                    self.write(text.replace('<', "&lt;").replace('>', "&gt;"));
                }
                (Piece::Open(name, kind, attributes), None) => self.open_raw(name, kind, attributes),
                (Piece::Close(name), None) => self.close_raw(name),
            }
        }
    }

    fn open_raw(&mut self, name: &'static str, kind: Kind, attributes: Attributes) {
        match (name, kind) {
            ("img", _) => return self.image(attributes),
            (_, Kind::Void) => return self.write(format!("<{name}>")),
            _ => {}
        }
        let inline = self.raw_open().filter(|(_, kind)| *kind == Kind::Inline).count();
        if self.out.len() >= MOST_EVENTS || self.raw >= MOST_RAW || (kind == Kind::Inline && inline >= MOST_INLINE) {
            return;
        }
        let written = written_name(name);
        let start = match (name, attributes) {
            ("a", Attributes { href: Some(href), .. }) if !self.in_link => {
                self.in_link = true;
                self.bytes += href.len();
                format!("<a href=\"{}\">", href.replace('&', "&amp;").replace('"', "&quot;"))
            }
            ("a", _) => return,
            ("details", Attributes { open: true, .. }) => "<details open>".to_string(),
            _ => format!("<{written}>"),
        };
        self.open.push(Open::Raw { name, written, kind });
        self.raw += 1;
        self.write(start);
    }

    fn close_raw(&mut self, name: &str) {
        let Some(inside) = self.raw_open().position(|(open, _)| open == name) else { return };
        for _ in 0..=inside {
            if let Some(open) = self.open.pop() {
                self.close(open);
            }
        }
    }

    /// Pages load no images of others: a link to it, or its description where there is a link already.
    fn image(&mut self, attributes: Attributes) {
        let words = |text: String| Event::Text(text.into());
        self.bytes += attributes.alt.len();
        match attributes.src.and_then(|address| Some((self.link(&address)?, address))) {
            Some((tag, address)) => {
                self.in_link = false;
                let shown = if attributes.alt.trim().is_empty() { address } else { attributes.alt };
                self.out.extend([Event::Start(tag), words(shown), Event::End(TagEnd::Link)]);
            }
            None if attributes.alt.is_empty() => {}
            None => self.out.push(words(attributes.alt)),
        }
    }

    fn write(&mut self, html: impl Into<CowStr<'t>>) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    fn finish(mut self) -> Vec<Event<'t>> {
        while let Some(open) = self.open.pop() {
            self.close(open);
        }
        self.out
    }
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

fn written_name(name: &'static str) -> &'static str {
    match name {
        "h1" => "h2",
        "h2" => "h3",
        "h3" => "h4",
        "h4" => "h5",
        "h5" => "h6",
        name => name,
    }
}
