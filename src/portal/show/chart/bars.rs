//! Bars over time, stacked by kind.

use askama::Template;

use super::super::{Reader, SafeHtml};
use super::{DataTable, share, tenth};

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 200.0;
/// Between two parts of a bar.
const GAP: f64 = 0.6;
/// Of its place, how much a bar fills.
const FILLED: f64 = 0.7;
/// Lines across, beside the base line.
const LINES: u64 = 4;
/// There are as many colours.
const MOST_SERIES: usize = 5;
const MOST_LABELS: usize = 5;

/// How often each of a few kinds occurred, for one day or hour after the other.
#[derive(Debug, Clone)]
pub struct StackedBars {
    /// Distinguishes the ids of several charts on a page.
    pub id: &'static str,
    /// "Events per day"
    pub title: String,
    /// "85,738 pulls and 10,260 pushes in 30 days; most on 2 September."
    pub sentence: String,
    /// Names the legend: "Kinds".
    pub legend: String,
    /// The kinds, lowest first. Five at most; what is beyond has no colour and is left out.
    pub series: Vec<Series>,
    /// One for each day, oldest first.
    pub bars: Vec<Bar>,
    /// What opens the table: "Show as table".
    pub show_table: String,
    /// Names the table: "Events per day as a table".
    pub table_label: String,
    /// Heads the table's first column: "Day".
    pub table_head: String,
}

/// A kind in [`StackedBars`].
#[derive(Debug, Clone)]
pub struct Series {
    /// "Pull"
    pub name: String,
    /// Where its name leads: the list of these alone.
    pub link: Option<String>,
}

/// A day in [`StackedBars`].
#[derive(Debug, Clone)]
pub struct Bar {
    /// "11 August"
    pub label: String,
    /// "11 Aug"
    pub short_label: String,
    /// How many of each series, in the same order.
    pub counts: Vec<u64>,
}

#[derive(Template)]
#[template(path = "components/chart/bars.html")]
struct Markup<'a> {
    chart: &'a StackedBars,
    series: &'a [Series],
    scale: Vec<String>,
    lines: Vec<String>,
    parts: Vec<Part>,
    labels: Vec<&'a str>,
    table: DataTable,
}

struct Part {
    series: usize,
    x: String,
    y: String,
    width: String,
    height: String,
    title: String,
}

impl StackedBars {
    /// A figure with legend, chart, sentence and table; numbers are written for this reader.
    pub fn html(&self, reader: &Reader) -> SafeHtml {
        let series = &self.series[..self.series.len().min(MOST_SERIES)];
        let highest = self.bars.iter().map(|bar| bar.total(series.len())).max().unwrap_or(0);
        let step = step_for(highest);
        let top = step.saturating_mul(LINES);
        SafeHtml::of(&Markup {
            chart: self,
            series,
            scale: (0..=LINES).rev().map(|line| reader.number(step.saturating_mul(line))).collect(),
            lines: (0..=LINES).map(|line| tenth(HEIGHT * share(line, LINES))).collect(),
            parts: self.parts(series, top, reader),
            labels: self.labels(),
            table: self.table(series, reader),
        })
    }

    fn parts(&self, series: &[Series], top: u64, reader: &Reader) -> Vec<Part> {
        let place = WIDTH / (self.bars.len().max(1) as f64);
        let mut parts = Vec::new();
        for (at, bar) in self.bars.iter().enumerate() {
            let mut below = 0_u64;
            for (index, (kind, count)) in series.iter().zip(&bar.counts).enumerate().filter(|(_, (_, n))| **n > 0) {
                let height = HEIGHT * share(*count, top);
                below = below.saturating_add(*count);
                parts.push(Part {
                    series: index + 1,
                    x: tenth(place * (at as f64 + (1.0 - FILLED) / 2.0)),
                    y: tenth(HEIGHT * (1.0 - share(below, top))),
                    width: tenth(place * FILLED),
                    // A day that had one is not a day that had none.
                    height: tenth((height - GAP).max(GAP)),
                    title: format!("{}, {}: {}", kind.name, bar.label, reader.number(*count)),
                });
            }
        }
        parts
    }

    /// The first and the last day and what is between at equal distances.
    fn labels(&self) -> Vec<&str> {
        let last = self.bars.len().saturating_sub(1);
        let shown = self.bars.len().min(MOST_LABELS);
        (0..shown)
            .filter_map(|at| self.bars.get(at * last / shown.saturating_sub(1).max(1)))
            .map(|bar| bar.short_label.as_str())
            .collect()
    }

    fn table(&self, series: &[Series], reader: &Reader) -> DataTable {
        let names = series.iter().map(|series| series.name.clone());
        let row = |bar: &Bar| {
            let counts = (0..series.len()).map(|at| reader.number(bar.counts.get(at).copied().unwrap_or(0)));
            std::iter::once(bar.short_label.clone()).chain(counts).collect()
        };
        DataTable {
            summary: self.show_table.clone(),
            label: self.table_label.clone(),
            columns: std::iter::once(self.table_head.clone()).chain(names).collect(),
            rows: self.bars.iter().map(row).collect(),
        }
    }
}

impl Bar {
    fn total(&self, series: usize) -> u64 {
        self.counts.iter().take(series).fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// The distance of the lines: the smallest of 1, 2, 5, 10, 20 … with which the highest bar has room.
fn step_for(highest: u64) -> u64 {
    let mut decade = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = decade.saturating_mul(factor);
            if step.saturating_mul(LINES) >= highest {
                return step;
            }
        }
        decade = decade.saturating_mul(10);
    }
}
