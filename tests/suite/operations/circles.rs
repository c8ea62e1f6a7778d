//! Changes that wait for each other in a circle: PostgreSQL undoes one of them, which is then made again. SQLite makes one
//! change at a time.

use std::time::Duration;

use diesel::prelude::*;
use domain::db::Tx;
use domain::db::schema::users;
use domain::{Result, on_backend};

use crate::support::TestApp;

/// Adds an exclamation mark to the address of `first`, and then to that of `second`.
#[expect(clippy::disallowed_methods, reason = "changes run where blocking is allowed")]
fn mark(tx: &mut Tx<'_>, first: &str, second: &str) -> Result<()> {
    for name in [first, second] {
        let row = users::table.filter(users::name.eq(name));
        let marked = users::email.eq(users::email.concat(Some("!")));
        on_backend!(&mut *tx, c => diesel::update(row).set(marked).execute(c))?;
        // Long enough for the other one to hold its first.
        std::thread::sleep(Duration::from_millis(300));
    }
    Ok(())
}

#[actix_web::test]
async fn two_changes_that_wait_for_each_other_both_happen() {
    let app = TestApp::start().await;
    app.user("anna").await;
    app.user("berta").await;
    let marks = || async {
        let question = users::table.filter(users::name.eq_any(["anna", "berta"])).select(users::email);
        let emails = app.services.db.read(move |conn| Ok(on_backend!(conn, c => question.load::<Option<String>>(c))?));
        emails.await.unwrap().into_iter().flatten().collect::<String>().matches('!').count()
    };
    assert_eq!(marks().await, 0);

    let one = app.services.db.write(|tx| mark(tx, "anna", "berta"));
    let other = app.services.db.write(|tx| mark(tx, "berta", "anna"));
    let (one, other) = tokio::join!(one, other);

    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_eq!(marks().await, 4, "the one that was undone began again with what the other had left");
}
