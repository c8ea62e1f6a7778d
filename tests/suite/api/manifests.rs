//! Manifests by the API.

use domain::access::Standing;
use serde_json::json;

use crate::support::{Image, TestApp};

const MANIFEST: &str = "/api/v1/repository/acme/web/manifest";

#[actix_web::test]
async fn an_image_is_shown_with_its_layers_and_how_they_were_made() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = Image::configured("web", |config| {
        config["history"] = json!([
            { "created": "2024-01-02T03:04:05.5Z", "created_by": "ADD f0", "comment": "first", "author": "Carol" },
            { "created_by": "ENV x=1", "empty_layer": true },
        ]);
    });
    app.oci(&owner).push("acme/web", "v1", &image).await;

    let shown = owner.get(&format!("{MANIFEST}/{}", image.digest())).await.is(200).json();

    assert_eq!((&shown["digest"], &shown["is_manifest_list"]), (&json!(image.digest()), &json!(false)));
    assert_eq!(shown["manifest_data"].as_str().unwrap().as_bytes(), image.manifest);
    assert_eq!(shown["config_media_type"], "application/vnd.oci.image.config.v1+json");
    assert_eq!(shown["layers_compressed_size"], image.layer.len());
    assert_eq!(
        shown["layers"],
        json!([{
            "index": 0, "compressed_size": image.layer.len(), "is_remote": false, "urls": null, "command": ["ADD f0"],
            "comment": "first", "author": "Carol", "blob_digest": crate::support::digest_of(&image.layer),
            "created_datetime": "Tue, 02 Jan 2024 03:04:05 -0000",
        }])
    );
}

#[actix_web::test]
async fn an_index_has_no_layers() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let client = app.oci(&owner);
    let image = client.push_image("acme/web", "v1").await;
    let index = client.put_index("acme/web", "multi", &[image.descriptor()]).await.is(201);
    let digest = index.header("docker-content-digest");

    let shown = owner.get(&format!("{MANIFEST}/{digest}")).await.is(200).json();

    assert_eq!(shown["is_manifest_list"], true);
    for field in ["layers", "layers_compressed_size", "config_media_type"] {
        assert_eq!(shown[field], json!(null), "{field}");
    }
}

#[actix_web::test]
async fn a_manifest_is_shown_to_those_who_may_pull_it() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let image = app.oci(&owner).push_image("acme/web", "v1").await;
    app.oci(&owner).push_image("acme/other", "v1").await;
    let path = format!("{MANIFEST}/{}", image.digest());

    app.user("sam").await.get(&path).await.is(404);
    app.anonymous().get(&path).await.is(401);
    app.user_with("audrey", Standing::ReadOnlySuperuser).await.get(&path).await.is(200);
    // The right to a manifest is one repository's.
    owner.get(&path.replace("acme/web", "acme/other")).await.is(404);
    owner.get(&format!("{MANIFEST}/sha256:{}", "0".repeat(64))).await.is(404);
    owner.get(&format!("{MANIFEST}/nonsense")).await.is(404);
    owner.get(&format!("{path}/security?vulnerabilities=true")).await.is(404);
}
