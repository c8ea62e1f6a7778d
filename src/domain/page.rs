//! Pages of long lists, walked by key in both directions.
//!
//! A list is sorted by a column and then by row, so that no two entries are at the same place. A page begins after such a
//! place, or ends before it, and is one walk along one index however far into the list it is.

use std::fmt;
use std::str::FromStr;

use diesel::dsl::sql;
use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::sql_types::{Bool, Text};

use crate::db::pattern_as_given;

/// What a list is sorted by, of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A time, a size, a count.
    Number(i64),
    /// A name.
    Text(String),
}

/// The place of an entry in a list. Its text is for addresses and means nothing to anybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is sorted by.
    pub key: Key,
    /// The row.
    pub id: i64,
}

impl Cursor {
    /// The place of an entry in a list sorted by a number.
    pub fn number(number: i64, id: i64) -> Cursor {
        Cursor { key: Key::Number(number), id }
    }

    /// The place of an entry in a list sorted by a name.
    pub fn text(text: &str, id: i64) -> Cursor {
        Cursor { key: Key::Text(text.to_string()), id }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::Number(number) => write!(f, "{}.n{number}", self.id),
            Key::Text(text) => write!(f, "{}.t{text}", self.id),
        }
    }
}

/// What a text is that is no [`Cursor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Cursor, NoCursor> {
        let (id, key) = text.split_once('.').ok_or(NoCursor)?;
        let id = id.parse().map_err(|_| NoCursor)?;
        let key = match key.split_at_checked(1) {
            Some(("n", number)) => Key::Number(number.parse().map_err(|_| NoCursor)?),
            // PostgreSQL has no text with a NUL in it.
            Some(("t", text)) if !text.contains('\0') => Key::Text(text.to_string()),
            _ => return Err(NoCursor),
        };
        Ok(Cursor { key, id })
    }
}

/// What the names in a list are to have in them, in either case; `%` and `_` are letters like others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Containing(Option<String>);

impl Containing {
    /// This part; the empty one is in every name.
    pub fn part(part: String) -> Containing {
        Containing(Some(part).filter(|part| !part.is_empty()))
    }

    /// The part, unless every name will do.
    pub fn wanted(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether a name has it.
    pub fn is_in(&self, name: &str) -> bool {
        self.wanted().is_none_or(|part| name.to_lowercase().contains(&part.to_lowercase()))
    }
}

/// How much of a list: at most so many rows, and only those with something in their names. A number alone is as many rows
/// whatever they are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// How many rows at most.
    pub rows: i64,
    /// What their names have in them.
    pub containing: Containing,
}

impl From<i64> for Limit {
    fn from(rows: i64) -> Limit {
        Limit { rows, containing: Containing::default() }
    }
}

/// That a name in SQL has something in it.
type Has = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, <String as AsExpression<Text>>::Expression>>;

impl Limit {
    /// For `LOWER(…) LIKE LOWER(…) ESCAPE '\'`.
    pub(crate) fn pattern(&self) -> String {
        self.containing.wanted().map_or_else(|| "%".to_string(), pattern_as_given)
    }

    /// As [`Limit::pattern`], for the part of a repository's whole name behind its namespace.
    pub(crate) fn pattern_behind_namespace(&self) -> String {
        format!("%/{}", self.pattern())
    }

    /// The condition on a name, which is SQL of ours, if there is one.
    pub(crate) fn has(&self, name: &str) -> Option<Has> {
        self.containing.wanted().map(|_| has(name, self.pattern()))
    }

    /// As [`Limit::has`] on the part of a repository's name behind its namespace.
    pub(crate) fn has_behind_namespace(&self) -> Option<Has> {
        self.containing.wanted().map(|_| has("repositories.name", self.pattern_behind_namespace()))
    }
}

fn has(name: &str, pattern: String) -> Has {
    sql::<Bool>(&format!("LOWER({name}) LIKE LOWER(")).bind::<Text, _>(pattern).sql(") ESCAPE '\\'")
}

/// A number of rows as SQL takes it.
pub(crate) fn rows_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// The first.
    #[default]
    First,
    /// The one that begins after this entry.
    After(Cursor),
    /// The one that ends before this entry.
    Before(Cursor),
}

impl Place {
    /// The place that an address names: `after`, or else `before`; the first page for what is no place.
    pub fn named(after: Option<&str>, before: Option<&str>) -> Place {
        let read = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        match (read(after), read(before)) {
            (Some(after), _) => Place::After(after),
            (None, Some(before)) => Place::Before(before),
            (None, None) => Place::First,
        }
    }

    /// Whether the list is walked against its order to get there.
    pub(crate) fn is_backwards(&self) -> bool {
        matches!(self, Place::Before(_))
    }

    /// The entry the walk begins behind.
    pub(crate) fn start(&self) -> Option<&Cursor> {
        match self {
            Place::First => None,
            Place::After(cursor) | Place::Before(cursor) => Some(cursor),
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries in the order of the list.
    pub rows: Vec<T>,
    /// The page before ends before this one, if there is one.
    pub previous: Option<Cursor>,
    /// The page behind begins after this one, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of what a walk from `place` found, which looked for one more than `limit`.
    pub(crate) fn of(mut rows: Vec<T>, place: &Place, limit: usize, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let end = rows.last().filter(|_| more).map(&cursor);
        Page::ended(rows, place, end, cursor)
    }

    /// As [`Page::of`], where the walk goes on behind `end`, which need not be an entry of the page.
    pub(crate) fn ended(
        mut rows: Vec<T>,
        place: &Place,
        end: Option<Cursor>,
        cursor: impl Fn(&T) -> Cursor,
    ) -> Page<T> {
        if place.is_backwards() {
            rows.reverse();
            let next = rows.last().map(cursor);
            return Page { previous: end, next, rows };
        }
        let came_from = rows.first().filter(|_| *place != Place::First).map(cursor);
        Page { previous: came_from, next: end, rows }
    }

    /// The page with each entry made into another.
    pub(crate) fn map<U>(self, made: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(made).collect(), previous: self.previous, next: self.next }
    }
}

/// A walk along one index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    descending: bool,
    is_text: bool,
}

impl Walk {
    /// The walk to a place in a list.
    pub fn new(descending: bool, is_text: bool, place: &Place) -> Walk {
        Walk { descending: descending != place.is_backwards(), is_text }
    }

    /// `ASC` or `DESC`.
    pub fn direction(self) -> &'static str {
        if self.descending { "DESC" } else { "ASC" }
    }

    /// What says that an entry is behind another.
    pub fn behind(self) -> &'static str {
        if self.descending { "<" } else { ">" }
    }

    /// The entry the walk begins behind: one that is before all others where none is given or one of another list.
    pub fn from(self, start: Option<&Cursor>) -> Cursor {
        match start {
            Some(cursor) if matches!(cursor.key, Key::Text(_)) == self.is_text => cursor.clone(),
            _ => {
                let id = if self.descending { i64::MAX } else { i64::MIN };
                // No name has a letter behind this one.
                let text = if self.descending { "\u{7f}" } else { "" };
                if self.is_text { Cursor::text(text, id) } else { Cursor::number(id, id) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        for cursor in [Cursor::number(-5, 7), Cursor::text("1.0.t-x", 9), Cursor::text("", 0)] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for wrong in ["", ".", "1", "1.", "x.n1", "1.nx", "1.q2", "1.ta\0b", "1.é"] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NoCursor), "{wrong:?}");
        }
    }

    #[test]
    fn a_part_is_letters_in_either_case() {
        let limit = |part: &str| Limit { rows: 1, containing: Containing::part(part.to_string()) };

        assert_eq!((limit("").pattern(), limit("50%_É\\").pattern()), ("%".into(), "%50\\%\\_É\\\\%".into()));
        assert_eq!(limit("x").pattern_behind_namespace(), "%/%x%");
        for (part, name, is_in) in [("_", "axb", false), ("É", "wéb", true), ("%C", "A%c", true), ("", "", true)] {
            assert_eq!(limit(part).containing.is_in(name), is_in, "{part} in {name}");
        }
    }

    #[test]
    fn pages_lead_where_they_came_from() {
        let cursor = |row: &i64| Cursor::number(*row, *row);
        let at = |row| Some(Cursor::number(row, row));

        let first = Page::of(vec![1, 2, 3], &Place::First, 2, cursor);
        assert_eq!(first, Page { rows: vec![1, 2], previous: None, next: at(2) });
        let last = Page::of(vec![3], &Place::After(Cursor::number(2, 2)), 2, cursor);
        assert_eq!(last, Page { rows: vec![3], previous: at(3), next: None });
        let back = Page::of(vec![2, 1], &Place::Before(Cursor::number(3, 3)), 2, cursor);
        assert_eq!(back, Page { rows: vec![1, 2], previous: None, next: at(2) });
    }
}
