//! Whoever has no account.

use crate::support::{OCI_MANIFEST, PUBLIC, TestApp, digest_of};

#[actix_web::test]
async fn anybody_pulls_what_is_public_with_and_without_a_token() {
    let app = TestApp::start().await;
    let image = app.oci(&app.user("carol").await).push_image("carol/open", "v1").await;
    app.set_visibility("carol/open", PUBLIC).await;
    let nobody = app.oci(&app.anonymous());
    let token = nobody.token(&["repository:carol/open:pull"]).await;

    for client in [nobody, app.oci_with(&token)] {
        assert_eq!(client.get_manifest("carol/open", "v1").await.is(200).body, image.manifest);
        let blob = format!("/v2/carol/open/blobs/{}", digest_of(&image.layer));
        assert_eq!(client.get(&blob).await.is(200).body, image.layer);
        client.get("/v2/carol/open/tags/list").await.is(200);
    }
}

#[actix_web::test]
async fn nobody_pushes_without_an_account() {
    let app = TestApp::start().await;
    let image = app.oci(&app.user("carol").await).push_image("carol/open", "v1").await;
    app.set_visibility("carol/open", PUBLIC).await;
    let nobody = app.oci(&app.anonymous());
    let token = app.oci_with(&nobody.token(&["repository:carol/open:pull,push,delete"]).await);

    for client in [&nobody, &token] {
        client.post("/v2/carol/open/blobs/uploads/").await.refused(401, "UNAUTHORIZED");
        client.put_manifest("carol/open", "v2", OCI_MANIFEST, &image.manifest).await.refused(401, "UNAUTHORIZED");
        client.delete("/v2/carol/open/manifests/v1").await.refused(401, "UNAUTHORIZED");
    }
}

#[actix_web::test]
async fn what_is_private_looks_like_what_does_not_exist() {
    let app = TestApp::start().await;
    let image = app.oci(&app.user("carol").await).push_image("carol/secret", "v1").await;
    let digest = image.digest();

    for repository in ["carol/secret", "carol/none", "nobody/none"] {
        for path in ["manifests/v1", "tags/list", &format!("blobs/{digest}"), &format!("referrers/{digest}")] {
            let answer = app.anonymous().get(&format!("/v2/{repository}/{path}")).await.refused(401, "UNAUTHORIZED");
            assert_eq!(answer.message(), "sign in first: this needs an account with permission");
        }
    }
}
