//! Finding repositories by any part of their names.
//!
//! Each name, behind the namespace, is kept as the parts of three letters it has, its beginning and its end marked. A text
//! is looked for among the repositories that have its rare parts. Written here and not left to the database, since each has
//! another way, and one of them needs an extension.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::schema::repository_grams;
use crate::db::{Conn, Tx, like_pattern, prepared};
use crate::error::Result;
use crate::on_backend;

/// How many repositories are looked at: more that have a part are so many that any walk finds some soon.
pub(crate) const MANY: usize = 2_000;
/// Letters of a part.
pub(crate) const LENGTH: usize = 3;
/// Rare parts that a name must have before it is looked at.
const ASKED: usize = 2;
/// Parts of a text that are asked about at most.
const COUNTED: usize = 16;

/// The parts of a text: names have no letters of more than one byte.
fn grams(text: &str) -> BTreeSet<&str> {
    if !text.is_ascii() || text.len() < LENGTH {
        return BTreeSet::new();
    }
    (0..=text.len() - LENGTH).map(|at| &text[at..at + LENGTH]).collect()
}

/// The part of a repository's name behind the namespace, deleted or not, with its ends marked by what no name has.
fn marked(name: &str) -> String {
    format!("^{}$", name.split_once('/').map_or(name, |(_, path)| path))
}

/// Which part of a name a text is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Any.
    Any,
    /// The beginning.
    Beginning,
    /// All of it.
    Whole,
}

/// Keeps the parts of a new name.
pub(crate) fn add(tx: &mut Tx<'_>, repository: i64, name: &str) -> Result<()> {
    use repository_grams as g;
    let row = |gram: &str| (g::gram.eq(gram.to_string()), g::repository_id.eq(repository));
    let rows: Vec<_> = grams(&marked(name)).into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    match &mut **tx {
        Conn::Postgres(c) => {
            diesel::insert_into(g::table).values(rows).on_conflict_do_nothing().execute(c)?;
        }
        // Diesel has no such statement for SQLite, and there are no trips.
        Conn::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(g::table).values(row).on_conflict_do_nothing().execute(c)?;
            }
        }
    }
    Ok(())
}

/// Forgets the parts of a name. Index: the primary key of `repository_grams`.
pub(crate) fn remove(tx: &mut Tx<'_>, repository: i64, name: &str) -> Result<()> {
    use repository_grams as g;
    let name = marked(name);
    let gone = g::table.filter(g::gram.eq_any(grams(&name))).filter(g::repository_id.eq(repository));
    diesel::delete(gone).execute(&mut **tx)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[derive(QueryableByName)]
struct Rare {
    #[diesel(sql_type = Text)]
    gram: String,
}

/// Repositories that have `text` as this part of their name behind the namespace, in either case and in no order; nothing
/// where each of its parts has more than `most`, at most [`MANY`], or the text too short to be looked for.
/// Whoever asks must still ask which of them they may see.
///
/// Two statements. Index: the primary key of `repository_grams`.
pub(crate) fn having(conn: &mut Conn, text: &str, part: Part, most: usize) -> Result<Option<Vec<i64>>> {
    let text = text.to_lowercase();
    let looked_for = match part {
        Part::Any => text.clone(),
        Part::Beginning => format!("^{text}"),
        Part::Whole => format!("^{text}$"),
    };
    let rare = rare_ones(conn, &looked_for, most)?;
    if rare.is_empty() {
        return Ok(None);
    }
    let pattern = like_pattern(&text);
    let pattern = match part {
        Part::Any => pattern.as_str(),
        Part::Beginning => &pattern[1..],
        Part::Whole => &pattern[1..pattern.len() - 1],
    };
    let slash = match conn {
        Conn::Sqlite(_) => "INSTR(r.name, '/')",
        Conn::Postgres(_) => "STRPOS(r.name, '/')",
    };
    // A look at the row costs more than one at another part, and most have one of several only.
    let others = (3..rare.len() + 2).map(|place| {
        format!("AND EXISTS (SELECT 1 FROM repository_grams o WHERE o.gram = ${place} AND o.repository_id = g.repository_id) ")
    });
    let question = prepared(format!(
        "SELECT r.id AS id FROM repository_grams g JOIN repositories r ON r.id = g.repository_id \
         WHERE g.gram = $2 {}AND +r.deleted_at IS NULL AND SUBSTR(r.name, {slash} + 1) LIKE $1 ESCAPE '\\'",
        others.collect::<String>()
    ))
    .bind::<Text, _>(pattern);
    let question = rare.into_iter().fold(question, |question, part| question.bind::<Text, _>(part));
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(Some(rows.into_iter().map(|row| row.id).collect()))
}

/// Some of the parts of the text that at most so many repositories have.
fn rare_ones(conn: &mut Conn, text: &str, most: usize) -> Result<Vec<String>> {
    let mut parts: Vec<&str> = grams(text).into_iter().collect();
    // From the end: names begin alike and end differently, and the first that are rare will do.
    parts.sort_by_key(|part| std::cmp::Reverse(text.rfind(part)));
    parts.truncate(COUNTED);
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let if_rare = |place: usize| {
        format!(
            "SELECT ${place} AS gram WHERE (SELECT 1 FROM repository_grams g WHERE g.gram = ${place} \
             LIMIT 1 OFFSET $most) IS NULL"
        )
    };
    let each: Vec<String> = (1..=parts.len()).map(if_rare).collect();
    let question =
        prepared(format!("{} LIMIT {ASKED}", each.join(" UNION ALL "))).with("most", i64::try_from(most).unwrap_or(0));
    let question = parts.iter().fold(question, |question, part| question.bind::<Text, _>(*part));
    let rare: Vec<Rare> = on_backend!(conn, c => question.load(c))?;
    Ok(rare.into_iter().map(|rare| rare.gram).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_parts_behind_its_namespace() {
        assert_eq!(Vec::from_iter(grams(&marked("acme/web-u"))), ["-u$", "^we", "b-u", "eb-", "web"]);
        assert_eq!(marked("~n7~acme/web"), "^web$");
        for none in ["", "ab", "é€"] {
            assert!(grams(none).is_empty(), "{none}");
        }
    }
}
