//! The last word on what is shown.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, Document, UrlRelative};

use super::raw::ELEMENTS;

/// What the parser writes beside the elements that texts may use themselves.
const WRITTEN: [&str; 1] = ["input"];

/// What texts may use and pages do not show: images become links, and the first heading is the page's own.
const REWRITTEN: [&str; 2] = ["img", "h1"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(ELEMENTS.iter().map(|(name, _)| *name).chain(WRITTEN).filter(|name| !REWRITTEN.contains(name)).collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
            ("details", HashSet::from(["open"])),
            ("input", HashSet::from(["checked"])),
            ("div", HashSet::from(["tabindex"])),
        ]))
        // An input is a box of a task list, whatever it wanted to be.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        // What scrolls must be reachable with the keyboard.
        .set_tag_attribute_value("pre", "tabindex", "0")
        .generic_attributes(HashSet::new())
        .allowed_classes(HashMap::from([("div", HashSet::from(["table-scroll"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"))
        .strip_comments(true);
    cleaner
});

/// The markup without whatever is not on the list.
pub fn clean(markup: &str) -> Document {
    CLEANER.clean(markup)
}
