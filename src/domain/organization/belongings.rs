//! The teams and repositories of many accounts at once: the first few names of each, and how many there are.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::Namespace;
use crate::db::{Conn, Statement, prepared};
use crate::error::Result;
use crate::on_backend;

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

    fn table(self) -> &'static str {
        match self {
            Holders::Users => "users",
            Holders::Robots => "robots",
        }
    }

    /// How many repositories of the namespace are granted to the holder `h` directly, as it is kept.
    fn granted(self) -> &'static str {
        match self {
            Holders::Users => {
                "COALESCE((SELECT g.repositories FROM namespace_grantees g \
                 WHERE g.namespace_id = $namespace AND g.user_id = h.id), 0)"
            }
            Holders::Robots => "h.repositories",
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
    /// The teams each of them is in, by row, in the order of their names. One statement. Index: `team_members_by_user`, or
    /// `team_members_by_robot`.
    pub fn teams(&self, conn: &mut Conn) -> Result<HashMap<i64, Several>> {
        let column = self.holders.column();
        let question = prepared(format!(
            "SELECT x.account AS account, x.name AS name, x.among AS among FROM (\
               SELECT a.{column} AS account, o.name AS name, \
                ROW_NUMBER() OVER (PARTITION BY a.{column} ORDER BY o.name) AS place, \
                COUNT(*) OVER (PARTITION BY a.{column}) AS among \
               FROM team_members a JOIN teams o ON o.id = a.team_id \
               WHERE a.{column} IN ($2) AND o.organization_id = $namespace) x \
             WHERE x.place <= $1 ORDER BY x.account, x.place"
        ));
        self.ask(conn, question)
    }

    /// Repositories granted to each of them directly, by row, by their names within the namespace: those that were granted
    /// first, in the order of their names. Somebody may have thousands, and sorting them would take longer than the rest of
    /// the page. One statement. Index: `repository_permissions_by_user`, or `repository_permissions_by_robot`.
    pub fn repositories(&self, conn: &mut Conn) -> Result<HashMap<i64, Several>> {
        let (column, holders) = (self.holders.column(), self.holders.table());
        let among = self.holders.granted();
        let some = format!(
            "SELECT p.id AS id FROM repository_permissions p JOIN repositories r ON r.id = p.repository_id \
             WHERE p.{column} = h.id AND +r.namespace_id = $namespace AND +r.deleted_at IS NULL LIMIT $1"
        );
        let them = match conn {
            Conn::Sqlite(_) => format!("JOIN repository_permissions a ON a.id IN ({some})"),
            Conn::Postgres(_) => {
                format!("CROSS JOIN LATERAL ({some}) few JOIN repository_permissions a ON a.id = few.id")
            }
        };
        let question = prepared(format!(
            "SELECT h.id AS account, o.name AS name, {among} AS among FROM {holders} h {them} \
             JOIN repositories o ON o.id = a.repository_id WHERE h.id IN ($2) ORDER BY h.id, o.name"
        ));
        let mut found = self.ask(conn, question)?;
        let inside = format!("{}/", self.namespace.name);
        for name in found.values_mut().flat_map(|several| &mut several.names) {
            if let Some(short) = name.strip_prefix(&inside) {
                *name = short.to_string();
            }
        }
        Ok(found)
    }

    /// The limit is each account's own, so that one with many does not take the names of the others.
    fn ask(&self, conn: &mut Conn, question: Statement) -> Result<HashMap<i64, Several>> {
        let mut found: HashMap<i64, Several> = HashMap::new();
        if self.ids.is_empty() {
            return Ok(found);
        }
        let question = question.bind::<BigInt, _>(self.each).numbers(self.ids).with("namespace", self.namespace.id.0);
        let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
        for row in rows {
            let several = found.entry(row.account).or_default();
            several.names.push(row.name);
            several.count = usize::try_from(row.among).unwrap_or(usize::MAX);
        }
        Ok(found)
    }
}
