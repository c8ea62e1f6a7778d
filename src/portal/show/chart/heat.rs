//! Days as a grid, a column a week: darker where more happened.

use askama::Template;

use super::super::SafeHtml;
use super::DataTable;

const LEFT: usize = 22;
const TOP: usize = 14;
const STEP: usize = 15;
/// Months need room for their names: a name that would start within the last one's is left out.
const WEEKS_BETWEEN_MONTHS: usize = 3;
/// More than this is not shown; a year and a leap week.
const MOST_DAYS: usize = 53 * 7;

/// What happened on how many days, oldest first.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// Distinguishes the ids of several charts on a page.
    pub id: &'static str,
    /// On which day of the week the first day is, Monday being 0.
    pub first_weekday: usize,
    /// The days, one after the other.
    pub days: Vec<Day>,
    /// The words around it.
    pub texts: HeatMapTexts,
    /// The same by week.
    pub table: DataTable,
}

/// A day of a [`HeatMap`].
#[derive(Debug, Clone)]
pub struct Day {
    /// How much happened.
    pub count: u64,
    /// "8 June: 15 pushes".
    pub title: String,
    /// The short name of the month, on the first day of each.
    pub month: Option<String>,
}

/// The words around a [`HeatMap`].
#[derive(Debug, Clone)]
pub struct HeatMapTexts {
    /// "Pushes in 90 days"
    pub title: String,
    /// All days together: "680".
    pub total: String,
    /// "Most on weekdays; last push 12 min ago."
    pub sentence: String,
    /// Short names of the days of the week, Monday first.
    pub weekdays: [String; 7],
    /// At the light end of the key.
    pub fewer: String,
    /// At the dark end.
    pub more: String,
}

#[derive(Template)]
#[template(path = "components/chart/heat.html")]
struct Markup<'a> {
    map: &'a HeatMap,
    width: usize,
    labels: Vec<Label<'a>>,
    cells: Vec<Cell<'a>>,
}

struct Label<'a> {
    x: usize,
    y: String,
    text: &'a str,
}

struct Cell<'a> {
    level: usize,
    x: usize,
    y: usize,
    title: &'a str,
}

impl HeatMap {
    /// A card with the map, its key and its table.
    pub fn html(&self) -> SafeHtml {
        let days = &self.days[..self.days.len().min(MOST_DAYS)];
        let steps = Steps::of(days);
        let place = |at: usize| {
            let at = at + self.first_weekday % 7;
            (at / 7, at % 7)
        };
        let cells = days.iter().enumerate().map(|(at, day)| {
            let (week, weekday) = place(at);
            Cell { level: steps.level(day.count), x: LEFT + week * STEP, y: TOP + weekday * STEP, title: &day.title }
        });
        let weeks = (self.first_weekday % 7 + days.len()).div_ceil(7).max(1);
        let mut labels = Vec::new();
        let mut free_from = 0;
        for (at, day) in days.iter().enumerate() {
            let (week, _) = place(at);
            if let Some(month) = day.month.as_deref().filter(|_| week >= free_from) {
                labels.push(Label { x: LEFT + week * STEP, y: "8".into(), text: month });
                free_from = week + WEEKS_BETWEEN_MONTHS;
            }
        }
        for weekday in [0, 2, 4] {
            let y = format!("{}.5", TOP + weekday * STEP + 9);
            labels.push(Label { x: 0, y, text: &self.texts.weekdays[weekday] });
        }
        SafeHtml::of(&Markup { map: self, width: LEFT + weeks * STEP, labels, cells: cells.collect() })
    }
}

/// Where one shade ends: the quartiles of the days on which something happened, so that one busy day does not make all
/// others look alike.
struct Steps([u64; 3]);

impl Steps {
    fn of(days: &[Day]) -> Steps {
        let mut counts: Vec<u64> = days.iter().map(|day| day.count).filter(|count| *count > 0).collect();
        counts.sort_unstable();
        let quartile =
            |quarter: usize| counts.get((counts.len() * quarter / 4).saturating_sub(1)).copied().unwrap_or(0);
        Steps([quartile(1), quartile(2), quartile(3)])
    }

    /// From 0, nothing, to 4.
    fn level(&self, count: u64) -> usize {
        if count == 0 { 0 } else { 1 + self.0.iter().filter(|step| count > **step).count() }
    }
}
