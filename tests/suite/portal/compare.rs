//! Two tags or manifests side by side.

use serde_json::{Value, json};

use super::image::{acme, push};
use crate::support::{Browser, Image, Oci, TestApp, digest_of};

const COMPARE: &str = "/repository/acme/web/-/compare";

fn config(architecture: &str, size: &str, label: &str) -> Value {
    json!({ "architecture": architecture, "os": "linux",
        "config": { "Env": ["PATH=/bin", format!("POOL={size}")], "User": size, "Cmd": ["serve", size],
            "Labels": { "version": label, "kept": "same" } } })
}

/// Tags `old` and `new`: one layer in common, one each of their own.
async fn two() -> (TestApp, Browser, Oci, [String; 2]) {
    let (app, browser, oci) = acme().await;
    let note = |text: &str| json!({ "annotations": { "note": text } });
    let old = push(&oci, "acme/web", "old", config("amd64", "16", "1"), &[b"base", b"first"], note("<b>a</b>")).await;
    let new = config("amd64", "32", "<script>2</script>");
    let new = push(&oci, "acme/web", "new", new, &[b"base", b"the second"], note("<b>c</b>")).await;
    (app, browser, oci, [old, new])
}

#[actix_web::test]
async fn what_changed_between_two_tags_is_marked() {
    let (_app, browser, _, [old, new]) = two().await;

    let page = browser.open(&format!("{COMPARE}?from=old&to=new")).await.is(200);

    let page = page.says("The first layer is the same").says("1 in common").says("1 added, 1 removed");
    let page = page.says("−removedPOOL=16").says("+addedPOOL=32").says("User: 16").says("[\"serve\",\"32\"]");
    let page = page.says("version=1").says("kept=same").says("note=<b>c</b>").says("<script>2</script>");
    assert!(page.has("table.diff del") && page.has("table.diff ins"));
    assert!(!page.has("#content b, #content script"), "what images say is text");
    assert_eq!(page.count("#comparison tr.del"), page.count("#comparison tr.add"));
    let swapped = page.follow(".compare-bar a.btn-icon").await.is(200).says("+addedPOOL=16").says("−removedPOOL=32");
    assert_eq!(swapped.form("compare").value("from"), Some("new"));
    let digests = browser.open(&format!("{COMPARE}?from={old}&to={new}")).await.is(200);
    digests.says("−removedPOOL=16");
}

#[actix_web::test]
async fn the_other_side_is_chosen_in_a_form() {
    let (_app, browser, _, [_, new]) = two().await;

    let page = browser.open("/repository/acme/web/tag/old").await.follow("a[href*='/-/compare']").await.is(200);
    let page = page.says("Choose two tags");
    assert!(page.has("datalist option[value=new]"));
    assert_eq!(page.form("compare").value("from"), Some("old"));
    let page = page.form("compare").fill("to", "new").submit().await.is(200).says("+addedPOOL=32");
    let same = page.form("compare").fill("from", &new).submit().await.is(200).says("same manifest");
    assert!(!same.has("table.diff"));
    for wrong in ["nothing", "../x", "<b>x</b>", &digest_of(b"none"), "sha256:12"] {
        let refused = page.form("compare").fill("to", wrong).submit().await.is(404);
        assert!(
            refused.has("#to[aria-invalid]") && refused.has("[role=alert] a[href='#to']") && !refused.has("#content b")
        );
        assert_eq!(refused.form("compare").value("to"), Some(wrong));
        assert!(!refused.has("#comparison"));
    }
}

#[actix_web::test]
async fn indexes_are_compared_platform_by_platform() {
    let (app, browser, oci, [old, new]) = two().await;
    let arm = push(&oci, "acme/web", "arm", config("arm64", "16", "1"), &[b"base", b"arm"], json!({})).await;
    let gone = Image::new("windows");
    oci.push("acme/web", &gone.digest(), &gone).await;
    let mut sizes = std::collections::HashMap::new();
    for digest in [&old, &new, &arm] {
        sizes.insert(digest.clone(), oci.get_manifest("acme/web", digest).await.is(200).body.len());
    }
    let listed = |digest: &str, os: &str, architecture: &str| {
        json!({ "mediaType": crate::support::OCI_MANIFEST, "digest": digest, "size": sizes[digest],
            "platform": { "os": os, "architecture": architecture } })
    };
    let mut windows = gone.descriptor();
    windows["platform"] = json!({ "os": "windows", "architecture": "amd64" });
    let left = [listed(&arm, "linux", "arm64"), listed(&old, "linux", "amd64"), windows];
    oci.put_index("acme/web", "v1", &left).await.is(201);
    oci.put_index("acme/web", "v2", &[listed(&arm, "linux", "arm64"), listed(&new, "linux", "amd64")]).await.is(201);

    let page = browser.open(&format!("{COMPARE}?from=v1&to=v2")).await.is(200);

    let page = page.says("windows/amd64").says("Compared for linux/amd64").says("+addedPOOL=32");
    assert_eq!(page.count("section[aria-labelledby=platforms-title] tbody tr"), 3);
    let arm = page.form("compare").fill("platform", "linux/arm64").submit().await.is(200);
    let arm = arm.says("Compared for linux/arm64").does_not_say("POOL=32");
    assert_eq!(arm.form("compare").value("platform"), Some("linux/arm64"));
    let one = browser.open(&format!("{COMPARE}?from=v1&to=new")).await.is(200);
    one.says("Compared for linux/amd64").says("−removedPOOL=16").says("+addedPOOL=32");
    for (from, to) in [("v1", "v2"), ("v1", "new"), ("old", "new")] {
        let asked = app.statements_for(&browser, &format!("{COMPARE}?from={from}&to={to}")).await;
        assert!(asked.len() < 12, "{from} and {to}: {asked:#?}");
    }
}

#[actix_web::test]
async fn nobody_compares_what_they_may_not_see() {
    let (app, browser, _, [old, _]) = two().await;
    let other = app.organization("other").await;
    app.oci(&other).push_image("other/app", "1.0").await;
    let theirs = Browser::of(&app, &other).await;

    theirs.get(&format!("{COMPARE}?from=old&to=new")).await.is(404);
    theirs.open(&format!("/repository/other/app/-/compare?from=1.0&to={old}")).await.is(404).says("no tag or manifest");
    browser.open(&format!("{COMPARE}?from=old&to=new")).await.is(200);
}
