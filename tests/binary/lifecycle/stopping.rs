//! SIGTERM.

use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use reqwest::Method;

use crate::client::{Client, digest_of, send};
use crate::raw::{Connection, admin_head, kept_head, say};
use crate::server::{Installation, Server};

/// Begins an upload and sends half of a request's body.
async fn half_sent(server: &Server, method: &str, query: &str, whole: &[u8]) -> (String, Connection) {
    let upload = Client::admin(&server.url()).begin_upload("admin/app").await;
    let connection = Connection::open(server.address());
    let length = whole.len().to_string();
    connection.send(&admin_head(method, &format!("{upload}{query}"), &[("Content-Length", &length)]));
    connection.send(&whole[..whole.len() / 2]);
    thread::sleep(Duration::from_millis(200));
    (upload, connection)
}

#[tokio::test]
async fn uploads_in_flight_are_finished_before_the_end() {
    let installation = Installation::new().with("PIERHEAD_SERVER__SHUTDOWN_GRACE", "10s");
    let mut server = installation.start();
    let whole = vec![4; 1_000_000];
    let (upload, chunk) = half_sent(&server, "PATCH", "", &whole).await;
    let (_, last) = half_sent(&server, "PUT", &format!("?digest={}", digest_of(&whole)), &whole).await;

    server.ask_to_stop();
    thread::sleep(Duration::from_millis(700));
    assert!(TcpStream::connect(server.address()).is_err(), "a server that stops takes nobody new");
    chunk.send(&whole[whole.len() / 2..]);
    last.send(&whole[whole.len() / 2..]);

    chunk.listen(Duration::from_secs(5)).is(202);
    last.listen(Duration::from_secs(5)).is(201);
    assert_eq!(server.wait_for_end(Duration::from_secs(8)).code(), Some(0));
    let server = installation.start();
    let client = Client::admin(&server.url());
    send(client.request(Method::PUT, &format!("{upload}?digest={}", digest_of(&whole)))).await.unwrap().is(201);
    assert!(client.get(&format!("/v2/admin/app/blobs/{}", digest_of(&whole))).await.is(200).body == whole);
    server.is_well();
}

#[tokio::test]
async fn a_client_that_never_finishes_delays_the_end_by_the_grace_only() {
    let installation = Installation::new().with("PIERHEAD_SERVER__SHUTDOWN_GRACE", "2s");
    let mut server = installation.start();
    let whole = vec![4; 1_000_000];
    let (upload, _stuck) = half_sent(&server, "PATCH", "", &whole).await;

    let started = Instant::now();
    server.ask_to_stop();
    let status = server.wait_for_end(Duration::from_secs(15));

    assert_eq!(status.code(), Some(0));
    let took = started.elapsed();
    assert!((Duration::from_millis(1_500)..Duration::from_secs(5)).contains(&took), "{took:?}");
    let server = installation.start();
    let status = say(server.address(), admin_head("GET", &upload, &[]));
    assert!(matches!(status.status(), Some(204)), "the upload can be gone on with: {}", status.text());
    server.is_well();
}

#[test]
fn idle_connections_do_not_delay_the_end() {
    let installation = Installation::new();
    let mut server = installation.start();
    let idle = Connection::open(server.address());
    idle.say(kept_head("GET", "/health/live", &[])).is(200);
    let _silent = Connection::open(server.address());
    thread::sleep(Duration::from_millis(200));

    let started = Instant::now();
    server.ask_to_stop();

    assert_eq!(server.wait_for_end(Duration::from_secs(40)).code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let installation = Installation::new();
    let mut server = installation.start();
    let (_, _stuck) = half_sent(&server, "PATCH", "", &[1; 1_000]).await;

    server.ask_to_stop();
    thread::sleep(Duration::from_millis(500));
    server.ask_to_stop();

    assert_eq!(server.wait_for_end(Duration::from_secs(3)).code(), Some(130));
}
