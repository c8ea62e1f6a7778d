//! Charts, drawn here as SVG.
//!
//! Each chart is a struct of values and texts, and its `html` the markup. Texts come in the reader's language. A chart
//! says in a sentence what it shows, names each mark by a `<title>`, and the larger ones repeat their values as a table.
//! How they look is said by classes alone, so they follow the theme.

mod bars;
mod heat;
#[cfg(test)]
mod tests;

pub use bars::{Bar, Series, StackedBars};
pub use heat::{Day, HeatMap, HeatMapTexts};

/// The values of a chart once more, as a table behind a disclosure.
#[derive(Debug, Clone)]
pub struct DataTable {
    /// What opens it: "Show as table".
    pub summary: String,
    /// Names the table: "Pushes per week".
    pub label: String,
    /// The columns' headings; the first one heads the rows.
    pub columns: Vec<String>,
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A coordinate or a length, with one decimal as SVG needs no more.
fn tenth(value: f64) -> String {
    format!("{value:.1}")
}

/// `part` of `whole`, from 0 to 1.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).min(1.0) }
}
