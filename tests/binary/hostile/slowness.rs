//! Clients that take their time.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::MANIFEST;
use crate::raw::{Connection, admin_head, say};
use crate::server::{Installation, Server};

fn impatient() -> Installation {
    Installation::new().with("PIERHEAD_SERVER__REQUEST_TIMEOUT", "1s").with("PIERHEAD_SERVER__IDLE_TIMEOUT", "1s")
}

/// Sends a header line every now and then; how long the server put up with it.
fn drip_head(connection: &Connection) -> Duration {
    let started = Instant::now();
    connection.send(b"GET /v2/ HTTP/1.1\r\nHost: a\r\n");
    while connection.send(b"X-Slow: 1\r\n") && started.elapsed() < Duration::from_secs(8) {
        if connection.listen(Duration::from_millis(1)).closed {
            break;
        }
    }
    started.elapsed()
}

#[test]
fn a_head_that_never_ends_is_cut_off() {
    let installation = impatient();
    let server = installation.start();

    let took = drip_head(&Connection::open(server.address()));

    assert!(took < Duration::from_secs(4), "{took:?}");
    server.is_well();
}

#[test]
fn a_body_that_stops_ends_the_request_and_keeps_what_came() {
    let installation = impatient();
    let server = installation.start();
    let upload = begin_upload(&server);
    let connection = Connection::open(server.address());
    connection.send(&admin_head("PATCH", &upload, &[("Content-Length", "1000")]));
    connection.send(&[7; 500]);

    let heard = connection.listen(Duration::from_secs(5));

    heard.is_refused();
    assert!(heard.waited < Duration::from_secs(3), "{:?}", heard.waited);
    let status = say(server.address(), admin_head("GET", &upload, &[]));
    status.is(204);
    assert!(status.text().contains("range: 0-499"), "{}", status.text());
    let rest = [("Content-Length", "500"), ("Content-Range", "500-999")];
    say(server.address(), [admin_head("PATCH", &upload, &rest), vec![7; 500]].concat()).is(202);
    server.is_well();
}

#[test]
fn a_body_that_comes_slowly_but_steadily_is_taken() {
    let installation = impatient();
    let server = installation.start();
    let upload = begin_upload(&server);
    let connection = Connection::open(server.address());
    connection.send(&admin_head("PATCH", &upload, &[("Content-Length", "5")]));

    for byte in b"hello" {
        thread::sleep(Duration::from_millis(400));
        connection.send(&[*byte]);
    }

    connection.listen(Duration::from_secs(5)).is(202);
    server.is_well();
}

/// Sends the first byte of a body to each and returns those that are not answered in three seconds.
fn patient<'p>(server: &Server, operations: &[(&str, &'p str, &str)]) -> Vec<&'p str> {
    let start = |(method, path, kind): &(&str, &'p str, &str)| {
        let connection = Connection::open(server.address());
        connection.send(&admin_head(method, path, &[("Content-Type", kind), ("Content-Length", "100")]));
        connection.send(b"{");
        (*path, connection)
    };
    let waiting: Vec<(&str, Connection)> = operations.iter().map(start).collect();
    let unanswered = |(path, connection): &(&'p str, Connection)| {
        let heard = connection.listen(Duration::from_secs(3));
        (!heard.closed && heard.bytes.is_empty()).then_some(*path)
    };
    waiting.iter().filter_map(unanswered).collect()
}

const EMPTY_BLOB: &str = "/v2/admin/app/blobs/uploads/?digest=\
    sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

#[test]
fn no_push_waits_for_a_body_for_ever() {
    let installation = impatient();
    let server = installation.start();

    let unanswered = patient(&server, &[("POST", EMPTY_BLOB, JSON), ("PUT", "/v2/admin/app/manifests/v1", MANIFEST)]);

    assert!(unanswered.is_empty(), "these wait for ever: {unanswered:?}");
    server.is_well();
}

#[test]
fn no_form_waits_for_a_body_for_ever() {
    let installation = impatient();
    let server = installation.start();

    let unanswered = patient(
        &server,
        &[
            ("POST", "/v2/auth", FORM),
            ("POST", "/api/v1/repository", JSON),
            ("POST", "/api/v1/organization/", JSON),
            ("POST", "/api/v1/user/initialize", JSON),
            ("POST", "/setup", FORM),
        ],
    );

    assert!(unanswered.is_empty(), "these wait for ever: {unanswered:?}");
    server.is_well();
}

pub fn begin_upload(server: &Server) -> String {
    let heard = say(server.address(), admin_head("POST", "/v2/admin/app/blobs/uploads/", &[("Content-Length", "0")]));
    heard.is(202);
    let text = heard.text();
    let location = text.lines().find_map(|line| line.strip_prefix("location: ")).expect("a location");
    location.trim().to_string()
}
