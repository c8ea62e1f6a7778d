//! What was written down of what happened.

use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::on_backend;
use serde_json::Value;

use super::TestApp;

/// An event, as far as most tests care.
#[derive(QueryableByName, Debug, Clone)]
pub struct Happened {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub actor_name: String,
    #[diesel(sql_type = Text)]
    pub credential: String,
    #[diesel(sql_type = Text)]
    details: String,
}

impl Happened {
    pub fn details(&self) -> Value {
        serde_json::from_str(&self.details).unwrap()
    }
}

impl TestApp {
    /// Every event of these kinds, in order.
    pub async fn happened(&self, kinds: &[&str]) -> Vec<Happened> {
        let question = "SELECT kind, actor_name, credential, details FROM events ORDER BY id";
        let asked = self.services.db.read(move |conn| Ok(on_backend!(conn, c => diesel::sql_query(question).load(c))?));
        let all: Vec<Happened> = asked.await.unwrap();
        all.into_iter().filter(|event| kinds.contains(&event.kind.as_str())).collect()
    }
}
