//! Statements are counted, for `/metrics` and for the tests that hold lists to a fixed number of questions.

use crate::support::{Browser, PUBLIC, TestApp, as_many};

const TOKEN: &str = "0123456789abcdef0123";

async fn sent(app: &TestApp) -> u64 {
    let text = app.bearer(TOKEN).get("/metrics").await.is(200).text();
    let line = text.lines().find_map(|line| line.strip_prefix("pierhead_database_statements_total "));
    line.unwrap_or_else(|| panic!("no count in\n{text}")).parse().unwrap()
}

#[actix_web::test]
async fn what_is_sent_to_the_database_is_counted() {
    let app = TestApp::with(&[("metrics.token", TOKEN)]).await;
    let before = sent(&app).await;
    assert_eq!(sent(&app).await, before, "asking for the count asks the database nothing");

    app.repository("olivia/web", PUBLIC).await;

    assert!(sent(&app).await > before);
}

#[actix_web::test]
async fn a_listener_hears_statements_with_their_values_until_it_stops() {
    let app = TestApp::start().await;

    let (_, heard) = app.statements_during(app.repository("olivia/web", PUBLIC)).await;
    let (_, after) = app.statements_during(async {}).await;

    let insert = heard.iter().find(|statement| statement.to_lowercase().contains("insert into \"repositories\""));
    let insert = insert.or_else(|| heard.iter().find(|statement| statement.contains("INSERT INTO `repositories`")));
    assert!(insert.is_some_and(|statement| statement.contains("olivia/web")), "{heard:#?}");
    assert!(!heard.iter().any(|statement| statement.starts_with("BEGIN") || statement == "COMMIT"), "{heard:#?}");
    assert_eq!(after, Vec::<String>::new());
}

#[actix_web::test]
async fn a_list_of_many_asks_as_often_as_a_list_of_one() {
    let app = TestApp::start().await;
    let browser = Browser::of(&app, &app.admin()).await;
    let list = "/api/v1/repository?namespace=olivia";
    app.repository("olivia/web0", PUBLIC).await;
    let one = app.statements_for(&browser, list).await;
    for number in 1..50 {
        app.repository(&format!("olivia/web{number}"), PUBLIC).await;
    }

    let fifty = app.statements_for(&browser, list).await;

    assert!(!one.is_empty(), "the list is in the database");
    as_many(&one, &fifty);
}

#[actix_web::test]
#[should_panic(expected = "with one row")]
async fn a_list_that_asks_for_each_row_is_noticed() {
    let app = TestApp::start().await;
    let asks = |rows: usize| {
        let db = app.services.db.clone();
        async move {
            for _ in 0..rows {
                db.read(|conn| domain::account::any(conn).map(|_| ())).await.unwrap();
            }
        }
    };

    let (_, one) = app.statements_during(asks(1)).await;
    let (_, three) = app.statements_during(asks(3)).await;

    as_many(&one, &three);
}

#[derive(diesel::QueryableByName)]
struct Used {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    used: i64,
}

#[actix_web::test]
async fn sqlite_does_not_prepare_a_statement_again_because_of_its_values() {
    use diesel::prelude::*;
    if TestApp::is_on_postgres() {
        return;
    }
    let app = TestApp::start().await;

    let question = "SELECT CAST(sqlite_compileoption_used('ENABLE_QPSG') AS BIGINT) AS used";
    let used = app
        .services
        .db
        .read(move |conn| Ok(domain::on_backend!(conn, c => diesel::sql_query(question).get_result::<Used>(c))?.used));

    assert_eq!(used.await.unwrap(), 1, "see .cargo/config.toml");
}
