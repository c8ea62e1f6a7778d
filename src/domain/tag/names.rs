//! The names of all tags of a repository, for filters that no index answers.
//!
//! They are read as one text, which costs less than a row each, and kept: whoever types into a filter asks for them with
//! every letter. Each change of the names is a move in the tags' history and most change their number, so they are good as
//! long as the newest move and the number are the same, whichever process made the change. Two moves at once may be
//! committed in another order than that of their rows, so that is believed for a short time only.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use regex::bytes::Regex;

use super::pattern::{Search, Wanted};
use crate::db::schema::tags;
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::repository::Repository;
use crate::seats::{Seat, Seats};

/// Names read in one go.
const READ_AT_ONCE: i64 = 50_000;
/// Bytes of names kept in memory, with the book-keeping of each repository counted in.
const KEPT_BYTES: u64 = 16 * 1024 * 1024;
const BOOK_KEEPING: usize = 256;
const BELIEVED_FOR: Duration = Duration::from_secs(30);
/// Expressions looked for at once, and for one address: each has a connection to the database meanwhile.
const EXPRESSIONS_AT_ONCE: (usize, usize) = (4, 2);
/// How long somebody waits for their turn.
const WAIT: Duration = Duration::from_secs(5);

/// Names of tags, by repository.
#[derive(Clone)]
pub struct TagNames {
    kept: moka::sync::Cache<i64, Arc<Kept>>,
    searching: Seats,
}

struct Kept {
    /// What was so before they were read.
    state: State,
    names: Arc<Names>,
}

/// What the names of a repository's tags cannot change without.
#[derive(Default, PartialEq, Eq, QueryableByName)]
struct State {
    #[diesel(sql_type = BigInt)]
    tags: i64,
    /// The newest move.
    #[diesel(sql_type = Nullable<BigInt>)]
    newest: Option<i64>,
}

/// Names in their order, a space between two: none has one.
pub(super) struct Names {
    text: String,
    /// Whether these are all.
    whole: bool,
}

/// Names that match.
pub(super) struct Matching {
    pub names: Vec<String>,
    /// Whether all names were looked at, and all that match are here.
    pub whole: bool,
}

impl Default for TagNames {
    fn default() -> TagNames {
        let weight =
            |_: &i64, kept: &Arc<Kept>| u32::try_from(kept.names.text.len() + BOOK_KEEPING).unwrap_or(u32::MAX);
        TagNames {
            kept: moka::sync::Cache::builder()
                .weigher(weight)
                .max_capacity(KEPT_BYTES)
                .time_to_live(BELIEVED_FOR)
                .build(),
            searching: Seats::new(EXPRESSIONS_AT_ONCE.0, EXPRESSIONS_AT_ONCE.1),
        }
    }
}

const STATE: &str = "\
SELECT r.tags AS tags, (SELECT MAX(e.id) FROM tag_events e WHERE e.repository_id = r.id) AS newest \
FROM repositories r WHERE r.id = $1";

impl TagNames {
    /// The turn of somebody who looks for an [expression](super::TagPattern::is_expression): to be held while
    /// [`page`](super::page) is asked.
    ///
    /// # Errors
    /// `Busy` if it does not come.
    pub async fn turn(&self, address: Option<IpAddr>) -> Result<Seat> {
        self.searching.wait(address, WAIT).await
    }

    /// The first 50,000 names. Indexes: the primary key of `repositories`, `tag_events_by_row`, `tags (repository_id,
    /// name)`.
    pub(super) fn of(&self, conn: &mut Conn, repository: &Repository) -> Result<Arc<Names>> {
        // Before the names, which may then be newer than it says and are read once too often.
        let state = prepared(STATE).bind::<BigInt, _>(repository.id.0);
        let state: Option<State> = on_backend!(conn, c => state.get_result(c).optional())?;
        let state = state.unwrap_or_default();
        if let Some(kept) = self.kept.get(&repository.id.0).filter(|kept| kept.state == state) {
            return Ok(kept.names.clone());
        }
        let names = Arc::new(Names::read(conn, repository)?);
        self.kept.insert(repository.id.0, Arc::new(Kept { state, names: names.clone() }));
        Ok(names)
    }
}

impl Names {
    fn read(conn: &mut Conn, repository: &Repository) -> Result<Names> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Nullable<Text>)]
            names: Option<String>,
        }
        let ordered = tags::table.filter(tags::repository_id.eq(repository.id.0)).order(tags::name).select(tags::name);
        let bound: Option<String> = ordered.offset(READ_AT_ONCE).first(conn).optional()?;
        let whole = bound.is_none();
        // From the index alone and not from a part of the table, which would take five times as long.
        let joined = match conn {
            Conn::Sqlite(_) => "group_concat",
            Conn::Postgres(_) => "string_agg",
        };
        let question =
            prepared(format!("SELECT {joined}(name, ' ') AS names FROM tags WHERE repository_id = $1 AND name < $2"))
                .bind::<BigInt, _>(repository.id.0)
                // No name has a letter behind this one.
                .bind::<Text, _>(bound.unwrap_or_else(|| "\u{7f}".to_string()));
        let row: Row = on_backend!(conn, c => question.get_result(c))?;
        Ok(Names { text: row.names.unwrap_or_default(), whole })
    }

    /// Those in which something is found, up to one more than `most`.
    ///
    /// # Errors
    /// As [`Search::finds`].
    pub fn matching(&self, search: &Search<'_>, most: usize) -> Result<Matching> {
        let Wanted { regex, is_text } = search.wanted;
        let names: Vec<String> = if *is_text && !regex.as_str().contains(' ') {
            having(&self.text, regex).take(most + 1).map(str::to_string).collect()
        } else {
            let mut found = Vec::new();
            for name in self.text.split(' ') {
                if search.finds(name)? {
                    found.push(name.to_string());
                }
                if found.len() > most {
                    break;
                }
            }
            found
        };
        Ok(Matching { whole: self.whole && names.len() <= most, names })
    }
}

/// Names with a text in them, which is looked for in all of them at once: it has no space, so it is found in one of them.
fn having<'t>(text: &'t str, wanted: &Regex) -> impl Iterator<Item = &'t str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        if from > text.len() {
            return None;
        }
        let found = wanted.find_at(text.as_bytes(), from)?;
        let begin = text[..found.start()].rfind(' ').map_or(0, |space| space + 1);
        let end = text[found.start()..].find(' ').map_or(text.len(), |space| found.start() + space);
        from = end + 1;
        Some(&text[begin..end])
    })
}

#[cfg(test)]
mod tests {
    use super::super::TagPattern;
    use super::super::pattern::Kind;
    use super::*;

    fn matching(text: &str, pattern: TagPattern, most: usize) -> (Vec<String>, bool) {
        let Kind::Name(wanted) = pattern.0 else { panic!("it is a digest") };
        let found = Names { text: text.to_string(), whole: true }.matching(&wanted.search(), most).unwrap();
        (found.names, found.whole)
    }

    #[test]
    fn each_name_is_found_once_and_whole() {
        let all = "1.0 1.0-rc1 2.0 RC rc-rc-rc";
        let containing = |text: &str| matching(all, TagPattern::containing(text).unwrap(), 10).0;

        assert_eq!(containing("rc"), ["1.0-rc1", "RC", "rc-rc-rc"]);
        assert_eq!(
            (containing("1.0"), containing("2.0")),
            (vec!["1.0".to_string(), "1.0-rc1".into()], vec!["2.0".into()])
        );
        assert_eq!((containing("0 1").len(), containing("x").len(), containing("").len()), (0, 0, 5));
        assert_eq!(matching("", TagPattern::containing("a").unwrap(), 10).0, Vec::<String>::new());
    }

    #[test]
    fn an_expression_sees_one_name_at_a_time() {
        let of = |expression: &str| matching("a1 b2 c", TagPattern::expression(expression).unwrap(), 10).0;
        assert_eq!(
            (of("^b"), of(r"\d$"), of("[^0-9]b")),
            (vec!["b2".to_string()], vec!["a1".into(), "b2".into()], vec![])
        );
    }

    #[test]
    fn more_than_are_wanted_are_not_all() {
        assert_eq!(
            matching("a1 a2 a3", TagPattern::containing("a").unwrap(), 2),
            (vec!["a1".into(), "a2".into(), "a3".into()], false)
        );
        assert!(matching("a1 a2", TagPattern::containing("a").unwrap(), 2).1);
    }
}
