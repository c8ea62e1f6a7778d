//! Differences as lines of a table: what was removed, what was added, and what stayed the same.

use domain::image::{Comparison, Difference, LayerComparison, Named, SettingsComparison, Step};

use super::super::configuration::command;
use super::super::pairs::MOST;
use crate::portal::show::{Reader, short_digest};
use crate::portal::text::Text;

/// So many equal values are shown; more are only counted.
const SHOWN_EQUAL: usize = 5;

/// A table of lines.
pub struct Section {
    /// Names it in the page.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// Lines under a title of their own.
    pub groups: Vec<Group>,
    /// Whether its lines have a size.
    pub has_sizes: bool,
}

/// Lines that belong together.
#[derive(Default)]
pub struct Group {
    /// What stands above them.
    pub title: Option<String>,
    /// The lines.
    pub lines: Vec<Line>,
    /// What is counted instead of being shown.
    pub rest: Option<String>,
}

/// A line of a table.
pub struct Line {
    /// Which side has it.
    pub kind: Kind,
    /// The part that is the same on the other side.
    pub before: String,
    /// The part that is not.
    pub marked: String,
    /// The same part behind it.
    pub after: String,
    /// Bytes in words.
    pub size: String,
}

/// Which side has a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Both.
    Same,
    /// The right.
    Added,
    /// The left.
    Removed,
}

impl Kind {
    /// The row's class.
    pub fn class(self) -> &'static str {
        match self {
            Kind::Same => "",
            Kind::Added => "add",
            Kind::Removed => "del",
        }
    }

    /// What stands in front of it.
    pub fn sign(self) -> &'static str {
        match self {
            Kind::Same => "",
            Kind::Added => "+",
            Kind::Removed => "−",
        }
    }

    /// The sign's word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Same => "image-unchanged",
            Kind::Added => "image-added",
            Kind::Removed => "image-removed",
        }
    }

    /// Whether both sides have it.
    pub fn is_same(self) -> bool {
        self == Kind::Same
    }

    /// Whether the right has it.
    pub fn is_added(self) -> bool {
        self == Kind::Added
    }
}

/// Layers, configuration, labels and annotations, as far as there is something.
pub(super) fn sections(text: Text, reader: &Reader, comparison: &Comparison) -> Vec<Section> {
    let mut sections = Vec::new();
    sections.extend(layers(text, reader, &comparison.layers));
    sections.extend(comparison.settings.as_ref().and_then(|settings| configuration(text, comparison, settings)));
    sections.extend(named_section(text, ("labels", "compare-labels"), &comparison.labels));
    sections.extend(annotations(text, "compare-annotations", comparison));
    sections
}

/// The annotations of the manifests.
pub(super) fn annotations(text: Text, title: &str, comparison: &Comparison) -> Option<Section> {
    let id = if title == "compare-annotations" { "annotations" } else { "index-annotations" };
    named_section(text, (id, title), &comparison.annotations)
}

fn layers(text: Text, reader: &Reader, layers: &LayerComparison) -> Option<Section> {
    if layers.leading == 0 && layers.rest.is_empty() {
        return None;
    }
    let same =
        layers.common.iter().take(layers.leading_layers).fold(0_u64, |sum, layer| sum.saturating_add(layer.size));
    let title = (layers.leading > 0)
        .then(|| text.with2("compare-leading", "count", layers.leading_layers, "size", reader.size(same)));
    let line = |difference: &Difference<Step>| {
        let (kind, step) = match difference {
            Difference::Same(step) => (Kind::Same, step),
            Difference::Added(step) | Difference::Changed { to: step, .. } => (Kind::Added, step),
            Difference::Removed(step) => (Kind::Removed, step),
        };
        let digest = step.layer.as_ref().map(|layer| short_digest(layer.digest.as_str()).to_string());
        let size = step.layer.as_ref().map_or_else(|| "–".to_string(), |layer| reader.size(layer.size));
        Line { size, ..Line::plain(kind, step.instruction.clone().or(digest).unwrap_or_default()) }
    };
    let lines = layers.rest.iter().take(MOST).map(line).collect();
    let group = Group { title, lines, rest: rest(text, 0, layers.rest.len().saturating_sub(MOST)) };
    Some(Section { id: "layers", title: text.say("compare-layers"), groups: vec![group], has_sizes: true })
}

fn configuration(text: Text, comparison: &Comparison, settings: &SettingsComparison) -> Option<Section> {
    let environment = Group { title: Some(text.say("compare-environment")), ..named(text, "", &settings.env) };
    let mut lines = Vec::new();
    let words = |value: &Option<Difference<Vec<String>>>| {
        value.as_ref().map(|value| mapped(value, |words| command(words).unwrap_or_default()))
    };
    let one = |label: &str, value: Option<Difference<String>>| match value {
        Some(value) => Line::of(&format!("{}: ", text.say(label)), &value),
        None => Vec::new(),
    };
    lines.extend(one("image-entrypoint", words(&settings.entrypoint)));
    lines.extend(one("image-cmd", words(&settings.cmd)));
    lines.extend(one("image-user", settings.user.clone()));
    lines.extend(one("image-workdir", settings.working_dir.clone()));
    lines.extend(one("image-stop-signal", settings.stop_signal.clone()));
    lines.extend(one("image-created", settings.created.clone()));
    lines.extend(one("image-author", settings.author.clone()));
    let platforms = comparison.platforms.as_ref().map(|platforms| mapped(platforms, |names| names.join(", ")));
    lines.extend(one("image-platform", platforms));
    let run = Group { title: Some(text.say("compare-run")), lines, rest: None };
    let ports = named(text, &format!("{}: ", text.say("image-ports")), &settings.exposed_ports);
    let volumes = named(text, &format!("{}: ", text.say("image-volumes")), &settings.volumes);
    let groups: Vec<Group> = [environment, run, ports, volumes].into_iter().filter(|group| !group.is_empty()).collect();
    (!groups.is_empty()).then(|| Section {
        id: "configuration",
        title: text.say("compare-configuration"),
        groups,
        has_sizes: false,
    })
}

fn mapped<T>(difference: &Difference<T>, change: impl Fn(&T) -> String) -> Difference<String> {
    match difference {
        Difference::Same(value) => Difference::Same(change(value)),
        Difference::Added(value) => Difference::Added(change(value)),
        Difference::Removed(value) => Difference::Removed(change(value)),
        Difference::Changed { from, to } => Difference::Changed { from: change(from), to: change(to) },
    }
}

fn named_section(text: Text, (id, title): (&'static str, &str), all: &[Named]) -> Option<Section> {
    let group = named(text, "", all);
    (!group.is_empty()).then(|| Section { id, title: text.say(title), groups: vec![group], has_sizes: false })
}

/// Lines of named values. Many equal ones are only counted, so that what differs is seen.
fn named(text: Text, before: &str, all: &[Named]) -> Group {
    let equal = all.iter().filter(|one| !one.value.is_any()).count();
    let hides_equal = equal > SHOWN_EQUAL;
    let shown: Vec<&Named> = all.iter().filter(|one| !hides_equal || one.value.is_any()).collect();
    let lines = shown.iter().take(MOST).flat_map(|one| {
        let bare = matches!(&one.value, Difference::Same(value) | Difference::Added(value) | Difference::Removed(value) if value.is_empty());
        let name = if bare { format!("{before}{}", one.name) } else { format!("{before}{}=", one.name) };
        Line::of(&name, &one.value)
    });
    let rest = rest(text, if hides_equal { equal } else { 0 }, shown.len().saturating_sub(MOST));
    Group { title: None, lines: lines.collect(), rest }
}

/// What is left out, in words.
fn rest(text: Text, equal: usize, more: usize) -> Option<String> {
    match (equal, more) {
        (0, 0) => None,
        (equal, 0) => Some(text.with("compare-equal", "count", equal)),
        (_, more) => Some(text.with("image-more", "count", more)),
    }
}

impl Group {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.rest.is_none()
    }
}

impl Line {
    fn plain(kind: Kind, before: String) -> Line {
        Line { kind, before, marked: String::new(), after: String::new(), size: String::new() }
    }

    /// The lines of a value behind its name: two if it changed, with what differs marked.
    fn of(name: &str, value: &Difference<String>) -> Vec<Line> {
        match value {
            Difference::Same(value) => vec![Line::plain(Kind::Same, format!("{name}{value}"))],
            Difference::Added(value) => vec![Line::plain(Kind::Added, format!("{name}{value}"))],
            Difference::Removed(value) => vec![Line::plain(Kind::Removed, format!("{name}{value}"))],
            Difference::Changed { from, to } => {
                let (start, from_end, to_end) = changed_part(from, to);
                let line = |kind: Kind, value: &str, end: usize| Line {
                    before: format!("{name}{}", &value[..start]),
                    marked: value[start..end].to_string(),
                    after: value[end..].to_string(),
                    ..Line::plain(kind, String::new())
                };
                vec![line(Kind::Removed, from, from_end), line(Kind::Added, to, to_end)]
            }
        }
    }
}

/// Where two texts begin to differ, and where that ends in each; always between letters.
fn changed_part(from: &str, to: &str) -> (usize, usize, usize) {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = from.chars().zip(to.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let (from_rest, to_rest) = (&from[start..], &to[start..]);
    let end: usize =
        from_rest.chars().rev().zip(to_rest.chars().rev()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    (start, from.len() - end, to.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::text::Language;

    fn parts(from: &str, to: &str) -> [String; 2] {
        let (start, from_end, to_end) = changed_part(from, to);
        [from[start..from_end].to_string(), to[start..to_end].to_string()]
    }

    #[test]
    fn only_what_differs_is_marked() {
        assert_eq!(parts("16", "32"), ["16", "32"]);
        assert_eq!(parts("3.3.9", "3.4.1"), ["3.9", "4.1"]);
        assert_eq!(parts("[\"a\"]", "[\"a\",\"b\"]"), ["", ",\"b\""]);
        assert_eq!(parts("aa", "aaa"), ["", "a"]);
        assert_eq!(parts("größe", "große"), ["ö", "o"]);
        assert_eq!(parts("", "x"), ["", "x"]);
    }

    #[test]
    fn many_equal_values_are_counted() {
        let named_as = |at: usize, value| Named { name: format!("N{at}"), value };
        let mut all: Vec<Named> = (0..9).map(|at| named_as(at, Difference::Same("v".into()))).collect();
        all.push(named_as(9, Difference::Added("new".into())));

        let group = named(Text::new(Language::English), "", &all);

        assert_eq!((group.lines.len(), group.lines[0].before.as_str()), (1, "N9=new"));
        assert!(group.rest.is_some_and(|rest| rest.contains('9')));
    }
}
