//! The teams and repositories of many accounts at once: the first few names of each, and how many there are.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Namespace;
use crate::db::Conn;
use crate::error::Result;
use crate::on_backend;
use crate::tag::listed;

/// Names in order, as many as were asked for, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Several {
    /// The first ones.
    pub names: Vec<String>,
    /// All of them.
    pub count: usize,
}

impl Several {
    /// Whether there are more than named.
    pub fn is_cut(&self) -> bool {
        self.count > self.names.len()
    }
}

/// Whose they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holders {
    Users,
    Robots,
}

impl Holders {
    fn column(self) -> &'static str {
        match self {
            Holders::Users => "user_id",
            Holders::Robots => "robot_id",
        }
    }
}

/// Accounts of one kind within a namespace, and how many names each of them gets.
pub(crate) struct Asked<'a> {
    pub namespace: &'a Namespace,
    pub holders: Holders,
    pub ids: &'a [i64],
    pub each: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    account: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    among: i64,
}

impl Asked<'_> {
    /// The teams each of them is in, by row. Index: `team_members_by_user`, or `team_members_by_robot`.
    pub fn teams(&self, conn: &mut Conn) -> Result<HashMap<i64, Several>> {
        let from = "team_members a JOIN teams o ON o.id = a.team_id";
        self.ask(conn, from, &format!("o.organization_id = {}", self.namespace.id.0))
    }

    /// The repositories granted to each of them directly, by row, by their names within the namespace. Index:
    /// `repository_permissions_by_user`, or `repository_permissions_by_robot`.
    pub fn repositories(&self, conn: &mut Conn) -> Result<HashMap<i64, Several>> {
        let from = "repository_permissions a JOIN repositories o ON o.id = a.repository_id";
        // With a plus, or else SQLite looks at each repository of the namespace for each of the accounts.
        let which = format!("+o.namespace_id = {} AND +o.deleted_at IS NULL", self.namespace.id.0);
        let mut found = self.ask(conn, from, &which)?;
        let inside = format!("{}/", self.namespace.name);
        for name in found.values_mut().flat_map(|several| &mut several.names) {
            if let Some(short) = name.strip_prefix(&inside) {
                *name = short.to_string();
            }
        }
        Ok(found)
    }

    /// The limit is each account's own, so that one with many does not take the names of the others.
    fn ask(&self, conn: &mut Conn, from: &str, which: &str) -> Result<HashMap<i64, Several>> {
        let mut found: HashMap<i64, Several> = HashMap::new();
        if self.ids.is_empty() {
            return Ok(found);
        }
        let (column, ids) = (self.holders.column(), listed(self.ids));
        let question = diesel::sql_query(format!(
            "SELECT x.account AS account, x.name AS name, x.among AS among FROM (\
               SELECT a.{column} AS account, o.name AS name, \
                ROW_NUMBER() OVER (PARTITION BY a.{column} ORDER BY o.name) AS place, \
                COUNT(*) OVER (PARTITION BY a.{column}) AS among \
               FROM {from} WHERE a.{column} IN ({ids}) AND {which}) x \
             WHERE x.place <= $1 ORDER BY x.account, x.place"
        ))
        .bind::<BigInt, _>(self.each);
        let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
        for row in rows {
            let several = found.entry(row.account).or_default();
            several.names.push(row.name);
            several.count = usize::try_from(row.among).unwrap_or(usize::MAX);
        }
        Ok(found)
    }
}
