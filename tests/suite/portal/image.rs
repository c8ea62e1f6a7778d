//! One tag or manifest: every tab, what strangers wrote in it, and who may see it.

use serde_json::{Value, json};

use crate::support::{Browser, Image, OCI_MANIFEST, Oci, PRIVATE, PUBLIC, TestApp, as_many, descriptor, digest_of};

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// Pushes an image of these layers under a tag and returns its digest. `more` is added to the manifest.
pub(super) async fn push(
    oci: &Oci,
    repository: &str,
    tag: &str,
    config: Value,
    layers: &[&[u8]],
    more: Value,
) -> String {
    let config = config.to_string().into_bytes();
    oci.push_blob(repository, &config).await;
    for layer in layers {
        oci.push_blob(repository, layer).await;
    }
    let described: Vec<Value> = layers.iter().map(|layer| descriptor(LAYER, layer)).collect();
    let mut manifest = json!({ "schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": descriptor(CONFIG, &config),
        "layers": described });
    for (name, value) in more.as_object().into_iter().flatten() {
        manifest[name] = value.clone();
    }
    let bytes = manifest.to_string().into_bytes();
    oci.put_manifest(repository, tag, OCI_MANIFEST, &bytes).await.is(201);
    digest_of(&bytes)
}

/// An organization `acme` with the private repository `acme/web`, and its owner's browser and client.
pub(super) async fn acme() -> (TestApp, Browser, Oci) {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    app.repository("acme/web", PRIVATE).await;
    let (browser, oci) = (Browser::of(&app, &owner).await, app.oci(&owner));
    (app, browser, oci)
}

fn configured() -> Value {
    json!({ "architecture": "arm64", "os": "linux", "created": "2026-01-02T03:04:05Z", "author": "Ada <b>L</b>",
        "config": { "Entrypoint": ["/app", "--fast"], "Cmd": ["serve"], "Env": ["PATH=/bin", "MARK=<i>x</i>"],
            "User": "10001", "WorkingDir": "/srv", "ExposedPorts": { "8080/tcp": {} }, "Volumes": { "/data": {} },
            "Labels": { "team": "<script>alert(1)</script>", "stage": "production" } },
        "history": [
            { "created_by": "/bin/sh -c #(nop) ADD file:1 in / " },
            { "created_by": "ENV MARK=<i>x</i>", "empty_layer": true },
            { "created_by": "RUN /bin/sh -c make <u>all</u> # buildkit", "comment": "buildkit" },
        ] })
}

#[actix_web::test]
async fn a_tag_says_what_it_points_at_and_how_to_pull_it() {
    let (app, browser, oci) = acme().await;
    let more = json!({ "annotations": { "org.example.note": "<b>bold</b>" } });
    let digest = push(&oci, "acme/web", "1.0", configured(), &[b"base", b"top layer"], more).await;
    let manifest = oci.get_manifest("acme/web", "1.0").await.is(200);
    oci.put_manifest("acme/web", "latest", OCI_MANIFEST, &manifest.body).await.is(201);
    app.services.pulls.flush().await.unwrap();

    let page = browser.open("/repository/acme/web/tag/1.0").await.is(200);

    let host = app.host();
    let page = page.says(&digest).says("linux/arm64").says(&format!("docker pull {host}/acme/web:1.0"));
    let page = page.says(&format!("podman pull {host}/acme/web@{digest}")).says("<script>alert(1)</script>");
    let page = page.says("org.example.note").says("<b>bold</b>").says(OCI_MANIFEST).says("Tag expiresNever");
    assert!(page.has(&format!("button[data-copy='{digest}']")) && !page.has("#content b, #content script"));
    assert!(page.has("dd a[href='/repository/acme/web/tag/latest']") && page.has("nav.tabs a[aria-current]"));
    let by_digest = browser.open(&format!("/repository/acme/web/manifest/{digest}")).await.is(200);
    let by_digest = by_digest.does_not_say("Tag expires").says("1.0, latest");
    assert!(!by_digest.text().contains(&format!("docker pull {host}/acme/web:")));
}

#[actix_web::test]
async fn layers_stand_beside_their_commands_and_name_only_repositories_one_may_see() {
    let (app, browser, oci) = acme().await;
    let digest = push(&oci, "acme/web", "1.0", configured(), &[b"base", b"top layer"], json!({})).await;
    let admin = app.oci(&app.admin());
    app.organization("other").await;
    app.repository("other/open", PUBLIC).await;
    app.repository("other/secret", PRIVATE).await;
    for name in ["other/open", "other/secret"] {
        push(&admin, name, "1.0", json!({}), &[b"base"], json!({})).await;
    }

    let page = browser.open("/repository/acme/web/tag/1.0?tab=layers").await.is(200);

    assert_eq!(page.count("#layers tbody tr"), 3);
    let page = page.says("ADD file:1 in /").says("RUN make <u>all</u>").says("ENV MARK=<i>x</i>");
    let page = page.says("other/open").does_not_say("other/secret").says("2 layers");
    assert!(!page.has("#layers u, #layers i") && page.has(&format!("button[data-copy='{}']", digest_of(b"base"))));
    let files = page.follow("#layers tr:nth-child(3) a[href*='tab=files']").await.is(200);
    files.says("Files of the image");
    let strange = json!({ "history": [{ "created_by": "one" }, { "created_by": "two <s>" }] });
    push(&oci, "acme/web", "odd", strange, &[b"base"], json!({})).await;
    let odd = browser.open("/repository/acme/web/tag/odd?tab=layers").await.is(200);
    odd.says("speaks of 2 layers, the image has 1").says("two <s>");
    browser.open(&format!("/repository/acme/web/manifest/{digest}?tab=nonsense")).await.is(200).says("Facts");
}

#[actix_web::test]
async fn the_configuration_says_how_it_is_run() {
    let (_app, browser, oci) = acme().await;
    push(&oci, "acme/web", "1.0", configured(), &[b"base", b"top"], json!({})).await;

    let page = browser.open("/repository/acme/web/tag/1.0?tab=configuration").await.is(200);

    for words in ["[\"/app\",\"--fast\"]", "[\"serve\"]", "10001", "/srv", "8080/tcp", "/data", "Ada <b>L</b>"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let page = page.says("MARK<i>x</i>").says("team<script>alert(1)</script>").says("Stop signalNot set");
    assert!(!page.has("#content b, #content i, #content script"));
    let image = Image::changed("raw", |manifest| manifest["config"]["mediaType"] = "text/plain".into());
    oci.push("acme/web", "artifact", &image).await;
    let artifact = browser.open("/repository/acme/web/tag/artifact").await.is(200).says("text/plain");
    assert!(!artifact.has("nav.tabs a[href*='tab=configuration']"), "an artifact has none");
}

#[actix_web::test]
async fn an_index_leads_to_its_platforms() {
    let (_app, browser, oci) = acme().await;
    let (amd, arm) = (Image::new("amd64"), Image::new("arm64"));
    let mut listed = Vec::new();
    for (image, architecture) in [(&amd, "amd64"), (&arm, "arm64")] {
        oci.push("acme/web", &image.digest(), image).await;
        let mut child = image.descriptor();
        child["platform"] = json!({ "os": "linux", "architecture": architecture });
        listed.push(child);
    }
    let mut attestation = amd.descriptor();
    attestation["annotations"] = json!({ "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": amd.digest() });
    listed.push(attestation);
    oci.put_index("acme/web", "multi", &listed).await.is(201);

    let page = browser.open("/repository/acme/web/tag/multi").await.is(200).says("linux/arm64").says("Attestation");
    let tabs = page.count("nav.tabs a");
    let child = page.follow("#content tbody a.name").await.is(200);

    assert_eq!(tabs, 3, "an index has details, referrers and its manifest");
    assert!(child.path.ends_with(&amd.digest()), "{}", child.path);
    let child = child.says("No tag points here").says("Platform of");
    let back = child.follow("dd a[href='/repository/acme/web/tag/multi']").await.is(200);
    back.does_not_say("Platform of");
    oci.delete("/v2/acme/web/manifests/multi").await.is(202);
    let child = browser.open(&child.path).await.is(200);
    assert!(child.has("dd a[href*='/manifest/sha256:']"), "an index without a tag is named by its digest");
}

#[actix_web::test]
async fn what_is_no_image_is_pulled_by_its_own_client() {
    let (app, browser, oci) = acme().await;
    let chart = json!({ "artifactType": "application/vnd.cncf.helm.config.v1+json" });
    push(&oci, "acme/web", "1.0_2", json!({ "name": "web" }), &[b"chart"], chart).await;
    push(&oci, "acme/web", "notes", json!({}), &[b"notes"], json!({ "artifactType": "text/x.notes" })).await;
    let host = app.host();

    let page = browser.open("/repository/acme/web/tag/1.0_2").await.is(200);
    page.says(&format!("helm pull oci://{host}/acme/web --version 1.0+2")).does_not_say("docker pull");
    let page = browser.open("/repository/acme/web/tag/notes").await.is(200);
    page.says(&format!("oras pull {host}/acme/web:notes")).says("text/x.notes").does_not_say("docker pull");
    let page = browser.open("/repository/acme/web").await.is(200);
    page.says(&format!("oras pull {host}/acme/web:notes")).does_not_say("docker pull");
}

#[actix_web::test]
async fn what_is_attached_is_listed_by_kind() {
    let (app, browser, oci) = acme().await;
    let image = oci.push_image("acme/web", "1.0").await;
    let about = json!({ "mediaType": OCI_MANIFEST, "digest": image.digest(), "size": image.manifest.len() });
    let attach = |kind: &str| {
        let mut manifest = json!({ "subject": about.clone() });
        manifest["artifactType"] = kind.into();
        manifest
    };
    let sbom = push(&oci, "acme/web", "sbom", json!({ "s": 1 }), &[b"sbom"], attach("application/spdx+json")).await;
    push(&oci, "acme/web", "x", json!({ "s": 2 }), &[b"x"], attach("application/<b>strange</b>")).await;
    let cosign = format!("{}.sig", image.digest().replace(':', "-"));
    push(&oci, "acme/web", &cosign, json!({ "s": 3 }), &[b"sig"], json!({})).await;

    let page = browser.open("/repository/acme/web/tag/1.0?tab=referrers").await.is(200);

    assert_eq!(page.count("#referrers tbody tr"), 3);
    let page = page.says("List of components (SBOM)").says("Signature").says(&cosign);
    assert!(!page.has("#referrers b"));
    let attached = page.follow(&format!("#referrers a[href='/repository/acme/web/manifest/{sbom}']")).await.is(200);
    let attached = attached.says("Attached to").says("application/spdx+json");
    assert!(attached.has(&format!("dd a[href='/repository/acme/web/manifest/{}']", image.digest())));
    let one = app.statements_for(&browser, "/repository/acme/web/tag/x?tab=referrers").await;
    for number in 0..51 {
        let config = json!({ "s": 10 + number });
        push(&oci, "acme/web", &format!("r{number}"), config, &[b"x"], attach("text/spdx")).await;
    }
    let many = app.statements_for(&browser, "/repository/acme/web/tag/1.0?tab=referrers").await;
    as_many(&one, &many);
    let first = browser.open("/repository/acme/web/tag/1.0?tab=referrers").await.is(200);
    let rest = first.follow("a[rel=next]").await.is(200);
    assert_eq!((first.count("#referrers tbody tr"), rest.count("#referrers tbody tr")), (51, 3));
    rest.follow("a[rel=first]").await.is(200).says(&cosign);
}

#[actix_web::test]
async fn the_manifest_is_shown_as_text_and_downloaded_as_it_is() {
    let (_app, browser, oci) = acme().await;
    let more = json!({ "annotations": { "x": "</pre><script>alert(1)</script>" } });
    let digest = push(&oci, "acme/web", "1.0", json!({}), &[b"base"], more).await;
    let stored = oci.get_manifest("acme/web", "1.0").await.is(200);

    let page = browser.open("/repository/acme/web/tag/1.0?tab=raw").await.is(200);

    let page = page.says("</pre><script>alert(1)</script>").says("\"schemaVersion\": 2");
    assert!(!page.has("#content script"));
    let file = browser.get(&page.attribute("a[download]", "href").unwrap()).await.is(200);
    assert_eq!(file.body, stored.body);
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"web-"));
    browser.get("/repository/acme/web/-/manifest?digest=nonsense").await.is(404);
    browser.get(&format!("/repository/acme/web/-/manifest?digest={}", digest_of(b"none"))).await.is(404);
    assert_eq!(digest_of(&stored.body), digest);
}

#[actix_web::test]
async fn what_is_not_there_and_what_is_private_are_the_same() {
    let (app, owner, oci) = acme().await;
    let digest = push(&oci, "acme/web", "1.0", json!({}), &[b"base"], json!({})).await;
    app.repository("acme/empty", PRIVATE).await;
    let stranger = Browser::of(&app, &app.user("sam").await).await;
    let nobody = Browser::new(&app);
    let manifest = format!("/repository/acme/web/manifest/{digest}");
    let pages = [
        "/repository/acme/web/tag/1.0".to_string(),
        manifest.clone(),
        format!("{manifest}?tab=files"),
        format!("{manifest}?tab=raw"),
        format!("/repository/acme/web/-/manifest?digest={digest}"),
        format!("/repository/acme/web/-/layers/file?digest={digest}&layer=1&path=a"),
        "/repository/acme/web/-/compare?from=1.0".to_string(),
    ];

    for page in &pages {
        stranger.get(page).await.is(404);
        let refused = nobody.get(page).await;
        assert!(matches!(refused.status, 303 | 404), "{}", refused.shown());
        assert!(!refused.text().contains(&digest));
    }

    let unknown = digest_of(b"nothing");
    for page in ["tag/2.0", "tag/a b", "manifest/sha256:12", "manifest/latest", "tag/1.0/more"] {
        owner.get(&format!("/repository/acme/web/{}", page.replace(' ', "%20"))).await.is(404);
    }
    owner.get(&format!("/repository/acme/web/manifest/{unknown}")).await.is(404);
    owner.get(&format!("/repository/acme/empty/manifest/{digest}")).await.is(404);
    owner.get(&manifest).await.is(200);
}

#[actix_web::test]
async fn a_repository_may_be_called_like_a_tag() {
    let (app, browser, oci) = acme().await;
    push(&oci, "acme/web", "1.0", json!({}), &[b"base"], json!({})).await;
    app.repository("acme/web/tag/tools", PRIVATE).await;

    browser.open("/repository/acme/web/tag/1.0").await.is(200).says("web:1.0");
    browser.open("/repository/acme/web/tag/tools").await.is(200).says("web/tag/tools");
}

#[actix_web::test]
async fn a_tag_is_changed_from_its_own_page_by_those_who_may() {
    let (app, browser, oci) = acme().await;
    push(&oci, "acme/web", "1.0", configured(), &[b"base", b"top"], json!({})).await;
    let here = "/repository/acme/web/tag/1.0?tab=layers";
    let page = browser.open(here).await.is(200);

    let dialog = page.follow("#tag-menu a[href*='dialog=expire']").await.is(200);
    assert_eq!(dialog.attribute("a[data-close]", "href").as_deref(), Some(here));
    let past = dialog.form("dialog-form").fill("at", "2001-01-01T00:00").submit().await.is(422);
    let back = past.form("dialog-form").fill("at", "2099-01-01T00:00").submit().await.is(200);
    assert_eq!(back.path, here);
    let dialog = page.follow("#tag-menu a[href*='dialog=labels']").await.is(200);
    let labelled = dialog.form("dialog-form").fill("key", "stage").fill("value", "x").submit().await.is(200);
    assert_eq!(labelled.attribute("a[data-close]", "href").as_deref(), Some(here));
    let added =
        page.follow("#tag-menu a[href*='dialog=add']").await.form("dialog-form").fill("name", "twin").submit().await;
    assert_eq!(added.is(200).path, here);
    page.follow("#tag-menu a[href*='tab=history']").await.is(200).says("1.0");
    let list = page.follow("#tag-menu a[href*='dialog=delete']").await.form("dialog-form").submit().await.is(200);
    assert_eq!(list.path, "/repository/acme/web?tab=tags", "its own page is no more");
    let reader = Browser::of(&app, &app.user("sam").await).await;
    app.repository("acme/open", PUBLIC).await;
    oci.push_image("acme/open", "1.0").await;
    let seen = reader.open("/repository/acme/open/tag/1.0").await.is(200);
    assert!(seen.has("#tag-menu a[href*='tab=history']") && !seen.has("#main a[href*='dialog=']"));
}

#[actix_web::test]
async fn every_tab_asks_the_same_of_small_and_large_images() {
    let (app, browser, oci) = acme().await;
    push(&oci, "acme/web", "small", json!({}), &[b"a"], json!({})).await;
    let layers: Vec<Vec<u8>> = (0..50).map(|number| format!("layer {number}").into_bytes()).collect();
    let layers: Vec<&[u8]> = layers.iter().map(Vec::as_slice).collect();
    push(&oci, "acme/web", "large", json!({}), &layers, json!({})).await;

    for tab in ["details", "layers", "files", "configuration", "referrers", "raw"] {
        let small = app.statements_for(&browser, &format!("/repository/acme/web/tag/small?tab={tab}")).await;
        let large = app.statements_for(&browser, &format!("/repository/acme/web/tag/large?tab={tab}")).await;
        as_many(&small, &large);
    }
}
