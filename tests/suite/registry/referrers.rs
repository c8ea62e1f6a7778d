use serde_json::json;

use crate::support::image::{INDEX, MANIFEST, index};
use crate::support::{Answer, Image, TestApp};

fn digests(answer: &Answer) -> Vec<String> {
    let list = answer.json()["manifests"].as_array().unwrap().clone();
    list.iter().map(|entry| entry["digest"].as_str().unwrap().to_string()).collect()
}

fn referring(word: &str, artifact_type: &str, to: &Image) -> Image {
    let more = json!({
        "artifactType": artifact_type,
        "subject": to.descriptor(),
        "annotations": { "org.example.word": word },
    });
    Image::with(word, more)
}

#[actix_web::test]
async fn what_names_a_subject_is_listed_with_what_it_says_of_itself() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let image = Image::of("web");
    oci.push_image("carol/web", "v1", &image).await;
    let (signature, sbom) =
        (referring("sig", "application/x-sig", &image), referring("sbom", "application/x-sbom", &image));
    for artifact in [&signature, &sbom] {
        for blob in &artifact.blobs {
            oci.push_blob("carol/web", blob).await;
        }
        let digest = artifact.digest();
        let answer = oci.push_manifest("carol/web", digest.as_str(), MANIFEST, &artifact.manifest).await.is(201);
        assert_eq!(answer.header("oci-subject"), image.digest().as_str());
    }

    let path = format!("/v2/carol/web/referrers/{}", image.digest());
    let all = oci.get(&path).await.is(200);
    assert_eq!(all.header("content-type"), INDEX);
    assert_eq!(digests(&all), [signature.digest().to_string(), sbom.digest().to_string()]);
    let entry = &all.json()["manifests"][0];
    assert_eq!(
        (entry["artifactType"].as_str(), entry["size"].as_u64()),
        (Some("application/x-sig"), Some(signature.manifest.len() as u64))
    );
    assert_eq!(entry["annotations"]["org.example.word"], "sig");

    let filtered = oci.get(&format!("{path}?artifactType=application/x-sbom")).await.is(200);
    assert_eq!(digests(&filtered), [sbom.digest().to_string()]);
    assert_eq!(filtered.header("oci-filters-applied"), "artifactType");

    let first = oci.get(&format!("{path}?n=1")).await.is(200);
    let next = first.header("link")[1..].split_once('>').unwrap().0.to_string();
    let second = oci.get(&next).await.is(200);
    assert_eq!([digests(&first), digests(&second)].concat(), digests(&all));
    assert_eq!(second.header("link"), "");
}

#[actix_web::test]
async fn an_unknown_subject_has_an_empty_index() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    oci.push_image("carol/web", "v1", &Image::of("web")).await;
    let unknown = Image::of("unknown").digest();

    for path in [format!("/v2/carol/web/referrers/{unknown}"), format!("/v2/carol/nothing/referrers/{unknown}")] {
        let answer = oci.get(&path).await.is(200);
        assert_eq!((answer.header("content-type"), digests(&answer).len()), (INDEX, 0));
    }
    oci.get("/v2/carol/web/referrers/sha256:short").await.refused(400, "DIGEST_INVALID");
}

#[actix_web::test]
async fn what_only_the_fallback_tag_lists_is_found_and_described_anew() {
    let app = TestApp::start().await;
    let oci = app.user("carol").await.oci();
    let image = Image::of("web");
    oci.push_image("carol/web", "v1", &image).await;
    let old = Image::with("old", json!({ "artifactType": "application/x-old" }));
    oci.push_image("carol/web", "old", &old).await;
    let mut lying = old.descriptor();
    lying["artifactType"] = json!("application/x-wrong");
    let tag = image.digest().referrers_tag();
    oci.push_manifest("carol/web", tag.as_str(), INDEX, &index(&[lying])).await.is(201);

    let found = oci.get(&format!("/v2/carol/web/referrers/{}", image.digest())).await.is(200);

    assert_eq!(digests(&found), [old.digest().to_string()]);
    assert_eq!(found.json()["manifests"][0]["artifactType"], "application/x-old");
}

#[actix_web::test]
async fn a_referrer_in_another_repository_is_that_repositorys_affair() {
    let app = TestApp::start().await;
    let (carol, mallory) = (app.user("carol").await, app.user("mallory").await);
    let image = Image::of("web");
    carol.oci().push_image("carol/web", "v1", &image).await;
    mallory.oci().push_image("mallory/web", "sig", &referring("sig", "application/x-sig", &image)).await;

    let found = carol.oci().get(&format!("/v2/carol/web/referrers/{}", image.digest())).await.is(200);

    assert!(digests(&found).is_empty());
}
