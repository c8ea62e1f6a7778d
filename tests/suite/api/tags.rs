//! Tags by the API: what there is and was, moving, ending and bringing back.

use std::time::Duration;

use domain::access::{ApiScope, Standing};
use serde_json::{Value, json};

use crate::support::{Actor, Image, OCI_MANIFEST, PRIVATE, TestApp};

const TAG: &str = "/api/v1/repository/acme/web/tag";

async fn list(who: &Actor, query: &str) -> Value {
    who.get(&format!("{TAG}/?{query}")).await.is(200).json()
}

fn names(list: &Value) -> Vec<&str> {
    list["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect()
}

fn seconds(app: &TestApp) -> i64 {
    use domain::time::Clock;
    app.clock.now().seconds()
}

async fn sweep(app: &TestApp) -> usize {
    use domain::time::Clock;
    let now = app.clock.now();
    app.change(move |tx| domain::tag::sweep_expired(tx, now, 100)).await
}

/// The kinds of events of the repository that are about tags, in order, with tag and digest.
async fn kinds(app: &TestApp) -> Vec<String> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        line: String,
    }
    let question = "SELECT kind || ' ' || tag || ' ' || actor_name AS line FROM events WHERE tag IS NOT NULL \
                    AND kind <> 'push_repo' AND kind <> 'pull_repo' ORDER BY id";
    let rows = app
        .services
        .db
        .read(move |conn| Ok(domain::on_backend!(conn, c => diesel::sql_query(question).load::<Row>(c))?));
    rows.await.unwrap().into_iter().map(|row| row.line).collect()
}

#[actix_web::test]
async fn the_list_is_the_history_newest_first() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let first = client.push_image("acme/web", "v1").await;
    let start = seconds(&app);
    app.clock.advance(Duration::from_secs(10));
    let second = client.push_image("acme/web", "v2").await;
    app.clock.advance(Duration::from_secs(10));
    client.put_manifest("acme/web", "v1", OCI_MANIFEST, &second.manifest).await.is(201);
    app.clock.advance(Duration::from_secs(10));
    client.delete("/v2/acme/web/manifests/v2").await.is(202);

    let all = list(&owner, "").await;
    let active = list(&owner, "onlyActiveTags=true").await;

    let shown: Vec<(&str, &str, i64, Option<i64>)> = all["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| {
            let (name, digest) = (tag["name"].as_str().unwrap(), tag["manifest_digest"].as_str().unwrap());
            (name, digest, tag["start_ts"].as_i64().unwrap() - start, tag["end_ts"].as_i64().map(|end| end - start))
        })
        .collect();
    let (one, two) = (first.digest(), second.digest());
    assert_eq!(shown, [("v1", &*two, 20, None), ("v2", &*two, 10, Some(30)), ("v1", &*one, 0, Some(20))]);
    assert_eq!((&all["page"], &all["has_additional"]), (&json!(1), &json!(false)));
    let size = second.config.len() + second.layer.len();
    assert_eq!(
        active["tags"],
        json!([{
            "name": "v1", "reversion": false, "immutable": false, "start_ts": start + 20, "manifest_digest": two,
            "is_manifest_list": false, "size": size, "last_modified": "Thu, 01 Jan 2026 12:00:20 -0000",
        }])
    );
}

#[actix_web::test]
async fn pages_go_by_number_or_by_token() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "v0").await;
    for number in 1..7 {
        let path = format!("{TAG}/v{number}");
        owner.put(&path, json!({ "manifest_digest": image.digest() })).await.is(201);
    }
    let expected = ["v6", "v5", "v4", "v3", "v2", "v1", "v0"];
    for active in ["", "&onlyActiveTags=true"] {
        let (mut by_number, mut by_token, mut token) = (Vec::new(), Vec::new(), String::new());
        for number in 1.. {
            let page = list(&owner, &format!("limit=3&page={number}{active}")).await;
            by_number.extend(names(&page).into_iter().map(String::from));
            if page["has_additional"] == false {
                break;
            }
        }
        loop {
            let page = list(&owner, &format!("limit=2&next_page={token}{active}")).await;
            by_token.extend(names(&page).into_iter().map(String::from));
            let Some(next) = page["next_page"].as_str() else { break };
            token = next.to_string();
        }
        assert_eq!((by_number, by_token), (expected.map(String::from).into(), expected.map(String::from).into()));
    }
    let wrong = owner.get(&format!("{TAG}/?limit=abc")).await.is(400).json();
    assert_eq!(wrong["message"], json!({ "limit": "Limit to the number of results to return per page. Max 100." }));
    owner.get(&format!("{TAG}/?page=99999999")).await.is(400);
    owner.get(&format!("{TAG}/?next_page=x")).await.is(400);
    assert_eq!(names(&list(&owner, "limit=-5&page=-2").await).len(), 1);
}

#[actix_web::test]
async fn tags_are_found_by_name_or_a_part_of_it() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "keep-1").await;
    for name in ["Keep_2", "v1", "v1.0"] {
        owner.put(&format!("{TAG}/{name}"), json!({ "manifest_digest": image.digest() })).await.is(201);
    }
    for active in ["", "&onlyActiveTags=true"] {
        for (query, expected) in [
            ("specificTag=v1", vec!["v1"]),
            ("filter_tag_name=eq:v1", vec!["v1"]),
            ("filter_tag_name=like:keep", vec!["Keep_2", "keep-1"]),
            ("filter_tag_name=like:_", vec!["Keep_2"]),
            ("filter_tag_name=like:%25", vec![]),
            ("specificTag=none", vec![]),
        ] {
            assert_eq!(names(&list(&owner, &format!("{query}{active}")).await), expected, "{query}{active}");
        }
    }
    owner.get(&format!("{TAG}/?filter_tag_name=bad")).await.is(400);
    owner.get(&format!("{TAG}/?filter_tag_name=ne:v1")).await.is(400);
}

#[actix_web::test]
async fn an_index_says_what_it_lists_and_what_is_there() {
    let app = TestApp::with(&[("registry.allow_sparse_indexes", "true")]).await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let (amd, arm) = (client.push_image("acme/web", "amd").await, Image::new("arm"));
    client.put_index("acme/web", "multi", &[amd.descriptor(), arm.descriptor()]).await.is(201);

    for query in ["specificTag=multi", "specificTag=multi&onlyActiveTags=true"] {
        let tag = list(&owner, query).await["tags"][0].clone();
        assert_eq!((&tag["is_manifest_list"], &tag["is_sparse"]), (&json!(true), &json!(true)));
        assert_eq!((&tag["child_manifest_count"], &tag["present_child_count"]), (&json!(2), &json!(1)));
        assert_eq!(tag["child_manifests_presence"], json!({ amd.digest(): true, arm.digest(): false }));
        assert_eq!(tag["size"], amd.config.len() + amd.layer.len());
    }
}

#[actix_web::test]
async fn tags_are_made_moved_deleted_and_brought_back() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let (one, two) = (client.push_image("acme/web", "v1").await, client.push_image("acme/web", "v2").await);
    let copy = format!("{TAG}/copy");
    let pulled = || async { client.get_manifest("acme/web", "copy").await.body };

    let made = owner.put(&copy, json!({ "manifest_digest": one.digest() })).await.is(201);
    assert_eq!((made.json(), pulled().await), (json!("Updated"), one.manifest.clone()));
    app.clock.advance(Duration::from_secs(5));
    owner.put(&copy, json!({ "manifest_digest": two.digest() })).await.is(201);
    assert_eq!(pulled().await, two.manifest);
    let restored = owner.post(&format!("{copy}/restore"), json!({ "manifest_digest": one.digest() })).await.is(200);
    assert_eq!((restored.json(), pulled().await), (json!({}), one.manifest.clone()));
    let flags: Vec<bool> = list(&owner, "specificTag=copy").await["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["reversion"].as_bool().unwrap())
        .collect();
    assert_eq!(flags, [true, false, false]);
    assert_eq!(list(&owner, "specificTag=copy&onlyActiveTags=true").await["tags"][0]["reversion"], true);
    owner.delete(&copy).await.is(204);
    owner.delete(&copy).await.is(404);
    client.get_manifest("acme/web", "copy").await.is(404);
    owner.post(&format!("{copy}/restore"), json!({ "manifest_digest": two.digest() })).await.is(200);
    assert_eq!(pulled().await, two.manifest);

    let by = &owner.name;
    let expected =
        ["create_tag", "move_tag", "revert_tag", "delete_tag", "revert_tag"].map(|k| format!("{k} copy {by}"));
    assert_eq!(kinds(&app).await, expected);
    let modified = owner.get("/api/v1/repository?namespace=acme&last_modified=true").await.json();
    assert_eq!(modified["repositories"][0]["last_modified"], seconds(&app));
}

#[actix_web::test]
async fn only_what_the_repository_has_can_be_tagged() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let foreign = app.organization("other").await;
    let secret = app.oci(&foreign).push_image("other/secret", "v1").await;
    app.oci(&owner).push_image("acme/web", "v1").await;
    let none = format!("sha256:{}", "0".repeat(64));
    for digest in [&secret.digest(), &none] {
        owner.put(&format!("{TAG}/x"), json!({ "manifest_digest": digest })).await.is(404);
        owner.post(&format!("{TAG}/x/restore"), json!({ "manifest_digest": digest })).await.is(404);
    }
    owner.put(&format!("{TAG}/x"), json!({ "manifest_digest": "nonsense" })).await.is(400);
    let bad = owner.put(&format!("{TAG}/.copy"), json!({ "manifest_digest": none })).await.is(400);
    assert!(bad.message().starts_with("Invalid tag: must match [A-Za-z0-9_.-]"), "{}", bad.shown());
    owner.put(&format!("{TAG}/none"), json!({})).await.is(404);
    owner.put(&format!("{TAG}/v1"), json!({})).await.is(201);
    let immutable = owner.put(&format!("{TAG}/v1"), json!({ "immutable": true })).await.is(400);
    assert!(immutable.message().contains("not available"), "{}", immutable.shown());
}

#[actix_web::test]
async fn a_tag_ends_at_its_moment_for_everybody() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/web", "v1").await;
    client.push_image("acme/web", "v2").await;
    let (path, end) = (format!("{TAG}/v1"), seconds(&app) + 100);

    owner.put(&path, json!({ "expiration": end })).await.is(201);

    let shown = list(&owner, "specificTag=v1").await["tags"][0].clone();
    assert_eq!((&shown["end_ts"], &shown["expiration"]), (&json!(end), &json!("Thu, 01 Jan 2026 12:01:40 -0000")));
    client.get_manifest("acme/web", "v1").await.is(200);
    app.clock.advance(Duration::from_secs(99));
    client.get_manifest("acme/web", "v1").await.is(200);
    app.clock.advance(Duration::from_secs(1));
    // Nobody asked the database: what was in memory is judged by the clock.
    client.get_manifest("acme/web", "v1").await.is(404);
    client.head("/v2/acme/web/manifests/v1").await.is(404);
    assert_eq!(client.get("/v2/acme/web/tags/list").await.is(200).json()["tags"], json!(["v2"]));
    assert_eq!(names(&list(&owner, "onlyActiveTags=true").await), ["v2"]);
    owner.get(&format!("{path}/pull_statistics")).await.is(404);
    owner.delete(&path).await.is(404);
    owner.put(&path, json!({ "expiration": end + 1000 })).await.is(404);
    client.delete("/v2/acme/web/manifests/v1").await.is(404);
    let shown = owner.get("/api/v1/repository/acme/web").await.is(200).json();
    assert_eq!(shown["tags"].as_object().unwrap().keys().collect::<Vec<_>>(), ["v2"]);
    app.clock.advance(Duration::from_secs(50));
    assert_eq!((sweep(&app).await, sweep(&app).await), (1, 0));
    let history = list(&owner, "specificTag=v1").await;
    assert_eq!((names(&history), &history["tags"][0]["end_ts"]), (vec!["v1"], &json!(end)));
    client.get_manifest("acme/web", &image.digest()).await.is(200);
    let by = &owner.name;
    assert_eq!(kinds(&app).await, [format!("change_tag_expiration v1 {by}"), "expire_tag v1 tag expiration".into()]);
}

#[actix_web::test]
async fn an_end_can_be_taken_away_and_must_be_in_the_future() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/web", "v1").await;
    let (path, now) = (format!("{TAG}/v1"), seconds(&app));

    for wrong in [json!(100), json!(now), json!(-1), json!("soon"), json!(1.5)] {
        owner.put(&path, json!({ "expiration": wrong })).await.is(400);
    }
    owner.put(&format!("{TAG}/none"), json!({ "expiration": now + 60 })).await.is(404);
    owner.put(&path, json!({ "expiration": now + 60 })).await.is(201);
    owner.put(&path, json!({ "expiration": null })).await.is(201);
    app.clock.advance(Duration::from_secs(120));
    client.get_manifest("acme/web", "v1").await.is(200);
    // A push of the same image without a label takes it away as well.
    owner.put(&path, json!({ "expiration": now + 180 })).await.is(201);
    client.put_manifest("acme/web", "v1", OCI_MANIFEST, &image.manifest).await.is(201);
    app.clock.advance(Duration::from_secs(120));
    client.get_manifest("acme/web", "v1").await.is(200);
    let both = json!({ "manifest_digest": image.digest(), "expiration": now + 300 });
    owner.put(&format!("{TAG}/both"), both).await.is(201);
    assert_eq!(list(&owner, "specificTag=both").await["tags"][0]["end_ts"], now + 300);
    owner.put(&path, json!({ "expiration": i64::MAX })).await.is(201);
    client.get_manifest("acme/web", "v1").await.is(200);
}

#[actix_web::test]
async fn a_push_over_a_tag_that_is_over_begins_a_new_one() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/web", "v1").await;
    let now = seconds(&app);
    owner.put(&format!("{TAG}/v1"), json!({ "expiration": now + 10 })).await.is(201);
    app.clock.advance(Duration::from_secs(20));

    client.put_manifest("acme/web", "v1", OCI_MANIFEST, &image.manifest).await.is(201);

    client.get_manifest("acme/web", "v1").await.is(200);
    assert_eq!(sweep(&app).await, 0);
    let history = list(&owner, "specificTag=v1").await;
    let spans: Vec<(i64, Option<i64>)> = history["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| (tag["start_ts"].as_i64().unwrap() - now, tag["end_ts"].as_i64().map(|end| end - now)))
        .collect();
    assert_eq!(spans, [(20, None), (0, Some(10))]);
}

#[actix_web::test]
async fn a_label_of_the_image_gives_its_tags_an_end() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let labelled = Image::labelled("web", json!({ "quay.expires-after": "2h", "team": "shop" }));
    client.push("acme/web", "v1", &labelled).await;
    let annotated = Image::changed("other", |manifest| {
        manifest["annotations"] = json!({ "quay.expires-after": "1w" });
    });
    client.push("acme/web", "v2", &annotated).await;
    client.push("acme/web", "v3", &Image::labelled("wrong", json!({ "quay.expires-after": "soon" }))).await;
    let end = |tag: &str| {
        let (owner, query) = (owner.clone(), format!("specificTag={tag}"));
        async move { list(&owner, &query).await["tags"][0]["end_ts"].as_i64() }
    };
    let now = seconds(&app);

    assert_eq!(end("v1").await, Some(now + 7_200));
    assert_eq!(end("v2").await, Some(now + 7 * 24 * 3_600));
    assert_eq!(end("v3").await, None);
    app.clock.advance(Duration::from_secs(7_200));
    client.get_manifest("acme/web", "v1").await.is(404);
    client.get_manifest("acme/web", "v3").await.is(200);
}

#[actix_web::test]
async fn what_is_purged_is_gone_from_the_history() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let (one, two) = (client.push_image("acme/web", "v1").await, client.push_image("acme/web", "v2").await);
    owner.put(&format!("{TAG}/v1"), json!({ "manifest_digest": two.digest() })).await.is(201);
    let expire = format!("{TAG}/v1/expire");

    let purged = owner.post(&expire, json!({ "manifest_digest": one.digest(), "is_alive": false })).await.is(200);

    assert_eq!(purged.json(), json!(""));
    assert_eq!(names(&list(&owner, "specificTag=v1").await), ["v1"]);
    owner.post(&expire, json!({ "manifest_digest": one.digest() })).await.is(404);
    // The tag that is there is not touched unless it is meant.
    owner.post(&expire, json!({ "manifest_digest": two.digest(), "is_alive": false })).await.is(404);
    client.get_manifest("acme/web", "v1").await.is(200);
    owner.post(&expire, json!({ "manifest_digest": two.digest(), "is_alive": true })).await.is(200);
    client.get_manifest("acme/web", "v1").await.is(404);
    assert_eq!(names(&list(&owner, "specificTag=v1").await), [""; 0]);
    assert_eq!(names(&list(&owner, "").await), ["v2"]);
}

#[actix_web::test]
async fn pulls_are_counted_for_tag_and_manifest() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/web", "v1").await;
    client.get_manifest("acme/web", "v1").await.is(200);
    client.get_manifest("acme/web", "v1").await.is(200);
    client.get_manifest("acme/web", &image.digest()).await.is(200);
    app.services.pulls.flush().await.unwrap();

    let tag = owner.get(&format!("{TAG}/v1/pull_statistics")).await.is(200).json();
    let path = format!("/api/v1/repository/acme/web/manifest/{}/pull_statistics", image.digest());
    let manifest = owner.get(&path).await.is(200).json();

    let when = "Thu, 01 Jan 2026 12:00:00 -0000";
    assert_eq!(
        tag,
        json!({
            "tag_name": "v1", "tag_pull_count": 2, "last_tag_pull_date": when, "current_manifest_digest": image.digest(),
            "manifest_pull_count": 3, "last_manifest_pull_date": when,
        })
    );
    assert_eq!(
        manifest,
        json!({ "manifest_digest": image.digest(), "manifest_pull_count": 3, "last_manifest_pull_date": when })
    );
    owner.get(&format!("{TAG}/none/pull_statistics")).await.is(404);
}

#[actix_web::test]
async fn readers_look_and_writers_change() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "v1").await;
    let (writer, reader, stranger) = (app.user("walter").await, app.user("rita").await, app.user("sam").await);
    app.grant("acme/web", &writer, "write").await;
    app.grant("acme/web", &reader, "read").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let narrow = app.access_token(&owner, &[ApiScope::RepositoryRead]).await;
    let narrow = app.bearer(&narrow);
    let body = json!({ "manifest_digest": image.digest() });
    let changes = [("PUT", "v2"), ("POST", "v1/restore"), ("POST", "v1/expire"), ("DELETE", "v1")];
    for (method, rest) in changes {
        let path = format!("{TAG}/{rest}");
        for (who, status) in
            [(&reader, 403), (&auditor, 403), (&narrow, 403), (&stranger, 404), (&app.anonymous(), 401)]
        {
            who.ask(method.parse().unwrap(), &path, Some(body.clone())).await.is(status);
        }
    }
    for (who, status) in [(&reader, 200), (&auditor, 200), (&narrow, 200), (&stranger, 404), (&app.anonymous(), 401)] {
        who.get(&format!("{TAG}/")).await.is(status);
        who.get(&format!("{TAG}/v1/pull_statistics")).await.is(status);
    }
    writer.put(&format!("{TAG}/v2"), body).await.is(201);
    writer.delete(&format!("{TAG}/v1")).await.is(204);
    app.repository("acme/empty", PRIVATE).await;
    assert_eq!(owner.get("/api/v1/repository/acme/empty/tag").await.is(200).json()["tags"], json!([]));
}
