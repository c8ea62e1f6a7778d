//! The pages of tags and of their history, and changing many tags at once.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use domain::oci::TagName;
use domain::page::Place;
use domain::tag::{self, TagNames, TagPage, TagPattern, TagQuery, TagSort, TimelineQuery};
use domain::time::Clock;
use serde_json::json;

use super::{to_read, to_write};
use crate::support::{Actor, Image, OCI_INDEX, OCI_MANIFEST, TestApp, digest_of};

async fn page(app: &TestApp, who: &Actor, query: TagQuery) -> TagPage {
    let (repository, now) = (to_read(app, who, "carol/web").await, app.clock.now());
    app.services.db.read(move |conn| tag::page(conn, &TagNames::default(), &repository, now, &query)).await.unwrap()
}

fn names(page: &TagPage) -> Vec<&str> {
    page.page.rows.iter().map(|row| row.name.as_str()).collect()
}

/// So many tags of one image in carol/web, beside what pushes made, with sizes and pulls of their own.
async fn many(app: &TestApp, count: usize) {
    let statement = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO tags (repository_id, name, manifest_id, created_at, updated_at, size, pulls) \
         SELECT t.repository_id, 'build-' || n.i, t.manifest_id, t.created_at, n.i, n.i % 7, n.i % 5 \
         FROM n, (SELECT * FROM tags LIMIT 1) t"
    );
    app.change(move |tx| Ok(tx.batch_execute(&statement)?)).await;
}

fn tag_names(names: &[&str]) -> Vec<TagName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[actix_web::test]
async fn pages_lead_forwards_and_backwards_in_every_order() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "latest").await;
    many(&app, 40).await;

    for sort in [TagSort::Name, TagSort::Updated, TagSort::Size, TagSort::Pulls] {
        for descending in [false, true] {
            let query = |place: Place, limit: usize| TagQuery { sort, descending, place, limit, ..TagQuery::default() };
            let all = page(&app, &carol, query(Place::First, 100)).await;
            assert_eq!((all.page.rows.len(), all.page.next.clone(), all.page.previous.clone()), (41, None, None));
            let key = |row: &tag::TagRow| match sort {
                TagSort::Name => (0, row.name.clone()),
                TagSort::Updated => (row.updated_at.0, String::new()),
                TagSort::Size => (row.size, String::new()),
                TagSort::Pulls => (row.pulls, String::new()),
            };
            let order: Vec<_> = all.page.rows.iter().map(key).collect();
            assert!(if descending { order.is_sorted_by(|a, b| a >= b) } else { order.is_sorted() }, "{sort:?}");

            let (mut forwards, mut place) = (Vec::new(), Some(Place::First));
            let mut last = None;
            while let Some(here) = place {
                let some = page(&app, &carol, query(here, 9)).await;
                forwards.push(names(&some).join(" "));
                place = some.page.next.clone().map(Place::After);
                last = some.page.previous.clone();
            }
            assert_eq!(forwards.join(" "), names(&all).join(" "));
            let mut backwards = vec![forwards.last().unwrap().clone()];
            while let Some(here) = last {
                let some = page(&app, &carol, query(Place::Before(here), 9)).await;
                assert!(some.page.next.is_some());
                backwards.insert(0, names(&some).join(" "));
                last = some.page.previous.clone();
            }
            assert_eq!(backwards, forwards);
        }
    }
}

#[actix_web::test]
async fn a_filter_finds_the_same_whether_much_or_little_matches() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let image = app.oci(&carol).push_image("carol/web", "latest").await;
    many(&app, 3_000).await;
    let found = async |pattern: TagPattern, place: Place| {
        page(&app, &carol, TagQuery { filter: Some(pattern), limit: 5, place, ..TagQuery::default() }).await
    };

    let rare = found(TagPattern::containing("ILD-100").unwrap(), Place::First).await;
    assert_eq!(names(&rare), ["build-1009", "build-1008", "build-1007", "build-1006", "build-1005"]);
    assert_eq!(rare.matching, Some(11));
    let next = found(TagPattern::containing("ILD-100").unwrap(), Place::After(rare.page.next.unwrap())).await;
    assert_eq!(names(&next), ["build-1004", "build-1003", "build-1002", "build-1001", "build-1000"]);
    let many = found(TagPattern::expression("^build-[0-9]+$").unwrap(), Place::First).await;
    assert_eq!(names(&many)[0], "build-3000");
    let one = found(TagPattern::expression("^build-(7|latest)$|^late").unwrap(), Place::First).await;
    assert_eq!(names(&one), ["latest", "build-7"]);
    let none = found(TagPattern::containing("build_").unwrap(), Place::First).await;
    assert_eq!((names(&none).len(), none.matching, none.page.next), (0, Some(0), None));
    let by_digest = found(TagPattern::containing(&image.digest()[..20]).unwrap(), Place::First).await;
    assert_eq!(by_digest.page.rows.len(), 5);
    let other = found(TagPattern::containing("sha256:0000000000").unwrap(), Place::First).await;
    assert_eq!(other.page.rows.len(), 0);
}

#[actix_web::test]
async fn a_filter_goes_on_where_it_stopped_looking() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "latest").await;
    many(&app, 15_000).await;
    // The oldest three thousand match, so that neither the order leads there soon nor can all be looked up.
    let query = |place| TagQuery {
        filter: Some(TagPattern::expression("^build-([12]?[0-9]{1,3}|3000)$").unwrap()),
        place,
        limit: 5,
        ..TagQuery::default()
    };

    let first = page(&app, &carol, query(Place::First)).await;
    let second = page(&app, &carol, query(Place::After(first.page.next.clone().unwrap()))).await;

    assert_eq!(names(&first).len(), 0);
    assert_eq!(names(&second), ["build-3000", "build-2999", "build-2998", "build-2997", "build-2996"]);
}

#[actix_web::test]
async fn an_index_shows_its_platforms_and_the_size_of_those_that_are_here() {
    let app = TestApp::with(&[("registry.allow_sparse_indexes", "true")]).await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    let (arm, intel) = (Image::new("arm"), Image::new("intel"));
    let size = |image: &Image| i64::try_from(image.config.len() + image.layer.len()).unwrap();
    let platform = |image: &Image, architecture: &str| {
        let mut described = image.descriptor();
        described["platform"] = json!({ "os": "linux", "architecture": architecture });
        described
    };
    client.push("carol/web", "arm", &arm).await;
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX,
        "manifests": [platform(&intel, "amd64"), platform(&arm, "arm64")] });
    let index = index.to_string().into_bytes();
    client.put_manifest("carol/web", "all", OCI_INDEX, &index).await.is(201);
    client.put_manifest("carol/web", "again", OCI_INDEX, &index).await.is(201);
    let by_name = || TagQuery { sort: TagSort::Name, descending: false, ..TagQuery::default() };

    let before = page(&app, &carol, by_name()).await;
    client.push("carol/web", "intel", &intel).await;
    let after = page(&app, &carol, by_name()).await;
    client.delete(&format!("/v2/carol/web/manifests/{}", arm.digest())).await.is(202);
    let without = page(&app, &carol, by_name()).await;

    assert_eq!(names(&before), ["again", "all", "arm"]);
    let all = &before.page.rows[1];
    assert_eq!((all.size, all.digest.clone()), (size(&arm), digest_of(&index)));
    let shown = |row: &tag::TagRow| -> Vec<_> {
        row.platforms.iter().map(|one| (one.platform.clone().unwrap(), one.digest.clone(), one.size)).collect()
    };
    let expected = vec![
        ("linux/amd64".to_string(), intel.digest(), None),
        ("linux/arm64".to_string(), arm.digest(), Some(size(&arm))),
    ];
    assert_eq!((shown(all), shown(&before.page.rows[0])), (expected.clone(), expected));
    assert_eq!(before.same_image(all).collect::<Vec<_>>(), ["again"]);
    assert_eq!(after.page.rows[1].size, size(&arm) + size(&intel));
    assert_eq!(names(&without), ["again", "all", "intel"]);
    assert_eq!(without.page.rows[1].size, size(&intel));
}

#[actix_web::test]
async fn signatures_and_sboms_are_known_by_their_referrers_and_cosigns_tags() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    let image = client.push_image("carol/web", "v1").await;
    let plain = Image::new("plain");
    client.push("carol/web", "v2", &plain).await;
    let about = |seed: &str, kind: &'static str| {
        Image::changed(seed, |manifest| {
            manifest["subject"] = image.descriptor();
            manifest["artifactType"] = json!(kind);
        })
    };
    let signature = about("sig", "application/vnd.cncf.notary.signature");
    let sbom = about("sbom", "application/spdx+json");
    for one in [&signature, &sbom] {
        client.push_blobs_of("carol/web", one).await;
        client.put_manifest("carol/web", &one.digest(), OCI_MANIFEST, &one.manifest).await.is(201);
    }
    let attestation = format!("{}.att", plain.digest().replace(':', "-"));
    client.push("carol/web", &attestation, &Image::new("attestation")).await;
    let (repository, digests) = (to_read(&app, &carol, "carol/web").await, [image.digest(), plain.digest()]);

    let found = app.services.db.read(move |conn| {
        let digests: Vec<&str> = digests.iter().map(String::as_str).chain(["sha256:' OR 1=1"]).collect();
        tag::referred(conn, &repository, &digests)
    });
    let found = found.await.unwrap();
    let shown = page(&app, &carol, TagQuery { with_signatures: false, ..TagQuery::default() }).await;

    assert_eq!(found.len(), 2);
    let of = found[&image.digest()];
    assert_eq!((of.signature, of.sbom, of.attestation), (true, true, false));
    assert!(found[&plain.digest()].attestation);
    assert_eq!(names(&shown), ["v2", "v1"]);
}

#[actix_web::test]
async fn many_tags_are_deleted_at_once_and_brought_back() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    for name in ["a", "b", "c"] {
        client.push("carol/web", name, &Image::new(name)).await;
    }
    let (repository, now) = (to_write(&app, &carol, "carol/web").await, app.clock.now());
    let of = repository.clone();
    let end = now.plus(Duration::from_secs(3600));
    let given = app
        .change(move |tx| {
            let ends = [("a".parse()?, Some(end)), ("gone".parse()?, Some(end)), ("b".parse()?, None)];
            tag::set_expirations(tx, &of, now, &ends)
        })
        .await;
    let of = repository.clone();

    let gone = app.change(move |tx| tag::delete_many(tx, &of, now, &tag_names(&["b", "a", "nothing", "a"]))).await;
    let left = page(&app, &carol, TagQuery::default()).await;
    client.push("carol/web", "b", &Image::new("newer")).await;
    let (of, before) = (repository.clone(), gone.changed.clone());
    let back = app.change(move |tx| tag::restore_many(tx, &of, now, &before)).await;
    let again = page(&app, &carol, TagQuery { sort: TagSort::Name, descending: false, ..TagQuery::default() }).await;

    assert_eq!((given.changed.len(), given.changed[0].expires_at), (1, None));
    assert_eq!((given.missing, given.unchanged), (tag_names(&["gone"]), tag_names(&["b"])));
    assert_eq!(gone.changed.iter().map(|was| was.tag.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(gone.missing, tag_names(&["nothing"]));
    assert_eq!(names(&left), ["c"]);
    assert_eq!(back.changed.iter().map(|was| was.tag.as_str()).collect::<Vec<_>>(), ["a"]);
    assert_eq!(back.missing, tag_names(&["b"]), "what came later stays");
    assert_eq!(names(&again), ["a", "b", "c"]);
    assert_eq!(again.page.rows[0].expires_at, Some(end));
    assert_eq!(again.page.rows[1].digest, Image::new("newer").digest());
    let happened = app.admin().get("/api/v1/repository/carol/web/logs").await.is(200).json();
    let kinds: Vec<&str> =
        happened["logs"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "delete_tag").count(), 2);
    assert_eq!(kinds.iter().filter(|kind| **kind == "revert_tag").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| **kind == "change_tag_expiration").count(), 1);
}

#[actix_web::test]
async fn too_many_tags_at_once_and_ends_in_the_past_are_refused() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    let (repository, now) = (to_write(&app, &carol, "carol/web").await, app.clock.now());

    let refused = app.services.db.write(move |tx| {
        let many = vec!["v1".parse::<TagName>()?; tag::MOST_AT_ONCE + 1];
        let too_many = tag::delete_many(tx, &repository, now, &many).unwrap_err().to_string();
        let past = tag::set_expirations(tx, &repository, now, &[("v1".parse()?, Some(now))]).unwrap_err().to_string();
        Ok((too_many, past))
    });
    let (too_many, past) = refused.await.unwrap();

    assert!(too_many.contains("500"), "{too_many}");
    assert!(past.contains("future"), "{past}");
    assert_eq!(names(&page(&app, &carol, TagQuery::default()).await), ["v1"]);
}

#[actix_web::test]
async fn the_history_is_paged_filtered_and_says_what_can_come_back() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    let client = app.oci(&carol);
    let (old, new) = (Image::new("old"), Image::new("new"));
    client.push("carol/web", "latest", &old).await;
    app.clock.advance(Duration::from_secs(60));
    let middle = app.clock.now();
    client.push("carol/web", "latest", &new).await;
    client.push("carol/web", "v1", &old).await;
    client.delete("/v2/carol/web/manifests/v1").await.is(202);
    let repository = to_read(&app, &carol, "carol/web").await;
    let ask = async |query: TimelineQuery| {
        let repository = repository.clone();
        app.services.db.read(move |conn| tag::timeline(conn, &repository, &query)).await.unwrap()
    };
    let all = || TimelineQuery { limit: 10, ..TimelineQuery::default() };

    let whole = ask(all()).await;
    let shown: Vec<_> = whole.rows.iter().map(|one| (one.tag.as_str(), one.restorable)).collect();
    assert_eq!(shown, [("v1", true), ("v1", false), ("latest", true), ("latest", false)]);
    assert_eq!(whole.rows[2].from, Some(old.digest()));
    assert_eq!((whole.rows[2].actor.as_str(), whole.rows[2].at), ("carol", middle));
    assert_eq!(ask(TimelineQuery { containing: Some("LAT".into()), ..all() }).await.rows.len(), 2);
    assert_eq!(ask(TimelineQuery { tag: Some("lat".into()), ..all() }).await.rows.len(), 0);
    assert_eq!(ask(TimelineQuery { tag: Some("v1".into()), ..all() }).await.rows.len(), 2);
    assert_eq!(ask(TimelineQuery { until: Some(middle), ..all() }).await.rows.len(), 1);
    assert_eq!(ask(TimelineQuery { from: Some(middle), ..all() }).await.rows.len(), 3);
    let first = ask(TimelineQuery { limit: 3, ..all() }).await;
    let second = ask(TimelineQuery { limit: 3, place: Place::After(first.next.clone().unwrap()), ..all() }).await;
    assert_eq!((second.rows.len(), second.next.clone()), (1, None));
    let back = ask(TimelineQuery { limit: 3, place: Place::Before(second.previous.unwrap()), ..all() }).await;
    assert_eq!(back.rows, first.rows);
}

#[actix_web::test]
async fn what_is_going_to_end_is_listed_soonest_first() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;
    app.oci(&carol).push_image("carol/web", "v1").await;
    app.oci(&carol).push_image("carol/web", "v2").await;
    let (repository, now) = (to_write(&app, &carol, "carol/web").await, app.clock.now());
    let of = repository.clone();
    let in_hours = move |hours: u64| Some(now.plus(Duration::from_secs(hours * 3600)));
    app.change(move |tx| {
        tag::set_expirations(tx, &of, now, &[("v1".parse()?, in_hours(5)), ("v2".parse()?, in_hours(2))])
    })
    .await;

    let coming = app.services.db.read(move |conn| tag::endings(conn, &repository.into(), now, 10)).await.unwrap();

    let shown: Vec<_> = coming.iter().map(|one| (one.tag.as_str(), Some(one.at))).collect();
    assert_eq!(shown, [("v2", in_hours(2)), ("v1", in_hours(5))]);
}
