//! Disks that vanish, fill up or become read-only.
//!
//! Needs root, to mount small file systems; without it the tests fail and say so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::Method;

use crate::client::{Answer, Client, MANIFEST, send};
use crate::database::is_postgres;
use crate::image::{self, Piece};
use crate::server::{ADMIN, Installation, Server};

const REPOSITORY: &str = "admin/app";

/// A file system in memory, of so many bytes; unmounted when dropped.
struct Mount(PathBuf);

impl Mount {
    fn at(path: PathBuf, size: &str) -> Mount {
        fs::create_dir_all(&path).unwrap();
        run("mount", &["-t", "tmpfs", "-o", &format!("size={size},mode=700"), "tmpfs", path.to_str().unwrap()]);
        Mount(path)
    }

    /// `ro` or `rw`.
    fn remount(&self, how: &str) {
        run("mount", &["-o", &format!("remount,{how}"), self.0.to_str().unwrap()]);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// The mount is dropped, and so unmounted, before the folder it is in.
fn with_store_on_its_own_disk(size: &str) -> (Installation, Mount) {
    let installation = Installation::new();
    let disk = installation.beside("disk");
    (installation.with("PIERHEAD_STORAGE_URL", format!("file:{}", disk.display())), Mount::at(disk, size))
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "these tests mount file systems, which needs root: {program} {arguments:?}: {said}"
    );
}

/// A push or pull that the disk does not allow: a clear answer that tells nothing about the machine.
#[track_caller]
fn is_unavailable(answer: &Answer) {
    assert!([503, 507].contains(&answer.status), "{}: {}", answer.status, answer.text());
    assert_eq!(answer.code(), "UNAVAILABLE");
    assert!(!answer.text().contains("/tmp"), "{}", answer.text());
}

/// Waits until the readiness probe says so; it keeps a verdict for two seconds.
fn wait_for_readiness(server: &Server, status: u16) {
    let started = Instant::now();
    while server.status_of("/health/ready") != Some(status) {
        assert!(started.elapsed() < Duration::from_secs(6), "/health/ready is not {status}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[tokio::test]
async fn a_data_folder_that_vanishes_is_unavailable_until_it_is_back() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &[REPOSITORY]).await;
    let before = image::push(&client, REPOSITORY, "before", &[1; 100_000]).await;
    let upload = client.begin_upload(REPOSITORY).await;
    send(client.request(Method::PATCH, &upload).body(vec![2; 1_000])).await.unwrap().is(202);

    for folder in [installation.storage(), installation.data_dir()] {
        let away = installation.beside("away");
        fs::rename(&folder, &away).unwrap();

        is_unavailable(&client.try_push_blob(REPOSITORY, b"while away").await.unwrap());
        is_unavailable(&send(client.request(Method::PATCH, &upload).body("more")).await.unwrap());
        let digest = Piece::of(&[1; 100_000]).digest;
        is_unavailable(&client.get(&format!("/v2/{REPOSITORY}/blobs/{digest}")).await);
        wait_for_readiness(&server, 503);
        assert_eq!(server.status_of("/health/live"), Some(200));
        assert!(!folder.exists(), "an empty store was begun in its place");

        fs::rename(&away, &folder).unwrap();
        wait_for_readiness(&server, 200);
    }

    image::pull(&client, REPOSITORY, "before", &before).await;
    let after = image::push(&client, REPOSITORY, "after", b"back again").await;
    image::pull(&client, REPOSITORY, "after", &after).await;
    let finish = format!("{upload}?digest={}", Piece::of(&[2; 1_000]).digest);
    send(client.request(Method::PUT, &finish)).await.unwrap().is(201);
    server.is_well();
}

#[tokio::test]
async fn a_server_does_not_begin_an_empty_store_where_a_full_one_was() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &[REPOSITORY]).await;
    let before = image::push(&client, REPOSITORY, "before", &[1; 1_000]).await;
    assert!(server.stop().success());
    let away = installation.beside("away");
    fs::rename(installation.storage(), &away).unwrap();

    let mut unmounted = installation.start_unready();
    assert_eq!(unmounted.wait_for_end(Duration::from_secs(20)).code(), Some(1));
    drop(unmounted);
    assert!(installation.output().error().contains("is its disk mounted?"), "{}", installation.output().error());
    assert!(!installation.storage().exists());

    fs::rename(&away, installation.storage()).unwrap();
    let server = installation.start();
    image::pull(&client.again(), REPOSITORY, "before", &before).await;
    server.is_well();
}

#[tokio::test]
async fn a_full_store_refuses_pushes_and_loses_nothing() {
    let (installation, mount) = with_store_on_its_own_disk("8m");
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &[REPOSITORY]).await;
    let before = image::push(&client, REPOSITORY, "before", &[1; 1 << 20]).await;
    let upload = client.begin_upload(REPOSITORY).await;
    send(client.request(Method::PATCH, &upload).body(vec![2; 100_000])).await.unwrap().is(202);
    let filler = mount.0.join("filler");
    fs::write(&filler, vec![0; 3 << 20]).unwrap();

    let refused = push_until_refused(&client).await;
    is_unavailable(&refused);
    is_unavailable(&send(client.request(Method::PATCH, &upload).body(vec![2; 8 << 20])).await.unwrap());
    image::pull(&client, REPOSITORY, "before", &before).await;
    assert_eq!(files_in(&mount.0.join("uploads")), 1, "what was refused left nothing behind but the open upload");
    let status = client.get(&upload).await.is(204);
    assert_eq!(status.header("range"), "0-99999", "only what was acknowledged counts");

    fs::remove_file(&filler).unwrap();
    let rest = client.request(Method::PATCH, &upload).header("Content-Range", "100000-199999");
    send(rest.body(vec![2; 100_000])).await.unwrap().is(202);
    let finish = format!("{upload}?digest={}", Piece::of(&[2; 200_000]).digest);
    send(client.request(Method::PUT, &finish)).await.unwrap().is(201);
    let after = image::push(&client, REPOSITORY, "after", &[3; 500_000]).await;
    image::pull(&client, REPOSITORY, "after", &after).await;
    wait_for_readiness(&server, 200);
    server.is_well();
}

/// Pushes different blobs until one is refused, and insists that those before it are there.
async fn push_until_refused(client: &Client) -> Answer {
    let mut there: Vec<Vec<u8>> = Vec::new();
    for number in 0..40 {
        let blob = vec![100 + number as u8; 700_000];
        let answer = client.try_push_blob(REPOSITORY, &blob).await.unwrap();
        if answer.status != 201 {
            for blob in there {
                let digest = Piece::of(&blob).digest;
                assert!(client.get(&format!("/v2/{REPOSITORY}/blobs/{digest}")).await.is(200).body == blob);
            }
            return answer;
        }
        there.push(blob);
    }
    panic!("the disk is never full");
}

fn files_in(folder: &Path) -> usize {
    fs::read_dir(folder)
        .unwrap()
        .filter(|entry| !entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'))
        .count()
}

#[tokio::test]
async fn a_full_disk_under_everything_damages_nothing() {
    let installation = Installation::new();
    let mount = Mount::at(installation.data_dir(), "16m");
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &[REPOSITORY]).await;
    let before = image::push(&client, REPOSITORY, "before", &[1; 1 << 20]).await;
    let filler = mount.0.join("filler");
    fill(&filler);

    is_unavailable(&client.try_push_blob(REPOSITORY, &[9; 3 << 20]).await.unwrap());
    let mut acknowledged = Vec::new();
    for number in 0..30 {
        // Rows may still fit into pages that the database has already.
        let manifest = image::manifest(&Piece::of(b"{}"), &[], &format!("{number} {}", "x".repeat(200_000)));
        let answer = client.try_push_manifest(REPOSITORY, "moving", MANIFEST, &manifest).await.unwrap();
        if answer.status == 201 { acknowledged.push(manifest) } else { is_unavailable(&answer) }
    }
    assert!(acknowledged.len() < 30 || is_postgres(), "the disk was not full");
    image::pull(&client, REPOSITORY, "before", &before).await;

    fs::remove_file(&filler).unwrap();
    let after = image::push(&client, REPOSITORY, "after", &[3; 500_000]).await;
    server.kill();
    let server = installation.start();
    let client = client.again();
    image::pull(&client, REPOSITORY, "before", &before).await;
    image::pull(&client, REPOSITORY, "after", &after).await;
    for manifest in acknowledged {
        let path = format!("/v2/{REPOSITORY}/manifests/{}", Piece::of(&manifest).digest);
        assert!(client.get(&path).await.is(200).body == manifest);
    }
    server.is_well();
    let doctor = installation.run(&["doctor"], "");
    assert!(doctor.status.success(), "{}", doctor.all());
}

/// Writes until nothing fits any more.
fn fill(path: &Path) {
    use std::io::Write;
    let mut file = fs::File::create(path).unwrap();
    for size in [1 << 20, 4096, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

#[tokio::test]
async fn a_store_that_becomes_read_only_still_serves() {
    let (installation, mount) = with_store_on_its_own_disk("32m");
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &[REPOSITORY]).await;
    let before = image::push(&client, REPOSITORY, "before", &[1; 1 << 20]).await;
    let upload = client.begin_upload(REPOSITORY).await;
    send(client.request(Method::PATCH, &upload).body(vec![2; 1_000])).await.unwrap().is(202);
    mount.remount("ro");

    is_unavailable(&client.try_push_blob(REPOSITORY, b"in vain").await.unwrap());
    is_unavailable(&send(client.request(Method::PATCH, &upload).body("in vain")).await.unwrap());
    let finish = format!("{upload}?digest={}", Piece::of(&[2; 1_000]).digest);
    is_unavailable(&send(client.request(Method::PUT, &finish)).await.unwrap());
    image::pull(&client, REPOSITORY, "before", &before).await;
    wait_for_readiness(&server, 503);

    mount.remount("rw");
    send(client.request(Method::PUT, &finish)).await.unwrap().is(201);
    let after = image::push(&client, REPOSITORY, "after", b"at last").await;
    image::pull(&client, REPOSITORY, "after", &after).await;
    wait_for_readiness(&server, 200);
    server.is_well();
}

/// While an SQLite database is open its disk cannot be made read-only, so this is about starting on one.
#[tokio::test]
async fn a_start_on_a_read_only_disk_serves_what_it_can_or_says_why_not() {
    let installation = Installation::new();
    let mount = Mount::at(installation.data_dir(), "32m");
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &[REPOSITORY]).await;
    let before = image::push(&client, REPOSITORY, "before", &[1; 1_000]).await;
    assert!(server.stop().success());
    mount.remount("ro");

    if is_postgres() {
        serves_what_it_has(&installation, &client.again(), &before).await;
    } else {
        says_why_it_fails(&installation, &mount.0);
    }
    let doctor = installation.run(&["doctor"], "");
    assert_eq!(doctor.status.code(), Some(1));
    assert!(doctor.standard.contains("FAULT data folder"), "{}", doctor.all());

    mount.remount("rw");
    let server = installation.start();
    image::pull(&client.again(), REPOSITORY, "before", &before).await;
    assert!(installation.run(&["user", "list"], "").standard.contains(ADMIN));
    server.is_well();
}

/// The database is elsewhere and can be written to.
async fn serves_what_it_has(installation: &Installation, client: &Client, before: &(Vec<u8>, String)) {
    let server = installation.start_unready();
    wait_for_readiness(&server, 503);
    image::pull(client, REPOSITORY, "before", before).await;
    is_unavailable(&client.try_push_blob(REPOSITORY, b"in vain").await.unwrap());
}

fn says_why_it_fails(installation: &Installation, folder: &Path) {
    let mut refused = installation.start_unready();
    let status = refused.wait_for_end(Duration::from_secs(20));
    let said = installation.output().error();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains(folder.to_str().unwrap()), "the message names the folder: {said}");
}
