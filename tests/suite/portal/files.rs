//! The files of an image, as somebody without script looks into it.

use std::time::Duration;

use serde_json::json;

use super::image::{acme, push};
use crate::support::{Browser, PUBLIC, TestApp, digest_of};

const FILES: &str = "/repository/acme/web/tag/1.0?tab=files";

/// An archive of folders (names that end in a slash), files, and links (`name -> target`).
fn tar(items: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in items {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(1_700_000_000);
        header.set_size(content.len() as u64);
        if let Some((name, target)) = name.split_once(" -> ") {
            header.set_entry_type(tar::EntryType::Symlink);
            builder.append_link(&mut header, name, target).unwrap();
        } else if name.ends_with('/') {
            header.set_entry_type(tar::EntryType::Directory);
            builder.append_data(&mut header, name, *content).unwrap();
        } else {
            builder.append_data(&mut header, name, *content).unwrap();
        }
    }
    builder.into_inner().unwrap()
}

/// An image of two layers: the second changes, removes and adds something.
async fn image() -> (TestApp, Browser, String) {
    let (app, browser, oci) = acme().await;
    let base = tar(&[
        ("etc/", b""),
        ("etc/app.conf", b"colour = blue\n"),
        ("etc/stale", b"stale"),
        ("bin/tool", b"\x7fELF\0\0"),
        ("sh -> bin/tool", b""),
    ]);
    let top = tar(&[
        ("etc/app.conf", b"colour = <b>red</b>\n"),
        ("etc/.wh.stale", b""),
        ("etc/<img src=x>", b"markup"),
        ("etc/a\u{202e}b\"c.txt", b"odd"),
    ]);
    let config = json!({ "history": [{ "created_by": "ADD base /" }, { "created_by": "COPY <i>etc</i> /etc" }] });
    let digest = push(&oci, "acme/web", "1.0", config, &[&base, &top], json!({})).await;
    (app, browser, digest)
}

/// Asks for the files with the page's button and has them listed.
async fn list(app: &TestApp, browser: &Browser) {
    let page = browser.open(FILES).await.is(200).says("not listed yet");
    let page = page.form("list-files").submit().await.is(200).says("Listing the files");
    assert!(page.has("#files [hx-get][hx-trigger='every 1s']") && page.has("#files a.no-script"));
    app.services.layer_files.work().await;
}

#[actix_web::test]
async fn administrators_see_how_many_layers_wait() {
    let (app, browser, _) = image().await;
    let olivia = Browser::of(&app, &app.admin()).await;
    olivia.open("/administration/jobs").await.is(200).says("No layer waits or is being read.");

    browser.open(FILES).await.form("list-files").submit().await.is(200);

    let page = olivia.open("/administration/jobs").await.says("2 layers wait.");
    assert!(page.has("#layers") && !page.has("#layers table"));
    app.services.layer_files.work().await;
    olivia.open("/administration/jobs").await.says("No layer waits or is being read.");
}

#[actix_web::test]
async fn files_are_listed_when_somebody_asks() {
    let (app, browser, _) = image().await;

    list(&app, &browser).await;

    let page = browser.open(FILES).await.is(200).says("Files of the image");
    assert!(!page.has("#files [hx-trigger]"), "nothing changes any more");
    assert_eq!(page.count("#files tbody tr"), 3, "bin, etc, sh: {}", page.text());
    let page = page.says("→ bin/tool");
    let etc = page.follow("#files tbody a[href*='path=etc']").await.is(200).says("app.conf").does_not_say("stale");
    assert!(etc.has("nav .path a[href*='tab=files']") && !etc.has("#files img"));
    let etc = etc.says("<img src=x>");
    let file = etc.follow("#files tbody a[href*='app.conf']").await.is(200);
    let file = file.says("colour = <b>red</b>").says("-rw-r--r--").says("20 bytes");
    assert!(!file.has("#files b") && file.has("#preview"));
    file.follow(".path a[href*='path=etc']").await.is(200).says("app.conf");
}

#[actix_web::test]
async fn a_layer_shows_what_it_changes_in_signs_and_words() {
    let (app, browser, _) = image().await;
    list(&app, &browser).await;

    let layer = browser.open(FILES).await.follow(".layers li:nth-child(2) a").await.is(200);
    let layer = layer.says("Files of layer 2").says("COPY <i>etc</i> /etc");
    let etc = layer.follow("#files tbody a[href*='path=etc']").await.is(200);

    assert!(etc.has(".mark-add") && etc.has(".mark-mod") && etc.has(".mark-del") && !etc.has("#files i"));
    let etc = etc.says("~changed").says("−removed").says("+added");
    assert!(!etc.has("#files tbody a[href*='stale']"), "what is gone cannot be opened");
    let first = browser.open(FILES).await.follow(".layers li:nth-child(1) a").await.is(200);
    let stale = first.follow("#files tbody a[href*='path=etc']").await.is(200).says("stale");
    stale.follow("#files tbody a[href*='app.conf']").await.is(200).says("colour = blue");
    let whole = etc.follow(".pills a:nth-child(2)").await.is(200).does_not_say("removed");
    whole.says("Files of the image");
}

#[actix_web::test]
async fn files_leave_as_attachments_with_safe_names() {
    let (app, browser, digest) = image().await;
    list(&app, &browser).await;

    let binary = browser.open(&format!("{FILES}&path=bin/tool&show=file")).await.is(200).says("This is no text");
    let file = browser.get(&binary.attribute("a[download]", "href").unwrap()).await.is(200);
    assert_eq!(file.body, b"\x7fELF\0\0");
    assert_eq!(file.header("content-type"), "application/octet-stream");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("content-length"), "6");
    let odd = browser.open(&format!("{FILES}&path=etc")).await.follow("#files tbody a[href*='c.txt']").await.is(200);
    let odd = browser.get(&odd.attribute("a[download]", "href").unwrap()).await.is(200);
    let disposition = odd.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"a_b_c.txt\"; filename*=UTF-8''a%5Fb%22c%2Etxt"),
        "{disposition}"
    );
    assert_eq!(odd.body, b"odd");
    let html = browser.get(&format!("{FILES}&path=etc%2F%3Cimg%20src%3Dx%3E&show=file")).await.is(200);
    assert!(!html.text().contains("<img src=x>"));

    let file = |layer: &str, path: &str| {
        format!("/repository/acme/web/-/layers/file?digest={digest}&layer={layer}&path={path}")
    };
    for (layer, path) in [
        ("2", "../etc/passwd"),
        ("2", "etc/../../x"),
        ("0", "bin/tool"),
        ("3", "bin/tool"),
        ("x", "a"),
        ("2", "nothing"),
        ("2", "%00"),
    ] {
        browser.get(&file(layer, path)).await.is(404);
    }
    let folder = browser.get(&file("2", "etc")).await;
    assert!(folder.status >= 400 && folder.maybe_header("content-disposition").is_none(), "{}", folder.shown());
    browser.get(&file("1", "etc/stale")).await.is(200);
    browser.get(&file("2", "etc/stale")).await.is(404);
}

#[actix_web::test]
async fn hostile_paths_and_layers_lead_nowhere() {
    let (app, browser, digest) = image().await;
    list(&app, &browser).await;

    for query in [
        "path=..",
        "path=etc/../..",
        "path=%00",
        "path=nothing/here",
        "layer=0",
        "layer=3",
        "layer=99999",
        "path=nothing&show=file",
    ] {
        browser.get(&format!("{FILES}&{query}")).await.is(404);
    }
    let folder = browser.open(&format!("{FILES}&path=etc&show=file")).await.is(200);
    assert!(folder.says("no content that could be shown").count("a[download]") == 0);
    let proof = browser.open(FILES).await.attribute("input[name=_csrf_token]", "value").unwrap();
    let post = |digest: &str, layer: &str, next: &str| {
        let fields = [("digest", digest), ("layer", layer), ("next", next), ("_csrf_token", &proof)];
        let fields = fields.map(|(name, value)| (name.to_string(), value.to_string()));
        let browser = &browser;
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.submit("/repository/acme/web/-/layers/listing", &fields).await
        }
    };
    let elsewhere = post(&digest, "1", "https://evil.example/").await.is(303);
    assert!(elsewhere.header("location").starts_with('/') && !elsewhere.header("location").contains("evil"));
    post(&digest_of(b"none"), "1", "/").await.is(404);
    post(&digest, "0", "/").await.is(404);
    browser.submit("/repository/acme/web/-/layers/listing", &[("digest", &digest), ("layer", "1")]).await.is(403);
}

#[actix_web::test]
async fn a_file_is_found_by_its_path() {
    let (app, browser, _) = image().await;
    list(&app, &browser).await;

    let page = browser.open(FILES).await.is(200);
    page.form("find-file").fill("find", "/etc/app.conf").submit().await.is(200).says("colour = <b>red</b>");
    let folder = page.form("find-file").fill("find", "etc/").submit().await.is(200);
    assert!(folder.path.contains("path=etc"), "{}", folder.path);
    for nothing in ["etc/stale", "../x", "<b>"] {
        let page = page.form("find-file").fill("find", nothing).submit().await.is(200);
        let page = page.says(&format!("There is nothing at {nothing}."));
        assert!(page.has("#find[aria-invalid]") && !page.has("#files b"));
    }
}

#[actix_web::test]
async fn large_folders_come_in_pages() {
    let (app, browser, oci) = acme().await;
    let names: Vec<String> = (0..450).map(|number| format!("many/f{number:04}")).collect();
    let items: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    push(&oci, "acme/web", "1.0", json!({}), &[&tar(&items)], json!({})).await;
    list(&app, &browser).await;

    let first = browser.open(&format!("{FILES}&path=many")).await.is(200);
    let second = first.follow("a[rel=next]").await.is(200);
    let third = second.follow("a[rel=next]").await.is(200);

    let rows = |page: &crate::support::Page<'_>| page.count("#files tbody tr") - 1;
    assert_eq!((rows(&first), rows(&second), rows(&third)), (200, 200, 50));
    assert!(!third.has("a[rel=next]") && !first.has("a[rel=first]"));
    let back = third.says("f0449").follow("a[rel=first]").await.is(200);
    back.says("f0000");
}

#[actix_web::test]
async fn what_cannot_be_listed_says_why_and_can_be_tried_again() {
    let app = TestApp::with(&[("layer_files.size", "1MiB")]).await;
    let owner = app.organization("acme").await;
    let (browser, oci) = (Browser::of(&app, &owner).await, app.oci(&owner));
    let large = tar(&[("large", &vec![7; 1_500_000][..])]);
    push(&oci, "acme/web", "1.0", json!({}), &[&b"no archive".repeat(100), &large], json!({})).await;

    list(&app, &browser).await;

    let page = browser.open(FILES).await.is(200).says("Layer 1 could not be read").says("Layer 2 is too large");
    page.form("list-files").submit().await.is(200).says("after a quarter of an hour");
    app.clock.advance(Duration::from_secs(15 * 60 + 1));
    page.form("list-files").submit().await.is(200).says("Listing the files");
    app.services.layer_files.work().await;
    browser.open(FILES).await.is(200).says("could not be listed");
}

#[actix_web::test]
async fn the_block_that_looks_again_comes_alone() {
    let (app, browser, _) = image().await;
    browser.open(FILES).await.form("list-files").submit().await.is(200);

    let ask = || {
        browser.send(
            browser.request(reqwest::Method::GET, FILES).header("HX-Request", "true").header("HX-Target", "files"),
        )
    };
    let waiting = ask().await.is(200).text();
    app.services.layer_files.work().await;
    let done = ask().await.is(200).text();

    assert!(waiting.trim_start().starts_with("<section") && waiting.contains("every 1s"), "{waiting}");
    assert!(done.contains("id=\"files\"") && !done.contains("every 1s") && !done.contains("<html"));
}

#[actix_web::test]
async fn whoever_may_pull_may_look_into_layers() {
    let (app, _, _) = image().await;
    app.set_visibility("acme/web", PUBLIC).await;
    let nobody = Browser::new(&app);

    list(&app, &nobody).await;

    nobody.open(&format!("{FILES}&path=etc")).await.is(200).says("app.conf");
}
