use domain::access::Read;
use domain::tag;
use std::sync::Arc;

use crate::support::image::MANIFEST;
use crate::support::{Image, Oci, TestApp};

async fn with_tags<'a>(app: &'a TestApp, names: &[&str]) -> Oci<'a> {
    let oci = app.user("carol").await.oci();
    let image = Image::of("web");
    oci.push_image("carol/web", names[0], &image).await;
    for name in &names[1..] {
        oci.push_manifest("carol/web", name, MANIFEST, &image.manifest).await.is(201);
    }
    oci
}

fn names(answer: &crate::support::Answer) -> Vec<String> {
    serde_json::from_value(answer.json()["tags"].clone()).unwrap()
}

#[actix_web::test]
async fn tags_come_in_byte_order_on_every_database() {
    let app = TestApp::start().await;
    let oci = with_tags(&app, &["b", "a", "B", "_x", "10", "9", "a.b", "a-b", "a_b", "A"]).await;

    let answer = oci.get("/v2/carol/web/tags/list").await.is(200);

    assert_eq!(names(&answer), ["10", "9", "A", "B", "_x", "a", "a-b", "a.b", "a_b", "b"]);
    assert_eq!(answer.json()["name"], "carol/web");
}

#[actix_web::test]
async fn pages_lead_to_the_end_and_no_further() {
    let app = TestApp::start().await;
    let oci = with_tags(&app, &["a", "b", "c", "d", "e"]).await;

    let mut path = "/v2/carol/web/tags/list?n=2".to_string();
    let mut walked = Vec::new();
    loop {
        let answer = oci.get(&path).await.is(200);
        walked.extend(names(&answer));
        let link = answer.header("link").to_string();
        if link.is_empty() {
            break;
        }
        path = link[1..].split_once('>').unwrap().0.to_string();
    }

    assert_eq!(walked, ["a", "b", "c", "d", "e"]);
    assert_eq!(names(&oci.get("/v2/carol/web/tags/list?last=c").await), ["d", "e"]);
    assert_eq!(names(&oci.get("/v2/carol/web/tags/list?last=bb").await), ["c", "d", "e"]);
}

#[actix_web::test]
async fn odd_page_sizes_are_answered_or_explained() {
    let app = TestApp::start().await;
    let oci = with_tags(&app, &["a", "b"]).await;

    assert!(names(&oci.get("/v2/carol/web/tags/list?n=0").await.is(200)).is_empty());
    assert_eq!(names(&oci.get("/v2/carol/web/tags/list?n=1000000000000").await.is(200)).len(), 2);
    for wrong in ["-1", "ten", "", "1.5"] {
        let path = format!("/v2/carol/web/tags/list?n={wrong}");
        oci.get(&path).await.refused(400, "PAGINATION_NUMBER_INVALID");
    }
}

#[actix_web::test]
async fn overwriting_and_deleting_a_tag_keeps_its_history() {
    let app = TestApp::start().await;
    let oci = with_tags(&app, &["latest"]).await;
    let second = oci.push_image("carol/web", "latest", &Image::of("second")).await;
    oci.delete("/v2/carol/web/manifests/latest").await.is(202);

    let name = "carol/web".parse().unwrap();
    let system = Arc::new(domain::principal::Caller::system("test"));
    let repository = app.services.access.repository::<Read>(&system, &name).await.unwrap();
    let moves = app.services.db.read(move |conn| tag::history(conn, &repository, "latest", 10)).await.unwrap();

    let first = Image::of("web").digest().to_string();
    let second = second.to_string();
    let seen: Vec<_> = moves.iter().map(|m| (m.from.clone(), m.to.clone(), m.actor.as_str())).collect();
    assert_eq!(
        seen,
        [
            (Some(second.clone()), None, "carol"),
            (Some(first.clone()), Some(second), "carol"),
            (None, Some(first), "carol"),
        ]
    );
}
