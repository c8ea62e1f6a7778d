//! Looking into layers.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use domain::access::{Authorized, Read};
use domain::layer_files::{Change, FileEntry, FileKind, FilePath, LayerState, Listing, PreviewText, View};
use domain::oci::Digest;
use domain::repository::Repository;
use futures_util::StreamExt;
use serde_json::json;

use super::reading;
use crate::support::{OCI_MANIFEST, TestApp, descriptor, digest_of};

/// What a layer is made of.
enum Item<'a> {
    Folder(&'a str),
    File(&'a str, &'a [u8]),
    Link(&'a str, &'a str),
    Hard(&'a str, &'a str),
}

use Item::{File, Folder, Hard, Link};

fn tar(items: &[Item<'_>]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for item in items {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(1_700_000_000);
        header.set_size(0);
        match item {
            Folder(path) => {
                header.set_entry_type(tar::EntryType::Directory);
                header.set_mode(0o755);
                builder.append_data(&mut header, path, &[][..]).unwrap();
            }
            File(path, content) => {
                header.set_size(content.len() as u64);
                builder.append_data(&mut header, path, *content).unwrap();
            }
            Link(path, target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                builder.append_link(&mut header, path, target).unwrap();
            }
            Hard(path, target) => {
                header.set_entry_type(tar::EntryType::Link);
                builder.append_link(&mut header, path, target).unwrap();
            }
        }
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A registry with an image of these layers, and permission to read it.
struct Browsed {
    app: TestApp,
    repository: Authorized<Repository, Read>,
    layers: Vec<Digest>,
}

impl Browsed {
    async fn with(settings: &[(&str, &str)], layers: &[Vec<u8>]) -> Browsed {
        let app = TestApp::with(settings).await;
        let owner = app.organization("acme").await;
        let oci = app.oci(&owner);
        let config = b"{}";
        oci.push_blob("acme/web", config).await;
        for layer in layers {
            oci.push_blob("acme/web", layer).await;
        }
        let described: Vec<_> =
            layers.iter().map(|layer| descriptor("application/vnd.oci.image.layer.v1.tar", layer)).collect();
        let manifest = json!({ "schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": described,
            "config": descriptor("application/vnd.oci.image.config.v1+json", config) });
        oci.put_manifest("acme/web", "1.0", OCI_MANIFEST, manifest.to_string().as_bytes()).await.is(201);
        let repository = reading(&app, &owner, "acme/web").await;
        let layers = layers.iter().map(|layer| digest_of(layer).parse().unwrap()).collect();
        Browsed { app, repository, layers }
    }

    /// As [`Browsed::with`], all layers listed.
    async fn new(layers: &[Vec<u8>]) -> Browsed {
        let browsed = Browsed::with(&[], layers).await;
        let states = browsed.index().await;
        assert!(states.iter().all(|state| matches!(state, LayerState::Ready { .. })), "{states:?}");
        browsed
    }

    async fn index(&self) -> Vec<LayerState> {
        let files = &self.app.services.layer_files;
        files.request(&self.repository, &self.layers).await.unwrap();
        files.work().await;
        files.states(&self.repository, &self.layers).await.unwrap()
    }

    fn view(&self, at: usize) -> View {
        View { layers: self.layers.clone(), at }
    }

    async fn layer_page(&self, at: usize, folder: &str, after: &str, limit: usize) -> domain::Result<Listing> {
        let files = &self.app.services.layer_files;
        files.layer_folder(&self.repository, self.view(at), path(folder), after.into(), limit).await
    }

    async fn image_page(&self, at: usize, folder: &str, after: &str, limit: usize) -> domain::Result<Listing> {
        let files = &self.app.services.layer_files;
        files.image_folder(&self.repository, self.view(at), path(folder), after.into(), limit).await
    }

    /// Names of a folder of a layer, with what the layer does to them.
    async fn layer(&self, at: usize, folder: &str) -> Vec<String> {
        let listing = self.layer_page(at, folder, "", 100).await.unwrap();
        listing.entries.iter().map(marked).collect()
    }

    /// Names of a folder of the image, with the layer they are of.
    async fn image(&self, at: usize, folder: &str) -> Vec<String> {
        let listing = self.image_page(at, folder, "", 100).await.unwrap();
        listing.entries.iter().map(|entry| format!("{}@{}", entry.name, entry.layer)).collect()
    }

    async fn text(&self, file: &str) -> domain::Result<PreviewText> {
        let view = self.view(self.layers.len() - 1);
        let preview = self.app.services.layer_files.preview(&self.repository, view, path(file)).await;
        preview.map(|preview| preview.text)
    }

    async fn bytes(&self, file: &str) -> Vec<u8> {
        let view = self.view(self.layers.len() - 1);
        let mut content = self.app.services.layer_files.content(&self.repository, view, path(file)).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = content.next().await {
            bytes.extend(chunk.unwrap());
        }
        assert_eq!(bytes.len() as u64, content.size);
        bytes
    }
}

fn path(text: &str) -> FilePath {
    text.parse().unwrap()
}

fn marked(entry: &FileEntry) -> String {
    let mark = match entry.change.unwrap() {
        Change::Added => '+',
        Change::Changed => '~',
        Change::Unchanged => '=',
        Change::Removed => '-',
    };
    format!("{mark}{}", entry.name)
}

fn shown(text: &str) -> PreviewText {
    PreviewText::Text { text: text.into(), is_cut: false }
}

#[actix_web::test]
async fn layers_of_every_kind_are_listed() {
    let plain = tar(&[Folder("bin"), File("bin/a", b"one"), Link("sh", "bin/a")]);
    let zipped = gzip(&tar(&[File("etc/deep/b", b"two")]));
    let zstd = zstd::encode_all(&tar(&[File("etc/c", b"three"), Hard("etc/d", "etc/c")])[..], 1).unwrap();
    let members = [gzip(&tar(&[File("m", &[5; 70_000])])[..40_000]), gzip(&tar(&[File("m", &[5; 70_000])])[40_000..])];
    let browsed = Browsed::new(&[plain, zipped, zstd, members.concat()]).await;

    assert_eq!(browsed.image(3, "/").await, ["bin@0", "etc@2", "m@3", "sh@0"]);
    assert_eq!(browsed.image(3, "etc").await, ["c@2", "d@2", "deep@1"]);
    assert_eq!(browsed.image(1, "/etc/").await, ["deep@1"]);
    let link = browsed.image_page(0, "", "bin", 10).await.unwrap().entries.remove(0);
    assert_eq!(
        (link.kind, link.link.as_deref(), link.permissions()),
        (FileKind::Symlink, Some("bin/a"), "lrw-r--r--".into())
    );
    assert_eq!(browsed.text("etc/deep/b").await.unwrap(), shown("two"));
    assert_eq!(browsed.text("etc/d").await.unwrap(), shown("three"));
    assert_eq!(browsed.bytes("m").await, [5; 70_000]);
    assert_eq!(browsed.bytes("bin/a").await, b"one");
}

#[actix_web::test]
async fn a_layer_says_what_it_does_to_those_below() {
    let base = tar(&[Folder("app"), File("app/a", b"a"), File("app/b", b"b"), File("app/c", b"c"), File("top", b"t")]);
    let change = tar(&[
        Folder("app"),
        File("app/a", b"other"),
        File("app/b", b"b"),
        File("app/.wh.c", b""),
        File("app/.wh.never", b""),
        File("app/new", b"n"),
        File(".wh.top", b""),
    ]);
    let browsed = Browsed::new(&[base, change]).await;

    assert_eq!(browsed.layer(0, "app").await, ["+a", "+b", "+c"]);
    assert_eq!(browsed.layer(1, "app").await, ["~a", "=b", "-c", "+new"]);
    assert_eq!(browsed.layer(1, "").await, ["=app", "-top"]);
    assert_eq!(browsed.image(1, "app").await, ["a@1", "b@1", "new@1"]);
    assert_eq!(browsed.image(0, "app").await, ["a@0", "b@0", "c@0"]);
    let removed = browsed.layer_page(1, "app", "b", 1).await.unwrap().entries.remove(0);
    assert_eq!((removed.kind, removed.size, removed.layer), (FileKind::File, 1, 1));
}

#[actix_web::test]
async fn an_opaque_folder_begins_anew() {
    let base = tar(&[File("data/old", b"1"), File("data/both", b"2"), File("data/sub/x", b"3")]);
    let opaque =
        tar(&[Folder("data"), File("data/.wh..wh..opq", b""), File("data/both", b"two"), File("data/new", b"4")]);
    let above = tar(&[File("data/later", b"5")]);
    let browsed = Browsed::new(&[base, opaque, above]).await;

    assert_eq!(browsed.layer(1, "data").await, ["~both", "+new", "-old", "-sub"]);
    assert_eq!(browsed.image(2, "data").await, ["both@1", "later@2", "new@1"]);
    assert_eq!(browsed.image(0, "data/sub").await, ["x@0"]);
    assert!(matches!(browsed.image_page(2, "data/sub", "", 10).await, Err(domain::Error::NotFound(_))));
    assert_eq!(browsed.layer(2, "data").await, ["+later"]);
}

#[actix_web::test]
async fn a_removed_folder_takes_with_it_what_was_in_it() {
    let base = tar(&[File("opt/app/bin/x", b"1"), File("opt/keep", b"2")]);
    let gone = tar(&[File("opt/.wh.app", b"")]);
    let back = tar(&[File("opt/app/bin/y", b"3")]);
    let browsed = Browsed::new(&[base, gone, back]).await;

    assert_eq!(browsed.image(1, "opt").await, ["keep@0"]);
    assert!(browsed.image_page(1, "opt/app/bin", "", 10).await.is_err());
    assert_eq!(browsed.image(2, "opt/app/bin").await, ["y@2"]);
    assert_eq!(browsed.layer(2, "opt/app/bin").await, ["+y"]);
    assert!(browsed.text("opt/app/bin/x").await.is_err());
    assert_eq!(browsed.layer(1, "opt").await, ["-app"]);
}

#[actix_web::test]
async fn a_file_in_place_of_a_folder_hides_it() {
    let base = tar(&[File("x/inside", b"1")]);
    let file = tar(&[File("x", b"now a file")]);
    let folder = tar(&[File("x/again", b"2")]);
    let browsed = Browsed::new(&[base, file, folder]).await;

    assert!(browsed.image_page(1, "x", "", 10).await.is_err());
    assert_eq!(browsed.layer(1, "").await, ["~x"]);
    assert_eq!(browsed.image(2, "x").await, ["again@2"]);
}

#[actix_web::test]
async fn a_removed_and_remade_folder_in_one_layer_starts_empty() {
    let base = tar(&[File("d/old", b"1")]);
    // Both orders occur.
    let first = tar(&[File(".wh.d", b""), Folder("d"), File("d/new", b"2")]);
    let last = tar(&[Folder("d"), File("d/newer", b"3"), File(".wh.d", b"")]);
    let browsed = Browsed::new(&[base, first, last]).await;

    assert_eq!(browsed.image(1, "d").await, ["new@1"]);
    assert_eq!(browsed.image(2, "d").await, ["newer@2"]);
    assert_eq!(browsed.layer(1, "d").await, ["+new", "-old"]);
}

#[actix_web::test]
async fn the_same_layer_may_be_there_twice() {
    let (base, gone) = (tar(&[File("a", b"1")]), tar(&[File(".wh.a", b"")]));
    let browsed = Browsed::new(&[base.clone(), gone, base]).await;

    assert_eq!(browsed.image(0, "").await, ["a@0"]);
    assert_eq!(browsed.image(1, "").await, Vec::<String>::new());
    assert_eq!(browsed.image(2, "").await, ["a@2"]);
    assert_eq!(browsed.layer(2, "").await, ["+a"]);
    assert_eq!(browsed.layer(1, "").await, ["-a"]);
}

#[actix_web::test]
async fn folders_are_shown_page_by_page() {
    let names = |from: usize| (0..40).map(move |number| format!("d/f{:03}", number * 2 + from)).collect::<Vec<_>>();
    let (even, odd) = (names(0), names(1));
    let files = |names: &[String]| tar(&names.iter().map(|name| File(name, b"x")).collect::<Vec<_>>());
    let gone = tar(&[File("d/.wh.f010", b""), File("d/.wh.f011", b"")]);
    let browsed = Browsed::new(&[files(&even), files(&odd), gone]).await;

    let (mut seen, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = browsed.image_page(2, "d", &after, 7).await.unwrap();
        assert!(page.entries.len() <= 7);
        seen.extend(page.entries.into_iter().map(|entry| entry.name));
        pages += 1;
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }

    let mut expected: Vec<String> = (0..80).map(|number| format!("f{number:03}")).collect();
    expected.retain(|name| name != "f010" && name != "f011");
    assert_eq!((seen, pages), (expected, 12));
}

#[actix_web::test]
async fn a_layer_that_cannot_be_read_says_why() {
    let cut = gzip(&tar(&[File("a", &[1; 100_000])]));
    let layers = [b"no archive".repeat(100), cut[..cut.len() / 2].to_vec()];
    let browsed = Browsed::with(&[], &layers).await;
    let files = &browsed.app.services.layer_files;
    assert_eq!(files.states(&browsed.repository, &browsed.layers).await.unwrap(), vec![LayerState::NotIndexed; 2]);

    let states = browsed.index().await;

    assert_eq!(states[0], LayerState::Failed("it is no tar archive".into()));
    assert!(matches!(&states[1], LayerState::Failed(_)), "{states:?}");
    assert!(matches!(browsed.image_page(0, "", "", 10).await, Err(domain::Error::Refused(_))));
    // Reading costs minutes at worst: whoever asks again at once hears the same.
    let again = async || files.request(&browsed.repository, &browsed.layers[..1]).await.unwrap();
    assert_eq!(again().await, states[..1]);
    browsed.app.clock.advance(Duration::from_secs(15 * 60 + 1));
    assert_eq!(again().await, [LayerState::Queued]);
}

#[actix_web::test]
async fn bounds_are_kept_and_leave_nothing_behind() {
    let bomb = gzip(&tar(&[File("zeros", &vec![0; 3_000_000])]));
    let many = (0..1500).map(|number| format!("f{number}")).collect::<Vec<_>>();
    let many = tar(&many.iter().map(|name| File(name, b"")).collect::<Vec<_>>());
    let large = tar(&[File("large", &vec![7; 1_500_000])]);
    let settings =
        [("layer_files.unpacked_size", "2MiB"), ("layer_files.entries", "1000"), ("layer_files.size", "1MiB")];
    // Folders without entries of their own are rows, too.
    let deep = (0..30).map(|number| format!("{number}/{}f", "d/".repeat(60))).collect::<Vec<_>>();
    let deep = gzip(&tar(&deep.iter().map(|name| File(name, b"")).collect::<Vec<_>>()));
    let long = (0..600).map(|number| format!("{number}{}", "x".repeat(200))).collect::<Vec<_>>();
    let target = "t".repeat(800);
    let links = gzip(&tar(&long.iter().map(|name| Link(name, &target)).collect::<Vec<_>>()));
    let browsed = Browsed::with(&settings, &[bomb, many, large, deep, links]).await;

    let states = browsed.index().await;

    let reasons = ["unpacks to more than", "more than 1000 files", "are read", "more than 1000 files", "paths have"];
    for (state, reason) in states.iter().zip(reasons) {
        assert!(matches!(state, LayerState::TooLarge(why) if why.contains(reason)), "{state:?}");
    }
    assert_eq!((states.len(), rows(&browsed.app).await), (reasons.len(), 0));
}

#[actix_web::test]
async fn names_that_lead_elsewhere_are_counted_and_left_out() {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..9].copy_from_slice(b"../../etc");
    header.set_size(0);
    header.set_cksum();
    let evil = [header.as_bytes().to_vec(), tar(&[File("good", b"g")])].concat();
    let browsed = Browsed::with(&[], &[evil]).await;

    assert_eq!(browsed.index().await, [LayerState::Ready { entries: 1, skipped: 1 }]);
    assert_eq!(browsed.image(0, "").await, ["good@0"]);
}

#[actix_web::test]
async fn a_layer_is_looked_into_only_where_it_may_be_read() {
    let browsed = Browsed::new(&[tar(&[File("secret", b"s")])]).await;
    let app = &browsed.app;
    app.repository("acme/other", "public").await;
    let other = reading(app, &app.anonymous(), "acme/other").await;
    let files = &app.services.layer_files;

    let states = files.request(&other, &browsed.layers).await.unwrap();

    assert_eq!(states, [LayerState::NotIndexed]);
    let listing = files.image_folder(&other, browsed.view(0), path(""), String::new(), 10).await;
    assert!(matches!(listing, Err(domain::Error::Refused(_))));
    assert!(files.preview(&other, browsed.view(0), path("secret")).await.is_err());
}

#[actix_web::test]
async fn long_and_binary_files_are_shown_as_such() {
    let long = "é".repeat(200_000);
    let browsed = Browsed::new(&[tar(&[
        File("long", long.as_bytes()),
        File("binary", b"\x7fELF\0"),
        Folder("folder"),
        Link("l", "long"),
    ])])
    .await;

    let PreviewText::Text { text, is_cut } = browsed.text("long").await.unwrap() else { panic!("it is text") };
    assert!(is_cut && text.len() == 256 * 1024 && long.starts_with(&text));
    assert_eq!(browsed.text("binary").await.unwrap(), PreviewText::Binary);
    assert_eq!(browsed.bytes("long").await, long.as_bytes());
    for no_file in ["folder", "l"] {
        assert!(matches!(browsed.text(no_file).await, Err(domain::Error::Refused(_))), "{no_file}");
    }
    assert!(matches!(browsed.text("nothing").await, Err(domain::Error::NotFound(_))));
}

#[actix_web::test]
async fn what_is_stopped_is_begun_again_when_asked_for() {
    let browsed = Browsed::with(&[], &[tar(&[File("a", b"1")])]).await;
    let files = &browsed.app.services.layer_files;
    files.request(&browsed.repository, &browsed.layers).await.unwrap();
    files.stop();

    files.work().await;

    assert_eq!(files.states(&browsed.repository, &browsed.layers).await.unwrap(), [LayerState::Queued]);
    let browsed = Browsed { app: browsed.app.restart().await, ..browsed };
    assert!(matches!(browsed.index().await[..], [LayerState::Ready { entries: 1, .. }]));
}

#[actix_web::test]
async fn what_another_process_reads_is_left_to_it_until_it_is_silent() {
    let browsed = Browsed::with(&[], &[tar(&[File("a", b"1")])]).await;
    let now = domain::time::Clock::now(&*browsed.app.clock).0;
    let row = format!(
        "INSERT INTO layer_indexes (digest, state, read_bytes, total_bytes, updated_at) \
         VALUES ('{}', 'indexing', 3, 9, {now})",
        browsed.layers[0]
    );
    browsed.app.sql(row).await;

    assert_eq!(browsed.index().await, [LayerState::Indexing { read: 3, total: 9 }]);
    browsed.app.clock.advance(Duration::from_secs(61));
    assert!(matches!(browsed.index().await[..], [LayerState::Ready { .. }]));
}

#[actix_web::test]
async fn lists_of_layers_that_are_gone_are_forgotten() {
    let browsed = Browsed::new(&[tar(&[File("a", b"1")]), tar(&[File("b", b"2")])]).await;
    let app = &browsed.app;
    let forget = || pierhead::jobs::forget_layer_files(Arc::clone(&app.services));
    app.clock.advance(Duration::from_secs(3600));
    forget().await.unwrap();
    assert_eq!(rows(app).await, 2);

    let owner = app.actor("acme-owner", crate::support::PASSWORD);
    app.oci(&owner).delete(&format!("/v2/acme/web/blobs/{}", browsed.layers[0])).await.is(202);
    forget().await.unwrap();

    assert_eq!(rows(app).await, 1);
    assert_eq!(
        browsed.app.services.layer_files.states(&browsed.repository, &browsed.layers).await.unwrap()[0],
        LayerState::NotIndexed
    );
}

/// How many entries are known.
async fn rows(app: &TestApp) -> i64 {
    use diesel::prelude::*;
    use domain::db::schema::layer_entries::dsl::layer_entries;
    let count = app.services.db.read(|conn| Ok(layer_entries.count().get_result::<i64>(conn)?));
    count.await.unwrap()
}
