//! Listing, moving and deleting tags.

use domain::access::Read;
use domain::principal::{Caller, Origin};
use domain::tag::{self, Move};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{Actor, Answer, Image, OCI_MANIFEST, Oci, PRIVATE, TestApp};

/// Gives one image all these tags.
async fn tag_all(client: &Oci, repository: &str, tags: &[String]) {
    let image = Image::new(repository);
    client.push_blobs_of(repository, &image).await;
    for some in tags.chunks(10) {
        let query: Vec<String> = some.iter().map(|tag| format!("tag={tag}")).collect();
        let reference = format!("{}?{}", image.digest(), query.join("&"));
        client.put_manifest(repository, &reference, OCI_MANIFEST, &image.manifest).await.is(201);
    }
}

fn tags_of(answer: &Answer) -> Vec<String> {
    answer.json()["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_string()).collect()
}

/// Where the `Link` leads.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.maybe_header("link")?;
    let (path, rest) = link.strip_prefix('<')?.split_once('>')?;
    assert_eq!(rest, "; rel=\"next\"");
    Some(path.to_string())
}

#[actix_web::test]
async fn tags_are_listed_in_byte_order() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let mut tags: Vec<String> =
        ["v1", "V1", "_x", "10", "9", "a.b", "a-b", "a_b", "aB", "ab", "latest", "Z", "1.0", "1.0-rc"]
            .map(String::from)
            .into();
    tag_all(&carol, "carol/web", &tags).await;

    let answer = carol.get("/v2/carol/web/tags/list").await.is(200);

    tags.sort();
    assert_eq!(answer.json(), json!({ "name": "carol/web", "tags": tags }));
    assert_eq!(answer.maybe_header("link"), None);
}

#[actix_web::test]
async fn pages_are_walked_by_their_links() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let mut tags: Vec<String> = (0..53).map(|number| format!("{}{number}", ["v", "V", "_"][number % 3])).collect();
    tag_all(&carol, "carol/web", &tags).await;
    tags.sort();

    for size in [1, 7, 52, 53] {
        let (mut walked, mut pages) = (Vec::new(), 0);
        let mut path = Some(format!("/v2/carol/web/tags/list?n={size}"));
        while let Some(here) = path {
            let page = carol.get(&here).await.is(200);
            let some = tags_of(&page);
            assert!(some.len() <= size && !some.is_empty());
            walked.extend(some);
            pages += 1;
            path = next(&page);
        }
        assert_eq!((walked, pages), (tags.clone(), 53_usize.div_ceil(size)));
    }
}

#[actix_web::test]
async fn the_size_of_a_page_is_a_number() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    tag_all(&carol, "carol/web", &["a".into(), "b".into(), "c".into()]).await;
    let list = |query: &'static str| {
        let carol = &carol;
        async move { carol.get(&format!("/v2/carol/web/tags/list?{query}")).await }
    };

    let none = list("n=0").await.is(200);
    assert!(tags_of(&none).is_empty() && next(&none).is_none());
    assert_eq!(tags_of(&list("n=1000000000000").await.is(200)), ["a", "b", "c"]);
    assert_eq!(tags_of(&list("n=99999999999999999999999999").await.is(200)), ["a", "b", "c"]);
    for wrong in ["n=-1", "n=", "n=ten", "n=1.5", "n=%00"] {
        list(wrong).await.refused(400, "PAGINATION_NUMBER_INVALID");
    }
    assert_eq!(tags_of(&list("n=2&last=a").await.is(200)), ["b", "c"]);
    assert_eq!(tags_of(&list("last=b").await.is(200)), ["c"]);
    assert!(tags_of(&list("last=zzz").await.is(200)).is_empty());
    assert_eq!(tags_of(&list("last=aa").await.is(200)), ["b", "c"]);
}

#[actix_web::test]
async fn a_last_entry_with_nul_is_never_a_fault_of_the_server() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    tag_all(&carol, "carol/web", &["a".into()]).await;

    for path in ["/v2/carol/web/tags/list?last=%00", "/v2/carol/web/tags/list?n=5&last=a%00b"] {
        let answer = carol.get(path).await;
        assert!(answer.status < 500, "{}", answer.shown());
    }
}

#[actix_web::test]
async fn an_empty_repository_has_a_list_of_no_tags() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    app.repository("carol/web", PRIVATE).await;

    let answer = carol.get("/v2/carol/web/tags/list").await.is(200);

    assert_eq!(answer.json(), json!({ "name": "carol/web", "tags": [] }));
    carol.get("/v2/carol/none/tags/list").await.refused(404, "NAME_UNKNOWN");
}

async fn history(app: &TestApp, who: &Actor, repository: &str, tag: &'static str) -> Vec<Move> {
    let caller = Arc::new(Caller { principal: app.principal(who).await, ..Caller::anonymous(Origin::default()) });
    let repository = app.services.access.repository::<Read>(&caller, &repository.parse().unwrap()).await.unwrap();
    app.services.db.read(move |conn| tag::history(conn, &repository, tag, 100)).await.unwrap()
}

#[actix_web::test]
async fn a_tag_that_moves_keeps_its_history() {
    let app = TestApp::start().await;
    let (carol, walter) = (app.user("carol").await, app.user("walter").await);
    let (first, second) = (Image::new("first"), Image::new("second"));
    app.oci(&carol).push("carol/web", "latest", &first).await;
    app.oci(&carol).push("carol/web", "latest", &first).await;
    app.grant("carol/web", &walter, "write").await;
    app.clock.advance(Duration::from_secs(60));

    app.oci(&walter).push("carol/web", "latest", &second).await;
    app.oci(&carol).delete("/v2/carol/web/manifests/latest").await.is(202);

    let moves = history(&app, &carol, "carol/web", "latest").await;
    let shown: Vec<_> = moves.iter().map(|one| (one.from.clone(), one.to.clone(), one.actor.as_str())).collect();
    let (first, second) = (first.digest(), second.digest());
    assert_eq!(
        shown,
        [
            (Some(second.clone()), None, "carol"),
            (Some(first.clone()), Some(second), "walter"),
            (None, Some(first), "carol"),
        ]
    );
    assert_eq!(moves[1].at.since(moves[2].at), Duration::from_secs(60));
}

#[actix_web::test]
async fn a_moved_tag_leads_to_the_new_image_at_once() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let (first, second) = (Image::new("first"), Image::new("second"));
    carol.push("carol/web", "latest", &first).await;
    assert_eq!(carol.get_manifest("carol/web", "latest").await.is(200).body, first.manifest);

    carol.push("carol/web", "latest", &second).await;

    assert_eq!(carol.get_manifest("carol/web", "latest").await.is(200).body, second.manifest);
    assert_eq!(carol.get_manifest("carol/web", &first.digest()).await.is(200).body, first.manifest);
}

#[actix_web::test]
async fn a_deleted_tag_leaves_its_manifest() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = carol.push_image("carol/web", "v1").await;
    carol.get_manifest("carol/web", "v1").await.is(200);

    carol.delete("/v2/carol/web/manifests/v1").await.is(202);

    carol.get_manifest("carol/web", "v1").await.refused(404, "MANIFEST_UNKNOWN");
    carol.delete("/v2/carol/web/manifests/v1").await.refused(404, "MANIFEST_UNKNOWN");
    carol.get_manifest("carol/web", &image.digest()).await.is(200);
}

#[actix_web::test]
async fn a_deleted_manifest_takes_its_tags_along_in_its_repository_only() {
    let app = TestApp::start().await;
    let who = app.user("carol").await;
    let carol = app.oci(&who);
    let (image, other) = (Image::new("one"), Image::new("two"));
    for (repository, tag) in [("carol/web", "v1"), ("carol/web", "latest"), ("carol/api", "v1")] {
        carol.push(repository, tag, &image).await;
    }
    carol.push("carol/web", "other", &other).await;
    carol.get_manifest("carol/web", "v1").await.is(200);

    carol.delete(&format!("/v2/carol/web/manifests/{}", image.digest())).await.is(202);

    for reference in ["v1", "latest", &image.digest()] {
        carol.get_manifest("carol/web", reference).await.refused(404, "MANIFEST_UNKNOWN");
    }
    assert_eq!(tags_of(&carol.get("/v2/carol/web/tags/list").await), ["other"]);
    assert_eq!(carol.get_manifest("carol/api", "v1").await.is(200).body, image.manifest);
    let moves = history(&app, &who, "carol/web", "v1").await;
    assert_eq!(moves.iter().map(|one| one.to.clone()).collect::<Vec<_>>(), [None, Some(image.digest())]);
    // What was deleted can be pushed again.
    carol.push("carol/web", "v1", &image).await;
    carol.get_manifest("carol/web", "v1").await.is(200);
}
