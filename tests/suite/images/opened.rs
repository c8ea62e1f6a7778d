use domain::image::{AttachedKind, Configured, History, Listed, compare, platform_pairs};
use serde_json::json;

use super::{attached_to, detailed, opened, reading, tags_of};
use crate::support::{Image, OCI_INDEX, OCI_MANIFEST, TestApp, digest_of};

#[actix_web::test]
async fn a_manifest_is_shown_with_where_it_stands() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let oci = app.oci(&owner);
    let image = Image::labelled("a", json!({ "team": "payments" }));
    oci.push("acme/web", "1.0", &image).await;
    oci.put_manifest("acme/web", "latest", OCI_MANIFEST, &image.manifest).await.is(201);
    oci.push("acme/api", "other", &image).await;
    oci.get_manifest("acme/web", "1.0").await.is(200);
    app.services.pulls.flush().await.unwrap();

    let details = detailed(&app, &owner, "acme/web", &image.digest()).await.unwrap();

    let tags = tags_of(&app, &owner, "acme/web", &details).await;
    assert_eq!(tags, (vec!["1.0".to_string(), "latest".to_string()], false));
    assert_eq!((details.media_type.as_str(), details.pulls), (OCI_MANIFEST, 1));
    assert!(details.last_pulled_at.is_some());
    assert_eq!(details.manifest_size, image.manifest.len() as u64);
    assert_eq!(details.total_size, (image.config.len() + image.layer.len()) as u64);
    assert_eq!(details.labels.iter().map(|label| label.key.as_str()).collect::<Vec<_>>(), ["team"]);
    assert_eq!(details.manifest.config.unwrap().digest.as_str(), digest_of(&image.config));
    assert!(details.children.is_empty());
}

#[actix_web::test]
async fn a_manifest_of_another_repository_is_not_found() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "1.0").await;
    app.repository("acme/empty", "private").await;

    let refused = detailed(&app, &owner, "acme/empty", &image.digest()).await;

    assert!(matches!(refused, Err(domain::Error::NotFound(_))), "{refused:?}");
}

#[actix_web::test]
async fn of_many_tags_fifty_are_named() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let oci = app.oci(&owner);
    let image = oci.push_image("acme/web", "t00").await;
    for number in 1..=50 {
        oci.put_manifest("acme/web", &format!("t{number:02}"), OCI_MANIFEST, &image.manifest).await.is(201);
    }

    let details = detailed(&app, &owner, "acme/web", &image.digest()).await.unwrap();

    let (tags, more) = tags_of(&app, &owner, "acme/web", &details).await;
    assert_eq!((tags.len(), more, tags[49].as_str()), (50, true, "t49"));
}

#[actix_web::test]
async fn an_index_says_which_of_its_manifests_are_there() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let oci = app.oci(&owner);
    let (amd, arm) = (Image::new("amd64"), Image::new("arm64"));
    oci.push("acme/web", &amd.digest(), &amd).await;
    oci.push("acme/web", &arm.digest(), &arm).await;
    let listed = |image: &Image, architecture: &str| {
        let mut descriptor = image.descriptor();
        descriptor["platform"] = json!({ "os": "linux", "architecture": architecture });
        descriptor
    };
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "annotations": { "a": "b" },
        "manifests": [listed(&amd, "amd64"), listed(&arm, "arm64")] })
    .to_string();
    oci.put_manifest("acme/web", "1.0", OCI_INDEX, index.as_bytes()).await.is(201);
    oci.delete(&format!("/v2/acme/web/manifests/{}", arm.digest())).await.is(202);

    let image = opened(&app, &owner, "acme/web", &digest_of(index.as_bytes())).await;

    assert!(image.details.is_index());
    let here: Vec<bool> = image.details.children.iter().map(|child| child.is_here()).collect();
    assert_eq!(here, [true, false]);
    assert_eq!(image.details.total_size, (amd.config.len() + amd.layer.len()) as u64);
    assert_eq!(image.platforms(), ["linux/amd64", "linux/arm64"]);
    assert_eq!(image.details.annotations()["a"], "b");
    assert_eq!((image.configured, image.steps.steps.len()), (Configured::None, 0));
    let pairs = platform_pairs(&image.details.children, &image.details.children);
    assert!(pairs.len() == 2 && pairs.iter().all(|pair| !pair.manifest.is_any()));
}

#[actix_web::test]
async fn an_image_is_read_with_its_history() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = Image::configured("a", |config| {
        config["config"] = json!({ "Env": ["A=b"], "Cmd": ["serve"] });
        config["history"] = json!([{ "created_by": "/bin/sh -c #(nop) ADD file:1 in / " },
            { "created_by": "/bin/sh -c #(nop)  CMD [\"serve\"]", "empty_layer": true }]);
    });
    app.oci(&owner).push("acme/web", "1.0", &image).await;

    let read = opened(&app, &owner, "acme/web", &image.digest()).await;

    assert_eq!(read.configured.read().unwrap().cmd, ["serve"]);
    assert_eq!((read.platforms(), read.steps.history), (vec!["linux/amd64".to_string()], History::Fits));
    let told: Vec<_> =
        read.steps.steps.iter().map(|step| (step.instruction.as_deref(), step.layer.is_some())).collect();
    assert_eq!(told, [(Some("ADD file:1 in /"), true), (Some("CMD [\"serve\"]"), false)]);
}

#[actix_web::test]
async fn a_configuration_that_cannot_be_read_says_why() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let oci = app.oci(&owner);
    let wrong = Image::configured("wrong", |config| config["config"] = json!([1]));
    let taken = Image::new("taken away");
    for image in [&wrong, &taken] {
        // By digest: a tag would not change anything.
        oci.push("acme/web", &image.digest(), image).await;
    }
    oci.delete(&format!("/v2/acme/web/blobs/{}", digest_of(&taken.config))).await.is(202);

    let wrong = opened(&app, &owner, "acme/web", &wrong.digest()).await;
    let taken = opened(&app, &owner, "acme/web", &taken.digest()).await;

    assert!(matches!(&wrong.configured, Configured::Unreadable(why) if why.contains("invalid type")), "{wrong:?}");
    assert_eq!(wrong.steps.layers().count(), 1);
    assert_eq!(taken.configured, Configured::Unreadable("the repository does not have it".into()));
    assert_eq!(compare(&wrong, &taken).settings, None);
}

#[actix_web::test]
async fn what_is_attached_is_found_by_subject_and_by_cosigns_tags() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let oci = app.oci(&owner);
    let image = oci.push_image("acme/web", "1.0").await;
    let sbom = Image::changed("sbom", |manifest| {
        manifest["subject"] = image.descriptor();
        manifest["artifactType"] = json!("application/spdx+json");
        manifest["annotations"] = json!({ "made": "today" });
    });
    oci.push("acme/web", &sbom.digest(), &sbom).await;
    let tag = format!("{}.sig", image.digest().replace(':', "-"));
    let signature = oci.push_image("acme/web", &tag).await;

    let attached = attached_to(&app, &owner, "acme/web", &image.digest()).await;

    let kinds: Vec<_> = attached.iter().map(|one| (one.kind, one.digest.clone(), one.listed.clone())).collect();
    assert_eq!(
        kinds,
        [
            (AttachedKind::Signature, signature.digest(), Listed::Tag(tag)),
            (AttachedKind::Sbom, sbom.digest(), Listed::Subject),
        ]
    );
    assert_eq!(attached[1].annotations["made"], "today");
    assert!(attached_to(&app, &owner, "acme/web", &sbom.digest()).await.is_empty());
}

#[actix_web::test]
async fn strangers_get_no_permission_to_look() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.oci(&owner).push_image("acme/web", "1.0").await;
    let mallory = app.user("mallory").await;
    reading(&app, &owner, "acme/web").await;

    let caller = super::caller(&app, &mallory).await;
    let refused = app.services.access.repository::<domain::access::Read>(&caller, &"acme/web".parse().unwrap()).await;

    assert!(matches!(refused, Err(domain::Error::NotFound(_))));
}
