//! How often what happened, as stacked bars.

use std::collections::HashMap;

use domain::audit::{DAY, DayCount};
use domain::event::EventKind;
use domain::time::Timestamp;

use super::View;
use crate::portal::show::chart::{Bar, Series, StackedBars};

/// Kinds with a colour of their own; the others share the last one.
const KINDS: usize = 4;
/// More bars than this cannot be told apart: then each stands for several days.
const MOST_BARS: i64 = 92;

/// The most frequent kinds by day, and all others together.
pub fn bars(view: &View<'_>, days: &[DayCount]) -> StackedBars {
    let (from, until) = view.asked.range();
    let length = (until.0 - from.0) / DAY;
    let step = length.div_euclid(MOST_BARS) + i64::from(length % MOST_BARS != 0);
    let frequent = frequent(days);
    let has_others = days.iter().any(|day| !frequent.contains(&day.kind.as_str()));
    let mut counts: HashMap<(i64, usize), u64> = HashMap::new();
    for day in days {
        let series = frequent.iter().position(|kind| *kind == day.kind).unwrap_or(KINDS);
        let bar = (day.day.0 - from.0).div_euclid(DAY * step);
        *counts.entry((bar, series)).or_default() += u64::try_from(day.times).unwrap_or(0);
    }
    let series_count = if has_others { KINDS + 1 } else { frequent.len() };
    let columns: Vec<usize> = (0..frequent.len()).chain((series_count > KINDS).then_some(KINDS)).collect();
    let bar = |at: i64| {
        let first = Timestamp(from.0 + at * step * DAY);
        let count = |series: &usize| counts.get(&(at, *series)).copied().unwrap_or(0);
        // Noon, so that it is the same day wherever it is read.
        let noon = Timestamp(first.0 + DAY / 2);
        Bar {
            label: view.utc.day(noon),
            short_label: view.utc.short_day(noon),
            counts: columns.iter().map(count).collect(),
        }
    };
    let text = view.text;
    let mut series: Vec<Series> = frequent.iter().map(|kind| named(view, kind)).collect();
    if has_others {
        series.push(Series { name: text.say("logs-chart-others"), link: None });
    }
    let total: u64 = counts.values().sum();
    StackedBars {
        id: "log-chart",
        title: if step == 1 { text.say("logs-chart") } else { text.with("logs-chart-steps", "days", step) },
        sentence: text.with2("logs-chart-sentence", "count", total, "days", length),
        legend: text.say("logs-chart-kinds"),
        series,
        bars: (0..(length + step - 1) / step).map(bar).collect(),
        show_table: text.say("logs-chart-show-table"),
        table_label: text.say("logs-chart-table"),
        table_head: text.say("logs-chart-day"),
    }
}

/// The kinds that occurred most, the most frequent first.
fn frequent(days: &[DayCount]) -> Vec<&str> {
    let mut totals: HashMap<&str, i64> = HashMap::new();
    for day in days {
        *totals.entry(&day.kind).or_default() += day.times;
    }
    let mut kinds: Vec<(&str, i64)> = totals.into_iter().collect();
    kinds.sort_by(|(a, some), (b, others)| others.cmp(some).then(a.cmp(b)));
    kinds.into_iter().take(KINDS).map(|(kind, _)| kind).collect()
}

fn named(view: &View<'_>, kind: &str) -> Series {
    let name = EventKind::from_word(kind).map_or_else(|| kind.to_string(), |kind| view.kind_name(kind));
    Series { name, link: Some(view.place.page(&view.asked.pairs().kind(kind).list())) }
}
