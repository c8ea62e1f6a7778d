//! Two processes on one PostgreSQL, one storage folder and one key.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;

use crate::client::{Client, digest_of, send};
use crate::database::is_postgres;
use crate::image;
use crate::server::{Installation, Server};

/// What one replica does is seen by the other in this time.
const SOON: Duration = Duration::from_secs(3);

fn replicas() -> (Installation, Installation) {
    let first = Installation::new();
    let second = Installation::on(first.database.clone());
    let (key, storage) = (STANDARD.encode([3; 32]), format!("file:{}", first.storage().display()));
    let shared = |replica: Installation| {
        replica
            .with("PIERHEAD_SECRET_KEY", &key)
            .with("PIERHEAD_STORAGE_URL", &storage)
            .with("PIERHEAD_EXTERNAL_URL", "http://registry.test")
    };
    (shared(first), shared(second))
}

/// Asks until the status is right; how long it took.
async fn wait_for(client: &Client, path: &str, status: u16) {
    let started = Instant::now();
    loop {
        let answer = client.get(path).await;
        if answer.status == status {
            return;
        }
        assert!(started.elapsed() < SOON, "{path} is still {}: {}", answer.status, answer.text());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn replicas_share_tokens_content_and_decisions() {
    if !is_postgres() {
        eprintln!("replicas need PostgreSQL");
        return;
    }
    let (first, second) = replicas();
    let (one, two) = (first.start(), second.start());
    let here = Client::admin_of(&one.url(), &["admin/app"]).await;
    let there = here.at(&two.url());

    there.get("/v2/").await.is(200);
    there.get("/v2/admin/app/manifests/v1").await.is(404);
    let pushed = image::push(&here, "admin/app", "v1", &[8; 200_000]).await;
    wait_for(&there, "/v2/admin/app/manifests/v1", 200).await;
    image::pull(&there, "admin/app", "v1", &pushed).await;
    let moved = image::push(&there, "admin/app", "v1", &[9; 200_000]).await;
    let began = Instant::now();
    while digest_of(&here.get("/v2/admin/app/manifests/v1").await.is(200).body) != moved.1 {
        assert!(began.elapsed() < SOON, "the tag has not moved");
    }
    continue_elsewhere(&here, &there).await;
    disable_everywhere(&first, &one, &two).await;

    one.is_well();
    two.is_well();
}

/// An upload begun at one replica goes on at the other.
async fn continue_elsewhere(here: &Client, there: &Client) {
    let whole = vec![6; 600_000];
    let upload = here.begin_upload("admin/app").await;
    let path = upload.rsplit_once("/v2").map(|(_, rest)| format!("/v2{rest}")).unwrap();
    for (client, part) in [(here, &whole[..200_000]), (there, &whole[200_000..400_000]), (here, &whole[400_000..])] {
        send(client.request(Method::PATCH, &path).body(part.to_vec())).await.unwrap().is(202);
    }
    let finish = format!("{path}?digest={}", digest_of(&whole));
    send(there.request(Method::PUT, &finish)).await.unwrap().is(201);
    assert!(here.get(&format!("/v2/admin/app/blobs/{}", digest_of(&whole))).await.is(200).body == whole);
}

async fn disable_everywhere(first: &Installation, one: &Server, two: &Server) {
    assert!(first.run(&["user", "create", "amara"], "some-password").status.success());
    let by_password = Client::anonymous(&one.url()).with_password("amara", "some-password");
    let token = by_password.token(&["amara/app"]).await;
    let by_token = Client::anonymous(&one.url()).with_token(&token);
    image::push(&by_token, "amara/app", "v1", b"hers").await;
    for server in [one, two] {
        by_password.at(&server.url()).get("/v2/amara/app/tags/list").await.is(200);
        by_token.at(&server.url()).get("/v2/amara/app/manifests/v1").await.is(200);
    }

    first.database.execute("UPDATE users SET enabled = false WHERE name = 'amara'");

    for server in [one, two] {
        wait_for(&by_token.at(&server.url()), "/v2/amara/app/manifests/v1", 401).await;
        wait_for(&by_password.at(&server.url()), "/v2/amara/app/tags/list", 401).await;
        by_password.at(&server.url()).get("/v2/auth?service=x&scope=repository:amara/app:pull").await.is(401);
    }
}

#[tokio::test]
async fn replicas_that_start_together_migrate_once_and_make_one_administrator() {
    if !is_postgres() {
        eprintln!("replicas need PostgreSQL");
        return;
    }
    let (first, second) = replicas();
    let admin = ["PIERHEAD_ADMIN_USERNAME", "PIERHEAD_ADMIN_PASSWORD", "PIERHEAD_ADMIN_EMAIL"];
    let values = ["admin", "correct-horse-battery-staple", "admin@example.com"];
    let second = admin.iter().zip(values).fold(second, |second, (name, value)| second.with(name, value));

    let (mut one, mut two) = (first.start_unready(), second.start_unready());
    one.wait_until_ready();
    two.wait_until_ready();

    assert_eq!(first.run(&["user", "list"], "").standard.lines().count(), 1);
    for server in [&one, &two] {
        Client::admin(&server.url()).get("/v2/").await.is(200);
        server.is_well();
    }
}

/// Every replica probes the shared storage folder; their probes must not be in each other's way.
#[test]
fn replicas_do_not_disturb_each_others_readiness() {
    if !is_postgres() {
        eprintln!("replicas need PostgreSQL");
        return;
    }
    let (first, second) = replicas();
    let (one, two) = (first.start(), second.start());

    let unready: usize = std::thread::scope(|scope| {
        let (here, there) = (scope.spawn(|| failed_probes(&one)), scope.spawn(|| failed_probes(&two)));
        here.join().unwrap() + there.join().unwrap()
    });

    assert_eq!(unready, 0, "probes failed although everything works");
}

/// Asks for the readiness during six seconds; a verdict is kept for two.
fn failed_probes(server: &Server) -> usize {
    let asked = (0..60).map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        server.status_of("/health/ready")
    });
    asked.filter(|status| *status != Some(200)).count()
}
