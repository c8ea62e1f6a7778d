//! What was written down, for tests that look at it.

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::on_backend;
use serde_json::Value;

use crate::support::{Actor, TestApp};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    actor_name: String,
    #[diesel(sql_type = Text)]
    details: String,
}

/// Events caused by somebody, oldest first: kind and details.
pub async fn by(app: &TestApp, who: &Actor) -> Vec<(String, Value)> {
    let question = "SELECT kind, actor_name, details FROM events ORDER BY id";
    let asked = app.services.db.read(move |conn| Ok(on_backend!(conn, c => diesel::sql_query(question).load(c))?));
    let rows: Vec<Row> = asked.await.unwrap();
    let own = rows.into_iter().filter(|row| row.actor_name == who.name);
    own.map(|row| (row.kind, serde_json::from_str(&row.details).unwrap())).collect()
}

/// The last event somebody caused.
pub async fn last_by(app: &TestApp, who: &Actor) -> (String, Value) {
    by(app, who).await.pop().expect("somebody did something")
}

/// The kinds of the last `count` events somebody caused, oldest first.
pub async fn kinds(app: &TestApp, who: &Actor, count: usize) -> Vec<String> {
    let all: Vec<String> = by(app, who).await.into_iter().map(|(kind, _)| kind).collect();
    all[all.len().saturating_sub(count)..].to_vec()
}
