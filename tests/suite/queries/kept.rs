//! Counts that are kept are what counting says.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::on_backend;
use domain::star;
use domain::time::Clock;
use serde_json::json;

use super::caller;
use crate::support::{Image, TestApp};

#[derive(QueryableByName)]
struct Wrong {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    kept: i64,
    #[diesel(sql_type = BigInt)]
    counted: i64,
}

/// Each kept count beside what counting says.
const OF_REPOSITORIES: &str = "\
SELECT 'tags of ' || r.name AS what, r.tags AS kept, \
   (SELECT COUNT(*) FROM tags t WHERE t.repository_id = r.id) AS counted FROM repositories r \
UNION ALL SELECT 'size of ' || r.name, r.size, (SELECT CAST(COALESCE(SUM(b.size), 0) AS BIGINT) FROM repository_blobs l \
   JOIN blobs b ON b.id = l.blob_id WHERE l.repository_id = r.id) FROM repositories r \
UNION ALL SELECT 'pulls of ' || r.name, r.pulls, (SELECT CAST(COALESCE(SUM(e.times), 0) AS BIGINT) FROM events e \
   WHERE e.repository_id = r.id AND e.kind = 'pull_repo') FROM repositories r \
UNION ALL SELECT 'stars of ' || r.name, r.stars, (SELECT COUNT(*) FROM stars s WHERE s.repository_id = r.id) \
   FROM repositories r \
UNION ALL SELECT 'last push of ' || r.name, r.last_push, COALESCE(r.pushed_at, 0) FROM repositories r";

/// Checks every kept count; returns how many there are.
pub async fn recount(app: &TestApp, question: &'static str) -> usize {
    let asked = app.services.db.read(move |conn| Ok(on_backend!(conn, c => diesel::sql_query(question).load(c))?));
    let all: Vec<Wrong> = asked.await.unwrap();
    let wrong: Vec<String> = all
        .iter()
        .filter(|one| one.kept != one.counted)
        .map(|one| format!("{}: kept {}, counted {}", one.what, one.kept, one.counted))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    all.len()
}

#[actix_web::test]
async fn what_is_kept_of_a_repository_is_what_counting_says() {
    let app = TestApp::start().await;
    let (carol, walter) = (app.user("carol").await, app.user("walter").await);
    let client = app.oci(&carol);
    let (one, two) = (Image::new("one"), Image::new("two"));
    for (tag, image) in [("a", &one), ("b", &one), ("c", &two), ("a", &two), ("a", &two)] {
        client.push("carol/web", tag, image).await;
    }
    client.push("carol/api", "v1", &one).await;
    for reference in ["a", "b", &one.digest()] {
        client.get_manifest("carol/web", reference).await.is(200);
    }
    app.services.pulls.flush().await.unwrap();
    recount(&app, OF_REPOSITORIES).await;

    client.delete("/v2/carol/web/manifests/b").await.is(202);
    client.delete("/v2/carol/web/manifests/b").await.is(404);
    let path = format!("/v2/carol/web/manifests/{}", two.digest());
    client.delete(&path).await.is(202);
    client.delete(&format!("/v2/carol/web/blobs/{}", crate::support::digest_of(&two.layer))).await.is(202);
    client.push("carol/web", "d", &one).await;
    let end = (app.clock.now().0 + 60_000) / 1000;
    carol.put("/api/v1/repository/carol/web/tag/d", json!({ "expiration": end })).await;
    app.clock.advance(Duration::from_secs(120));
    // Over, and pushed again before the sweep sees it.
    client.push("carol/web", "d", &one).await;
    app.set_visibility("carol/web", "public").await;
    for who in [&carol, &walter] {
        let caller = caller(&app, who).await;
        let me = app.services.access.myself(&caller, domain::access::ApiScope::RepositoryRead).await.unwrap();
        let web = app.services.access.repository(&caller, &"carol/web".parse().unwrap()).await.unwrap();
        let now = app.clock.now();
        app.change(move |tx| star::add(tx, &me, &web, now).and_then(|()| star::add(tx, &me, &web, now))).await;
    }
    recount(&app, OF_REPOSITORIES).await;
    app.admin().delete("/api/v1/superuser/users/walter").await.is(204);

    assert_eq!(recount(&app, OF_REPOSITORIES).await, 10);
}
