//! Charts that fit into a line: how full something is, how it went lately.

use askama::Template;

use super::super::SafeHtml;
use super::{share, tenth};

const SPARK_HEIGHT: f64 = 20.0;
/// More bars than this cannot be told apart.
const MOST_BARS: usize = 90;

/// How much of something is used or done.
#[derive(Debug, Clone)]
pub struct Meter {
    /// What there is of it.
    pub part: u64,
    /// What there can be.
    pub whole: u64,
    /// "64 percent", "1.2 GiB of 5.0 GiB".
    pub label: String,
    /// Its colour.
    pub tone: Tone,
}

/// What a [`Meter`] wants to say beside its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    Plain,
    /// It is getting tight.
    Warning,
    /// It is full.
    Danger,
}

impl Tone {
    /// How a quota looks: tight from 80 percent, full at 100.
    pub fn of_quota(used: u64, limit: u64) -> Tone {
        match share(used, limit) {
            _ if limit == 0 || used >= limit => Tone::Danger,
            share if share >= 0.8 => Tone::Warning,
            _ => Tone::Plain,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "meter",
            Tone::Warning => "meter warn",
            Tone::Danger => "meter danger",
        }
    }
}

#[derive(Template)]
#[template(path = "components/chart/meter.html")]
struct MeterMarkup<'a> {
    class: &'static str,
    label: &'a str,
    width: String,
}

impl Meter {
    /// A bar as wide as its place.
    pub fn html(&self) -> SafeHtml {
        let width = 100.0 * share(self.part, self.whole);
        // Something is more than nothing.
        let width = if self.part > 0 { width.max(1.0) } else { width };
        SafeHtml::of(&MeterMarkup { class: self.tone.class(), label: &self.label, width: tenth(width) })
    }
}

/// A few counts as small bars, oldest first.
#[derive(Debug, Clone)]
pub struct Spark {
    /// One a day.
    pub counts: Vec<u64>,
    /// "48,210 pulls in 14 days"
    pub label: String,
}

#[derive(Template)]
#[template(path = "components/chart/spark.html")]
struct SparkMarkup<'a> {
    label: &'a str,
    width: usize,
    bars: Vec<SparkBar>,
}

struct SparkBar {
    x: usize,
    y: String,
    height: String,
}

impl Spark {
    /// The bars, as high as they can be together.
    pub fn html(&self) -> SafeHtml {
        let counts = &self.counts[self.counts.len().saturating_sub(MOST_BARS)..];
        let highest = counts.iter().copied().max().unwrap_or(0);
        let bar = |(at, count): (usize, &u64)| {
            let height = SPARK_HEIGHT * share(*count, highest);
            let height = if *count > 0 { height.max(1.0) } else { 0.0 };
            SparkBar { x: at * 4, y: tenth(SPARK_HEIGHT - height), height: tenth(height) }
        };
        let bars = counts.iter().enumerate().map(bar).collect();
        SafeHtml::of(&SparkMarkup { label: &self.label, width: (counts.len() * 4).max(4), bars })
    }
}
