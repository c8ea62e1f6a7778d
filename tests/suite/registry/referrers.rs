//! Listing referrers.

use serde_json::{Value, json};

use crate::support::{Answer, Image, OCI_INDEX, OCI_MANIFEST, Oci, PRIVATE, PUBLIC, TestApp, descriptor, digest_of};

const SBOM: &str = "application/spdx+json";
const SIGNATURE: &str = "application/vnd.dev.sigstore.bundle+json";

/// Pushes an artifact that refers to `subject` and returns its bytes.
async fn attach(client: &Oci, repository: &str, subject: &Value, kind: &str, note: &str) -> Vec<u8> {
    let empty = b"{}";
    client.push_blob(repository, empty).await;
    let artifact = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": kind,
        "config": descriptor("application/vnd.oci.empty.v1+json", empty),
        "layers": [descriptor("application/vnd.oci.empty.v1+json", empty)],
        "subject": subject,
        "annotations": { "note": note },
    });
    let bytes = artifact.to_string().into_bytes();
    let pushed = client.put_manifest(repository, &digest_of(&bytes), OCI_MANIFEST, &bytes).await.is(201);
    assert_eq!(pushed.header("oci-subject"), subject["digest"].as_str().unwrap());
    bytes
}

fn digests(answer: &Answer) -> Vec<String> {
    let index = answer.json();
    index["manifests"].as_array().unwrap().iter().map(|one| one["digest"].as_str().unwrap().to_string()).collect()
}

#[actix_web::test]
async fn what_refers_to_a_manifest_is_listed_with_its_kind() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = carol.push_image("carol/web", "v1").await;
    let sbom = attach(&carol, "carol/web", &image.descriptor(), SBOM, "one").await;

    let answer = carol.get(&format!("/v2/carol/web/referrers/{}", image.digest())).await.is(200);

    assert_eq!(answer.header("content-type"), OCI_INDEX);
    let expected = json!({
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [{
            "mediaType": OCI_MANIFEST,
            "digest": digest_of(&sbom),
            "size": sbom.len(),
            "artifactType": SBOM,
            "annotations": { "note": "one" },
        }],
    });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn referrers_are_filtered_by_kind() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = carol.push_image("carol/web", "v1").await;
    attach(&carol, "carol/web", &image.descriptor(), SBOM, "one").await;
    let signature = attach(&carol, "carol/web", &image.descriptor(), SIGNATURE, "two").await;
    let path = format!("/v2/carol/web/referrers/{}", image.digest());

    let kind = SIGNATURE.replace('+', "%2B");
    let answer = carol.get(&format!("{path}?artifactType={kind}")).await.is(200);

    assert_eq!(digests(&answer), [digest_of(&signature)]);
    assert_eq!(answer.header("oci-filters-applied"), "artifactType");
    let all = carol.get(&path).await.is(200);
    assert_eq!((digests(&all).len(), all.maybe_header("oci-filters-applied")), (2, None));
    assert!(digests(&carol.get(&format!("{path}?artifactType=other/kind")).await.is(200)).is_empty());
    let odd = carol.get(&format!("{path}?artifactType=%00")).await;
    assert!(odd.status < 500, "{}", odd.shown());
}

#[actix_web::test]
async fn many_referrers_come_in_pages() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = carol.push_image("carol/web", "v1").await;
    let mut pushed = Vec::new();
    for number in 0..7 {
        let kind = if number % 2 == 0 { SBOM } else { SIGNATURE };
        pushed.push((
            kind,
            digest_of(&attach(&carol, "carol/web", &image.descriptor(), kind, &number.to_string()).await),
        ));
    }

    for (filter, expected) in [
        ("", pushed.iter().map(|(_, digest)| digest.clone()).collect::<Vec<_>>()),
        ("&artifactType=application%2Fspdx%2Bjson", {
            pushed.iter().filter(|(kind, _)| *kind == SBOM).map(|(_, digest)| digest.clone()).collect()
        }),
    ] {
        let mut walked = Vec::new();
        let mut path = Some(format!("/v2/carol/web/referrers/{}?n=3{filter}", image.digest()));
        while let Some(here) = path {
            let page = carol.get(&here).await.is(200);
            assert!(digests(&page).len() <= 3);
            walked.extend(digests(&page));
            path = page.maybe_header("link").map(|link| link[1..].split_once('>').unwrap().0.to_string());
        }
        assert_eq!(walked, expected);
    }
}

#[actix_web::test]
async fn what_nothing_refers_to_has_an_empty_list() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    carol.push_image("carol/web", "v1").await;
    app.organization("acme").await;
    app.repository("acme/secret", PRIVATE).await;
    let unknown = digest_of(b"unknown");

    for repository in ["carol/web", "carol/none", "acme/secret"] {
        let answer = carol.get(&format!("/v2/{repository}/referrers/{unknown}")).await.is(200);
        assert!(digests(&answer).is_empty());
        assert_eq!(answer.header("content-type"), OCI_INDEX);
    }
    carol.get("/v2/carol/web/referrers/latest").await.refused(400, "DIGEST_INVALID");
    app.oci(&app.anonymous()).get(&format!("/v2/acme/secret/referrers/{unknown}")).await.is(401);
}

#[actix_web::test]
async fn a_referrer_may_come_before_its_subject() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = Image::new("later");

    let sbom = attach(&carol, "carol/web", &image.descriptor(), SBOM, "early").await;

    let path = format!("/v2/carol/web/referrers/{}", image.digest());
    assert_eq!(digests(&carol.get(&path).await.is(200)), [digest_of(&sbom)]);
    carol.delete(&format!("/v2/carol/web/manifests/{}", digest_of(&sbom))).await.is(202);
    assert!(digests(&carol.get(&path).await.is(200)).is_empty());
}

#[actix_web::test]
async fn referrers_are_those_of_one_repository() {
    let app = TestApp::start().await;
    let (carol, dave) = (app.oci(&app.user("carol").await), app.oci(&app.user("dave").await));
    let image = Image::new("shared");
    carol.push("carol/web", "v1", &image).await;
    dave.push("dave/web", "v1", &image).await;
    attach(&carol, "carol/web", &image.descriptor(), SBOM, "carol's").await;
    app.set_visibility("carol/web", PUBLIC).await;

    let path = format!("/v2/dave/web/referrers/{}", image.digest());
    assert!(digests(&dave.get(&path).await.is(200)).is_empty());
    let public = format!("/v2/carol/web/referrers/{}", image.digest());
    assert_eq!(digests(&app.oci(&app.anonymous()).get(&public).await.is(200)).len(), 1);
}

#[actix_web::test]
async fn what_clients_listed_under_the_fallback_tag_is_listed() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = carol.push_image("carol/web", "v1").await;
    let old = Image::new("made before subjects");
    carol.push("carol/web", &old.digest(), &old).await;
    let with_subject = attach(&carol, "carol/web", &image.descriptor(), SBOM, "new").await;
    let mut listed = old.descriptor();
    listed["artifactType"] = json!("what/the-client-says");
    let fallback = image.digest().replace(':', "-");

    carol.put_index("carol/web", &fallback, &[listed, descriptor(OCI_MANIFEST, &with_subject)]).await.is(201);

    let answer = carol.get(&format!("/v2/carol/web/referrers/{}", image.digest())).await.is(200);
    let mut found = digests(&answer);
    found.sort();
    let mut expected = vec![old.digest(), digest_of(&with_subject)];
    expected.sort();
    assert_eq!(found, expected);
    assert!(!answer.text().contains("what/the-client-says"));
}

#[actix_web::test]
async fn an_index_can_refer_and_says_its_subject() {
    let app = TestApp::start().await;
    let carol = app.oci(&app.user("carol").await);
    let image = carol.push_image("carol/web", "v1").await;
    let index = json!({
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "artifactType": SIGNATURE,
        "manifests": [],
        "subject": image.descriptor(),
    });

    let pushed = carol.put_manifest("carol/web", "signatures", OCI_INDEX, index.to_string().as_bytes()).await.is(201);

    assert_eq!(pushed.header("oci-subject"), image.digest());
    let answer = carol.get(&format!("/v2/carol/web/referrers/{}", image.digest())).await.is(200);
    assert_eq!(answer.json()["manifests"][0]["mediaType"], OCI_INDEX);
    assert_eq!(answer.json()["manifests"][0]["artifactType"], SIGNATURE);
}
