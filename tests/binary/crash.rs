//! What a process that dies at any moment leaves behind.
//!
//! Workers push while the server is killed and started again. Each keeps a journal of what it asked for and what it was
//! told; in the end the journals are held against what the registry has.

mod journal;
mod pusher;
mod verdict;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::Method;

use self::pusher::Pusher;
use crate::client::{Client, digest_of, send};
use crate::randomness::Randomness;
use crate::server::{Installation, Server};

const REPOSITORIES: [&str; 4] = ["admin/crash-a", "admin/crash-b", "admin/crash-c", "admin/crash-d"];
const WORKERS: usize = 8;
const KILLS: usize = 14;
/// Fewer would say little. A machine that is busy with other things still does many more.
const LEAST_PUSHES: usize = 300;

#[tokio::test]
async fn whatever_was_acknowledged_survives_being_killed_at_any_moment() {
    let mut randomness = Randomness::of_this_run();
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &REPOSITORIES).await;

    let journals = push_while_killing(&installation, server, &client, &mut randomness).await;

    let (server, client) = (installation.start(), client.again());
    let told: usize = journals.iter().map(journal::Journal::acknowledged).sum();
    assert!(told >= LEAST_PUSHES, "only {told} pushes were acknowledged");
    let resumed = verdict::resume_interrupted(&client, &journals).await;
    let seen = verdict::hold_against(&client, &journals, &resumed).await;
    verdict::every_stored_file_is_what_its_name_says(&installation.storage());
    server.is_well();
    eprintln!("{told} pushes acknowledged, {} uploads resumed, {seen}", resumed.len());
}

/// Lets the workers push while the server dies again and again; it is down afterwards.
async fn push_while_killing(
    installation: &Installation,
    server: Server,
    client: &Client,
    randomness: &mut Randomness,
) -> Vec<journal::Journal> {
    let done = AtomicBool::new(false);
    let mut chance = randomness.fork();
    let client = client.again();
    let pushers: Vec<Pusher> =
        (0..WORKERS).map(|number| Pusher::new(number, client.clone(), randomness.fork())).collect();
    let mut journals = Vec::new();
    thread::scope(|scope| {
        let done = &done;
        let tormentor = scope.spawn(move || {
            let _at_the_end = SetAtTheEnd(done);
            torment(installation, server, &mut chance);
        });
        // The runtime of the test is busy with this very future: the workers get one of their own.
        let workers = scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(futures_util::future::join_all(pushers.into_iter().map(|pusher| pusher.push_until(done))))
        });
        tormentor.join().expect("the server starts again after each kill");
        journals = workers.join().unwrap();
    });
    journals
}

struct SetAtTheEnd<'f>(&'f AtomicBool);

impl Drop for SetAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Kills and starts; now and then kills while starting.
fn torment(installation: &Installation, mut server: Server, chance: &mut Randomness) {
    for _ in 0..KILLS {
        thread::sleep(Duration::from_millis(300 + chance.below(1_500) as u64));
        server.kill();
        if chance.one_in(3) {
            let early = installation.start_unready();
            thread::sleep(Duration::from_millis(chance.below(250) as u64));
            early.kill();
        }
        server = installation.start();
    }
    thread::sleep(Duration::from_millis(500));
    server.kill();
}

#[tokio::test]
async fn what_killed_pushes_leave_behind_is_swept_and_what_goes_on_is_not() {
    let installation = Installation::new().with("PIERHEAD_LIMITS__UPLOAD_LIFETIME", "1m");
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/left"]).await;
    let began = Instant::now();
    let abandoned = client.begin_upload("admin/left").await;
    append(&client, &abandoned, 0, &[1; 100_000]).await;
    let cut_whole =
        start_body(&client, Method::POST, &format!("/v2/admin/left/blobs/uploads/?digest={}", digest_of(b"x")));
    let cut_chunk = start_body(&client, Method::PATCH, &abandoned);
    let alive = client.begin_upload("admin/left").await;
    append(&client, &alive, 0, &[2; 50_000]).await;
    wait_for_files(&installation.storage(), 3).await;
    server.kill();
    assert!(cut_whole.await.unwrap().is_err() && cut_chunk.await.unwrap().is_err());
    let server = installation.start();
    assert_eq!(uploads(&installation.storage()), 3, "the killed process left its files");

    tokio::time::sleep(Duration::from_secs(30)).await;
    append(&client, &alive, 50_000, &[2; 50_000]).await;
    let left = loop {
        let left = uploads(&installation.storage());
        if left <= 1 || began.elapsed() > Duration::from_secs(75) {
            break left;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };

    assert_eq!(left, 1, "only the upload that goes on is kept");
    client.get(&abandoned).await.is(404);
    let whole = [2; 100_000];
    let finish = format!("{alive}?digest={}", digest_of(&whole));
    send(client.request(Method::PUT, &finish)).await.unwrap().is(201);
    assert_eq!(uploads(&installation.storage()), 0);
    server.is_well();
}

async fn append(client: &Client, upload: &str, start: usize, bytes: &[u8]) {
    let range = format!("{start}-{}", start + bytes.len() - 1);
    let request = client.request(Method::PATCH, upload).header("Content-Range", range);
    send(request.body(bytes.to_vec())).await.unwrap().is(202);
}

/// Sends a megabyte of a body that never ends.
fn start_body(client: &Client, method: Method, path: &str) -> tokio::task::JoinHandle<Result<(), reqwest::Error>> {
    use futures_util::StreamExt;
    let some = futures_util::stream::iter([Ok::<_, std::io::Error>(vec![7u8; 1 << 20])]);
    let body = reqwest::Body::wrap_stream(some.chain(futures_util::stream::pending()));
    let request = client.request(method, path).body(body);
    tokio::spawn(async move { send(request).await.map(|_| ()) })
}

/// Waits until so many uploads have bytes on disk.
async fn wait_for_files(storage: &Path, wanted: usize) {
    for _ in 0..250 {
        if uploads(storage) == wanted {
            // The last batch may be on its way still.
            return tokio::time::sleep(Duration::from_millis(200)).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} uploads have files, not {wanted}", uploads(storage));
}

fn uploads(storage: &Path) -> usize {
    fs::read_dir(storage.join("uploads")).unwrap().filter(|entry| is_upload(entry.as_ref().unwrap())).count()
}

/// The readiness probe writes there too.
fn is_upload(entry: &fs::DirEntry) -> bool {
    !entry.file_name().to_string_lossy().starts_with('.')
}
