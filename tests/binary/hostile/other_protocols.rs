//! What is not HTTP/1 at all.

use std::time::Duration;

use crate::raw::{Connection, say};
use crate::server::Installation;

/// `docker manifest inspect --insecure` and containerd try TLS first and fall back on such an answer.
#[test]
fn a_tls_client_on_the_plain_port_is_told_at_once() {
    let installation = Installation::new();
    let server = installation.start();

    let heard = say(server.address(), client_hello());

    assert!(heard.waited < Duration::from_secs(1), "{:?}", heard.waited);
    match heard.status() {
        Some(status) => assert_eq!(status, 400),
        None => assert!(heard.closed && heard.bytes.is_empty(), "{:?}", heard.bytes),
    }
    server.is_well();
}

#[test]
fn http_2_without_negotiation_does_not_hang() {
    let installation = Installation::new();
    let server = installation.start();
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    let heard = say(server.address(), [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings].concat());

    assert!(heard.closed || !heard.bytes.is_empty(), "no answer and no end");
    assert!(heard.waited < Duration::from_secs(1), "{:?}", heard.waited);
    server.is_well();
}

#[test]
fn an_upgrade_is_not_taken_up() {
    let installation = Installation::new();
    let server = installation.start();
    let upgrade = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
        HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n";

    say(server.address(), &upgrade[..]).is(200);

    server.is_well();
}

#[test]
fn connections_that_say_nothing_or_leave_cost_nothing() {
    let installation = Installation::new();
    let server = installation.start();

    let silent: Vec<Connection> = (0..300).map(|_| Connection::open(server.address())).collect();
    for _ in 0..300 {
        Connection::open(server.address()).send(b"GET /v2/ HT");
    }
    assert_eq!(server.status_of("/health/live"), Some(200));
    drop(silent);

    server.is_well();
}

/// A TLS 1.2 greeting as a client library sends it, without extensions.
fn client_hello() -> Vec<u8> {
    let mut hello = vec![0x03, 0x03];
    hello.extend([0x5a; 32]);
    hello.extend([0, 0, 4, 0x13, 0x01, 0xc0, 0x2f, 1, 0]);
    let length = hello.len() as u8;
    [&[0x16, 0x03, 0x01, 0, length + 4, 1, 0, 0, length][..], &hello].concat()
}
