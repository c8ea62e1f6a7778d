//! Findings by severity: a ring and bars beside it.

use std::f64::consts::TAU;

use askama::Template;

use super::super::{Reader, SafeHtml};
use super::{share, tenth};

const RADIUS: f64 = 44.0;
/// Between two arcs.
const GAP: f64 = 2.0;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nobody has said.
    Unknown,
    /// Also negligible.
    Low,
    /// In the middle.
    Medium,
    /// To be mended soon.
    High,
    /// To be mended now.
    Critical,
}

impl Severity {
    /// The end of its classes: `sev-crit`, `s-crit`.
    pub fn class(self) -> &'static str {
        match self {
            Severity::Critical => "crit",
            Severity::High => "high",
            Severity::Medium => "med",
            Severity::Low => "low",
            Severity::Unknown => "unk",
        }
    }

    /// Its meter in the icons.
    pub fn icon(self) -> &'static str {
        match self {
            Severity::Critical => "sev-4",
            Severity::High => "sev-3",
            Severity::Medium => "sev-2",
            Severity::Low => "sev-1",
            Severity::Unknown => "sev-0",
        }
    }
}

/// Findings by severity.
#[derive(Debug, Clone)]
pub struct Donut {
    /// "31 findings: 2 critical, 7 high, 14 medium, 8 low"
    pub sentence: String,
    /// Under the figure in the middle: "findings".
    pub caption: String,
    /// Worst first. Severities without findings stay in the list beside the ring.
    pub slices: Vec<Slice>,
}

/// A severity in a [`Donut`].
#[derive(Debug, Clone)]
pub struct Slice {
    /// Which.
    pub severity: Severity,
    /// Its word: "Critical".
    pub label: String,
    /// How many.
    pub count: u64,
}

#[derive(Template)]
#[template(path = "components/chart/donut.html")]
struct Markup<'a> {
    donut: &'a Donut,
    total: String,
    arcs: Vec<Arc>,
    bars: Vec<Bar<'a>>,
}

struct Arc {
    class: &'static str,
    dashes: String,
    offset: String,
    title: String,
}

struct Bar<'a> {
    severity: Severity,
    label: &'a str,
    width: Option<String>,
    count: String,
}

impl Donut {
    /// The ring and the bars; numbers are written for this reader.
    pub fn html(&self, reader: &Reader) -> SafeHtml {
        let total = self.slices.iter().fold(0_u64, |sum, slice| sum.saturating_add(slice.count));
        let highest = self.slices.iter().map(|slice| slice.count).max().unwrap_or(0);
        let bar = |slice| bar(slice, highest, reader);
        let bars = self.slices.iter().map(bar).collect();
        SafeHtml::of(&Markup { donut: self, total: reader.number(total), arcs: self.arcs(total, reader), bars })
    }

    fn arcs(&self, total: u64, reader: &Reader) -> Vec<Arc> {
        let ring = TAU * RADIUS;
        let mut before = 0.0;
        let mut arcs = Vec::new();
        for slice in self.slices.iter().filter(|slice| slice.count > 0) {
            let length = ring * share(slice.count, total);
            // A ring of one arc is closed.
            let drawn = if slice.count == total { length } else { (length - GAP).max(GAP / 2.0) };
            arcs.push(Arc {
                class: slice.severity.class(),
                dashes: format!("{drawn:.2} {:.2}", ring - drawn),
                offset: format!("{:.2}", 0.0 - before),
                title: format!("{}: {}", slice.label, reader.number(slice.count)),
            });
            before += length;
        }
        arcs
    }
}

fn bar<'a>(slice: &'a Slice, highest: u64, reader: &Reader) -> Bar<'a> {
    Bar {
        severity: slice.severity,
        label: &slice.label,
        width: (slice.count > 0).then(|| tenth((100.0 * share(slice.count, highest)).max(1.0))),
        count: reader.number(slice.count),
    }
}
