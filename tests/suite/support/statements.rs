//! Counting what a page asks the database.
//!
//! A list page asks the same questions whether it shows one row or fifty:
//!
//! ```ignore
//! let one = app.statements_for(&browser, "/organization/acme").await;
//! // … forty-nine more of what the page lists …
//! let fifty = app.statements_for(&browser, "/organization/acme").await;
//! as_many(&one, &fifty);
//! ```

use super::{Browser, TestApp};

/// No page has reason to ask more.
const FEW: usize = 12;

impl TestApp {
    /// The statements sent while `work` runs, in their order and with their values. Nothing else may use the server
    /// meanwhile; no sweep runs in the suite.
    pub async fn statements_during<T>(&self, work: impl Future<Output = T>) -> (T, Vec<String>) {
        let statements = self.services.db.statements();
        statements.listen();
        let outcome = work.await;
        (outcome, statements.heard())
    }

    /// The statements for showing a page to somebody whose permissions are in memory. Demands that it is shown.
    ///
    /// The fewest of three visits: the first one fills caches, whose entries are believed for two seconds only, and notes
    /// that the session is in use.
    pub async fn statements_for(&self, browser: &Browser, path: &str) -> Vec<String> {
        let mut fewest: Option<Vec<String>> = None;
        for _ in 0..3 {
            let (answer, statements) = self.statements_during(browser.get(path)).await;
            answer.is(200);
            if fewest.as_ref().is_none_or(|fewest| statements.len() < fewest.len()) {
                fewest = Some(statements);
            }
        }
        fewest.unwrap_or_default()
    }
}

/// Demands that a page with many rows asked as often as with one, and fewer than twelve times.
#[track_caller]
pub fn as_many(one: &[String], many: &[String]) {
    let all = |statements: &[String]| statements.join("\n  ");
    assert_eq!(one.len(), many.len(), "with one row:\n  {}\nwith many:\n  {}", all(one), all(many));
    assert!(many.len() < FEW, "{} statements:\n  {}", many.len(), all(many));
}
