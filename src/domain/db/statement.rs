//! Statements written as SQL that a connection prepares once.
//!
//! [`diesel::sql_query`] has its statement prepared each time, and SQLite takes longer to prepare most of ours than to
//! answer them. A [`Statement`] is remembered by its text like those that diesel writes. So the text must not have
//! values in it: each connection keeps every text it has seen. What is long, by itself or by a list, is prepared each
//! time: there could be as many such texts as somebody likes to cause, and each is large.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{LazyLock, PoisonError, RwLock};

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text, Untyped};

/// Texts that connections keep. There are some two hundred; what comes beyond is prepared each time.
const MOST_TEXTS: usize = 500;
/// Bytes of a text that is kept.
const LONGEST: usize = 3_000;
/// Entries of a list in a statement that is kept: those of a page, padded.
const LONGEST_LIST: usize = 128;

static KEPT: LazyLock<RwLock<HashSet<String>>> = LazyLock::new(RwLock::default);

/// A statement with the values for its places, each of which may stand in it several times: `$1`, `$2` and so on, or
/// `$user`, for what several statements have in common.
///
/// The place of a list is to stand in parentheses: `IN ($2)`.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
    named: Vec<(Cow<'static, str>, Value)>,
    is_kept: bool,
}

/// A value for a place.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Number(i64),
    Flag(bool),
    Text(String),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<&[i64]> for Value {
    fn from(list: &[i64]) -> Value {
        Value::Numbers(padded(list))
    }
}

/// A statement that is the same whenever it is asked but for the values bound to it.
pub(crate) fn prepared(text: impl Into<Cow<'static, str>>) -> Statement {
    let text = text.into();
    let is_kept = text.len() <= LONGEST && is_kept(&text);
    Statement { text, values: Vec::new(), named: Vec::new(), is_kept }
}

fn is_kept(text: &str) -> bool {
    if KEPT.read().unwrap_or_else(PoisonError::into_inner).contains(text) {
        return true;
    }
    let mut kept = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    kept.contains(text) || (kept.len() < MOST_TEXTS && kept.insert(text.to_string()))
}

impl Statement {
    /// With the value of the next place.
    pub fn bind<S, V: BindAs<S>>(mut self, value: V) -> Statement {
        self.values.push(value.value());
        self
    }

    /// With a list of numbers at the next place.
    pub fn numbers(mut self, list: &[i64]) -> Statement {
        self.values.push(list.into());
        self
    }

    /// With a list of texts at the next place.
    pub fn texts(mut self, list: &[String]) -> Statement {
        self.values.push(Value::Texts(padded(list)));
        self
    }

    /// With a value for the place of this name: small letters and digits.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Statement {
        self.named.push((name.into(), value.into()));
        self
    }

    fn value(&self, place: &str) -> Option<&Value> {
        match place.parse::<usize>() {
            Ok(number) => self.values.get(number.checked_sub(1)?),
            Err(_) => self.named.iter().find(|(name, _)| name == place).map(|(_, value)| value),
        }
    }

    fn parts(&self) -> Parts<'_> {
        Parts { rest: &self.text }
    }

    fn is_kept(&self) -> bool {
        let all = self.values.iter().chain(self.named.iter().map(|(_, value)| value));
        self.is_kept && all.into_iter().all(|value| value.entries() <= LONGEST_LIST)
    }
}

impl Value {
    fn entries(&self) -> usize {
        match self {
            Value::Number(_) | Value::Flag(_) | Value::Text(_) => 1,
            Value::Numbers(list) => list.len(),
            Value::Texts(list) => list.len(),
        }
    }
}

/// What can be bound as the SQL type `S`.
pub(crate) trait BindAs<S> {
    fn value(self) -> Value;
}

impl BindAs<BigInt> for i64 {
    fn value(self) -> Value {
        Value::Number(self)
    }
}

impl BindAs<Bool> for bool {
    fn value(self) -> Value {
        Value::Flag(self)
    }
}

impl<T: Into<String>> BindAs<Text> for T {
    fn value(self) -> Value {
        Value::Text(self.into())
    }
}

/// Repeats the last one until there are 1, 2, 4, 8 …, so that lists of all lengths have few texts.
pub(super) fn padded<T: Clone>(list: &[T]) -> Vec<T> {
    let mut list = list.to_vec();
    if let Some(last) = list.last().cloned() {
        list.resize(list.len().next_power_of_two(), last);
    }
    list
}

/// A text between places, and the place after it.
struct Parts<'t> {
    rest: &'t str,
}

impl<'t> Iterator for Parts<'t> {
    type Item = (&'t str, Option<&'t str>);

    fn next(&mut self) -> Option<(&'t str, Option<&'t str>)> {
        if self.rest.is_empty() {
            return None;
        }
        let place = self.rest.find('$').map(|at| {
            let letters = self.rest[at + 1..].bytes().take_while(u8::is_ascii_alphanumeric).count();
            (at, at + 1 + letters)
        });
        let Some((at, end)) = place else { return Some((std::mem::take(&mut self.rest), None)) };
        let (text, place) = (&self.rest[..at], &self.rest[at + 1..end]);
        self.rest = &self.rest[end..];
        Some((text, Some(place)))
    }
}

impl<DB> QueryFragment<DB> for Statement
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Bool> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    bool: ToSql<Bool, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.is_kept() {
            out.unsafe_to_cache_prepared();
        }
        for (text, place) in self.parts() {
            out.push_sql(text);
            match place.and_then(|place| self.value(place)) {
                None => {}
                Some(Value::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                Some(Value::Flag(flag)) => out.push_bind_param::<Bool, _>(flag)?,
                Some(Value::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                Some(Value::Numbers(list)) => push_list::<BigInt, _, DB>(list, &mut out)?,
                Some(Value::Texts(list)) => push_list::<Text, _, DB>(list, &mut out)?,
            }
        }
        Ok(())
    }
}

/// `?, ?, ?`; nothing is in an empty list.
pub(super) fn push_list<'b, S, V, DB>(list: &'b [V], out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend + HasSqlType<S>,
    V: ToSql<S, DB>,
{
    if list.is_empty() {
        out.push_sql("NULL");
    }
    for (at, value) in list.iter().enumerate() {
        if at > 0 {
            out.push_sql(", ");
        }
        out.push_bind_param::<S, _>(value)?;
    }
    Ok(())
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl<C> RunQueryDsl<C> for Statement {}

#[cfg(test)]
mod tests {
    use diesel::sqlite::Sqlite;

    use super::*;

    fn shown(statement: &Statement) -> String {
        diesel::debug_query::<Sqlite, _>(statement).to_string()
    }

    #[test]
    fn a_place_may_stand_several_times_and_a_list_be_of_any_length() {
        let statement = prepared("SELECT $1, $2 WHERE a = $1 AND b IN ($3) AND c IN ($4) AND d = $user")
            .bind::<BigInt, _>(7)
            .bind::<Text, _>("it")
            .numbers(&[1, 2, 3])
            .texts(&[])
            .with("user", 9);
        let text = "SELECT ?, ? WHERE a = ? AND b IN (?, ?, ?, ?) AND c IN (NULL) AND d = ?";
        assert_eq!(shown(&statement), format!("{text} -- binds: [7, \"it\", 7, 1, 2, 3, 3, 9]"));
    }

    #[test]
    fn a_text_is_kept_unless_it_is_long_or_has_a_long_list() {
        assert!(prepared("SELECT 1 AS kept").is_kept() && prepared("SELECT 1 AS kept".to_string()).is_kept());
        assert!(!prepared(format!("SELECT '{}'", "x".repeat(LONGEST))).is_kept());

        let listing = |entries: usize| prepared("SELECT 1 WHERE 1 IN ($1)").numbers(&vec![1; entries]).is_kept();
        assert!(listing(0) && listing(100) && listing(128) && !listing(129));
        assert!(!prepared("SELECT 1 WHERE 1 IN ($some)").with("some", [1; 500].as_slice()).is_kept());
    }
}
